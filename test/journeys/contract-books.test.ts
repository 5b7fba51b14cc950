// Contracts, raw bytes and recipes in the books: two processes on one PostgreSQL, two clinics, and whoever would change what is kept.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openContractBooks } from '../../src/connections/contract-books.ts';
import { openContractKeeper } from '../../src/connections/contract-keeper.ts';
import { sha256Of } from '../../src/connections/provenance.ts';
import { openEvidence, openRawBooks } from '../../src/connections/raw-books.ts';
import { openRecipeDesk, openRecipes } from '../../src/connections/recipe-books.ts';
import { VaultRefusal } from '../../src/connections/vault-keys.ts';
import { query } from '../../src/db/pool.ts';
import { ANSWER, aSigner, CHANGED, page, WEIGHTS, weights } from '../builders/contracts.ts';
import { aVault, eachOf } from '../builders/vault.ts';
import { verifies } from '../promises.ts';

let kept: Awaited<ReturnType<typeof aVault>>;
let here: string;
let there: string;
beforeAll(async () => {
  kept = await aVault();
  [here, there] = kept.tenants;
});
afterAll(() => kept.close());

/** Of a recipe for which there is no page to try it on. */
const UNTRIED = { pages: 0, breaks: [] };
const failures: unknown[] = [];
const failed = (error: unknown) => void failures.push(error);
/** Each as in a process of its own; looks are due whenever they are asked for. */
const aKeeper = async (tenant_id: string, more: { books?: (tenant_id: string) => ReturnType<typeof openContractBooks> } = {}) => {
  const { pool, vault } = await kept.another();
  return openContractKeeper({
    books: more.books?.(tenant_id) ?? openContractBooks(pool, { tenant_id }),
    recipes: openRecipes(pool, { tenant_id }),
    evidence: openEvidence({ pool, vault, random: systemRandom, tenant_id, clock: systemClock }),
    ...{ failed, limits: { look_every_ms: 0, clean_looks: 20 } },
  });
};
const surface = (name: string, effect: 'read' | 'write' = 'read') => ({ ...WEIGHTS, surface: name, effect });
const stateOf = async (name: string, tenant_id = here) =>
  (
    await kept.admin.query<{ revision: number; standing: string; state: { looks: number; clean: number } }>(
      'select revision, standing, state from data.contract_states where tenant_id = $1 and surface = $2 order by updated_at desc',
      [tenant_id, name],
    )
  ).rows[0];
/** Looks until one is due, with what is there then. */
const look = async (keeper: Awaited<ReturnType<typeof aKeeper>>, of: typeof WEIGHTS, body: object) => {
  const { look: ordered } = await keeper.lookDue(of);
  expect(ordered).toBeDefined();
  await keeper.looked(of, ordered ?? 0, ANSWER, page(body));
};

describe('the contract of a surface', () => {
  it('is one for all processes: what one finds changed no other uses, and neither opens it before twenty clean looks in a row', async () => {
    const [one, two] = [await aKeeper(here), await aKeeper(here)];
    const of = surface('steps', 'write');
    expect(await Promise.all([one.mayUse(of), two.mayUse(of)])).toEqual([true, true]);
    expect(await one.page(of, ANSWER, page(CHANGED))).toMatchObject({ is_clean: false, passed: false });
    expect(await Promise.all([one.mayUse(of), two.mayUse(of)])).toEqual([false, false]);
    expect(await two.page(of, { ...ANSWER, as: 'form' }, page(weights(70.5)))).toMatchObject({ is_clean: true, passed: false });

    for (let n = 0; n < 19; n += 1) await look(n % 2 === 0 ? one : two, of, weights(70.5));
    await look(two, of, CHANGED);
    for (let n = 0; n < 19; n += 1) await look(one, of, weights(70.5));
    expect(await Promise.all([one.mayUse(of), two.mayUse(of)])).toEqual([false, false]);
    // An answer to a look that was ordered before another one says nothing.
    const { look: old } = await one.lookDue(of);
    const { look: newer } = await two.lookDue(of);
    await one.looked(of, old ?? 0, ANSWER, page(weights(70.5)));
    expect(await two.mayUse(of)).toBe(false);
    await two.looked(of, newer ?? 0, ANSWER, page(weights(70.5)));
    expect(await Promise.all([one.mayUse(of), two.mayUse(of)])).toEqual([true, true]);
  });

  it('loses no page where two processes judge at the same moment, and tells a break once', async () => {
    const keepers = [await aKeeper(here), await aKeeper(here)];
    const of = surface('at_once');
    await eachOf(Array.from({ length: 40 }), 8, (_, n) => keepers[n % 2]?.page(of, ANSWER, page(weights(60.5, 70.5))) as Promise<unknown>);
    const { rows } = await kept.admin.query(
      "select d.counts -> '$.weights[].kilograms' ->> 'of' as of from data.contract_days d join data.contract_states c on c.id = d.contract_id where c.surface = 'at_once'",
    );
    expect(rows).toEqual([{ of: '80' }]);
    await eachOf(Array.from({ length: 16 }), 8, (_, n) => keepers[n % 2]?.page(of, ANSWER, page(CHANGED)) as Promise<unknown>);
    const told = await kept.admin.query(
      "select e.severity from data.drift_events e join data.contract_states c on c.id = e.contract_id where c.surface = 'at_once'",
    );
    expect(told.rows).toEqual([{ severity: 'break' }]);
  });

  it('that was found broken while the books could not be asked is used by nobody here before it is stored', async () => {
    let isDown = false;
    const { pool } = await kept.another();
    const flaky = (tenant_id: string) => {
      const books = openContractBooks(pool, { tenant_id });
      const unlessDown = () => (isDown ? Promise.reject(new Error('the database is gone')) : undefined);
      return { ...books, read: async (of: typeof WEIGHTS) => (await unlessDown()) ?? books.read(of) };
    };
    const keeper = await aKeeper(here, { books: flaky });
    const of = surface('flaky', 'write');
    expect(await keeper.mayUse(of)).toBe(true);
    isDown = true;
    expect(await keeper.page(of, ANSWER, page(CHANGED))).toMatchObject({ is_clean: false, passed: false });
    expect(await keeper.page(of, ANSWER, page(weights(70.5)))).toMatchObject({ is_clean: true, passed: false });
    expect(await keeper.mayUse(of)).toBe(false);
    isDown = false;
    expect(await keeper.mayUse(of)).toBe(false);
    expect(await stateOf('flaky')).toMatchObject({ standing: 'quarantined' });
  });

  it('holds whatever comes: what is no JSON, what is endless, what is nothing', async () => {
    const keeper = await aKeeper(here);
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    for (const [n, body] of ['', '<html>', 'null', '[]', '{"total":', deep, '\0', '{"__proto__":{"weights":[]}}'].entries()) {
      const ruling = await keeper.page(surface(`ugly_${n}`), ANSWER, page(body));
      expect([body.slice(0, 10), ruling.is_clean, ruling.passed]).toEqual([body.slice(0, 10), false, false]);
    }
  });

  it('of one clinic says nothing of another’s', async () => {
    const [mine, theirs] = [await aKeeper(here), await aKeeper(there)];
    const of = surface('apart', 'write');
    await theirs.mayUse(of);
    await mine.page(of, ANSWER, page(CHANGED));
    expect(await Promise.all([mine.mayUse(of), theirs.mayUse(of)])).toEqual([false, true]);
  });
});

describe('the bytes that came from a vendor', () => {
  verifies('wires:raw-bytes-rehash', async () => {
    const { pool, vault } = await kept.another();
    const raw = openRawBooks({ pool, vault, random: systemRandom, tenant_id: here });
    const from = {
      ...{ vendor: 'practice', surface: 'raw', recipe_version: 1, fetched_at: '2026-11-22T09:00:00Z', http_date: null },
      ...{ epoch: 1, operation_id: 'read-1' },
    };
    const bodies = Array.from({ length: 500 }, (_, n) => systemRandom.bytes(n === 0 ? 0 : 1 + ((n * 37) % 900)));
    const ids: string[] = [];
    await eachOf(bodies, 8, async (bytes, n) => {
      ids[n] = (await raw.keep(bytes, from)).raw_sha256;
    });
    await eachOf(ids, 8, async (id, n) => {
      const bytes = (await raw.read(id)) as Buffer;
      expect(bytes.equals(bodies[n] as Buffer) && sha256Of(bytes) === id).toBe(true);
    });
    // The same bytes at the same moment, by two: kept once, noted each time.
    const twice = Buffer.from('the same answer');
    const [a, b] = await Promise.all([raw.keep(twice, from), raw.keep(twice, from)]);
    expect(a.raw_sha256).toBe(b.raw_sha256);
    expect(await raw.list({ vendor: 'practice', surface: 'raw' }, 1_000)).toHaveLength(502);
    expect((await kept.admin.query('select from data.raw_bytes where raw_sha256 = $1', [a.raw_sha256])).rows).toHaveLength(1);

    // Not for another clinic, under whatever id.
    const elsewhere = openRawBooks({ pool, vault, random: systemRandom, tenant_id: there });
    expect(await elsewhere.read(ids[1] as string)).toBeUndefined();
    // No clear byte of them is in the database.
    const { rows } = await kept.admin.query(
      "select count(*)::int as n from data.vault_secrets where position('the same answer'::bytea in ciphertext) > 0",
    );
    expect(rows).toEqual([{ n: 0 }]);

    // Swapped in the vault, and swapped beside it: each is refused.
    const refused = async (id: string) => expect(await raw.read(id).catch((error: unknown) => error)).toBeInstanceOf(VaultRefusal);
    const beyondTheGuards = async (...statements: string[]) => {
      await kept.admin.query("begin; set local app.migrating = 'on'; alter table data.raw_bytes disable trigger append_only");
      for (const sql of statements) await kept.admin.query(sql);
      await kept.admin.query('alter table data.raw_bytes enable always trigger append_only; commit');
    };
    const secret = async (n: number) =>
      (await kept.admin.query<{ secret_id: string }>('select secret_id from data.raw_bytes where raw_sha256 = $1', [ids[n]])).rows[0]
        ?.secret_id;
    const [one, two, three, four] = [await secret(1), await secret(2), await secret(3), await secret(4)];
    await beyondTheGuards(
      `update data.raw_bytes set secret_id = gen_random_uuid() where secret_id = '${one}'`,
      `update data.raw_bytes set secret_id = '${one}' where secret_id = '${two}'`,
      `update data.raw_bytes set secret_id = '${two}' where raw_sha256 = '${ids[1]}'`,
    );
    for (const id of [ids[1], ids[2]]) await refused(id as string);
    await kept.admin.query(
      `update data.vault_secrets x set (nonce, ciphertext, wrapped_dek) =
         (select nonce, ciphertext, wrapped_dek from data.vault_secrets y where y.id <> x.id and y.id = any ($1)) where x.id = any ($1)`,
      [[three, four]],
    );
    for (const id of [ids[3], ids[4]]) await refused(id as string);
    expect((await raw.read(ids[5] as string))?.equals(bodies[5] as Buffer)).toBe(true);
  });
});

describe('recipes that are delivered', () => {
  verifies('wires:recipes-delivered', async () => {
    const desk = openRecipeDesk(kept.admin);
    const [ours, stranger] = [aSigner('recipes-2026'), aSigner('stranger')];
    expect(await desk.pin(ours.key_id, ours.x)).toBe(true);
    expect(await desk.pin(ours.key_id, stranger.x)).toBe(false);
    const [mine, theirs] = [await aKeeper(here), await aKeeper(there)];
    const inUse = async () => {
      const { pool } = await kept.another();
      const versions = await Promise.all([here, there].map((tenant_id) => openRecipes(pool, { tenant_id }).inUse(WEIGHTS)));
      return versions.map((recipe) => recipe?.version);
    };
    const bundles = async () =>
      (await kept.admin.query('select version from guard.recipe_bundles order by version')).rows.map(({ version }) => version);
    const why = async (bytes: Buffer) => {
      const read = await desk.deliver(bytes);
      return 'refused' in read ? read.says : 'taken';
    };

    // What is not signed by a pinned key leaves nothing.
    expect(await why(stranger.bundle(2))).toBe('It is signed by a key that is not pinned here. Nothing of it was read; ask who made it.');
    const altered = Buffer.from(ours.bundle(2).toString().replace('"version":2', '"version":3'));
    expect(await why(altered)).toContain('Its signature does not fit its content');
    expect([await desk.list(), await bundles(), await inUse()]).toEqual([[], [], [undefined, undefined]]);

    // Tried by one clinic, and there only; broken there, it is taken back at once, and never returns.
    expect(await why(ours.bundle(2))).toBe('taken');
    expect(await why(ours.bundle(2))).toBe('A version as new or newer is here already.');
    expect(await inUse()).toEqual([undefined, undefined]);
    await desk.feed(WEIGHTS, { is: 'approved', version: 2 }, { cohort: [here], ...UNTRIED });
    expect(await inUse()).toEqual([2, undefined]);
    await mine.page(WEIGHTS, ANSWER, page(CHANGED));
    expect(await inUse()).toEqual([undefined, undefined]);
    for (const version of [1, 2]) expect(await why(ours.bundle(version))).toContain('was taken back here');
    expect(await bundles()).toEqual([2]);
    // Whoever stores it past the program.
    for (const change of [{ canary: 2 }, { active: 2 }, { delivered: 2 }, { taken_back: 0 }])
      await expect(
        kept.admin.query('update guard.recipe_deliveries set revision = revision + 1, state = state || $1, cohort = array[$2::uuid]', [
          change,
          here,
        ]),
      ).rejects.toThrow('what was taken back never returns');

    // The next one stands its trial: then it is in force for all, and by a person's word it is not.
    expect(await why(ours.bundle(3))).toBe('taken');
    await desk.feed(WEIGHTS, { is: 'approved', version: 3 }, { cohort: [here, there], ...UNTRIED });
    for (let n = 0; n < 20; n += 1) await look(mine, WEIGHTS, weights(70.5));
    expect(await desk.list()).toMatchObject([{ state: { canary: 3, active: null }, stood: [here] }]);
    for (let n = 0; n < 20; n += 1) await look(theirs, WEIGHTS, weights(70.5));
    expect(await desk.list()).toMatchObject([{ state: { canary: null, active: 3, previous: null, taken_back: 2 }, cohort: [] }]);
    expect(await inUse()).toEqual([3, 3]);
    await desk.feed(WEIGHTS, { is: 'taken_back' });
    expect(await inUse()).toEqual([undefined, undefined]);
    expect(await why(ours.bundle(3))).toContain('was taken back here');

    // The role that works accounts ends a trial, and neither begins one nor puts anything in force.
    expect(await why(ours.bundle(4))).toBe('taken');
    await desk.feed(WEIGHTS, { is: 'approved', version: 4 }, { cohort: [here], ...UNTRIED });
    const [delivery] = await desk.list();
    const { pool } = await kept.another();
    for (const state of [
      { ...delivery?.state, active: 3 },
      { ...delivery?.state, canary: null },
      { ...delivery?.state, canary: null, active: 9, previous: null },
    ])
      await expect(
        query(pool, 'select app.end_recipe_trial($1, $2, $3, $4)', [
          'practice',
          'weights',
          (delivery?.revision ?? 0) + 1,
          JSON.stringify(state),
        ]),
      ).rejects.toThrow('that is no end of a trial');
    await expect(query(pool, "select app.pin_recipe_key('mine', repeat('A', 43))")).rejects.toThrow('permission denied');
    // A bundle that was changed in the database is used by nobody.
    await kept.admin.query("begin; set local app.migrating = 'on'; alter table guard.recipe_bundles disable trigger append_only");
    await kept.admin.query('update guard.recipe_bundles set bytes = $1 where version = 4', [stranger.bundle(4)]);
    await kept.admin.query('alter table guard.recipe_bundles enable always trigger append_only; commit');
    expect(await (await aKeeper(here)).mayUse(WEIGHTS)).toBe(false);
    expect(String(failures.at(-1))).toContain('is not what was delivered');
  });
});
