import type { Tx } from '../../db/tx.ts';
import { excludedOf, rateOf } from '../../domains/definitions.ts';
import { type LeadFunnel, LeadStage, type Leads } from '../../domains/leads.ts';
import type { Surroundings } from '../connector.ts';

/** Sources in an answer: the largest, then one line for the others. */
const MOST_SOURCES = 12;

export function leads({ tx, today }: Surroundings): Leads {
  return {
    async funnel(query) {
      const rows = await funnelOf(tx, { ...query, today });
      const whole = rows.find(({ source }) => source === null);
      if (!whole) throw new Error('a grouping with the empty set answers a row');
      return funnelOfRows(
        query,
        whole,
        rows.filter(({ source }) => source !== null),
      );
    },
  };
}

type Counts = Record<LeadStage, number>;
type Row = { source: string | null; leads: number; mature: number } & Counts & { [S in LeadStage as `mature_${S}`]: number } & {
    [S in LeadStage as `days_to_${S}`]: number | null;
  } & { [S in 'leads' | LeadStage as `period_${S}`]: number } & Record<'spam' | 'test' | 'duplicates' | 'existing_patients', number>;

function funnelOfRows({ from, to, within_days }: Parameters<Leads['funnel']>[0], whole: Row, sources: readonly Row[]): LeadFunnel {
  const stages = LeadStage.options.map((stage) => {
    const median = whole[`days_to_${stage}`];
    return {
      stage,
      of_cohort: rateOf(whole[stage], whole.leads),
      of_mature: rateOf(whole[`mature_${stage}`], whole.mature),
      ...(median !== null && { median_days: median }),
    };
  });
  return {
    from,
    to,
    within_days,
    leads: whole.leads,
    stages,
    immature: whole.mature < whole.leads,
    immature_leads: whole.leads - whole.mature,
    by_source: bySource(sources),
    period: {
      leads: whole.period_leads,
      contacted: whole.period_contacted,
      consult_booked: whole.period_consult_booked,
      consult_attended: whole.period_consult_attended,
      paying: whole.period_paying,
    },
    excluded: excludedOf({
      spam: whole.spam,
      test: whole.test,
      duplicates: whole.duplicates,
      existing_patients: whole.existing_patients,
    }),
    definition: 'lead_funnel@1',
  };
}

function bySource(rows: readonly Row[]): LeadFunnel['by_source'] {
  const told = rows.filter(({ leads }) => leads > 0).sort((a, b) => b.leads - a.leads || ((a.source ?? '') < (b.source ?? '') ? -1 : 1));
  const line = (source: string, of: readonly Row[]) => {
    const sum = (field: 'leads' | 'consult_attended' | 'paying') => of.reduce((total, row) => total + row[field], 0);
    return { source, leads: sum('leads'), consult_attended: sum('consult_attended'), paying: rateOf(sum('paying'), sum('leads')) };
  };
  const others = told.slice(MOST_SOURCES);
  return [
    ...told.slice(0, MOST_SOURCES).map((row) => line(row.source ?? '', [row])),
    ...(others.length > 0 ? [line(`${others.length} other sources`, others)] : []),
  ];
}

const STAGES = LeadStage.options;
const BEFORE: Record<LeadStage, string> = {
  contacted: 'asked',
  consult_booked: 'contacted',
  consult_attended: 'consult_booked',
  paying: 'consult_attended',
};
const each = (column: (stage: LeadStage) => string) => STAGES.map(column).join(',\n       ');

/** All leads with one key meet in its hub; `linked` walks from hub to hub, so that a chain of keys is one person, and a key of thousands no thousands of pairs.
 *  Days are the clinic's own. */
async function funnelOf(tx: Tx, query: Parameters<Leads['funnel']>[0] & { today: string }): Promise<Row[]> {
  return tx.rows<Row>(
    `with recursive keys as materialized (
       select l.id, 'p' || l.phone as key from leads l where l.kind = 'person' and l.phone ~ '^\\+[1-9]\\d{6,14}$'
       union all
       select l.id, 'e' || lower(l.email) || ' ' || lower(l.given_name) || ' ' || lower(l.family_name) from leads l
       where l.kind = 'person' and l.email is not null and l.given_name is not null and l.family_name is not null
     ), hubs as materialized (
       select k.id, first_value(k.id) over (partition by k.key order by k.id) as hub from keys k
     ), edges as materialized (
       select h.id as here, h.hub as there from hubs h where h.id <> h.hub union select h.hub, h.id from hubs h where h.id <> h.hub
     ), linked (root, id) as (
       select l.id, l.id from leads l where l.kind = 'person' and not exists (select from hubs h where h.id = l.id and h.hub <> l.id)
       union
       select w.root, g.there from linked w join edges g on g.here = w.id
     ), person_of as (
       select w.id, (array_agg(w.root order by w.root))[1] as person from linked w group by w.id
     ), persons as (
       select o.person, min(l.created_at) as first_at, min(l.created_at)::date as asked, (array_agg(l.source order by l.created_at, l.id))[1] as source,
         min(l.contacted_at)::date as contacted, min(l.consult_booked_at)::date as consult_booked, min(l.consult_attended_at)::date as consult_attended,
         array_agg(distinct l.patient_id) filter (where l.patient_id is not null) as patient_ids,
         count(*) filter (where l.created_at >= $1::date::timestamptz and l.created_at < ($2::date + 1)::timestamptz) as asked_in_range
       from person_of o join leads l on l.id = o.id group by o.person
     ), refunded as materialized (
       select r.payment_id from refunds r
     ), told as materialized (
       select n.*, exists (select from patients p where p.id = any(n.patient_ids) and p.created_at < n.first_at) as is_patient,
         n.asked between $1::date and $2::date as in_cohort, n.asked + $3::int <= $4::date as is_mature,
         (select min(y.posted_on) from payments y where y.patient_id = any(n.patient_ids) and y.status = 'settled' and y.source <> 'package' and y.amount_cents > 0
            and y.posted_on >= n.asked and (y.id not in (select f.payment_id from refunded f) or y.amount_cents > (select sum(r.amount_cents) from refunds r
              where r.tenant_id = y.tenant_id and r.patient_id = y.patient_id and r.payment_id = y.id))) as paying
       from persons n
     ), reached as (
       select t.*, t.in_cohort and not t.is_patient as counts,
       ${each((stage) => `(t.${stage} >= t.asked and t.${stage} <= t.asked + $3::int) is true as has_${stage}`)}
       from told t
     )
     select source, count(*) filter (where counts)::int as leads, count(*) filter (where counts and is_mature)::int as mature,
       ${each((stage) => `count(*) filter (where counts and has_${stage})::int as ${stage}`)},
       ${each((stage) => `count(*) filter (where counts and is_mature and has_${stage})::int as mature_${stage}`)},
       ${each(
         (stage) =>
           `percentile_cont(0.5) within group (order by ${stage} - ${BEFORE[stage]}) filter (where counts and has_${stage}${
             BEFORE[stage] === 'asked' ? '' : ` and has_${BEFORE[stage]}`
           } and ${stage} >= ${BEFORE[stage]}) as days_to_${stage}`,
       )},
       count(*) filter (where in_cohort and not is_patient)::int as period_leads,
       ${each((stage) => `count(*) filter (where not is_patient and ${stage} between $1::date and $2::date)::int as period_${stage}`)},
       (count(*) filter (where in_cohort and is_patient))::int as existing_patients,
       (coalesce(sum(asked_in_range), 0) - count(*) filter (where in_cohort))::int as duplicates,
       (select count(*)::int from leads l where l.kind = 'spam' and l.created_at >= $1::date::timestamptz and l.created_at < ($2::date + 1)::timestamptz) as spam,
       (select count(*)::int from leads l where l.kind = 'test' and l.created_at >= $1::date::timestamptz and l.created_at < ($2::date + 1)::timestamptz) as test
     from reached group by grouping sets ((source), ())`,
    [query.from, query.to, query.within_days, query.today],
  );
}
