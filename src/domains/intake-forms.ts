import * as z from 'zod';
import { isDay } from './days.ts';
import type { Excluded } from './definitions.ts';
import { GRAMMARS, system } from './mark.ts';

export const IntakeKind = z.enum(['new_patient', 'annual_update', 'consent', 'medical_history', 'phq9', 'ams', 'financial']);

/** One form that was sent. FHIR Questionnaire and its response; only whether it came back, not what it says. */
export const IntakeForm = z.object({
  kind: IntakeKind,
  status: z.enum(['sent', 'started', 'completed', 'expired']).describe('expired: its time ran out before it was completed'),
  channel: z.enum(['portal', 'sms', 'email', 'paper']),
  sent_at: system('instant'),
  completed_at: system('instant').optional(),
  expires_at: system('instant').optional(),
});
export type IntakeForm = z.infer<typeof IntakeForm>;

/** A visit ahead, its forms, and whether we know how to reach the patient. */
export const Intake = z.object({
  appointment_id: system('id'),
  start_at: system('instant'),
  visit_type: system('term'),
  practitioner: system('person_name'),
  patient_id: system('id'),
  patient: system('person_name'),
  state: z.enum(['complete', 'incomplete', 'none_sent']).describe('none_sent is not complete'),
  missing: z.array(IntakeKind).describe('sent and not completed, expired ones too'),
  forms: z.array(IntakeForm),
  contact_confirmed_at: system('instant').optional().describe('phone, e-mail and address; absent: never'),
  contact_confirmed_by: z.enum(['patient', 'staff']).optional(),
});
export type Intake = z.infer<typeof Intake>;

/** How a form can be asked for now: a form of the portal is told of by e-mail where there is an address, one by e-mail leads there. */
export const AskingChannel = z.enum(['portal', 'email', 'paper']);

/** A form that a patient is to be asked for, and how it stands in the record whom and which visit it is for. */
export const FormAsked = z.object({
  patient_id: z.string().regex(GRAMMARS.id),
  patient: z.string().max(200),
  birth_date: z.string().optional(),
  kind: IntakeKind,
  channel: AskingChannel,
  /** Where it is told of by e-mail. */
  to: z.string().regex(GRAMMARS.email).optional(),
  appointment_id: z.string().regex(GRAMMARS.id).optional(),
  start_at: z.string().regex(GRAMMARS.instant).optional(),
  visit_type: z.string().max(200).optional(),
  /** The last clinic day on which it can be filled in; absent: any. */
  expires_on: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .refine(isDay)
    .optional(),
});
export type FormAsked = z.infer<typeof FormAsked>;
export type FormWanted = Pick<FormAsked, 'patient_id' | 'kind' | 'channel' | 'appointment_id'>;

/** Asking for a form. Throws Fault not_found (patient, visit), conflict (a merged chart, a patient who died, no e-mail address for one that goes
 *  by e-mail, a visit that is past or off, the same form open for it). */
export interface FormAsking {
  askable(wanted: FormWanted): Promise<FormAsked>;
  /** Sends it under `form_id`, and an e-mail that tells of it to `to`. Only in the transaction of a signature; throws conflict too where the visit was moved or the address
   *  changed since. */
  ask(form: FormAsked & { form_id: string }): Promise<{ form_id: string }>;
}

/** What a source may support for intake forms. */
export interface IntakeForms extends FormAsking {
  /** Visits that stand in the practice-local days [from, to], by start time, from after the record `after`, each with its forms and those sent for no visit in the 90 days before it;
   *  with `patient_id` of one patient, and `other_forms` are that patient's forms of other visits, newest first. Of forms of
   *  one kind a completed one counts, else the latest; cancelled ones are left out. `missing_only` leaves out what is complete.
   *  Throws Fault not_found (patient), invalid_input (stale cursor, unknown practitioner). */
  status(query: {
    from: string;
    to: string;
    patient_id?: string | undefined;
    practitioner_id?: string | undefined;
    missing_only: boolean;
    limit: number;
    after?: string | undefined;
  }): Promise<{
    intakes: Intake[];
    more: boolean;
    excluded: Excluded;
    other_forms?: IntakeForm[];
    contact?: { contact_confirmed_at?: string; contact_confirmed_by?: 'patient' | 'staff' };
  }>;
}
