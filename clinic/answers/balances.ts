import { balanceOf } from '../money/books-patient.ts';
import { openAt } from '../money/ledger-of.ts';
import { knownKey } from '../roster.ts';
import type { StatementRow } from '../rows-money.ts';
import type { Told } from './answer.ts';
import { leaves } from './books.ts';
import type { Question } from './expectation.ts';
import { ago, moneyTold, patientOn } from './money-told.ts';

const byText = (a: string, b: string) => (a < b ? -1 : 1);

export function balances(told: Told): Question[] {
  const ask = (ask: string, trap: string, patient_id: string): Question => {
    const money = moneyTold(told);
    const today = told.options.as_of;
    const owed = balanceOf(money, { patient_id, today });
    const open = openAt(money, today, { patient_id }).flatMap(({ charge, insurance, patient }) =>
      charge ? [{ charge, insurance, patient }] : [],
    );
    open.sort((a, b) => byText(`${a.charge.service_on} ${a.charge.id}`, `${b.charge.service_on} ${b.charge.id}`));
    const fields = open.map(({ charge, insurance, patient }) => [
      charge.id,
      {
        service_on: charge.service_on,
        charged_cents: charge.amount_cents + charge.tax_cents,
        patient_cents: Math.max(0, patient),
        insurance_cents: Math.max(0, insurance),
        credit_cents: patient < 0 || insurance < 0 ? Math.max(0, -patient) + Math.max(0, -insurance) : undefined,
      },
    ]);
    return {
      tool: 'get_patient_balance',
      as: 'biller',
      ask,
      trap,
      arguments: { patient_id, limit: 200 },
      expect: {
        rows: { list: 'charges', id: 'charge_id', ids: open.map(({ charge }) => charge.id), fields: Object.fromEntries(fields) },
        same: {
          ...Object.fromEntries(Object.entries(owed).flatMap(([name, value]) => leaves(name, value))),
          statement_may_go: owed.billable_cents > 0 && owed.pending_claims === 0,
        },
      },
    };
  };
  return [
    ask(
      'Does this patient have a credit with us?',
      'a payment that is applied to nothing is a credit, in no other figure',
      patientOn(told, 'hrt.oral'),
    ),
    ask(
      'What does this patient owe, and can I send a statement?',
      'no statement while a claim is pending',
      patientOn(told, 'dm.improving'),
    ),
    ask(
      'How much is past due on this account?',
      'a membership fee whose card failed is owed',
      told.story(knownKey(told.options.clinic, 'labs_overdue')).patient.id,
    ),
    ask('What is open after the chargeback?', 'money the bank took back is owed again', patientOn(told, 'glp1.refund')),
    ask(
      'What do we still expect from the payer for this patient, and what from her?',
      'what the payer left is the patient’s only when it said so',
      patientOn(told, 'thyroid.hashimoto'),
    ),
    ask('Balance of this Medicare patient?', 'the second payer is asked before the patient', patientOn(told, 'ckd.decline')),
  ];
}

interface Wanted {
  ask: string;
  trap: string;
  patient_id?: string;
  status?: StatementRow['status'];
  overdue?: boolean;
  range?: { from: string; to: string };
}

export function statements(told: Told): Question[] {
  const ask = (wanted: Wanted): Question => listed(told, wanted);
  return [
    ask({ ask: 'Which statements did we send this patient?', trap: 'newest first', patient_id: patientOn(told, 'trt.overdue') }),
    ask({
      ask: 'Statements that went out last month?',
      trap: 'by the day it was sent, inclusive',
      range: { from: ago(told, 50), to: ago(told, 15) },
    }),
    ask({
      ask: 'Who is overdue on a statement?',
      trap: 'still to be paid and past due; what is in collections is not',
      overdue: true,
      range: { from: ago(told, 200), to: ago(told, 0) },
    }),
    ask({ ask: 'Which accounts are in collections?', trap: 'one status', status: 'in_collections' }),
    ask({ ask: 'Were any statements voided?', trap: 'sent for a line that was keyed twice', status: 'voided' }),
    ask({
      ask: 'Statements of the patient whose chart was merged?',
      trap: 'none',
      patient_id: told.story(knownKey(told.options.clinic, 'merged')).patient.id,
    }),
  ];
}

function listed(told: Told, { ask, trap, patient_id, status, overdue, range }: Wanted): Question {
  const today = told.options.as_of;
  const isOverdue = (row: StatementRow) => (row.status === 'sent' || row.status === 'partially_paid') && row.due_on < today;
  const found = moneyTold(told)
    .statements.filter(
      (row) =>
        (patient_id === undefined || row.patient_id === patient_id) &&
        (status === undefined || row.status === status) &&
        (overdue === undefined || isOverdue(row) === overdue) &&
        (range === undefined || (row.sent_on >= range.from && row.sent_on <= range.to)),
    )
    .sort((a, b) => byText(`${b.sent_on} ${b.id}`, `${a.sent_on} ${a.id}`));
  return {
    tool: 'get_statements',
    as: 'biller',
    ask,
    trap,
    arguments: {
      ...(patient_id && { patient_id }),
      ...(status && { status }),
      ...(overdue !== undefined && { overdue }),
      ...(range && { date_range: range }),
      limit: 200,
    },
    expect: {
      rows: {
        list: 'statements',
        id: 'statement_id',
        ids: found.map(({ id }) => id),
        fields: Object.fromEntries(
          found.map(({ id, balance_cents, sent_on, status: stands }) => [id, { balance_cents, sent_on, status: stands }]),
        ),
      },
    },
  };
}
