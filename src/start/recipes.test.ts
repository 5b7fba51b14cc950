// `attending recipes …` on a folder of its own, as an operator types it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ANSWER, aSigner, CONTRACT, page, WEIGHTS } from '../../test/builders/contracts.ts';
import { aSweptFolder } from '../../test/sweep.ts';
import { systemClock } from '../base/clock.ts';
import { openLog } from '../base/log.ts';
import { systemRandom as random } from '../base/random.ts';
import { openContractBooks } from '../connections/contract-books.ts';
import { openContractKeeper } from '../connections/contract-keeper.ts';
import { JsonContract } from '../connections/contract-shape.ts';
import { openEvidence } from '../connections/raw-books.ts';
import { openRecipes } from '../connections/recipe-books.ts';
import { openFolderVault, type Vault } from '../connections/vault.ts';
import { type Admin, openAdmin, openPool, type Pool } from '../db/pool.ts';
import { createSandboxTenant } from '../governance/users.ts';
import { bringUp } from './database.ts';
import { recipesCommand } from './recipes.ts';

const { folder, sweep } = aSweptFolder();
const where = { data_folder: path.join(folder, 'data'), postgres_bin: inject('cluster').bin_folder };
const [here, there] = [random.uuid(), random.uuid()];
let admin: Admin;
let pool: Pool;
let vault: Vault;
const failures: unknown[] = [];
beforeAll(async () => {
  const database = await bringUp(where, { random, log: () => {} });
  admin = await openAdmin(database.admin);
  if (!database.keeper) throw new Error('a private server has a keeper');
  pool = openPool(database.keeper, { max: 2, failed: () => {} });
  ({ vault } = await openFolderVault({ data_folder: where.data_folder, pool, random }));
  for (const [tenant_id, name] of [
    [here, 'Juniper Street Clinic'],
    [there, 'Cedar Hollow Family Health'],
  ] as const) {
    await createSandboxTenant(admin, random, { tenant_id, name, time_zone: 'America/New_York' }, []);
    await admin.query('insert into data.connections (tenant_id, id, vendor) values ($1, $2, $3)', [tenant_id, random.uuid(), 'practice']);
  }
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await sweep();
});

const run = async (...args: string[]) => {
  const lines: string[] = [];
  await recipesCommand({ where, args, clock: systemClock, random, log: openLog('silent'), print: (line) => lines.push(line) });
  return lines.join('\n');
};
const [ours, stranger] = [aSigner('recipes-2026'), aSigner('recipes-2026')];
const file = (name: string, bytes: Buffer) => {
  const place = path.join(folder, name);
  writeFileSync(place, bytes);
  return place;
};

/** A page on which the number of a weight has another name: one that we do not know, and that could be somebody's. */
const renamed = (name: string) => ({ total: 1, weights: [{ [name]: '1000', kilograms: 70.5 }] });
const contractWith = (name: string) => {
  const { '$.weights[].id': id, ...fields } = CONTRACT.fields;
  return JsonContract.parse({ ...CONTRACT, fields: { ...fields, [`$.weights[].${name}`]: id } });
};
/** What works the accounts of a clinic, as the program has it. */
const keeperOf = (tenant_id: string) =>
  openContractKeeper({
    books: openContractBooks(pool, { tenant_id }),
    recipes: openRecipes(pool, { tenant_id }),
    evidence: openEvidence({ pool, vault, random, tenant_id, clock: systemClock }),
    failed: (error) => failures.push(error),
    limits: { look_every_ms: 0, clean_looks: 20 },
  });

it('an operator pins a key, takes a recipe in, tries it at one clinic and takes it back', async () => {
  await expect(run('burn')).rejects.toThrow('Say what: attending recipes list');
  expect(await run('list')).toBe(
    'No recipe was delivered: every surface is held to the contract of the program.\nNo key is pinned: no recipe can be delivered.',
  );
  await expect(run('pin', 'recipes-2026:short')).rejects.toThrow('32 public bytes in base64url');
  expect(await run('pin', `recipes-2026:${ours.x}`)).toContain('Pinned: recipes-2026.');
  await expect(run('pin', `recipes-2026:${stranger.x}`)).rejects.toThrow('pinned already');

  await expect(run('deliver', file('stranger', stranger.bundle(2)))).rejects.toThrow('Refused. Its signature does not fit its content');
  await expect(run('deliver', file('nothing', Buffer.from('x')))).rejects.toThrow('Refused. It is not a recipe bundle.');
  expect(await run('deliver', file('two', ours.bundle(2)))).toContain(
    'To try it at one clinic: attending recipes approve practice.weights@2',
  );
  expect(await run('list')).toContain('in force: the program’s own; waits for approval: 2');

  await expect(run('approve', 'practice.weights@3')).rejects.toThrow('There is no practice.weights@3 here.');
  await expect(run('approve', 'practice.weights')).rejects.toThrow('is not <vendor>.<surface>@<version>');
  await expect(run('approve', 'practice.weights@2', '--clinic', random.uuid())).rejects.toThrow(
    'No clinic with a connection to this vendor',
  );
  const approved = await run('approve', 'practice.weights@2', '--clinic', there);
  expect(approved).toContain('No page of these clinics is kept that broke what is in force');
  expect(approved).toContain('On trial: practice.weights@2, at Cedar Hollow Family Health.');
  expect(await run('list')).toContain('on trial: 2, stood at 0 of 1 clinics');
  await expect(run('approve', 'practice.weights@2')).rejects.toThrow('does not wait to be tried');

  expect(await run('take-back', 'practice.weights')).toBe(
    'Taken back: practice.weights@2 and what is older never returns.\nThe contract of the program is used again.',
  );
  await expect(run('take-back', 'practice.weights')).rejects.toThrow('nothing is on trial or in force');
  await expect(run('deliver', path.join(folder, 'two'))).rejects.toThrow('was taken back here');
  expect((await admin.query('select app.recipe_in_use($1, $2, $3) as version', [there, WEIGHTS.vendor, WEIGHTS.surface])).rows).toEqual([
    { version: null },
  ]);
});

it('a recipe is tried on the page as the clinics that are to try it saw it last, and on no other', async () => {
  const deliver = (version: number, name: string) =>
    run('deliver', file(String(version), ours.bundle(version, { contract: contractWith(name) })));
  const approve = (version: number, ...more: string[]) => run('approve', `practice.weights@${version}`, ...more);
  const [mine, theirs] = [keeperOf(here), keeperOf(there)];
  for (const keeper of [mine, theirs]) await keeper.page(WEIGHTS, ANSWER, page(renamed('weighing')));
  // What a write was answered with is no page that a recipe speaks of, nor is another surface's.
  await theirs.page({ ...WEIGHTS, surface: 'heights' }, ANSWER, page('<html>'));
  await theirs.looked(WEIGHTS, (await theirs.lookDue(WEIGHTS)).look ?? 0, { ...ANSWER, which: 'sent' }, page('<html>'));
  expect((await admin.query('select page from data.tapes order by at')).rows.map((row) => row.page)).toEqual([
    ...['looked_at', 'looked_at', 'looked_at', 'sent'],
  ]);

  await deliver(3, 'id');
  await expect(approve(3, '--clinic', there)).rejects.toThrow(
    'does not fit it, at 1 of 1 clinic. If it is to be tried all the same, add --although-it-breaks.\nCedar Hollow Family Health: Stopped: $.weights[].id was always there and is missing or empty.',
  );
  await deliver(4, 'weighing');
  expect(await approve(4, '--clinic', here, '--clinic', there)).toContain('Tried on the page as it was seen last, at 2 clinics: it fits.');

  // It breaks on its trial: the next one is tried on what it broke on.
  await theirs.page(WEIGHTS, ANSWER, page(renamed('chit')));
  expect(await run('list')).toContain('taken back up to: 4');
  await deliver(5, 'weighing');
  await expect(approve(5, '--clinic', there)).rejects.toThrow('at 1 of 1 clinic');
  expect(await approve(5, '--clinic', here)).toContain('at 1 clinic: it fits.');
  await deliver(6, 'chit');
  expect(await approve(6, '--clinic', there)).toContain('at 1 clinic: it fits.');
  for (let n = 0; n < 20; n += 1) await theirs.looked(WEIGHTS, (await theirs.lookDue(WEIGHTS)).look ?? 0, ANSWER, page(renamed('chit')));
  expect(await run('list')).toContain('in force: 6');

  // What a clinic saw before the recipe that is in force, and has not looked since, says nothing of the page as it is.
  await deliver(7, 'docket');
  expect(await approve(7, '--clinic', here)).toContain('No page of these clinics is kept that broke what is in force');
  await run('take-back', 'practice.weights');

  // By the operator's word, which is on record with what breaks.
  await theirs.page(WEIGHTS, ANSWER, page(renamed('stub')));
  await deliver(8, 'docket');
  const although = await approve(8, '--clinic', there, '--although-it-breaks');
  expect(although).toContain('at 1 of 1 clinic. That is on record.\nCedar Hollow Family Health: Stopped: $.weights[].docket was always');
  expect(although).toContain('On trial: practice.weights@8');
  const on_record = async () =>
    (await admin.query('select version, cohort, pages, breaks from guard.recipe_approvals order by version desc limit 1')).rows[0];
  expect(await on_record()).toEqual({
    ...{ version: 8, cohort: [there], pages: 1 },
    breaks: ['Cedar Hollow Family Health: Stopped: $.weights[].docket was always there and is missing or empty.'],
  });
  await run('take-back', 'practice.weights');

  // A clinic whose vault was shredded has only tapes, on which what the vendor calls anew is blanked: that is said.
  await vault.shred(there);
  await deliver(9, 'stub');
  await expect(approve(9, '--clinic', there)).rejects.toThrow('At 1 of them the page itself could not be opened: its tape was taken');
  await theirs.page({ ...WEIGHTS, surface: 'heights_too' }, ANSWER, page(renamed('stub')));
  expect(failures.map(String)).toEqual([expect.stringContaining('The vault of this clinic was shredded')]);
  expect((await admin.query('select raw_sha256, url_secret from data.tapes order by at desc limit 1')).rows).toEqual([
    { raw_sha256: null, url_secret: null },
  ]);
  expect(await approve(9, '--clinic', there, '--although-it-breaks')).toContain('At 1 of them the page itself could not be opened');
});
