import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Intake, IntakeForm, IntakeForms } from '../../domains/intake-forms.ts';
import type { Surroundings } from '../connector.ts';
import { formAsking } from './intake-forms-write.ts';
import { cursorStands, LISTED, noSuchPatient, practitionerStands } from './standing.ts';

/** Forms of other visits in one answer. */
const MOST_FORMS = 20;

type Query = Parameters<IntakeForms['status']>[0];

/** `settings`: of the clinic's connection. */
export function intakeForms(around: Surroundings, settings: { portal_url?: string | undefined } = {}): IntakeForms {
  const { tx, now } = around;
  return {
    ...formAsking(around, settings),
    async status(query) {
      const { patient_id } = query;
      const [, , rows, unlisted, contact, others] = await Promise.all([
        practitionerStands(tx, query.practitioner_id),
        cursorStands(query.after, (id) => visitsOf(tx, { ...query, after: undefined, limit: 1 }, now, id)),
        visitsOf(tx, { ...query, limit: query.limit + 1 }, now),
        unlistedOf(tx, query),
        patient_id === undefined ? undefined : contactOf(tx, patient_id),
        patient_id === undefined ? undefined : otherForms(tx, query, patient_id, now),
      ]);
      return {
        intakes: rows.slice(0, query.limit).map(intakeOf),
        more: rows.length > query.limit,
        excluded: excludedOf(unlisted),
        ...(contact && { contact: present(contact) }),
        ...(others && { other_forms: others.map((form) => present(form)) }),
      };
    },
  };
}

type FormRow = Nullable<IntakeForm>;
type Row = Nullable<Omit<Intake, 'state' | 'missing' | 'forms'>> & { forms: FormRow[] };

function intakeOf({ forms, ...row }: Row): Intake {
  const missing = forms.filter(({ status }) => status !== 'completed').map(({ kind }) => kind);
  return {
    ...present(row),
    state: forms.length === 0 ? 'none_sent' : missing.length > 0 ? 'incomplete' : 'complete',
    missing,
    forms: forms.map((form) => present(form)),
  };
}

/** A form whose time ran out is expired, whether or not somebody marked it. $1 is now. */
const STATUS = `case when f.status in ('sent', 'started') and f.expires_at <= $1::timestamptz then 'expired' else f.status end`;
/** With a patient named, that patient whatever became of the chart. */
const IN_RANGE = `a.start_at >= $2::date::timestamptz and a.start_at < ($3::date + 1)::timestamptz
  and a.status not in ('cancelled', 'rescheduled', 'no_show', 'entered_in_error')
  and ($4::uuid is null or a.patient_id = $4) and ($5::uuid is null or a.practitioner_id = $5)`;

/** A form that was sent for no visit counts for each visit in the 90 days after it. */
async function visitsOf(tx: Tx, query: Query, now: Date, id?: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select a.id as appointment_id, a.start_at, a.visit_type, d.given_name || ' ' || d.family_name as practitioner, a.patient_id,
       p.given_name || ' ' || p.family_name as patient, p.contact_confirmed_at, p.contact_confirmed_by, s.forms
     from appointments a
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     join practitioners d on d.tenant_id = a.tenant_id and d.id = a.practitioner_id
     cross join lateral (
       select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'status', k.status, 'channel', k.channel, 'sent_at', k.sent_at,
           'completed_at', k.completed_at, 'expires_at', k.expires_at) order by k.sent_at, k.kind), '[]') as forms,
         coalesce(bool_and(k.status = 'completed'), false) as complete
       from (
         select distinct on (f.kind) f.kind, ${STATUS} as status, f.channel, f.sent_at, f.completed_at, f.expires_at
         from intake_forms f
         where f.tenant_id = a.tenant_id and f.patient_id = a.patient_id and f.status <> 'cancelled'
           and (f.appointment_id = a.id or f.appointment_id is null and f.sent_at > a.start_at - interval '90 days' and f.sent_at <= a.start_at)
         order by f.kind, (f.status = 'completed') desc, f.sent_at desc, f.id) k) s
     where ${IN_RANGE} and ($4 is not null or ${LISTED})
       and (not $6::boolean or not s.complete)
       and ($7::uuid is null or (a.start_at, a.id) > (select b.start_at, b.id from appointments b where b.id = $7))
       and ($9::uuid is null or a.id = $9)
     order by a.start_at, a.id
     limit $8`,
    [
      now.toISOString(),
      query.from,
      query.to,
      query.patient_id ?? null,
      query.practitioner_id ?? null,
      query.missing_only,
      query.after ?? null,
      query.limit,
      id ?? null,
    ],
  );
}

async function unlistedOf(tx: Tx, { from, to, patient_id, practitioner_id }: Query): Promise<Record<string, number>> {
  const [row] = await tx.rows<Record<string, number>>(
    `select count(*)::int as visits_of_inactive_or_deceased_patients_or_merged_charts
     from appointments a
     join patients p on p.tenant_id = a.tenant_id and p.id = a.patient_id
     where $1::date is not null and ${IN_RANGE} and $4 is null and not (${LISTED})`,
    [from, from, to, patient_id ?? null, practitioner_id ?? null],
  );
  return row ?? {};
}

async function contactOf(tx: Tx, patient_id: string) {
  const [row] = await tx.rows<{ contact_confirmed_at: string | null; contact_confirmed_by: 'patient' | 'staff' | null }>(
    'select p.contact_confirmed_at, p.contact_confirmed_by from patients p where p.id = $1',
    [patient_id],
  );
  if (!row) throw noSuchPatient();
  return row;
}

/** The patient's forms of visits outside the range, and those of no visit. */
async function otherForms(tx: Tx, { from, to }: Query, patient_id: string, now: Date): Promise<FormRow[]> {
  return tx.rows<FormRow>(
    `select f.kind, ${STATUS} as status, f.channel, f.sent_at, f.completed_at, f.expires_at
     from intake_forms f
     left join appointments a on a.tenant_id = f.tenant_id and a.id = f.appointment_id
     where f.patient_id = $2 and f.status <> 'cancelled'
       and (a.id is null or a.start_at < $3::date::timestamptz or a.start_at >= ($4::date + 1)::timestamptz)
     order by f.sent_at desc, f.id
     limit $5`,
    [now.toISOString(), patient_id, from, to, MOST_FORMS],
  );
}
