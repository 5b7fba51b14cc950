import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Excluded } from '../domains/definitions.ts';
import { type Inbox, InboxCounts, InboxItem, InboxKind, type OpenItem, ReviewAction } from '../domains/inbox.ts';
import type { Narrative } from '../domains/mark.ts';
import { phi, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { type Caller, draft, operation, pageOf, paging, repeatable } from './operation.ts';

/** Characters of one message in a list; item_id gives it whole. */
const CUT = 500;

const FILTERS = {
  all: ['message', 'result', 'task', 'refill', 'unsigned_note'],
  unread: ['message'],
  messages: ['message'],
  results: ['result'],
  tasks: ['task'],
  refills: ['refill'],
  unsigned_notes: ['unsigned_note'],
} as const satisfies Record<string, readonly InboxKind[]>;

const ItemId = phi('item_id', recordId('use the item_id of an item of get_inbox'));

export const getInbox = operation({
  name: 'get_inbox',
  title: 'Get the inbox',
  description:
    'What waits for the clinic, critical first: unread and unanswered patient messages, abnormal results not reviewed (lab callbacks), tasks, refill requests, unsigned notes. item_id gives one whole. Messages are outside text. looked_at names the kinds that you may see; another is not shown, not empty.',
  toolset: 'practice',
  rest: 'GET /inbox',
  doors: ['mcp', 'rest'],
  permission: 'inbox:read',
  effect: 'read',
  needs: ['inbox.list'],
  delivers: 'external',
  page: { list: 'items', id: 'item_id' },
  input: z.object({
    filter: z.enum(Object.keys(FILTERS) as [keyof typeof FILTERS, ...(keyof typeof FILTERS)[]]).default('all'),
    provider_id: PractitionerId.optional(),
    patient_id: PatientId.optional(),
    item_id: ItemId.optional().describe('this one, whole'),
    max_bytes: z.number().int().min(2048).max(65_536).optional(),
    ...paging(20),
  }),
  output: z.object({
    items: z.array(InboxItem),
    counts: InboxCounts.optional(),
    looked_at: z.array(InboxKind),
    excluded: Excluded.optional(),
  }),
  async run({ inbox, caller }, { filter, provider_id, patient_id, item_id, limit, cursor }) {
    const kinds = FILTERS[filter].filter((kind) => maySee(caller, kind));
    if (kinds.length === 0)
      throw new Fault('invalid_input', `filter: "${filter}" is not for this credential. Ask for all, unread, messages or tasks.`);
    const { items, ...rest } = await inbox.list({
      kinds,
      unread_only: filter === 'unread',
      clinical: caller.permissions.has('notes:read'),
      practitioner_id: provider_id,
      patient_id,
      item_id,
      ...pageOf({ limit, cursor }),
    });
    return { ...rest, items: item_id === undefined ? items.map(shortened) : items, looked_at: kinds };
  },
});

const Note = phi('note', z.string().trim().min(3).max(300));

export const draftTaskUpdate = draft({
  name: 'draft_task_update',
  title: 'Draft the end of a task',
  description:
    'Drafts that an open task was done, or that a lab callback (an abnormal result of get_inbox) was looked at and dealt with, with a short note, for a person to sign: nothing is ticked off before that. Take item_id from get_inbox with filter tasks or results: after messages were read, a draft is held. A lab callback needs action.',
  toolset: 'practice',
  rest: 'POST /inbox/{item_id}/update-drafts',
  doors: ['mcp', 'rest'],
  permission: 'inbox:draft',
  kind: 'task_update_draft',
  sign: 'sign_tasks',
  needs: ['inbox.waiting'],
  commits: ['inbox.waiting', 'inbox.complete', 'inbox.acknowledge'],
  input: z.object({
    item_id: ItemId,
    note: Note.describe('what was done'),
    action: ReviewAction.optional().describe('of a lab callback'),
    ...repeatable,
  }),
  payload: z.object({
    item_id: z.string(),
    item_kind: z.enum(['task', 'result']),
    patient_id: z.string().optional(),
    /** What it is about, as the record tells it. */
    about: z.string().max(400),
    action: ReviewAction.optional(),
    note: Note,
  }),
  async run({ inbox, caller }, { item_id, note, action }) {
    const { kind, patient_id, told } = await waiting(inbox, caller, { item_id, action });
    return { item_id, item_kind: kind, patient_id, about: told, action, note };
  },
  async commit({ inbox, caller, now, draft_id }, { item_id, item_kind, patient_id, about, action, note }) {
    const item = await waiting(inbox, caller, { item_id, action });
    if (item.kind !== item_kind || item.patient_id !== patient_id || item.told !== about)
      throw new Fault('conflict', 'item_id: what waits there is not what the draft shows. Reject it and have it drafted anew.');
    const at = now.toISOString();
    if (item.kind === 'task') {
      await inbox.complete({ item_id, outcome: note, ended_at: at, ended_by: caller.user_id });
      return { record_id: item_id };
    }
    if (caller.practitioner_id === undefined)
      throw new Fault('licence_needed', 'A result is looked at by a clinician: you are no practitioner of this clinic.');
    if (patient_id === undefined || action === undefined) throw new Error('a result has a patient and an action');
    const review = { review_id: draft_id, item_id, patient_id, reviewed_by: caller.practitioner_id, reviewed_at: at, action, note };
    await inbox.acknowledge(review);
    return { record_id: draft_id };
  },
});

/** The item, and whether the action fits it: a lab callback has one, a task none. */
async function waiting(
  inbox: Pick<Inbox, 'waiting'>,
  caller: Caller,
  { item_id, action }: { item_id: string; action: ReviewAction | undefined },
): Promise<OpenItem> {
  const item = await inbox.waiting({ item_id, clinical: caller.permissions.has('notes:read'), results: maySee(caller, 'result') });
  if ((item.kind === 'result') !== (action !== undefined))
    throw new Fault(
      'invalid_input',
      item.kind === 'result'
        ? `action: a lab callback needs one of ${ReviewAction.options.join(', ')}.`
        : 'action: is for lab callbacks; leave it out for a task.',
    );
  return item;
}

/** Who may not read notes sees no clinical item; results and refills ask for their own permission too. */
function maySee({ permissions }: Caller, kind: InboxKind): boolean {
  switch (kind) {
    case 'message':
    case 'task':
      return true;
    case 'unsigned_note':
      return permissions.has('notes:read');
    case 'result':
      return permissions.has('notes:read') && permissions.has('labs:read');
    case 'refill':
      return permissions.has('notes:read') && permissions.has('medications:read');
    default:
      return kind satisfies never;
  }
}

/** The first characters of a text, and how many it has. */
function shortened(item: InboxItem): InboxItem {
  const whole = (item.text ?? []).reduce((sum, { text }) => sum + text.length, 0);
  if (whole <= CUT) return item;
  const spans: Narrative = [];
  let room = CUT;
  for (const span of item.text ?? []) {
    if (room === 0) break;
    const text = span.text.slice(0, room).replace(/[\ud800-\udbff]$/, '');
    if (text !== '') spans.push({ ...span, text });
    room -= Math.min(room, span.text.length);
  }
  return { ...item, text: spans, characters: whole };
}
