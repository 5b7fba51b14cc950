// What a text message must be before anybody is asked to sign it (connectors.md §2.16): as it will be sent, short, and silent about the patient's health.
import { plainText, type Segments, segmentsOf } from './gsm7.ts';
import { linksIn } from './message-links.ts';
import { type PrivateKind, type PrivateWords, privatePlaces } from './message-words.ts';

export const MOST_SEGMENTS = 2;

export type Refused = PrivateKind | 'link' | 'length' | 'empty' | 'placeholder';

/** Why a text is refused, and where in the text that would be sent (UTF-16 offsets; the whole of it where the reason is everywhere). */
export interface MessageMark {
  kind: Refused;
  start: number;
  end: number;
  level: 'error';
  text: string;
}

export interface TextMessage extends Segments {
  /** What is sent: typographic letters made plain. */
  text: string;
  /** Empty where the text may be signed. */
  marks: MessageMark[];
}

const REASONS: Readonly<Record<PrivateKind, string>> = {
  result: 'A result or what was measured stands in a text message; link to the portal instead.',
  drug: 'A drug or a dose stands in a text message; link to the portal instead.',
  diagnosis: 'A diagnosis or its code stands in a text message; link to the portal instead.',
};
const WRONG_LINKS = {
  shortener: 'A shortened link hides where it leads; write the address of the portal itself.',
  host: 'The link leads to a host that this clinic does not send; link to the portal instead.',
  unreadable: 'The link cannot be read; link to the portal instead.',
} as const;

/** The text message that `body` becomes, its parts, and every reason to refuse it. Placeholders must be resolved before: {name} and [name] are refused.
 *  `allowed_hosts` are the clinic's own (lower case). No reason repeats what the message says.
 *  Source: connectors.md §2.16; 45 CFR 164.502(b) (minimum necessary); 3GPP TS 23.038 for the parts. */
export function textMessage(body: string, { own, allowed_hosts }: { own: PrivateWords; allowed_hosts: readonly string[] }): TextMessage {
  const text = plainText(body).trim();
  const segments = segmentsOf(text);
  const links = linksIn(text, allowed_hosts);
  // The clinic's own host may say what it is for; what follows the host may not say what the patient has.
  const hosts = links.flatMap(({ start, host_end, wrong }) => (wrong === undefined ? [{ start, end: host_end }] : []));
  const said = privatePlaces(text, own).filter(({ start, end }) => !hosts.some((host) => host.start <= start && end <= host.end));
  const marks = [
    ...said.map(({ kind, start, end }) => error(kind, start, end, REASONS[kind])),
    ...links.flatMap(({ start, end, wrong }) => (wrong === undefined ? [] : [error('link', start, end, WRONG_LINKS[wrong])])),
    ...[...text.matchAll(/\{\{?[^{}\n]{1,40}\}\}?|\[[A-Za-z_ ]{2,40}\]|<[A-Za-z_ ]{2,40}>/g)].map((blank) =>
      error('placeholder', blank.index, blank.index + blank[0].length, 'A blank is not filled in.'),
    ),
  ].sort((a, b) => a.start - b.start);
  return { text, ...segments, marks: [...marks, ...lengthOf(text, segments)] };
}

function lengthOf(text: string, { segments, encoding }: Segments): MessageMark[] {
  if (segments === 0) return [error('empty', 0, text.length, 'The message is empty.')];
  if (segments <= MOST_SEGMENTS) return [];
  const room = encoding === 'GSM-7' ? 306 : 134;
  const why = encoding === 'GSM-7' ? '' : '; a letter outside the alphabet of text messages (an emoji, an accent) halves the room';
  return [
    error('length', 0, text.length, `The message takes ${segments} parts; at most ${MOST_SEGMENTS} are sent, ${room} characters${why}.`),
  ];
}

const error = (kind: Refused, start: number, end: number, text: string): MessageMark => ({ kind, start, end, level: 'error', text });
