// The types that the admin application asks by are those of the catalogue as it stands, and say what its schemas say.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { adminClient } from '../scripts/admin-client.ts';
import { catalogue } from '../src/operations/index.ts';
import type { Operation } from '../src/operations/operation.ts';

/** An operation of which only what is printed is there. */
const printed = (input: z.ZodObject, output: z.ZodObject, doors: string[] = ['admin']) =>
  adminClient([{ name: 'look', title: 'Look', rest: 'GET /looks', doors, effect: 'read', input, output } as unknown as Operation]);

describe('the types of the admin client', () => {
  it('are those in admin/api/', () => {
    const kept = readFileSync(path.join(import.meta.dirname, '../admin/api/generated.ts'), 'utf8');
    expect(adminClient(catalogue), 'npm run gen renews it').toBe(kept);
  });

  it('have every operation of the door, and no other', () => {
    const names = [...adminClient(catalogue).matchAll(/^ {2}(\w+): '(?:GET|POST) /gm)].map(([, name]) => name);
    expect(names).toEqual(
      catalogue
        .filter(({ doors }) => (doors as readonly string[]).includes('admin'))
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(printed(z.object({}), z.object({}), ['mcp'])).not.toContain('look');
  });

  it('say what may be left out, what may be nothing, and which words there are', () => {
    const text = printed(
      z.object({ id: z.string(), many: z.array(z.enum(['a', "b'"])).optional(), limit: z.number().default(5) }),
      z.object({
        rows: z.array(z.object({ at: z.string().nullable(), on: z.union([z.string(), z.number()]).optional() })),
        all: z.record(z.string(), z.unknown()),
        ever: z.literal(true),
      }),
    );
    expect(text).toContain("look: { id: string; many?: ('a' | 'b\\'')[] | undefined; limit?: number | undefined };");
    expect(text).toContain(
      'look: Answer & { rows: { at: string | null; on?: string | number }[]; all: Record<string, unknown>; ever: true };',
    );
  });

  it('are refused where a schema says what has no type', () => {
    expect(() => printed(z.object({}), z.object({ pair: z.tuple([z.string(), z.number()]) }))).toThrow('no type for');
  });
});
