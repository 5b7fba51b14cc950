// What stands against sending one text to one patient: what it says, whom it reaches, what was said of texts to that number (connectors.md §2.16).
import { Fault } from '../base/fault.ts';
import type { ConsentDecision } from './consents.ts';
import { ageInYears, latestDay } from './days.ts';
import type { Mark } from './drafts.ts';
import { plainText, segmentsOf } from './gsm7.ts';
import type { PrivateWords } from './message-words.ts';
import { textMessage } from './outgoing-messages.ts';

/** What the clinic knows, at this moment, of a patient who is to get a text. */
export interface Textable {
  /** The number of the chart, E.164; absent: the chart has none that a text can go to. */
  number?: string;
  consent?: ConsentDecision;
  birth_date: string | null;
  /** How many other charts have the number. */
  others: number;
  /** The clinic's name. */
  sender: string;
  /** Hosts of the clinic's own. */
  hosts: readonly string[];
  own: PrivateWords;
}

/** The text of a draft and what it becomes on its way: `body` as it is sent. */
export interface TextDraft {
  to: string;
  sender: string;
  body: string;
}

const OF_AGE = 18;

/** Everything that the signer must see of a text: errors stop it. Marks of the body quote it; the others do not repeat what the chart holds. */
export function marksOfText({ to, sender, body }: TextDraft, facts: Textable, today: string): Mark[] {
  const { text, marks } = textMessage(body, { own: facts.own, allowed_hosts: facts.hosts });
  const said = marks.map(({ start, end, level, text: why, kind }): Mark => {
    const isEverywhere = kind === 'length' || kind === 'empty';
    return { path: 'body', level, text: why, ...(!isEverywhere && { quote: text.slice(start, end) }) };
  });
  return [...marksOfPatient(facts, today), ...marksOfAddress({ to, sender }, facts), ...said, ...unsigned(text, facts)];
}

/** Throws Fault invalid_input for what the text says, conflict for whom it would reach. */
export function refuseErrors(marks: readonly Mark[]): void {
  const errors = marks.filter(({ level }) => level === 'error');
  const of_body = [...new Set(errors.filter(({ path }) => path === 'body').map(({ text }) => text))];
  const others = errors.filter(({ path }) => path !== 'body').map(({ text }) => text);
  if (others.length > 0) throw new Fault('conflict', others.join(' '));
  if (of_body.length > 0) throw new Fault('invalid_input', `body: ${of_body.join(' ')}`);
}

/** Reads `body` as the phone will show it, and counts it. Stable: what it answers it does not change. */
export function asSent(body: string): { body: string; encoding: 'GSM-7' | 'UCS-2'; segments: number } {
  const text = plainText(body).trim();
  const { encoding, segments } = segmentsOf(text);
  return { body: text, encoding, segments };
}

const error = (path: string, text: string): Mark => ({ path, level: 'error', text });
const warning = (path: string, text: string): Mark => ({ path, level: 'warn', text });

function marksOfPatient({ number, consent, birth_date, others }: Textable, today: string): Mark[] {
  // Of a partial birth date the last day it can mean: who may be a child is one.
  const age = birth_date === null ? undefined : ageInYears(latestDay(birth_date), today);
  return [
    ...(number === undefined ? [error('to', 'The chart has no US number that a text can go to. Use the channel portal.')] : []),
    ...(age !== undefined && age < OF_AGE
      ? [error('to', 'The patient is a minor: who reads the texts of this number cannot be known. Use the channel portal.')]
      : []),
    ...(number !== undefined && consent === undefined
      ? [
          error(
            'to',
            'Nobody has recorded that texts may go to this number. Use the channel portal, or have the consent asked for and recorded.',
          ),
        ]
      : []),
    ...(number !== undefined && consent === 'revoked'
      ? [error('to', 'Texts to this number were ended. Use the channel portal; do not ask again.')]
      : []),
    ...(birth_date === null ? [warning('to', 'The chart has no birth date: this may be a child’s.')] : []),
    ...(others > 0
      ? [
          warning(
            'to',
            `${others === 1 ? 'Another chart has' : `${others} other charts have`} this number: somebody else may read the text.`,
          ),
        ]
      : []),
  ];
}

function marksOfAddress({ to, sender }: Pick<TextDraft, 'to' | 'sender'>, facts: Textable): Mark[] {
  return [
    ...(facts.number !== undefined && to !== facts.number ? [error('to', 'The chart has another number now. Have it drafted anew.')] : []),
    ...(sender !== facts.sender ? [error('sender', 'The clinic has another name. Have it drafted anew.')] : []),
  ];
}

/** A patient who does not know the number takes it for a fraud (FCC 15-72: name and contact of the provider). */
function unsigned(text: string, { sender }: Textable): Mark[] {
  return text.toLowerCase().includes(sender.toLowerCase()) ? [] : [warning('body', 'The text does not say which clinic writes.')];
}
