import * as z from 'zod';
import { clear, recordId, system } from './mark.ts';

/** An input that names one clinician of the clinic. */
export const PractitionerId = clear(recordId('call list_practitioners and use the practitioner_id it returns')).describe(
  'a practitioner_id',
);

export const PractitionerRole = z.enum([
  'physician',
  'nurse_practitioner',
  'physician_assistant',
  'nurse',
  'therapist',
  'dietitian',
  'other',
]);

/** One clinician. FHIR Practitioner and PractitionerRole. What is absent is not known: an NPI is never guessed by name. */
export const Practitioner = z.object({
  practitioner_id: system('id'),
  name: system('person_name'),
  credentials: system('term').optional(),
  npi: system('digits').optional(),
  npi_invalid: z.literal(true).optional().describe('its check digit is wrong'),
  role: PractitionerRole.optional(),
  specialty: system('term').optional(),
  accepts_new_patients: z.boolean().optional().describe('absent: not known'),
  inactive: z.literal(true).optional(),
});
export type Practitioner = z.infer<typeof Practitioner>;

/** What a source may support for practitioners. */
export interface Practitioners {
  /** The clinic's clinicians by family name, from after the record `after`. `name` and `specialty` are parts of words, in any case.
   *  Throws Fault invalid_input (stale cursor). Source: FHIR Practitioner; NPI check digit by CMS. */
  list(query: {
    active_only: boolean;
    role?: z.infer<typeof PractitionerRole> | undefined;
    specialty?: string | undefined;
    name?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ practitioners: Practitioner[]; more: boolean }>;
}
