import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, type Free } from './open-slots.ts';

const both = (start: number, end: number): Free[] => [
  { start, end, modality: 'in_person' },
  { start, end, modality: 'telehealth' },
];
const told = (free: Free[], length: number) => [...cut(free, length)].map(({ start, end, modalities }) => [start, end, modalities.length]);

describe('free time is cut into slots', () => {
  it('back to back, whole ones only', () => {
    expect(told(both(0, 100), 30)).toEqual([
      [0, 30, 2],
      [30, 60, 2],
      [60, 90, 2],
    ]);
    expect(told(both(0, 29), 30)).toEqual([]);
    expect(told([], 30)).toEqual([]);
  });

  it('of one modality within time of that modality; where both hold it, of both', () => {
    const free: Free[] = [
      { start: 0, end: 60, modality: 'in_person' },
      { start: 30, end: 100, modality: 'telehealth' },
    ];
    expect([...cut(free, 30)]).toEqual([
      { start: 0, end: 30, modalities: ['in_person'] },
      { start: 30, end: 60, modalities: ['in_person', 'telehealth'] },
      { start: 60, end: 90, modalities: ['telehealth'] },
    ]);
    // Nobody changes rooms in the middle of a visit.
    const apart: Free[] = [
      { start: 0, end: 20, modality: 'in_person' },
      { start: 20, end: 40, modality: 'telehealth' },
    ];
    expect([...cut(apart, 30)]).toEqual([]);
  });

  it('never overlapping, never outside, and none is left over', () => {
    const stretches = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 30 })), { maxLength: 6 }).map((pairs) => {
      let at = 0;
      return pairs.map(([gap, length]) => {
        const start = at + gap;
        at = start + length;
        return { start, end: at };
      });
    });
    fc.assert(
      fc.property(stretches, stretches, fc.integer({ min: 1, max: 12 }), (here, far, length) => {
        const free: Free[] = [
          ...here.map((stretch) => ({ ...stretch, modality: 'in_person' as const })),
          ...far.map((stretch) => ({ ...stretch, modality: 'telehealth' as const })),
        ];
        const slots = [...cut(free, length)];
        const holds = (start: number, end: number) => free.some((stretch) => stretch.start <= start && end <= stretch.end);
        slots.forEach(({ start, end, modalities }, i) => {
          expect(end - start).toBe(length);
          expect(start).toBeGreaterThanOrEqual(slots[i - 1]?.end ?? Number.NEGATIVE_INFINITY);
          for (const modality of modalities)
            expect(free.some((stretch) => stretch.modality === modality && stretch.start <= start && end <= stretch.end)).toBe(true);
          expect(modalities.length).toBeGreaterThan(0);
        });
        // Between two slots there is no room for another.
        const ends = [0, ...slots.map(({ end }) => end)];
        const starts = [...slots.map(({ start }) => start), 2000];
        ends.forEach((end, i) => {
          for (let at = end; at + length <= (starts[i] as number); at += 1) expect(holds(at, at + length)).toBe(false);
        });
      }),
      { numRuns: 60 },
    );
  });
});
