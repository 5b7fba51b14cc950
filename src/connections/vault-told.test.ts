// Five hundred planted secrets go through everything the vault can do, well and badly; then everything that was said, and everything that was stored, is searched for them.
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterAll, beforeAll, expect } from 'vitest';
import { aName, aVault, eachOf } from '../../test/builders/vault.ts';
import { verifies } from '../../test/promises.ts';
import { shapeOf } from '../base/log.ts';
import { systemRandom } from '../base/random.ts';
import type { Kms } from '../base/seal.ts';
import { secretOf } from '../base/secret.ts';
import { inTransaction } from '../db/sender.ts';
import { openVault } from './vault.ts';

let house: Awaited<ReturnType<typeof aVault>>;
beforeAll(async () => {
  house = await aVault();
});
afterAll(() => house.close());

/** How each of them begins: one that is written down anywhere is found by it. */
const BEGINS = 'canary of the vault:';
const bytes = Buffer.from(BEGINS);
/** As somebody may have written it down: as it is, as numbers, in hex, and in base64 whatever stands before it. */
const FORMS = [
  ...[BEGINS, bytes.toString('hex'), bytes.join(','), bytes.toString('hex').replaceAll(/..(?!$)/g, '$& ')],
  ...['', ' ', '  '].map((before) =>
    Buffer.from(before + BEGINS)
      .toString('base64')
      .slice(4, -4),
  ),
];
const foundIn = (texts: readonly string[]) => texts.filter((text) => FORMS.some((form) => text.includes(form)));

verifies(
  'vault:no-secret-told',
  async () => {
    const [tenant_id, other] = house.tenants;
    const planted = Array.from({ length: 500 }, () => `${BEGINS}${systemRandom.bytes(12).toString('hex')}`);
    const said: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void said.push(line) });
    /** In every way that a program tells of something, on purpose or not. */
    const tell = (what: unknown) => {
      log.error(shapeOf(what));
      log.error({ err: what, what }, 'it was %s', what as string);
      said.push(inspect(what, { depth: 6, showHidden: true }), inspect(what, { depth: 6, customInspect: false }));
      said.push(
        String(what),
        JSON.stringify(what) ?? '',
        ...(what instanceof Error ? [what.message, what.stack ?? '', inspect(what.cause)] : []),
      );
    };
    let failed = 0;
    const fails = async (work: Promise<unknown>) => {
      failed += 1;
      tell(
        await work.then(
          () => expect.unreachable(),
          (error: unknown) => error,
        ),
      );
    };
    const broken: Kms = { ...house.key_file, unwrap: () => Promise.reject(new Error('the KMS does not answer')) };
    const away = openVault({ pool: house.pool, kms: broken, random: systemRandom });

    tell(house.vault);
    tell(house.key_file);
    const names = planted.map(() => aName(tenant_id));
    await eachOf(planted, 6, async (value, at) => {
      const { vault } = house;
      const [name, secret] = [names[at] as ReturnType<typeof aName>, secretOf(value)];
      tell({ name, secret, kept: await vault.put(secret, { ...name, replaces: 0 }) });
      const opened = await vault.open(name);
      expect(opened.secret.reveal().toString()).toBe(value);
      tell(opened);
      await fails(vault.put(secret, { ...name, replaces: 0 })); // stale
      await fails(vault.put(secret, { ...name, kind: 'seed', replaces: 1 }));
      await fails(vault.put(secret, { ...aName(tenant_id, { kind: 'Not A Kind' }), replaces: 0 })); // the database quotes the row that it refuses
      await fails(vault.put(secret, { ...name, tenant_id: 'no uuid', replaces: 0 }));
      await fails(vault.put(secret, { ...name, purpose: '\ud800', replaces: 1 }));
      await fails(vault.open({ ...name, purpose: 'another' })); // broken
      await fails(vault.open({ ...name, tenant_id: other })); // absent
      await fails(away.open(name));
      await fails(away.put(secret, { ...name, replaces: 1 }));
      await fails(
        inTransaction(house.pool, async (tx) => {
          await vault.put(secret, { ...name, replaces: 1 }, tx);
          throw new Error('given up', { cause: { secret, tx } });
        }),
      );
    });
    tell(await house.vault.rotate(tenant_id));
    house.key_file.rotate();
    tell(await house.vault.rewrapKeks());
    // All but what is to be shredded is in the tables at this moment.
    const { rows } = await house.admin.query<{ tables: string }>(
      "select c.oid::regclass as tables from pg_class c where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('data', 'guard', 'public', 'app')",
    );
    expect(rows.length).toBeGreaterThan(60);
    const stored: string[] = [];
    for (const { tables } of rows)
      stored.push(...(await house.admin.query<{ row: string }>(`select t::text as row from ${tables} t`)).rows.map(({ row }) => row));
    expect(stored.length).toBeGreaterThan(500);
    await house.vault.shred(tenant_id);
    await eachOf(names, 6, (name) => fails(house.vault.open(name)));
    expect(failed).toBe(500 * 11);

    expect(foundIn([...said, ...stored])).toEqual([]);
    // What is written down is found.
    const [value = ''] = planted;
    const written = [value, `x${value}`, `xy${value}`].flatMap((text) => [
      text,
      ...(['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(text).toString(form)),
    ]);
    written.push(JSON.stringify(Buffer.from(value)), `${new Uint8Array(Buffer.from(value))}`, inspect(Buffer.from(value)));
    expect(foundIn(written)).toEqual(written);
  },
  100_000,
);
