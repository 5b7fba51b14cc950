import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { plusDays } from '../domains/days.ts';
import { unwrap } from '../governance/redact.ts';
import { catalogue } from '../operations/index.ts';
import { coerce, encodeQuery, readQuery } from './coerce.ts';

const read = (schema: z.ZodObject, query: string) => coerce(schema, readQuery(`http://x/y?${query}`) as URLSearchParams);

describe('the query string of every GET operation of the catalogue', () => {
  const gets = catalogue.filter(({ rest, doors }) => doors.includes('rest') && rest.startsWith('GET '));

  it.each(gets.map((operation) => [operation.name, operation.input] as const))('%s: what is encoded comes back', (_, schema) => {
    const input = inputOf(schema).filter((value) => schema.strict().safeParse(value).success);
    fc.assert(
      fc.property(input, (value) => {
        expect(read(schema, encodeQuery(value))).toEqual(value);
      }),
      { numRuns: 100 },
    );
  });
});

describe('values', () => {
  const schema = z.object({
    limit: z.number().int().optional(),
    ratio: z.number().optional(),
    open: z.boolean().default(true),
    word: z.string().optional(),
    tags: z.array(z.string()).optional(),
    ranks: z.array(z.number().int()).optional(),
    kind: z.enum(['a', 'b']).optional(),
    version: z.literal(2).optional(),
    size: z.union([z.number(), z.enum(['all'])]).optional(),
    date_range: z.object({ from: z.string(), to: z.string() }).optional(),
    other: z.object({ to_whom: z.object({ id: z.number() }), word: z.string() }).optional(),
  });

  it.each<[string, unknown]>([
    ['limit=5', { limit: 5 }],
    ['limit=-5&ratio=1.5e3', { limit: -5, ratio: 1500 }],
    ['open=false', { open: false }],
    ['word=5', { word: '5' }],
    ['word=true', { word: 'true' }],
    ['word=', { word: '' }],
    ['word', { word: '' }],
    ['word=a+b%20c', { word: 'a b c' }],
    ['tags=a&tags=b,c', { tags: ['a', 'b,c'] }],
    ['tags=a,b', { tags: ['a', 'b'] }],
    ['tags[]=a,b', { tags: ['a,b'] }],
    ['tags%5B%5D=a', { tags: ['a'] }],
    ['tags=', { tags: [] }],
    ['ranks=1,2', { ranks: [1, 2] }],
    ['kind=b', { kind: 'b' }],
    ['version=2', { version: 2 }],
    ['size=all', { size: 'all' }],
    ['size=4', { size: 4 }],
    ['date_range[from]=x&date_range[to]=y', { date_range: { from: 'x', to: 'y' } }],
    ['from=x&to=y', { date_range: { from: 'x', to: 'y' } }],
    ['other[to_whom][id]=4', { other: { to_whom: { id: 4 } } }],
  ])('%s', (query, input) => {
    expect(read(schema, query)).toEqual(input);
  });

  it.each<[string, unknown]>([
    ['limit=five', { limit: 'five' }],
    ['limit=5&limit=6', { limit: ['5', '6'] }],
    ['limit=', { limit: '' }],
    ['limit=05', { limit: '05' }],
    ['limit=0x10', { limit: '0x10' }],
    ['limit=Infinity', { limit: 'Infinity' }],
    ['limit[]=5', { 'limit[]': '5' }],
    ['open=yes', { open: 'yes' }],
    ['open=TRUE', { open: 'TRUE' }],
    ['ranks=1,x', { ranks: [1, 'x'] }],
    ['nobody=1', { nobody: '1' }],
    ['nobody=1&nobody=2', { nobody: ['1', '2'] }],
    ['date_range=today', { date_range: 'today' }],
    ['date_range[until]=x', { 'date_range[until]': 'x' }],
    ['from=x&date_range[from]=y', { date_range: { from: ['x', 'y'] } }],
    ['date_range=x&date_range[from]=y', { date_range: 'x' }],
    ['date_range[from=x', { 'date_range[from': 'x' }],
    ['id=4', { id: '4' }],
    ['=4', { '': '4' }],
  ])('%s is left for the schema to refuse', (query, input) => {
    const coerced = read(schema, query);
    expect(coerced).toEqual(input);
    expect(schema.strict().safeParse(coerced).success).toBe(false);
  });

  it('takes names of the language for names', () => {
    const coerced = read(schema, '__proto__=1&__proto__[limit]=2&constructor=3&date_range[__proto__]=4');
    expect(Object.keys(coerced)).toEqual(['__proto__', '__proto__[limit]', 'constructor', 'date_range[__proto__]']);
    expect(Object.getPrototypeOf(coerced)).toBe(Object.prototype);
    expect(schema.strict().safeParse(coerced).success).toBe(false);
  });

  it('says no flat name where two arguments could be meant', () => {
    const ambiguous = z.object({ first: z.object({ from: z.string() }).optional(), second: z.object({ from: z.string() }).optional() });
    expect(read(ambiguous, 'from=x')).toEqual({ from: 'x' });
  });

  it.each(['word=%ff', 'word=%', '%c3=1', 'word=%ed%a0%80'])('%s is no UTF-8', (query) => {
    expect(readQuery(`http://x/y?${query}`)).toMatchObject({
      type: 'malformed',
      message: 'The query string is not percent-encoded UTF-8.',
    });
  });
});

/** Inputs of a schema, made from the schema. */
function inputOf(schema: z.ZodObject): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema.shape).map(([name, sub]) => {
    const made = madeOf(sub as z.ZodType, name);
    return [name, sub instanceof z.ZodOptional || sub instanceof z.ZodDefault ? fc.option(made, { nil: undefined }) : made] as const;
  });
  return fc
    .record(Object.fromEntries(fields))
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)));
}

function madeOf(schema: z.ZodType, name: string): fc.Arbitrary<unknown> {
  const inner = unwrap(schema);
  const day = fc.integer({ min: 0, max: 20_000 }).map((days) => plusDays('1990-01-01', days));
  if (name === 'date_range')
    return fc.record({ from: day, days: fc.integer({ min: 0, max: 91 }) }).map(({ from, days }) => ({ from, to: plusDays(from, days) }));
  if (inner instanceof z.ZodObject) return inputOf(inner);
  if (inner instanceof z.ZodArray) return fc.array(madeOf(inner.element as z.ZodType, name), { maxLength: 4 });
  if (inner instanceof z.ZodEnum) return fc.constantFrom(...inner.options);
  if (inner instanceof z.ZodBoolean) return fc.boolean();
  if (inner instanceof z.ZodNumber) return fc.integer({ min: inner.minValue ?? -1000, max: Math.min(inner.maxValue ?? 1000, 1e6) });
  const { pattern, format } = z.toJSONSchema(inner) as { pattern?: string; format?: string };
  if (name === 'since') return day;
  if (format === 'uuid') return fc.uuid();
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => inner.safeParse(text).success);
}
