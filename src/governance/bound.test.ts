import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bound } from './bound.ts';
import { delimit } from './contain.ts';

const page = { list: 'labs', id: 'id' };
const bounds = {
  page,
  limit: 1000,
  more: false,
  budget_bytes: 2000,
  cursorOf: (id: string) => `c${id}`,
  head: { source: 'native', as_of: 'now' },
  hide_id: false,
};
const rows = (count: number, size = 50) => Array.from({ length: count }, (_, i) => ({ id: `${i}`, text: 'x'.repeat(size) }));

describe('an answer stays within its bounds and says when it does not hold everything', () => {
  it('a list that fits is whole and has no cursor', () => {
    const { value } = bound({ labs: rows(3) }, bounds);
    expect(value).toEqual({ source: 'native', as_of: 'now', labs: rows(3) });
  });
  it('a list that does not fit ends at the budget, with the cursor of its last row', () => {
    const { value, text } = bound({ labs: rows(100) }, bounds);
    const kept = (value.labs as unknown[]).length;
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2000);
    expect(kept).toBeGreaterThan(20);
    expect(value).toMatchObject({ truncated: true, cursor: `c${kept - 1}` });
  });
  it('more rows in the record than were read: truncated, with a cursor', () => {
    expect(bound({ labs: rows(3) }, { ...bounds, more: true }).value).toMatchObject({ truncated: true, cursor: 'c2' });
  });
  it('an empty list has no cursor', () => {
    expect(bound({ labs: [] }, bounds).value).toEqual({ source: 'native', as_of: 'now', labs: [] });
  });
  it('a hidden id still makes the cursor', () => {
    const { value } = bound({ labs: rows(3) }, { ...bounds, more: true, hide_id: true });
    expect(value).toMatchObject({ cursor: 'c2' });
    expect(value.labs).not.toContainEqual(expect.objectContaining({ id: expect.anything() }));
  });
  it('one record that alone is too large is shortened and says how much is missing', () => {
    const { value, text } = bound({ labs: [{ id: '1', text: 'ü'.repeat(9000) }] }, bounds);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2000);
    expect(value).toMatchObject({ truncated: true });
    expect(text).toMatch(/more characters; ask with a larger max_bytes/);
  });
  it('whatever the rows, the text is within the budget and is the JSON of the value', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ id: fc.uuid(), text: fc.string({ unit: 'binary', maxLength: 4000 }), more: fc.array(fc.string({ maxLength: 300 })) }),
          { maxLength: 30 },
        ),
        (labs) => {
          const { value, text } = bound({ labs }, { ...bounds, budget_bytes: 6144 });
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(6144);
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });
  it('outside text that is cut still ends at its own end marker, as one whole JSON string', () => {
    const nonce = 'ab'.repeat(16);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 100, max: 3000 }), (unit, times) => {
        const { text, value } = bound({ labs: [{ id: '1', text: delimit(unit.repeat(times), nonce), after: 'x' }] }, bounds);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2000);
        const [said] = (value.labs as { text: string }[]).map((row) => row.text);
        const [, inner] = /^⟦outside text [^⟧]*⟧ (".*") ⟦end (?:ab){16}⟧( \[…[^⟦⟧]*)?$/s.exec(said ?? '') ?? [];
        if (said?.startsWith('⟦')) expect(typeof JSON.parse(inner ?? '')).toBe('string');
        else expect(said).toMatch(/^ \[…\d+ more characters/);
      }),
    );
  });
});
