import { describe, expect, it } from 'vitest';
import type { Notes } from '../domains/notes.ts';
import { findUnsignedNotes } from './notes.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;

async function asked(input: object) {
  const queries: Parameters<Notes['unsigned']>[0][] = [];
  const unsigned: Notes['unsigned'] = async (query) => {
    queries.push(query);
    return { unsigned: [], more: false, by_author: [], unsigned_notes: 0, missing_notes: 0 };
  };
  if (findUnsignedNotes.effect !== 'read') throw new Error('find_unsigned_notes reads');
  const answer = await findUnsignedNotes.run(
    { notes: { unsigned }, caller, now: new Date(0), today: '2026-11-20' },
    findUnsignedNotes.input.parse(input),
  );
  return { answer, query: queries[0] };
}

describe('find_unsigned_notes', () => {
  it('looks for visits without a note since a year ago, or since the day named', async () => {
    expect((await asked({})).query).toMatchObject({ since: '2025-11-20', practitioner_id: undefined, older_than_days: undefined });
    expect((await asked({ since: '2026-01-01', provider_id: id, older_than_days: 3 })).query).toMatchObject({
      since: '2026-01-01',
      practitioner_id: id,
      older_than_days: 3,
    });
    expect((await asked({})).answer).toMatchObject({ definition: 'unsigned_notes@1', unsigned_notes: 0 });
  });

  it('holds no field for the words of a note', () => {
    const row = findUnsignedNotes.output.shape.unsigned.element.shape;
    for (const section of ['subjective', 'objective', 'assessment', 'plan', 'body']) expect(row).not.toHaveProperty(section);
  });
});
