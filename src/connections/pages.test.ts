import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import type { Machine, Step } from './machine.ts';
import { beginNumberedPages, type NumberedState, numberedPagesOf } from './numbered-pages.ts';
import { beginPages, type Gap, type Listing, type PageEffect, type PageEvent, type PagesState, pagesOf, type Row } from './pages.ts';

const LISTING: Listing = { order: 'ascending', size: 2, most_pages: 60 };
const SPACE = 1 << 20;

const keyOf = (at: number) => String(at).padStart(10, '0');
const listOf = (many: number): readonly Row[] => Array.from({ length: many }, (_, n) => ({ id: `r${n + 1}`, key: keyOf((n + 1) * SPACE) }));

/** A vendor that answers what its list holds at that moment. */
type Vendor = (list: readonly Row[], at: number, size: number) => PageEvent;

const byOffset: Vendor = (list, at, size) => ({ type: 'page', rows: list.slice(at, at + size), total: list.length });
const byNumber: Vendor = (list, at, size) => ({ type: 'page', rows: list.slice(at * size, (at + 1) * size), total: list.length });
const fromOne =
  (vendor: Vendor): Vendor =>
  (list, at, size) =>
    vendor(list, Math.max(0, at - 1), size);
const untold =
  (vendor: Vendor): Vendor =>
  (list, at, size) => {
    const answer = vendor(list, at, size);
    return answer.type === 'page' ? { ...answer, total: null } : answer;
  };

/** What a reader of lists is: one of ours, or the one that everybody writes first. */
interface Reader<State> {
  begin: (listing: Listing) => Step<State, PageEffect>;
  machine: (listing: Listing) => Machine<State, PageEvent, PageEffect>;
}
const OFFSETS: Reader<PagesState> = { begin: beginPages, machine: pagesOf };
const NUMBERS: Reader<NumberedState> = { begin: beginNumberedPages, machine: numberedPagesOf };
const NAIVE: Reader<number> = {
  begin: ({ size }) => ({ state: 0, effects: [{ type: 'read', at: 0, size }] }),
  machine:
    ({ size }) =>
    (at, event) => {
      const isLast = event.type === 'failed' || event.rows.length < size;
      return { state: at + size, effects: [isLast ? { type: 'end', incomplete: null } : { type: 'read', at: at + size, size }] };
    },
};

interface Told {
  whole: number;
  incomplete: number;
  /** Ends that said "whole" and lacked a record that was there all the while. */
  gaps: string[];
}

/** Every way in which at most `changes` records can come and go between the answers of the vendor, one at a time or two. */
function everyInterleaving<State>(
  reader: Reader<State>,
  vendor: Vendor,
  { list, size, changes }: { list: readonly Row[]; size: number; changes: number },
): Told {
  const listing = { ...LISTING, size };
  const step = reader.machine(listing);
  const told: Told = { whole: 0, incomplete: 0, gaps: [] };

  function goOn(
    state: State,
    effects: readonly PageEffect[],
    now: readonly Row[],
    left: number,
    read: ReadonlySet<string>,
    gone: ReadonlySet<string>,
    path: string,
  ): void {
    const [effect] = effects;
    if (effect?.type !== 'read') {
      told[effect?.incomplete ? 'incomplete' : 'whole'] += 1;
      if (effect?.incomplete) return;
      const missing = list.filter(({ id }) => !gone.has(id) && !read.has(id));
      if (missing.length > 0) told.gaps.push(`${path}: lacks ${missing.map(({ id }) => id)}`);
      return;
    }
    for (const { after, removed, way, cost } of waysOn(now, left)) {
      const answer = vendor(after, effect.at, effect.size);
      const next = step(state, answer, 0);
      const ids = answer.type === 'page' ? answer.rows.map(({ id }) => id) : [];
      goOn(
        next.state,
        next.effects,
        after,
        left - cost,
        new Set([...read, ...ids]),
        new Set([...gone, ...removed]),
        `${path} ${way}@${effect.at}`,
      );
    }
  }

  const begun = reader.begin(listing);
  goOn(begun.state, begun.effects, list, changes, new Set(), new Set(), '');
  return told;
}

interface Way {
  after: readonly Row[];
  removed: readonly string[];
  way: string;
  cost: number;
}

function waysOn(now: readonly Row[], left: number): Way[] {
  const none = { after: now, removed: [], way: '·', cost: 0 };
  const once = left > 0 ? changesOf(now) : [];
  const twice =
    left > 1
      ? once.flatMap((one) =>
          changesOf(one.after).map((two) => ({ ...two, removed: [...one.removed, ...two.removed], way: one.way + two.way, cost: 2 })),
        )
      : [];
  return [none, ...once, ...twice];
}

function changesOf(now: readonly Row[]): Way[] {
  const removals = now.map(({ id }, n) => ({ after: now.toSpliced(n, 1), removed: [id], way: `-${id}`, cost: 1 }));
  const additions = Array.from({ length: now.length + 1 }, (_, n) => {
    const [before, behind] = [Number(now[n - 1]?.key ?? 0), Number(now[n]?.key ?? Number(now.at(-1)?.key ?? 0) + 2 * SPACE)];
    const key = keyOf(Math.floor((before + behind) / 2));
    return { after: now.toSpliced(n, 0, { id: `n${key}`, key }), removed: [], way: `+${n}`, cost: 1 };
  });
  return [...removals, ...additions];
}

/** The list lies still. */
function read<State>(
  reader: Reader<State>,
  vendor: Vendor,
  { list, size = 2 }: { list: readonly Row[]; size?: number },
): { ids: string[]; incomplete: Gap | null; calls: number } {
  const listing = { ...LISTING, size };
  const ids = new Set<string>();
  let { state, effects } = reader.begin(listing);
  for (let calls = 0; calls < 500; calls += 1) {
    const [effect] = effects;
    if (effect?.type !== 'read') return { ids: [...ids].toSorted(), incomplete: effect?.incomplete ?? null, calls };
    const answer = vendor(list, effect.at, effect.size);
    if (answer.type === 'page') for (const { id } of answer.rows) ids.add(id);
    ({ state, effects } = reader.machine(listing)(state, answer, 0));
  }
  throw new Error('the reading does not end');
}

const idsOf = (list: readonly Row[]) => list.map(({ id }) => id).toSorted();

describe('a list that changes while it is read', () => {
  it('loses records for whoever only goes on until a page is short: the model can tell', () => {
    expect(everyInterleaving(NAIVE, byOffset, { list: listOf(4), size: 2, changes: 1 }).gaps.length).toBeGreaterThan(0);
  });

  verifies('wires:no-silent-gap', () => {
    const small = [3, 4].flatMap((many) => [2, 3].map((size) => ({ list: listOf(many), size, changes: 2 })));
    const sizes = [...small, { list: listOf(5), size: 2, changes: 2 }, { list: listOf(4), size: 2, changes: 3 }];
    for (const size of sizes) {
      for (const vendor of [byOffset, untold(byOffset)]) expect(everyInterleaving(OFFSETS, vendor, size).gaps).toEqual([]);
    }
    for (const size of small) {
      for (const vendor of [byNumber, untold(byNumber), fromOne(byNumber), untold(fromOne(byNumber))]) {
        expect(everyInterleaving(NUMBERS, vendor, size).gaps).toEqual([]);
      }
    }
    expect(everyInterleaving(NUMBERS, untold(byNumber), { list: listOf(3), size: 2, changes: 3 }).gaps).toEqual([]);
  });

  it('is read whole all the same, nearly always', () => {
    for (const vendor of [byOffset, untold(byOffset)]) {
      const { whole, incomplete } = everyInterleaving(OFFSETS, vendor, { list: listOf(5), size: 2, changes: 2 });
      expect(incomplete / (whole + incomplete)).toBeLessThan(0.001);
    }
    const { whole, incomplete } = everyInterleaving(NUMBERS, byNumber, { list: listOf(4), size: 2, changes: 2 });
    expect({ whole: whole > 100, incomplete }).toEqual({ whole: true, incomplete: 0 });
  });
});

describe('a list that lies still', () => {
  const LENGTHS = [0, 1, 2, 3, 4, 5, 9];
  it.each(LENGTHS)('is read whole: %i records', (many) => {
    const list = listOf(many);
    for (const size of [2, 3, 4]) {
      for (const vendor of [byOffset, untold(byOffset)])
        expect(read(OFFSETS, vendor, { list, size })).toMatchObject({ ids: idsOf(list), incomplete: null });
      for (const vendor of [byNumber, untold(byNumber), fromOne(byNumber), untold(fromOne(byNumber))]) {
        expect(read(NUMBERS, vendor, { list, size })).toMatchObject({ ids: idsOf(list), incomplete: null });
      }
    }
  });

  it('costs one call where one answer holds all of it and says so', () => {
    expect(read(OFFSETS, byOffset, { list: listOf(2), size: 50 }).calls).toBe(1);
    expect(read(NUMBERS, byNumber, { list: listOf(2), size: 50 }).calls).toBe(1);
  });

  it('is read whole where a vendor gives fewer at a time than it is asked for', () => {
    const capped: Vendor = (list, at, size) => byOffset(list, at, Math.min(size, 3));
    for (const vendor of [capped, untold(capped)]) {
      expect(read(OFFSETS, vendor, { list: listOf(40), size: 100 })).toMatchObject({ ids: idsOf(listOf(40)), incomplete: null });
    }
    const numbered: Vendor = (list, at) => byNumber(list, at, 3);
    expect(read(NUMBERS, numbered, { list: listOf(9), size: 100 })).toMatchObject({ ids: idsOf(listOf(9)), incomplete: null });
  });

  it('is read whole where page 0 is refused because pages are counted from 1', () => {
    const strict: Vendor = (list, at, size) => (at === 0 ? { type: 'failed', trouble: 'VALIDATION' } : byNumber(list, at - 1, size));
    for (const vendor of [strict, untold(strict)])
      expect(read(NUMBERS, vendor, { list: listOf(5) })).toMatchObject({ ids: idsOf(listOf(5)), incomplete: null });
  });
});

describe('a vendor that does not do as it is asked', () => {
  const deaf: Vendor = (list, _, size) => byOffset(list, 0, size);
  it('gives the same piece whatever is asked, and is found out', () => {
    for (const vendor of [deaf, untold(deaf)]) {
      expect(read(OFFSETS, vendor, { list: listOf(5), size: 3 }).incomplete).toBe('same_page');
      expect(read(NUMBERS, vendor, { list: listOf(5), size: 3 }).incomplete).toBe('same_page');
    }
    // The arithmetic comes out: two offsets on, three rows, five in all.
    expect(read(OFFSETS, untold(deaf), { list: listOf(2), size: 3 }).incomplete).toBe('same_page');
  });

  it('gives the same piece of a list that changes meanwhile, and is found out', () => {
    for (const changes of [2, 3]) expect(everyInterleaving(OFFSETS, deaf, { list: listOf(5), size: 3, changes }).gaps).toEqual([]);
  });

  it.each<[string, Vendor]>([
    [
      'cuts the tail of the same page each time',
      (list, at) => ({ type: 'page', rows: list.slice(at * 3, at * 3 + (at === 1 ? 2 : 3)), total: null }),
    ],
    ['gives the last of a page again on the next', (list, at) => ({ type: 'page', rows: list.slice(at * 2, at * 2 + 3), total: null })],
    ['says another total on each page', (list, at) => ({ type: 'page', rows: list.slice(at * 3, at * 3 + 3), total: at === 0 ? 9 : 8 })],
  ])('%s, and is not believed though it says the same twice', (_, vendor) => {
    expect(read(NUMBERS, vendor, { list: listOf(8), size: 3 }).incomplete).toBe('shifting');
  });

  it('cuts the tail of pages, once or always, and nothing is missed in silence', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (many, size, cuts) => {
          const list = listOf(many);
          const cutting = (vendor: Vendor): Vendor => {
            let calls = 0;
            return (now, at, asked) => {
              const answer = vendor(now, at, asked);
              calls += 1;
              const isCut = answer.type === 'page' && answer.rows.length > 1 && cuts[calls % 40];
              return isCut ? { ...answer, rows: answer.rows.slice(0, -1) } : answer;
            };
          };
          for (const vendor of [byOffset, untold(byOffset)]) {
            const { ids, incomplete } = read(OFFSETS, cutting(vendor), { list, size });
            expect(incomplete !== null || ids.length === many).toBe(true);
          }
          const { ids, incomplete } = read(NUMBERS, cutting(byNumber), { list, size });
          expect(incomplete !== null || ids.length === many).toBe(true);
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });

  it.each([
    ['unsorted', listOf(5).toReversed()],
    ['unsorted', listOf(5).map((row) => ({ ...row, key: '1' }))],
  ])('sorts otherwise: %s', (gap, list) => {
    expect(read(OFFSETS, byOffset, { list }).incomplete).toBe(gap);
    expect(read(NUMBERS, byNumber, { list }).incomplete).toBe(gap);
  });

  it('moves a record in the order, and is found out where the record was read', () => {
    const { state } = pagesOf(LISTING)(beginPages(LISTING).state, { type: 'page', rows: listOf(2), total: 9 }, 0);
    const moved = pagesOf(LISTING)(state, { type: 'page', rows: [{ id: 'r2', key: keyOf(3 * SPACE) }], total: 9 }, 0);
    expect(moved.effects).toEqual([{ type: 'end', incomplete: 'key_changed' }]);
  });

  it('says what it was that a list could not be read for', () => {
    const broken: Vendor = (list, at, size) => (at > 0 ? { type: 'failed', trouble: 'VENDOR_DOWN' } : byOffset(list, at, size));
    expect(read(OFFSETS, broken, { list: listOf(5) })).toMatchObject({ ids: ['r1', 'r2'], incomplete: 'VENDOR_DOWN' });
    expect(read(NUMBERS, broken, { list: listOf(5) })).toMatchObject({ ids: ['r1', 'r2'], incomplete: 'VENDOR_DOWN' });
  });

  it('gives a list that is sorted the other way round', () => {
    const down = listOf(5).toReversed();
    const listing: Listing = { ...LISTING, order: 'descending' };
    const reader: Reader<PagesState> = { begin: () => beginPages(listing), machine: () => pagesOf(listing) };
    expect(read(reader, byOffset, { list: down })).toMatchObject({ ids: idsOf(down), incomplete: null });
  });
});

it('no answer of a vendor, however odd, breaks a reading or keeps it from ending', () => {
  const row = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), key: fc.constantFrom('1', '2', '3', '4', '') });
  const event: fc.Arbitrary<PageEvent> = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        type: fc.constant('page' as const),
        rows: fc.array(row, { maxLength: 4 }),
        total: fc.option(fc.integer({ min: -2, max: 9 })),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ type: 'failed' as const, trouble: 'NETWORK' as const }) },
  );
  const ends = <State>({ begin, machine }: Reader<State>, events: readonly PageEvent[]) => {
    let { state, effects } = begin(LISTING);
    for (const each of events) ({ state, effects } = effects[0]?.type === 'read' ? machine(LISTING)(state, each, 0) : { state, effects });
    return effects[0]?.type === 'end';
  };
  fc.assert(
    fc.property(fc.array(event, { minLength: 70, maxLength: 70 }), (events) => ends(OFFSETS, events) && ends(NUMBERS, events)),
    { seed: 7, numRuns: 1000 },
  );
});
