// What a tape is scrubbed with: names that may be said stay, every other text is rewritten, and what cannot be read is dropped but for its type and its length.
import { mayBeSaid, type Vocabulary } from './field-words.ts';
import { type Draw, drawsBy, likeWord } from './pseudonyms.ts';
import { scrubHtml, scrubXml } from './scrub-markup.ts';
import { deeper, KINDS, type Kind, type Place, type Scrubber, scrubRuns } from './scrub-text.ts';

/** Wrappings within wrappings further down are dropped. */
const MOST_DEPTH = 8;

export interface Rules {
  /** Whether the name of a field, an element or a parameter may stay. */
  keepsName: (name: string, vocabulary: Vocabulary) => boolean;
  kinds: readonly Kind[];
}
export const RULES: Rules = { keepsName: mayBeSaid, kinds: KINDS };

export function scrubberOf(key: Uint8Array, vocabulary: Vocabulary, { keepsName, kinds }: Rules = RULES): Scrubber {
  const draw = drawsBy(key);
  const scrubber: Scrubber = {
    vocabulary,
    draw,
    name: (name) => (keepsName(name, vocabulary) ? name : `k_${letters(draw('name', name), 12)}`),
    text(text, place) {
      const trimmed = text.trim();
      if (trimmed === '') return text.replaceAll(/\S/g, '');
      if (vocabulary.values.get(place.path)?.has(text) || vocabulary.phrases.has(trimmed.replaceAll(/\s+/g, ' '))) return text;
      if (place.depth > MOST_DEPTH) return droppedText('text', text.length);
      if (/^[{[]/.test(trimmed)) {
        const json = scrubJson(trimmed, scrubber, deeper(place));
        if (json !== undefined) return json;
      }
      if (/^</.test(trimmed)) {
        const markup = scrubMarkup(trimmed, scrubber, deeper(place));
        if (markup !== undefined) return markup;
      }
      return scrubRuns(text, { scrubber, place, kinds });
    },
  };
  return scrubber;
}

const letters = (stream: ReturnType<Draw>, count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(97 + stream.below(26))).join('');

/** What is left of what nobody could read. */
export function droppedText(type: string, length: number): string {
  return `[dropped ${type}, ${length} long]`;
}

/** XML where it is well-formed XML, else HTML where it says that it is, else nothing. */
function scrubMarkup(text: string, scrubber: Scrubber, place: Place): string | undefined {
  if (/^<(?:!doctype\s+html|html|!--)/i.test(text)) return safely(() => scrubHtml(text, scrubber, place));
  return safely(() => scrubXml(text, scrubber, place));
}

/** Undefined for what is no JSON. */
export function scrubJson(text: string, scrubber: Scrubber, place: Place): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  return safely(() =>
    JSON.stringify(scrubValue(parsed, { scrubber, path: place.depth === 0 ? '$' : place.path, spot: '', depth: place.depth })),
  );
}

interface At {
  scrubber: Scrubber;
  /** As contracts say it. */
  path: string;
  /** With the indexes of lists: where exactly a short value stands. */
  spot: string;
  depth: number;
}

function scrubValue(value: unknown, at: At): unknown {
  const { scrubber, path, spot, depth } = at;
  if (typeof value === 'string') return scrubber.text(value, { path, depth });
  if (Array.isArray(value)) return value.map((each, index) => scrubValue(each, { ...at, path: `${path}[]`, spot: `${spot}/${index}` }));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const said = scrubber.name(name);
        return [said, scrubValue(each, { ...at, path: `${path}.${said}`, spot: `${spot}/${said}` })];
      }),
    );
  // In a list, yes and no and nought could spell something; as a field that the contract names they say what a replay needs.
  const isNamed = scrubber.vocabulary.names.has(/[^.]*$/.exec(path)?.[0] ?? '');
  if (typeof value === 'boolean') return isNamed ? value : scrubber.draw('boolean', String(value), spot).below(2) === 0;
  if (typeof value === 'number') return value === 0 && isNamed ? 0 : likeFigure(value, { draw: scrubber.draw, place: spot });
  return null;
}

/** With as many digits before and after the point; its sign and its power stay. */
function likeFigure(value: number, { draw, place }: { draw: Draw; place: string }): number {
  const [, sign = '', whole = '', fraction = '', power = ''] = /^(-?)(\d+)\.?(\d*)(.*)$/.exec(String(value)) ?? [];
  const other = likeWord(whole + fraction, { draw, place });
  return Number(`${sign}${other.slice(0, whole.length)}.${other.slice(whole.length)}${power}`);
}

/** A document so deep that nobody can walk through it is dropped like one that cannot be read. */
function safely(scrub: () => string | undefined): string | undefined {
  try {
    return scrub();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
