// Whose money a role sees is written twice: in SQL, where it is enforced, and in roles.ts, where it is told. Here they are held equal.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, aPractitioner, type Row, TENANT } from '../../test/builders/chart.ts';
import * as money from '../../test/builders/money.ts';
import { type Asker, aRecord, type TestRecord } from '../../test/builders/record.ts';
import { verifies } from '../../test/promises.ts';
import type { Permission } from '../operations/operation.ts';
import { permissionsOf, ROLES, type Role } from './roles.ts';

const WITH_CLINICIAN = [
  'charges',
  'claims',
  'claim_lines',
  'remittance_claims',
  'remittance_lines',
  'remittance_adjustments',
  'payments',
  'adjustments',
  'refunds',
  'responsibility_transfers',
] as const;
const OF_THE_CLINIC = [
  'remittances',
  'remittance_provider_adjustments',
  'payouts',
  'statements',
  'memberships',
  'membership_events',
  'leads',
] as const;

/** What is kept of each charge, whoever posted to it. */
const OF_CHARGES = ['open_items', 'earnings'] as const;

/** A row in every table of money for each clinician; in those of the whole clinic, one. */
function rowsOf(patient: Row, clinicians: readonly Row[]) {
  const [remittance, payout] = [money.aRemittance(), money.aPayout()];
  const { membership, events } = money.aMembership(patient, [['2026-01-05T10:00:00-05:00', {}]]);
  const each = clinicians.map(({ id: practitioner_id }) => {
    const charge = money.aCharge(patient, { practitioner_id });
    const claim = money.aClaim(patient, { practitioner_id });
    const payment = money.aPayment(charge, { payout_id: payout.id });
    const answer = money.anAnswer(remittance, claim, { lines: [[10_000, 8_000]], cas: ['CO-45 2000 @1'] });
    return { charge, claim, line: money.aClaimLine(claim), payment, answer };
  });
  return {
    remittances: [remittance],
    payouts: [payout],
    memberships: [membership],
    membership_events: events,
    leads: [money.aLead()],
    statements: [money.aStatement(patient)],
    remittance_provider_adjustments: [
      { tenant_id: TENANT, id: randomUUID(), remittance_id: remittance.id, reason_code: 'WO', amount_cents: 100 },
    ],
    charges: each.map(({ charge }) => charge),
    claims: each.map(({ claim }) => claim),
    claim_lines: each.map(({ line }) => line),
    payments: each.map(({ payment }) => payment),
    refunds: each.map(({ payment }) => money.aRefund(payment)),
    adjustments: each.map(({ charge }) => money.anAdjustment(charge)),
    responsibility_transfers: each.map(({ charge }) => money.aTransfer(charge)),
    ...money.answerRows(each.map(({ answer }) => answer)),
  };
}

describe('whose money a credential sees (M33)', () => {
  const [ada, cora, dan] = [aPatient(), aPractitioner({}), aPractitioner({ given_name: 'Dan' })];
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ patients: [ada], practitioners: [cora, dan], ...rowsOf(ada, [cora, dan]) });
  });
  afterAll(() => record.close());

  /** How many rows of each table straight SQL finds, in the sealed transaction of a credential. */
  const seen = (as: Asker) =>
    record.ask(
      async (_native, tx) => {
        const tables = [...WITH_CLINICIAN, ...OF_THE_CLINIC, ...OF_CHARGES];
        const rows = (table: string) => ((OF_CHARGES as readonly string[]).includes(table) ? 'distinct charge_id' : '*');
        const counts = await Promise.all(
          tables.map((table) => tx.rows<{ n: number }>(`select count(${rows(table)})::int as n from ${table}`)),
        );
        return Object.fromEntries(tables.map((table, at) => [table, counts[at]?.[0]?.n]));
      },
      { as },
    );
  const expected = (with_clinician: number, of_the_clinic: number, of_charges = 0) =>
    Object.fromEntries([
      ...WITH_CLINICIAN.map((table) => [table, with_clinician]),
      ...OF_THE_CLINIC.map((table) => [table, of_the_clinic]),
      ...OF_CHARGES.map((table) => [table, of_charges]),
    ]);

  it('these are all the tables that the policy stands on', async () => {
    const { rows } = await record.admin.query<{ tablename: string }>(
      "select tablename from pg_policies where policyname = 'finance' and tablename <> 'record_changes' order by tablename",
    );
    expect(rows.map(({ tablename }) => tablename)).toEqual([...WITH_CLINICIAN, ...OF_THE_CLINIC, ...OF_CHARGES].sort());
  });

  it('an owner and a biller see every row', async () => {
    expect(await seen({ role: 'owner' })).toEqual(expected(2, 1, 2));
    expect(await seen({ role: 'biller' })).toEqual(expected(2, 1, 2));
  });

  verifies('money:own-scope-in-the-database', async () => {
    expect(await seen({ role: 'physician', practitioner_id: cora.id as string })).toEqual(expected(1, 0));
    const mine = await record.ask((_native, tx) => tx.rows<{ practitioner_id: string }>('select distinct practitioner_id from charges'), {
      as: { role: 'physician', practitioner_id: dan.id as string },
    });
    expect(mine).toEqual([{ practitioner_id: dan.id }]);
  });

  it('a physician who is no clinician of the clinic sees nothing', async () => {
    expect(await seen({ role: 'physician' })).toEqual(expected(0, 0));
  });

  it('everyone else sees no row of any of them, own record or not', async () => {
    for (const role of ['nurse', 'front_desk', 'scheduler', 'quality', 'compliance'] as const)
      expect([role, await seen({ role, practitioner_id: cora.id as string })]).toEqual([role, expected(0, 0)]);
  });

  it('a program sees all of it where it was granted a tool that tells of money, else nothing', async () => {
    expect(await seen({ role: 'integration', permissions: ['labs:read'] })).toEqual(expected(0, 0));
    expect(await seen({ role: 'integration', permissions: ['labs:read', 'claims:read'] })).toEqual(expected(2, 1, 2));
  });

  it('SQL and roles.ts agree for every role and every grant', async () => {
    const inSql = async (role: string, permissions: readonly string[] | null) => {
      const { rows } = await record.admin.query<{ scope: string }>('select guard.finance_of($1, $2) as scope', [role, permissions]);
      return rows[0]?.scope;
    };
    for (const role of Object.keys(ROLES) as Role[]) {
      if (role !== 'integration') expect([role, await inSql(role, null)]).toEqual([role, permissionsOf(role, null).finance]);
    }
    const grants: (Permission[] | null)[] = [
      null,
      [],
      ...ROLES.owner.permissions.map((permission) => [permission]),
      [...ROLES.owner.permissions],
    ];
    for (const grant of grants)
      expect([grant, await inSql('integration', grant)]).toEqual([grant, permissionsOf('integration', grant).finance]);
    expect(await inSql('no such role', null)).toBe('none');
  });
});
