/** Cuts a text into what can be shown honestly: plain pieces, characters that nobody would see, and the places that a mark is about. */
export interface Piece {
  text: string;
  /** The name of a character that has no picture of its own. */
  hidden?: string;
  /** Which marks stand here, by their index. */
  marks: number[];
}

const NAMES: Record<number, string> = {
  173: 'soft hyphen',
  1564: 'Arabic letter mark',
  8203: 'zero-width space',
  8204: 'zero-width non-joiner',
  8205: 'zero-width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of direction',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'isolate',
  8297: 'end of isolate',
  65279: 'zero-width no-break space',
};
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/gu;
/** An emoji is written with a joiner or a variation selector: there they are no trick. */
const EMOJI = /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*/gu;

export function pieces(text: string, quotes: readonly (string | undefined)[] = []): Piece[] {
  const emoji = spansOf(text, EMOJI);
  const hidden = spansOf(text, HIDDEN).filter(([from]) => !emoji.some(([start, end]) => from >= start && from < end));
  const marked = quotes.flatMap((quote, index) =>
    quote ? allOf(text, quote).map((from) => [from, from + quote.length, index] as const) : [],
  );
  const cuts = [...new Set([0, text.length, ...hidden.flat(), ...marked.map(([from]) => from), ...marked.map(([, to]) => to)])].sort(
    (a, b) => a - b,
  );
  const starts = new Map(hidden);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1] ?? text.length;
    const code = text.codePointAt(from) ?? 0;
    return {
      text: text.slice(from, to),
      ...(starts.has(from) && { hidden: NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` }),
      marks: marked.flatMap(([start, end, index]) => (start <= from && to <= end ? [index] : [])),
    };
  });
}

/** How many characters of a text nobody would see. */
export const hiddenIn = (text: string) => pieces(text).filter(({ hidden }) => hidden !== undefined).length;

function spansOf(text: string, pattern: RegExp): [number, number][] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => [index, index + found.length]);
}

function allOf(text: string, quote: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + quote.length)) found.push(at);
  return found;
}
