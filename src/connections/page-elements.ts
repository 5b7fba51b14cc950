// The elements of a page as a person or a screen reader would tell them: their role, their name, their label. Source: WAI-ARIA 1.2 and HTML-AAM, as much of them as forms need.
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.ParentNode;

export interface Page {
  /** In the order of the page; none within a template. */
  readonly elements: readonly Element[];
  /** Those that somebody could see. */
  readonly visible: readonly Element[];
  readonly byId: ReadonlyMap<string, Element>;
  /** By the id that they are for. */
  readonly labelsFor: ReadonlyMap<string, readonly Element[]>;
  /** Where a `<base>` sends what is relative. */
  readonly base: string | undefined;
  /** The form that a field or a button belongs to: by its `form` attribute, or because it stands in it. */
  formOf(element: Element): Element | undefined;
}

export function readPage(html: string): Page {
  const elements = elementsIn(parse(html));
  const byId = new Map<string, Element>();
  const labelsFor = new Map<string, Element[]>();
  for (const element of elements) {
    const id = attribute(element, 'id');
    if (id !== undefined && !byId.has(id)) byId.set(id, element);
    const target = element.tagName === 'label' ? attribute(element, 'for') : undefined;
    if (target !== undefined) labelsFor.set(target, [...(labelsFor.get(target) ?? []), element]);
  }
  const base = elements.find((element) => element.tagName === 'base' && attribute(element, 'href') !== undefined);
  return {
    elements,
    visible: visibleOf(elements),
    byId,
    labelsFor,
    base: base && attribute(base, 'href'),
    formOf(element) {
      const named = attribute(element, 'form');
      if (named === undefined) return parentsOf(element).find(({ tagName }) => tagName === 'form');
      const form = byId.get(named);
      return form?.tagName === 'form' ? form : undefined;
    },
  };
}

/** Every element below it, in order. Without recursion: a page may be as deep as it likes. */
export function elementsIn(root: Node): Element[] {
  const found: Element[] = [];
  const left: Node[] = 'childNodes' in root ? [...root.childNodes].reverse() : [];
  for (let node = left.pop(); node; node = left.pop()) {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) for (let n = node.childNodes.length - 1; n >= 0; n -= 1) left.push(node.childNodes[n] as Node);
  }
  return found;
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

/** What stands in it, with each run of white space as one space. */
export function textOf(element: Element): string {
  const texts: string[] = [];
  const left: Node[] = [element];
  for (let node = left.pop(); node; node = left.pop()) {
    if (node.nodeName === '#text' && 'value' in node) texts.push(node.value);
    if ('tagName' in node && (node.tagName === 'script' || node.tagName === 'style')) continue;
    if ('childNodes' in node) for (let n = node.childNodes.length - 1; n >= 0; n -= 1) left.push(node.childNodes[n] as Node);
  }
  return tidy(texts.join(''));
}

const tidy = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function parentsOf(element: Element): Element[] {
  const parents: Element[] = [];
  for (let node = element.parentNode; node && 'tagName' in node; node = node.parentNode) parents.push(node);
  return parents;
}

/** Without those that nobody sees: `hidden`, `aria-hidden`, an inline style, themselves or what they stand in; hidden fields. What a style sheet hides is not known here. */
function visibleOf(elements: readonly Element[]): Element[] {
  const hidden = new Set<unknown>();
  return elements.filter((element) => {
    if (!hidden.has(element.parentNode) && !hidesItself(element)) return true;
    hidden.add(element); // what stands in it comes after it
    return false;
  });
}

function hidesItself(element: Element): boolean {
  return (
    attribute(element, 'hidden') !== undefined ||
    attribute(element, 'aria-hidden') === 'true' ||
    isHidingStyle(attribute(element, 'style') ?? '') ||
    (element.tagName === 'input' && attribute(element, 'type')?.toLowerCase() === 'hidden')
  );
}

export function isHidingStyle(style: string): boolean {
  return /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i.test(style);
}

const ROLES: Record<string, string> = {
  button: 'button',
  select: 'combobox',
  textarea: 'textbox',
  table: 'table',
  th: 'columnheader',
  form: 'form',
  nav: 'navigation',
  main: 'main',
  img: 'img',
  option: 'option',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`h${n}`, 'heading'])),
};
const INPUT_ROLES: Record<string, string> = {
  checkbox: 'checkbox',
  radio: 'radio',
  submit: 'button',
  button: 'button',
  reset: 'button',
  image: 'button',
  number: 'spinbutton',
  range: 'slider',
  search: 'searchbox',
};

export function roleOf(element: Element): string {
  const said = attribute(element, 'role');
  if (said !== undefined) return said;
  if (element.tagName === 'input') return INPUT_ROLES[attribute(element, 'type')?.toLowerCase() ?? ''] ?? 'textbox';
  if (element.tagName === 'a') return attribute(element, 'href') === undefined ? 'generic' : 'link';
  if (element.tagName === 'select' && attribute(element, 'multiple') !== undefined) return 'listbox';
  return ROLES[element.tagName] ?? 'generic';
}

/** The texts of its labels: by `for`, around it, or by aria. A label around a choice does not count what can be chosen. */
export function labelsOf(element: Element, page: Page): string[] {
  const id = attribute(element, 'id');
  const around = parentsOf(element).filter(({ tagName }) => tagName === 'label');
  const labels = [...((id !== undefined && page.labelsFor.get(id)) || []), ...around].map((label) => {
    const text = textOf(label);
    const own = FILLED.has(element.tagName) && around.includes(label) ? textOf(element) : '';
    return own === '' ? text : tidy(text.replace(own, ' '));
  });
  return [...labels, ...ariaNames(element, page)];
}

const FILLED = new Set(['select', 'textarea']);

function ariaNames(element: Element, page: Page): string[] {
  const by = (attribute(element, 'aria-labelledby') ?? '').split(/\s+/).flatMap((id) => page.byId.get(id) ?? []);
  const said = attribute(element, 'aria-label');
  return [...(by.length > 0 ? [by.map(textOf).join(' ')] : []), ...(said === undefined ? [] : [tidy(said)])];
}

const NAMED_BY_TEXT = new Set(['button', 'link', 'heading', 'columnheader', 'option']);

export function accessibleName(element: Element, page: Page): string {
  const [aria] = ariaNames(element, page);
  if (aria !== undefined) return aria;
  if (element.tagName === 'input' && roleOf(element) === 'button')
    return tidy(attribute(element, 'value') ?? attribute(element, 'alt') ?? '');
  const [label] = labelsOf(element, page);
  if (label !== undefined) return label;
  if (NAMED_BY_TEXT.has(roleOf(element))) return textOf(element);
  return tidy(attribute(element, 'alt') ?? attribute(element, 'title') ?? attribute(element, 'placeholder') ?? '');
}
