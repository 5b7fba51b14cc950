// Where the codes of a second factor come from: the mailbox, of which one account at a time has the lease; the seed; a person. None is stored.
import type { AccountActor, ActorParts } from './account-actor.ts';
import { holdLease } from './lease-holder.ts';
import { type Code, codeIn, OLDER_MS, usesMailbox } from './mfa.ts';
import { LATE_MS } from './session.ts';
import type { Mailbox } from './session-ports.ts';

export interface CodeParts extends ActorParts {
  mailbox?: Mailbox;
  /** The code of a step, from whoever may hold the seed; null: there is none. */
  totp: (step: number) => Promise<string | null>;
}

export interface CodeFinder {
  codeOf(by: Code): Promise<string | null | undefined>;
  /** Whether a sign-in may begin: the mailbox is ours, or none is needed. */
  isReady(): Promise<boolean>;
  /** After each change of the account. */
  follow(): void;
  typed(code: string): void;
  renew(): Promise<void>;
}

/** Twice as long as a login that was given up may still have the vendor send a code: also where this process ends, nobody else looks there before. */
const MAILBOX_MS = 2 * LATE_MS;
const LOOK_MS = 2_000;
const PAUSE_MS = 1_000;

export function openCodeFinder(parts: CodeParts, actor: () => AccountActor): CodeFinder {
  const { key, rule, books, mailbox, clock, chance } = parts;
  const lease =
    mailbox !== undefined && usesMailbox(rule.factor.channel)
      ? holdLease({ books, clock, key: mailbox.key, owner: key, lease_ms: MAILBOX_MS })
      : null;
  const codes = new Map<string, string>();
  let isLooking = false;
  /** Counts the sign-ins for which the mailbox was taken. */
  let uses = 0;

  const sleep = (ms: number) =>
    clock.within(Math.max(1, ms), new Promise<never>(() => {}), () => new Error('slept')).catch(() => undefined);
  const challenge = () => actor().held()?.account.factor.challenge;
  const isSigningIn = () => {
    const at = actor().held()?.account.session.stage.at;
    return at === 'authenticating' || at === 'mfa_pending';
  };

  /** A code that was sent for us may still arrive, or still be sent: whoever has the mailbox next would take it for theirs. */
  async function leave(): Promise<void> {
    if (lease === null || lease.fence() === null) return;
    const use = uses;
    const { doubt_until = 0 } = actor().held()?.account.session ?? {};
    await sleep(Math.max(0, doubt_until - actor().now()) + OLDER_MS + PAUSE_MS);
    if (use === uses && !isSigningIn()) await lease.release();
  }

  /** Looks at the mailbox every two seconds, and after the challenge when it asked for that. */
  async function look(): Promise<void> {
    isLooking = true;
    for (let open = challenge(); open?.at === 'waiting'; open = challenge()) {
      const isMailed = mailbox !== undefined && usesMailbox(open.channel);
      await sleep(Math.min(open.look_at - actor().now(), isMailed ? LOOK_MS : Number.POSITIVE_INFINITY));
      if (isMailed) {
        const messages = await mailbox.read(open.asked_at - OLDER_MS).catch(() => []);
        for (const message of messages) {
          const code = codeIn(message, rule.factor);
          if (code !== undefined) codes.set(message.id, code);
        }
        await actor().feed({ on: 'factor', event: { on: 'mail', messages }, lot: chance() });
      }
      await actor().feed({ on: 'factor', event: { on: 'tick' }, lot: chance() });
    }
    isLooking = false;
  }

  return {
    async codeOf(by) {
      if ('step' in by) return parts.totp(by.step);
      if ('typed' in by) return codes.get('typed');
      return lease?.fence() == null ? undefined : codes.get(by.message_id);
    },
    async isReady() {
      if (lease === null) return true;
      uses += 1;
      await lease.take();
      await lease.renew();
      return lease.fence() !== null;
    },
    follow() {
      if (challenge()?.at === 'waiting' && !isLooking) void look();
      if (isSigningIn()) return;
      codes.clear();
      void leave();
    },
    typed: (code) => void codes.set('typed', code),
    async renew() {
      if (isSigningIn()) await lease?.renew();
    },
  };
}
