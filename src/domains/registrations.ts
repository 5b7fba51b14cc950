// What a patient is registered with, and how a name, a number and an address are written: short enough to be what they say they are (FHIR Patient, US Core).
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import * as z from 'zod';
import { isDay } from './days.ts';
import { GRAMMARS, phi } from './mark.ts';
import { type PatientSummary, Sex } from './patients.ts';

/** One spelling of what looks alike: composed letters, single spaces. */
const tidy = (text: string) => text.normalize('NFC').replace(/ +/g, ' ').trim();

const WORD = /(?:\p{L}[\p{L}\p{M}'’-]{0,29}\.?|(?:\p{L}\.){2,4})/u.source;
const words = (most: number) => new RegExp(`^${WORD}(?: ${WORD}){0,${most - 1}}$`, 'u');
/** A name is read by models as a word of the clinic's: it holds no sentence. */
const name = (most: number) =>
  phi(
    'name',
    z
      .string()
      .max(120, 'a name, at most 60 letters')
      .overwrite(tidy)
      .max(60, 'a name, at most 60 letters')
      .regex(words(most), `a name and nothing else: letters, at most ${most} words of 30`),
  );

export const GivenName = name(3);
export const FamilyName = name(4);
export const PreferredName = name(2);
export const NameSuffix = z.enum(['Jr', 'Sr', 'II', 'III', 'IV', 'V']);

/** A phone as somebody wrote it, in E.164: one that can be dialled, of the US where it says no country. */
export const Phone = phi(
  'phone',
  z
    .string()
    .max(40, 'a phone, at most 40 characters')
    .overwrite(e164)
    .refine(
      (phone) => GRAMMARS.phone.test(phone),
      'not a phone that can be dialled, and no extension; outside the US begin with + and the country: +442079460958',
    ),
);

function e164(text: string): string {
  if (!/^\s*\+?[\d().\s-]{7,30}$/.test(text)) return text;
  const phone = parsePhoneNumberFromString(text, 'US');
  return phone?.isValid() ? phone.number : 'not valid';
}

export const Email = phi('email', z.string().max(254).overwrite(tidy).regex(GRAMMARS.email, 'an e-mail address: name@example.org'));
export const AddressLine = phi(
  'address',
  z
    .string()
    .max(160)
    .overwrite(tidy)
    .regex(GRAMMARS.address_line, "street and number, or a PO box: letters, digits and . , ' # / -, at most 80")
    .refine((line) => /\d/.test(line) && line.split(' ').length <= 8, 'street and number, or a PO box, at most 8 words'),
);
export const City = phi('address', z.string().max(120).overwrite(tidy).max(40).regex(words(4), 'a city: letters, at most 4 words'));
export const State = phi(
  'address',
  z.string().refine((state) => /^[A-Z]{2}$/.test(state), 'two capital letters: VA'),
);
export const PostalCode = phi('address', z.string().max(20).overwrite(tidy).regex(GRAMMARS.postal_code, 'a ZIP: 23220 or 23220-1234'));
export const Language = phi(
  'language',
  z.string().refine((tag) => /^[a-z]{2,3}(-[A-Z]{2})?$/.test(tag), 'a language tag: en, es, pt-BR'),
);

/** What is known of a person who has no chart yet. */
export const NewPatient = z.object({
  family_name: FamilyName,
  given_name: GivenName,
  middle_name: GivenName.optional(),
  name_suffix: NameSuffix.optional(),
  preferred_name: PreferredName.optional(),
  previous_family_name: FamilyName.optional(),
  birth_date: z.string().refine(isDay, 'a day of the calendar, YYYY-MM-DD'),
  sex: Sex,
  phone: Phone.optional(),
  phone_alternate: Phone.optional(),
  email: Email.optional(),
  address_line: AddressLine.optional(),
  city: City.optional(),
  state: State.optional(),
  postal_code: PostalCode.optional(),
  language: Language.optional(),
  practitioner_id: z.string().regex(GRAMMARS.id).optional(),
});
export type NewPatient = z.infer<typeof NewPatient>;

/** A chart that may be the person who is to be registered. */
export interface Alike {
  patient_id: string;
  patient: string;
  birth_date?: string;
  mrn: string;
  /** Absent for an active, living patient. A merged chart is spoken of by the one that stands. */
  status?: NonNullable<PatientSummary['status']>;
  /** By name, birth date, phone, e-mail as they stand now. */
  likely: boolean;
  /** Somebody said that this is another person. */
  said: boolean;
}

/** Writing a new chart. The worst is a second chart of one person (mission.md D13): the search is that of search_patients, made when it is drafted, when it is read and,
 *  under a lock, when it is signed. */
export interface Registrations {
  /** The charts that are likely this person, the likeliest first, and those `said` to be another's. Throws Fault not_found (an id that is no patient's here). */
  alike(query: { person: NewPatient; said: readonly string[] }): Promise<Alike[]>;
  /** The preferred clinician's name. Throws Fault invalid_input (a clinician who is not there or left; a birth date to come), conflict (likely the same person as a
   *  chart that was not said to be another's). */
  registrable(query: { person: NewPatient; said: readonly string[] }): Promise<{ practitioner?: string }>;
  /** Makes the chart under `patient_id` with the next MRN of the clinic's own. `practitioner`: the name that was shown beside the preferred clinician's id. Only in the
   *  transaction of a signature; throws as registrable does. */
  register(query: {
    patient_id: string;
    person: NewPatient;
    practitioner: string | undefined;
    said: readonly string[];
  }): Promise<{ patient_id: string }>;
}
