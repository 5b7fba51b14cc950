// What an answer of a vendor means, before anybody parses it. The order is law: what reached us at all, its kind, what its words say, the vendor's own verdict, its shape, and last
// what proves that it is the answer to this question. A 200 alone proves nothing. Source: connectors.md §1.3, error taxonomy; finding 4.
import type * as z from 'zod';
import type { Sentinel } from './surface.ts';
import type { Trouble } from './taxonomy.ts';

/** What was heard. `not_sent`: no byte of the question left us. `cut`: it may have been received; no whole answer came. */
export type Heard =
  | { readonly is: 'not_sent' }
  | { readonly is: 'cut' }
  | { readonly is: 'answered'; readonly status: number; readonly content_type: string; readonly location?: string; readonly body: string };

/** How answers of one surface are read. */
export interface Reading<T> {
  /** The media type of a real answer: application/fhir+json, text/html. */
  readonly content_type: string;
  readonly sentinels: readonly Sentinel[];
  /** The bytes as a value; undefined: they are not whole. */
  parse(body: string): unknown;
  /** The vendor's own verdict inside an answer (eClinicalWorks: status ≠ 1 at 200); undefined: it says nothing is wrong. */
  verdict(value: unknown): { readonly trouble: Trouble; readonly proves_not_applied: boolean } | undefined;
  readonly shape: z.ZodType<T>;
  /** What proves that it is an answer of this account to this question. */
  isOurs(value: T): boolean;
}

/** `applied: 'no'` is proven; where it may have been, or was, it is `unknown`. */
export type Judged<T> =
  | { readonly is: 'good'; readonly value: T }
  | { readonly is: 'trouble'; readonly trouble: Trouble; readonly applied: 'no' | 'unknown'; readonly evicted?: true };

const trouble = (word: Trouble, applied: 'no' | 'unknown') => ({ is: 'trouble', trouble: word, applied }) as const;

export function classify<T>(reading: Reading<T>, heard: Heard): Judged<T> {
  if (heard.is === 'not_sent') return trouble('NETWORK', 'no');
  if (heard.is === 'cut') return trouble('VENDOR_DOWN', 'unknown');

  const said = reading.sentinels.find((sentinel) => isOn(heard, sentinel));
  if (said) return { ...trouble(said.means, said.proves_not_applied ? 'no' : 'unknown'), ...(said.evicted && { evicted: true }) };
  const { status } = heard;
  if (status === 429) return trouble('RATE_LIMITED', 'no');
  if (status === 401) return trouble('AUTH_EXPIRED', 'no');
  if (status === 403) return trouble('FORBIDDEN_ROLE', 'no');
  if (status >= 500) return trouble('VENDOR_DOWN', 'unknown');
  // A redirect that no sentinel knows leads somewhere that nobody has looked at.
  if (status >= 300 && status < 400) return trouble('CONTRACT_DRIFT', 'unknown');
  if (mediaType(heard.content_type) !== reading.content_type) return trouble('CONTRACT_DRIFT', 'unknown');

  const value = reading.parse(heard.body);
  if (value === undefined) return trouble('VENDOR_DOWN', 'unknown');
  const verdict = reading.verdict(value);
  if (verdict) return trouble(verdict.trouble, verdict.proves_not_applied ? 'no' : 'unknown');
  if (status === 404) return trouble('NOT_FOUND', 'no');
  if (status === 409 || status === 412) return trouble('CONFLICT', 'no');
  if (status >= 400) return trouble('VALIDATION', 'no');

  const shaped = reading.shape.safeParse(value);
  if (!shaped.success) return trouble('CONTRACT_DRIFT', 'unknown');
  return reading.isOurs(shaped.data) ? { is: 'good', value: shaped.data } : trouble('CONTRACT_DRIFT', 'unknown');
}

const mediaType = (content_type: string) => (content_type.split(';')[0] as string).trim().toLowerCase();

function isOn(heard: Extract<Heard, { is: 'answered' }>, { on, has }: Sentinel): boolean {
  const where = { body: heard.body, location: heard.location ?? '', content_type: heard.content_type }[on].toLowerCase();
  return has.some((words) => where.includes(words.toLowerCase()));
}
