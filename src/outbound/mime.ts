// As much of an e-mail as a code or a link needs: who it is from, what it says, where it leads. Never throws, and takes a time that grows as the mail does, whatever the bytes are: no
// pattern here goes over the same text again from each place in it. Source: RFC 5322, 2045-2047.

export interface Mail {
  /** The one address in From, in small letters; null where there is none, or more than one. */
  from: string | null;
  /** The Authentication-Results nearest to us (RFC 8601), or ''. */
  authenticated: string;
  subject: string;
  /** The plain text, or else the words of the HTML. */
  text: string;
  /** Each http(s) URL in text and HTML, once. */
  links: readonly string[];
}

interface Part {
  headers: readonly (readonly [name: string, value: string])[];
  /** One character a byte. */
  body: string;
}

const MOST_DEPTH = 8;
/** A header that is longer is none. */
const MOST_HEADER = 2_000;

export function mailIn(bytes: Buffer): Mail {
  const mail = partIn(bytes.toString('latin1'));
  const froms = mail.headers.filter(([name]) => name === 'from');
  const texts = textsIn(mail, MOST_DEPTH);
  const plain = texts.filter(({ type }) => type === 'text/plain').map(({ text }) => text);
  const html = texts.filter(({ type }) => type === 'text/html').map(({ text }) => text);
  return {
    from: froms.length === 1 ? addressIn(froms[0]?.[1] ?? '') : null,
    authenticated: header(mail, 'authentication-results'),
    subject: words(header(mail, 'subject')),
    text: plain.length > 0 ? plain.join('\n') : html.map(wordsOf).join('\n'),
    links: [...new Set([...html.flatMap(hrefsIn), ...plain.flatMap((text) => text.match(/https?:\/\/[^\s<>"]+/g) ?? [])])],
  };
}

function partIn(source: string): Part {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end ? source.slice(0, end.index) : source;
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.flatMap((line) => {
    const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    return name === undefined || line.length > MOST_HEADER ? [] : [[name.toLowerCase(), (value ?? '').trim()] as const];
  });
  return { headers, body: end ? source.slice(end.index + end[0].length) : '' };
}

const header = ({ headers }: Part, wanted: string) => headers.find(([name]) => name === wanted)?.[1] ?? '';
const parameter = (value: string, name: string) =>
  new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value)?.slice(1).find(Boolean);

/** `Name <address>`, or an address alone. What a name claims (a quoted address, a comment) is no address. */
function addressIn(from: string): string | null {
  const bare = from.replaceAll(/"(?:[^"\\]|\\.)*"|\([^()]*\)/g, ' ');
  const angled = [...bare.matchAll(/<([^<>]*)>/g)];
  const [address] = angled.length > 0 ? angled.map(([, inside]) => inside ?? '') : [bare];
  const trimmed = (address ?? '').trim().toLowerCase();
  if (angled.length > 1 || (angled.length === 1 && /[,@]/.test(bare.replace(/<[^<>]*>/, '')))) return null;
  return /^[^\s<>@,;:"()[\]\\]+@[a-z0-9.-]+$/.test(trimmed) ? trimmed : null;
}

function textsIn(part: Part, depth: number): { type: string; text: string }[] {
  const content = header(part, 'content-type') || 'text/plain';
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(content)?.[0].toLowerCase() ?? 'text/plain';
  const boundary = parameter(content, 'boundary');
  if (type.startsWith('multipart/') && boundary !== undefined && depth > 0) {
    // What stands before the first line and after the last is nobody’s.
    const pieces = `\n${part.body}`.split(`\n--${boundary}`).slice(1);
    const end = pieces.findIndex((piece) => piece.startsWith('--'));
    return pieces.slice(0, end < 0 ? undefined : end).flatMap((piece) => textsIn(partIn(piece.replace(/^[ \t]*\r?\n/, '')), depth - 1));
  }
  if (!type.startsWith('text/') || /^attachment/i.test(header(part, 'content-disposition'))) return [];
  const bytes = decoded(part.body, header(part, 'content-transfer-encoding').toLowerCase());
  return [{ type, text: inCharset(bytes, parameter(content, 'charset')) }];
}

function decoded(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  return unquoted(body.replaceAll(/=[ \t]*\r?\n/g, ''));
}

const unquoted = (text: string) =>
  Buffer.from(
    text.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function inCharset(bytes: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Encoded words (RFC 2047): `=?utf-8?q?…?=`. */
function words(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?([\w-]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, way: string, text: string) => {
      const bytes = /b/i.test(way) ? Buffer.from(text, 'base64') : unquoted(text.replaceAll('_', ' '));
      return inCharset(bytes, charset);
    });
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const plainOf = (html: string) =>
  html.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,10}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    if (Number.isNaN(code)) return ENTITIES[(name ?? '').toLowerCase()] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** What a person reads in HTML. */
function wordsOf(html: string): string {
  const shown = without(without(html, /<!--/g, /-->/g), /<(?:script|style|head)\b/gi, /<\/(?:script|style|head)\s*>/gi);
  const spaced = shown.replaceAll(/<\/?(?:p|div|br|tr|li|h\d)\b[^<>]*>/gi, '\n').replaceAll(/<[^<>]*>/g, ' ');
  return plainOf(spaced)
    .replaceAll(/[ \t\u00a0]+/g, ' ')
    .trim();
}

/** The text less all from an opening to its end, or to the end of it all. */
function without(text: string, opening: RegExp, end: RegExp): string {
  let kept = '';
  for (let at = 0; ; at = end.lastIndex) {
    opening.lastIndex = at;
    const found = opening.exec(text);
    kept += `${text.slice(at, found?.index)} `;
    end.lastIndex = opening.lastIndex;
    if (!found || !end.exec(text)) return kept;
  }
}

const hrefsIn = (html: string) =>
  [...html.matchAll(/<a\b[^<>]*?\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)]
    .map(([, double, single]) => plainOf(double ?? single ?? '').trim())
    .filter((url) => /^https?:\/\//i.test(url));
