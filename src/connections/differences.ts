// How what a vendor shows differs from what its contract says: how grave it is, and in plain words for a page. Source: connectors.md §1.3, machine H.
import { type ExpectedField, fieldWords, type HtmlExpected, type JsonExpected } from './contract-shape.ts';
import { UNKNOWN_NAME } from './field-words.ts';
import type { JsonFingerprint, SeenField } from './fingerprint.ts';
import type { HtmlFingerprint } from './html-fingerprint.ts';
import { type TypeWord, takesIn } from './value-class.ts';

/** `info`: something more. `warn`: something that we do not understand is left out. `break`: what is read could be wrong, or what is written could go astray. */
export type Severity = 'info' | 'warn' | 'break';

/** One difference. None of its texts is a value of a record. */
export interface Difference {
  severity: Severity;
  kind:
    | 'added'
    | 'new_value'
    | 'new_format'
    | 'missing'
    | 'retyped'
    | 'id_form'
    | 'count'
    | 'list_moved'
    | 'paging'
    | 'anchor'
    | 'form'
    | 'unreadable';
  /** A path, an anchor or a form of the contract. */
  where: string;
  was: string;
  is: string;
  /** How often on this page. */
  times: number;
}

/** The body is not JSON or HTML at all. */
export const UNREADABLE: Difference = {
  severity: 'break',
  kind: 'unreadable',
  where: 'the whole answer',
  was: 'an answer that can be read',
  is: 'one that cannot',
  times: 1,
};

/** For the page of the connections: where, what was, what is. */
export function sentenceOf({ severity, where, was, is, times }: Difference): string {
  const begins = { info: 'Noted', warn: 'To be looked at', break: 'Stopped' }[severity];
  const said = is.replaceAll(UNKNOWN_NAME, 'a name that is not shown');
  return `${begins}: ${where} was ${was} and is ${said}${times > 1 ? ` (${times} times on one page)` : ''}.`;
}

export function worstOf(differences: readonly Difference[]): Severity | 'none' {
  const order = ['break', 'warn', 'info'] as const;
  return order.find((severity) => differences.some((each) => each.severity === severity)) ?? 'none';
}

/** What is to be left out of what is read: the fields with values that the contract does not name. */
export function unmappedIn(differences: readonly Difference[]): { path: string; count: number }[] {
  return differences
    .filter(({ severity, kind }) => severity === 'warn' && kind !== 'anchor')
    .map(({ where, times }) => ({ path: where, count: times }));
}

/** Each for one kind of harm. */
const RULES: readonly ((path: string, field: ExpectedField, seen: SeenField) => Difference | undefined)[] = [
  missing,
  retyped,
  newValue,
  count,
];

/** The differences of a JSON answer, the gravest first. */
export function jsonDifferences(fingerprint: JsonFingerprint, expected: JsonExpected): Difference[] {
  const found: Difference[] = [...pageDifferences(fingerprint, expected)];
  for (const [path, field] of expected.fields) {
    const seen = fingerprint.fields[path];
    if (!seen) continue;
    for (const rule of RULES) {
      const difference = rule(path, field, seen);
      if (difference) found.push(difference);
    }
  }
  for (const path of Object.keys(fingerprint.fields)) {
    const parent = path.replace(/(\[\]|\.[^.[]*)$/, '');
    if (expected.fields.has(path) || !expected.fields.has(parent)) continue;
    found.push({
      severity: 'info',
      kind: 'added',
      where: path,
      was: 'not there',
      is: `there (${typesIn(fingerprint.fields[path])})`,
      times: 1,
    });
  }
  return gravestFirst(found);
}

function missing(path: string, field: ExpectedField, seen: SeenField): Difference | undefined {
  const times = seen.of - seen.present;
  if (!field.required || times === 0) return undefined;
  return { severity: 'break', kind: 'missing', where: path, was: 'always there', is: 'missing or empty', times };
}

/** Another type, or a text of another form. Where the field is required, or names a record, or holds others, nothing of the page can be trusted; else its value is left out. */
function retyped(path: string, field: ExpectedField, seen: SeenField): Difference | undefined {
  const strange = Object.entries(seen.types).filter(([type]) => !field.types.some((said) => takesIn(said, type as TypeWord)));
  if (strange.length === 0) return undefined;
  const [was, is] = [field.types.map(spoken).join(' or '), strange.map(([type]) => spoken(type as TypeWord)).join(' or ')];
  const times = strange.reduce((sum, [, n]) => sum + n, 0);
  if (field.is_id) return { severity: 'break', kind: 'id_form', where: path, was, is, times };
  if (field.required || field.is_implied) return { severity: 'break', kind: 'retyped', where: path, was, is, times };
  return {
    severity: 'warn',
    kind: strange.every(([type]) => type.startsWith('string:')) ? 'new_format' : 'retyped',
    where: path,
    was,
    is,
    times,
  };
}

function newValue(path: string, field: ExpectedField, seen: SeenField): Difference | undefined {
  if (!field.closed || seen.others === 0) return undefined;
  const was = `one of ${field.closed.length} values that we know`;
  return { severity: 'warn', kind: 'new_value', where: path, was, is: 'another one', times: seen.others };
}

function count(path: string, field: ExpectedField, { holds }: SeenField): Difference | undefined {
  const severity = field.required ? 'break' : 'warn';
  if (field.holds === 'at_most_one' && holds.many > 0)
    return { severity, kind: 'count', where: path, was: 'a list of at most one', is: 'a list of several', times: holds.many };
  if (field.holds === 'at_least_one' && holds.none > 0)
    return { severity, kind: 'count', where: path, was: 'a list of at least one', is: 'an empty list', times: holds.none };
  return undefined;
}

/** What the list as a whole says: where it is, and how it goes on. A list that moved looks like a patient without results. */
function pageDifferences({ page: seen, fields }: JsonFingerprint, { contract: { page, fields: declared } }: JsonExpected): Difference[] {
  const found: Difference[] = [];
  const broken = (kind: 'list_moved' | 'paging', where: string, was: string, is: string) =>
    found.push({ severity: 'break', kind, where, was, is, times: 1 });
  if (page.items !== null && seen.items === 'not_a_list') broken('list_moved', page.items, 'a list', 'something else');
  if (page.items !== null && seen.total === 'some' && (seen.items === 'absent' || seen.items === 'none'))
    broken('list_moved', page.items, 'the list', 'empty, though the answer says that there are some');
  if (page.total !== null && (seen.total === 'absent' || seen.total === 'not_a_number'))
    broken('paging', page.total, 'how many there are in all', seen.total === 'absent' ? 'missing' : 'not a number');
  const next = page.next === null ? undefined : fields[page.next];
  const said = (page.next === null ? undefined : declared[page.next])?.types ?? [];
  if (page.next !== null && next && Object.keys(next.types).some((type) => !said.some((each) => takesIn(each, type as TypeWord))))
    broken('paging', page.next, said.map(spoken).join(' or '), typesIn(next));
  return found;
}

/** The differences of a page, the gravest first. */
export function htmlDifferences(fingerprint: HtmlFingerprint, { contract }: HtmlExpected): Difference[] {
  const found: Difference[] = [];
  for (const [anchor, seen] of Object.entries(fingerprint.anchors)) {
    if (seen.is !== 'found')
      found.push({ severity: 'break', kind: 'anchor', where: anchor, was: 'one place of the page', is: seen.is, times: 1 });
    else if (seen.lost.length > 0)
      found.push({
        severity: 'warn',
        kind: 'anchor',
        where: anchor,
        was: 'found in every way',
        is: `not found by its ${seen.lost.join(', ')}`,
        times: 1,
      });
  }
  for (const [name, form] of Object.entries(contract.forms)) {
    const seen = fingerprint.forms[name];
    const differs = (was: string, is: string) => found.push({ severity: 'break', kind: 'form', where: name, was, is, times: 1 });
    if (!seen) {
      differs('a form', 'not there');
      continue;
    }
    if (seen.action !== form.action) differs(`sent to ${form.action}`, `sent to ${seen.action}`);
    if (seen.method !== form.method) differs(`sent by ${form.method}`, `sent by ${seen.method}`);
    const said = form.fields.map(fieldWords).sort();
    const gone = said.filter((field) => !seen.fields.includes(field));
    const come = seen.fields.filter((field) => !said.includes(field));
    if (gone.length + come.length > 0 || said.length !== seen.fields.length)
      differs(gone.join(', ') || 'without more fields', come.join(', ') || (gone.length > 0 ? 'without them' : 'a field twice'));
    for (const lost of seen.options_lost) differs(`a choice of ${lost}`, 'without it, or it means something else');
  }
  return gravestFirst(found);
}

const gravestFirst = (differences: Difference[]): Difference[] => {
  const order: readonly Severity[] = ['break', 'warn', 'info'];
  return differences.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
};

const spoken = (type: TypeWord): string => {
  const [base, form] = type.split(':');
  if (base === 'string') return form === 'text' ? 'text' : `text like ${form?.replaceAll('_', ' ')}`;
  if (base === 'number') return form === 'integer' ? 'a whole number' : 'a number';
  return { object: 'an object', array: 'a list', boolean: 'yes or no' }[base as 'object'];
};

const typesIn = (seen: SeenField | undefined): string =>
  Object.keys(seen?.types ?? {})
    .map((type) => spoken(type as TypeWord))
    .join(' or ') || 'empty';
