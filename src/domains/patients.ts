import * as z from 'zod';
import { Coverage } from './coverages.ts';
import { once, phi, recordId, system } from './mark.ts';

/** The `patient_id` of an input. */
export const PatientId = once(
  'from search_patients',
  phi('patient_id', recordId('call search_patients and use the patient_id it returns')),
);

/** FHIR administrative-gender. */
export const Sex = z.enum(['female', 'male', 'other', 'unknown']);

/** One candidate of a search, with what tells it from its neighbours. FHIR Patient; grades as FHIR $match. */
export const PatientSummary = z.object({
  patient_id: system('id'),
  family_name: system('person_name'),
  given_name: system('person_name'),
  preferred_name: system('person_name').optional(),
  birth_date: system('partial_date').optional(),
  sex: Sex,
  mrn: system('mrn'),
  phone_last4: system('digits').optional(),
  city: system('address_line').optional(),
  match: z.enum(['certain', 'probable', 'possible']),
  matched_on: z.array(
    z.enum(['mrn', 'birth_date', 'phone', 'email', 'family_name', 'given_name', 'nickname', 'previous_name', 'sounds_like', 'spelling']),
  ),
  /** Absent for an active, living, unmerged patient. */
  status: z.enum(['inactive', 'deceased', 'merged']).optional(),
});
export type PatientSummary = z.infer<typeof PatientSummary>;

/** FHIR Patient: demographics, contact and insurance. An absent field is not known; it is never "none". */
export const Patient = z.object({
  patient_id: system('id'),
  mrn: system('mrn'),
  family_name: system('person_name'),
  given_name: system('person_name'),
  middle_name: system('person_name').optional(),
  name_suffix: system('person_name').optional(),
  preferred_name: system('person_name').optional(),
  previous_family_name: system('person_name').optional(),
  birth_date: system('partial_date').optional(),
  age_years: z.number().int().optional().describe('completed years today; absent unless the birth date is complete and the patient lives'),
  sex: Sex,
  phone: system('phone').optional(),
  phone_alternate: system('phone').optional(),
  email: system('email').optional(),
  address_line: system('address_line').optional(),
  city: system('address_line').optional(),
  state: system('code').optional(),
  postal_code: system('postal_code').optional(),
  language: system('language').optional(),
  practitioner_id: system('id').optional().describe('usual clinician'),
  practitioner: system('person_name').optional(),
  contact_confirmed_at: system('instant').optional(),
  contact_confirmed_by: z.enum(['patient', 'staff']).optional(),
  status: z.enum(['active', 'inactive', 'deceased', 'merged']),
  deceased_on: system('partial_date').optional(),
  /** The chart that replaced this one in the end, through every merge (FHIR Patient.link replaced-by). */
  replaced_by: system('id').optional(),
  coverages: z.array(Coverage),
});
export type Patient = z.infer<typeof Patient>;

export const PatientQuery = phi('query', z.string().min(2).max(120)).describe('Name, birth date, MRN, phone or e-mail, in any order');

/** What a source may support for patients. */
export interface Patients {
  /** Candidates for what a person would type, best first, from after the record `after`. Never chooses: two that fit are two.
   *  `certain` needs MRN, or full name and birth date and one more, and a clear margin over the next. `too_many`: others fit as well as
   *  these and cannot be listed; only a narrower query finds them. Throws Fault invalid_input (stale cursor).
   *  Source: connectors.md §2.1 (search against match; Fellegi–Sunter). */
  search(query: {
    query: string;
    limit: number;
    after?: string | undefined;
  }): Promise<{ resolution: 'certain' | 'ambiguous' | 'none'; patients: PatientSummary[]; more: boolean; too_many: boolean }>;
  /** One patient. A merged chart answers itself with `replaced_by`. Throws Fault not_found. */
  get(query: { patient_id: string }): Promise<Patient>;
  /** Which of these full names (given name first, lower case) are borne by patients of the clinic other than this one. At most fifty. */
  named(query: { patient_id: string; names: readonly string[] }): Promise<string[]>;
}
