import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsAt, heard, isPossible, unknownClock } from './vendor-clock.ts';

const NOW = Date.UTC(2026, 10, 20, 14);
const SKEW = 120_000;
/** The header of an answer that the vendor wrote at `ms` of its clock. */
const dated = (ms: number) => Math.floor(ms / 1000) * 1000;

describe('the vendor’s clock', () => {
  it('lies within what is known of it, whatever the offset, the ways and the drift, and is soon known to a fraction of a second', () => {
    const way = fc.integer({ min: 1, max: 900 });
    const calls = fc.array(fc.record({ out: way, back: way, pause: fc.integer({ min: 0, max: 60_000 }) }), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -90_000, max: 90_000 }),
        fc.double({ min: -9e-5, max: 9e-5, noNaN: true }),
        calls,
        (offset, drift, all) => {
          let clock = unknownClock(SKEW, NOW);
          let now = NOW;
          const vendor = (ours: number) => ours + offset + (ours - NOW) * drift;
          for (const { out, back, pause } of all) {
            const sent_at = now;
            now += out + back;
            clock = heard(clock, { date_ms: dated(vendor(sent_at + out)), sent_at }, now);
            now += pause;
            const { least_ms, most_ms } = boundsAt(clock, now);
            const real = vendor(now) - now;
            expect(least_ms <= real && real <= most_ms).toBe(true);
          }
          const { least_ms, most_ms } = boundsAt(clock, now);
          expect(most_ms - least_ms).toBeLessThan(2000);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is learned anew where it was set', () => {
    const known = heard(unknownClock(SKEW, NOW), { date_ms: NOW, sent_at: NOW - 50 }, NOW);
    const set = heard(known, { date_ms: NOW + 60_000, sent_at: NOW + 9_950 }, NOW + 10_000);
    expect(boundsAt(set, NOW + 10_000)).toEqual({ least_ms: 50_000, most_ms: 51_050 });
  });

  it('is not learned from what can be no date', () => {
    for (const date_ms of [0, Number.NaN, NOW + 3_600_000, NOW - 3_600_000])
      expect(isPossible({ date_ms, sent_at: NOW }, NOW, SKEW)).toBe(false);
    for (const date_ms of [NOW - 120_000, NOW, NOW + 120_000]) expect(isPossible({ date_ms, sent_at: NOW }, NOW, SKEW)).toBe(true);
  });

  it('is less and less known while nothing is heard', () => {
    const known = heard(unknownClock(SKEW, NOW), { date_ms: NOW, sent_at: NOW }, NOW);
    expect(boundsAt(known, NOW + 3_600_000)).toEqual({ least_ms: -360, most_ms: 1360 });
  });
});
