import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

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

/** What a source may support for intake forms. */
export interface IntakeForms {
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
