// How one surface of a vendor is written to and looked at over HTTP: what is asked, how an answer is read, what is taken from it, and what its pages have to be.
import type { Asked } from '../outbound/exchange.ts';
import { classify, type Heard, type Judged, type Reading } from './classify.ts';
import type { HeldPages } from './held-pages.ts';
import type { Surface } from './surface.ts';
import type { VendorRequest } from './write-books.ts';

/** One question with how its answer is read. */
export interface Question<T> {
  readonly asked: Asked;
  judge(heard: Heard): Judged<T>;
}

/** How one surface is written to and looked at. */
export interface HttpRecipe {
  readonly surface: Surface;
  /** Answered by the vendor's id of what was written. */
  send(request: VendorRequest['request'], marker: string): Question<string>;
  /** Answered by the ids of the records with the mark (without one, of those that fit), or `other` (write.ts). */
  look(request: VendorRequest['request'], marker: string): Question<readonly string[] | 'other'>;
  readonly pages?: HeldPages;
}

/** A recipe out of its parts: what is asked, how an answer is read, and what is taken from it. */
export function httpRecipe<Sent, Listed>(parts: {
  surface: Surface;
  send(request: VendorRequest['request'], marker: string): Asked;
  sent: Reading<Sent>;
  idOf(sent: Sent): string;
  look(request: VendorRequest['request']): Asked;
  listed: Reading<Listed>;
  found(listed: Listed, request: VendorRequest['request'], marker: string): readonly string[] | 'other';
  pages?: HeldPages;
}): HttpRecipe {
  const { surface, sent, idOf, listed, found, pages } = parts;
  return {
    ...{ surface, ...(pages && { pages }) },
    send: (request, marker) => ({
      asked: parts.send(request, marker),
      judge: (heard) => taken(classify(sent, heard), idOf),
    }),
    look: (request, marker) => ({
      asked: parts.look(request),
      judge: (heard) => taken(classify(listed, heard), (list) => found(list, request, marker)),
    }),
  };
}

function taken<T, Taken>(judged: Judged<T>, take: (value: T) => Taken): Judged<Taken> {
  return judged.is === 'good' ? { is: 'good', value: take(judged.value) } : judged;
}
