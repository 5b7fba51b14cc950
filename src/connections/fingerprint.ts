// What a JSON answer is like: which fields, of which types, how often, how many in a list. It is counted against a contract and holds no value of a record: a value shows only
// where the contract names it in a closed list, a name only where it may be said. Source: connectors.md §1.3, machine H.
import { type JsonContract, type JsonExpected, stepsOf } from './contract-shape.ts';
import { mayBeSaid, UNKNOWN_NAME, type Vocabulary } from './field-words.ts';
import { isEmpty, type TypeWord, typeOf } from './value-class.ts';

/** What was seen at one path. */
export interface SeenField {
  /** How often there could have been one: once for each object that it belongs to. */
  of: number;
  /** How often there was something: not null, not an empty text. */
  present: number;
  types: Partial<Record<TypeWord, number>>;
  /** Where the contract has a closed list: which of its values, and how many others. */
  closed: Record<string, number>;
  others: number;
  /** Of lists: how many were empty, had one, had more. */
  holds: { none: number; one: number; many: number };
  /** For the comparison over weeks: class and rough length. */
  buckets: Record<string, number>;
}

export interface JsonFingerprint {
  readonly of: 'json';
  /** By path, sorted. */
  readonly fields: Readonly<Record<string, SeenField>>;
  readonly page: {
    readonly items: 'absent' | 'none' | 'some' | 'not_a_list';
    readonly total: 'absent' | 'zero' | 'some' | 'not_a_number';
  };
}

/** Nothing is looked at that lies deeper. */
const MOST_DEPTH = 40;

/** `parsed`: what JSON.parse answered. */
export function fingerprintOfJson(parsed: unknown, expected: JsonExpected): JsonFingerprint {
  const fields = new Map<string, SeenField>();
  const at = (path: string): SeenField => {
    let seen = fields.get(path);
    if (!seen) {
      seen = { of: 0, present: 0, types: {}, closed: {}, others: 0, holds: { none: 0, one: 0, many: 0 }, buckets: {} };
      fields.set(path, seen);
    }
    return seen;
  };
  const look = (value: unknown, path: string, depth: number): void => {
    const seen = at(path);
    seen.of += 1;
    if (isEmpty(value)) return;
    seen.present += 1;
    const type = typeOf(value);
    seen.types[type] = (seen.types[type] ?? 0) + 1;
    const field = expected.fields.get(path);
    if (field) count(value, type, seen, field.closed);
    if (depth >= MOST_DEPTH) return;
    if (Array.isArray(value)) {
      seen.holds[value.length === 0 ? 'none' : value.length === 1 ? 'one' : 'many'] += 1;
      for (const each of value) look(each, `${path}[]`, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) look(each, `${path}.${spokenName(name, expected.vocabulary)}`, depth + 1);
      for (const name of expected.names.get(path) ?? []) if (!Object.hasOwn(value, name)) at(`${path}.${name}`).of += 1;
    }
  };
  look(parsed, '$', 0);
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return { of: 'json', fields: Object.fromEntries(sorted), page: pageOf(parsed, expected.contract) };
}

/** A name with a dot or a bracket would read as a path. */
function spokenName(name: string, vocabulary: Vocabulary): string {
  return /^[A-Za-z_@][\w@:-]*$/.test(name) && !name.startsWith('__') && mayBeSaid(name, vocabulary) ? name : UNKNOWN_NAME;
}

function count(value: unknown, type: TypeWord, seen: SeenField, closed: readonly string[] | undefined): void {
  const known = closed?.includes(String(value)) ?? false;
  const bucket = closed === undefined ? bucketOf(value, type) : known ? String(value) : UNKNOWN_NAME;
  if (closed && known) seen.closed[bucket] = (seen.closed[bucket] ?? 0) + 1;
  if (closed && !known) seen.others += 1;
  seen.buckets[bucket] = (seen.buckets[bucket] ?? 0) + 1;
}

/** A number by its magnitude, a text by its class and the power of two of its length: a unit that changed moves the one, a cut-off text the other. */
function bucketOf(value: unknown, type: TypeWord): string {
  if (typeof value === 'number') return `number e${value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))}`;
  if (typeof value === 'string') return `${type} 2^${Math.floor(Math.log2(value.length))}`;
  return type;
}

function pageOf(parsed: unknown, { page }: JsonContract): JsonFingerprint['page'] {
  const [items, total] = [page.items, page.total].map((path) => (path === null ? null : (valueAt(parsed, path) ?? null)));
  return {
    items: items === null ? 'absent' : !Array.isArray(items) ? 'not_a_list' : items.length === 0 ? 'none' : 'some',
    total: total === null ? 'absent' : typeof total !== 'number' ? 'not_a_number' : total > 0 ? 'some' : 'zero',
  };
}

/** What is there; of a list, what its first element has there. */
function valueAt(parsed: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>((value, step) => {
    if (step === '[]') return Array.isArray(value) ? value[0] : undefined;
    return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }, parsed);
}
