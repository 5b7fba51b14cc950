/** A care-plan update as sentences: what is new, and of what stands, how it was and how it will be. */
import type { Payload } from '../api/types.ts';
import { day } from '../ui/times.ts';
import { labelWord, unitWord } from '../ui/words.ts';

interface As {
  status: string;
  achievement?: string;
  every_days?: number;
}
interface Goal {
  description: string;
  loinc?: string;
  target_low?: number;
  target_high?: number;
  unit?: string;
  due_on?: string;
}
interface Activity {
  kind: string;
  description: string;
  loinc?: string;
  first_due_on: string;
  every_days?: number;
}
interface Update {
  plan: string;
  add_goals: Goal[];
  goals: { goal_id: string; description: string; before: As; after: As }[];
  add_activities: Activity[];
  activities: { activity_id: string; description: string; before: As; after: As }[];
  done: { activity_id: string; description: string; done_on: string; last_done_on?: string }[];
}

export const isPlanUpdate = (kind: string, { add_goals, activities }: Payload) =>
  kind.includes('care_plan_update') && Array.isArray(add_goals) && Array.isArray(activities);

const often = (days: number | undefined) => (days ? `every ${days} days` : 'once');
const stands = ({ status, achievement, every_days }: As, recurs: boolean) =>
  [labelWord(status), achievement && labelWord(achievement).toLowerCase(), recurs && often(every_days)].filter(Boolean).join(', ');

export function PlanUpdateView({ payload }: { payload: Payload }) {
  const update = payload as unknown as Update;
  return (
    <article aria-label="The update">
      <p className="message-facts">Care plan: {update.plan}</p>
      <Part title="New goals" lines={update.add_goals.map(goalLine)} />
      <Part title="Goals that change" lines={update.goals.map((each) => changeLine(each, false))} />
      <Part title="New activities" lines={update.add_activities.map(activityLine)} />
      <Part title="Activities that change" lines={update.activities.map((each) => changeLine(each, true))} />
      <Part
        title="Done"
        lines={update.done.map(({ description, done_on, last_done_on }) => ({
          what: description,
          told: `done on ${day(done_on)}${last_done_on === undefined ? ', for the first time' : `, before that on ${day(last_done_on)}`}`,
        }))}
      />
    </article>
  );
}

interface Told {
  what: string;
  told: string;
}

function goalLine({ description, loinc, target_low, target_high, unit, due_on }: Goal): Told {
  const target = [
    target_low === undefined ? '' : `at least ${target_low}`,
    target_high === undefined ? '' : `at most ${target_high}`,
  ].filter(Boolean);
  const told = [
    target.length > 0 && `${target.join(', ')} ${unit === undefined ? '' : unitWord(unit)}`.trim(),
    loinc && `LOINC ${loinc}`,
    due_on && `by ${day(due_on)}`,
  ].filter(Boolean);
  return { what: description, told: told.join(' · ') || 'without a target' };
}

const activityLine = ({ kind, description, loinc, first_due_on, every_days }: Activity): Told => ({
  what: description,
  told: [labelWord(kind), loinc && `LOINC ${loinc}`, `first due ${day(first_due_on)}`, often(every_days)].filter(Boolean).join(' · '),
});

const changeLine = ({ description, before, after }: { description: string; before: As; after: As }, recurs: boolean): Told => ({
  what: description,
  told: `${stands(before, recurs)} → ${stands(after, recurs)}`,
});

function Part({ title, lines }: { title: string; lines: readonly Told[] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <dl className="facts">
        {lines.map(({ what, told }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
          <div key={at}>
            <dt>{what}</dt>
            <dd>{told}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
