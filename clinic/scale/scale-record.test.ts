// One clinic of the bench in a real database, with every trigger, check and foreign key on, and what the tools say of it.
import { once } from 'node:events';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordKind } from '../../src/domains/changes.ts';
import { INBOX_KINDS } from '../../src/domains/inbox.ts';
import { MEASURE_NAMES } from '../../src/domains/measures.ts';
import type { Native } from '../../test/builders/record.ts';
import { aRecord, type TestRecord } from '../../test/builders/record.ts';
import { settled } from '../../test/pg.ts';
import { chartOf } from './chart.ts';
import { clinicOf } from './clinic.ts';
import { cliniciansOf, personOf, population, practitionerId, tenantId } from './population.ts';
import { COLUMNS, noLines, SCALE_TABLES, type ScaleTable } from './tables.ts';

const AS_OF = '2026-11-20';
const YEAR = { from: '2025-11-21', to: '2026-11-19' };
const people = population({ seed: 7, as_of: AS_OF, patients: 40_000, tenants: 40 });
/** The ninth: a thousand patients. */
const TENANT = 8;
const tenant_id = tenantId(people, TENANT);
const size = people.clinics[TENANT] as number;

let record: TestRecord;
/** What the triggers noted while the rows came in. */
let noted: Set<string>;

beforeAll(async () => {
  record = await aRecord({ now: `${AS_OF}T15:00:00Z` });
  const practitioners = Array.from({ length: cliniciansOf(size) }, (_, n) => practitionerId(people, TENANT, n));
  await record.load({
    tenant_id,
    practitioners: practitioners.map((id) => ({ tenant_id, id, family_name: 'Scale', given_name: 'Clinician' })),
  });
  const lines = noLines();
  clinicOf(people, TENANT, lines);
  for (let patient = 0; patient < size; patient++) chartOf(people, TENANT, patient, lines);
  for (const table of SCALE_TABLES) if (table !== 'record_changes') await copy(table, lines[table]);
  const { rows } = await record.admin.query<{ told: string }>(
    'select kind || record_id as told from data.record_changes where tenant_id = $1',
    [tenant_id],
  );
  noted = new Set(rows.map(({ told }) => told));
  await record.admin.query('delete from data.record_changes where tenant_id = $1', [tenant_id]);
  await copy('record_changes', lines.record_changes);
  await record.admin.query('analyze');
});
afterAll(() => record.close());

async function copy(table: ScaleTable, lines: readonly string[]): Promise<void> {
  const stream = (record.admin as pg.Client).query(copyFrom(`copy data.${table} (${COLUMNS[table].replaceAll(' ', ', ')}) from stdin`));
  const done = once(stream, 'finish');
  stream.end(`${lines.join('\n')}\n`);
  await done;
}
const ask = <T>(question: (native: Native) => Promise<T>) => record.ask(question, { tenant_id });
const count = async (sql: string) => Number((await record.admin.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]?.n);

describe('a clinic of the bench', () => {
  it('has rows in every table', async () => {
    const empty = [];
    for (const table of SCALE_TABLES) if ((await count(`data.${table} where tenant_id = '${tenant_id}'`)) === 0) empty.push(table);
    expect(empty).toEqual([]);
  });

  it('has changes noted that the triggers note too', async () => {
    const { rows } = await record.admin.query<{ told: string }>(
      'select kind || record_id as told from data.record_changes where tenant_id = $1',
      [tenant_id],
    );
    expect(rows.filter(({ told }) => !noted.has(told))).toEqual([]);
    await settled(record.admin);
    const { changes } = await ask((native) => native.changes.list({ kinds: RecordKind.options, since: '2026-11-13', limit: 50 }));
    expect(changes).toHaveLength(50);
    expect([...changes].sort((a, b) => Date.parse(a.changed_at) - Date.parse(b.changed_at))).toEqual(changes);
  });

  it('is denied nine claims in a hundred, for many reasons, and gets some of it later', async () => {
    const { summary } = await ask(({ claims }) => claims.denials({ ...YEAR, limit: 20 }));
    expect(summary.first_pass_denial_rate.rate).toBeGreaterThan(0.05);
    expect(summary.first_pass_denial_rate.rate).toBeLessThan(0.14);
    expect(summary.by_class.length).toBeGreaterThan(3);
    const later = await ask(({ claims }) => claims.denials({ ...YEAR, state: 'paid_later', limit: 5 }));
    expect(later.denials.length).toBeGreaterThan(0);
    const waiting = await ask(({ claims }) => claims.list({ older_than_days: 0, lines: true, limit: 5 }));
    expect(waiting.claims.length).toBe(5);
  });

  it('has remittances that balance and are posted, but for the newest', async () => {
    const { remittances } = await ask((native) =>
      native.remittances.list({ from: '2026-01-01', to: '2026-09-30', claims_from: 1, limit: 500 }),
    );
    expect(remittances.length).toBeGreaterThan(50);
    expect(remittances.filter(({ balanced, unmatched_claims }) => !balanced || unmatched_claims > 0)).toEqual([]);
    expect(remittances.filter(({ posted }) => posted !== 'posted')).toEqual([]);
    const { remittances: undone } = await ask((native) => native.remittances.list({ needs_work: true, claims_from: 1, limit: 50 }));
    expect(undone.length).toBeGreaterThan(0);
  });

  it('has books that balance: each ledger moves, and the receivable ends where it must', async () => {
    const books = await ask(({ billing }) => billing.summary(YEAR));
    expect(books.identity.difference_cents).toBe(0);
    expect(books.payouts).toMatchObject({ difference_cents: 0, not_matching: 0 });
    for (const cents of [books.payments.insurance_cents, books.payments.package_cents, books.adjustments.contractual_cents])
      expect(cents).toBeGreaterThan(0);
    for (const cents of [books.adjustments.write_off_cents, books.adjustments.bad_debt_cents, books.recognized_revenue.memberships_cents])
      expect(cents).toBeGreaterThan(0);
    expect(books.receivable.closing.credits_cents).toBe(0);
    expect(books.net_collection_rate.rate).toBeGreaterThan(0.75);
    expect(books.net_collection_rate.rate).toBeLessThan(1.02);
  });

  it('asks patients for what they owe', async () => {
    const { statements } = await ask((native) => native.statements.list({ overdue: true, limit: 20 }));
    expect(statements.length).toBe(20);
    const [first] = statements;
    const owed = await ask(({ balances }) => balances.get({ patient_id: first?.patient_id as string, limit: 10 }));
    expect(owed.patient_cents).toBeGreaterThan(0);
  });

  it('has work to do in its plans, grants and referrals', async () => {
    const due = await ask((native) => native.care_plans.due({ within_days: 30, limit: 20 }));
    expect(due.summary?.total).toBeGreaterThan(50);
    const low = await ask(({ authorizations }) => authorizations.list({ state: 'current', low_only: true, limit: 5 }));
    expect(low.authorizations.length).toBeGreaterThan(0);
    const late = await ask(({ referrals }) => referrals.list({ awaiting: 'report', limit: 5 }));
    expect(late.referrals.length).toBe(5);
    const asked = await ask(({ prior_authorizations }) => prior_authorizations.list({ limit: 5 }));
    expect(asked.prior_authorizations.length).toBe(5);
  });

  it('is measured: screening, sugar, kidneys and pressure are neither done for all nor for none', async () => {
    const { measures } = await ask((native) =>
      native.measures.summary({ measures: MEASURE_NAMES, period: { from: '2026-01-01', to: '2026-12-31' } }),
    );
    for (const { measure, numerator, denominator } of measures) {
      expect(denominator, measure).toBeGreaterThan(20);
      expect(numerator, measure).toBeGreaterThan(0);
      expect(numerator, measure).toBeLessThan(denominator);
    }
  });

  it('has members who come and go, and people who ask and do not come', async () => {
    const members = await ask(({ memberships }) => memberships.metrics({ month: '2026-11' }));
    expect(members.mrr_cents).toBeGreaterThan(0);
    expect(members.by_plan.length).toBeGreaterThan(2);
    const funnel = await ask(({ leads }) => leads.funnel({ ...YEAR, within_days: 90 }));
    expect(funnel.leads / size).toBeGreaterThan(0.03);
    expect(funnel.leads / size).toBeLessThan(0.12);
    const reached = funnel.stages.map(({ of_cohort }) => of_cohort.numerator);
    expect(reached).toEqual([...reached].sort((a, b) => b - a));
    expect(reached.at(-1)).toBeGreaterThan(0);
  });

  it('has an inbox of every kind, and forms that are missing', async () => {
    const { counts } = await ask((native) => native.inbox.list({ kinds: INBOX_KINDS, unread_only: false, clinical: true, limit: 20 }));
    for (const kind of ['message', 'result', 'task', 'refill', 'unsigned_note'] as const) expect(counts?.[kind], kind).toBeGreaterThan(0);
    const { intakes } = await ask(({ intake_forms }) =>
      intake_forms.status({ from: AS_OF, to: '2026-12-05', missing_only: true, limit: 20 }),
    );
    expect(intakes.length).toBe(20);
  });

  it('tells of one patient what is there', async () => {
    const { rows } = await record.admin.query<{ patient_id: string }>(
      'select patient_id from data.prescriptions join data.allergies using (tenant_id, patient_id) where tenant_id = $1 limit 1',
      [tenant_id],
    );
    const patient_id = rows[0]?.patient_id as string;
    expect((await ask(({ allergies }) => allergies.list({ patient_id, limit: 5 }))).allergies.length).toBeGreaterThan(0);
    expect((await ask(({ prescriptions }) => prescriptions.list({ patient_id, limit: 5 }))).prescriptions.length).toBeGreaterThan(0);
  });

  it('is found by its record numbers', async () => {
    const other = tenantId(people, 39);
    const lines = noLines();
    for (let patient = 0; patient < 50; patient++) chartOf(people, 39, patient, lines);
    const patients = lines.patients.map((text) =>
      Object.fromEntries(text.split('\t').map((cell, i) => [COLUMNS.patients.split(' ')[i], cell === '\\N' ? null : cell])),
    );
    const practitioners = Array.from({ length: cliniciansOf(people.clinics[39] as number) }, (_, n) => practitionerId(people, 39, n));
    await record.load({
      tenant_id: other,
      practitioners: practitioners.map((id) => ({ tenant_id: other, id, family_name: 'Scale', given_name: 'Clinician' })),
      patients,
    });
    const { mrn } = personOf(people, 39, 5);
    const found = await record.ask(({ patients }) => patients.search({ query: mrn, limit: 3 }), { tenant_id: other });
    expect(found.patients[0]?.mrn).toBe(mrn);
  });
});
