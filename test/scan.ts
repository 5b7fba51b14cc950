/** Reads TypeScript without a parser: what is code, what is string, what is imported. Enough for the walls of house.ts, and each of its traps has a test. */
export interface Scanned {
  /** The source with comments, regexes and the insides of strings blanked; same length, same lines. */
  readonly code: string;
  /** Every string and template, `at` its opening quote; an interpolation reads `${}`. */
  readonly strings: readonly { readonly text: string; readonly at: number }[];
  /** Static, type, side-effect and dynamic imports, re-exports, require. `to` is null when only running it would tell. */
  readonly imports: readonly { readonly to: string | null; readonly at: number }[];
}

const cache = new Map<string, Scanned>();

export function scan(source: string): Scanned {
  const known = cache.get(source);
  if (known) return known;
  const { code, strings } = split(source);
  const scanned = { code, strings, imports: importsOf(code, strings) };
  cache.set(source, scanned);
  return scanned;
}

export function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

/** Whether `name(…)` at `at` names a method (`async fetch(query) {`, `fetch(query): Promise`) rather than calls it. */
export function isDefinition(code: string, at: number): boolean {
  if (!/(?:^|[{};,]|\basync)$/.test(code.slice(0, at).trimEnd())) return false;
  let depth = 0;
  let end = code.indexOf('(', at);
  for (; end < code.length; end++) {
    if (code[end] === '(') depth++;
    if (code[end] === ')' && --depth === 0) break;
  }
  return /^\s*[{:]/.test(code.slice(end + 1));
}

function split(source: string): Pick<Scanned, 'code' | 'strings'> {
  const code = source.split('');
  const strings: { text: string; at: number }[] = [];
  const templates: { at: number; text: string; depth: number }[] = [];
  let depth = 0;
  let i = 0;

  const blank = (from: number, to: number) => {
    for (let k = from; k < to; k++) if (code[k] !== '\n') code[k] = ' ';
  };
  const skipTo = (end: number) => {
    const stop = end < 0 ? source.length : end;
    blank(i, stop);
    i = stop;
  };
  const template = (from: number) => {
    let end = from;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) end += source[end] === '\\' ? 2 : 1;
    blank(from, Math.min(end, source.length));
    const open = templates.at(-1);
    if (!open) throw new Error('a template part outside of a template');
    open.text += source.slice(from, end);
    if (source[end] === '$') {
      open.text += '${}';
      open.depth = depth;
      i = end + 2;
    } else {
      templates.pop();
      strings.push({ text: open.text, at: open.at });
      i = end + 1;
    }
  };

  while (i < source.length) {
    const c = source[i] as string;
    if (source.startsWith('//', i) || (i === 0 && source.startsWith('#!'))) skipTo(source.indexOf('\n', i));
    else if (source.startsWith('/*', i)) skipTo(after(source.indexOf('*/', i + 2), 2));
    else if (c === "'" || c === '"') {
      let end = i + 1;
      // An unclosed quote (text in JSX: "don't") ends with its line.
      while (end < source.length && source[end] !== c && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1;
      strings.push({ text: source.slice(i + 1, end), at: i });
      blank(i + 1, end);
      i = end + 1;
    } else if (c === '`') {
      templates.push({ at: i, text: '', depth });
      template(i + 1);
    } else if (c === '}' && templates.at(-1)?.depth === depth) template(i + 1);
    else if (c === '/' && regexMayStart(code, i) && regexEnd(source, i) > 0) skipTo(regexEnd(source, i));
    else {
      if (c === '{') depth++;
      if (c === '}') depth--;
      i++;
    }
  }
  return { code: code.join(''), strings };
}

/** `at` moved on, unless it was -1. */
function after(at: number, length: number): number {
  return at < 0 ? at : at + length;
}

function regexMayStart(code: readonly string[], at: number): boolean {
  let k = at - 1;
  while (k >= 0 && /\s/.test(code[k] as string)) k--;
  if (k < 0 || '(,=:[!&|?{;+-*%~^>'.includes(code[k] as string)) return true;
  const word = /\b\w+$/.exec(code.slice(Math.max(0, k - 12), k + 1).join(''))?.[0] ?? '';
  return ['return', 'typeof', 'case', 'in', 'of', 'do', 'else', 'void', 'delete', 'throw', 'await', 'yield'].includes(word);
}

/** Where the regex that opens at `at` ends, or -1: then it was a division. */
function regexEnd(source: string, at: number): number {
  let inClass = false;
  for (let k = at + 1; k < source.length && source[k] !== '\n'; k++) {
    if (source[k] === '\\') k++;
    else if (source[k] === '[') inClass = true;
    else if (source[k] === ']') inClass = false;
    else if (source[k] === '/' && !inClass) return k + 1;
  }
  return -1;
}

function importsOf(code: string, strings: Scanned['strings']): Scanned['imports'] {
  const textAt = new Map(strings.map(({ text, at }) => [at, text]));
  const statements = [...code.matchAll(/(?<![\w$.])(?:from|import)\s*(?=['"])/g)].map(({ 0: found, index }) => ({
    to: textAt.get(index + found.length) ?? null,
    at: index,
  }));
  const calls = [...code.matchAll(/(?<![\w$.])(?:import|import\.meta\.resolve|require|require\.resolve)\s*\(\s*/g)]
    .filter(({ index }) => !isDefinition(code, index))
    .map(({ 0: found, index }) => {
      const quote = index + found.length;
      const text = textAt.get(quote);
      const isWhole = text !== undefined && !text.includes('${}') && /^\s*[,)]/.test(code.slice(quote + text.length + 2));
      return { to: isWhole ? text : null, at: index };
    });
  return [...statements, ...calls];
}
