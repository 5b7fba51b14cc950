// The funnel told again from the leads and the payments (connectors.md §2.12): persons, not leads; a cohort, not a period.
import { dayOf } from '../days.ts';
import type { Clinic } from '../rows.ts';
import type { LeadRow, PaymentRow } from '../rows-money.ts';

type Asked = Pick<Clinic, 'leads' | 'payments' | 'refunds' | 'patients'>;
interface Query {
  from: string;
  to: string;
  within_days: number;
  /** The day and the instant of asking. */
  today: string;
  now: number;
}

const STAGES = ['contacted', 'consult_booked', 'consult_attended', 'paying'] as const;
type Stage = (typeof STAGES)[number];

interface Prospect {
  leads: LeadRow[];
  first: LeadRow;
  /** The day of each stage that was reached on or after the first lead. */
  reached: Partial<Record<Stage, string>>;
  isPatient: boolean;
}

const four = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  ...(denominator > 0 && { rate: Math.round((numerator / denominator) * 10_000) / 10_000 }),
});
const dayIn = (instant: string) => instant.slice(0, 10);
const gap = (a: string, b: string) => dayOf(b) - dayOf(a);

/** Leads that share a telephone, or mail and name, are one person. */
function groups(leads: readonly LeadRow[]): LeadRow[][] {
  const keys = ({ phone, email, given_name, family_name }: LeadRow) => [
    ...(phone ? [`phone ${phone}`] : []),
    ...(email && (given_name || family_name)
      ? [`mail ${email.toLowerCase()} ${`${given_name ?? ''} ${family_name ?? ''}`.trim().toLowerCase()}`]
      : []),
  ];
  const parts: { keys: Set<string>; leads: LeadRow[] }[] = [];
  for (const lead of leads) {
    const own = new Set(keys(lead));
    const joined = parts.filter((part) => [...own].some((key) => part.keys.has(key)));
    const part = {
      keys: new Set([...own, ...joined.flatMap((each) => [...each.keys])]),
      leads: [...joined.flatMap((each) => each.leads), lead],
    };
    for (const each of joined) parts.splice(parts.indexOf(each), 1);
    parts.push(part);
  }
  return parts.map((part) => part.leads.sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || (a.id < b.id ? -1 : 1)));
}

/** The day of the first payment that counts: settled, above zero, on or after `since`, and not wholly given back. */
function firstPayment({ payments, refunds }: Asked, patients: ReadonlySet<string>, since: string, today: string): string | undefined {
  const back = (payment: PaymentRow) =>
    refunds
      .filter((row) => row.payment_id === payment.id && row.posted_on <= today)
      .reduce((sum, { amount_cents }) => sum + amount_cents, 0);
  return payments
    .filter((row) => patients.has(row.patient_id) && row.status === 'settled' && row.source !== 'package' && row.amount_cents > 0)
    .filter((row) => row.posted_on >= since && row.posted_on <= today && back(row) < row.amount_cents)
    .map(({ posted_on }) => posted_on)
    .sort()[0];
}

function prospectsOf(rows: Asked, { now, today }: Query): Prospect[] {
  const opened = new Map(rows.patients.map(({ id, created_at }) => [id, Date.parse(created_at)]));
  return groups(rows.leads.filter(({ kind, created_at }) => kind === 'person' && Date.parse(created_at) <= now)).map((leads) => {
    const first = leads[0] as LeadRow;
    const patients = new Set(leads.flatMap(({ patient_id }) => patient_id ?? []));
    const earliest = (of: (lead: LeadRow) => string | null) =>
      leads
        .flatMap((lead) => of(lead) ?? [])
        .filter((at) => Date.parse(at) <= now && Date.parse(at) >= Date.parse(first.created_at))
        .sort((a, b) => Date.parse(a) - Date.parse(b))[0];
    const days: Partial<Record<Stage, string>> = {};
    for (const [stage, at] of [
      ['contacted', earliest((lead) => lead.contacted_at)],
      ['consult_booked', earliest((lead) => lead.consult_booked_at)],
      ['consult_attended', earliest((lead) => lead.consult_attended_at)],
    ] as const)
      if (at) days[stage] = dayIn(at);
    const paid = firstPayment(rows, patients, dayIn(first.created_at), today);
    if (paid) days.paying = paid;
    const isPatient = [...patients].some((id) => (opened.get(id) ?? now) < Date.parse(first.created_at));
    return { leads, first, reached: days, isPatient };
  });
}

export function funnelOf(rows: Asked, query: Query) {
  const { from, to, within_days, today } = query;
  const inRange = (day: string | undefined) => day !== undefined && day >= from && day <= to;
  const asked = rows.leads.filter(({ created_at }) => inRange(dayIn(created_at)) && Date.parse(created_at) <= query.now);
  const all = prospectsOf(rows, query);
  const persons = all.filter(({ isPatient }) => !isPatient);
  const cohort = persons.filter(({ first }) => inRange(dayIn(first.created_at)));
  const mature = cohort.filter(({ first }) => gap(dayIn(first.created_at), today) >= within_days);
  const has = ({ first, reached }: Prospect, stage: Stage) =>
    reached[stage] !== undefined && gap(dayIn(first.created_at), reached[stage]) <= within_days;
  const sources = [...new Set(cohort.map(({ first }) => first.source))].sort();
  const count = (list: readonly Prospect[], stage: Stage) => list.filter((each) => has(each, stage)).length;
  const firsts = new Set(all.map(({ first }) => first.id));
  const of_patients = new Set(all.filter(({ isPatient }) => isPatient).map(({ first }) => first.id));
  return {
    leads: cohort.length,
    stages: STAGES.map((stage) => ({
      stage,
      of_cohort: four(count(cohort, stage), cohort.length),
      of_mature: four(count(mature, stage), mature.length),
    })),
    immature: mature.length < cohort.length,
    immature_leads: cohort.length - mature.length,
    by_source: sources.map((source) => {
      const part = cohort.filter(({ first }) => first.source === source);
      return {
        source,
        leads: part.length,
        consult_attended: count(part, 'consult_attended'),
        paying: four(count(part, 'paying'), part.length),
      };
    }),
    period: {
      leads: cohort.length,
      ...(Object.fromEntries(STAGES.map((stage) => [stage, persons.filter(({ reached }) => inRange(reached[stage])).length])) as Record<
        Stage,
        number
      >),
    },
    excluded: {
      spam: asked.filter(({ kind }) => kind === 'spam').length,
      test: asked.filter(({ kind }) => kind === 'test').length,
      duplicate: asked.filter(({ kind, id }) => kind === 'person' && !firsts.has(id)).length,
      existing: asked.filter(({ id }) => of_patients.has(id)).length,
    },
  };
}
