// One process's part in one vendor account, as long as there is something to do: it does what people asked for, works the writes that are due, and tells how the connection stands.
import type { Clock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { standingOf } from './account-standing.ts';
import type { AccountTurns, Act, Turn } from './account-turns.ts';
import { NOT_TRIED, stepConnection } from './connection.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { VendorRequest } from './write-books.ts';
import { type WritePorts, workWrites } from './write-keeper.ts';

export interface WorkerParts {
  sessions: SessionKeeper;
  turns: AccountTurns;
  secrets: Pick<AccountSecrets, 'open' | 'put' | 'takeEntered'>;
  writes: Omit<WritePorts<VendorRequest>, 'unsent'>;
  clock: Pick<Clock, 'elapsed' | 'within'>;
  /** Looks whether the vendor's pages are as they were, where the door knows what they have to be; answers in how many ms to look again. */
  watch(): Promise<number>;
}

/** Something may have been signed, or pressed, meanwhile. */
const LOOK_AROUND_MS = 1_000;
/** A session is kept for so long after it was used last: each sign-in is one of few. */
const IDLE_MS = 10 * 60_000;
const SIGN_IN_MS = 10_000;

/** Works until there is nothing to do, the account is another process's, a person has paused it, or `mayGoOn` says no. `nothing_known`: no recipe here knows any of the writes that wait; a
 *  newer process may. What breaks (the database, the vendor) is tried again; `failed` is told. */
export async function workAccount(
  parts: WorkerParts,
  { mayGoOn, failed }: { mayGoOn: () => boolean; failed: (error: unknown) => void },
): Promise<'done' | 'nothing_known'> {
  const { sessions, turns, clock } = parts;
  const writes = { ...parts.writes, mayGoOn, unsent: new Set<string>() };
  const sleep = (ms: number) => clock.within(ms, new Promise<never>(() => {}), () => new Error('slept')).catch(() => undefined);
  let worked_at = clock.elapsed();
  while (mayGoOn() && clock.elapsed() - worked_at < IDLE_MS) {
    let wait_ms = LOOK_AROUND_MS;
    try {
      const turn = await turns.turn();
      if (!turn || turn.state?.at === 'suspended') return 'done';
      if (turn.has_acts || turn.has_writes) {
        if (!(await sessions.claim())) return 'done';
        worked_at = clock.elapsed();
      }
      const hold = sessions.hold();
      if (hold && turn.has_acts) await carryOut(parts, hold.fence, failed);
      if (hold && turn.has_writes && !isGivenUp(parts, turn)) {
        // What breaks over a write does not keep people from being told how the connection stands.
        const worked = await workWrites(writes, hold).catch(failed);
        if (worked?.known === 0 && !worked.lost && !turn.has_acts) return 'nothing_known';
        if (worked?.next_at !== undefined) wait_ms = Math.min(wait_ms, Math.max(20, worked.next_at - hold.atLeast()));
      }
      await tell(parts, turn);
      if (hold) wait_ms = Math.min(wait_ms, Math.max(20, await parts.watch()));
    } catch (error) {
      failed(error);
    }
    await sleep(wait_ms);
  }
  return 'done';
}

/** A connection that failed on days enough is not tried by itself any longer, though its session might. */
function isGivenUp({ sessions }: WorkerParts, { state }: Turn): boolean {
  return state?.at === 'action_required' && sessions.account()?.account.session.stage.at !== 'live';
}

interface Came {
  outcome: 'done' | 'not_now';
  after_ms?: number;
}

/** Does what people asked for, one after the other. Each is tried once: whoever sees that it had no effect can ask again. */
async function carryOut(parts: WorkerParts, fence: number, failed: (error: unknown) => void): Promise<void> {
  for (let act = await parts.turns.act(fence); act; act = await parts.turns.act(fence)) {
    const came = await done(parts, act).catch((error: unknown): Came => {
      failed(error);
      return { outcome: 'not_now' };
    });
    await parts.turns.end(act, came).catch(failed);
  }
}

const NOT_NOW: Came = { outcome: 'not_now' };

async function done(parts: WorkerParts, { act, secret_id }: Act): Promise<Came> {
  const { sessions, secrets } = parts;
  const session = () => sessions.account()?.account.session;
  const before = session();
  switch (act) {
    case 'try_once':
      if (await sessions.act({ on: 'person_consents' })) return { outcome: 'done' };
      return needed(parts, () => before?.stage.at === 'live' || session() !== before);
    case 'resume':
      return needed(parts, () => true);
    case 'enter_password': {
      const entered = await secrets.takeEntered(secret_id ?? '');
      // The very one that was just refused is not sent a second time.
      if (before?.stage.at === 'dead' && before.stage.why === 'AUTH_INVALID' && (await isKept(secrets, entered))) return NOT_NOW;
      if (before && ['authenticating', 'mfa_pending', 'refreshing'].includes(before.stage.at)) return NOT_NOW;
      await secrets.put('password', entered);
      return (await sessions.act({ on: 'password_entered' })) ? needed(parts, () => true) : NOT_NOW;
    }
    case 'enter_code': {
      const code = (await secrets.takeEntered(secret_id ?? '')).reveal().toString();
      return (await sessions.act({ on: 'typed', code })) ? { outcome: 'done' } : NOT_NOW;
    }
    default:
      return act satisfies never;
  }
}

/** Has it signed in, as far as that may be now. */
async function needed({ sessions }: WorkerParts, isDone: () => boolean): Promise<Came> {
  const told = await sessions.need({ within_ms: SIGN_IN_MS });
  const outcome = isDone() ? 'done' : 'not_now';
  return told.is === 'later' && told.after_ms > LOOK_AROUND_MS ? { outcome, after_ms: told.after_ms } : { outcome };
}

async function isKept(secrets: WorkerParts['secrets'], entered: Secret): Promise<boolean> {
  return await secrets.open('password').then(
    ({ secret }) => secret.reveal().equals(entered.reveal()),
    () => false,
  );
}

/** Stores what the session says of the connection, where that is news. A session that came to life after a person had to act is that person's doing. */
async function tell({ sessions, turns }: WorkerParts, { state, revision, share_failing }: Turn): Promise<void> {
  const seen = sessions.account();
  const hold = sessions.hold();
  const event = seen && standingOf(seen.account, seen.now, share_failing);
  if (!seen || !hold || !event) return;
  const before = state ?? NOT_TRIED;
  const acted =
    event.on === 'worked' && before.at === 'action_required' ? stepConnection(before, { on: 'person_acted' }, seen.now).state : before;
  const next = stepConnection(acted, event, seen.now);
  if (next.state === before) return;
  await turns.store(hold.fence, {
    revision: revision + 1,
    state: next.state,
    tells: next.effects.some((effect) => effect.do === 'tell_changed'),
  });
}
