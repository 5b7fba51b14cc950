// A list that a vendor hands out in pieces while people there add to it and take from it. What is said to be whole holds every record that was there all the while; what cannot
// be shown to, is `incomplete`, never skipped over in silence. Here: vendors that take an offset. By page number: numbered-pages.ts.
//
// Why an overlap of one is a proof. The list is sorted by a key that a record keeps for life. Everything up to the frontier (the furthest record reached) has been read, but for
// what was added or removed meanwhile. A piece that begins at or before the frontier, by its key, leaves no gap between: whatever was there all the while and comes after the
// frontier is on this piece or behind its end. So each piece is asked to begin with the last record of the one before; where it does not, we step back until one does.
import { type Machine, type Step, unmoved } from './machine.ts';
import type { Trouble } from './taxonomy.ts';

/** A record of the vendor's list. `key`: what the vendor sorts by, as a text that sorts the same; no two records share one. */
export interface Row {
  readonly id: string;
  readonly key: string;
}

export interface Listing {
  readonly order: 'ascending' | 'descending';
  /** Asked for; a vendor may give fewer at a time. At least 2. */
  readonly size: number;
  /** More pieces than this are not asked for. */
  readonly most_pages: number;
}

/** `unsorted`: not in the order of its keys, or a key twice. `key_changed`: a record moved in the order while we read. `shifting`: it changed under our hands too often. `same_page`:
 *  the vendor gave one piece again and again. `too_long`: more than we ask for. Or what went wrong with a read. */
export type Gap = 'unsorted' | 'key_changed' | 'shifting' | 'same_page' | 'too_long' | Trouble;

export type PageEvent =
  /** `total`: how many the vendor says there are, in this very answer. */
  | { readonly type: 'page'; readonly rows: readonly Row[]; readonly total: number | null }
  | { readonly type: 'failed'; readonly trouble: Trouble };

export type PageEffect =
  /** `at`: the offset, or the number of the page. */
  | { readonly type: 'read'; readonly at: number; readonly size: number }
  /** Of a record that was read twice the later reading counts. `incomplete`: null, or why it may lack something. */
  | { readonly type: 'end'; readonly incomplete: Gap | null };

export interface PagesState {
  readonly isDone: boolean;
  /** The offset that was asked for. */
  readonly at: number;
  /** It is asked for to show that nothing is there. */
  readonly isProbe: boolean;
  /** The furthest record up to which nothing is missing. */
  readonly frontier: Row | null;
  /** The key of each record that was read. */
  readonly seen: Readonly<Record<string, string>>;
  readonly last: { readonly at: number; readonly rows: readonly Row[] } | null;
  /** As many rows as a piece has where the list goes on. */
  readonly full: number;
  /** An answer was not as if the offset had been heeded: what follows from offsets is not believed, and the list is read anew. */
  readonly isDoubted: boolean;
  readonly pages: number;
  readonly setbacks: number;
}

const MOST_SETBACKS = 8;

type Stepped = Step<PagesState, PageEffect>;

export function beginPages({ size }: Listing): Stepped {
  const state = {
    isDone: false,
    at: 0,
    isProbe: false,
    frontier: null,
    seen: {},
    last: null,
    full: size,
    isDoubted: false,
    pages: 0,
    setbacks: 0,
  };
  return ask(state, size, { at: 0 });
}

export function pagesOf(listing: Listing): Machine<PagesState, PageEvent, PageEffect> {
  return (state, event) => {
    if (state.isDone) return unmoved(state);
    if (event.type === 'failed') return end(state, event.trouble);
    const wrong = wrongWith(listing.order, event.rows, state.seen);
    if (wrong) return end(state, wrong);
    const seen = { ...state.seen, ...Object.fromEntries(event.rows.map(({ id, key }) => [id, key])) };
    return turnTo(listing, { ...state, seen, pages: state.pages + 1 }, event);
  };
}

function turnTo({ order, size, most_pages }: Listing, before: PagesState, { rows, total }: PageEvent & { type: 'page' }): Stepped {
  const { at, isProbe, frontier, last } = before;
  const state = { ...before, last: { at, rows } };
  const askOn = (next: Partial<PagesState> & { at: number }, gap: Gap | null = null): Stepped => {
    if (state.pages >= most_pages) return end(state, gap ?? 'too_long');
    if (gap && state.setbacks >= MOST_SETBACKS) return end(state, gap);
    return ask({ ...state, isProbe: false, setbacks: state.setbacks + Number(gap !== null) }, size, next);
  };
  const whole = (reached: Partial<PagesState> = {}): Stepped =>
    state.isDoubted ? askOn({ at: 0, frontier: null, last: null, isDoubted: false }, 'same_page') : end({ ...state, ...reached }, null);
  const back = Math.max(0, at - (size - 1));
  const last_row = rows.at(-1);
  if (!last_row) {
    const isWhole = (at === 0 || isProbe) && (total ?? 0) <= at;
    return isWhole ? whole() : askOn({ at: back }, 'shifting');
  }
  const after = at + rows.length;
  if (last && last.at !== at && isSame(last.rows, rows)) return askOn({ at: Math.max(at + 1, after - 1), isDoubted: true }, 'same_page');
  const isJoined = at === 0 || (frontier !== null && !isBefore(order, frontier, rows[0] as Row));
  if (!isJoined) {
    const full = isProbe && last ? Math.max(2, last.rows.length) : state.full; // the piece before was short, and not the last
    return askOn({ at: isProbe ? at - 1 : back, full }, 'shifting');
  }
  const reached = frontier && !isBefore(order, frontier, last_row) ? frontier : last_row;
  const joined = { frontier: reached, full: Math.max(state.full, rows.length) };
  if (total !== null) {
    // Fewer read than there are: some came in behind us, or we were shown something else than we asked for.
    if (after === total) return Object.keys(state.seen).length >= total ? whole(joined) : askOn({ ...joined, at: 0 }, 'shifting');
    if (after > total || rows.length === 1) return askOn({ ...joined, at: back }, 'shifting');
    return askOn({ ...joined, at: after - 1 });
  }
  if (rows.length < state.full) return askOn({ ...joined, at: after, isProbe: true });
  return askOn({ ...joined, at: after - 1 });
}

function ask(state: PagesState, size: number, next: Partial<PagesState> & { at: number }): Stepped {
  return { state: { ...state, ...next }, effects: [{ type: 'read', at: next.at, size }] };
}

function end(state: PagesState, incomplete: Gap | null): Stepped {
  return { state: { ...state, isDone: true }, effects: [{ type: 'end', incomplete }] };
}

/** What makes a piece useless: that it is not sorted as it should be, or moves a record that was read before. */
export function wrongWith(order: Listing['order'], rows: readonly Row[], seen: Readonly<Record<string, string>>): Gap | null {
  if (rows.some((row, n) => n > 0 && !isBefore(order, rows[n - 1] as Row, row))) return 'unsorted';
  return rows.some(({ id, key }) => Object.hasOwn(seen, id) && seen[id] !== key) ? 'key_changed' : null;
}

export function isBefore(order: Listing['order'], a: Row, b: Row): boolean {
  return order === 'ascending' ? a.key < b.key : a.key > b.key;
}

export function isSame(some: readonly Row[], others: readonly Row[]): boolean {
  return some.length === others.length && some.every(({ id }, n) => id === others[n]?.id);
}
