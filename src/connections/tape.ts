// What was said between us and a vendor, kept so that a contract and a recipe can be tried on it: scrubbed by an allow-list, so that nobody's record is on it. Only what `scrubbed`
// answers can be written. Source: connectors.md §1.3, tapes.
import type { Vocabulary } from './field-words.ts';
import { droppedText, RULES, type Rules, scrubberOf, scrubJson } from './scrub.ts';
import { scrubHtml, scrubXml } from './scrub-markup.ts';
import { BOUNDARY, scrubMultipart } from './scrub-multipart.ts';
import { type Scrubber, scrubForm, scrubUrl } from './scrub-text.ts';

export type Headers = readonly (readonly [name: string, value: string])[];

/** As it went over the wire, content codings undone. */
export interface Exchange {
  method: string;
  url: string;
  request_headers: Headers;
  request_body: Uint8Array | null;
  status: number;
  response_headers: Headers;
  response_body: Uint8Array | null;
}

declare const SCRUBBED: unique symbol;

export interface Tape {
  readonly [SCRUBBED]: true;
  readonly format: 1;
  readonly method: string;
  readonly url: string;
  readonly request: { readonly headers: Headers; readonly body: string | null };
  readonly status: number;
  readonly response: { readonly headers: Headers; readonly body: string | null };
}

/** What a tape is scrubbed by: for the simulator, which plants mistakes here. */
export interface TapeRules extends Rules {
  /** What is kept of a header; undefined: nothing, not even its name. */
  header: (name: string, value: string) => string | undefined;
  /** What is kept of what cannot be read. */
  dropped: (type: string, bytes: Uint8Array) => string;
}

const TYPES = [
  ...['application/json', 'application/fhir+json', 'application/problem+json', 'application/x-ndjson', 'application/fhir+ndjson'],
  ...['application/xml', 'application/fhir+xml', 'text/xml', 'text/html', 'text/plain', 'text/csv', 'x-application/hl7-v2+er7'],
  ...['application/x-www-form-urlencoded', 'multipart/form-data', 'application/pdf', 'image/png', 'image/jpeg', 'application/octet-stream'],
];

/** The media type, where it is one of those that we know; what else the header says may be a file's name. */
export function mediaType(value: string | undefined): string {
  const said = value?.split(';')[0]?.trim().toLowerCase() ?? '';
  return TYPES.includes(said) ? said : 'unknown';
}

function keptHeader(name: string, value: string): string | undefined {
  switch (name.toLowerCase()) {
    case 'content-type':
      return mediaType(value) === 'multipart/form-data' ? `multipart/form-data; boundary=${BOUNDARY}` : mediaType(value);
    case 'retry-after':
      return /^\d{1,4}$/.test(value) ? value : undefined;
    default:
      return undefined;
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const TAPE_RULES: TapeRules = {
  ...RULES,
  header: keptHeader,
  dropped: (type, bytes) => droppedText(type, bytes.length),
};

/** What `scrubbed` has answered in this process: a type can be claimed, this cannot. */
const OURS = new WeakSet<object>();

/** `key`: 32 bytes; the same value has the same pseudonym on all tapes of one key. Never throws for what a vendor sent. */
export function scrubbed(
  exchange: Exchange,
  { key, vocabulary, rules = TAPE_RULES }: { key: Uint8Array; vocabulary: Vocabulary; rules?: TapeRules },
): Tape {
  const scrubber = scrubberOf(key, vocabulary, rules);
  const side = (headers: Headers, body: Uint8Array | null) =>
    Object.freeze({
      headers: Object.freeze(
        headers.flatMap(([name, value]) => {
          const kept = rules.header(name, value);
          return kept === undefined ? [] : [Object.freeze([name.toLowerCase(), kept] as const)];
        }),
      ),
      body: body === null || body.length === 0 ? null : scrubBody(body, { type: headerOf(headers, 'content-type'), scrubber, rules }),
    });
  const tape = Object.freeze({
    format: 1,
    method: METHODS.includes(exchange.method) ? exchange.method : 'OTHER',
    url: scrubUrl(exchange.url, scrubber, { path: 'url', depth: 0 }),
    request: side(exchange.request_headers, exchange.request_body),
    status: Number.isInteger(exchange.status) && exchange.status >= 100 && exchange.status <= 599 ? exchange.status : 0,
    response: side(exchange.response_headers, exchange.response_body),
  }) as unknown as Tape;
  OURS.add(tape);
  return tape;
}

/** The text to store. Throws for anything that `scrubbed` did not make in this process. */
export function tapeText(tape: Tape): string {
  if (!OURS.has(tape)) throw new Error('Only a tape that was scrubbed here can be written: hand the exchange to scrubbed() first.');
  return `${JSON.stringify(tape)}\n`;
}

const headerOf = (headers: Headers, wanted: string): string | undefined => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

const START = { path: '$', depth: 0 };

function scrubBody(
  bytes: Uint8Array,
  { type: said, scrubber, rules }: { type: string | undefined; scrubber: Scrubber; rules: TapeRules },
): string {
  const type = mediaType(said);
  const text = readableText(bytes);
  return (text === undefined ? undefined : scrubDocument(text, { type, said, scrubber })) ?? rules.dropped(type, bytes);
}

/** Undefined for what is not of the type that it says it is. */
function scrubDocument(
  text: string,
  { type, said, scrubber }: { type: string; said: string | undefined; scrubber: Scrubber },
): string | undefined {
  switch (type) {
    case 'application/json':
    case 'application/fhir+json':
    case 'application/problem+json':
      return scrubJson(text, scrubber, START);
    case 'application/x-ndjson':
    case 'application/fhir+ndjson': {
      const lines = text.split('\n').map((line) => (line.trim() === '' ? '' : scrubJson(line, scrubber, START)));
      return lines.includes(undefined) ? undefined : lines.join('\n');
    }
    case 'application/xml':
    case 'application/fhir+xml':
    case 'text/xml':
      return scrubXml(text, scrubber, START);
    case 'text/html':
      return scrubHtml(text, scrubber, START);
    case 'application/x-www-form-urlencoded':
      return scrubForm(text, scrubber, START);
    case 'multipart/form-data':
      return scrubMultipart(text, said ?? '', {
        scrubber,
        document: (part, partSaid) => scrubDocument(part, { type: mediaType(partSaid ?? 'text/plain'), said: partSaid, scrubber }),
      });
    case 'text/plain':
    case 'text/csv':
    case 'x-application/hl7-v2+er7':
      return scrubber.text(text, START);
    default:
      return undefined;
  }
}

/** Text in UTF-8 without control characters; anything else is bytes to us, whatever it says it is. */
function readableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
