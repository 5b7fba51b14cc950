// What the planner tells of other clinics. PostgreSQL keeps one statistic for all of a table's rows, so an estimate can tell what a row may not.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStage, type Stage } from './stage.ts';

let stage: Stage;
let api: pg.Client;
beforeAll(async () => {
  stage = await aStage();
  api = await stage.connect();
  // Clinic B is large: half of its patients share one name, the others have each their own.
  await stage.admin.query(
    `insert into data.patients (tenant_id, id, mrn, family_name, given_name, sex, phone, birth_date, created_at)
     select $1, gen_random_uuid(), 'MRN-' || i, case when i % 2 = 0 then 'Commonly' else 'Name' || i end, 'X', 'female', '+1555' || (1000000 + i), '1950-02-01', now()
     from generate_series(1, 10000) i`,
    [stage.b.tenant_id],
  );
  await stage.admin.query(
    "insert into data.patient_tokens (tenant_id, kind, token, patient_id) select tenant_id, 'family', lower(family_name), id from data.patients where tenant_id = $1 and family_name <> $2",
    [stage.b.tenant_id, stage.b.canary],
  );
  await stage.admin.query('analyze');
}, 60_000);
afterAll(() => stage.close());

/** The plan's shape and numbers, without the word that was asked for. */
async function planned(sql: string, word: string): Promise<string> {
  await api.query(`begin; select app.enter(${stage.a.live.sql})`);
  const { rows } = await api.query(`explain (format json) ${sql.replaceAll('$word', `'${word}'`)}`);
  await api.query('rollback');
  return JSON.stringify(rows).replaceAll(word, '…');
}

async function alike(sql: string, words: readonly string[]): Promise<void> {
  const plans: string[] = [];
  for (const word of words) plans.push(await planned(sql, word));
  expect(plans).toEqual(plans.map(() => plans[0]));
}

describe('the estimate for a word of another clinic is that for a word of nobody', () => {
  it('by a key', async () => {
    const { rows } = await stage.admin.query<{ id: string }>("select id from data.patients where mrn = 'MRN-7'");
    await alike('select * from data.patients where id = $word', [rows[0]?.id ?? '', randomUUID()]);
    await alike('select * from data.patients where mrn = $word', ['MRN-7', 'MRN-nobodys']);
    await alike("select * from data.patient_tokens where kind = 'family' and token = $word", ['commonly', 'name7', 'nobodys']);
  });
  it.each(['family_name', 'phone', 'birth_date'])('by %s: common, rare or nobody has it', async (column) => {
    const words = {
      family_name: ['Commonly', 'Name7', 'Nobodys'],
      phone: ['+15551000007', '+15559999999'],
      birth_date: ['1950-02-01', '1901-01-01'],
    };
    await alike(`select * from data.patients where ${column} = $word`, words[column as keyof typeof words]);
  });
  it.each(['family_name', 'phone', 'mrn', 'birth_date'])('by a range of %s, which would tell the values one by one', async (column) => {
    const words = {
      family_name: ['Name5', 'Zz'],
      phone: ['+15551005000', '+15559999999'],
      mrn: ['MRN-5', 'ZZZ'],
      birth_date: ['1950-01-31', '1950-02-02'],
    };
    await alike(`select * from data.patients where ${column} < $word`, words[column as keyof typeof words]);
  });
});

describe('what PostgreSQL cannot hide from who may EXPLAIN', () => {
  it('how many rows all clinics have together, and a clinic whose id one knows has many or few', async () => {
    const rowsOf = async (id: string) =>
      Number(/"Plan Rows":(\d+)/.exec(await planned('select * from data.patients where tenant_id = $word', id))?.[1]);
    // The filter names one clinic and the policy another, and still the estimate is of the named one. Ids of clinics are random and in no answer of another.
    expect(await rowsOf(stage.b.tenant_id)).toBeGreaterThanOrEqual(await rowsOf(randomUUID()));
    const { rows } = await api.query<{ reltuples: number }>("select reltuples from pg_class where oid = 'data.patients'::regclass");
    expect(rows[0]?.reltuples).toBeGreaterThan(10_000);
  });
});
