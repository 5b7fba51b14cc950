// What we rely on at one surface of a vendor, as data: the fields that are mapped of a JSON answer, or the anchors and forms that are used of a page. It holds no value of a
// record, and nothing in it can be run. Source: connectors.md §1.3, machine H.
import { z } from 'zod';
import type { Vocabulary } from './field-words.ts';
import { TYPE_WORDS } from './value-class.ts';

const NAME = /^(?!__)[A-Za-z_@][\w@.:-]{0,79}$/;
/** `$.entry[].resource.id`: a name after each dot, `[]` for every element of a list. */
export const FieldPath = z
  .string()
  .max(400)
  .regex(/^\$(\.(?!__)[A-Za-z_@][\w@:-]{0,79}|\[\])*$/, 'is not a path like $.entry[].resource.id');
/** `entry`, `[]`, `resource`, `id` of `$.entry[].resource.id`. */
export function stepsOf(path: string): string[] {
  return [...path.matchAll(/\[\]|[^.$[\]]+/g)].map(([step]) => step);
}

const Name = z.string().regex(NAME, 'is not the name of a field');
/** What a page says to everybody. It is only ever compared. */
const Phrase = z.string().min(1).max(120);

const TypeWord = z.enum(TYPE_WORDS);

const JsonField = z.strictObject({
  types: z.array(TypeWord).min(1).max(6),
  /** The record means nothing without it: missing or of another type, nothing of the page is read. */
  required: z.boolean(),
  /** It names a record: of another form it is another kind of number, whatever it looks like. */
  is_id: z.boolean().optional(),
  /** The only values that are understood. */
  closed: z.array(z.string().min(1).max(120)).min(1).max(500).optional(),
  /** Of a list: how many it may hold. */
  holds: z.enum(['at_most_one', 'at_least_one', 'any']).optional(),
});
export type JsonField = z.infer<typeof JsonField>;

export const JsonContract = z
  .strictObject({
    of: z.literal('json'),
    fields: z.record(FieldPath, JsonField),
    /** Where the list is, where it says how many there are in all, and where the next page is; null where the vendor has no such thing. */
    page: z.strictObject({ items: FieldPath.nullable(), total: FieldPath.nullable(), next: FieldPath.nullable() }),
  })
  .refine(({ fields, page }) => page.items === null || page.total !== null || fields[page.items]?.required === true, {
    message: 'a list that may be absent needs a total: else a list that moved looks like an empty one',
    path: ['page', 'items'],
  })
  .refine(({ fields, page }) => page.next === null || Object.hasOwn(fields, page.next), {
    message: 'is among the fields, with its types',
    path: ['page', 'next'],
  });
export type JsonContract = z.infer<typeof JsonContract>;

const Anchor = z
  .strictObject({
    role: Name,
    /** By its words: the accessible name, or the label. */
    name: Phrase.optional(),
    label: Phrase.optional(),
    /** By its code: the id, or the name attribute. */
    id: Name.optional(),
    name_attr: Name.optional(),
  })
  .refine(({ name, label, id, name_attr }) => (name ?? label) !== undefined && (id ?? name_attr) !== undefined, {
    message: 'an anchor is found in two ways that do not depend on each other: by its words (name, label) and by its code (id, name_attr)',
  });
export type Anchor = z.infer<typeof Anchor>;

const FormField = z.strictObject({
  name: Name,
  type: Name,
  required: z.boolean(),
  /** Of a choice: what we may choose, and what the page must say that it means. */
  options: z.record(z.string().min(1).max(80), Phrase).optional(),
});

/** How a field of a form is told of: `reason (text, required)`. */
export function fieldWords({ name, type, required }: { name: string; type: string; required: boolean }): string {
  return `${name} (${type}${required ? ', required' : ''})`;
}

const Form = z.strictObject({
  /** The form is the one that this anchor stands in. */
  around: Name,
  method: z.enum(['get', 'post']),
  /** A path; a part that varies is told by its class: `/patients/{digits}/visits`. Parameters by their names: `?tab&mode`. */
  action: z
    .string()
    .max(300)
    .regex(/^\/[\w./{}-]*(\?[\w&.-]*)?$/, 'is not a path like /patients/{digits}/visits'),
  fields: z.array(FormField).max(200),
});
export type Form = z.infer<typeof Form>;

export const HtmlContract = z
  .strictObject({
    of: z.literal('html'),
    anchors: z.record(Name, Anchor),
    forms: z.record(Name, Form),
  })
  .refine(({ anchors, forms }) => Object.values(forms).every(({ around }) => Object.hasOwn(anchors, around)), {
    message: 'a form stands around one of the anchors',
    path: ['forms'],
  });
export type HtmlContract = z.infer<typeof HtmlContract>;

export const Contract = z.discriminatedUnion('of', [JsonContract, HtmlContract]);
export type Contract = z.infer<typeof Contract>;

/** What may be said of a page of this surface, and kept on its tapes: what the contract itself says. */
export function vocabularyOf(contract: Contract): Vocabulary {
  if (contract.of === 'json') {
    const paths = [...Object.keys(contract.fields), ...Object.values(contract.page).filter((path) => path !== null)];
    const closed = Object.entries(contract.fields).filter(([, field]) => field.closed);
    return {
      names: new Set(paths.flatMap((path) => path.split(/\.|\[\]/).filter((name) => name !== '' && name !== '$'))),
      phrases: new Set(),
      values: new Map(closed.map(([path, field]) => [path, new Set(field.closed)])),
    };
  }
  const anchors = Object.values(contract.anchors);
  const fields = Object.values(contract.forms).flatMap((form) => form.fields);
  return {
    names: new Set([
      ...anchors.flatMap(({ id, name_attr }) => [id, name_attr].filter((name) => name !== undefined)),
      ...fields.map(({ name }) => name),
      ...Object.values(contract.forms).flatMap(({ action }) =>
        action.split(/[/?&]/).filter((part) => part !== '' && !part.startsWith('{')),
      ),
    ]),
    phrases: new Set([
      ...anchors.flatMap(({ name, label }) => [name, label].filter((phrase) => phrase !== undefined)),
      ...fields.flatMap(({ options }) => Object.values(options ?? {})),
    ]),
    values: new Map(fields.flatMap(({ name, options }) => (options ? [[name, new Set(Object.keys(options))]] : []))),
  };
}

/** `is_implied`: an object or a list that fields of the contract stand in. */
export type ExpectedField = JsonField & { is_implied?: true };

/** A contract with what follows from it: made once, used for every page. */
export interface JsonExpected {
  readonly of: 'json';
  readonly contract: JsonContract;
  readonly vocabulary: Vocabulary;
  /** The fields of the contract, and the objects and lists that they stand in. */
  readonly fields: ReadonlyMap<string, ExpectedField>;
  /** By path of an object, the names that belong to it. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}
export interface HtmlExpected {
  readonly of: 'html';
  readonly contract: HtmlContract;
  readonly vocabulary: Vocabulary;
}
export type Expected = JsonExpected | HtmlExpected;

export function expectedOf(contract: JsonContract): JsonExpected;
export function expectedOf(contract: HtmlContract): HtmlExpected;
export function expectedOf(contract: Contract): Expected;
export function expectedOf(contract: Contract): Expected {
  const vocabulary = vocabularyOf(contract);
  if (contract.of === 'html') return { of: 'html', contract, vocabulary };
  const fields = new Map<string, ExpectedField>(Object.entries(contract.fields));
  for (const path of Object.keys(contract.fields)) addParents(fields, contract.fields, path);
  const names = new Map<string, string[]>();
  for (const path of fields.keys()) {
    if (path === '$' || path.endsWith(']')) continue;
    const dot = path.lastIndexOf('.');
    const parent = path.slice(0, dot);
    names.set(parent, [...(names.get(parent) ?? []), path.slice(dot + 1)]);
  }
  return { of: 'json', contract, vocabulary, fields, names };
}

/** What a field stands in is an object or a list. Where a field is required, so is the object, up to the list that it is an element of. */
function addParents(fields: Map<string, ExpectedField>, declared: JsonContract['fields'], path: string): void {
  let child = path;
  let needed = declared[path]?.required ?? false;
  while (child !== '$') {
    const isElement = child.endsWith('[]');
    const parent = isElement ? child.slice(0, -2) : child.slice(0, child.lastIndexOf('.'));
    if (Object.hasOwn(declared, parent)) return; // its own parents come with it
    needed &&= !isElement;
    const required = needed || parent === '$' || parent.endsWith('[]') || (fields.get(parent)?.required ?? false);
    fields.set(parent, { types: [isElement ? 'array' : 'object'], required, is_implied: true });
    child = parent;
  }
}
