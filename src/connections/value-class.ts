// What a text is like, without what it says: its class. A contract says which classes a field may have; a tape puts another text of the same class in its place.

/** From the particular to the general: the first that fits is the class of a text. */
const CLASSES = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  instant: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  us_date: /^\d{1,2}\/\d{1,2}\/(\d{4}|\d\d)$/,
  month: /^\d{4}-\d\d$/,
  clock: /^\d{1,2}:\d\d(:\d\d)?( ?[AaPp][Mm])?$/,
  digits: /^\d+$/,
  decimal: /^[+-]?\d*\.\d+$|^[+-]\d+$/,
  phone: /^\+?\d?[ .-]?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}$/,
  email: /^[^\s@<>"]+@[^\s@<>"]+\.[A-Za-z]{2,}$/,
  url: /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  urn: /^urn:[a-z0-9-]+:\S+$/i,
  reference: /^[A-Za-z]+\/[\w.-]+$/,
  hex: /^(?=.*\d)[0-9a-f]{8,}$/i,
  alphanumeric: /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]+$/,
  code: /^(?=.*\d)[A-Za-z0-9][\w.:-]*$/,
  word: /^\p{L}[\p{L}'’-]*$/u,
} as const;

export type ValueClass = keyof typeof CLASSES | 'empty' | 'text';

const NAMES = Object.keys(CLASSES) as (keyof typeof CLASSES)[];

/** A class that takes others in: an id of hex digits is now and then one of digits alone. */
const TAKES_IN: Partial<Record<ValueClass, readonly ValueClass[]>> = {
  decimal: ['digits'],
  hex: ['digits', 'word', 'alphanumeric'],
  alphanumeric: ['digits', 'hex', 'word'],
  code: ['digits', 'hex', 'alphanumeric', 'decimal', 'word', 'date', 'month', 'uuid', 'clock'],
};

export function classOf(text: string): ValueClass {
  if (text.trim() === '') return 'empty';
  if (text.length > 400) return 'text';
  return NAMES.find((name) => CLASSES[name].test(text)) ?? 'text';
}

/** Whether a text of class `found` may stand where a contract says `said`. `text` takes in everything but nothing at all. */
function fits(said: ValueClass, found: ValueClass): boolean {
  if (said === found) return true;
  if (said === 'text') return found !== 'empty';
  return TAKES_IN[said]?.includes(found) ?? false;
}

/** The type of a value, of a text with its class: `string:date`. Nothing at all is `string:empty`. */
export type TypeWord = 'object' | 'array' | 'boolean' | 'number:integer' | 'number:fraction' | `string:${ValueClass}`;

/** Those that a contract can say. `string:text` takes in any text; the others only what is of their class. */
export const TYPE_WORDS = [
  ...(['object', 'array', 'boolean', 'number:integer', 'number:fraction'] as const),
  ...([...NAMES, 'text'] as const).map((name) => `string:${name}` as const),
] satisfies TypeWord[];

/** Of a value of JSON that is not null. */
export function typeOf(value: unknown): TypeWord {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string') return `string:${classOf(value)}`;
  if (typeof value === 'number') return Number.isInteger(value) ? 'number:integer' : 'number:fraction';
  return typeof value === 'boolean' ? 'boolean' : 'object';
}

/** Whether what is of type `found` may stand where a contract says `said`. */
export function takesIn(said: TypeWord, found: TypeWord): boolean {
  if (said === found) return true;
  if (said === 'number:fraction') return found === 'number:integer';
  return said.startsWith('string:') && found.startsWith('string:') && fits(said.slice(7) as ValueClass, found.slice(7) as ValueClass);
}

/** Nothing: null, or an empty text. */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}
