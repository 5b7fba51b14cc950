// A membership: what became of it, event by event, and the fee of each period.
import { dateOf } from '../days.ts';
import { plusMonths } from '../money/memberships.ts';
import type { Debt } from './debts.ts';
import { charge, pay } from './ledger.ts';
import type { To } from './patient.ts';
import { KIND } from './population.ts';
import { line } from './tables.ts';

const S = { member: 310 };
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

const PLANS = [
  ['Primary Care Direct', 7_900],
  ['Wellness', 9_900],
  ['Hormone Balance', 14_900],
  ['TRT Complete', 16_900],
  ['Weight Care', 19_900],
] as const;
const TRT = 3;

interface Plan {
  name: string;
  cents: number;
  interval: keyof typeof MONTHS;
}

type Event = {
  day: number;
  status: 'trialing' | 'active' | 'past_due' | 'paused' | 'cancelled' | 'unpaid';
  /** More or less than the plan's price. */
  more?: number;
  cancel_on?: number;
  ended_by?: 'member' | 'payment_failure';
};

/** Answers the fees that the card did not pay. */
export function membershipLines(to: To): Debt[] {
  const { chance, is, person, last_day, opened, id, tenant_id, lines } = to;
  if (person.age < 25 || chance.uniform(S.member) >= (is.hypogonadism ? 0.3 : 0.034)) return [];
  const plan = planOf(to);
  const joined = Math.max(opened + 15, last_day - chance.int(S.member, 12, 700, 1));
  if (joined > last_day) return [];
  const events = eventsOf(to, joined, MONTHS[plan.interval]);
  lines.memberships.push(line(tenant_id, id(KIND.membership), person.id));
  for (const [n, event] of events.entries()) eventLine(to, plan, event, n);
  return feeLines(to, plan, events);
}

function planOf({ chance, is }: To): Plan {
  const u = chance.uniform(S.member, 2);
  const at = is.hypogonadism ? TRT : chance.int(S.member, 0, PLANS.length - 1, 3);
  const [name, cents] = PLANS[at] as (typeof PLANS)[number];
  if (u < 0.8) return { name, cents, interval: 'month' };
  return u < 0.9
    ? { name, cents: Math.round(cents * 2.85), interval: 'quarter' }
    : { name, cents: Math.round(cents * 10.8), interval: 'year' };
}

/** What changes does so when a period begins. */
function eventsOf({ chance, last_day }: To, joined: number, months: number): Event[] {
  const u = chance.uniform(S.member, 4);
  const events: Event[] = chance.uniform(S.member, 5) < 0.1 ? [{ day: joined - 14, status: 'trialing' }] : [];
  events.push({ day: joined, status: 'active' });
  const periods = Array.from({ length: 26 }, (_, k) => plusMonths(joined, (k + 1) * months)).filter((day) => day <= last_day);
  const at = (share: number) => periods[Math.min(periods.length - 1, Math.floor(share * periods.length))];
  const turn = at(chance.uniform(S.member, 6));
  if (turn === undefined) return events;
  if (u < 0.2) events.push({ day: turn, status: 'cancelled', ended_by: 'member' });
  else if (u < 0.26)
    events.push(
      { day: turn, status: 'past_due' },
      ...(turn + 21 <= last_day
        ? [{ day: turn + 21, status: u < 0.24 ? 'cancelled' : 'unpaid', ended_by: 'payment_failure' } as const]
        : []),
    );
  else if (u < 0.3) events.push({ day: turn, status: 'paused' });
  else if (u < 0.36) {
    const back = periods[periods.indexOf(turn) + 2];
    events.push({ day: turn, status: 'paused' }, ...(back === undefined ? [] : [{ day: back, status: 'active' } as const]));
  } else if (u < 0.5) events.push({ day: turn, status: 'active', more: u < 0.45 ? 3_000 : -2_000 });
  else if (u < 0.55) events.push({ day: last_day - 4, status: 'active', cancel_on: last_day + chance.int(S.member, 2, 26, 7) });
  else if (u < 0.58) events.push({ day: periods.at(-1) as number, status: 'past_due' });
  return events.sort((a, b) => a.day - b.day);
}

function eventLine({ chance, person, tenant_id, id, lines }: To, { name, cents, interval }: Plan, event: Event, n: number): void {
  const { day, status, more = 0, cancel_on, ended_by } = event;
  const u = chance.uniform(S.member, 8);
  const discount = u < 0.08 ? 'permanent' : u < 0.16 && n === 0 ? 'finite' : 'none';
  lines.membership_events.push(
    line(
      ...[
        tenant_id,
        id(KIND.membership_event, n),
        id(KIND.membership),
        person.id,
        `${dateOf(day)}T15:${10 + n}:00Z`,
        status,
        name,
        interval,
      ],
      ...[cents + more, discount === 'none' ? 0 : 1_500, discount, cancel_on === undefined ? undefined : `${dateOf(cancel_on)}T05:00:00Z`],
      ended_by,
    ),
  );
}

/** From each day on which it became active, period by period, until the next event. */
function feeLines(to: To, { name, cents, interval }: Plan, events: readonly Event[]): Debt[] {
  const { last_day } = to;
  const debts: Debt[] = [];
  let fee = 0;
  for (const [n, { day, status, more = 0, cancel_on }] of events.entries()) {
    if (cancel_on !== undefined || (status !== 'active' && status !== 'past_due')) continue;
    const until = Math.min(last_day + 1, events[n + 1]?.day ?? Number.POSITIVE_INFINITY);
    for (let k = 0; plusMonths(day, k * MONTHS[interval]) < until; k++) {
      const from = plusMonths(day, k * MONTHS[interval]);
      const next = plusMonths(day, (k + 1) * MONTHS[interval]);
      const price = cents + more;
      const costs = { goods_cents: 0, lab_cents: 0 };
      const of = charge(to, {
        n: 1_000 + fee,
        kind: 'membership',
        code: 'MEMBER',
        what: name,
        cents: price,
        day: from,
        period_end: next - 1,
        ...costs,
      });
      if (status === 'past_due') debts.push({ charge: of, cents: price, since: from, from: 'clinic' });
      else pay(to, { n: 2_000 + fee, charge: of, cents: price, day: from });
      fee += 1;
    }
  }
  return debts;
}
