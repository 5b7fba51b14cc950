import { dateOf, dayOf } from '../days.ts';
import { booksOf } from '../money/books.ts';
import { profitOf } from '../money/books-patient.ts';
import { knownKey } from '../roster.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';
import { ago, moneyTold, patientOn } from './money-told.ts';

interface Asked {
  ask: string;
  trap: string;
  range?: { from: string; to: string };
  clinician?: number;
  /** The figures that the question is about; `from` and `to` always. */
  of: (keyof ReturnType<typeof booksOf>)[];
}

export function billing(told: Told): Question[] {
  const { options } = told;
  const today = options.as_of;
  const month = `${today.slice(0, 8)}01`;
  const last = dateOf(dayOf(month) - 1);
  const ask = (asked: Asked): Question => summary(told, asked);
  return [
    ask({
      ask: 'How much money did we take in this month so far?',
      trap: 'without a range: this month to today; a package that is used up is no new money',
      of: ['payments', 'net_collections_cents'],
    }),
    ask({
      ask: 'What did we charge and collect last month?',
      trap: 'three ledgers, never one revenue',
      range: { from: `${last.slice(0, 8)}01`, to: last },
      of: ['payments', 'adjustments', 'refunds', 'net_collections_cents', 'net_collection_rate'],
    }),
    ask({
      ask: 'What refunds and chargebacks did we have between spring and now?',
      trap: 'a refund counts on its own day, not on that of the sale',
      range: { from: ago(told, 240), to: ago(told, 60) },
      of: ['refunds', 'net_collections_cents', 'payments'],
    }),
    ask({
      ask: 'How much revenue did we really earn over the last year, and how much is prepaid?',
      trap: 'prepaid packages and memberships are a liability, not revenue',
      range: { from: ago(told, 365), to: ago(told, 1) },
      of: ['recognized_revenue', 'deferred_liability'],
    }),
    ask({
      ask: 'Show me accounts receivable by age as of last week.',
      trap: 'insurance ages from the day of service, the patient’s part from the day it became theirs; credits are never netted',
      range: { from: ago(told, 37), to: ago(told, 7) },
      of: ['receivable', 'days_in_ar'],
    }),
    ask({
      ask: 'What did our first doctor bill and bring in over the last quarter?',
      trap: 'one clinician: memberships and products of the desk are nobody’s',
      range: { from: ago(told, 92), to: ago(told, 1) },
      clinician: 0,
      of: ['payments', 'adjustments', 'net_collections_cents', 'receivable'],
    }),
    ask({
      ask: 'Do the card payouts of the last two months match what patients paid?',
      trap: 'gross less fees, refunds and disputes is what arrived',
      range: { from: ago(told, 61), to: ago(told, 1) },
      of: ['payouts'],
    }),
  ];
}

function summary(told: Told, { ask, trap, range, clinician, of }: Asked): Question {
  const today = told.options.as_of;
  const { from, to } = range ?? { from: `${today.slice(0, 8)}01`, to: today };
  const practitioner_id = clinician === undefined ? undefined : told.all[0]?.setting.practitioner_id(clinician);
  const books = booksOf(moneyTold(told), { from, to, today, ...(practitioner_id && { practitioner_id }) });
  const figures = of.flatMap((name) => leaves(name, books[name]));
  return {
    tool: 'get_billing_summary',
    as: 'owner',
    ask,
    trap,
    arguments: { ...(range && { date_range: range }), ...(practitioner_id && { provider_id: practitioner_id }) },
    expect: { same: { from, to, 'identity.difference_cents': 0, ...Object.fromEntries(figures) } },
  };
}

/** Every figure of a part of an answer, by its path. */
export function leaves(path: string, value: unknown): [string, unknown][] {
  if (value === null || typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(`${path}.${name}`, inner));
}

export function profits(told: Told): Question[] {
  const { clinic } = told.options;
  const ask = (ask: string, trap: string, patient_id: string): Question => {
    const worth = profitOf(moneyTold(told), { patient_id, today: told.options.as_of });
    return {
      tool: 'get_patient_profit',
      as: 'owner',
      ask,
      trap,
      arguments: { patient_id },
      expect: { same: Object.fromEntries(Object.entries(worth).flatMap(([name, value]) => leaves(name, value))) },
    };
  };
  const of = (key: string) => told.story(key).patient.id;
  return [
    ask(
      'What is this weight-loss patient worth to us after the refund?',
      'a refund and a chargeback lower what was spent',
      patientOn(told, 'glp1.refund'),
    ),
    ask(
      'Lifetime value of our pellet patient?',
      'packages earn as they are used up; costs are not all known',
      patientOn(told, 'hrt.pellets'),
    ),
    ask(
      'What margin do we make on this testosterone patient?',
      'margin only over charges of known cost, with its completeness',
      patientOn(told, 'trt.stable'),
    ),
    ask(
      'How much has this insured diabetic brought in, from the plan and from himself?',
      'a payment taken back by the payer is no income',
      patientOn(told, 'dm.improving'),
    ),
    ask(
      'How much has this yearly member paid, and how much of it is earned?',
      'a yearly fee is earned day by day',
      patientOn(told, 'well.member'),
    ),
    ask('What did the patient who died bring in over the years?', 'a closed chart still has its books', of(knownKey(clinic, 'deceased'))),
  ];
}
