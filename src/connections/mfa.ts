// The second factor of one account while it signs in, and what outlives a sign-in: which codes were used. Machine C of connectors.md §1.3; its `now` is the clock of the books.
// What the page calls requested and code_ready are no places to stay in: a code that is known is written down as submitted, and only then leaves.
import { type Machine, type Step, unmoved } from './machine.ts';
import { nextStep } from './totp.ts';

export type Channel = 'totp' | 'mail_code' | 'mail_link' | 'sms' | 'push' | 'person';

/** Which code it is, never the code: a step of the seed, a message of the mailbox, what a person typed. */
export type Code = { readonly step: number } | { readonly message_id: string } | { readonly typed: true };

type Challenge =
  | { readonly at: 'none' }
  /** `look_at`: when something is to be done, or looked at, by itself. `asked_at`: when the vendor was last asked to send a code, by its own clock. */
  | ({ readonly at: 'waiting'; readonly deadline: number; readonly look_at: number } & Asked)
  | ({ readonly at: 'submitted'; readonly by: Code; readonly deadline: number } & Asked)
  | { readonly at: 'accepted' }
  | { readonly at: 'expired' }
  /** Nothing more is tried without a person. */
  | { readonly at: 'human' };

interface Asked {
  readonly channel: Channel;
  readonly asked_at: number;
}

export interface Factor {
  readonly challenge: Challenge;
  /** Codes refused since one was accepted, or a person acted: of one sign-in or of several. */
  readonly rejections: number;
  /** Written before the code of the step leaves: no node and no retry uses it or an older one again. */
  readonly last_used_step: number;
  /** The vendor's clock less ours, of its last Date header. */
  readonly vendor_ahead_ms: number;
  /** When codes were sent to the mailbox or number for us. */
  readonly sent_at: readonly number[];
  readonly used_messages: readonly string[];
}

/** A message as the mailbox has it; its text does not outlive the step. */
export interface Message {
  readonly id: string;
  readonly from: string;
  /** Unix milliseconds of its Date header: the vendor's clock. */
  readonly sent_at: number;
  readonly text: string;
}

export interface FactorRule {
  readonly channel: Channel;
  /** Whose messages count: addresses in lower case, or numbers. */
  readonly senders: readonly string[];
  /** Has one group, which is the code or the link. */
  readonly pattern: RegExp;
}

export type FactorEvent =
  /** The vendor asks for a code by this channel. `date_ms`: the Date header of that page. */
  | { readonly on: 'asked'; readonly channel: Channel; readonly date_ms: number | null }
  | { readonly on: 'tick' }
  | { readonly on: 'mail'; readonly messages: readonly Message[] }
  | { readonly on: 'typed' }
  | { readonly on: 'refused'; readonly date_ms: number | null }
  | { readonly on: 'denied' }
  | { readonly on: 'accepted' }
  /** The sign-in is over, or nobody knows how it stands. */
  | { readonly on: 'left' }
  | { readonly on: 'person_acts' };

export type FactorEffect =
  | { readonly do: 'submit'; readonly by: Code }
  /** Have the vendor send another code. */
  | { readonly do: 'resend' }
  /** See whether a person has approved the sign-in on the phone. */
  | { readonly do: 'check' }
  | { readonly do: 'tell'; readonly what: 'MFA_REQUIRED' };

export const NO_FACTOR: Factor = {
  challenge: { at: 'none' },
  rejections: 0,
  last_used_step: 0,
  vendor_ahead_ms: 0,
  sent_at: [],
  used_messages: [],
};

const MAIL_MS = 120_000;
const PERSON_MS = 10 * 60_000;
const RESEND_MS = 30_000;
const MOST_SENDS = 2;
const SENDS_MS = 15 * 60_000;
const CHECK_MS = 5_000;
/** A message may be so much older than the request for it. */
export const OLDER_MS = 5_000;
const MOST_REJECTIONS = 2;
/** A step that is further off than this comes of a clock that cannot be trusted. */
const LONGEST_WAIT_MS = 120_000;
/** The Date header has whole seconds: half of one is the best guess. */
const HALF_SECOND_MS = 500;
const KEPT_MESSAGES = 20;

/** Codes of other accounts may arrive at the same place: only one challenge may be out for a mailbox or number at a time. */
export const usesMailbox = (channel: Channel) => channel === 'mail_code' || channel === 'mail_link' || channel === 'sms';

/** From when on the vendor may be made to send a code: no sign-in that would make it send one more begins before. */
export function maySendAt({ sent_at }: Factor, { channel }: FactorRule, now: number): number {
  const recent = sent_at.filter((at) => now - at < SENDS_MS);
  const first = recent.at(-MOST_SENDS);
  return usesMailbox(channel) && first !== undefined ? first + SENDS_MS : now;
}

export function factorMachine(rule: FactorRule): Machine<Factor, FactorEvent, FactorEffect> {
  return (factor, event, now) => {
    const { challenge } = factor;
    switch (event.on) {
      case 'asked': {
        if (challenge.at === 'waiting' || challenge.at === 'submitted') return unmoved(factor);
        return begun(inTime(factor, event.date_ms, now), event.channel === rule.channel ? event.channel : 'person', now);
      }
      case 'tick':
        return challenge.at === 'waiting' && now >= challenge.look_at ? looked(factor, challenge, now) : unmoved(factor);
      case 'mail': {
        if (challenge.at !== 'waiting' || !usesMailbox(challenge.channel)) return unmoved(factor);
        const message = codeMessage(event.messages, rule, { not_before: challenge.asked_at - OLDER_MS, used: factor.used_messages });
        if (message === undefined) return unmoved(factor);
        const used_messages = [...factor.used_messages, message.id].slice(-KEPT_MESSAGES);
        return submitted({ ...factor, used_messages }, challenge, { message_id: message.id });
      }
      case 'typed':
        if (challenge.at !== 'waiting' || challenge.channel === 'totp' || challenge.channel === 'push') return unmoved(factor);
        return submitted(factor, challenge, { typed: true });
      case 'refused': {
        if (challenge.at !== 'submitted') return unmoved(factor);
        const again = { ...inTime(factor, event.date_ms, now), rejections: factor.rejections + 1 };
        if (again.rejections >= MOST_REJECTIONS) return ended(again, 'human');
        return challenge.channel === 'totp' ? atNextStep(again, challenge, now) : waiting(again, challenge, now);
      }
      case 'denied':
        return challenge.at === 'waiting' && challenge.channel === 'push' ? ended(factor, 'human') : unmoved(factor);
      case 'accepted':
        return challenge.at === 'waiting' || challenge.at === 'submitted'
          ? ended({ ...factor, rejections: 0 }, 'accepted')
          : unmoved(factor);
      case 'left':
        return challenge.at === 'waiting' || challenge.at === 'submitted' ? ended(factor, 'expired') : unmoved(factor);
      case 'person_acts':
        return factor.rejections === 0 ? unmoved(factor) : { state: { ...factor, rejections: 0 }, effects: [] };
      default:
        return event satisfies never;
    }
  };
}

/** The message whose code is to be used: after the request, from whom we expect it, with exactly one code in it, not used before; of several the newest. */
export function codeMessage(
  messages: readonly Message[],
  rule: FactorRule,
  { not_before, used }: { not_before: number; used: readonly string[] },
): Message | undefined {
  return messages
    .filter(({ id, from, sent_at }) => sent_at > not_before && rule.senders.includes(from.toLowerCase()) && !used.includes(id))
    .filter((message) => codeIn(message, rule) !== undefined)
    .toSorted((a, b) => b.sent_at - a.sent_at)[0];
}

/** The one code or link of a message; undefined where there is none, or where two differ. */
export function codeIn({ text }: Message, { pattern }: FactorRule): string | undefined {
  const found = new Set([...text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))].map(([, code]) => code));
  return found.size === 1 ? [...found][0] : undefined;
}

type Stepped = Step<Factor, FactorEffect>;

const inTime = (factor: Factor, date_ms: number | null, now: number): Factor =>
  date_ms === null || !Number.isFinite(date_ms) ? factor : { ...factor, vendor_ahead_ms: date_ms + HALF_SECOND_MS - now };

function begun(factor: Factor, channel: Channel, now: number): Stepped {
  const asked: Asked = { channel, asked_at: now + factor.vendor_ahead_ms };
  switch (channel) {
    case 'totp':
      return atNextStep(factor, { ...asked, deadline: now + LONGEST_WAIT_MS }, now);
    case 'mail_code':
    case 'mail_link':
    case 'sms': {
      const sent_at = [...factor.sent_at.filter((at) => now - at < SENDS_MS), now];
      return waiting({ ...factor, sent_at }, { ...asked, deadline: now + MAIL_MS }, now);
    }
    case 'push':
    case 'person': {
      const { state } = waiting(factor, { ...asked, deadline: now + PERSON_MS }, now);
      return { state, effects: [{ do: 'tell', what: 'MFA_REQUIRED' }] };
    }
    default:
      return channel satisfies never;
  }
}

type Open = Asked & { readonly deadline: number };

function waiting(factor: Factor, { channel, asked_at, deadline }: Open, now: number): Stepped {
  const soon = { totp: 0, mail_code: RESEND_MS, mail_link: RESEND_MS, sms: RESEND_MS, push: CHECK_MS, person: PERSON_MS }[channel];
  return {
    state: { ...factor, challenge: { at: 'waiting', channel, asked_at, deadline, look_at: Math.min(deadline, now + soon) } },
    effects: [],
  };
}

/** Something was to be looked at: the deadline, the step that has come, a code that has not. */
function looked(factor: Factor, open: Challenge & { at: 'waiting' }, now: number): Stepped {
  if (now >= open.deadline) return ended(factor, open.channel === 'person' || open.channel === 'push' ? 'human' : 'expired');
  if (open.channel === 'totp') return atNextStep(factor, open, now);
  const { state } = waiting(factor, open, now);
  if (open.channel === 'push') return { state, effects: [{ do: 'check' }] };
  const sent_at = factor.sent_at.filter((at) => now - at < SENDS_MS);
  if (sent_at.length >= MOST_SENDS) return waitingOn(factor, { ...open, look_at: open.deadline });
  // The one that was asked for before is not waited for any more: the vendor takes the newest only.
  return {
    ...waiting({ ...factor, sent_at: [...sent_at, now] }, { ...open, asked_at: now + factor.vendor_ahead_ms }, now),
    effects: [{ do: 'resend' }],
  };
}

const waitingOn = (factor: Factor, challenge: Challenge & { at: 'waiting' }): Stepped => ({ state: { ...factor, challenge }, effects: [] });

function atNextStep(factor: Factor, open: Open, now: number): Stepped {
  const vendor_now = now + factor.vendor_ahead_ms;
  const { step, from } = nextStep(factor.last_used_step, vendor_now);
  if (from - vendor_now > LONGEST_WAIT_MS) return ended(factor, 'human');
  if (from <= vendor_now) return submitted({ ...factor, last_used_step: step }, open, { step });
  const { channel, asked_at } = open;
  const look_at = now + from - vendor_now;
  return waitingOn(factor, { at: 'waiting', channel, asked_at, deadline: Math.max(open.deadline, look_at + 1), look_at });
}

function submitted(factor: Factor, { channel, asked_at, deadline }: Open, by: Code): Stepped {
  return {
    state: { ...factor, challenge: { at: 'submitted', channel, asked_at, deadline, by } },
    effects: [{ do: 'submit', by }],
  };
}

function ended(factor: Factor, at: 'accepted' | 'expired' | 'human'): Stepped {
  return { state: { ...factor, challenge: { at } }, effects: [] };
}
