// list_changes: the history that the clinic brought with it, by the record's own times.
import { dateOf, dayOf } from '../days.ts';
import { knownKey } from '../roster.ts';
import type { StaffRow } from '../rows.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

type Kind = 'message' | 'task' | 'refill_request' | 'intake_form';
interface Change {
  id: string;
  at: string;
  change: 'created' | 'updated' | 'deleted';
}

export function changes({ options, all, story }: Told): Question[] {
  const { clinic } = options;
  const today = dayOf(options.as_of);
  const ask = (
    said: string,
    trap: string,
    { kinds, key, since, as }: { kinds: readonly Kind[]; key?: string; since?: string; as?: StaffRow['role'] },
  ): Question => {
    const isTold = as !== 'front_desk' || !kinds.includes('message');
    const found = (key ? [story(key)] : isTold ? all : [])
      .flatMap((chart) => kinds.flatMap((kind) => historyOf(chart, kind)))
      .filter(({ at }) => since === undefined || at.slice(0, 10) >= since)
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    return {
      tool: 'list_changes',
      ...(as && { as }),
      ask: said,
      trap,
      arguments: { kinds, ...(key && { patient_id: story(key).patient.id }), ...(since && { updated_since: since }), limit: 500 },
      expect: {
        rows: { list: 'changes', id: 'record_id', ids: found.map(({ id }) => id) },
        same: Object.fromEntries(found.slice(0, 20).map(({ change }, i) => [`changes.${i}.change`, change])),
      },
    };
  };
  return [
    ask('Which messages changed or were created in the last week?', 'since a day of the clinic, oldest first', {
      kinds: ['message'],
      since: dateOf(today - 7),
    }),
    ask('What changed with the refills of this patient?', 'asked and decided are two changes of one record', {
      kinds: ['refill_request'],
      key: knownKey(clinic, 'unit_switch'),
    }),
    ask('Which tasks of this chart were changed or deleted?', 'entered in error is told as deleted: do not keep it', {
      kinds: ['task'],
      key: `${clinic}-01`,
    }),
    ask('Which form records of this patient changed, so that our copy stays in step?', 'sent, then completed', {
      kinds: ['intake_form'],
      key: `${clinic}-04`,
    }),
    ask('Which message records changed since last week?', 'who may not read the chart is not told that a message came', {
      kinds: ['message'],
      since: dateOf(today - 7),
      as: 'front_desk',
    }),
    ask('Changes to tasks and refills since two weeks ago for the kidney patient?', 'two kinds in one order of time', {
      kinds: ['task', 'refill_request'],
      key: `${clinic}-30`,
      since: dateOf(today - 30),
    }),
  ];
}

function historyOf({ practice }: Story, kind: Kind): Change[] {
  const told = (id: string, created: string, updated: string | null, isError = false): Change[] => [
    { id, at: created, change: isError ? 'deleted' : 'created' },
    ...(updated === null ? [] : [{ id, at: updated, change: isError ? ('deleted' as const) : ('updated' as const) }]),
  ];
  switch (kind) {
    case 'message':
      return practice.messages.flatMap(({ row }) => told(row.id, row.sent_at, null));
    case 'task':
      return practice.tasks.flatMap((row) => told(row.id, row.created_at, row.ended_at, row.status === 'entered_in_error'));
    case 'refill_request':
      return practice.refills.flatMap((row) => told(row.id, row.requested_at, row.decided_at));
    case 'intake_form':
      return practice.forms.flatMap(({ row }) => told(row.id, row.sent_at, row.completed_at));
    default:
      return kind satisfies never;
  }
}
