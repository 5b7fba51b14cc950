// Tasks as rows.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, instantOf } from '../days.ts';
import type { LabFact } from '../labs/fact.ts';
import { type Dice, diceOf, idOf, type Origin } from '../random.ts';
import type { Options } from '../rows.ts';
import type { TaskRow } from '../rows-practice.ts';
import { NURSE, type Setting, tenantIdOf } from '../setting.ts';
import { SITES } from '../sites.ts';
import { movedAgo } from './messages/messages.ts';
import { deskOf, userOf } from './people.ts';
import { HOUSE_TASKS, OTHER_TASKS, type PlannedTask } from './task-words.ts';
import { HORMONE_TASKS } from './task-words-hormones.ts';

const TASKS: Readonly<Record<string, readonly PlannedTask[]>> = { ...HORMONE_TASKS, ...OTHER_TASKS };

/** The tasks about one patient. */
export function tasksOf(setting: Setting, labs: readonly LabFact[]): TaskRow[] {
  const { options, person, origin, patient_id, as_of } = setting;
  return (TASKS[person.arc] ?? []).map((planned, n) => {
    const about = labs.findLast(({ draw, flag }) => draw === planned.draw && flag !== 'N');
    return taskOf(options, {
      planned,
      origin,
      dice: setting.dice(`task.${n}`),
      id: idOf(origin, 'task', n),
      patient_id,
      clinician: person.clinician,
      day: as_of - movedAgo(setting, planned.ago),
      as_of,
      ...(about && { about }),
    });
  });
}

/** The tasks about no patient. */
export function houseTasksOf(options: Options, as_of: Day): TaskRow[] {
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  return HOUSE_TASKS.map((planned, n) =>
    taskOf(options, {
      planned,
      origin: house,
      dice: diceOf(house)(`task.${n}`),
      id: idOf(house, 'task', n),
      patient_id: null,
      clinician: 0,
      day: as_of - planned.ago,
      as_of,
    }),
  );
}

interface Made {
  planned: PlannedTask;
  origin: Origin;
  dice: Dice;
  id: string;
  patient_id: string | null;
  clinician: number;
  day: Day;
  as_of: Day;
  about?: LabFact;
}

function taskOf(options: Options, { planned, dice, id, patient_id, clinician, day, as_of, about }: Made): TaskRow {
  const { zone } = SITES[options.clinic];
  // Not before the result that it is about was in.
  const told = about?.row.resulted_at ? about.day + 1 : day;
  const on = Math.min(workdayFrom(Math.max(day, told), -1), as_of - 1);
  const isDone = planned.done !== undefined;
  const ended = Math.min(workdayFrom(on + (planned.done ?? 0)), as_of - 1);
  const minute = dice.int(486, 980);
  const owners = { clinician: userOf(options, clinician), nurse: userOf(options, NURSE) } as Record<string, string | undefined>;
  const owner = owners[planned.owner] ?? deskOf(options, planned.owner as 'front_desk')?.user_id ?? null;
  return {
    tenant_id: tenantIdOf(options),
    id,
    patient_id,
    kind: planned.kind,
    clinical: planned.clinical === true,
    title: planned.title,
    status: planned.status ?? (isDone ? 'completed' : 'requested'),
    priority: planned.priority ?? 'routine',
    owner_id: planned.unclaimed ? null : owner,
    owner_role: planned.owner === 'clinician' ? 'physician' : planned.owner,
    focus_id: about?.row.id ?? null,
    created_at: instantOf(zone, on, minute, dice.int(0, 59)),
    due_on: planned.due === undefined ? null : dateOf(on + planned.due),
    ended_at: isDone ? instantOf(zone, ended, ended === on ? minute + dice.int(20, 95) : dice.int(490, 1060), dice.int(0, 59)) : null,
  };
}
