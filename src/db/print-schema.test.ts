import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDatabase, type TestDatabase } from '../../test/pg.ts';
import { printSchema } from './print-schema.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await aDatabase();
  client = new pg.Client(database.admin);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The printed lines that `change` adds and takes away, object by object. */
async function toldOf(change: string): Promise<string[]> {
  const before = blocksOf(await printSchema(client));
  const changed = await aDatabase();
  const other = new pg.Client(changed.admin);
  await other.connect();
  try {
    await other.query("set app.migrating = 'on'");
    await other.query(change);
    const after = blocksOf(await printSchema(other));
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((object) => {
      const [was, is] = [before.get(object) ?? [], after.get(object) ?? []];
      return [
        ...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
        ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
      ];
    });
  } finally {
    await other.end();
    await changed.drop();
  }
}

/** By its first line, which names the object. */
const blocksOf = (printed: string) => new Map(printed.split('\n\n').map((block) => [block.split('\n', 1)[0], block.split('\n')]));

describe('the schema printed from pg_catalog', () => {
  it('is what schema.sql says, on each PostgreSQL', async () => {
    const kept = readFileSync(path.join(import.meta.dirname, 'schema.sql'), 'utf8');
    expect(await printSchema(client), 'npm run gen renews it').toBe(kept);
  });

  it('is the same twice', async () => {
    expect(await printSchema(client)).toBe(await printSchema(client));
  });

  it.each([
    [
      'a table without row security',
      'alter table data.patients disable row level security',
      /^\+ alter table data.patients disable row level security, force/,
    ],
    [
      'row security that spares the owner',
      'alter table data.patients no force row level security',
      /^\+ alter table data.patients enable row level security, no force/,
    ],
    [
      'a second policy',
      "create policy wide on data.patients to app_api using (mrn like 'SYN-%')",
      /^\+ create policy wide on data.patients as permissive for all to app_api using \(\(mrn ~~ 'SYN-%'::text\)\);/,
    ],
    ['a policy that is gone', 'drop policy tenant on data.patients', /^- create policy tenant on data.patients/],
    ['a grant', 'grant delete on data.patients to app_api', /^\+ grant delete, insert, select on table data.patients to app_api;/],
    [
      'a grant of one column',
      'grant update (mrn) on data.patients to app_api',
      /^\+ grant update on table data.patients column mrn to app_api;/,
    ],
    [
      'a function open to everyone',
      'grant execute on function guard.opened_seal() to public',
      /^\+ grant execute on function guard.opened_seal\(\) to public;/,
    ],
    [
      'a function without its search_path',
      'alter function app.tenant() reset search_path',
      /^- {2}SET search_path TO 'pg_catalog', 'pg_temp'/,
    ],
    [
      'a function of another owner',
      'alter function app.user_id() owner to app_owner',
      /^\+ alter function app.user_id\(\) owner to app_owner;/,
    ],
    [
      'another body',
      'create or replace function guard.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$ begin return new; end $$',
      /^\+ AS \$function\$ begin return new; end/,
    ],
    [
      'a trigger that sleeps',
      'alter table guard.sweeps enable row level security; create trigger t before insert on guard.sweeps for each row execute function guard.refuse_change(); alter table guard.sweeps disable trigger t',
      /-- enabled: never$/,
    ],
    [
      'a setting of the serving role',
      "do $$ begin execute format('alter role app_api in database %I set row_security = off', current_database()); end $$",
      /^\+ alter role app_api in this database set row_security=off;/,
    ],
    ['a column', 'alter table data.patients add column nick text default $$x$$', /^\+ {3}nick text default 'x'::text,/],
    [
      'an index',
      'create index spare on data.patients (mrn) where active',
      /^\+ CREATE INDEX spare ON data.patients USING btree \(mrn\) WHERE active;/,
    ],
  ])('tells of %s', async (_, change, line) => {
    const lines = await toldOf(change);
    expect(
      lines.filter((each) => line.test(each)),
      lines.join('\n'),
    ).not.toEqual([]);
  });

  it.each([
    ['a view', 'create view data.open as select 1 as one'],
    ['a rule', 'create rule quiet as on delete to data.patients do instead nothing'],
    ['a sequence', 'create sequence data.numbers'],
  ])('refuses to keep silent about %s', async (_, change) => {
    await expect(toldOf(change)).rejects.toThrow('teach src/db/print-schema.ts');
  });
});
