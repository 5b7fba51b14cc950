import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { clear, external, Narrative, phi, system } from '../domains/mark.ts';
import { catalogue } from '../operations/index.ts';
import { type Operation, operation, paging } from '../operations/operation.ts';
import { answerSchemaOf, jsonSchemaOf, toolOf } from './tool-schema.ts';

const MARKS = /"(words|grammar|phi|clear|narrative|\$schema)":/;
const tools = catalogue.filter(({ doors }) => (doors as readonly string[]).includes('mcp'));
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

const notes = operation({
  name: 'get_notes',
  title: 'Notes',
  description: 'Notes.',
  toolset: 'chart',
  rest: 'GET /notes',
  doors: ['mcp', 'rest'],
  permission: 'notes:read',
  effect: 'read',
  needs: ['notes.list'],
  page: { list: 'notes', id: 'note_id', hideId: () => true },
  input: z.object({ patient_id: phi('patient_id', z.string()), ...paging(10) }),
  output: z.object({
    unmapped: z.number().int().describe('without a code'),
    notes: z.array(
      z.object({
        note_id: system('id'),
        signed_at: system('instant'),
        plan: Narrative.optional(),
        comment: external().optional(),
        flag: z.enum(['N', 'H', 'L', 'HH', 'LL', 'A', 'AA']),
      }),
    ),
  }),
  run: async () => ({ notes: [], unmapped: 0 }),
}) as Operation;

describe('an entry of tools/list', () => {
  it('is a thousand bytes or less on average', () => {
    expect(tools.reduce((sum, tool) => sum + bytes(toolOf(tool)), 0) / tools.length).toBeLessThanOrEqual(1000);
  });

  it('is made once', () => {
    for (const tool of tools) expect(toolOf(tool)).toBe(toolOf(tool));
  });

  it('names every argument and what it is; bounds are told when they are overstepped', () => {
    const { properties, required } = toolOf(notes).inputSchema;
    expect([Object.keys(properties as object), required]).toEqual([['patient_id', 'limit', 'cursor'], ['patient_id']]);
    expect(properties).toMatchObject({ limit: { type: 'integer', default: 10 } });
    expect((properties as { limit: object }).limit).not.toHaveProperty('maximum');
  });

  it('tells less of the answer where it would be long', () => {
    const fields = ['note_id', 'signed_at', 'plan', 'comment', 'flag'];
    const told = (tool: Operation) => {
      const { properties } = (toolOf(tool).outputSchema ?? {}) as {
        properties?: { notes: { items: { properties?: Record<string, object> } } };
      };
      const rows = properties?.notes.items.properties;
      if (properties === undefined) return 'nothing';
      if (rows === undefined) return 'a list';
      expect(Object.keys(rows)).toEqual(fields);
      return Object.values(rows).every((row) => Object.keys(row).length === 0) ? 'the names' : 'the kinds';
    };
    const seen = Array.from({ length: 50 }, (_, n) => ({ ...notes, input: z.object({}), description: 'x'.repeat(12 * n) }) as Operation);
    expect([...new Set(seen.map(told))]).toEqual(['the kinds', 'the names', 'a list', 'nothing']);
    for (const tool of seen) if (told(tool) !== 'nothing') expect(bytes(toolOf(tool))).toBeLessThanOrEqual(600);
  });
});

describe('a schema', () => {
  it('holds none of our marks', () => {
    for (const detail of ['compact', 'full'] as const) {
      for (const each of [...catalogue, notes]) {
        expect(JSON.stringify(answerSchemaOf(each, detail))).not.toMatch(MARKS);
        expect(JSON.stringify(jsonSchemaOf(each.input, { io: 'input', detail }))).not.toMatch(MARKS);
      }
    }
  });

  it('of an input keeps a short pattern that nothing else explains; in full it keeps everything', () => {
    const input = z.object({
      code: clear(z.string().regex(/^\d{4}$/)),
      on: z.iso.date().describe('YYYY-MM-DD'),
      count: z.int().max(9),
    });
    expect(jsonSchemaOf(input, { io: 'input', detail: 'compact' }).properties).toEqual({
      code: { type: 'string', pattern: '^\\d{4}$' },
      on: { type: 'string', description: 'YYYY-MM-DD' },
      count: { type: 'integer' },
    });
    expect(jsonSchemaOf(input, { io: 'input', detail: 'full' }).properties).toMatchObject({
      on: { format: 'date', pattern: expect.any(String) },
      count: { maximum: 9 },
    });
  });

  it.each(['compact', 'full'] as const)('of an answer (%s) is true of every answer', (detail) => {
    const check = new AjvJsonSchemaValidator().getValidator(answerSchemaOf(notes, detail));
    const head = { source: 'native', as_of: '2026-11-20T09:00:00-05:00', time_zone: 'America/New_York', unmapped: 0 };
    const ref = '⟦ref u_0 · unrecognised · 3 chars⟧';
    const rows = [
      { note_id: '1', signed_at: '2026-11-20T09:00:00-05:00', plan: `Rest. ${ref}`, flag: 'N' },
      // The id is hidden, an instant did not fit its grammar, the text was cut.
      { signed_at: ref, plan: 'Res […900 more characters; ask with a larger max_bytes]', flag: 'AA' },
    ];
    expect(check({ ...head, notes: rows, truncated: true, cursor: 'x' })).toMatchObject({ valid: true });
    expect(check({ ...head, notes: [] })).toMatchObject({ valid: true });
    expect(check({ ...head, notes: [{ flag: 7 }] }).valid).toBe(false);
    expect(check({ ...head }).valid).toBe(false);
  });
});
