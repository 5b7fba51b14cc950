// The contact details of a patient: what the front desk may change of a chart, and what it confirms as right.
import * as z from 'zod';
import { GRAMMARS } from './mark.ts';
import { AddressLine, City, Email, Language, Phone, PostalCode, PreferredName, State } from './registrations.ts';

/** Each as it can be written. Name, birth date and sex are no contact details. */
export const CONTACT = {
  preferred_name: PreferredName,
  phone: Phone,
  phone_alternate: Phone,
  email: Email,
  address_line: AddressLine,
  city: City,
  state: State,
  postal_code: PostalCode,
  language: Language,
} as const;
export type ContactField = keyof typeof CONTACT;
export const CONTACT_FIELDS = Object.keys(CONTACT) as [ContactField, ...ContactField[]];
export const ContactField = z.enum(CONTACT_FIELDS);

/** What is known; a field that is not known is absent. */
export type ContactDetails = { [F in ContactField]?: string };

/** One detail as it stood when this was proposed, and as it is to stand. `before` absent: not known; `after` absent: taken out. */
export const ContactChange = z
  .object({ field: ContactField, before: z.string().max(200).optional(), after: z.string().max(200).optional() })
  .refine(({ field, after }) => after === undefined || CONTACT[field].safeParse(after).data === after, {
    path: ['after'],
    error: ({ input }) => `not a ${(input as { field: string }).field.replaceAll('_', ' ')} as it is written in a chart`,
  });
export type ContactChange = z.infer<typeof ContactChange>;

/** Who said that the contact details are right, when, and which they were. */
export const ContactConfirmation = z.object({
  by: z.enum(['patient', 'staff']),
  at: z.string().regex(GRAMMARS.instant),
  details: z.array(z.object({ field: ContactField, value: z.string().max(200) })),
});
export type ContactConfirmation = z.infer<typeof ContactConfirmation>;

/** What becomes of the details: those that change, and whether all of them were then said to be right. */
export interface ContactUpdate {
  patient_id: string;
  patient: string;
  birth_date?: string | undefined;
  changes: ContactChange[];
  confirmed?: ContactConfirmation | undefined;
}

/** Contact details of one patient. Throws Fault not_found (patient), conflict (a merged chart, a patient who died). */
export interface Contacts {
  contact(query: { patient_id: string }): Promise<{ patient: string; birth_date?: string; details: ContactDetails }>;
  /** Writes it. Only in the transaction of a signature; throws conflict where the chart says something else than it said when this was proposed. */
  changeContact(update: ContactUpdate): Promise<{ patient_id: string }>;
}

/** The details as they stand once these changes are made. */
export function afterChanges(details: ContactDetails, changes: readonly ContactChange[]): ContactDetails {
  const changed = new Map(changes.map(({ field, after }) => [field, after]));
  return Object.fromEntries(
    CONTACT_FIELDS.map((field) => [field, changed.has(field) ? changed.get(field) : details[field]]).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
