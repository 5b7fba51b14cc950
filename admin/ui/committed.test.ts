import { expect, it } from 'vitest';
import { committedWord } from './committed.ts';

it('a signature is told by where what was signed stands', () => {
  const payload = {};
  expect(committedWord({ kind: 'chart_note_draft', patient: 'Ada Okafor', payload })).toBe('The note is in Ada Okafor’s chart.');
  expect(committedWord({ kind: 'cancellation_draft', payload })).toBe('The patient’s visit is cancelled.');
  expect(committedWord({ kind: 'message_draft', patient: 'Ada Okafor', payload: { channel: 'portal' } })).toBe(
    'The message is in Ada Okafor’s portal.',
  );
});

it('nothing is claimed of what is not known here', () => {
  for (const kind of ['message_draft', 'a_kind_of_tomorrow', 'toString'])
    expect(committedWord({ kind, patient: 'Ada Okafor', payload: { channel: 'carrier_pigeon' } })).toBe(
      'What was signed is in the record.',
    );
});
