import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { unwrap } from '../governance/redact.ts';

// The query string of a GET, read by its operation's input schema. Spellings: `limit=5` · `tags=a&tags=b` or `tags=a,b` (one value is cut at its commas) or
// `tags[]=a,b` (never cut) · `date_range[from]=2026-11-01`, and `from=2026-11-01` where no other argument has that name. Nothing is refused here: a value that is
// no number, a scalar given twice, an unknown name stay as they came, so that the schema's own error names the field.

/** The arguments that `query` gives, as `schema` would have them. */
export function coerce(schema: z.ZodObject, query: URLSearchParams): Record<string, unknown> {
  const flat = flatNames(schema);
  const given = new Map<string, { place: Place; values: string[]; isVerbatim: boolean }>();
  for (const [key, value] of query) {
    const { place, isVerbatim } = placeOf(schema, flat, key);
    const name = JSON.stringify(place.path);
    const before = given.get(name);
    if (before) Object.assign(before, { values: [...before.values, value], isVerbatim: before.isVerbatim || isVerbatim });
    else given.set(name, { place, values: [value], isVerbatim });
  }
  const input: Record<string, unknown> = {};
  for (const { place, values, isVerbatim } of given.values()) lay(input, place.path, read(place.schema, values, isVerbatim));
  return input;
}

/** The query string that `coerce` reads as `input`. */
export function encodeQuery(input: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(input).flatMap(([name, value]) => spell(name, value));
  return pairs
    .map(([name, value]) => `${encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']')}=${encodeURIComponent(value)}`)
    .join('&');
}

/** The query of a URL; Fault malformed where its percent-codes are no UTF-8. */
export function readQuery(url: string): URLSearchParams | Fault {
  const search = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  try {
    decodeURIComponent(search);
    return new URLSearchParams(search);
  } catch {
    return new Fault('malformed', 'The query string is not percent-encoded UTF-8.');
  }
}

interface Place {
  path: readonly string[];
  /** Absent for a name that the schema does not know. */
  schema?: z.ZodType;
}

/** Where an argument of this spelling belongs. One that belongs nowhere is its own name at the top, brackets and all. */
function placeOf(schema: z.ZodObject, flat: ReadonlyMap<string, Place>, key: string): { place: Place; isVerbatim: boolean } {
  const [, head = '', brackets = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key) ?? [];
  const isVerbatim = brackets.endsWith('[]');
  const path = [head, ...[...(isVerbatim ? brackets.slice(0, -2) : brackets).matchAll(/\[([^[\]]*)\]/g)].map(([, name = '']) => name)];
  let at: z.ZodType | undefined = schema;
  for (const name of path) at = fieldOf(at, name);
  if (at && (!isVerbatim || unwrap(at) instanceof z.ZodArray)) return { place: { path, schema: at }, isVerbatim };
  return { place: flat.get(key) ?? { path: [key] }, isVerbatim: false };
}

function fieldOf(schema: z.ZodType | undefined, name: string): z.ZodType | undefined {
  const object = schema && unwrap(schema);
  return object instanceof z.ZodObject && Object.hasOwn(object.shape, name) ? (object.shape[name] as z.ZodType) : undefined;
}

/** The fields of nested arguments that can be written without their brackets: those whose name nothing else has. */
function flatNames(schema: z.ZodObject): Map<string, Place> {
  const nested = Object.entries(schema.shape).flatMap(([outer, sub]) => {
    const object = unwrap(sub as z.ZodType);
    return object instanceof z.ZodObject
      ? Object.entries(object.shape).map(([name, field]) => ({ path: [outer, name], schema: field as z.ZodType }))
      : [];
  });
  const named = Map.groupBy(nested, ({ path }) => path[1] as string);
  return new Map(
    [...named].flatMap(([name, [only, ...others]]) =>
      only && others.length === 0 && !Object.hasOwn(schema.shape, name) ? [[name, only]] : [],
    ),
  );
}

function read(schema: z.ZodType | undefined, values: readonly string[], isVerbatim: boolean): unknown {
  const inner = schema && unwrap(schema);
  const [first = ''] = values;
  if (inner instanceof z.ZodArray) {
    const cut = first === '' ? [] : first.split(',');
    return (isVerbatim || values.length > 1 ? values : cut).map((value) => scalar(inner.element as z.ZodType, value));
  }
  if (values.length > 1) return values;
  return inner ? scalar(inner, first) : first;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function scalar(schema: z.ZodType, text: string): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodNumber) return NUMBER.test(text) ? Number(text) : text;
  if (inner instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text);
  if (inner instanceof z.ZodLiteral) return [...inner.values].find((value) => String(value) === text) ?? text;
  if (inner instanceof z.ZodUnion) {
    const options = (inner.options as z.ZodType[]).map((option) => ({ option, value: scalar(option, text) }));
    return options.find(({ option, value }) => option.safeParse(value).success)?.value ?? text;
  }
  return text;
}

/** Puts a value at its path. Where a scalar stands in the way it stays, and the schema refuses it. */
function lay(input: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...deeper] = path;
  const before = Object.hasOwn(input, name) ? input[name] : undefined;
  if (deeper.length === 0) put(input, name, value);
  else if (before === undefined) put(input, name, nestedAt(deeper, value));
  else if (typeof before === 'object' && !Array.isArray(before)) lay(before as Record<string, unknown>, deeper, value);
}

function nestedAt(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, name) => Object.fromEntries([[name, inner]]), value);
}

/** As data: `__proto__` too is only a name. */
function put(input: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(input, name, { value, enumerable: true, configurable: true, writable: true });
}

function spell(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    if (value.length === 1 && String(value[0]).includes(',')) return [[`${name}[]`, String(value[0])]];
    if (value.length === 1 && value[0] === '') return [[`${name}[]`, '']];
    return value.length === 0 ? [[name, '']] : value.map((item) => [name, String(item)]);
  }
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([inner, item]) => spell(`${name}[${inner}]`, item));
  return [[name, String(value)]];
}
