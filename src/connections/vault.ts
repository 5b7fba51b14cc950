// The vault: where a vendor's password, seed or session of a clinic is kept. What goes to the database is sealed; what comes back opens as what it was kept as, or not at all.
import path from 'node:path';
import type { Random } from '../base/random.ts';
import { type Kek, type Kms, type Label, type Sealed, seal, unseal } from '../base/seal.ts';
import type { Secret } from '../base/secret.ts';
import { type Pool, query } from '../db/pool.ts';
import type { Tx } from '../db/tx.ts';
import { type KeyFile, openKeyFile } from './key-file.ts';
import { addKek, type Ground, keksOf, kmsKeysInUse, openKek, refuse, unlessBroken } from './vault-keys.ts';
import { type Rewrapped, rewrapKeks, rotateTenant, tenantsOf } from './vault-rotation.ts';

/** Which secret. It keeps its kind and purpose for life. */
export type Name = Omit<Label, 'version'>;

export interface Vault {
  /** Keeps a value in the place of version `replaces` (0: it is the first), and answers its version. Throws VaultRefusal stale, other, shredded, other_kms, broken, busy. */
  put(secret: Secret, kept: Name & { replaces: number }, tx?: Tx): Promise<number>;
  /** Throws VaultRefusal absent, shredded, broken. */
  open(name: Name, tx?: Tx): Promise<{ secret: Secret; version: number }>;
  /** A new key for a clinic, or the end of a rotation that was cut off. Throws VaultRefusal shredded, other_kms, broken. */
  rotate(tenant_id: string): Promise<Rewrapped>;
  /** Every clinic's keys under the key that the KMS has now. */
  rewrapKeks(): Promise<Rewrapped>;
  /** The clinics that have a key. */
  tenants(): Promise<string[]>;
  /** Ends the keys of a clinic: what it has kept can never be read again, and nothing new is kept. Answers how many secrets that are. Asks no KMS. */
  shred(tenant_id: string): Promise<number>;
}

/** Each turn is lost to another process that changed the clinic's keys meanwhile. */
const MOST_TURNS = 20;

/** `pool` is of app_keeper; a `tx` that is handed in as well: then the value is kept, or read, in that transaction. */
export function openVault({ pool, kms, random }: { pool: Pool; kms: Kms; random: Random }): Vault {
  const alone: Tx = { rows: (sql, values) => query(pool, sql, values) };
  const ground = { alone, kms, random };
  return {
    put: (secret, { replaces, ...name }, tx = alone) => put(ground, tx, secret, { ...name, version: replaces + 1 }),
    open: (name, tx = alone) => open(kms, tx, name),
    rotate: (tenant_id) => rotateTenant(ground, tenant_id),
    rewrapKeks: () => rewrapKeks(ground),
    tenants: () => tenantsOf(ground),
    async shred(tenant_id) {
      const [row] = await alone.rows<{ count: number }>('select app.shred_vault($1) as count', [tenant_id]);
      return row?.count ?? 0;
    },
  };
}

/** The vault of a data folder, under the keys in its file. Throws as openKeyFile does. */
export async function openFolderVault({
  data_folder,
  pool,
  random,
}: {
  data_folder: string;
  pool: Pool;
  random: Random;
}): Promise<{ vault: Vault; key_file: KeyFile }> {
  const key_file = openKeyFile({ file: path.join(data_folder, 'vault-keys'), random, in_use: await kmsKeysInUse(pool) });
  return { vault: openVault({ pool, kms: key_file, random }), key_file };
}

async function put(ground: Ground, tx: Tx, secret: Secret, label: Label): Promise<number> {
  const { tenant_id, secret_id, kind, purpose, version } = label;
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const kek = await newestKek(ground, tx, tenant_id);
    if (!kek) continue;
    const { nonce, ciphertext, wrapped_dek } = seal(secret, label, { kek, random: ground.random });
    const [row] = await tx.rows<{ answer: 'kept' | 'rekeyed' | 'stale' | 'other' | 'shredded' }>(
      'select app.put_secret($1, $2, $3, $4, $5, $6, $7, $8, $9) as answer',
      [tenant_id, secret_id, kind, purpose, version, nonce, ciphertext, wrapped_dek, kek.version],
    );
    if (row?.answer === 'kept') return version;
    if (row && row.answer !== 'rekeyed') refuse(row.answer);
  }
  return refuse('busy');
}

/** The clinic's key under which new values go; where it has none yet, one is made, and nothing answered. */
async function newestKek(ground: Ground, tx: Tx, tenant_id: string): Promise<Kek | undefined> {
  const newest = (await keksOf(tx, tenant_id)).at(-1);
  if (newest) return (await unlessBroken(() => openKek(ground.kms, tenant_id, newest))) ?? refuse('broken');
  await addKek(ground, tx, { tenant_id, version: 1 });
  return undefined;
}

async function open(kms: Kms, tx: Tx, name: Name): Promise<{ secret: Secret; version: number }> {
  const [row] = await tx.rows<Sealed & { version: number; kek_version: number; kms_key_id: string; wrapped_kek: Buffer | null }>(
    'select * from app.read_secret($1, $2)',
    [name.tenant_id, name.secret_id],
  );
  if (!row) return refuse('absent');
  const { version, kek_version, kms_key_id, wrapped_kek: wrapped } = row;
  const unsealed = async () =>
    unseal(row, { ...name, version }, await openKek(kms, name.tenant_id, { version: kek_version, kms_key_id, wrapped }));
  return { secret: (await unlessBroken(unsealed)) ?? refuse('broken'), version };
}
