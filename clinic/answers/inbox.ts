// get_inbox: what waits, for whom. Messages, tasks, refills and unsigned notes; each user's unread is his own.
import { knownKey } from '../roster.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';
import { type Filter, itemsOf } from './inbox-items.ts';

interface Asked {
  ask: string;
  trap: string;
  as: 'owner' | 'physician' | 'nurse' | 'front_desk';
  filter: Filter;
  key?: string;
  clinician?: number;
}

export function inbox(told: Told): Question[] {
  const { clinic } = told.options;
  const asked: Asked[] = [
    {
      ask: 'Which patient messages are waiting for an answer?',
      trap: 'not answered first; then answered by others but not read by me',
      as: 'physician',
      filter: 'messages',
    },
    { ask: 'My unread messages?', trap: "unread is each user's own: the owner's", as: 'owner', filter: 'unread' },
    { ask: 'My unread messages?', trap: "unread is each user's own: a physician's are others", as: 'physician', filter: 'unread' },
    {
      ask: 'Messages for the front desk?',
      trap: 'of the inbox the front desk sees what is not clinical',
      as: 'front_desk',
      filter: 'messages',
    },
    { ask: "Which messages in the nurse's inbox are unread?", trap: 'who triages has read nearly all', as: 'nurse', filter: 'unread' },
    {
      ask: "Anything open in messages for the patients of our women's health provider?",
      trap: 'of one clinician: what is addressed to nobody belongs to the patient’s own',
      as: 'physician',
      filter: 'messages',
      clinician: 2,
    },
    {
      ask: 'What tasks are open?',
      trap: 'stat, then urgent, then the rest, then on hold; tasks about no patient too',
      as: 'physician',
      filter: 'tasks',
    },
    { ask: 'Open tasks at the desk?', trap: 'clinical tasks are not for the front desk', as: 'front_desk', filter: 'tasks' },
    { ask: 'Which refill requests are pending?', trap: 'decided and withdrawn ones do not wait', as: 'physician', filter: 'refills' },
    {
      ask: 'Which unsigned notes wait in my inbox?',
      trap: 'newest first; only what is unsigned',
      as: 'physician',
      filter: 'unsigned_notes',
    },
    {
      ask: 'Messages from the patient with the billing complaint?',
      trap: 'orders to the machine in a message wait like any other',
      as: 'owner',
      filter: 'messages',
      key: knownKey(clinic, 'injection_reason'),
    },
    {
      ask: 'Any unanswered messages from the patient who moved away?',
      trap: 'everything was answered: what is left is only unread',
      as: 'nurse',
      filter: 'messages',
      key: knownKey(clinic, 'inactive'),
    },
    {
      ask: 'Which abnormal results has nobody reviewed?',
      trap: 'critical first; a report that was looked at does not wait, a preliminary one says so',
      as: 'physician',
      filter: 'results',
    },
    { ask: 'Lab callbacks to make for the kidney patient?', trap: 'of one patient', as: 'nurse', filter: 'results', key: `${clinic}-30` },
    {
      ask: 'Everything that waits in the inbox about the patient with the high hematocrit',
      trap: 'five kinds in one order',
      as: 'owner',
      filter: 'all',
      key: knownKey(clinic, 'hct_rising'),
    },
    {
      ask: 'What waits in the inbox for the front desk?',
      trap: 'messages and tasks that are not clinical, and nothing else',
      as: 'front_desk',
      filter: 'all',
    },
  ];
  return asked.map((each) => question(told, each));
}

function question(told: Told, { ask, trap, as, filter, key, clinician }: Asked): Question {
  const { all, story } = told;
  const charts = key ? [story(key)] : all;
  const items = itemsOf(told, filter, { charts, as, clinician, isHouse: key === undefined }).sort(
    (a, b) => a.rank - b.rank || b.since - a.since || (a.id < b.id ? 1 : -1),
  );
  return {
    tool: 'get_inbox',
    as,
    ask,
    trap,
    arguments: {
      filter,
      ...(key && { patient_id: story(key).patient.id }),
      ...(clinician !== undefined && { provider_id: (all[0] as Story).setting.practitioner_id(clinician) }),
      limit: 200,
    },
    expect: {
      rows: {
        list: 'items',
        id: 'item_id',
        ids: items.map(({ id }) => id),
        fields: Object.fromEntries(items.map(({ id, rank, fields }) => [id, { ...fields, needs_action: rank < 3 }])),
      },
    },
  };
}
