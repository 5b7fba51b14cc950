import * as z from 'zod';
import { clear, external, system } from './mark.ts';

/** The input of read_untrusted: ⟦ref u_…⟧ without its brackets. */
export const Ref = clear(z.string().regex(/^u_[0-9a-f]{32}$/, 'not a reference; copy the u_… of a ⟦ref u_…⟧')).describe('u_… from a ⟦ref⟧');

/** Text from outside the clinic, kept back from an answer. */
export const OutsideText = z.object({
  ref: system('ref'),
  kind: z.enum(['patient_reported', 'outside_record', 'lab_comment', 'unsigned_draft', 'unrecognised']),
  on: system('partial_date').optional(),
  characters: z.number().int().describe('of the whole text'),
  text: external(),
  next_offset: z.number().int().optional().describe('present when the text goes on'),
});
export type OutsideText = z.infer<typeof OutsideText>;

/** The house's own book of outside text that answers referred to. */
export interface References {
  /** The whole text behind a reference that an answer to this same user held. Throws Fault not_found (unknown, another user's, expired). */
  read(query: { ref: string }): Promise<OutsideText>;
  /** The same for a draft that places the reference: the words go to the person who reviews it, and not to the caller. Throws Fault invalid_input (unknown, another
   *  user's, expired). */
  quote(query: { ref: string }): Promise<{ ref: string; kind: string; said_on?: string; text: string }>;
}
