// A list of a vendor that takes the number of a page. Pages cannot overlap there, so one reading proves nothing: a record removed on a page that was read moves the next page up,
// and one that was there all the while is never seen. So the list is read until two readings, one after the other, are the same, record for record. In each record that was
// missed a record behind it had gone after it was read, and the next reading would lack that one: so two that are the same have missed none (where no id comes back that was gone).
// Whether the vendor counts from 0 or from 1 is not believed but seen: we begin with page 0, and a page 1 that is the same was the first.
import { type Machine, type Step, unmoved } from './machine.ts';
import { type Gap, isBefore, isSame, type Listing, type PageEffect, type PageEvent, type Row, wrongWith } from './pages.ts';
import type { Trouble } from './taxonomy.ts';

interface Reading {
  readonly rows: readonly Row[];
  readonly total: number | null;
  /** Nothing in it shows that the list changed meanwhile. */
  readonly isClean: boolean;
  readonly last: readonly Row[];
  readonly longest: number;
}

export interface NumberedState {
  readonly isDone: boolean;
  /** The page that was asked for. */
  readonly at: number;
  /** What the vendor counts from; null while we do not know. */
  readonly first: 0 | 1 | null;
  readonly reading: Reading;
  readonly earlier: Reading | null;
  readonly readings: number;
  readonly seen: Readonly<Record<string, string>>;
  readonly pages: number;
  readonly repeats: number;
}

/** A change spoils two readings at most, and two more have to agree: enough for two changes at the worst moments. */
const MOST_READINGS = 6;
const MOST_REPEATS = 3;
/** How some vendors say that there is no page 0. */
const NO_SUCH_PAGE: ReadonlySet<Trouble> = new Set(['VALIDATION', 'NOT_FOUND']);
const NOTHING_READ: Reading = { rows: [], total: null, isClean: true, last: [], longest: 0 };

type Stepped = Step<NumberedState, PageEffect>;

export function beginNumberedPages({ size }: Listing): Stepped {
  const begun = { isDone: false, first: null, reading: NOTHING_READ, earlier: null, readings: 0, seen: {}, pages: 0, repeats: 0 };
  return { state: { ...begun, at: 0 }, effects: [{ type: 'read', at: 0, size }] };
}

export function numberedPagesOf(listing: Listing): Machine<NumberedState, PageEvent, PageEffect> {
  return (state, event) => {
    if (state.isDone) return unmoved(state);
    if (event.type === 'failed') {
      const isMissing = state.at === 0 && NO_SUCH_PAGE.has(event.trouble);
      return isMissing ? turnTo(listing, state, { type: 'page', rows: [], total: null }) : end(state, event.trouble);
    }
    const wrong = wrongWith(listing.order, event.rows, state.seen);
    if (wrong) return end(state, wrong);
    const seen = { ...state.seen, ...Object.fromEntries(event.rows.map(({ id, key }) => [id, key])) };
    return turnTo(listing, { ...state, seen, pages: state.pages + 1 }, event);
  };
}

function turnTo(listing: Listing, state: NumberedState, { rows, total }: PageEvent & { type: 'page' }): Stepped {
  const { at, first, reading } = state;
  const isFirst = at === (first ?? 0) || (at === 1 && reading.last.length === 0);
  // One answer that holds the whole list is the list at one moment.
  if (isFirst && total === rows.length && (rows.length > 0 || at === 1)) return end(state, null);
  if (rows.length === 0) {
    if (first === null && at === 0) return ask(listing, { ...state, at: 1, reading: { ...reading, total } });
    return endReading(listing, state);
  }
  if (first === null && at === 1) {
    const isFirstAgain = reading.last.length === 0 || isSame(reading.last, rows);
    const begun = isFirstAgain ? { ...NOTHING_READ, total } : reading;
    return add(listing, { ...state, first: isFirstAgain ? 1 : 0, reading: begun }, { rows, total });
  }
  if (reading.last.length > 0 && isSame(reading.last, rows)) {
    const repeated = { ...state, repeats: state.repeats + 1, reading: { ...reading, isClean: false } };
    return repeated.repeats >= MOST_REPEATS ? end(repeated, 'same_page') : ask(listing, { ...repeated, at: at + 1 });
  }
  return add(listing, state, { rows, total });
}

function add(listing: Listing, state: NumberedState, { rows, total }: { rows: readonly Row[]; total: number | null }): Stepped {
  const { reading, at } = state;
  const before = reading.last.at(-1);
  const isNext = !before || isBefore(listing.order, before, rows[0] as Row);
  const isAfterFull = reading.last.length === reading.longest;
  const isClean = reading.isClean && isNext && isAfterFull && (reading.rows.length === 0 || reading.total === total);
  const longest = Math.max(reading.longest, rows.length);
  const read = { rows: [...reading.rows, ...rows], total, isClean, last: rows, longest };
  const next = { ...state, reading: read };
  return total !== null && read.rows.length === total && isClean ? endReading(listing, next) : ask(listing, { ...next, at: at + 1 });
}

function endReading(listing: Listing, state: NumberedState): Stepped {
  const { reading, earlier } = state;
  const isClean = reading.isClean && (reading.total === null || reading.total === reading.rows.length);
  const read = { ...reading, isClean };
  if (isClean && earlier?.isClean && isSame(earlier.rows, read.rows)) return end(state, null);
  const readings = state.readings + 1;
  if (readings >= MOST_READINGS) return end(state, 'shifting');
  // In a list that changed, a page 1 that was as page 0 may have been the second.
  const first = isClean ? state.first : null;
  return ask(listing, { ...state, first, readings, earlier: read, reading: NOTHING_READ, at: first ?? 0 });
}

function ask({ size, most_pages }: Listing, state: NumberedState): Stepped {
  if (state.pages >= most_pages) return end(state, 'too_long');
  return { state, effects: [{ type: 'read', at: state.at, size }] };
}

function end(state: NumberedState, incomplete: Gap | null): Stepped {
  return { state: { ...state, isDone: true }, effects: [{ type: 'end', incomplete }] };
}
