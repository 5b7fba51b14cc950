// `attending recipes …` on a folder of its own, as an operator types it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aSigner, CHANGED, CONTRACT, WEIGHTS } from '../../test/builders/contracts.ts';
import { aSweptFolder } from '../../test/sweep.ts';
import { systemClock } from '../base/clock.ts';
import { openLog } from '../base/log.ts';
import { systemRandom as random } from '../base/random.ts';
import { vocabularyOf } from '../connections/contract-shape.ts';
import { scrubbed, tapeText } from '../connections/tape.ts';
import { type Admin, openAdmin } from '../db/pool.ts';
import { createSandboxTenant } from '../governance/users.ts';
import { bringUp } from './database.ts';
import { recipesCommand } from './recipes.ts';

const { folder, sweep } = aSweptFolder();
const where = { data_folder: path.join(folder, 'data'), postgres_bin: inject('cluster').bin_folder };
const [here, there] = [random.uuid(), random.uuid()];
let admin: Admin;
beforeAll(async () => {
  const database = await bringUp(where, { random, log: () => {} });
  admin = await openAdmin(database.admin);
  for (const [tenant_id, name] of [
    [here, 'Juniper Street Clinic'],
    [there, 'Cedar Hollow Family Health'],
  ] as const) {
    await createSandboxTenant(admin, random, { tenant_id, name, time_zone: 'America/New_York' }, []);
    await admin.query('insert into data.connections (tenant_id, id, vendor) values ($1, $2, $3)', [tenant_id, random.uuid(), 'practice']);
  }
});
afterAll(async () => {
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
  // The page as it is now does not fit it either: it is not tried on anybody.
  const exchange = {
    ...{ method: 'GET', url: 'https://practice.example/weights', request_headers: [], request_body: null, status: 200 },
    ...{ response_headers: [['content-type', 'application/json']] as const, response_body: Buffer.from(JSON.stringify(CHANGED)) },
  };
  const tape = tapeText(scrubbed(exchange, { key: random.bytes(32), vocabulary: vocabularyOf(CONTRACT) }));
  await admin.query("insert into data.tapes (tenant_id, vendor, surface, version, tape) values ($1, 'practice', 'weights', 1, $2)", [
    there,
    tape,
  ]);
  await expect(run('approve', 'practice.weights@2')).rejects.toThrow(
    'does not fit it, at 1 of 1 clinics. Stopped: $.weights[].id was always there',
  );

  const { '$.weights[].id': _, ...fields } = CONTRACT.fields;
  const number = { types: ['string:digits' as const], required: true, is_id: true };
  const mended = ours.bundle(3, { contract: { ...CONTRACT, fields: { ...fields, '$.weights[].number': number } } });
  expect(await run('deliver', file('three', mended))).toContain('Delivered: practice.weights@3');
  const approved = await run('approve', 'practice.weights@3', '--clinic', there);
  expect(approved).toContain('Tried on the newest tape of 1 clinic: it fits.');
  expect(approved).toContain('On trial: practice.weights@3, at Cedar Hollow Family Health.');
  expect(await run('list')).toContain('on trial: 3, stood at 0 of 1 clinics');
  await expect(run('approve', 'practice.weights@3')).rejects.toThrow('does not wait to be tried');

  expect(await run('take-back', 'practice.weights')).toBe(
    'Taken back: practice.weights@3 and what is older never returns.\nThe contract of the program is used again.',
  );
  await expect(run('take-back', 'practice.weights')).rejects.toThrow('nothing is on trial or in force');
  for (const name of ['two', 'three']) await expect(run('deliver', path.join(folder, name))).rejects.toThrow('was taken back here');
  expect((await admin.query('select app.recipe_in_use($1, $2, $3) as version', [there, WEIGHTS.vendor, WEIGHTS.surface])).rows).toEqual([
    { version: null },
  ]);
});
