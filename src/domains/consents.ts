import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import * as z from 'zod';
import { system } from './mark.ts';

/** How a consent, or its end, was said. staff: nobody said it, the clinic found out (a wrong number); only an end can come so. */
export const CONSENT_SOURCES = ['in_person', 'phone', 'portal', 'form', 'inbound_text', 'staff'] as const;
export type ConsentSource = (typeof CONSENT_SOURCES)[number];
/** What texts are for. Marketing is not sent from here. */
export const CONSENT_PURPOSES = ['informational'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
export const CONSENT_DECISIONS = ['given', 'revoked'] as const;
export type ConsentDecision = (typeof CONSENT_DECISIONS)[number];

/** One entry of the ledger: what was said of messages to a number (FHIR Consent). */
export const MessageConsent = z.object({
  consent_id: system('id'),
  purpose: z.enum(CONSENT_PURPOSES),
  decision: z.enum(CONSENT_DECISIONS),
  source: z.enum(CONSENT_SOURCES),
  said_at: system('instant'),
  recorded_at: system('instant'),
  recorded_by: system('person_name').optional(),
});
export type MessageConsent = z.infer<typeof MessageConsent>;

/** A number of a chart, and what holds for it. never_asked: nobody ever said anything of it, so nothing is sent to it. */
export const ConsentOfNumber = z.object({
  number: system('phone'),
  state: z.enum([...CONSENT_DECISIONS, 'never_asked']),
  ledger: z.array(MessageConsent),
});
export type ConsentOfNumber = z.infer<typeof ConsentOfNumber>;

/** The ledger of consents. It is of the number: it holds for whoever has the number, and whichever chart stands after a merge. */
export interface Consents {
  /** The numbers of a patient's chart that texts can go to, each with its ledger, newest first. Throws Fault not_found. */
  list(query: { patient_id: string }): Promise<ConsentOfNumber[]>;
  /** Writes down what was said; `number` left out: the chart's first. Throws Fault not_found (patient), invalid_input (a number that the chart does not hold, a time to
   *  come), conflict (no number), not_permitted. */
  record(entry: {
    consent_id: string;
    patient_id: string;
    number?: string | undefined;
    purpose: ConsentPurpose;
    decision: ConsentDecision;
    source: ConsentSource;
    said_at?: string | undefined;
  }): Promise<ConsentOfNumber>;
}

/** Countries of the North American plan in which a US clinic's text goes at home rates and under US law. */
const US = new Set(['US', 'PR', 'VI', 'GU', 'MP', 'AS']);
/** Codes without a place: toll-free, personal, premium. No phone that takes texts is called by them. */
const NO_PLACE = /^\+1(?:8(?:00|33|44|55|66|77|88)|5(?:00|2[1-9]|33|44|66|77|88)|600|700|710|900)/;

/** The E.164 form of a US number that a text can go to; undefined for one from elsewhere, a toll-free one, and what is no number.
 *  Source: NANPA; libphonenumber. Whether it is a landline nobody can read from it. */
export function textableNumber(phone: string | null | undefined): string | undefined {
  const number = phone ? parsePhoneNumberFromString(phone, 'US') : undefined;
  if (!number?.isValid() || number.ext || !US.has(number.country ?? '') || NO_PLACE.test(number.number)) return undefined;
  return number.number;
}
