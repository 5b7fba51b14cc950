// Members and their monthly revenue told again from the events (connectors.md §2.13).
import type { Clinic } from '../rows.ts';
import type { MembershipEventRow } from '../rows-money.ts';

type Members = Pick<Clinic, 'memberships' | 'membership_events'>;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

const four = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  ...(denominator > 0 && { rate: Math.round((numerator / denominator) * 10_000) / 10_000 }),
});

/** The event that says how a membership stands just before an instant. */
function standingAt(rows: Members, membership_id: string, at: number): MembershipEventRow | undefined {
  return rows.membership_events
    .filter((event) => event.membership_id === membership_id && Date.parse(event.occurred_at) < at)
    .sort((a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at))
    .at(-1);
}

const hasEnded = ({ cancel_at }: MembershipEventRow, at: number): boolean => cancel_at !== null && Date.parse(cancel_at) <= at;

/** Monthly revenue of a membership as the event says it. A finite coupon does not lower it. */
function monthly(event: MembershipEventRow | undefined, at: number): number {
  if (!event || (event.status !== 'active' && event.status !== 'past_due') || hasEnded(event, at)) return 0;
  const price = event.price_cents - (event.discount === 'permanent' ? event.discount_cents : 0);
  return Math.round(price / MONTHS[event.interval]);
}

function mrrOf(rows: Members, patient_id: string, at: number): number {
  return rows.memberships
    .filter((row) => row.patient_id === patient_id)
    .reduce((sum, { id }) => sum + monthly(standingAt(rows, id, at), at), 0);
}

/** Whether this patient had any before an instant. */
function hadAny(rows: Members, patient_id: string, before: number): boolean {
  return rows.membership_events.some((event) => {
    const at = Date.parse(event.occurred_at);
    return event.patient_id === patient_id && at < before && monthly(event, at) > 0;
  });
}

/** How the revenue of all members went from one instant to a later one. */
export function bridgeOf(rows: Members, from: number, until: number) {
  const bridge = {
    start_mrr_cents: 0,
    new_cents: 0,
    expansion_cents: 0,
    reactivation_cents: 0,
    contraction_cents: 0,
    churn_cents: 0,
    end_mrr_cents: 0,
    new_members: 0,
    reactivated_members: 0,
    paused_members: 0,
    churned_members: 0,
    churned_voluntary: 0,
    churned_involuntary: 0,
    churned_by_clinic: 0,
  };
  let at_start = 0;
  for (const patient_id of new Set(rows.memberships.map((row) => row.patient_id))) {
    const [before, after] = [mrrOf(rows, patient_id, from), mrrOf(rows, patient_id, until)];
    bridge.start_mrr_cents += before;
    bridge.end_mrr_cents += after;
    if (before > 0) at_start += 1;
    if (before === 0 && after > 0) {
      const isBack = hadAny(rows, patient_id, from);
      bridge[isBack ? 'reactivation_cents' : 'new_cents'] += after;
      bridge[isBack ? 'reactivated_members' : 'new_members'] += 1;
    } else if (after > before) bridge.expansion_cents += after - before;
    else if (after > 0) bridge.contraction_cents += before - after;
    else if (before > 0) lost(bridge, { rows, patient_id, before, until });
  }
  return {
    ...bridge,
    logo_churn: four(bridge.churned_members, at_start),
    gross_revenue_retention: four(bridge.start_mrr_cents - bridge.contraction_cents - bridge.churn_cents, bridge.start_mrr_cents),
    net_revenue_retention: four(
      bridge.start_mrr_cents + bridge.expansion_cents - bridge.contraction_cents - bridge.churn_cents,
      bridge.start_mrr_cents,
    ),
  };
}

type Lost = {
  contraction_cents: number;
  paused_members: number;
  churn_cents: number;
  churned_members: number;
  churned_voluntary: number;
  churned_involuntary: number;
  churned_by_clinic: number;
};

function lost(
  bridge: Lost,
  { rows, patient_id, before, until }: { rows: Members; patient_id: string; before: number; until: number },
): void {
  const last = rows.memberships
    .filter((row) => row.patient_id === patient_id)
    .flatMap(({ id }) => standingAt(rows, id, until) ?? [])
    .sort((a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at))
    .at(-1);
  if (last?.status === 'paused') {
    bridge.contraction_cents += before;
    bridge.paused_members += 1;
    return;
  }
  bridge.churn_cents += before;
  bridge.churned_members += 1;
  if (last?.ended_by === 'payment_failure') bridge.churned_involuntary += 1;
  else if (last?.ended_by === 'clinic') bridge.churned_by_clinic += 1;
  else bridge.churned_voluntary += 1;
}

/** Members as they stand at an instant. */
export function membersAt(rows: Members, at: number) {
  const patients = [...new Set(rows.memberships.map((row) => row.patient_id))];
  const eventsOf = (patient_id: string) =>
    rows.memberships.filter((row) => row.patient_id === patient_id).flatMap(({ id }) => standingAt(rows, id, at) ?? []);
  const are = (status: MembershipEventRow['status']) =>
    patients.filter((id) => eventsOf(id).some((event) => event.status === status && !hasEnded(event, at)));
  const scheduled = patients.flatMap((id) => eventsOf(id).filter((event) => event.cancel_at !== null && monthly(event, at) > 0));
  const plans = new Map<string, { members: number; mrr_cents: number }>();
  for (const event of patients.flatMap(eventsOf)) {
    const mrr_cents = monthly(event, at);
    if (mrr_cents === 0) continue;
    const plan = plans.get(event.plan) ?? { members: 0, mrr_cents: 0 };
    plans.set(event.plan, { members: plan.members + 1, mrr_cents: plan.mrr_cents + mrr_cents });
  }
  const paying = patients.filter((id) => mrrOf(rows, id, at) > 0).length;
  const mrr_cents = patients.reduce((sum, id) => sum + mrrOf(rows, id, at), 0);
  return {
    active: are('active').length,
    past_due: are('past_due').length,
    paused: are('paused').length,
    trialing: are('trialing').length,
    scheduled_churn: { members: scheduled.length, mrr_cents: scheduled.reduce((sum, event) => sum + monthly(event, at), 0) },
    paying_members: paying,
    mrr_cents,
    arr_cents: mrr_cents * 12,
    ...(paying > 0 && { arpa_cents: Math.round(mrr_cents / paying) }),
    by_plan: [...plans].map(([plan, figures]) => ({ plan, ...figures })).sort((a, b) => (a.plan < b.plan ? -1 : 1)),
  };
}
