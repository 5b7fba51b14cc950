// Forms asked of patients: read for a proposal, read again and written in the transaction of a signature.
import { Fault } from '../../base/fault.ts';
import { localDay } from '../../base/zone.ts';
import { plusDays } from '../../domains/days.ts';
import type { FormAsked, FormAsking, FormWanted } from '../../domains/intake-forms.ts';
import type { Surroundings } from '../connector.ts';
import { chartTakes } from './chart-takes.ts';
import { tellOfForm } from './messages.ts';

/** A form that is asked for no visit is good for so long. */
const GOOD_DAYS = 30;
/** A form that was sent for no visit counts for the visits of so many days after it, as get_intake_status has it. */
const COUNTS_DAYS = 90;

/** `portal_url`: where the clinic's patients sign in. */
export function formAsking(around: Surroundings, { portal_url }: { portal_url?: string | undefined }): FormAsking {
  const { tx, now } = around;
  return {
    askable: (wanted) => askedOf(around, wanted),
    async ask({ form_id, ...asked }) {
      await tx.rows('select app.hold_forms($1)', [asked.patient_id]);
      const found = await askedOf(around, asked);
      if (found.patient !== asked.patient || found.birth_date !== asked.birth_date)
        throw new Fault('conflict', 'A name or birth date in this draft is not that of the record it names.');
      if (found.start_at !== asked.start_at || found.visit_type !== asked.visit_type)
        throw new Fault('conflict', 'This visit was changed since the draft was made. Call get_appointments for where it stands now.');
      if (found.to !== asked.to)
        throw new Fault('conflict', 'The e-mail address of the chart was changed since the draft was made. Draft the form anew.');
      if (asked.expires_on !== undefined && asked.expires_on < around.today)
        throw new Fault('conflict', 'expires_on: that day is over. Draft the form anew.');
      await tx.rows(
        `insert into intake_forms (tenant_id, id, patient_id, appointment_id, kind, channel, status, sent_at, expires_at)
         values (app.tenant(), $1, $2, $3, $4, $5, 'sent', $6, ($7::date + 1)::timestamptz - interval '1 minute')`,
        [form_id, asked.patient_id, asked.appointment_id ?? null, asked.kind, asked.channel, now.toISOString(), asked.expires_on ?? null],
      );
      if (asked.to !== undefined) await tellOfForm(tx, { form_id, patient_id: asked.patient_id, to: asked.to, portal_url });
      return { form_id };
    },
  };
}

async function askedOf(around: Surroundings, { patient_id, appointment_id, kind, channel }: FormWanted): Promise<FormAsked> {
  const { tx, now, today, time_zone } = around;
  const [{ email, ...who }, visit] = await Promise.all([
    fillerIn(around, patient_id),
    appointment_id === undefined ? undefined : visitOf(around, { patient_id, appointment_id }),
  ]);
  const [open] = await tx.rows<{ channel: string; sent_at: string; for_visit: boolean }>(
    `select f.channel, f.sent_at, f.appointment_id is not null as for_visit from intake_forms f
     where f.patient_id = $1 and f.kind = $2 and f.status in ('sent', 'started') and (f.expires_at is null or f.expires_at > $3)
       and (f.appointment_id is not distinct from $4 or f.appointment_id is null and f.sent_at > $5::timestamptz - interval '${COUNTS_DAYS} days')
     order by f.sent_at desc, f.id limit 1`,
    [patient_id, kind, now.toISOString(), appointment_id ?? null, visit?.start_at ?? null],
  );
  if (channel === 'email' && email === undefined)
    throw new Fault('conflict', 'channel: the chart has no e-mail address. Use portal or paper, or draft_contact_update first.');
  if (open) throw isOpen({ ...open, counts: visit !== undefined, time_zone });
  // A consent stays asked for; a link to anything else is good until the evening of the visit.
  const expires_on = visit ? localDay(new Date(visit.start_at), time_zone) : plusDays(today, GOOD_DAYS);
  return {
    patient_id,
    ...who,
    ...(visit && { appointment_id: visit.appointment_id, start_at: visit.start_at, visit_type: visit.visit_type }),
    kind,
    channel,
    ...(channel !== 'paper' && email !== undefined && { to: email }),
    ...(kind !== 'consent' && { expires_on }),
  };
}

/** Whose form it is: somebody of the record who is alive, or whom a draft of the same caller registers. */
async function fillerIn(
  { tx, registering }: Surroundings,
  patient_id: string,
): Promise<{ patient: string; birth_date?: string; email?: string }> {
  const [row] = await tx.rows<{ patient: string; birth_date: string | null; email: string | null }>(
    "select p.given_name || ' ' || p.family_name as patient, p.birth_date, p.email from patients p where p.id = $1",
    [patient_id],
  );
  const coming = row ? undefined : await registering?.(patient_id);
  if (coming) {
    const { name, ...born } = coming;
    return { patient: name, ...born };
  }
  await chartTakes(tx, { patient_id });
  return {
    patient: row?.patient ?? '',
    ...(row?.birth_date != null && { birth_date: row.birth_date }),
    ...(row?.email != null && { email: row.email }),
  };
}

interface Open {
  channel: string;
  sent_at: string;
  for_visit: boolean;
  /** It is asked for a visit, for which one that was sent for none counts. */
  counts: boolean;
  time_zone: string;
}

function isOpen({ channel, sent_at, for_visit, counts, time_zone }: Open): Fault {
  const loose = counts ? 'for no visit, so it counts for this one' : 'for no visit';
  const whose = for_visit ? 'for this visit' : loose;
  return new Fault(
    'conflict',
    `kind: such a form is open, sent by ${channel} on ${localDay(new Date(sent_at), time_zone)} ${whose}. Call get_intake_status with this patient_id; it need not be asked for again.`,
  );
}

/** The visit, to come or of today, that a form can still be filled in for. */
async function visitOf(
  { tx, today, time_zone }: Surroundings,
  { patient_id, appointment_id }: { patient_id: string; appointment_id: string },
): Promise<{ appointment_id: string; start_at: string; visit_type: string }> {
  const [row] = await tx.rows<{ appointment_id: string; start_at: string; visit_type: string; status: string }>(
    "select a.id as appointment_id, a.start_at, a.visit_type, a.status from appointments a where a.id = $1 and a.patient_id = $2 and a.status <> 'entered_in_error'",
    [appointment_id, patient_id],
  );
  if (!row) throw new Fault('not_found', 'appointment_id: no such visit of this patient. Call get_appointments with this patient_id.');
  const { status, ...visit } = row;
  if (!['booked', 'confirmed', 'arrived'].includes(status))
    throw new Fault(
      'conflict',
      `appointment_id: this visit is ${status}. A form can be asked for one that is booked, confirmed or arrived.`,
    );
  if (localDay(new Date(visit.start_at), time_zone) < today) throw new Fault('conflict', 'appointment_id: this visit is past.');
  return visit;
}
