import { describe, expect, it } from 'vitest';
import type { Inbox, InboxItem } from '../domains/inbox.ts';
import { getInbox } from './inbox.ts';
import type { Permission } from './operation.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const nurse: Permission[] = ['inbox:read', 'notes:read', 'labs:read', 'medications:read'];
const message: InboxItem = {
  item_id: id,
  kind: 'message',
  needs_action: true,
  priority: 'routine',
  since: '2026-11-19T10:00:00-05:00',
  age_hours: 24,
  text: [{ text: 'Dizzy.', origin: 'external', kind: 'patient_reported' }],
};

async function ask(input: object, permissions = nurse, items = [message]) {
  const asked: Parameters<Inbox['list']>[0][] = [];
  const list: Inbox['list'] = async (query) => {
    asked.push(query);
    return { items, more: false };
  };
  if (getInbox.effect !== 'read') throw new Error('get_inbox reads');
  const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set(permissions) } as const;
  const answer = await getInbox.run({ inbox: { list }, caller, now: new Date(0), today: '2026-11-20' }, getInbox.input.parse(input));
  return { answer, asked: asked[0] };
}

describe('get_inbox', () => {
  it('asks for everything that the caller may see, and says what it looked at', async () => {
    const { answer, asked } = await ask({});
    expect(asked).toMatchObject({ clinical: true, unread_only: false, kinds: ['message', 'result', 'task', 'refill', 'unsigned_note'] });
    expect(answer).toMatchObject({ looked_at: asked?.kinds });
  });

  it('without notes:read asks for messages and tasks that are not clinical, whatever else the caller may read', async () => {
    const desk: Permission[] = ['inbox:read', 'labs:read', 'medications:read'];
    const { answer, asked } = await ask({}, desk);
    expect(asked).toMatchObject({ clinical: false, kinds: ['message', 'task'] });
    expect(answer).toMatchObject({ looked_at: ['message', 'task'] });
    for (const filter of ['results', 'refills', 'unsigned_notes'])
      await expect(ask({ filter }, desk)).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it.each([
    [
      ['inbox:read', 'notes:read'],
      ['message', 'task', 'unsigned_note'],
    ],
    [
      ['inbox:read', 'notes:read', 'labs:read'],
      ['message', 'result', 'task', 'unsigned_note'],
    ],
    [
      ['inbox:read', 'notes:read', 'medications:read'],
      ['message', 'task', 'refill', 'unsigned_note'],
    ],
  ] as [Permission[], string[]][])('with %j looks at %j', async (permissions, kinds) => {
    expect((await ask({}, permissions)).asked?.kinds).toEqual(kinds);
  });

  it('has a filter a kind, and one for what the caller has not read', async () => {
    expect((await ask({ filter: 'unread' })).asked).toMatchObject({ kinds: ['message'], unread_only: true });
    expect((await ask({ filter: 'refills' })).asked).toMatchObject({ kinds: ['refill'], unread_only: false });
  });

  it('cuts a message to 500 characters and says how many it has; one item is given whole', async () => {
    const long: InboxItem = {
      ...message,
      text: [
        { text: 'a'.repeat(499), origin: 'external' },
        { text: '😀'.repeat(300), origin: 'external' },
      ],
    };
    const [cut] = (await ask({}, nurse, [long])).answer.items as InboxItem[];
    expect(cut?.characters).toBe(1099);
    expect(cut?.text?.map(({ text }) => text.length)).toEqual([499]); // no half of a pair
    expect((await ask({ item_id: id }, nurse, [long])).answer.items).toEqual([long]);
    expect((await ask({})).answer.items).toEqual([message]);
  });

  it('delivers outside text, so that the reader’s chain is tainted before it leaves', () => {
    expect(getInbox).toMatchObject({ delivers: 'external' });
  });
});
