// The needles of one chart, in order: where and when, by which laboratory, and what came back.
import type { Draw, LabKey } from '../arcs/arc.ts';
import { workdayFrom } from '../calendar.ts';
import { ageOn, type Day } from '../days.ts';
import { assumedBirthDate } from '../people/person.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { spoil } from './defects.ts';
import type { LabFact } from './fact.ts';
import { type Exposure, levelsOn } from './physiology.ts';
import { factsOf } from './report.ts';

/** All results that are back on the morning of as_of, by collection. */
export function labsOf(setting: Setting, visits: readonly VisitFact[], exposures: readonly Exposure[]): LabFact[] {
  const { arc, as_of, person, dice } = setting;
  const facts = arc.draws.flatMap((draw) => {
    const when = whenOf(setting, draw, visits);
    if (!when || when.day >= as_of) return [];
    const { day } = when;
    const levels = levelsOn({ sex: person.sex, arc, as_of, exposures, dice }, { label: draw.label, day, pins: draw.pins });
    const drawn = {
      setting,
      draw,
      ...when,
      lab: draw.lab ?? (draw.at === 'hospital' ? 'C' : labOn(setting, day)),
      levels,
      age: ageOn(day, assumedBirthDate(person)),
    };
    return spoil(factsOf(drawn), drawn);
  });
  const midnight = setting.options.as_of;
  return facts
    .filter(({ row }) => (row.resulted_at ?? '').slice(0, 10) < midnight)
    .sort((a, b) => a.day - b.day || Number(a.row.corrects !== null) - Number(b.row.corrects !== null));
}

function whenOf({ as_of, dice }: Setting, draw: Draw, visits: readonly VisitFact[]): { day: Day; minute: number } | undefined {
  const clock = dice(`draw.${draw.label}.clock`);
  if (draw.at === 'clinic') {
    const visit = visits.find((each) => each.draw === draw.label && each.encounter);
    return visit && { day: visit.day, minute: visit.minute + clock.int(2, 11) };
  }
  // After the evening news is the next day in UTC.
  if (draw.at === 'hospital') return { day: as_of - draw.ago, minute: clock.int(1270, 1345) };
  return { day: workdayFrom(as_of - draw.ago, -1), minute: clock.int(398, 662) };
}

/** The laboratory that this patient's insurance, or habit, sends the tubes to. */
function labOn({ arc, as_of, dice }: Setting, day: Day): LabKey {
  if (typeof arc.lab === 'string') return arc.lab;
  if (!arc.lab) return dice('lab').chance(0.6) ? 'A' : 'B';
  const since = arc.lab.filter(([ago]) => as_of - day <= ago);
  return since[since.length - 1]?.[1] ?? 'A';
}
