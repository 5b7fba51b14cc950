import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import { localDay, localInstant } from '../../base/zone.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import { cut, type Free, type Modality, type OpenSlot, type OpenSlots, type SlotQuery } from '../../domains/open-slots.ts';
import type { Surroundings } from '../connector.ts';
import { practitionerStands } from './standing.ts';

export async function openSlots({ tx, now, today, time_zone }: Surroundings, query: SlotQuery): Promise<OpenSlots> {
  if (query.to < today) throw new Fault('invalid_input', 'date_range: it is over. Ask for today or later.');
  if (query.after !== undefined && !isOfDays(query.after, query, time_zone)) throw staleCursor();
  const [, rows, unknown] = await Promise.all([
    practitionerStands(tx, query.practitioner_id),
    freeTime(tx, query, now),
    withoutHours(tx, query.practitioner_id),
  ]);
  const slots = slotsOf(rows, query);
  return {
    slots: slots.slice(0, query.limit).map(
      ({ start, end, ...slot }): OpenSlot => ({
        ...slot,
        start_at: localInstant(new Date(start), time_zone),
        end_at: localInstant(new Date(end), time_zone),
      }),
    ),
    more: slots.length > query.limit,
    excluded: excludedOf({ clinicians_without_hours_on_file: unknown }),
  };
}

function isOfDays(slot_id: string, { from, to }: SlotQuery, time_zone: string): boolean {
  const start = new Date(Number.parseInt(slot_id.replaceAll('-', '').slice(0, 12), 16) * 1000);
  const day = Number.isNaN(start.getTime()) ? '' : localDay(start, time_zone);
  return day >= from && day <= to;
}

interface FreeRow {
  practitioner_id: string;
  practitioner: string;
  modality: Modality;
  start_s: number;
  end_s: number;
}

type Cut = Omit<OpenSlot, 'start_at' | 'end_at'> & { slot_id: string; start: number; end: number };

/** The page and one more: of each clinician no more than that is cut. */
function slotsOf(rows: readonly FreeRow[], { minutes, limit, after }: SlotQuery): Cut[] {
  const clinicians = Map.groupBy(rows, ({ practitioner_id }) => practitioner_id);
  const slots = [...clinicians].flatMap(([practitioner_id, own]) => {
    const free: Free[] = own.map(({ modality, start_s, end_s }) => ({ modality, start: start_s * 1000, end: end_s * 1000 }));
    const practitioner = (own[0] as FreeRow).practitioner;
    const page: Cut[] = [];
    for (const slot of cut(free, minutes * 60_000)) {
      const slot_id = slotId(slot.start, practitioner_id);
      if (after === undefined || slot_id > after) page.push({ slot_id, practitioner_id, practitioner, ...slot });
      if (page.length > limit) break;
    }
    return page;
  });
  return slots.sort((a, b) => (a.slot_id < b.slot_id ? -1 : 1)).slice(0, limit + 1);
}

/** The start in seconds, then the end of the clinician's id, in the form of a UUID: in its order, slots stand by time. */
function slotId(start: number, practitioner_id: string): string {
  const hex =
    Math.floor(start / 1000)
      .toString(16)
      .padStart(12, '0') + practitioner_id.replaceAll('-', '').slice(12);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Free stretches of each clinician and modality, from the next quarter of an hour on. Hours are of the wall clock, so that nine o'clock is nine o'clock
 *  also on the days of 23 and 25 hours. `except`: a visit that gives its time up. */
export async function freeTime(tx: Tx, query: SlotQuery, now: Date, except?: string): Promise<FreeRow[]> {
  return tx.rows<FreeRow>(
    `with clinician as (
       select d.tenant_id, d.id, d.given_name || ' ' || d.family_name as name from practitioners d
       where d.active and ($3::uuid is null or d.id = $3)),
     working as materialized (
       select c.id, m.modality, range_agg(tstzrange(w.start_at, w.end_at)) as time
       from clinician c
       join practitioner_hours h on h.tenant_id = c.tenant_id and h.practitioner_id = c.id
       cross join lateral generate_series(greatest($1::date, h.from_on)::timestamp, least($2::date, coalesce(h.to_on, $2::date))::timestamp, interval '1 day') as d (day)
       cross join lateral (values ('in_person'), ('telehealth')) as m (modality)
       cross join lateral (
         select greatest((d.day + make_interval(mins => greatest(h.start_minute, case $5::text when 'afternoon' then 720 when 'evening' then 1020 else 0 end)))::timestamptz,
             to_timestamp(ceil(extract(epoch from $6::timestamptz) / 900) * 900)) as start_at,
           (d.day + make_interval(mins => least(h.end_minute, case $5 when 'morning' then 720 when 'afternoon' then 1020 else 1440 end)))::timestamptz as end_at) w
       where extract(isodow from d.day) = h.weekday and h.modality in (m.modality, 'any') and ($4::text is null or m.modality = $4)
         and w.start_at < w.end_at
       group by c.id, m.modality),
     taken as materialized (
       select c.id, range_agg(t.time) as time
       from clinician c
       cross join lateral (
         select tstzrange(b.start_at, b.end_at) as time from schedule_blocks b
         where b.tenant_id = c.tenant_id and (b.practitioner_id is null or b.practitioner_id = c.id)
           and b.start_at < ($2::date + 1)::timestamptz and b.end_at > $1::date::timestamptz
         union all
         select tstzrange(a.start_at, a.start_at + a.minutes * interval '1 minute') from appointments a
         where a.tenant_id = c.tenant_id and a.practitioner_id = c.id
           and a.start_at >= $1::date::timestamptz - interval '8 hours' and a.start_at < ($2::date + 1)::timestamptz
           and a.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error') and a.id is distinct from $7::uuid) t
       group by c.id)
     select c.id as practitioner_id, c.name as practitioner, w.modality,
       extract(epoch from lower(f.free))::float8 as start_s, extract(epoch from upper(f.free))::float8 as end_s
     from working w
     join clinician c on c.id = w.id
     left join taken t on t.id = w.id
     cross join lateral unnest(w.time - coalesce(t.time, '{}'::tstzmultirange)) as f (free)
     order by 1, 3, 4`,
    [
      query.from,
      query.to,
      query.practitioner_id ?? null,
      query.modality ?? null,
      query.part_of_day ?? null,
      now.toISOString(),
      except ?? null,
    ],
  );
}

async function withoutHours(tx: Tx, practitioner_id: string | undefined): Promise<number> {
  const [row] = await tx.rows<{ unknown: number }>(
    `select count(*)::int as unknown from practitioners d
     where d.active and ($1::uuid is null or d.id = $1)
       and not exists (select from practitioner_hours h where h.tenant_id = d.tenant_id and h.practitioner_id = d.id)`,
    [practitioner_id ?? null],
  );
  return row?.unknown ?? 0;
}
