// Keys change under the hands of those who read and write, and whoever changes them may die in the middle.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aName, aVault, eachOf } from '../../test/builders/vault.ts';
import { verifies } from '../../test/promises.ts';
import { chanceOf } from '../../test/simulator/world.ts';
import { secretOf } from '../base/secret.ts';
import type { Name } from './vault.ts';

let house: Awaited<ReturnType<typeof aVault>>;
beforeEach(async () => {
  house = await aVault();
});
afterEach(() => house.close());

const many = async (tenant_id: string, count: number) => {
  const names = Array.from({ length: count }, () => aName(tenant_id));
  await eachOf(names, 8, (name) => house.vault.put(secretOf(`of ${name.secret_id}`), { ...name, replaces: 0 }));
  return names;
};
const reads = async (vault: typeof house.vault, name: Name) =>
  (await vault.open(name)).secret.reveal().toString() === `of ${name.secret_id}`;
/** What is sealed, and what it is wrapped in, by secret. */
const rows = async (tenant_id: string) => {
  const found = await house.admin.query<{ id: string; sealed: string; wrapped_dek: string; kek_version: number }>(
    `select id, md5(nonce || ciphertext) || ' ' || version || ' ' || updated_at as sealed, encode(wrapped_dek, 'hex') as wrapped_dek, kek_version
     from data.vault_secrets where tenant_id = $1 order by id`,
    [tenant_id],
  );
  return found.rows;
};
const keks = async () =>
  (
    await house.admin.query<{ tenant_id: string; version: number; kms_key_id: string; wrapped: Buffer }>(
      'select tenant_id, version, kms_key_id, wrapped from data.vault_keys order by 1, 2',
    )
  ).rows;

verifies(
  'vault:rotation-rewraps-only',
  async () => {
    const [tenant_id, other] = house.tenants;
    const names = await many(tenant_id, 10_000);
    const foreign = await many(other, 20);
    const written = Array.from({ length: 20 }, () => aName(tenant_id));
    const [before, keks_before] = [await rows(tenant_id), await keks()];

    // Another process reads any of them all the time, and writes others, until it is over.
    const { vault } = await house.another();
    const chance = chanceOf(7);
    const seen = { reads: 0, wrong: 0, writes: 0 };
    let rotating = true;
    const reading = Array.from({ length: 2 }, async () => {
      while (rotating) {
        if (!(await reads(vault, chance.one(names)))) seen.wrong += 1;
        seen.reads += 1;
      }
    });
    const writing = (async () => {
      for (let version = 0; rotating; version += 1)
        for (const name of written) {
          await vault.put(secretOf(`of ${name.secret_id}`), { ...name, replaces: version });
          seen.writes += 1;
        }
    })();
    house.key_file.rotate();
    expect(await house.vault.rewrapKeks()).toEqual({ rewrapped: 2, broken: 0 });
    const rotated = await house.vault.rotate(tenant_id);
    rotating = false;
    await Promise.all([...reading, writing]);

    expect(seen).toEqual({ reads: expect.any(Number), wrong: 0, writes: expect.any(Number) });
    expect(Math.min(seen.reads, seen.writes)).toBeGreaterThan(20);
    expect(rotated.broken).toBe(0);
    expect(rotated.rewrapped).toBeGreaterThanOrEqual(10_000);
    const written_ids = new Set(written.map(({ secret_id }) => secret_id));
    const after = (await rows(tenant_id)).filter(({ id }) => !written_ids.has(id));
    expect(after.map(({ id, sealed }) => ({ id, sealed }))).toEqual(before.map(({ id, sealed }) => ({ id, sealed })));
    expect(after.filter(({ wrapped_dek, kek_version }, at) => wrapped_dek === before[at]?.wrapped_dek || kek_version !== 2)).toEqual([]);
    // The other clinic's key is under the new key of the KMS, and that is all; the old one of this clinic is gone.
    const { current } = house.key_file.keys();
    expect(keks_before.map(({ kms_key_id }) => kms_key_id)).not.toContain(current);
    expect((await keks()).map(({ wrapped, ...kek }) => kek)).toEqual(
      [...house.tenants].sort().map((tenant) => ({ tenant_id: tenant, version: tenant === tenant_id ? 2 : 1, kms_key_id: current })),
    );
    await eachOf([...names, ...foreign, ...written], 8, async (name) => expect(await reads(house.vault, name)).toBe(true));
  },
  110_000,
);

verifies('vault:rotation-resumes', async () => {
  const [tenant_id] = house.tenants;
  const names = await many(tenant_id, 2_000);
  const before = await rows(tenant_id);
  // Somebody holds a row of the third batch, so that the rotation stands in the middle when it is killed.
  await house.admin.query('begin');
  await house.admin.query('select from data.vault_secrets where id = $1 for update', [before[1_200]?.id]);
  const job = JSON.stringify({ keeper: house.database.keeper, data_folder: house.data_folder, tenant_id });
  const rotator = fork(path.join(import.meta.dirname, '../../test/builders/rotator.ts'), [job]);
  await expect
    .poll(async () => (await rows(tenant_id)).filter(({ kek_version }) => kek_version === 2).length, { timeout: 20_000 })
    .toBe(1_000);
  rotator.kill('SIGKILL');
  await once(rotator, 'exit');
  await house.admin.query('rollback');

  expect((await keks()).map(({ version }) => version)).toEqual([1, 2]);
  await eachOf(names, 8, async (name) => expect(await reads(house.vault, name)).toBe(true));
  // It is ended, not begun anew.
  expect(await house.vault.rotate(tenant_id)).toEqual({ rewrapped: expect.any(Number), broken: 0 });
  expect((await keks()).map(({ version }) => version)).toEqual([2]);
  await eachOf(names, 8, async (name) => expect(await reads(house.vault, name)).toBe(true));
  // By two at once too.
  const { vault } = await house.another();
  await Promise.all([house.vault.rotate(tenant_id), vault.rotate(tenant_id)]);
  const after = await rows(tenant_id);
  expect(after.map(({ sealed }) => sealed)).toEqual(before.map(({ sealed }) => sealed));
  const left = await keks();
  expect(left).toHaveLength(1);
  expect(new Set(after.map(({ kek_version }) => kek_version))).toEqual(new Set([left[0]?.version]));
  await eachOf(names, 8, async (name) => expect(await reads(house.vault, name)).toBe(true));
});

describe('a rotation', () => {
  it('goes on past what was tampered with, which stays as it was, and is told each time', async () => {
    const [tenant_id] = house.tenants;
    const names = await many(tenant_id, 30);
    const spoilt = names[3] as Name;
    await house.admin.query("update data.vault_secrets set wrapped_dek = '\\x00' where id = $1", [spoilt.secret_id]);
    for (const version of [2, 3]) {
      expect(await house.vault.rotate(tenant_id)).toEqual({ rewrapped: 29, broken: 1 });
      expect((await keks()).map(({ version: of }) => of)).toEqual([1, version]);
    }
    for (const name of names.filter((each) => each !== spoilt)) expect(await reads(house.vault, name)).toBe(true);
    await expect(house.vault.open(spoilt)).rejects.toMatchObject({ reason: 'broken' });
    // Entered again, it is under the newest key, and the old one can go.
    await house.vault.put(secretOf(`of ${spoilt.secret_id}`), { ...spoilt, replaces: 1 });
    expect(await house.vault.rotate(tenant_id)).toEqual({ rewrapped: 30, broken: 0 });
    expect((await keks()).map(({ version }) => version)).toEqual([4]);
  });
  it('gives a clinic whose key was tampered with a new one, under which it can enter everything again', async () => {
    const [tenant_id, other] = house.tenants;
    const [name] = (await many(tenant_id, 2)) as [Name, Name];
    await many(other, 1);
    await house.admin.query("update data.vault_keys set wrapped = '\\x00' where tenant_id = $1", [tenant_id]);
    await expect(house.vault.put(secretOf('x'), { ...name, replaces: 1 })).rejects.toMatchObject({ reason: 'broken' });
    house.key_file.rotate();
    expect(await house.vault.rewrapKeks()).toEqual({ rewrapped: 1, broken: 1 });
    expect(await house.vault.rotate(tenant_id)).toEqual({ rewrapped: 0, broken: 2 });
    expect(await house.vault.put(secretOf(`of ${name.secret_id}`), { ...name, replaces: 1 })).toBe(2);
    expect(await reads(house.vault, name)).toBe(true);
  });
  it('of a clinic that has kept nothing does nothing', async () => {
    expect(await house.vault.rotate(house.tenants[0])).toEqual({ rewrapped: 0, broken: 0 });
    expect([await keks(), await house.vault.tenants()]).toEqual([[], []]);
  });
  it('does not wrap by a key that is not the newest any more', async () => {
    const [tenant_id] = house.tenants;
    const [name] = (await many(tenant_id, 1)) as [Name];
    await house.vault.rotate(tenant_id);
    const wrap = (to: number, from: number) =>
      house.pool.query('select app.rewrap_secrets($1, $2, $3, $4, $5, $6) as count', [
        tenant_id,
        to,
        [name.secret_id],
        [1],
        [from],
        [Buffer.alloc(60)],
      ]);
    for (const [to, from] of [
      [1, 2],
      [3, 2],
      [2, 1],
    ] as const)
      expect((await wrap(to, from)).rows).toEqual([{ count: 0 }]);
    expect(await reads(house.vault, name)).toBe(true);
  });
});
