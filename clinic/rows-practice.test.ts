// Every row of 0006 and 0008 fits the grammars of what shows it, and all of a clinic goes into a real database: columns, checks and keys are the database's own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localInstant } from '../src/base/zone.ts';
import { GRAMMARS, type Grammar } from '../src/domains/mark.ts';
import type { ChartRows } from '../src/sources/native/load.ts';
import { aRecord, type TestRecord } from '../test/builders/record.ts';
import { generateClinic, generatePatient } from './clinic.ts';
import { userOf } from './practice/people.ts';
import { ROSTERS } from './roster.ts';
import type { PracticeChart, PracticeHouse } from './rows-practice.ts';
import { patientIdOf } from './setting.ts';

type Table = keyof PracticeChart | keyof PracticeHouse;
type Fields = Record<string, Grammar>;

/** The text columns that a tool shows as the clinic's own system text. */
const SHOWN: Partial<Record<Table | 'practitioners', Fields>> = {
  practitioners: { email: 'email', phone: 'phone' },
  care_plan_goals: { loinc: 'code', unit: 'unit' },
  care_plan_activities: { loinc: 'code' },
  referrals: { specialty: 'term', other_party: 'term', other_npi: 'digits', reason_icd10: 'code' },
  prior_authorizations: {
    service_name: 'term',
    service_code: 'code',
    reason_icd10: 'code',
    certification_number: 'member_id',
    decision_code: 'code',
  },
  authorizations: { payer: 'term', service_name: 'term', service_code: 'code', modifier: 'code' },
};
const TABLES = [
  'practitioner_hours',
  'schedule_blocks',
  'messages',
  'message_reads',
  'message_consents',
  'tasks',
  'refill_requests',
  'intake_forms',
  'care_plans',
  'care_plan_goals',
  'care_plan_activities',
  'care_plan_completions',
  'referrals',
  'prior_authorizations',
  'authorizations',
  'authorization_uses',
] as const satisfies readonly Table[];

const options = (clinic: 'juniper' | 'cedar') => ({ clinic, seed: 2026, as_of: '2026-11-20' }) as const;

describe.each(['juniper', 'cedar'] as const)('the rows of the day of %s', (clinic) => {
  const whole = generateClinic(options(clinic));

  it.each(Object.entries(SHOWN))('%s: what is shown fits its grammar', (table, fields) => {
    const rows = whole[table as Table] as unknown as Record<string, string | null>[];
    const wrong = rows.flatMap((row) =>
      Object.entries(fields).flatMap(([field, grammar]) => {
        const text = row[field] ?? null;
        return text === null || GRAMMARS[grammar].test(text) ? [] : [`${field} ${text}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('instants are the wall clock of the clinic', () => {
    const at = (rows: readonly object[]) =>
      rows.flatMap((row) =>
        Object.entries(row).flatMap(([field, value]) => (field.endsWith('_at') && value !== null ? [value as string] : [])),
      );
    const instants = TABLES.flatMap((table) => at(whole[table]));
    expect(instants.length).toBeGreaterThan(500);
    expect(instants.filter((each) => localInstant(new Date(each), whole.tenant.time_zone) !== each)).toEqual([]);
  });

  it('no id is there twice', () => {
    const ids = TABLES.flatMap((table) => (whole[table] as unknown as { id?: string }[]).flatMap(({ id }) => id ?? []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('readers and owners are people of the clinic', () => {
    const staff = new Set(whole.staff.map(({ user_id }) => user_id));
    expect(staff).toContain(userOf(options(clinic), 0));
    expect(whole.message_reads.filter(({ user_id }) => !staff.has(user_id))).toEqual([]);
    expect(whole.tasks.filter(({ owner_id }) => owner_id !== null && !staff.has(owner_id))).toEqual([]);
  });

  it('any patient alone has the same messages, forms and plans', () => {
    for (const { key } of ROSTERS[clinic].filter((_, i) => i % 5 === 0)) {
      const alone = generatePatient(options(clinic), key);
      const id = patientIdOf(options(clinic), key);
      for (const table of ['messages', 'intake_forms', 'care_plan_activities', 'authorization_uses'] as const)
        expect(alone[table]).toEqual((whole[table] as { patient_id: string }[]).filter(({ patient_id }) => patient_id === id));
    }
  });
});

describe('a whole clinic goes into the database', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord();
  }, 60_000);
  afterAll(() => record?.close());

  it.each(['juniper', 'cedar'] as const)(
    '%s',
    async (clinic) => {
      const { tenant, staff: _, options: __, connections: ___, ...rows } = generateClinic(options(clinic));
      await record.load({ tenant_id: tenant.tenant_id, ...(rows as ChartRows) });
      for (const table of TABLES) {
        const { rows: counted } = (await record.admin.query(`select count(*)::int as n from data.${table} where tenant_id = $1`, [
          tenant.tenant_id,
        ])) as { rows: { n: number }[] };
        expect([table, counted[0]?.n]).toEqual([table, rows[table].length]);
      }
    },
    60_000,
  );
});
