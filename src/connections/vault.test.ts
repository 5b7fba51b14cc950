// The vault on a real database: what is tampered with there does not open, what is shredded never does, and two who write at once do not overwrite each other.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aName, aVault } from '../../test/builders/vault.ts';
import { verifies } from '../../test/promises.ts';
import { systemRandom } from '../base/random.ts';
import { secretOf } from '../base/secret.ts';
import { query } from '../db/pool.ts';
import { inTransaction } from '../db/sender.ts';
import type { Tx } from '../db/tx.ts';
import { openKeyFile } from './key-file.ts';
import { type Name, openVault } from './vault.ts';
import { VaultRefusal } from './vault-keys.ts';

let house: Awaited<ReturnType<typeof aVault>>;
beforeAll(async () => {
  house = await aVault();
});
afterAll(() => house.close());

const opened = async (name: Name) => (await house.vault.open(name)).secret.reveal().toString();
/** What it opens as, or why it does not. */
const told = async (name: Name) => opened(name).catch((error: unknown) => (error instanceof VaultRefusal ? error.reason : error));
const kept = async (tenant_id: string, value: string, more: { kind?: string; purpose?: string } = {}) => {
  const name = aName(tenant_id, more);
  await house.vault.put(secretOf(value), { ...name, replaces: 0 });
  return name;
};

describe('what is kept', () => {
  it('comes back as it was, with its version, and is replaced by the next', async () => {
    const name = await kept(house.tenants[0], 'first');
    expect(await house.vault.open(name)).toMatchObject({ version: 1 });
    expect(await house.vault.put(secretOf('second'), { ...name, replaces: 1 })).toBe(2);
    expect([await opened(name), (await house.vault.open(name)).version]).toEqual(['second', 2]);
  });
  it('may be anything up to a megabyte, nothing too', async () => {
    for (const value of [Buffer.alloc(0), systemRandom.bytes(1_000_000)]) {
      const name = aName(house.tenants[0]);
      await house.vault.put(secretOf(value), { ...name, replaces: 0 });
      expect((await house.vault.open(name)).secret.reveal().equals(value)).toBe(true);
    }
  });
  it('is kept and read in the transaction of whoever asks, and not at all where that is undone', async () => {
    const [name, undone] = [aName(house.tenants[0]), aName(house.tenants[0])];
    await inTransaction(house.pool, async (tx) => {
      await house.vault.put(secretOf('x'), { ...name, replaces: 0 }, tx);
      expect(await told(name)).toBe('absent');
      expect((await house.vault.open(name, tx)).version).toBe(1);
    });
    expect(await told(name)).toBe('x');
    const failing = inTransaction(house.pool, async (tx) => {
      await house.vault.put(secretOf('x'), { ...undone, replaces: 0 }, tx);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await told(undone)).toBe('absent');
  });
  it('keeps its kind and its purpose', async () => {
    const name = await kept(house.tenants[0], 'x');
    for (const change of [{ kind: 'totp_seed' }, { purpose: 'webhooks' }])
      await expect(house.vault.put(secretOf('y'), { ...name, ...change, replaces: 1 })).rejects.toMatchObject({ reason: 'other' });
    expect(await told(name)).toBe('x');
  });
  it('of a clinic that nobody knows is refused', async () => {
    await expect(kept(randomUUID(), 'x')).rejects.toMatchObject({ code: '23503' });
  });
});

describe('tampering', () => {
  /** What opens, or why it does not, once somebody with the database has done this. */
  const openedAfter = async (name: Name, ...done: string[]): Promise<unknown> => {
    await house.admin.query("begin; set local session_replication_role = 'replica'");
    try {
      for (const sql of done) if ((await house.admin.query(sql)).rowCount === 0) return 'nothing was changed';
      const rows = async <R extends object>(sql: string, values: readonly unknown[] = []) =>
        (await house.admin.query(sql, [...values])).rows as R[];
      return await house.vault.open(name, { rows }).then(
        ({ secret }) => secret.reveal().toString(),
        (error: unknown) => (error instanceof VaultRefusal ? error.reason : error),
      );
    } finally {
      await house.admin.query('rollback');
    }
  };
  const of = ({ tenant_id, secret_id }: Name) => `(x.tenant_id, x.id) = ('${tenant_id}', '${secret_id}')`;

  verifies('vault:swap-refused', async () => {
    const [a, b] = house.tenants;
    // Any two differ in the clinic, the id, the kind, the purpose or the version.
    const names = [await kept(a, 'one'), await kept(a, 'two'), await kept(a, 'three', { kind: 'totp_seed' })];
    names.push(
      await kept(a, 'four', { purpose: 'mailbox' }),
      await kept(b, 'five'),
      { ...(names[0] as Name), tenant_id: b },
      await kept(a, 'old'),
    );
    await house.vault.put(secretOf('six'), { ...(names[5] as Name), replaces: 0 });
    await house.vault.put(secretOf('seven'), { ...(names[6] as Name), replaces: 1 });
    const values = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    expect(await Promise.all(names.map(told))).toEqual(values);

    const columns = ['nonce', 'ciphertext', 'wrapped_dek', 'version', 'kek_version'];
    const pairs = names.flatMap((mine) => names.filter((theirs) => theirs !== mine).map((theirs) => [mine, theirs] as const));
    for (const [mine, theirs] of pairs) {
      const what = `${names.indexOf(theirs)} in ${names.indexOf(mine)}`;
      // All sets of what is swapped, but those in which the two do not differ.
      for (let set = 1; set < 8; set += 1)
        for (const versions of [[], ['version'], ['version', 'kek_version']]) {
          const swapped = [...columns.slice(0, 3).filter((_, at) => (set >> at) & 1), ...versions];
          const sql = `update data.vault_secrets x set ${swapped.map((column) => `${column} = y.${column}`)} from data.vault_secrets y where ${of(mine)} and ${of(theirs).replaceAll('x.', 'y.')}`;
          expect(await openedAfter(mine, sql), `${swapped} of ${what}`).toBe('broken');
        }
      // The row as a whole, under the other's id and clinic, and asked for as what it is not.
      const { tenant_id, secret_id } = mine;
      const moved = [
        `delete from data.vault_secrets x where ${of(mine)}`,
        `update data.vault_secrets x set tenant_id = '${tenant_id}', id = '${secret_id}' where ${of(theirs)}`,
      ];
      expect(await openedAfter(mine, ...moved), `the row of ${what}`).toBe('broken');
      const { kind, purpose } = theirs;
      if (kind !== mine.kind || purpose !== mine.purpose) expect(await told({ ...mine, kind, purpose }), `asked as ${what}`).toBe('broken');
    }
    const [mine, , , , foreign] = names as [Name, Name, Name, Name, Name];
    for (const version of [2, 3, 2 ** 31 - 1])
      expect(await openedAfter(mine, `update data.vault_secrets x set version = ${version} where ${of(mine)}`)).toBe('broken');
    // The clinic's key: another clinic's, another version's, said to be under another key of the KMS.
    const wrapped = `(select wrapped from data.vault_keys where tenant_id = '${foreign.tenant_id}')`;
    expect(await openedAfter(mine, `update data.vault_keys set wrapped = ${wrapped} where tenant_id = '${a}'`)).toBe('broken');
    const copied = `insert into data.vault_keys (tenant_id, version, kms_key_id, wrapped) select tenant_id, 2, kms_key_id, wrapped from data.vault_keys where tenant_id = '${a}'`;
    expect(await openedAfter(mine, copied, `update data.vault_secrets x set kek_version = 2 where ${of(mine)}`)).toBe('broken');
    house.key_file.rotate();
    expect(
      await openedAfter(mine, `update data.vault_keys set kms_key_id = '${house.key_file.keys().current}' where tenant_id = '${a}'`),
    ).toBe('broken');
    expect(await Promise.all(names.map(told))).toEqual(values);
  });

  it('of any one bit, in the secret, its key or the clinic’s, is refused', async () => {
    const name = await kept(house.tenants[0], 'correct');
    const places = [
      ...(['nonce', 'ciphertext', 'wrapped_dek'] as const).map((column) => ({ table: 'vault_secrets', column, where: of(name) })),
      { table: 'vault_keys', column: 'wrapped', where: `x.tenant_id = '${name.tenant_id}'` },
    ];
    for (const { table, column, where } of places) {
      const { rows } = await house.admin.query<{ bits: number }>(
        `select length(${column}) * 8 as bits from data.${table} x where ${where}`,
      );
      const bits = rows[0]?.bits ?? 0;
      expect(bits).toBeGreaterThanOrEqual(96);
      for (let bit = 0; bit < bits; bit += 1) {
        const turned = `update data.${table} x set ${column} = set_bit(${column}, ${bit}, 1 - get_bit(${column}, ${bit})) where ${where}`;
        expect(await openedAfter(name, turned), `${column}, bit ${bit}`).toBe('broken');
      }
    }
    expect(await told(name)).toBe('correct');
  });
});

it('nothing new is sealed under a clinic’s key that is another clinic’s, or an older one', async () => {
  const [mine, other] = [await house.aClinic(), await house.aClinic()];
  for (const tenant_id of [mine, other]) await kept(tenant_id, 'x');
  const keyOf = async (tenant_id: string) =>
    (await house.admin.query('select wrapped from data.vault_keys where tenant_id = $1', [tenant_id])).rows[0].wrapped;
  const [own, foreign] = [await keyOf(mine), await keyOf(other)];
  const refused = async (wrapped: Buffer) => {
    await house.admin.query('update data.vault_keys set wrapped = $2 where tenant_id = $1', [mine, wrapped]);
    await expect(kept(mine, 'new')).rejects.toMatchObject({ reason: 'broken' });
  };
  await refused(foreign);
  await house.admin.query('update data.vault_keys set wrapped = $2 where tenant_id = $1', [mine, own]);
  await house.vault.rotate(mine);
  await refused(own);
});

describe('two who write', () => {
  verifies('vault:old-value-refused', async () => {
    const name = await kept(house.tenants[0], 'first');
    const { rows } = await house.admin.query('select nonce, ciphertext, wrapped_dek from data.vault_secrets where id = $1', [
      name.secret_id,
    ]);
    await house.vault.put(secretOf('second'), { ...name, replaces: 1 });
    const now = await house.admin.query('select nonce, ciphertext, wrapped_dek from data.vault_secrets where id = $1', [name.secret_id]);
    const put = ({ nonce, ciphertext, wrapped_dek }: (typeof rows)[0]) =>
      house.admin.query('update data.vault_secrets set nonce = $2, ciphertext = $3, wrapped_dek = $4 where id = $1', [
        name.secret_id,
        nonce,
        ciphertext,
        wrapped_dek,
      ]);
    await put(rows[0]);
    expect(await told(name)).toBe('broken');
    await put(now.rows[0]);
    expect(await told(name)).toBe('second');

    // Twenty at once, each in the place of version 2.
    const put20 = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => house.vault.put(secretOf(`third ${n}`), { ...name, replaces: 2 })),
    );
    const won = put20.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(won).toHaveLength(1);
    expect(put20.filter((each) => each.status === 'rejected').map(({ reason }) => reason.reason)).toEqual(Array(19).fill('stale'));
    expect(await told(name)).toBe(`third ${won[0]}`);
    for (const replaces of [0, 1, 2, 4])
      await expect(house.vault.put(secretOf('x'), { ...name, replaces })).rejects.toMatchObject({ reason: 'stale' });
    await expect(house.vault.put(secretOf('x'), { ...aName(house.tenants[0]), replaces: 1 })).rejects.toMatchObject({ reason: 'stale' });
  });

  it('make one key for a clinic that has none, however many begin at once', async () => {
    const tenant_id = await house.aClinic();
    const others = await Promise.all([house.another(), house.another()]);
    const names = Array.from({ length: 24 }, () => aName(tenant_id));
    await Promise.all(names.map((name, n) => (others[n % 2]?.vault ?? house.vault).put(secretOf(`${n}`), { ...name, replaces: 0 })));
    expect(await Promise.all(names.map(told))).toEqual(names.map((_, n) => `${n}`));
    const { rows } = await house.admin.query('select version from data.vault_keys where tenant_id = $1', [tenant_id]);
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('go on where the clinic’s key changes between sealing and keeping, and stop where it is shredded', async () => {
    const tenant_id = await house.aClinic();
    const spoilt = await kept(tenant_id, 'keeps the old key there');
    await house.admin.query("update data.vault_secrets set wrapped_dek = '\\x00' where id = $1", [spoilt.secret_id]);
    /** Something happens right before the value is handed to the database. */
    const justBefore = (happens: () => Promise<unknown>): Tx => ({
      async rows(sql, values) {
        if (sql.includes('put_secret')) await happens();
        return query(house.pool, sql, values);
      },
    });
    const [name, late] = [aName(tenant_id), aName(tenant_id)];
    let turns = 0;
    const rotating = justBefore(async () => {
      turns += 1;
      if (turns === 1) await house.vault.rotate(tenant_id);
    });
    expect(await house.vault.put(secretOf('new'), { ...name, replaces: 0 }, rotating)).toBe(1);
    const { rows } = await house.admin.query('select kek_version from data.vault_secrets where id = $1', [name.secret_id]);
    expect([rows, turns, await told(name)]).toEqual([[{ kek_version: 2 }], 2, 'new']);

    const always = justBefore(() => house.vault.rotate(tenant_id));
    await expect(house.vault.put(secretOf('x'), { ...late, replaces: 0 }, always)).rejects.toMatchObject({ reason: 'busy' });
    const shredding = justBefore(() => house.vault.shred(tenant_id));
    await expect(house.vault.put(secretOf('x'), { ...late, replaces: 0 }, shredding)).rejects.toMatchObject({ reason: 'shredded' });
    const added = await house.pool.query('select app.add_vault_key($1, 99, $2, $3, $4) as answer', [
      tenant_id,
      'k',
      Buffer.alloc(60),
      ['k'],
    ]);
    expect(added.rows).toEqual([{ answer: 'shredded' }]);
    expect(await told(late)).toBe('absent');
  });

  it('and do not commit yet are waited for by a change of the clinic’s key', async () => {
    const tenant_id = await house.aClinic();
    await kept(tenant_id, 'x');
    const name = aName(tenant_id);
    let rotating: Promise<unknown> | undefined;
    await inTransaction(house.pool, async (tx) => {
      await house.vault.put(secretOf('new'), { ...name, replaces: 0 }, tx);
      rotating = house.vault.rotate(tenant_id);
      const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
      await expect.poll(async () => (await house.admin.query(waiting)).rowCount).toBe(1);
    });
    expect(await rotating).toEqual({ rewrapped: 2, broken: 0 });
    expect(await told(name)).toBe('new');
  });

  it('under key files of their own are stopped before the second makes a key', async () => {
    await kept(house.tenants[0], 'x');
    const random = systemRandom;
    const key_file = openKeyFile({ file: `${house.data_folder}/another-machine`, random, in_use: [] });
    const other = openVault({ pool: house.pool, kms: key_file, random });
    for (const tenant_id of [house.tenants[0], await house.aClinic()]) {
      const refused = other.put(secretOf('x'), { ...aName(tenant_id), replaces: 0 });
      await expect(refused).rejects.toThrow(/[Cc]opy the key file|lacks the key/);
    }
  });
});

describe('a clinic that is shredded', () => {
  verifies('vault:shred', async () => {
    const [leaving, staying] = [await house.aClinic(), await house.aClinic()];
    const names = await Promise.all(Array.from({ length: 30 }, (_, n) => kept(leaving, `secret ${n}`)));
    const other = await kept(staying, 'stays');
    await house.vault.rotate(leaving);
    const first = names[0] as Name;
    // Some write, and read, at that very moment.
    const meanwhile = names.map((name) =>
      house.vault.put(secretOf('at the last moment'), { ...name, replaces: 1 }).catch((error) => error.reason),
    );
    meanwhile.push(...(names.map(told) as Promise<number>[]));
    expect(await house.vault.shred(leaving)).toBe(30);
    for (const answer of await Promise.all(meanwhile)) expect(String(answer)).toMatch(/^(2|shredded|secret \d+|at the last moment)$/);

    expect(await Promise.all(names.map(told))).toEqual(names.map(() => 'shredded'));
    for (const name of [first, aName(leaving)])
      for (const replaces of [0, 1, 2])
        await expect(house.vault.put(secretOf('x'), { ...name, replaces })).rejects.toMatchObject({ reason: 'shredded' });
    await expect(house.vault.rotate(leaving)).rejects.toMatchObject({
      reason: 'shredded',
      message: expect.stringContaining('vault forget'),
    });
    const { rows } = await house.admin.query('select from data.vault_keys where tenant_id = $1 and wrapped is not null', [leaving]);
    expect(rows).toEqual([]);
    expect(await house.vault.shred(leaving)).toBe(30);
    expect(await told(other)).toBe('stays');
    // One that never kept anything keeps nothing from then on.
    const fresh = await house.aClinic();
    expect(await house.vault.shred(fresh)).toBe(0);
    await expect(kept(fresh, 'x')).rejects.toMatchObject({ reason: 'shredded' });
  });

  it('begins anew once it is forgotten, and what was sealed before opens no more', async () => {
    const tenant_id = await house.aClinic();
    const name = await kept(tenant_id, 'before');
    const { rows } = await house.admin.query('select nonce, ciphertext, wrapped_dek from data.vault_secrets where id = $1', [
      name.secret_id,
    ]);
    await house.vault.shred(tenant_id);
    await house.admin.query('select app.forget_vault($1)', [tenant_id]);
    expect(await told(name)).toBe('absent');
    await house.vault.put(secretOf('after'), { ...name, replaces: 0 });
    expect(await told(name)).toBe('after');
    const { nonce, ciphertext, wrapped_dek } = rows[0];
    await house.admin.query('update data.vault_secrets set nonce = $2, ciphertext = $3, wrapped_dek = $4 where id = $1', [
      name.secret_id,
      nonce,
      ciphertext,
      wrapped_dek,
    ]);
    expect(await told(name)).toBe('broken');
  });
});
