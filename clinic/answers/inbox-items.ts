// What waits in one chart or many, kind by kind, as the inbox must show it.
import { dayOf } from '../days.ts';
import { deskOf, userOf } from '../practice/people.ts';
import { houseTasksOf } from '../practice/tasks.ts';
import type { StaffRow } from '../rows.ts';
import type { MessageRow, TaskRow } from '../rows-practice.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';

/** One item as it must be shown; `rank` 0 critical, 1 urgent, 2 needs action, 3 only unread or on hold. */
export interface Item {
  id: string;
  rank: number;
  since: number;
  fields: Record<string, unknown>;
}
export type Filter = 'all' | 'unread' | 'messages' | 'results' | 'tasks' | 'refills' | 'unsigned_notes';

export interface Looked {
  charts: readonly Story[];
  as: StaffRow['role'];
  clinician: number | undefined;
  /** Tasks about no patient too. */
  isHouse: boolean;
}

const ANYBODYS = ['messages', 'tasks'] as const;
const CLINICAL = ['results', 'refills', 'unsigned_notes'] as const;

/** Everything of a filter, in no order. Who may not read the chart sees what is not clinical. */
export function itemsOf(told: Told, filter: Filter, looked: Looked): Item[] {
  const { charts, as, isHouse } = looked;
  const isClinical = as !== 'front_desk';
  switch (filter) {
    case 'all':
      return [...ANYBODYS, ...(isClinical ? CLINICAL : [])].flatMap((each) => itemsOf(told, each, looked));
    case 'messages':
    case 'unread':
      return charts.flatMap((story) => messageItems(told, story, { ...looked, isUnreadOnly: filter === 'unread' }));
    case 'results':
      return charts.flatMap(resultItems);
    case 'tasks':
      return [
        ...charts.flatMap(({ practice }) => practice.tasks),
        ...(isHouse ? houseTasksOf(told.options, dayOf(told.options.as_of)) : []),
      ]
        .filter(({ status, clinical }) => ['requested', 'in_progress', 'on_hold'].includes(status) && (isClinical || !clinical))
        .map(taskItem);
    case 'refills':
      return charts
        .flatMap(({ practice }) => practice.refills)
        .filter(({ status }) => status === 'pending')
        .map(({ id, requested_at, source, patient_id }) => ({
          id,
          rank: 2,
          since: Date.parse(requested_at),
          fields: { kind: 'refill', asked_by: source, patient_id },
        }));
    case 'unsigned_notes':
      return charts
        .flatMap(({ notes }) => notes)
        .filter(({ row }) => row.status === 'unsigned')
        .map(({ row }) => ({
          id: row.id,
          rank: 2,
          since: Date.parse(row.created_at),
          fields: { kind: 'unsigned_note', about: row.title, patient_id: row.patient_id },
        }));
    default:
      return filter satisfies never;
  }
}

function userIdOf({ options }: Told, as: StaffRow['role']): string {
  const places: Partial<Record<StaffRow['role'], number>> = { owner: 0, physician: 1, nurse: 4 };
  const at = places[as];
  return at === undefined ? (deskOf(options, as)?.user_id as string) : userOf(options, at);
}

function messageItems(
  told: Told,
  { setting, practice, patient }: Story,
  { as, clinician, isUnreadOnly }: Looked & { isUnreadOnly: boolean },
): Item[] {
  const user = userIdOf(told, as);
  const isClinical = as !== 'front_desk';
  const isOf = (row: MessageRow) =>
    clinician === undefined || (row.practitioner_id ?? patient.practitioner_id) === setting.practitioner_id(clinician);
  return practice.messages
    .filter(({ row }) => row.direction === 'inbound' && (isClinical || row.category !== 'clinical') && isOf(row))
    .flatMap(({ row, answer }) => {
      const unread = !practice.reads.some(({ message_id, user_id }) => message_id === row.id && user_id === user);
      if (isUnreadOnly ? !unread : answer !== undefined && !unread) return [];
      const fields = { kind: 'message', unread, category: row.category, channel: row.channel, patient_id: row.patient_id };
      return [{ id: row.id, rank: answer ? 3 : 2, since: Date.parse(row.sent_at), fields }];
    });
}

function taskItem(row: TaskRow): Item {
  const rank = row.priority === 'stat' ? 0 : row.priority === 'asap' || row.priority === 'urgent' ? 1 : row.status === 'on_hold' ? 3 : 2;
  return {
    id: row.id,
    rank,
    since: Date.parse(row.created_at),
    fields: {
      kind: 'task',
      title: row.title,
      due_on: row.due_on ?? undefined,
      task_status: row.status,
      patient_id: row.patient_id ?? undefined,
    },
  };
}

/** Abnormal and never looked at: critical first. */
function resultItems({ labs, clinical }: Story): Item[] {
  const reviewed = new Set(clinical.lab_reviews.map(({ row }) => row.lab_result_id));
  return labs
    .filter(({ row, shown, flag }) => shown && ABNORMAL.includes(flag) && !NO_RESULT.includes(row.status) && !reviewed.has(row.id))
    .map(({ row, flag }) => ({
      id: row.id,
      rank: CRITICAL.includes(flag) ? 0 : 2,
      since: Date.parse(row.resulted_at ?? row.collected_at),
      fields: { kind: 'result', flag, patient_id: row.patient_id, preliminary: row.status === 'preliminary' ? true : undefined },
    }));
}

const ABNORMAL: readonly string[] = ['L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET'];
const CRITICAL: readonly string[] = ['LL', 'HH', 'AA'];
const NO_RESULT: readonly string[] = ['cancelled', 'entered_in_error'];
