// Readings that a story needs as they are: what a measure of controlled pressure must get right (connectors.md §2.5, §2.20 trap 8).
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';

type Readings = [systolic: number, diastolic: number][];

/** By arc: the readings of the last visit at which a cuff was put on. */
const LAST: Readonly<Record<string, Readings>> = {
  // Controlled: the lowest systolic and the lowest diastolic are of two readings; their mean is 141.
  'dm.controlled': [
    [146, 84],
    [136, 88],
  ],
  // Not controlled: 90 is not below 90.
  'thyroid.over': [[138, 90]],
  'ckd.decline': [
    [156, 78],
    [149, 74],
  ],
  'dm.none': [
    [162, 92],
    [158, 88],
  ],
  // Not controlled in the office; what was read at home later counts.
  'dm.improving': [
    [148, 86],
    [144, 84],
  ],
  // Controlled in the office; a higher pressure of an emergency department, that day or the next, does not count.
  'hrt.oral': [[128, 78]],
  'ckd.equation': [[134, 76]],
};

export function lastCuffed(seen: readonly VisitFact[]): VisitFact | undefined {
  return seen.findLast(
    ({ kind, encounter }) => encounter?.class === 'ambulatory' && ['new', 'follow', 'annual', 'acute', 'nurse'].includes(kind),
  );
}

/** The visits whose readings are given. */
export function pinsOf({ person }: Setting, seen: readonly VisitFact[]): ReadonlyMap<VisitFact, Readings> {
  const readings = LAST[person.arc];
  const visit = lastCuffed(seen);
  return new Map(readings && visit ? [[visit, readings]] : []);
}
