import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { GRAMMARS, type Grammar } from '../src/domains/mark.ts';
import { generateClinic } from './clinic.ts';
import type { MoneyRows } from './rows-money.ts';

// The grammar that each text of 0007_money.sql must fit to be shown as the clinic's own; the rest the database checks (test/journeys/recount.test.ts).
const text = (grammar: Grammar) => z.string().regex(GRAMMARS[grammar]);
const cents = z.number().int();
const day = z.iso.date();
const TEXTS: { [T in keyof MoneyRows]: Partial<Record<keyof MoneyRows[T][number], z.ZodType>> } = {
  charges: { code: text('code').nullable(), description: text('term'), amount_cents: cents.min(0), service_on: day, posted_on: day },
  claims: { payer: text('term'), claim_number: text('code'), payer_control_number: text('code').nullable(), total_cents: cents.min(0) },
  claim_lines: {
    code: text('code'),
    modifiers: z.array(text('code')),
    icd10: z.array(text('code')).min(1),
    units: z.number().int().min(1),
  },
  remittances: { payer: text('term'), trace_number: text('code'), amount_cents: cents, paid_on: day, received_on: day },
  remittance_claims: {
    claim_number: text('code'),
    payer_control_number: text('code').nullable(),
    status_code: z.enum(['1', '2', '3', '4', '19', '20', '21', '22', '23', '25']),
    remark_codes: z.array(text('code')),
  },
  remittance_lines: { code: text('code'), remark_codes: z.array(text('code')), paid_cents: cents },
  remittance_adjustments: { group_code: z.enum(['CO', 'PR', 'OA', 'PI', 'CR']), reason_code: text('code'), amount_cents: cents },
  remittance_provider_adjustments: { reason_code: text('code'), reference: text('code').nullable(), amount_cents: cents },
  payouts: { arrived_on: day, amount_cents: cents },
  payments: { amount_cents: cents.refine((each) => each !== 0), posted_on: day, fee_cents: cents.nullable() },
  adjustments: { amount_cents: cents.refine((each) => each !== 0), posted_on: day },
  refunds: { amount_cents: cents.positive(), fee_cents: cents.min(0), posted_on: day },
  responsibility_transfers: { amount_cents: cents.refine((each) => each !== 0), moved_on: day },
  statements: { statement_number: text('code'), balance_cents: cents.positive(), sent_on: day, due_on: day },
  memberships: {},
  membership_events: { occurred_at: text('instant'), plan: text('term'), price_cents: cents.min(0), discount_cents: cents.min(0) },
  leads: {
    given_name: text('person_name').nullable(),
    family_name: text('person_name').nullable(),
    phone: text('phone').nullable(),
    email: text('email').nullable(),
    source: text('term'),
    campaign: text('term').nullable(),
    created_at: text('instant'),
  },
};

describe.each(['juniper', 'cedar'] as const)('the money of %s fits its tables', (clinic) => {
  const whole = generateClinic({ clinic, seed: 2026, as_of: '2026-11-20' });

  it.each(Object.keys(TEXTS) as (keyof MoneyRows)[])('%s', (table) => {
    const shape = z.looseObject(TEXTS[table] as Record<string, z.ZodType>);
    expect(whole[table].length).toBeGreaterThan(0);
    for (const row of whole[table]) expect(shape.safeParse(row).error?.issues ?? [], JSON.stringify(row)).toEqual([]);
  });

  it('no id stands twice, and every row points to one that is there', () => {
    const ids = (rows: readonly { id: string }[]) => new Set(rows.map(({ id }) => id));
    for (const table of Object.keys(TEXTS) as (keyof MoneyRows)[]) expect(ids(whole[table]).size, table).toBe(whole[table].length);
    const there: Record<string, Set<string>> = {
      charge_id: ids(whole.charges),
      package_charge_id: ids(whole.charges),
      claim_id: ids(whole.claims),
      replaces: ids(whole.claims),
      claim_line_id: ids(whole.claim_lines),
      remittance_id: ids(whole.remittances),
      remittance_claim_id: ids(whole.remittance_claims),
      remittance_line_id: ids(whole.remittance_lines),
      payment_id: ids(whole.payments),
      payout_id: ids(whole.payouts),
      membership_id: ids(whole.memberships),
      coverage_id: ids(whole.coverages),
      encounter_id: ids(whole.encounters),
      consult_appointment_id: ids(whole.appointments),
      patient_id: ids(whole.patients),
      practitioner_id: ids(whole.practitioners),
    };
    const lost = (Object.keys(TEXTS) as (keyof MoneyRows)[]).flatMap((table) =>
      (whole[table] as readonly object[]).flatMap((row) =>
        Object.entries(row)
          .filter(([name, id]) => name in there && id !== null && !there[name]?.has(id))
          .map(([name]) => `${table}.${name}`),
      ),
    );
    expect(lost).toEqual([]);
  });
});
