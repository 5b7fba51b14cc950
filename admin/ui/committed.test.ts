import { expect, it } from 'vitest';
import { committedWord } from './committed.ts';
import { kindWord } from './words.ts';

const MIGRATIONS: Record<string, string> = import.meta.glob('../../src/db/migrations/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

it('every kind that can be signed has a name, and a sentence of where it stands', () => {
  const kinds = new Set(
    Object.values(MIGRATIONS).flatMap((sql) => [...sql.matchAll(/'([a-z]+(?:_[a-z]+)*_draft)'/g)].map(([, kind]) => kind ?? '')),
  );
  kinds.delete('stale_draft'); // a refusal
  expect(kinds).toContain('vitals_draft');
  for (const kind of kinds) {
    expect(kindWord(kind)).not.toMatch(/draft$/i);
    expect([kind, committedWord({ kind, payload: { channel: 'portal' } })]).not.toContain('What was signed is in the record.');
  }
});

it('a signature is told by where what was signed stands', () => {
  const payload = {};
  expect(committedWord({ kind: 'chart_note_draft', patient: 'Ada Okafor', payload })).toBe('The note is in Ada Okafor’s chart.');
  expect(committedWord({ kind: 'cancellation_draft', payload })).toBe('The patient’s visit is cancelled.');
  expect(committedWord({ kind: 'message_draft', patient: 'Ada Okafor', payload: { channel: 'portal' } })).toBe(
    'The message is in Ada Okafor’s portal.',
  );
  expect(committedWord({ kind: 'message_draft', payload: { channel: 'sms' } })).toBe('The text went to the outbox.');
});

it('nothing is claimed of what is not known here', () => {
  for (const kind of ['message_draft', 'a_kind_of_tomorrow', 'toString'])
    expect(committedWord({ kind, patient: 'Ada Okafor', payload: { channel: 'carrier_pigeon' } })).toBe(
      'What was signed is in the record.',
    );
});
