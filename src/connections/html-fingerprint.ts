// What a page is like where we use it: the anchors, each found in two ways that do not depend on each other, and the forms around them. Nothing else of the page is held, and no
// text but what the contract itself says. Source: connectors.md §1.3, machine H.
import { type Anchor, type Form, fieldWords, type HtmlExpected } from './contract-shape.ts';
import { mayBeSaid, NO_VOCABULARY, UNKNOWN_NAME, type Vocabulary } from './field-words.ts';
import { accessibleName, attribute, type Element, elementsIn, labelsOf, type Page, readPage, roleOf, textOf } from './page-elements.ts';
import { classOf } from './value-class.ts';

export type SeenAnchor =
  | { is: 'found' /** The ways in which it is not found any more. */; lost: string[] }
  | {
      is:
        | 'not there'
        | 'there more than once'
        | 'one place by its words and another by its code'
        | 'found in one way only'
        | 'another kind of element';
    };

export interface SeenForm {
  action: string;
  method: string;
  /** `reason (text, required)`, sorted. */
  fields: string[];
  /** `visit_type = New patient`: choices of the contract that the page does not offer, or that mean something else there. */
  options_lost: string[];
}

export interface HtmlFingerprint {
  readonly of: 'html';
  readonly anchors: Readonly<Record<string, SeenAnchor>>;
  /** A form whose anchor is not found is not there. */
  readonly forms: Readonly<Record<string, SeenForm>>;
}

/** The ways in which an anchor is looked for, and the elements that each finds. */
export type Ways = readonly { way: 'name' | 'label' | 'id' | 'name_attr'; found: readonly Element[] }[];

/** `url`: where the page came from, for addresses that are relative to it. `decide`: which element is meant, if one is. */
export function fingerprintOfHtml(
  html: string,
  { contract, vocabulary }: HtmlExpected,
  { url, decide = decideAnchor }: { url: string; decide?: (ways: Ways) => Element | Exclude<SeenAnchor, { is: 'found' }>['is'] },
): HtmlFingerprint {
  const page = readPage(html);
  const anchors: Record<string, SeenAnchor> = {};
  const places = new Map<string, Element>();
  for (const [name, anchor] of Object.entries(contract.anchors)) {
    const ways = waysTo(anchor, page);
    const meant = decide(ways);
    if (typeof meant === 'string') anchors[name] = { is: meant };
    else if (roleOf(meant) !== anchor.role) anchors[name] = { is: 'another kind of element' };
    else {
      anchors[name] = { is: 'found', lost: ways.filter(({ found }) => found.length === 0).map(({ way }) => way) };
      places.set(name, meant);
    }
  }
  const forms: Record<string, SeenForm> = {};
  for (const [name, form] of Object.entries(contract.forms)) {
    const place = places.get(form.around);
    const seen = place && formAround(place, { page, form, vocabulary, url });
    if (seen) forms[name] = seen;
  }
  return { of: 'html', anchors, forms };
}

function waysTo({ role, name, label, id, name_attr }: Anchor, page: Page): Ways {
  const { visible: seen } = page;
  const ofRole = seen.filter((element) => roleOf(element) === role);
  const ways: { way: Ways[number]['way']; found: readonly Element[] }[] = [];
  if (name !== undefined) ways.push({ way: 'name', found: ofRole.filter((element) => accessibleName(element, page) === name) });
  if (label !== undefined) ways.push({ way: 'label', found: ofRole.filter((element) => labelsOf(element, page).includes(label)) });
  if (id !== undefined) ways.push({ way: 'id', found: seen.filter((element) => attribute(element, 'id') === id) });
  if (name_attr !== undefined) ways.push({ way: 'name_attr', found: seen.filter((element) => attribute(element, 'name') === name_attr) });
  return ways;
}

/** The one element that is found both by its words and by its code, and by no way another one: else nobody knows what would be pressed. */
export function decideAnchor(ways: Ways): Element | Exclude<SeenAnchor, { is: 'found' }>['is'] {
  const finding = ways.filter(({ found }) => found.length > 0);
  const all = new Set(finding.flatMap(({ found }) => found));
  const [one] = all;
  if (one === undefined) return 'not there';
  if (finding.some(({ found }) => found.length > 1)) return 'there more than once';
  if (all.size > 1) return 'one place by its words and another by its code';
  const byWords = finding.some(({ way }) => way === 'name' || way === 'label');
  const byCode = finding.some(({ way }) => way === 'id' || way === 'name_attr');
  return byWords && byCode ? one : 'found in one way only';
}

const FIELD_TAGS = new Set(['input', 'select', 'textarea', 'button']);

function formAround(
  place: Element,
  { page, form, vocabulary, url }: { page: Page; form: Form; vocabulary: Vocabulary; url: string },
): SeenForm | undefined {
  const around = page.formOf(place);
  if (!around) return undefined;
  const fields = page.elements.filter(
    (element) => FIELD_TAGS.has(element.tagName) && attribute(element, 'name') && page.formOf(element) === around,
  );
  // What the button itself says goes before what its form says.
  const action = attribute(place, 'formaction') ?? attribute(around, 'action') ?? '';
  const method = attribute(place, 'formmethod') ?? attribute(around, 'method') ?? 'get';
  return {
    action: spokenAction(action, { base: page.base, url, vocabulary }),
    method: ['get', 'post'].includes(method.toLowerCase()) ? method.toLowerCase() : 'another way',
    fields: fields.map((field) => seenField(field, vocabulary)).sort(),
    options_lost: form.fields.flatMap(({ name, options }) => {
      const choice = fields.find((field) => attribute(field, 'name') === name);
      return choice && options ? optionsLost(choice, { name, options }) : [];
    }),
  };
}

function seenField(field: Element, vocabulary: Vocabulary): string {
  const name = attribute(field, 'name') ?? '';
  const type =
    field.tagName === 'input' || field.tagName === 'button'
      ? (attribute(field, 'type') ?? (field.tagName === 'button' ? 'submit' : 'text'))
      : field.tagName;
  const words = fieldWords({
    name: mayBeSaid(name, vocabulary) ? name : UNKNOWN_NAME,
    type: /^[a-z-]{1,20}$/.test(type) && mayBeSaid(type, NO_VOCABULARY) ? type : 'text',
    required: attribute(field, 'required') !== undefined,
  });
  return attribute(field, 'disabled') === undefined ? words : `${words}, which cannot be filled in`;
}

function optionsLost(choice: Element, { name, options }: { name: string; options: Record<string, string> }): string[] {
  const offered = elementsIn(choice).filter(({ tagName }) => tagName === 'option');
  return Object.entries(options)
    .filter(
      ([value, means]) => !offered.some((option) => (attribute(option, 'value') ?? textOf(option)) === value && textOf(option) === means),
    )
    .map(([value, means]) => `${name} ${value} = ${means}`);
}

/** Where a form is sent to, said as contracts say it: a part of the path that the contract does not name is told by its class. */
function spokenAction(
  action: string,
  { base, url, vocabulary }: { base: string | undefined; url: string; vocabulary: Vocabulary },
): string {
  const page = URL.parse(url);
  const from = base === undefined ? page : URL.parse(base, url);
  const to = from && URL.parse(action, from.href);
  if (!page || !to || to.origin !== page.origin) return 'another site';
  const parts = to.pathname.split('/').map((part) => (part === '' || vocabulary.names.has(part) ? part : `{${classOf(decoded(part))}}`));
  const names = [...new Set(to.searchParams.keys())].map((name) => (mayBeSaid(name, vocabulary) ? name : UNKNOWN_NAME)).sort();
  return `${parts.join('/')}${names.length > 0 ? `?${names.join('&')}` : ''}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
