// A text in which nothing is left of what it said: every run of letters and digits is replaced, by another of its kind where the kind is known; only white space and ASCII
// punctuation stay. What is wrapped in the text (base64, percent, JSON, markup) is unwrapped so that a tape still reads; were it not, its letters would be replaced all the same.
import type { Vocabulary } from './field-words.ts';
import { type Draw, likeBase64, likeClock, likeDay, likeHex, likeNumber, likeUuid, likeWord } from './pseudonyms.ts';

/** Where a text stands: by its path in a contract, and how deep in wrappings. */
export interface Place {
  readonly path: string;
  readonly depth: number;
}

/** What the parts of a tape are scrubbed with; scrub.ts puts it together. */
export interface Scrubber {
  readonly vocabulary: Vocabulary;
  readonly draw: Draw;
  /** A name of a field, an element, a parameter. */
  name(name: string): string;
  /** Any text: a value, or a whole document. */
  text(text: string, place: Place): string;
}

/** A kind of thing that a text holds. `pattern` has no capturing group. */
export interface Kind {
  readonly name: string;
  readonly pattern: RegExp;
  rewrite(found: string, at: { scrubber: Scrubber; place: Place; spot: string }): string;
}

const B64 = 'A-Za-z0-9+/_-';

/** In the order in which they are tried at each place of a text. */
export const KINDS: readonly Kind[] = [
  { name: 'token', pattern: /eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]{4,}/, rewrite: (found, { scrubber: { draw } }) => likeBase64(found, draw) },
  {
    name: 'url',
    pattern: /[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/,
    rewrite: (found, { scrubber, place }) => scrubUrl(found, scrubber, place),
  },
  {
    name: 'urn',
    pattern: /urn:[a-z0-9-]{1,31}:[^\s"'<>]+/,
    rewrite(found, { scrubber, place }) {
      const space = /^urn:(?:oid|uuid|iso)\b/.exec(found)?.[0] ?? 'urn';
      return space + scrubWords(found.slice(space.length), scrubber, place.path);
    },
  },
  {
    name: 'email',
    pattern: /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}.-]{1,200}\.\p{L}{2,24}/u,
    rewrite(found, { scrubber: { draw }, spot }) {
      const [user = '', host = ''] = found.toLowerCase().split('@');
      return `${likeWord(user, { draw, place: spot })}@${likeWord(host.slice(0, host.lastIndexOf('.')), { draw, place: spot })}.example`;
    },
  },
  {
    name: 'uuid',
    pattern: /[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/,
    rewrite: (found, { scrubber: { draw } }) => likeUuid(found, draw),
  },
  {
    name: 'instant',
    pattern: /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)/,
    rewrite(found, { scrubber: { draw } }) {
      const { year, month, day } = likeDay({ year: found.slice(0, 4), month: found.slice(5, 7), day: found.slice(8, 10) }, draw);
      const offset = /(?:Z|[+-]\d\d:?\d\d)$/.exec(found.slice(10))?.[0] ?? '';
      const clock = found.slice(10, found.length - offset.length);
      return `${year}-${month}-${day}${likeClock(clock, { draw, place: found })}${offset === 'Z' || offset === '' ? offset : '+00:00'}`;
    },
  },
  {
    name: 'us_date',
    pattern: /\d{1,2}\/\d{1,2}\/(?:\d{4}|\d\d)(?!\d)/,
    rewrite(found, { scrubber: { draw } }) {
      const [month = '', day = '', year = ''] = found.split('/');
      const other = likeDay({ year, month, day }, draw);
      return `${other.month}/${other.day}/${other.year}`;
    },
  },
  {
    name: 'percent',
    pattern: /[\w.~!*'()+-]{0,300}(?:%[0-9A-Fa-f]{2})[\w.~!*'()%+-]*/,
    rewrite(found, { scrubber, place }) {
      const plain = percentDecoded(found);
      return plain === undefined || plain === found
        ? scrubWords(found, scrubber, place.path)
        : encodeURIComponent(scrubber.text(plain, deeper(place)));
    },
  },
  {
    name: 'number',
    pattern: /\+?\(?\d(?:[ ().-]{0,2}\d){6,}/,
    rewrite: (found, { scrubber: { draw }, spot }) => likeNumber(found, { draw, place: spot }),
  },
  {
    name: 'hex',
    pattern: /(?=[0-9a-fA-F]{0,40}\d)(?=\d{0,40}[a-fA-F])[0-9a-fA-F]{8,}(?![\p{L}\p{N}])/u,
    rewrite: (found, { scrubber: { draw } }) => likeHex(found, draw),
  },
  {
    name: 'base64',
    // A text of one kind of letters only is a word, a path or a number rather.
    pattern: new RegExp(`(?=[${B64}]*[a-z])(?=[${B64}]*[A-Z])[${B64}]{16,}={0,2}`),
    rewrite(found, { scrubber, place }) {
      const plain = base64Text(found);
      if (plain === undefined) return likeBase64(found, scrubber.draw);
      const isUrl = /[-_]/.test(found);
      const again = Buffer.from(scrubber.text(plain, deeper(place))).toString(isUrl ? 'base64url' : 'base64');
      return found.endsWith('=') || isUrl ? again : again.replace(/=+$/, '');
    },
  },
  {
    name: 'word',
    pattern: /[\p{L}\p{M}\p{N}]+/u,
    rewrite: (found, { scrubber: { draw }, spot }) => likeWord(found, { draw, place: spot }),
  },
];

export const deeper = ({ path, depth }: Place): Place => ({ path, depth: depth + 1 });

/** What is between the kinds: white space and punctuation tell nothing, anything else might. */
const keptBetween = (text: string): string => text.replaceAll(/[^\t\n\r -~‘’“”–—…]/gu, '?');

/** `kinds` end with words: whatever no other kind takes. */
export function scrubRuns(text: string, { scrubber, place, kinds }: { scrubber: Scrubber; place: Place; kinds: readonly Kind[] }): string {
  const any = scannerOf(kinds);
  const spot = spotsIn(text, scrubber, place.path);
  const parts: string[] = [];
  let from = 0;
  for (const found of text.matchAll(any)) {
    const kind = kinds[found.slice(1).findIndex((group) => group !== undefined)] as Kind;
    parts.push(keptBetween(text.slice(from, found.index)));
    parts.push(kind.rewrite(found[0], { scrubber, place, spot: spot(found.index) }));
    from = found.index + found[0].length;
  }
  parts.push(keptBetween(text.slice(from)));
  return parts.join('');
}

const SCANNERS = new WeakMap<readonly Kind[], RegExp>();

function scannerOf(kinds: readonly Kind[]): RegExp {
  const scanner = SCANNERS.get(kinds) ?? new RegExp(kinds.map(({ pattern }) => `(${pattern.source})`).join('|'), 'gu');
  SCANNERS.set(kinds, scanner);
  return scanner;
}

function scrubWords(text: string, scrubber: Scrubber, path: string): string {
  const spot = spotsIn(text, scrubber, path);
  return keptBetween(
    text.replaceAll(/[\p{L}\p{M}\p{N}]+/gu, (word, at: number) => likeWord(word, { draw: scrubber.draw, place: spot(at) })),
  );
}

/** Where in which text something short stands. */
function spotsIn(text: string, { draw }: Scrubber, path: string): (at: number) => string {
  const stream = draw('text', text);
  const mark = [1, 2, 3, 4].map(() => stream.below(65_536)).join('.');
  return (at) => `${path}\0${at}\0${mark}`;
}

/** An address with what it names replaced: parts of the path and names of parameters stay where they may be said. User and password go, and so does the host. */
export function scrubUrl(text: string, scrubber: Scrubber, place: Place): string {
  const url = URL.parse(text, 'http://relative.invalid/');
  if (!url || !/^https?:$/.test(url.protocol)) return scrubWords(text, scrubber, place.path);
  const isRelative = url.hostname === 'relative.invalid';
  const path = url.pathname
    .split('/')
    .map((part) => (part === '' ? '' : encodeURIComponent(scrubPart(percentDecoded(part) ?? part, scrubber, place))))
    .join('/');
  const query = scrubForm(url.search.slice(1), scrubber, place);
  const fragment =
    url.hash === '' ? '' : `#${encodeURIComponent(scrubber.text(percentDecoded(url.hash.slice(1)) ?? url.hash.slice(1), deeper(place)))}`;
  const host = isRelative
    ? ''
    : `${url.protocol}//${likeWord(url.hostname.replaceAll(/[^a-z0-9]/gi, ''), { draw: scrubber.draw, place: '' })}.example`;
  return `${host}${path}${query === '' ? '' : `?${query}`}${fragment}`;
}

/** A part of a path stays where it is one of our words, such as `patients`. */
function scrubPart(part: string, scrubber: Scrubber, place: Place): string {
  return scrubber.name(part) === part ? part : scrubber.text(part, deeper(place));
}

/** `application/x-www-form-urlencoded`: names as names, values as values of those names. */
export function scrubForm(text: string, scrubber: Scrubber, place: Place): string {
  if (text === '') return '';
  return [...new URLSearchParams(text)]
    .map(([name, value]) => {
      const said = scrubber.name(name);
      return `${encodeURIComponent(said)}=${encodeURIComponent(scrubber.text(value, { path: said, depth: place.depth + 1 }))}`;
    })
    .join('&');
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** What it wraps, where that is a text that somebody could read. */
function base64Text(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 8) return undefined;
  try {
    const plain = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^[\t\n\r -~\p{L}\p{M}\p{P}]+$/u.test(plain) ? plain : undefined;
  } catch {
    return undefined;
  }
}
