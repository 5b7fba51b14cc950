// What is kept of each patient and code is what the results themselves say, whatever is done to them and by how many at once.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anotherSession, atOnce } from '../../../test/at-once.ts';
import { aLabResult, aPatient, type Row, TENANT } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { Admin } from '../../db/pool.ts';
import { loadRows } from './load.ts';

const OTHER = '00000000-0000-4000-8000-000000000002';
const CODES = ['2345-7', '4548-4', '2160-0'];
const [ada, ben] = [aPatient(), aPatient({ family_name: 'Ruiz', given_name: 'Ben' })];
const cora = aPatient({ tenant_id: OTHER });
const theirs = aLabResult(cora, { value: 71 });

let record: TestRecord;
let other: Admin;
beforeAll(async () => {
  record = await aRecord({ patients: [ada, ben] });
  await record.load({ tenant_id: OTHER, patients: [cora], lab_results: [theirs] });
  other = await anotherSession(record);
});
afterAll(async () => {
  await other.end();
  await record.close();
});

/** What is kept besides what the results say, and what they say besides what is kept. */
const WRONG = `
  with said as (
    select distinct on (r.tenant_id, r.patient_id, r.loinc) r.tenant_id, r.loinc, r.patient_id, r.id, r.collected_at, r.value, r.unit
    from data.lab_results r
    where r.status in ('final', 'amended', 'corrected') and r.value is not null and r.loinc is not null
      and r.id not in (select c.corrects from data.lab_results c where c.corrects is not null and c.status <> 'entered_in_error')
    order by r.tenant_id, r.patient_id, r.loinc, r.collected_at desc, r.id desc)
  (select 'kept' as what, k.* from data.last_lab_results k except select 'kept', s.* from said s)
  union all
  (select 'said', s.* from said s except select 'said', k.* from data.last_lab_results k)`;
const wrong = async () => (await record.admin.query(WRONG)).rows;

interface Step {
  what:
    | 'add'
    | 'correct'
    | 'preliminary'
    | 'final'
    | 'entered_in_error'
    | 'empty'
    | 'fill'
    | 'code'
    | 'patient'
    | 'date'
    | 'point'
    | 'remark'
    | 'delete';
  code: number;
  day: number;
  which: number;
  to: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('add' as const, 'correct' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ...(['preliminary', 'final', 'entered_in_error', 'empty', 'fill', 'code', 'patient', 'date', 'point', 'remark', 'delete'] as const),
      ),
    },
  ),
  code: fc.nat(CODES.length),
  day: fc.integer({ min: 1, max: 5 }),
  which: fc.nat(100),
  to: fc.nat(100),
});

const at = (day: number) => `2026-10-${String(day + 1).padStart(2, '0')}T08:00:00-04:00`;
const UPDATES: Partial<Record<Step['what'], string>> = {
  preliminary: "status = 'preliminary'",
  final: "status = 'final'",
  entered_in_error: "status = 'entered_in_error'",
  empty: 'value = null',
  fill: 'value = 42',
  code: 'loinc = $2',
  patient: 'patient_id = $2',
  date: 'collected_at = $2',
  point: 'corrects = $2',
  remark: "comment = 'seen'",
};

/** Does one step to the results that are there; `ids` are theirs. */
async function take(one: Step, ids: string[]): Promise<void> {
  const [id, to] = [ids[one.which % ids.length], ids[one.to % ids.length]];
  if (one.what === 'add' || one.what === 'correct' || id === undefined) {
    const corrects = one.what === 'correct' && id !== undefined ? { corrects: id, status: 'corrected' } : {};
    const row = aLabResult(one.to % 2 ? ada : ben, {
      loinc: CODES[one.code] ?? null,
      collected_at: at(one.day),
      value: one.which,
      ...corrects,
    });
    await record.load({ lab_results: [row] });
    ids.push(row.id as string);
  } else if (one.what === 'delete') {
    await record.admin.query('update data.lab_results set corrects = null where corrects = $1', [id]);
    await record.admin.query('delete from data.lab_results where id = $1', [id]);
    ids.splice(ids.indexOf(id), 1);
  } else {
    const set = UPDATES[one.what] as string;
    const value = { code: CODES[one.code] ?? null, patient: (one.to % 2 ? ada : ben).id, date: at(one.day), point: to }[one.what as 'code'];
    await record.admin.query(`update data.lab_results set ${set} where id = $1`, set.includes('$2') ? [id, value] : [id]);
  }
}

const emptied = () => record.admin.query('delete from data.lab_results where tenant_id = $1', [ada.tenant_id]);

describe('the last result of a patient and code', () => {
  it('is the one the results say, after each step of any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await emptied();
        const ids: string[] = [];
        for (const one of steps) {
          await take(one, ids);
          expect(await wrong()).toEqual([]);
        }
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it('gives way to a correction, and comes back when that was the error', async () => {
    await emptied();
    const first = aLabResult(ada, { value: 96 });
    const correction = aLabResult(ada, { value: 69, corrects: first.id, status: 'corrected' });
    await record.load({ lab_results: [correction, first] });
    const kept = async () =>
      (await record.admin.query('select lab_result_id as id from data.last_lab_results where patient_id = $1', [ada.id])).rows;
    expect(await kept()).toEqual([{ id: correction.id }]);
    await record.admin.query("update data.lab_results set status = 'entered_in_error' where id = $1", [correction.id]);
    expect(await kept()).toEqual([{ id: first.id }]);
  });

  it('holds through one import of five thousand, corrections among them, in any order', async () => {
    await emptied();
    const people = Array.from({ length: 200 }, () => aPatient());
    const plain = people.flatMap((patient, i) =>
      Array.from({ length: 20 }, (_, n) => aLabResult(patient, { loinc: CODES[n % 3], value: n, collected_at: at((i + n * 7) % 20) })),
    );
    const corrections = plain
      .slice(0, 1000)
      .map((row, i) => aLabResult(row, { ...row, id: randomUUID(), corrects: row.id, status: i % 9 ? 'corrected' : 'entered_in_error' }));
    await record.load({ patients: people });
    const importer = await anotherSession(record); // as an import has: a session that has planned nothing for a table of ten rows
    await importer.query('begin');
    await loadRows(importer, { lab_results: [...corrections, ...plain] });
    await importer.query('commit');
    await importer.end();
    await record.admin.query('analyze data.lab_results');
    expect(await wrong()).toEqual([]);
    const { rows } = await record.admin.query('select count(*)::int as n from data.last_lab_results where tenant_id = $1', [ada.tenant_id]);
    expect(rows).toEqual([{ n: 600 }]);
  });

  it('goes with the last result that says it', async () => {
    await emptied();
    const { rows } = await record.admin.query('select lab_result_id as id, value from data.last_lab_results');
    expect(rows).toEqual([{ id: theirs.id, value: '71' }]);
  });
});

describe('two who write at once', () => {
  async function held(first: (client: Admin) => Promise<unknown>, second: (client: Admin) => Promise<unknown>): Promise<void> {
    await atOnce([record.admin, other], first, second);
    expect(await wrong()).toEqual([]);
  }
  const adding = (row: Row) => (client: Admin) => loadRows(client, { lab_results: [row] });
  const setting = (set: string, row: Row) => (client: Admin) => client.query(`update data.lab_results set ${set} where id = $1`, [row.id]);
  const removing = (row: Row) => (client: Admin) => client.query('delete from data.lab_results where id = $1', [row.id]);

  it('keep the later result, whoever commits first', async () => {
    for (let round = 0; round < 100; round++) {
      if (round % 2 === 0) await emptied();
      const [older, newer] = [aLabResult(ada, { collected_at: at(1) }), aLabResult(ada, { collected_at: at(2) })];
      await (round % 4 < 2 ? held(adding(older), adding(newer)) : held(adding(newer), adding(older)));
    }
  });

  const CHANGES: Record<string, (last: Row, before: Row) => (client: Admin) => Promise<unknown>> = {
    'adds a later one': () => adding(aLabResult(ada, { collected_at: at(9) })),
    'adds an earlier one': () => adding(aLabResult(ada, { collected_at: at(1) })),
    'corrects the last': (last) => adding(aLabResult(ada, { corrects: last.id, status: 'corrected', collected_at: last.collected_at })),
    'corrects the one before': (_, before) => adding(aLabResult(ada, { corrects: before.id, status: 'corrected', loinc: '2160-0' })),
    'takes the last out': (last) => setting("status = 'entered_in_error'", last),
    'gives the one before another code': (_, before) => setting("loinc = '4548-4'", before),
    'deletes the one before': (_, before) => removing(before),
    'dates the one before later': (_, before) => setting("collected_at = '2026-10-20T08:00:00Z'", before),
    'makes the last preliminary': (last) => setting("status = 'preliminary'", last),
  };
  const pairs = Object.keys(CHANGES).flatMap((one) => Object.keys(CHANGES).map((another) => [one, another] as const));
  const sameRow = /the one before.*the one before|the last.*the last/;

  it.each(pairs.filter(([one, another]) => !(sameRow.test(`${one} ${another}`) && /deletes/.test(`${one} ${another}`))))(
    'one %s, one %s',
    async (one, another) => {
      await emptied();
      const before = aLabResult(ada, { collected_at: at(3) });
      const last = aLabResult(ada, { collected_at: at(5) });
      await record.load({ lab_results: [before, last] });
      await held((CHANGES[one] as (typeof CHANGES)[string])(last, before), (CHANGES[another] as (typeof CHANGES)[string])(last, before));
    },
  );
});

describe('nobody writes it but the trigger', () => {
  it.each([
    'update data.last_lab_results set value = 1',
    'delete from data.last_lab_results',
    'insert into data.last_lab_results default values',
  ])('the serving role is refused: %s', async (sql) => {
    await record.admin.query('set role app_api');
    await expect(record.admin.query(sql)).rejects.toThrow('permission denied');
    await record.admin.query('reset role');
  });

  it('a clinic reads its own and no other', async () => {
    await emptied();
    await record.load({ lab_results: [aLabResult(ada)] });
    const seen = (tenant_id: string) =>
      record.ask((_, tx) => tx.rows<{ patient_id: string }>('select patient_id from last_lab_results', []), { tenant_id });
    expect(await seen(TENANT)).toEqual([{ patient_id: ada.id }]);
    expect(await seen(OTHER)).toEqual([{ patient_id: cora.id }]);
  });

  it('a correction is refused where a transaction sees only what was there at its beginning', async () => {
    const first = aLabResult(ben);
    await record.load({ lab_results: [first] });
    await other.query('begin isolation level repeatable read');
    await expect(loadRows(other, { lab_results: [aLabResult(ben, { corrects: first.id })] })).rejects.toThrow('READ COMMITTED');
    await other.query('rollback');
  });
});
