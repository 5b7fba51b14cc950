// Time that can be booked: a clinician's hours less what is blocked and what is booked (connectors.md §2.8).
import * as z from 'zod';
import type { Excluded } from './definitions.ts';
import { system } from './mark.ts';

export const PARTS_OF_DAY = ['morning', 'afternoon', 'evening'] as const;

export const Modality = z.enum(['in_person', 'telehealth']);
export type Modality = z.infer<typeof Modality>;

/** An opening. Two of one clinician never overlap. */
export const OpenSlot = z.object({
  /** Start and clinician as an id: where the next page begins. */
  slot_id: system('id').optional(),
  start_at: system('instant'),
  end_at: system('instant'),
  practitioner_id: system('id'),
  practitioner: system('person_name'),
  modalities: z.array(Modality),
});
export type OpenSlot = z.infer<typeof OpenSlot>;

export interface SlotQuery {
  from: string;
  to: string;
  practitioner_id?: string | undefined;
  minutes: number;
  modality?: Modality | undefined;
  part_of_day?: (typeof PARTS_OF_DAY)[number] | undefined;
  limit: number;
  after?: string | undefined;
}

export interface OpenSlots {
  slots: OpenSlot[];
  more: boolean;
  /** Clinicians whose hours nobody entered: not known is not free. */
  excluded: Excluded;
}

/** Half-open, in milliseconds of the epoch. */
export interface Free {
  start: number;
  end: number;
  modality: Modality;
}

/** Slots of `length` ms by start, back to back, out of the free time of one clinician; `free` of one modality does not overlap itself, of two it may.
 *  A slot lies whole within one stretch, and carries each modality whose free time holds it. */
export function* cut(free: readonly Free[], length: number): Generator<{ start: number; end: number; modalities: Modality[] }> {
  const stretches = free.filter(({ start, end }) => end - start >= length).sort((a, b) => a.start - b.start);
  let first = 0;
  for (let from = Number.NEGATIVE_INFINITY; ; ) {
    while (first < stretches.length && (stretches[first] as Free).end < from + length) first += 1;
    let next = Number.POSITIVE_INFINITY;
    const held: Modality[] = [];
    for (let i = first; i < stretches.length && (stretches[i] as Free).start <= next; i += 1) {
      const { start, end, modality } = stretches[i] as Free;
      const at = Math.max(start, from);
      if (at + length > end || at > next) continue;
      if (at < next) held.length = 0;
      next = at;
      held.push(modality);
    }
    if (next === Number.POSITIVE_INFINITY) return;
    yield { start: next, end: next + length, modalities: Modality.options.filter((modality) => held.includes(modality)) };
    from = next + length;
  }
}
