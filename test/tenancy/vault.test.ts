// The vault under hostile SQL: of the serving role, of the sending role, and of the keeping role, which has its functions and no more.
import type pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { FUNCTIONS } from '../catalog/reviewed-functions.ts';
import { verifies } from '../promises.ts';
import { aStage, type Stage } from './stage.ts';

let stage: Stage;
let api: pg.Client;
let sender: pg.Client;
let keeper: pg.Client;
beforeAll(async () => {
  stage = await aStage();
  [api, sender, keeper] = [await stage.connect(), await stage.connect(stage.database.sender), await stage.connect(stage.database.keeper)];
});
afterAll(() => stage.close());

const VAULT = ['vault_keys', 'vault_secrets'];
const told = async (client: pg.Client, sql: string) => {
  const answer = await client.query(sql).then(
    (results) => JSON.stringify([results].flat().map(({ rows }) => rows)),
    (error: pg.DatabaseError) => `${error.code} ${error.message}`,
  );
  await client.query('rollback');
  return answer;
};
/** Every function that the keeper may call, and the one that only the migrator may, called with nulls of its types. */
const calls = Object.entries(FUNCTIONS)
  .filter(([signature, { keeps }]) => keeps || signature.startsWith('app.forget_vault'))
  .map(
    ([signature]) =>
      `select ${signature.replace(
        /\(.*\)/,
        (types) =>
          `(${types
            .slice(1, -1)
            .split(',')
            .filter(Boolean)
            .map((type) => `null::${type}`)})`,
      )}`,
  );

verifies('vault:keeper-role-alone', async () => {
  const { a } = stage;
  expect(calls.length).toBeGreaterThan(11);
  for (const who of ['', `select app.enter(${a.live.sql});`, `select app.enter(${a.login.sql});`]) {
    for (const table of VAULT)
      for (const sql of [
        `select * from data.${table}`,
        `select count(*) from data.${table}`,
        `delete from data.${table}`,
        `table data.${table}`,
      ])
        expect(await told(api, `begin; ${who} ${sql}`), sql).toMatch(/^42501 permission denied for table/);
    for (const sql of calls) expect(await told(api, `begin; ${who} ${sql}`), sql).toMatch(/^42501 permission denied for function/);
  }
  for (const sql of [...calls, ...VAULT.map((table) => `select * from data.${table}`)])
    expect(await told(sender, `begin; ${sql}`), sql).toMatch(/^42501 permission denied/);

  // As app_keeper: one secret by its id, and no table, no other function, no other role.
  expect(await told(keeper, `begin; select * from app.read_secret('${a.tenant_id}', '${a.rows.vault_secrets?.id}')`)).toContain(
    '"version":1',
  );
  expect(await told(keeper, `begin; select * from app.read_secret('${stage.b.tenant_id}', '${a.rows.vault_secrets?.id}')`)).toBe('[[],[]]');
  for (const { name } of stage.tables)
    expect(await told(keeper, `begin; select * from data.${name}`), name).toMatch(/^42501 permission denied/);
  for (const table of ['grants', 'seal_key', 'tenant_keys'])
    expect(await told(keeper, `begin; select * from guard.${table}`)).toMatch(/^42501/);
  for (const sql of [
    ...[
      `select app.enter(${a.live.sql})`,
      `select * from app.identify(${a.live.sql})`,
      'select app.tenant()',
      'select * from app.take_message(now())',
    ],
    ...[`select app.forget_vault('${a.tenant_id}')`, `select guard.newest_vault_key('${a.tenant_id}')`],
    ...['set role app_api', 'set role app_sender', 'set role app_guard', 'create table public.x ()', 'create temporary table x ()'],
  ])
    expect(await told(keeper, `begin; ${sql}`), sql).toMatch(/^42501/);
});
