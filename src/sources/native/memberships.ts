import type { Tx } from '../../db/tx.ts';
import { rateOf } from '../../domains/definitions.ts';
import type { MembershipBridge, MembershipMetrics, Memberships } from '../../domains/memberships.ts';
import type { Surroundings } from '../connector.ts';

/** Plans in an answer: the largest, then one line for the others. */
const MOST_PLANS = 12;

export function memberships({ tx, now }: Surroundings): Memberships {
  return {
    async metrics({ month }) {
      const at = now.toISOString();
      const [[standing], plans, current, previous] = await Promise.all([
        standingAt(tx, month, at),
        plansAt(tx, month, at),
        bridgeOf(tx, month, at),
        bridgeOf(tx, monthBefore(month), at),
      ]);
      if (!standing) throw new Error('an aggregate answers one row');
      const { scheduled_members, scheduled_mrr_cents, ...counts } = standing;
      const { mrr_cents, paying_members } = counts;
      return {
        ...counts,
        scheduled_churn: { members: scheduled_members, mrr_cents: scheduled_mrr_cents },
        arr_cents: 12 * mrr_cents,
        ...(paying_members > 0 && { arpa_cents: Math.round(mrr_cents / paying_members) }),
        by_plan: shortened(plans),
        current,
        previous,
        definition: 'membership_metrics@1',
      };
    },
  };
}

function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
}

type Plan = MembershipMetrics['by_plan'][number];

function shortened(plans: readonly Plan[]): Plan[] {
  const others = plans.slice(MOST_PLANS);
  const sum = (of: 'members' | 'mrr_cents') => others.reduce((total, plan) => total + plan[of], 0);
  return [
    ...plans.slice(0, MOST_PLANS),
    ...(others.length > 0 ? [{ plan: `${others.length} other plans`, members: sum('members'), mrr_cents: sum('mrr_cents') }] : []),
  ];
}

/** $1 the month's first day, $2 now: the month's first instant, and where it ends or is now. */
const STARTS = '$1::date::timestamptz';
const ENDS = "least(($1::date + interval '1 month')::date::timestamptz, $2::timestamptz)";

/** Each membership by its last event before an instant, as it stands then: `state` (ended where cancel_at has come) and MRR in cents. */
const stoodAt = (instant: string) => `
  select latest.membership_id, latest.patient_id, latest.occurred_at, latest.id, latest.plan, latest.cancel_at, latest.ended_by,
    case when latest.cancel_at <= ${instant} then 'cancelled' else latest.status end as state,
    case when latest.status in ('active', 'past_due') and (latest.cancel_at is null or latest.cancel_at > ${instant}) then ${MRR('latest')} else 0 end as mrr
  from (
    select distinct on (v.membership_id) v.* from membership_events v where v.occurred_at < ${instant} order by v.membership_id, v.occurred_at desc, v.id desc
  ) latest`;

/** By month, to the cent: a permanent discount lowers it, a finite one does not. */
function MRR(row: string): string {
  return `round((${row}.price_cents - case ${row}.discount when 'permanent' then least(${row}.discount_cents, ${row}.price_cents) else 0 end)::numeric
    / case ${row}.interval when 'year' then 12 when 'quarter' then 3 else 1 end)::bigint`;
}

type Standing = Pick<MembershipMetrics, 'at' | 'active' | 'past_due' | 'paused' | 'trialing' | 'paying_members' | 'mrr_cents'> & {
  scheduled_members: number;
  scheduled_mrr_cents: number;
};

/** Each patient once: by the membership that counts most. */
async function standingAt(tx: Tx, month: string, now: string): Promise<Standing[]> {
  return tx.rows<Standing>(
    `with stood as (${stoodAt(ENDS)}),
     members as (
       select s.patient_id, sum(s.mrr) as mrr,
         min(case s.state when 'active' then 1 when 'past_due' then 2 when 'trialing' then 3 when 'paused' then 4 end) as best,
         sum(s.mrr) filter (where s.cancel_at is not null and s.state in ('active', 'past_due')) as scheduled
       from stood s group by s.patient_id
     )
     select ${ENDS} as at, count(*) filter (where best = 1)::int as active, count(*) filter (where best = 2)::int as past_due,
       count(*) filter (where best = 3)::int as trialing, count(*) filter (where best = 4)::int as paused,
       count(*) filter (where mrr > 0)::int as paying_members, coalesce(sum(mrr), 0)::bigint as mrr_cents,
       count(*) filter (where scheduled is not null)::int as scheduled_members, coalesce(sum(scheduled), 0)::bigint as scheduled_mrr_cents
     from members`,
    [`${month}-01`, now],
  );
}

async function plansAt(tx: Tx, month: string, now: string): Promise<Plan[]> {
  return tx.rows<Plan>(
    `with stood as (${stoodAt(ENDS)})
     select s.plan, count(distinct s.patient_id)::int as members, sum(s.mrr)::bigint as mrr_cents
     from stood s where s.state in ('active', 'past_due') group by s.plan order by mrr_cents desc, s.plan`,
    [`${month}-01`, now],
  );
}

type Moves = Omit<MembershipBridge, 'month' | 'logo_churn' | 'gross_revenue_retention' | 'net_revenue_retention' | 'definition'> & {
  start_members: number;
};

async function bridgeOf(tx: Tx, month: string, now: string): Promise<MembershipBridge> {
  const [row] = await movesOf(tx, month, now);
  if (!row) throw new Error('an aggregate answers one row');
  const { start_members, ...moves } = row;
  const { start_mrr_cents, contraction_cents, churn_cents, expansion_cents } = moves;
  const kept = start_mrr_cents - contraction_cents - churn_cents;
  return {
    month,
    ...moves,
    logo_churn: rateOf(moves.churned_members, start_members),
    gross_revenue_retention: rateOf(kept, start_mrr_cents),
    net_revenue_retention: rateOf(kept + expansion_cents, start_mrr_cents),
    definition: 'mrr_bridge@1',
  };
}

/** The MRR of each patient at both ends of the month, and the name of the difference. */
async function movesOf(tx: Tx, month: string, now: string): Promise<Moves[]> {
  return tx.rows<Moves>(
    `with before as (select s.patient_id, sum(s.mrr) as mrr from (${stoodAt(STARTS)}) s group by s.patient_id),
     after as (
       select s.patient_id, sum(s.mrr) as mrr, bool_or(s.state = 'paused') as is_paused,
         (array_agg(s.ended_by order by s.occurred_at desc, s.id desc))[1] as ended_by,
         (array_agg(s.state order by s.occurred_at desc, s.id desc))[1] as last_state
       from (${stoodAt(ENDS)}) s group by s.patient_id
     ), moved as (
       select a.patient_id, coalesce(b.mrr, 0) as was, a.mrr as is_now, a.is_paused, a.ended_by, a.last_state,
         exists (select from membership_events v where v.patient_id = a.patient_id and v.occurred_at < ${STARTS}
           and v.status in ('active', 'past_due') and ${MRR('v')} > 0) as had_before
       from after a left join before b on b.patient_id = a.patient_id
     ), named as (
       select m.*, case when was = 0 and is_now > 0 then case when had_before then 'reactivation' else 'new' end
           when was > 0 and is_now = 0 and last_state in ('cancelled', 'unpaid') then 'churn' when was > 0 and is_now = 0 and is_paused then 'pause'
           when is_now > was then 'expansion' when is_now < was then 'contraction' end as move
       from moved m
     )
     select coalesce(sum(was), 0)::bigint as start_mrr_cents,
       coalesce(sum(is_now) filter (where move = 'new'), 0)::bigint as new_cents,
       coalesce(sum(is_now - was) filter (where move = 'expansion'), 0)::bigint as expansion_cents,
       coalesce(sum(is_now) filter (where move = 'reactivation'), 0)::bigint as reactivation_cents,
       coalesce(sum(was - is_now) filter (where move in ('contraction', 'pause')), 0)::bigint as contraction_cents,
       coalesce(sum(was) filter (where move = 'churn'), 0)::bigint as churn_cents,
       coalesce(sum(is_now), 0)::bigint as end_mrr_cents,
       count(*) filter (where move = 'new')::int as new_members, count(*) filter (where move = 'reactivation')::int as reactivated_members,
       count(*) filter (where move = 'pause')::int as paused_members, count(*) filter (where move = 'churn')::int as churned_members,
       count(*) filter (where move = 'churn' and (ended_by = 'payment_failure' or (ended_by is null and last_state = 'unpaid')))::int as churned_involuntary,
       count(*) filter (where move = 'churn' and ended_by = 'clinic')::int as churned_by_clinic,
       count(*) filter (where move = 'churn' and (ended_by = 'member' or (ended_by is null and last_state <> 'unpaid')))::int as churned_voluntary,
       count(*) filter (where was > 0)::int as start_members
     from named`,
    [`${month}-01`, now],
  );
}
