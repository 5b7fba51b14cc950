// get_care_plans and find_care_plan_items_due: due by what was ticked off and by results, from the story.

import type { PlanFact } from '../care/plans.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import { knownKey } from '../roster.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

type Activity = PlanFact['activities'][number];
const OPEN = ['not_started', 'scheduled', 'in_progress'];

export function carePlans(told: Told): Question[] {
  return [...plans(told), ...itemsDue(told)];
}

function plans({ options, story }: Told): Question[] {
  const { clinic } = options;
  const ask = (key: string, said: string, trap: string, active_only = false): Question => {
    const it = story(key);
    const listed = it.care.plans
      .filter(({ row }) => row.status !== 'entered_in_error' && (!active_only || row.status === 'active'))
      .sort((a, b) => rankOf(a) - rankOf(b) || Date.parse(b.row.updated_at) - Date.parse(a.row.updated_at));
    return {
      tool: 'get_care_plans',
      ask: said.replace('{who}', nameOf(it)),
      trap,
      arguments: { patient_id: it.patient.id, active_only, limit: 50 },
      expect: {
        rows: {
          list: 'care_plans',
          id: 'care_plan_id',
          ids: listed.map(({ row }) => row.id),
          fields: Object.fromEntries(
            listed.map(({ row, goals, activities }) => [
              row.id,
              {
                title: row.title,
                status: row.status,
                start_on: row.start_on ?? undefined,
                end_on: row.end_on ?? undefined,
                'goals.length': goals.length,
                'activities.length': activities.length,
              },
            ]),
          ),
        },
        absent: it.care.plans.filter((plan) => !listed.includes(plan)).map(({ row }) => row.id),
      },
    };
  };
  return [
    ask(`${clinic}-25`, "What is on {who}'s care plan?", 'goals and activities of an active plan'),
    ask(`${clinic}-26`, 'Which plans does {who} have going?', 'two plans, both active'),
    ask(`${clinic}-30`, 'Pull up all care plans for {who}.', 'the active one first, then the one that is over'),
    ask(`${clinic}-30`, 'Only the current plan for {who}, please.', 'what is over is not active', true),
    ask(knownKey(clinic, 'biotin'), 'Does {who} have a care plan?', 'entered in error is no plan'),
    ask(`${clinic}-06`, 'Is the TRT plan of {who} still running?', 'on hold is listed as such'),
    ask(`${clinic}-08`, 'What became of the plan for {who}?', 'revoked, with its last day; the patient has left'),
    ask(knownKey(clinic, 'merged'), 'Any plan for {who}?', 'no plan is an empty list'),
  ];
}

const nameOf = ({ patient }: Story) => `${patient.given_name} ${patient.family_name}`;
const rankOf = ({ row }: PlanFact) => (row.status === 'active' ? 0 : 1);

interface Item {
  story: Story;
  plan: PlanFact;
  activity: Activity;
  due: Day;
}

function itemsDue({ options, all }: Told): Question[] {
  const today = dayOf(options.as_of);
  const items = all
    .filter(({ patient }) => patient.active && patient.deceased_on === null && patient.replaced_by === null)
    .flatMap((story) => itemsOf(story, today));
  const practitioner = (all[0] as Story).setting.practitioner_id;
  const ask = (said: string, trap: string, args: { within_days?: number; kind?: string; clinician?: number } = {}): Question => {
    const { within_days = 0, kind, clinician } = args;
    const found = items
      .filter(
        ({ due, activity, plan }) =>
          due <= today + within_days &&
          (kind === undefined || activity.row.kind === kind) &&
          (clinician === undefined || (activity.row.owner_id ?? plan.row.author_id) === practitioner(clinician)),
      )
      .sort((a, b) => a.due - b.due || (a.activity.row.id < b.activity.row.id ? -1 : 1));
    return {
      tool: 'find_care_plan_items_due',
      ask: said,
      trap,
      arguments: {
        within_days,
        ...(kind && { kind }),
        ...(clinician !== undefined && { provider_id: practitioner(clinician) }),
        limit: 200,
      },
      expect: {
        rows: {
          list: 'items',
          id: 'activity_id',
          ids: found.map(({ activity }) => activity.row.id),
          fields: Object.fromEntries(
            found.map(({ activity, due, story }) => [
              activity.row.id,
              {
                due_on: dateOf(due),
                overdue_days: due < today ? today - due : undefined,
                patient_id: story.patient.id,
                kind: activity.row.kind,
              },
            ]),
          ),
        },
        same: {
          total: found.length,
          overdue: found.filter(({ due }) => due < today).length,
          patients: new Set(found.map(({ story }) => story.patient.id)).size,
        },
      },
    };
  };
  return [
    ask('Which care plan items are due or overdue today?', 'plans on hold, in draft, ended, and of patients who left or died are out'),
    ask('What is coming due in the next two months on our care plans?', 'looks ahead', { within_days: 60 }),
    ask('Which labs do our care plans ask for that are overdue?', 'a result does it, ticked off or not', { kind: 'lab' }),
    ask('Who has not had the eye exam the plan calls for?', 'never done is due from the first day on', { kind: 'referral' }),
    ask(
      'What does the owner still have to do on care plans this month?',
      "one clinician's: the owner of the activity, else the author of the plan",
      { within_days: 30, clinician: 0 },
    ),
    ask('Any education outstanding on care plans?', 'done once is done; on hold and cancelled are not due', { kind: 'education' }),
  ];
}

function itemsOf(story: Story, today: Day): Item[] {
  return story.care.plans
    .filter(({ row }) => row.status === 'active' && (row.end_on === null || dayOf(row.end_on) >= today))
    .flatMap((plan) =>
      plan.activities.flatMap((activity) => {
        if (!OPEN.includes(activity.row.status)) return [];
        const due = dueOf(story, plan, activity);
        return due === undefined ? [] : [{ story, plan, activity, due }];
      }),
    );
}

/** The first day; afterwards the last time done and the interval, never before the first; none where it was to be done once and is. */
function dueOf({ labs }: Story, plan: PlanFact, { row, done }: Activity): Day | undefined {
  const first = dayOf(row.first_due_on);
  const resulted = labs
    .filter(
      ({ row: lab, shown }) =>
        shown && row.loinc !== null && lab.loinc === row.loinc && ['final', 'amended', 'corrected'].includes(lab.status),
    )
    .map(({ row: lab }) => dayOf(lab.collected_at.slice(0, 10)))
    .filter((day) => row.every_days !== null || day >= dayOf(plan.row.start_on ?? row.first_due_on));
  const days = [...done.map(({ done_on }) => dayOf(done_on)), ...resulted];
  if (days.length === 0) return first;
  return row.every_days === null ? undefined : Math.max(first, Math.max(...days) + row.every_days);
}
