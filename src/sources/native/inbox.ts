import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Inbox, InboxCounts, InboxItem } from '../../domains/inbox.ts';
import { Narrative } from '../../domains/mark.ts';
import type { Surroundings } from '../connector.ts';
import { countWaiting, type InboxQuery, type Place, placesOf, placeValues, type Waiting } from './inbox-items.ts';
import { inboxDoing } from './inbox-write.ts';
import { type LabRow, resultOf } from './labs.ts';
import { patientStands, practitionerStands } from './standing.ts';

export function inbox({ tx, now }: Surroundings): Inbox {
  return {
    ...inboxDoing(tx),
    async list(query) {
      const asked = { ...query, limit: query.limit + 1 };
      const [, , rows, waiting] = await Promise.all([
        practitionerStands(tx, query.practitioner_id),
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        placeOf(tx, query).then((from) => itemsOf(tx, asked, from)),
        query.after === undefined && query.item_id === undefined ? countWaiting(tx, query) : undefined,
      ]);
      if (query.item_id !== undefined && rows.length === 0)
        throw new Fault(
          'not_found',
          'No such item waits in the inbox for this credential: it may have been answered, done or signed since.',
        );
      return {
        items: rows.slice(0, query.limit).map((row) => itemOf(row, now)),
        more: rows.length > query.limit,
        ...(waiting && {
          counts: countsOf(waiting),
          excluded: excludedOf({ unreviewed_results_not_known_to_be_normal_or_abnormal: waiting.unknown ?? 0 }),
        }),
      };
    },
  };
}

function countsOf({ unknown: _, ...counts }: Waiting): InboxCounts {
  return present(counts);
}

/** The place of the record that the cursor names. */
async function placeOf(tx: Tx, query: InboxQuery): Promise<Place | undefined> {
  if (query.after === undefined) return undefined;
  const asked = { ...query, item_id: query.after };
  const [place] = await tx.rows<Place>(placesOf(asked), placeValues(asked, undefined, 1));
  if (!place) throw staleCursor();
  return place;
}

type Shown = Nullable<
  Omit<InboxItem, 'needs_action' | 'priority' | 'age_hours' | 'text' | 'value' | 'flag' | 'preliminary' | 'characters'>
>;
type Row = Shown &
  Pick<LabRow, 'loinc' | 'value' | 'ref_low' | 'ref_high' | 'ref_text' | 'lab_flag'> & {
    rank: number;
    body: unknown;
    comment: string | null;
    status: LabRow['status'] | null;
  };

async function itemsOf(tx: Tx, query: InboxQuery, from: Place | undefined): Promise<Row[]> {
  return tx.rows<Row>(
    `with place as materialized (${placesOf(query)})
     select w.id as item_id, w.kind, w.rank, w.since, p.id as patient_id, p.given_name || ' ' || p.family_name as patient,
       case when p.replaced_by is not null then 'merged' when p.deceased_on is not null then 'deceased' when not p.active then 'inactive' end as patient_status,
       d.given_name || ' ' || d.family_name as practitioner,
       case when w.kind = 'message' then not exists (
         select from message_reads o where o.tenant_id = m.tenant_id and o.message_id = m.id and o.user_id = (select app.user_id())) end as unread,
       m.category, m.channel, m.subject, m.body,
       coalesce(r.name_raw, q.name, n.title, replace(t.kind, '_', ' ')) as about, t.title, t.due_on, t.status as task_status, f.source as asked_by, f.comment,
       r.loinc, r.value, r.comparator, r.value_text, coalesce(r.unit, r.unit_raw) as unit, r.ref_low, r.ref_high, r.ref_text, r.lab_flag, r.status
     from place w
     left join messages m on w.kind = 'message' and m.id = w.id
     left join lab_results r on w.kind = 'result' and r.id = w.id
     left join lab_orders l on l.tenant_id = r.tenant_id and l.id = r.order_id
     left join tasks t on w.kind = 'task' and t.id = w.id
     left join refill_requests f on w.kind = 'refill' and f.id = w.id
     left join medication_requests q on q.tenant_id = f.tenant_id and q.id = f.medication_request_id
     left join chart_notes n on w.kind = 'unsigned_note' and n.id = w.id
     cross join lateral (select coalesce(m.patient_id, r.patient_id, t.patient_id, f.patient_id, n.patient_id) as patient_id offset 0) h
     left join lateral (select a.* from patients a where a.id = h.patient_id offset 0) p on true
     left join practitioners d on d.id = coalesce(m.practitioner_id, l.practitioner_id, t.owner_id, q.prescriber_id, n.author_id, p.practitioner_id)
     order by w.rank, w.since desc, w.id desc`,
    placeValues(query, from, query.limit),
  );
}

const PRIORITIES = ['critical', 'urgent', 'routine', 'routine'] as const;

function itemOf(row: Row, now: Date): InboxItem {
  const {
    rank,
    body,
    comment,
    loinc,
    ref_low,
    ref_high,
    ref_text,
    lab_flag,
    status,
    value,
    about,
    unit,
    comparator,
    value_text,
    ...shown
  } = row;
  return {
    ...present(shown),
    needs_action: rank < 3,
    priority: PRIORITIES[rank] ?? 'routine',
    age_hours: Math.max(0, Math.floor((now.getTime() - Date.parse(row.since)) / 3_600_000)),
    ...(about !== null && { about }),
    ...(row.kind === 'result' && measured(row)),
    ...(comment !== null && { text: [{ text: comment, origin: 'external' as const, kind: 'patient_reported' as const }] }),
    ...(body !== null && { text: spansOf(body, row.item_id) }),
  };
}

/** The value and its flag as get_labs tells them. */
function measured(row: Row): Partial<InboxItem> {
  const { name, value, comparator, value_text, unit, flag } = resultOf({
    lab_result_id: row.item_id,
    name_raw: row.about ?? '',
    unit_raw: null,
    collected_at: row.since,
    resulted_at: null,
    panel: null,
    specimen: null,
    performing_lab: null,
    method: null,
    order_id: null,
    ...row,
    status: row.status ?? 'final',
    comment: null,
  });
  return {
    about: name,
    ...(value !== undefined && { value }),
    ...(comparator !== undefined && { comparator }),
    ...(value_text !== undefined && { value_text }),
    ...(unit !== undefined && { unit }),
    flag,
    ...(row.status === 'preliminary' && { preliminary: true as const }),
  };
}

/** What a patient wrote is outside text, whatever its span says: only the clinic's own answers are the clinic's words, and none stands here. */
function spansOf(body: unknown, id: string): Narrative {
  const parsed = Narrative.safeParse(body);
  if (!parsed.success) throw new Error(`messages.body of ${id} is malformed`);
  return parsed.data.map((span) => ({ ...span, origin: 'external' as const, kind: span.kind ?? ('patient_reported' as const) }));
}
