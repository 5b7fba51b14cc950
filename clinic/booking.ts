// Finding a day and an hour, and saying when that was done.
import { DIED_AGO } from './arcs/arcs.ts';
import { isWorkday, slotOf, workdayFrom } from './calendar.ts';
import { type Day, instantOf } from './days.ts';
import type { Dice } from './random.ts';
import { NURSE, type Setting } from './setting.ts';

/** Who comes fasting comes in the morning. */
const NOON = 700;

/** Whether the patient has died, or left, by that day. */
export function isGone({ person, as_of, arc }: Setting, day: Day): boolean {
  if (person.marks.includes('deceased')) return day >= as_of - DIED_AGO;
  return person.marks.includes('inactive') && day > as_of - Math.min(...arc.visits.map(({ ago }) => ago));
}

/** The nearest day from `target` on which both can, and from when; earlier ones when there is none later. */
export function findDay(
  setting: Setting,
  {
    who,
    target,
    isPast,
    taken,
    isFasting,
    after,
  }: { who: number; target: Day; isPast: boolean; taken: ReadonlySet<Day>; isFasting: boolean; after: Day },
) {
  const { options, site, rank, place, as_of } = setting;
  const clinician = setting.clinician(who);
  const practitioner = { key: clinician.key, ...(clinician.off !== undefined && { off: clinician.off }), isNurse: who === NURSE };
  const from = isPast ? Math.min(target, as_of - 1) : Math.max(target, as_of);
  for (const step of [1, -1]) {
    for (let day = from; Math.abs(day - from) < 26; day += step) {
      if (taken.has(day) || day <= after || isGone(setting, day) || (isPast ? day >= as_of : day < as_of || day > as_of + 43)) continue;
      const slot = slotOf({ seed: options.seed, tenant: site.name, practitioner, rank: who === NURSE ? place : rank }, day);
      if (slot && (!isFasting || slot.from < NOON)) return { day, ...slot };
    }
  }
  return undefined;
}

/** When somebody put it into the book: at the desk, or at night through the portal. */
export function bookedAt({ site, as_of }: Setting, day: Day, { clock, start }: { clock: Dice; start: readonly [Day, number] }): string {
  const byPortal = clock.chance(0.22);
  const on = byPortal || isWorkday(day) ? day : workdayFrom(day, -1);
  const minute = byPortal ? clock.int(360, 1390) : clock.int(482, 1065);
  const isSameDay = on === start[0];
  return instantOf(
    site.zone,
    Math.min(on, as_of - 1),
    isSameDay ? Math.max(421, Math.min(minute, start[1] - clock.int(25, 55))) : minute,
    clock.int(0, 59),
  );
}
