// What an answer over HTTP says of our pace: whoever calls a vendor tells its pacer that, and nothing else of the answer.
import type { Told } from '../outbound/account.ts';
import type { Went } from './pace-keeper.ts';
import type { Trouble } from './taxonomy.ts';

export type OfPace = Pick<Went<never>, 'said' | 'date_ms'>;

/** Nothing was sent, or nothing came back. */
export const UNHEARD: OfPace = { said: 'nothing', date_ms: null };

/** `trouble`: what the answer means, where that is known; a page can say that there were too many calls, whatever its status. */
export function saidOf(told: Told, trouble?: Trouble): OfPace {
  if (!told.sent || told.status === null) return UNHEARD;
  // Without the header, or where it is no date, NaN.
  const date_ms = Date.parse([told.headers.date ?? ''].flat()[0] ?? '');
  const isTooMany = told.status === 429 || trouble === 'RATE_LIMITED';
  return { said: isTooMany ? 'too_many' : 'answered', date_ms: Number.isNaN(date_ms) ? null : date_ms };
}
