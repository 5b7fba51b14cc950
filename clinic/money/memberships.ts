// A membership: what became of it, event by event, and the fee of each period with its payment. A fee is taken from the card on the day a period begins.
import { type Day, dateOf, dayOf, instantOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { ChargeRow, MembershipEventRow } from '../rows-money.ts';
import { type Account, pay } from './account.ts';
import { SCRIPTS, type Step } from './plans.ts';

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

interface Phase extends Step {
  from: Day;
  until: Day;
}

/** Whether the patient pays members' prices on a day. */
export function isMember({ membership_events }: Account, day: Day): boolean {
  const last = membership_events.filter(({ occurred_at }) => dayOf(occurred_at.slice(0, 10)) <= day).at(-1);
  return last !== undefined && (last.status === 'active' || last.status === 'past_due');
}

/** The day `n` months after `day`; the last of a month that is too short. */
export function plusMonths(day: Day, n: number): Day {
  const [year, month, date] = dateOf(day).split('-').map(Number) as [number, number, number];
  const first = Date.UTC(year, month - 1 + n, 1) / 86_400_000;
  const next = Date.UTC(year, month + n, 1) / 86_400_000;
  return Math.min(first + date - 1, next - 1);
}

export function membershipOf(account: Account): void {
  const { setting } = account.story;
  const script = SCRIPTS[setting.person.arc];
  if (!script || (script.only && script.only !== setting.options.clinic)) return;
  const id = idOf(setting.origin, 'membership', 0);
  account.memberships.push({ tenant_id: setting.tenant_id, id, patient_id: setting.patient_id });
  const phases = phasesOf(account, script.steps);
  const clock = setting.dice('money.membership.clock');
  for (const [n, phase] of phases.entries())
    account.membership_events.push(eventOf(account, { id, n, phase, phases, minute: clock.int(545, 1_412) }));
  fees(account, phases);
}

/** The steps on their days: nobody joins before the first visit, and what ends or fails does so when a period is over. */
function phasesOf(account: Account, steps: readonly Step[]): Phase[] {
  const { setting, visits } = account.story;
  const first = visits.find(({ encounter }) => encounter?.status === 'finished')?.day ?? 0;
  const begun = Math.max(setting.as_of - (steps[0] as Step).ago, first + 1);
  const days: Day[] = [];
  for (const [n, step] of steps.entries()) {
    const wanted = n === 0 ? begun : Math.max(setting.as_of - step.ago, (days[n - 1] as Day) + 2);
    const anchor = anchorOf(steps, days, n);
    const isAtPeriod = step.status === 'past_due' || step.ended_by === 'member' || step.status === 'paused';
    days.push(isAtPeriod && anchor !== undefined ? periodAfter(anchor, step.interval, wanted) : wanted);
  }
  return steps.map((step, n) => ({ ...step, from: days[n] as Day, until: days[n + 1] ?? setting.as_of }));
}

/** The day from which the periods of step `n` are counted: when it was last begun from nothing. */
function anchorOf(steps: readonly Step[], days: readonly Day[], n: number): Day | undefined {
  for (let k = n - 1; k >= 0; k--) {
    const before = steps[k - 1]?.status;
    if (steps[k]?.status === 'active' && (before === undefined || before === 'cancelled' || before === 'trialing')) return days[k];
  }
  return undefined;
}

/** The first beginning of a period on or after `day`. */
function periodAfter(anchor: Day, interval: Step['interval'], day: Day): Day {
  let k = 0;
  while (plusMonths(anchor, k * MONTHS[interval]) < day) k += 1;
  return plusMonths(anchor, k * MONTHS[interval]);
}

function eventOf(
  account: Account,
  { id, n, phase, phases, minute }: { id: string; n: number; phase: Phase; phases: readonly Phase[]; minute: number },
): MembershipEventRow {
  const { setting } = account.story;
  const { zone } = setting.site;
  const anchor = anchorOf(
    phases,
    phases.map(({ from }) => from),
    n,
  );
  // It was told on the evening after the last fee was taken: so it still runs on as_of.
  const day = phase.ends_with_period && anchor !== undefined ? lastFee(anchor, phase.interval, setting.as_of) : phase.from;
  const ends = phase.ends_with_period && anchor !== undefined ? periodAfter(anchor, phase.interval, setting.as_of) : undefined;
  return {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'membership_event', n),
    membership_id: id,
    patient_id: setting.patient_id,
    occurred_at: instantOf(zone, day, minute),
    status: phase.status,
    plan: phase.plan,
    interval: phase.interval,
    price_cents: phase.cents,
    discount_cents: phase.discount?.[1] ?? 0,
    discount: phase.discount?.[0] ?? 'none',
    cancel_at: ends === undefined ? null : instantOf(zone, ends, 0),
    ended_by: phase.ended_by ?? null,
  };
}

const lastFee = (anchor: Day, interval: Step['interval'], as_of: Day): Day => {
  let k = 0;
  while (plusMonths(anchor, (k + 1) * MONTHS[interval]) < as_of) k += 1;
  return plusMonths(anchor, k * MONTHS[interval]);
};

function fees(account: Account, phases: readonly Phase[]): void {
  const { setting } = account.story;
  const starts = phases.flatMap(({ status }, n) => {
    const before = phases[n - 1]?.status;
    return status === 'active' && (before === undefined || before === 'cancelled' || before === 'trialing') ? [n] : [];
  });
  for (const start of starts) {
    const anchor = (phases[start] as Phase).from;
    for (let k = 0; ; k++) {
      const step = MONTHS[(phases[start] as Phase).interval];
      const day = plusMonths(anchor, k * step);
      const phase = phases.find(({ from, until }, n) => n >= start && from <= day && day < until);
      if (day >= setting.as_of || !phase || !['active', 'past_due'].includes(phase.status)) break;
      const row = fee(account, { phase, day, end: plusMonths(anchor, (k + 1) * step) - 1 });
      payFee(account, { row, day, phase, next: phases[phases.indexOf(phase) + 1] });
    }
  }
}

function fee(account: Account, { phase, day, end }: { phase: Phase; day: Day; end: Day }): ChargeRow {
  const { setting } = account.story;
  const row: ChargeRow = {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'charge', `fee.${dateOf(day)}`),
    patient_id: setting.patient_id,
    practitioner_id: null,
    encounter_id: null,
    kind: 'membership',
    code: `MEM-${phase.plan.split(' ')[0]?.toUpperCase()}`,
    description: `${phase.plan}, membership fee`,
    units: 1,
    amount_cents: phase.cents - (phase.discount?.[1] ?? 0),
    tax_cents: 0,
    responsible: 'patient',
    service_on: dateOf(day),
    period_end: dateOf(end),
    posted_on: dateOf(day),
    voided_on: null,
    goods_cost_cents: 0,
    lab_cost_cents: 0,
    clinician_minutes: 0,
  };
  account.charges.push(row);
  return row;
}

/** The card is charged; where it fails, three times in nine days. What nobody paid is taken back when the membership ends for it. */
function payFee(account: Account, { row, day, phase, next }: { row: ChargeRow; day: Day; phase: Phase; next: Phase | undefined }): void {
  const { as_of } = account.story.setting;
  const paid = { charge: row, source: 'patient', method: 'card', amount_cents: row.amount_cents } as const;
  const name = `fee.${row.service_on}`;
  if (phase.status === 'active') {
    pay(account, name, { ...paid, day });
    return;
  }
  for (const [n, later] of [0, 3, 9].entries())
    if (day + later < as_of) pay(account, `${name}.failed${n}`, { ...paid, day: day + later, status: 'failed' });
  if (next?.ended_by === 'payment_failure') row.voided_on = dateOf(next.from);
}
