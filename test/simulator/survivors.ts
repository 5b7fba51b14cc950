// Looks for what was planted in a text, in every spelling that somebody could read it in: another case, without accents, escaped, percent-encoded, in base64 at any alignment, in
// hex, in UTF-16, its digits with anything between them. It knows nothing of how tapes are scrubbed.

export interface Planted {
  what: string;
  value: string;
}

export interface Survivor {
  what: string;
  how: string;
}

const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** What of the planted is to be found, and how. */
export function survivorsIn(text: string, planted: readonly Planted[]): Survivor[] {
  const views = viewsOf(text);
  const run_together = together([...views.values()].join('\n'));
  const digits = digitRunsIn([...views.values()].join('\n'));
  return planted.flatMap(({ what, value }) => {
    const found: Survivor[] = [];
    const needle = folded(value);
    for (const [how, view] of views) if (view.includes(needle)) found.push({ what, how });
    for (const [how, spelled] of spellingsOf(value))
      if (views.get('raw')?.includes(spelled) || text.includes(spelled)) found.push({ what, how });
    if (/\p{L}/u.test(value) && run_together.includes(together(needle))) found.push({ what, how: 'signs taken out' });
    const number = value.replaceAll(/\D/g, '');
    if (number.length >= 8 && /^[\d\s()+./-]+$/.test(value) && digits.some((run) => run.includes(number)))
      found.push({ what, how: 'digits' });
    return found;
  });
}

const together = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The text as it is, and unwrapped once and twice in each way, folded. */
function viewsOf(text: string): Map<string, string> {
  const views = new Map<string, string>([['raw', folded(text)]]);
  let layer: [string, string][] = [['', text]];
  for (let depth = 0; depth < 3; depth += 1) {
    layer = layer.flatMap(([how, from]) =>
      Object.entries(UNWRAPPINGS).flatMap(([name, unwrap]): [string, string][] => {
        const unwrapped = unwrap(from);
        return unwrapped === from || unwrapped === '' ? [] : [[`${how} ${name}`.trim(), unwrapped]];
      }),
    );
    const seen = new Set([...views.values()]);
    layer = layer.filter(([, unwrapped]) => !seen.has(folded(unwrapped)));
    for (const [how, unwrapped] of layer) views.set(how, folded(unwrapped));
    layer = layer.slice(0, 6);
  }
  return views;
}

const UNWRAPPINGS: Record<string, (text: string) => string> = {
  unescaped: (text) =>
    text
      .replaceAll(/\\+u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replaceAll(/\\+([\\"/nrt])/g, '$1'),
  'percent-decoded': (text) =>
    text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')).replaceAll('+', ' '),
  'entities decoded': (text) =>
    text
      .replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => character(Number.parseInt(hex, 16)))
      .replaceAll(/&#(\d{1,7});/g, (_, decimal: string) => character(Number(decimal)))
      .replaceAll('&amp;', '&'),
  'quoted-printable': (text) => text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  base64: (text) =>
    runsOf(text, /[A-Za-z0-9+/_-]{10,}/g, (run) => [0, 1, 2, 3].flatMap((skip) => readings(Buffer.from(run.slice(skip), 'base64')))),
  hex: (text) => runsOf(text, /[0-9a-fA-F]{10,}/g, (run) => [0, 1].flatMap((skip) => readings(Buffer.from(run.slice(skip), 'hex')))),
  'UTF-16': (text) => (text.includes('\\u0000') || text.includes('\0') ? text.replaceAll(/\\u0000|\0/g, '') : ''),
};

const character = (point: number): string => (point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '');
const readings = (bytes: Buffer): string[] => [bytes.toString('utf8'), bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le')];
const runsOf = (text: string, run: RegExp, read: (run: string) => string[]): string =>
  [...text.matchAll(run)].flatMap(([found]) => read(found)).join('\n');

/** How a value looks within something encoded, whatever stands before it. */
function spellingsOf(value: string): [string, string][] {
  const found: [string, string][] = [];
  for (const [name, bytes] of [
    ['', Buffer.from(value)],
    [' of UTF-16', Buffer.from(value, 'utf16le')],
  ] as const) {
    found.push([`hex${name}`, bytes.toString('hex')]);
    // The letters that depend on what stands before and after it are left away.
    for (const before of [0, 1, 2]) {
      const whole = Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      const inner = whole.slice(before === 0 ? 0 : before + 1, whole.length - 1);
      if (inner.length >= 9) found.push([`base64${name}`, inner]);
    }
  }
  return found;
}

/** Digits that stand together or with the signs between them that people write, the signs taken out. */
function digitRunsIn(text: string): string[] {
  return [...text.matchAll(/\d(?:[ ().,/+-]{0,3}\d){7,}/g)].map(([run]) => run.replaceAll(/\D/g, ''));
}
