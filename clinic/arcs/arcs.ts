import type { Person } from '../people/person.ts';
import type { Arc } from './arc.ts';
import { CHRONIC } from './chronic.ts';
import { GENERAL } from './general.ts';
import { GLP1 } from './glp1.ts';
import { MENOPAUSE } from './menopause.ts';
import { THYROID } from './thyroid.ts';
import { TRT } from './trt.ts';
import { TRT_WATCHED } from './trt-watched.ts';

const ARCS: Record<string, Arc> = { ...TRT, ...TRT_WATCHED, ...GLP1, ...MENOPAUSE, ...THYROID, ...CHRONIC, ...GENERAL };

/** The days before as_of on which the one who died did. */
export const DIED_AGO = 176;

/** The arc of a person, `shift` days earlier or later, so that two people with one story do not have it on the same days. What is near to as_of stays. */
export function arcOf(person: Person, shift: number): Arc {
  const arc = ARCS[person.arc];
  if (!arc) throw new Error(`no arc ${person.arc}`);
  const moved = (ago: number) => (ago > 12 ? ago + shift : ago);
  return {
    ...arc,
    since: moved(arc.since),
    visits: arc.visits.map((visit) => ({ ...visit, ago: moved(visit.ago) })),
    draws: arc.draws.map((draw) => ({ ...draw, ago: moved(draw.ago) })),
    courses: arc.courses.map((course) => ({
      ...course,
      steps: course.steps.map(([ago, drug]) => [moved(ago), drug] as const),
      ...(course.ends && { ends: { ...course.ends, ago: moved(course.ends.ago) } }),
    })),
  };
}
