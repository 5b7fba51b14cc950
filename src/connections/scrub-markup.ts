// Markup with its elements where they were and nothing of what it said: texts and attributes are rewritten, comments, scripts, styles and instructions go. HTML as a browser would
// read it, XML only where it is well-formed.
import { type DefaultTreeAdapterTypes, parse, serialize } from 'parse5';
import { isHidingStyle } from './page-elements.ts';
import { type Place, type Scrubber, scrubUrl } from './scrub-text.ts';

/** Attributes whose value is a word of HTML or a name within the page: it stays where it may be said, and is one name for all that refer to it. */
const CODE = new Set(['type', 'role', 'method', 'name', 'for', 'id', 'form', 'rel', 'aria-labelledby', 'autocomplete', 'scope']);
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'data', 'cite', 'poster']);
/** Names of HTML itself, besides those that fields have too. A browser may do something else where one of the attributes stands. */
const HTML_NAMES = new Set(
  `a b i p q s u h1 h2 h3 h4 h5 h6 dd dl dt em col colgroup optgroup datalist dialog formaction formmethod formnovalidate formenctype formtarget novalidate enctype multiple pattern
   maxlength minlength min max`.split(/\s+/),
);
const WITHOUT_TEXT = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'svg', 'math', 'object']);

export function scrubHtml(html: string, scrubber: Scrubber, place: Place): string {
  const document = parse(html);
  const left: DefaultTreeAdapterTypes.ParentNode[] = [document];
  for (let node = left.pop(); node; node = left.pop()) {
    // Comments go; a template, whose content is a document of its own, goes as a whole.
    node.childNodes = node.childNodes.filter(
      (child) => ['#text', '#documentType'].includes(child.nodeName) || ('tagName' in child && child.nodeName !== 'template'),
    );
    for (const child of node.childNodes) {
      if (child.nodeName === '#documentType') Object.assign(child, { name: 'html', publicId: '', systemId: '' });
      if (child.nodeName === '#text' && 'value' in child) child.value = textIn(child.value, scrubber, place);
      if (!('tagName' in child)) continue;
      const valuePath = child.tagName === 'option' ? choiceOf(child) : 'value';
      child.attrs = child.attrs.map(({ name, value }) => ({
        name: said(name, scrubber),
        value: attributeValue({ name, value }, scrubber, name === 'value' ? { ...place, path: valuePath } : { ...place, path: name }),
      }));
      if (WITHOUT_TEXT.has(child.tagName)) child.childNodes = [];
      else left.push(child);
      child.tagName = said(child.tagName, scrubber);
      child.nodeName = child.tagName;
    }
  }
  return serialize(document);
}

/** The name of the choice that an option belongs to: what may be chosen there is a closed list. */
function choiceOf(option: DefaultTreeAdapterTypes.Element): string {
  let above = option.parentNode;
  while (above && above.nodeName !== 'select' && 'parentNode' in above) above = above.parentNode;
  return (above && 'attrs' in above && above.attrs.find(({ name }) => name === 'name')?.value) || 'value';
}

const said = (name: string, scrubber: Scrubber): string => (HTML_NAMES.has(name) ? name : scrubber.name(name));

function attributeValue({ name, value }: { name: string; value: string }, scrubber: Scrubber, place: Place): string {
  const lower = name.toLowerCase();
  if (value === '') return '';
  if (lower.startsWith('aria-') && /^(?:true|false)$/.test(value)) return value;
  // Of a style a contract asks one thing only.
  if (lower === 'style') return isHidingStyle(value) ? 'display:none' : '';
  if (CODE.has(lower))
    return value
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => scrubber.name(word))
      .join(' ');
  if (ADDRESSES.has(lower)) return scrubUrl(value, scrubber, { path: place.path, depth: place.depth + 1 });
  return scrubber.text(value, { path: place.path, depth: place.depth + 1 });
}

/** A text keeps the white space around it; what a page says to everybody stays. */
function textIn(text: string, scrubber: Scrubber, place: Place): string {
  const inner = text.trim();
  if (inner === '') return text.replaceAll(/[^\t\n\r ]/g, ' ');
  const at = text.length - text.trimStart().length;
  const around = [text.slice(0, at), text.slice(at + inner.length)].map((space) => space.replaceAll(/[^\t\n\r ]/g, ' '));
  return around.join(scrubber.text(inner, { path: place.path, depth: place.depth + 1 }));
}

const NAME = '[A-Za-z_][\\w.:-]*';
const XML = new RegExp(
  [
    '<!--(?<comment>[\\s\\S]*?)-->',
    '<!\\[CDATA\\[(?<cdata>[\\s\\S]*?)\\]\\]>',
    '<\\?(?<instruction>[\\s\\S]*?)\\?>',
    `</(?<closed>${NAME})\\s*>`,
    `<(?<open>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'gy',
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');

/** Undefined for what is not well-formed, or has a document type. */
export function scrubXml(xml: string, scrubber: Scrubber, place: Place): string | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let read = 0;
  for (const { 0: all, index, groups = {} } of xml.trim().matchAll(XML)) {
    if (index !== read) return undefined;
    read += all.length;
    const { cdata, closed, open: name, attributes = '', empty, text } = groups;
    if (closed !== undefined) {
      if (open.pop() !== closed) return undefined;
      parts.push(`</${said(closed, scrubber)}>`);
    } else if (name !== undefined) {
      if (empty === '') open.push(name);
      const kept = [...attributes.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => {
        const value = scrubber.text(unescaped(double ?? single ?? ''), { path: key, depth: place.depth + 1 });
        return ` ${said(key, scrubber)}="${escaped(value)}"`;
      });
      parts.push(`<${said(name, scrubber)}${kept.join('')}${empty}>`);
    } else if (cdata !== undefined) parts.push(escaped(textIn(cdata, scrubber, place)));
    else if (text !== undefined) parts.push(escaped(textIn(unescaped(text), scrubber, { ...place, path: open.at(-1) ?? place.path })));
  }
  return read === xml.trim().length && open.length === 0 ? parts.join('') : undefined;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
