// The schema as pg_catalog has it keeps every rule of security.md G3 (1), and every rule sees what breaks it.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED } from './catalog/planted.ts';
import { complaints, FUNCTION_RULES, ROLE_RULES, RULES, TABLE_RULES } from './catalog/rules.ts';
import { aDatabase, type TestDatabase } from './pg.ts';

let database: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  database = await aDatabase();
  admin = new pg.Client(database.admin);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

describe.each([
  ['tables', TABLE_RULES],
  ['roles', ROLE_RULES],
  ['functions and the rest', FUNCTION_RULES],
])('%s of a freshly migrated database', (_, rules) => {
  it.each(Object.keys(rules))('%s', async (rule) => {
    expect(await complaints(admin, rule)).toEqual([]);
  });
});

describe('every rule goes red for', () => {
  it.each(Object.entries(PLANTED).flatMap(([rule, faults]) => faults.map(([sql, told]) => ({ rule, sql, told }))))(
    '$rule: $sql',
    async ({ rule, sql, told }) => {
      const before = await complaints(admin, rule);
      const after = await planted(sql, () => complaints(admin, rule));
      expect(after.filter((complaint) => !before.includes(complaint))).toContainEqual(expect.stringMatching(told));
      expect(await complaints(admin, rule)).toEqual(before);
    },
  );
  it('at least one fault each', () => {
    expect(Object.keys(RULES).filter((rule) => (PLANTED[rule]?.length ?? 0) === 0)).toEqual([]);
  });
});

/** Runs `look` in a transaction with the fault in it. Roles are of the whole server: another test file may be changing one at the same moment. */
async function planted<T>(sql: string, look: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn += 1) {
    try {
      await admin.query(`begin; set local app.migrating = 'on'; set local client_min_messages = error; ${sql}`);
      return await look();
    } catch (error) {
      if (turn === 10 || !(error instanceof pg.DatabaseError && error.message === 'tuple concurrently updated')) throw error;
    } finally {
      await admin.query('rollback');
    }
  }
}
