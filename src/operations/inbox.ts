import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Excluded } from '../domains/definitions.ts';
import { InboxCounts, InboxItem, InboxKind } from '../domains/inbox.ts';
import type { Narrative } from '../domains/mark.ts';
import { phi, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { type Caller, operation, pageOf, paging } from './operation.ts';

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
