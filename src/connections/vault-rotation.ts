// Changing the keys of the vault: keys are wrapped anew by other keys, and what is sealed stays as it is. Reading goes on meanwhile: a secret and the key it is under are read at
// one moment. Each step is committed by itself, so whoever dies in the middle leaves something whole, and the next rotation goes on from there.
import { type Kek, rewrap } from '../base/seal.ts';
import { addKek, type Ground, keksOf, openKek, refuse, rewrapKek, unlessBroken } from './vault-keys.ts';

export interface Rewrapped {
  rewrapped: number;
  /** What was tampered with, and stays as it is. */
  broken: number;
}

/** So many secrets are rewrapped by one statement. */
const BATCH = 500;

/** A new key for a clinic, and its secrets' own keys under that. Where a rotation was cut off, it is ended instead. */
export async function rotateTenant(ground: Ground, tenant_id: string): Promise<Rewrapped> {
  const begun = await finish(ground, tenant_id);
  if (begun.rewrapped > 0) return begun;
  const newest = (await keksOf(ground.alone, tenant_id)).at(-1);
  if (!newest) return begun;
  await addKek(ground, ground.alone, { tenant_id, version: newest.version + 1 });
  return finish(ground, tenant_id);
}

/** Rewraps until nothing but what is broken is under an older key, for others may be writing and rotating; then deletes the older keys. */
async function finish(ground: Ground, tenant_id: string): Promise<Rewrapped> {
  for (let rewrapped = 0; ; ) {
    const pass = await passOver(ground, tenant_id);
    rewrapped += pass.rewrapped;
    if (pass.rewrapped > 0) continue;
    await ground.alone.rows('select app.retire_vault_keys($1)', [tenant_id]);
    return { rewrapped, broken: pass.broken };
  }
}

interface WrappedDek {
  id: string;
  kind: string;
  purpose: string;
  version: number;
  wrapped_dek: Buffer;
  kek_version: number;
}

/** Once over the secrets of a clinic that are under an older key than its newest; nothing is done where that does not open. Throws VaultRefusal shredded. */
async function passOver(ground: Ground, tenant_id: string): Promise<Rewrapped> {
  const { alone } = ground;
  const wrapped = await keksOf(alone, tenant_id);
  if (wrapped.some((kek) => kek.wrapped === null)) refuse('shredded');
  const pass = { rewrapped: 0, broken: 0 };
  if (wrapped.length < 2) return pass;
  const opened = await Promise.all(wrapped.map((kek) => unlessBroken(() => openKek(ground.kms, tenant_id, kek))));
  const to = opened.at(-1);
  if (!to) return pass;
  for (let after: string | null = null; ; ) {
    const rows: WrappedDek[] = await alone.rows<WrappedDek>('select * from app.secrets_under_older_keys($1, $2, $3, $4)', [
      ...[tenant_id, to.version, after, BATCH],
    ]);
    if (rows.length === 0) return pass;
    after = rows.at(-1)?.id ?? null;
    const anew = await rewrapEach(ground, rows, { tenant_id, keks: opened, to });
    const [done] = await alone.rows<{ count: number }>('select app.rewrap_secrets($1, $2, $3, $4, $5, $6) as count', [
      ...[tenant_id, to.version, anew.map(({ id }) => id), anew.map(({ version }) => version)],
      ...[anew.map(({ kek_version }) => kek_version), anew.map(({ wrapped_dek }) => wrapped_dek)],
    ]);
    pass.rewrapped += done?.count ?? 0;
    pass.broken += rows.length - anew.length;
  }
}

/** Those that open, each with its key under `to`. */
async function rewrapEach(
  { random }: Ground,
  rows: readonly WrappedDek[],
  { tenant_id, keks, to }: { tenant_id: string; keks: readonly (Kek | undefined)[]; to: Kek },
): Promise<WrappedDek[]> {
  const anew = await Promise.all(
    rows.map((row) => {
      const { id: secret_id, kind, purpose, version } = row;
      const from = keks.find((kek) => kek?.version === row.kek_version);
      const label = { tenant_id, secret_id, kind, purpose, version };
      return from && unlessBroken(() => ({ ...row, wrapped_dek: rewrap(row.wrapped_dek, label, { from, to, random }) }));
    }),
  );
  return anew.filter((row) => row !== undefined);
}

/** The clinics that have a key. */
export async function tenantsOf({ alone }: Ground): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const rows: { id: string }[] = await alone.rows<{ id: string }>('select app.vault_tenants($1, $2) as id', [
      found.at(-1) ?? null,
      BATCH,
    ]);
    if (rows.length === 0) return found;
    found.push(...rows.map(({ id }) => id));
  }
}

/** Every clinic's keys under the key that the KMS has now. */
export async function rewrapKeks(ground: Ground): Promise<Rewrapped> {
  const { alone, kms } = ground;
  const total = { rewrapped: 0, broken: 0 };
  for (const tenant_id of await tenantsOf(ground)) {
    for (const { wrapped, ...kek } of await keksOf(alone, tenant_id)) {
      if (wrapped === null || kek.kms_key_id === kms.keys().current) continue;
      const anew = await unlessBroken(() => rewrapKek(kms, tenant_id, { ...kek, wrapped }));
      if (!anew) {
        total.broken += 1;
        continue;
      }
      const [row] = await alone.rows<{ done: boolean }>('select app.rewrap_vault_key($1, $2, $3, $4, $5) as done', [
        ...[tenant_id, kek.version, kek.kms_key_id, anew.key_id, anew.wrapped],
      ]);
      if (row?.done) total.rewrapped += 1;
    }
  }
  return total;
}
