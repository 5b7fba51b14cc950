// A program of the clinic in the simulated world: what it does with what comes, written by docs/webhooks.md, and how it does.
import { Webhook } from 'standardwebhooks';
import type { Notice } from '../../src/outbound/notify.ts';
import { BUSY_MS, HORIZON_MS, HOUR, SECOND, type WebhookBug } from './webhook-bugs.ts';
import { BEGINNING, type World } from './world.ts';

const WINDOW_MS = 5 * 60 * SECOND;

const SECRETS = Array.from({ length: 4 }, (_, n) => `whsec_${Buffer.alloc(32, n + 1).toString('base64')}`);
export const secretOf = (id: string) => SECRETS[Number(id)] as string;

export interface Program {
  secret: string;
  /** From when the clinic's new secret is in use there. */
  changes_at: number;
  next_secret: string;
  mood(): 'flaky' | 'down' | 'gone';
  /** The ids that it remembers. */
  handled: Set<string>;
  /** What it did, as object and number. */
  done: Set<string>;
}

/** The time that a signature covers; with the bug, none. */
export const signedAt = (headers: Record<string, string>, bug: WebhookBug | undefined) =>
  new Date(bug === 'unsigned_timestamp' ? 0 : Number(headers['webhook-timestamp']) * SECOND);

export function aProgram(world: World, n: number): Program {
  const { chance } = world;
  const secret = secretOf(String(n * 2));
  const fate = chance.next();
  const falls_at = BEGINNING + chance.between(0, BUSY_MS);
  const rises_at = falls_at + chance.one([10 * SECOND, HOUR, 30 * HOUR, 4 * 24 * HOUR, HORIZON_MS]);
  return {
    secret,
    next_secret: secretOf(String(n * 2 + 1)),
    // After the clinic's rotation (at 2 h the latest), and before its day is over.
    changes_at: BEGINNING + chance.between(2 * HOUR, 20 * HOUR),
    mood() {
      if (fate < 0.25 && world.now() >= falls_at && world.now() < rises_at) return 'down';
      if (fate > 0.95 && world.now() >= falls_at) return 'gone';
      return 'flaky';
    },
    handled: new Set(),
    done: new Set(),
  };
}

/** The signature of one of the secrets, over what came, made at most five minutes ago. */
export function isGenuine(world: World, program: Program, { headers, body }: Notice, bug: WebhookBug | undefined): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': signatures = '' } = headers;
  if (Math.abs(world.now() - Number(time) * SECOND) > WINDOW_MS) return false;
  const secret = world.now() < program.changes_at ? program.secret : program.next_secret;
  return signatures.split(' ').includes(new Webhook(secret).sign(id, signedAt(headers, bug), body));
}

/** Answers the status. */
export function receive(
  world: World,
  program: Program,
  notice: Notice,
  violated: (what: string) => void,
  bug: WebhookBug | undefined,
): number {
  if (!isGenuine(world, program, notice, bug)) {
    // Only what was under way for minutes may be too old.
    if (world.now() - Number(notice.headers['webhook-timestamp']) * SECOND < WINDOW_MS - SECOND)
      violated('a receiver refuses what we signed');
    return 401;
  }
  const id = notice.headers['webhook-id'] ?? '';
  if (program.handled.has(id)) return 200;
  const { data } = JSON.parse(notice.body) as { data: { draft_id: string; seq: number } };
  const what = `${data.draft_id} ${data.seq}`;
  if (program.done.has(what)) violated(`a receiver handles ${what} twice`);
  program.done.add(what);
  program.handled.add(id);
  return 204;
}
