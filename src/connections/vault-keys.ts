// The keys of a clinic in the vault: each is wrapped by the KMS, and wraps the keys of the clinic's secrets.
import type { Random } from '../base/random.ts';
import { type Context, type Kek, type Kms, keyOf, SealBroken } from '../base/seal.ts';
import { type Pool, query } from '../db/pool.ts';
import type { Tx } from '../db/tx.ts';

/** What the vault stands on. `alone` runs each statement in a transaction of its own, as app_keeper. */
export interface Ground {
  alone: Tx;
  kms: Kms;
  random: Random;
}

const REFUSALS = {
  absent: 'Nothing is kept here yet. Enter it first.',
  stale: 'Another value was kept meanwhile. Open it again, and decide whether this one still takes its place.',
  shredded: 'The vault of this clinic was shredded: nothing of it can be read, and nothing is kept. To begin anew: attending vault forget.',
  broken:
    'What is kept is not what was sealed for this: it was changed or moved. Nothing of it was used. Restore it from a backup, or enter it again.',
  other: 'A secret of another kind or purpose is kept under this id. Use another id.',
  other_kms:
    'Secrets of this database are under a key that this machine does not have. Copy the key file from the machine that has it (docs/vault.md).',
  busy: 'The keys of this clinic change at this moment. Try again.',
} as const;

/** Why the vault did not keep or give something. The message says what to do, and holds nothing of the secret. */
export class VaultRefusal extends Error {
  override readonly name = 'VaultRefusal';
  readonly reason: keyof typeof REFUSALS;

  constructor(reason: keyof typeof REFUSALS) {
    super(REFUSALS[reason]);
    this.reason = reason;
  }
}

/** As it is kept; `wrapped` is null where it was shredded. */
export interface WrappedKek {
  version: number;
  kms_key_id: string;
  wrapped: Buffer | null;
}

/** The keys of the KMS without which something could not be opened. `pool` is of app_keeper. */
export async function kmsKeysInUse(pool: Pool): Promise<string[]> {
  const rows = await query<{ key_id: string }>(pool, 'select app.kms_keys_in_use() as key_id');
  return rows.map(({ key_id }) => key_id);
}

/** The keys of a clinic, oldest first. */
export function keksOf(tx: Tx, tenant_id: string): Promise<WrappedKek[]> {
  return tx.rows<WrappedKek>('select * from app.vault_keys($1)', [tenant_id]);
}

/** Makes the key of that version, unless another process has made it meanwhile. Throws VaultRefusal shredded, other_kms. */
export async function addKek(
  { kms, random }: Ground,
  tx: Tx,
  { tenant_id, version }: { tenant_id: string; version: number },
): Promise<void> {
  const key = random.bytes(32);
  const { key_id, wrapped } = await kms.wrap(key, contextOf(tenant_id, version));
  key.fill(0);
  const [row] = await tx.rows<{ answer: 'added' | 'exists' | 'shredded' | 'other_kms' }>(
    'select app.add_vault_key($1, $2, $3, $4, $5) as answer',
    [tenant_id, version, key_id, wrapped, kms.keys().all],
  );
  if (row?.answer === 'shredded' || row?.answer === 'other_kms') refuse(row.answer);
}

/** Throws VaultRefusal shredded, and SealBroken. */
export async function openKek(kms: Kms, tenant_id: string, { version, kms_key_id, wrapped }: WrappedKek): Promise<Kek> {
  if (wrapped === null) refuse('shredded');
  const key = await kms.unwrap(wrapped, { key_id: kms_key_id, context: contextOf(tenant_id, version) });
  try {
    return { version, key: keyOf(key) };
  } finally {
    key.fill(0);
  }
}

/** The same key under the one that the KMS has now. Throws SealBroken. */
export async function rewrapKek(kms: Kms, tenant_id: string, { version, kms_key_id, wrapped }: WrappedKek & { wrapped: Buffer }) {
  const context = contextOf(tenant_id, version);
  const key = await kms.unwrap(wrapped, { key_id: kms_key_id, context });
  const rewrapped = await kms.wrap(key, context);
  key.fill(0);
  return rewrapped;
}

/** Nothing, where something does not open as what it was sealed as. */
export async function unlessBroken<T>(work: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

export function refuse(reason: keyof typeof REFUSALS): never {
  throw new VaultRefusal(reason);
}

const contextOf = (tenant_id: string, version: number): Context => ({ tenant: tenant_id, kek_version: version });
