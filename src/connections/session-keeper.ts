// Keeps the session of one vendor account, on each node: has the account or asks the node that has it, and makes of all who wait for a session one need.
import { type Account, type AccountEvent, maySignInAt } from './account.ts';
import { type Held, openAccountActor } from './account-actor.ts';
import { type CodeParts, openCodeFinder } from './code-finder.ts';
import { LEASE_MS } from './lease.ts';
import type { Peers, PersonEvent, Question, Told } from './session-ports.ts';
import { openWaiters, type Waiter } from './waiters.ts';
import type { Hold } from './write-keeper.ts';

export interface KeeperParts extends CodeParts {
  peers: Peers;
}

export interface SessionKeeper {
  /** A session that may be used. `stale_epoch`: the one that the vendor has just refused. Answers within `within_ms`, and then says when to come back. */
  need(wish: { stale_epoch?: number; within_ms: number }): Promise<Told>;
  /** What another node asks. */
  hear(question: Question): Promise<Told | boolean | 'not_mine'>;
  /** What a request on that session needs on the node that has it: null where it is another's, or another session, by now. */
  use(told: { epoch: number; fence: number }, limit_ms: number): { jar: string; time_ms: number; mayLeave: () => boolean } | null;
  /** Takes the account's lease where no other process has it, and signs in to nothing. False: it is another's, or the books did not answer. */
  claim(): Promise<boolean>;
  /** How it stands; null while it is another's. */
  account(): { account: Account; now: number } | null;
  /** The account's lease as whoever writes under it needs it; null while it is another's. */
  hold(): Hold | null;
  /** What the vendor's answers to requests on a session say of it. Nothing where this node has not got it. */
  note(event: Extract<AccountEvent, { on: 'used' | 'evicted' | 'locked' | 'bot_wall' | 'stopped' }>): Promise<boolean>;
  /** What a person did: pressed “Try once”, entered a password, typed the code that the vendor sent. False: it had no meaning now; null: nobody could be asked, try again. */
  act(event: PersonEvent): Promise<boolean | null>;
  /** Hands the account back. */
  close(): Promise<void>;
}

/** Another node hears by then, and asks again. */
const HEAR_MS = 8_000;
const PAUSE_MS = 1_000;
/** An account that nobody wants is handed back after so long. */
const KEEP_MS = 10 * 60_000;

export function openSessionKeeper(parts: KeeperParts): SessionKeeper {
  const { me, key, rule, peers, clock, chance, lease_ms = LEASE_MS } = parts;
  const renew_ms = lease_ms / 3;
  const waiters = openWaiters(clock);
  let isDriving = false;
  let wanted_at = clock.elapsed();
  let news = Promise.withResolvers<void>();
  const announce = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const codes = openCodeFinder(parts, () => actor);
  const actor = openAccountActor(parts, {
    codeOf: codes.codeOf,
    changed() {
      announce();
      settle();
      codes.follow();
    },
  });

  /** Waits so long, or until something has changed. */
  const wait = (ms: number) => clock.within(Math.max(1, ms), news.promise, () => new Error('waited')).catch(() => undefined);
  const sleep = (ms: number) => clock.within(ms, new Promise<never>(() => {}), () => new Error('slept')).catch(() => undefined);

  function settle(): void {
    const held = actor.held();
    waiters.settle((waiter) => (held === null ? null : toldOf(held, waiter)));
  }

  function toldOf({ account, fence }: Held, { stale_epoch, until }: Waiter): Told | null {
    const { stage, epoch } = account.session;
    switch (stage.at) {
      case 'live':
        return epoch > stale_epoch && actor.now() < stage.since + stage.ttl_ms ? { is: 'live', epoch, fence, owner: me } : null;
      case 'dead':
        return { is: 'person', why: stage.why };
      case 'blocked':
        return { is: 'person', why: 'AUTOMATION_BLOCKED' };
      case 'locked_out':
        return { is: 'person', why: 'AUTH_LOCKED' };
      case 'mfa_pending': {
        const { challenge } = account.factor;
        const isPersons = challenge.at === 'waiting' && (challenge.channel === 'push' || challenge.channel === 'person');
        return isPersons ? { is: 'person', why: 'MFA_REQUIRED' } : null;
      }
      case 'authenticating':
      case 'refreshing':
        return null;
      case 'cold':
      case 'expired':
      case 'refresh_in_doubt': {
        const after_ms = Math.ceil(maySignInAt(account, rule, actor.now()) - actor.now());
        return after_ms > until - clock.elapsed() ? { is: 'later', after_ms } : null;
      }
      default:
        return stage satisfies never;
    }
  }

  /** For all who wait, until nobody does. */
  async function drive(): Promise<void> {
    isDriving = true;
    try {
      for (settle(); waiters.count() > 0; settle()) {
        const held = actor.held();
        await (held === null ? askOwner() : pursue(held));
      }
    } finally {
      isDriving = false;
    }
  }

  async function pursue(held: Held): Promise<void> {
    const unreported = waiters.unreported();
    for (const epoch of unreported) await actor.feed({ on: 'auth_expired', epoch });
    if (unreported.length > 0) return;
    const at = maySignInAt(held.account, rule, actor.now());
    const isDue = at <= actor.now();
    if (isDue && !(await codes.isReady())) await sleep(PAUSE_MS);
    else if (!(await actor.feed({ on: 'need' })))
      await wait(isDue ? PAUSE_MS : Math.min(at - actor.now(), waiters.patience_ms(), renew_ms));
  }

  let finding: Promise<string | null> | null = null;
  /** Has the account afterwards, or answers who has; null where neither could be found out. Of those who ask at once, one looks. */
  function findOwner(): Promise<string | null> {
    if (actor.held() !== null) return Promise.resolve(me);
    finding ??= lookForOwner().finally(() => {
      finding = null;
    });
    return finding;
  }

  async function lookForOwner(): Promise<string | null> {
    const taken = await actor.lease.take();
    if (taken.got === 'taken') return taken.by === me ? null : taken.by;
    if (taken.got === 'unheard') return null;
    waiters.reportAgain();
    await actor.begin(taken);
    const held = actor.held();
    if (held !== null) void tend(held.fence);
    return held === null ? null : me;
  }

  async function askOwner(): Promise<void> {
    const owner = await findOwner();
    if (owner === me) return;
    if (owner !== null) relay(await peers.ask(owner, key, { stale_epoch: waiters.newestStale() }).catch(() => 'not_mine' as const));
    if (waiters.count() > 0) await sleep((0.2 + chance()) * PAUSE_MS);
  }

  /** What the owner says is said to those for whom it is an answer. */
  function relay(told: Told | 'not_mine'): void {
    if (told === 'not_mine') return;
    waiters.settle(({ stale_epoch, until }) => {
      const isAnswer =
        told.is === 'person' ||
        (told.is === 'live' && told.epoch > stale_epoch) ||
        (told.is === 'later' && told.after_ms > until - clock.elapsed());
      return isAnswer ? told : null;
    });
  }

  async function tend(fence: number): Promise<void> {
    for (;;) {
      await sleep(renew_ms);
      if (actor.held()?.fence !== fence) return actor.lose(fence);
      await Promise.all([actor.lease.renew(), codes.renew()]);
      const held = actor.held();
      if (held?.fence !== fence) return actor.lose(fence);
      await actor.feed({ on: 'tick', is_quiet: waiters.count() === 0 });
      const isBusy = ['authenticating', 'mfa_pending', 'refreshing'].includes(held.account.session.stage.at);
      if (waiters.count() === 0 && !isBusy && clock.elapsed() - wanted_at > KEEP_MS) return actor.release();
    }
  }

  function takeIn(event: PersonEvent): Promise<boolean> {
    wanted_at = clock.elapsed();
    if (event.on !== 'typed') return actor.feed(event);
    codes.typed(event.code);
    return actor.feed({ on: 'factor', event: { on: 'typed' }, lot: chance() });
  }

  function need({ stale_epoch = 0, within_ms }: { stale_epoch?: number; within_ms: number }): Promise<Told> {
    wanted_at = clock.elapsed();
    const { told, isNews } = waiters.join({ stale_epoch, within_ms });
    if (!isDriving) void drive();
    else if (isNews) announce();
    return told;
  }

  return {
    need,
    async hear(question) {
      if (actor.held() === null) return 'not_mine';
      return 'on' in question ? takeIn(question) : need({ ...question, within_ms: HEAR_MS });
    },
    use({ epoch, fence }, limit_ms) {
      const held = actor.held();
      const session = held?.account.session;
      const time_ms = actor.lease.timeFor(limit_ms);
      if (held?.fence !== fence || session?.stage.at !== 'live' || session.epoch !== epoch || time_ms === 0) return null;
      return { jar: session.stage.jar, time_ms, mayLeave: () => actor.lease.fence() === fence && actor.lease.timeFor(1) > 0 };
    },
    async claim() {
      wanted_at = clock.elapsed();
      return (await findOwner()) === me;
    },
    account() {
      const held = actor.held();
      return held && { account: held.account, now: actor.now() };
    },
    hold: actor.hold,
    note: actor.feed,
    async act(event) {
      const owner = await findOwner();
      if (actor.held() !== null) return takeIn(event);
      const answer = owner === null ? null : await peers.ask(owner, key, event).catch(() => null);
      return answer === 'not_mine' ? null : answer;
    },
    close: actor.release,
  };
}
