// What patients and the clinic wrote to each other, as it is laid down by arc: when, how, about what, in whose words.
import type { MessageRow } from '../../rows-practice.ts';

/** One message: from the patient or from the clinic, days after the one before it. The clinic writes on working days, so its days are at least that many. */
export type Turn = readonly [from: 'in' | 'out', days: number, text: string];

/** `{dr}` `{nurse}` `{desk}` `{biller}` `{me}` in a text are the names of that clinic and patient. */
export interface Thread {
  /** Days before as_of of the first message; or days after the result of the draw named in `draw` came in. */
  ago: number;
  draw?: string;
  via: MessageRow['channel'];
  about: MessageRow['category'];
  subject?: string;
  /** Who answers what is clinical, where it is not the usual clinician. */
  by?: 'nurse';
  /** What stands before the patient's words where somebody of the clinic took them down. */
  taken?: string;
  said: readonly Turn[];
}

export type Threads = Readonly<Record<string, readonly Thread[]>>;
