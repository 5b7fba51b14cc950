// What makes invented money look invented (connectors.md §3.5). Each rule answers one line per offence.
import { dayOf } from './days.ts';
import { bridgeOf, membersAt } from './money/books-members.ts';
import { openAt } from './money/ledger-of.ts';
import type { Clinic } from './rows.ts';

type Rule = (clinic: Clinic) => string[];

const offence = (isOne: boolean, text: string) => (isOne ? [text] : []);
const share = <T>(all: readonly T[], test: (each: T) => boolean) => all.filter(test).length / Math.max(1, all.length);
const between = (x: number, low: number, high: number, what: string) =>
  offence(x < low || x > high, `${what}: ${x.toFixed(3)}, not in ${low}–${high}`);
const sum = (rows: readonly { amount_cents: number }[]) => rows.reduce((total, { amount_cents }) => total + amount_cents, 0);
const missing = (what: string, wanted: readonly string[], found: ReadonlySet<string>) =>
  wanted.filter((each) => !found.has(each)).map((each) => `no ${what} ${each}`);

/** The days from a charge to its last payment. */
function delays({ charges, payments }: Clinic): number[] {
  const on = new Map(charges.map(({ id, service_on }) => [id, service_on]));
  const last = new Map<string, string>();
  for (const { charge_id, posted_on, status } of payments)
    if (charge_id && status === 'settled' && posted_on > (last.get(charge_id) ?? '')) last.set(charge_id, posted_on);
  return [...last].map(([id, day]) => dayOf(day) - dayOf(on.get(id) ?? day));
}

export const MONEY_RULES = {
  'not everything is paid at once, and not everything is paid': (clinic) => {
    const days = delays(clinic);
    const open = openAt(clinic, clinic.options.as_of).filter(({ charge, patient, insurance }) => charge && patient + insurance > 0);
    return [
      ...between(
        share(days, (each) => each === 0),
        0.3,
        0.85,
        'paid on the day',
      ),
      ...between(
        share(days, (each) => each > 30),
        0.05,
        0.5,
        'paid after a month',
      ),
      ...between(open.length / clinic.charges.length, 0.01, 0.25, 'charges with something open'),
    ];
  },
  'money is given back, taken back, refused and written off': ({ refunds, payments, adjustments }) => [
    ...missing('refund of kind', ['refund', 'chargeback'], new Set(refunds.map(({ kind }) => kind))),
    ...missing('payment', ['settled', 'pending', 'failed'], new Set(payments.map(({ status }) => status))),
    ...missing('payment by', ['card', 'cash', 'check', 'ach'], new Set(payments.map(({ method }) => method))),
    ...missing('payment from', ['insurance', 'patient', 'gift_card', 'package'], new Set(payments.map(({ source }) => source))),
    ...missing(
      'adjustment',
      ['contractual', 'sequestration', 'discount', 'write_off', 'bad_debt'],
      new Set(adjustments.map(({ kind }) => kind)),
    ),
  ],
  'there is more than one payer, and none has everything': ({ claims }) => {
    const payers = Map.groupBy(claims, ({ payer }) => payer);
    return [
      ...offence(payers.size < 4, `${payers.size} payers`),
      ...[...payers].filter(([, list]) => list.length > claims.length * 0.6).map(([payer, list]) => `${list.length} claims of ${payer}`),
    ];
  },
  'some claims are denied, wait, or were never sent': ({ claims, remittance_adjustments }) => [
    ...between(
      share(claims, ({ status }) => status === 'denied' || status === 'partially_paid'),
      0.03,
      0.16,
      'denied',
    ),
    ...missing(
      'claim',
      ['draft', 'rejected', 'accepted', 'pended', 'paid', 'partially_paid', 'denied', 'voided'],
      new Set(claims.map(({ status }) => status)),
    ),
    ...missing(
      'reason',
      ['CO-45', 'PR-1', 'PR-2', 'PR-3', 'CO-253', 'CO-16', 'CO-97', 'PR-204', 'CO-197'],
      new Set(remittance_adjustments.map(({ group_code, reason_code }) => `${group_code}-${reason_code}`)),
    ),
  ],
  'an 835 adds up: line, claim and file': ({
    remittances,
    remittance_claims,
    remittance_lines,
    remittance_adjustments,
    remittance_provider_adjustments,
  }) => {
    const byClaim = Map.groupBy(remittance_adjustments, ({ remittance_claim_id }) => remittance_claim_id);
    const byLine = Map.groupBy(remittance_adjustments, ({ remittance_line_id }) => remittance_line_id ?? '');
    const byFile = Map.groupBy(remittance_claims, ({ remittance_id }) => remittance_id);
    const provider = Map.groupBy(remittance_provider_adjustments, ({ remittance_id }) => remittance_id);
    return [
      ...remittance_claims
        .filter((row) => row.charged_cents - sum(byClaim.get(row.id) ?? []) !== row.paid_cents)
        .map(({ id }) => `claim ${id}`),
      ...remittance_lines
        .filter((row) => row.charged_cents - sum(byLine.get(row.id) ?? []) !== row.paid_cents)
        .map(({ id }) => `line ${id}`),
      ...remittances
        .filter(({ id, amount_cents }) => {
          const paid = (byFile.get(id) ?? []).reduce((total, { paid_cents }) => total + paid_cents, 0);
          return paid - sum(provider.get(id) ?? []) !== amount_cents;
        })
        .map(({ id }) => `file ${id}`),
    ];
  },
  'a claim is for a day on which its coverage held': ({ claims, coverages }) => {
    const byId = new Map(coverages.map((row) => [row.id, row]));
    return claims.flatMap(({ claim_number, coverage_id, service_from }) => {
      const row = byId.get(coverage_id ?? '');
      const holds = row && (row.period_start ?? '') <= service_from && service_from <= (row.period_end ?? '9');
      return offence(!holds, `${claim_number} on ${service_from}`);
    });
  },
  'nobody pays before there is something to pay': ({ charges, payments, adjustments, responsibility_transfers }) => {
    const byId = new Map(charges.map((row) => [row.id, row]));
    return [...payments, ...adjustments, ...responsibility_transfers].flatMap((row) => {
      const charge = byId.get(row.charge_id ?? '');
      const on = 'posted_on' in row ? row.posted_on : row.moved_on;
      return offence(charge !== undefined && on < charge.service_on, `${row.id} on ${on}`);
    });
  },
  'nothing of the money lies in the future': (clinic) =>
    (
      [
        'charges',
        'claims',
        'remittances',
        'payments',
        'adjustments',
        'refunds',
        'responsibility_transfers',
        'statements',
        'payouts',
      ] as const
    ).flatMap((table) =>
      (clinic[table] as readonly object[]).flatMap((row) => {
        const days = Object.entries(row).filter(([name, value]) => name.endsWith('_on') && name !== 'due_on' && typeof value === 'string');
        return days.filter(([, day]) => day >= clinic.options.as_of).map(([name, day]) => `${table}.${name} ${day}`);
      }),
    ),
  'prices are not round, and not all the same': ({ charges }) => {
    const services = charges.filter(({ kind }) => kind === 'service');
    return [
      ...between(
        share(services, ({ amount_cents }) => amount_cents % 500 === 0),
        0,
        0.35,
        'round prices',
      ),
      ...offence(new Set(charges.map(({ amount_cents }) => amount_cents)).size < 25, 'few prices'),
    ];
  },
  'not every cost is known': ({ charges }) =>
    between(
      share(charges, ({ goods_cost_cents, lab_cost_cents }) => goods_cost_cents !== null && lab_cost_cents !== null),
      0.5,
      0.985,
      'charges of known cost',
    ),
  'a card payment costs its fee, and payouts hold what they say': ({ payments, refunds, payouts }) => [
    ...payments
      .filter(
        ({ method, status, amount_cents, fee_cents }) =>
          method === 'card' && status === 'settled' && fee_cents !== Math.round(amount_cents * 0.029) + 30,
      )
      .map(({ id }) => `fee of ${id}`),
    ...payouts
      .filter((payout) => {
        const paid = payments.filter(({ payout_id }) => payout_id === payout.id);
        const back = refunds.filter(({ payout_id }) => payout_id === payout.id);
        const fees = [...paid, ...back].reduce((total, { fee_cents }) => total + (fee_cents ?? 0), 0);
        return sum(paid) - sum(back) - fees !== payout.amount_cents;
      })
      .map(({ arrived_on }) => `payout of ${arrived_on}`),
  ],
  'a membership is a story: it begins after the first visit and the lead, some end, one pauses': ({
    membership_events,
    leads,
    patients,
  }) => {
    const opened = new Map(patients.map(({ id, created_at }) => [id, Date.parse(created_at)]));
    const asked = new Map(leads.flatMap(({ patient_id, created_at }) => (patient_id ? [[patient_id, Date.parse(created_at)]] : [])));
    const early = membership_events.filter(({ patient_id, occurred_at }) => Date.parse(occurred_at) < (opened.get(patient_id) ?? 0));
    const first = new Map<string, number>();
    for (const { patient_id, occurred_at } of membership_events)
      first.set(patient_id, Math.min(first.get(patient_id) ?? Number.POSITIVE_INFINITY, Date.parse(occurred_at)));
    const before = [...first].filter(([patient_id, at]) => {
      const lead = asked.get(patient_id);
      return lead !== undefined && lead < (opened.get(patient_id) ?? 0) && at <= lead;
    });
    return [
      ...early.map(({ id }) => `membership before the chart: ${id}`),
      ...before.map(([id]) => `membership before the lead: ${id}`),
      ...missing(
        'membership',
        ['trialing', 'active', 'past_due', 'paused', 'cancelled', 'unpaid'],
        new Set(membership_events.map(({ status }) => status)),
      ),
      ...missing('interval', ['month', 'quarter', 'year'], new Set(membership_events.map(({ interval }) => interval))),
      ...missing('discount', ['none', 'permanent', 'finite'], new Set(membership_events.map(({ discount }) => discount))),
    ];
  },
  'monthly revenue is the sum of its members, and its months join': (clinic) => {
    const end = Date.parse(`${clinic.options.as_of}T15:00:00Z`);
    const ends = Array.from({ length: 12 }, (_, n) => end - n * 30 * 86_400_000);
    return ends.slice(1).flatMap((at, n) => {
      const until = ends[n] as number;
      const bridge = bridgeOf(clinic, at, until);
      const moved = bridge.new_cents + bridge.expansion_cents + bridge.reactivation_cents - bridge.contraction_cents - bridge.churn_cents;
      const members = membersAt(clinic, until);
      const plans = members.by_plan.reduce((total, { mrr_cents }) => total + mrr_cents, 0);
      return [
        ...offence(bridge.start_mrr_cents + moved !== bridge.end_mrr_cents, `bridge ${n}`),
        ...offence(plans !== members.mrr_cents, `members ${n}`),
        ...offence(members.mrr_cents === 0, `nobody ${n}`),
      ];
    });
  },
  'leads come at all hours, by several ways, and most go nowhere': ({ leads, patients, options }) => {
    const opened = new Map(patients.map(({ id, created_at }) => [id, created_at]));
    const early = leads.filter(({ patient_id, created_at }) => patient_id !== null && created_at < (opened.get(patient_id) ?? ''));
    return [
      ...between(leads.length, 50, 80, 'leads'),
      ...between(
        share(leads, ({ consult_attended_at }) => consult_attended_at !== null),
        0.25,
        0.6,
        'attended',
      ),
      ...missing('lead', ['person', 'spam', 'test'], new Set(leads.map(({ kind }) => kind))),
      ...offence(new Set(leads.map(({ source }) => source)).size < 5, 'few sources'),
      ...offence(early.length < 10, 'few leads before a chart'),
      ...offence(!leads.some(({ consult_booked_at, consult_attended_at }) => consult_booked_at && !consult_attended_at), 'everybody comes'),
      ...leads.filter(({ created_at }) => created_at.slice(0, 10) >= options.as_of).map(({ id }) => `lead ${id} in the future`),
    ];
  },
} as const satisfies Record<string, Rule>;
