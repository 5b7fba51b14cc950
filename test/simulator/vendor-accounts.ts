// A vendor's sign-in as it is in the worst case: a counter that locks, tokens that rotate and revoke the grant when one is spent twice, one session per user, a second factor that
// refuses a code used before, mail that is late, lost, doubled and out of order.
import type { Answer, Order } from '../../src/connections/account.ts';
import type { Channel, Message } from '../../src/connections/mfa.ts';
import { totpCode } from '../../src/connections/totp.ts';
import type { World } from './world.ts';

export interface VendorPlan {
  readonly channel: Channel | 'none';
  readonly can_refresh: boolean;
  readonly lock_after: number;
  readonly lock_window_ms: number;
  readonly ttl_ms: number;
}

/** What the vendor has seen of us in one account. */
export interface Seen {
  /** When each login left us. */
  logins: number[];
  refreshes: number;
  wrong_passwords: number;
  /** Codes refused because they, or later ones, were used; tokens spent twice; codes that were made for another account. */
  reused_steps: number;
  reused_tokens: number;
  foreign_codes: number;
  codes: number;
  lock_outs: number;
}

export interface VendorAccount {
  readonly name: string;
  readonly seen: Seen;
  password: string;
  /** Does what was asked, now. */
  handle(order: Order, sent: { password: string; code: string | undefined; jar: string | undefined }): Answer;
  /** A request on a session. */
  read(jar: string): 'ok' | 'expired' | 'evicted';
  /** The session ends at the vendor. */
  kill(): void;
  /** A person signs in with the same account. */
  evict(): void;
  isSound(): boolean;
  /** A person gave a wrong password. */
  mistype(): void;
}

export interface Mail {
  deliver(to: VendorAccount, sent_at: number, code: string): void;
  inbox(since: number): Message[];
  ownerOf(code: string): VendorAccount | undefined;
}

export const SEED = new Uint8Array(20).map((_, at) => at * 7 + 1);
export const STEP_MS = 30_000;

/** Mail to the one mailbox of the clinic: 2 to 10 s late, one in fifty lost, one in fifty doubled, and others' mail between. */
export function mailOf(world: World, vendorNow: () => number, struck: () => void): Mail {
  const { chance } = world;
  const inbox: Message[] = [];
  const owners = new Map<string, VendorAccount>();
  let ids = 0;
  const arrive = (after_ms: number, message: Omit<Message, 'id'>) => {
    ids += 1;
    const id = `m${ids}`;
    world.after(after_ms, () => inbox.push({ ...message, id }));
  };
  return {
    ownerOf: (code) => owners.get(code),
    inbox: (since) => inbox.filter(({ sent_at }) => sent_at > since),
    deliver(to, sent_at, code) {
      owners.set(code, to);
      const message = { from: 'No-Reply@vendor.example', sent_at, text: `Your code is ${code}. It is good for ten minutes.` };
      if (chance.happens(0.02)) struck();
      else arrive(chance.between(2_000, 10_000), message);
      if (chance.happens(0.02)) arrive(chance.between(2_000, 40_000), message);
      if (chance.happens(0.1))
        arrive(chance.between(0, 5_000), { ...message, sent_at: vendorNow() - 600_000, text: 'Your code is 000000.' });
      if (chance.happens(0.1)) arrive(chance.between(0, 5_000), { ...message, from: 'news@vendor.example', text: 'Your code is 999999.' });
    },
  };
}

interface VendorParts {
  name: string;
  plan: VendorPlan;
  mail: Mail;
  vendorNow: () => number;
  /** How often a splash stands where the home page should. */
  splash: () => number;
  struck: () => void;
}

export function vendorAccount(world: World, { name, plan, mail, vendorNow, splash, struck }: VendorParts): VendorAccount {
  const { chance } = world;
  const seen: Seen = {
    ...{ logins: [], refreshes: 0, wrong_passwords: 0, reused_steps: 0, reused_tokens: 0, foreign_codes: 0, codes: 0, lock_outs: 0 },
  };
  let wrong: { at: number; isOurs: boolean }[] = [];
  let locked_until = 0;
  let isRevoked = false;
  let session: { id: number; expires_at: number } | null = null;
  let evicted: number | null = null;
  /** Of each grant the token that is not spent yet. */
  const grants = new Map<number, number>();
  let ids = 0;
  let challenge: { code: string; wrong: number } | null = null;
  let last_step = 0;

  const opened = (grant: number) => {
    ids += 1;
    const token = (grants.get(grant) ?? 0) + 1;
    grants.set(grant, token);
    session = { id: ids, expires_at: world.now() + plan.ttl_ms };
    const jar = `${name}/${ids}/${grant}/${token}`;
    return { jar, ttl_ms: plan.ttl_ms, idle_limit_ms: 20 * 60_000, can_refresh: plan.can_refresh };
  };
  const home = (): Answer => {
    const isSplash = chance.happens(splash());
    if (isSplash) struck();
    else evicted = null;
    const tokens = isSplash ? { jar: `${name}/0/0/0`, ttl_ms: plan.ttl_ms, idle_limit_ms: 1_200_000, can_refresh: false } : opened(ids + 1);
    return { page: 'home', user_id: isSplash ? null : name, practice_code: isSplash ? null : 'JUNIPER', ...tokens };
  };
  const isWrong = (isOurs: boolean) => {
    wrong = [...wrong.filter(({ at }) => world.now() - at < plan.lock_window_ms), { at: world.now(), isOurs }];
    if (wrong.length < plan.lock_after) return;
    locked_until = world.now() + plan.lock_window_ms;
    if (isOurs) seen.lock_outs += 1;
  };
  const locked = (): Answer => ({ page: 'locked', window_ms: plan.lock_window_ms });
  const date_ms = () => Math.floor(vendorNow() / 1_000) * 1_000;
  const ask = () => {
    if (plan.channel !== 'mail_code') return;
    challenge = { code: String(chance.between(100_000, 899_999)), wrong: 0 };
    mail.deliver(account, vendorNow(), challenge.code);
  };
  const isRight = (code: string): boolean => {
    seen.codes += 1;
    if (plan.channel === 'mail_code') {
      const owner = mail.ownerOf(code);
      if (owner !== undefined && owner !== account) seen.foreign_codes += 1;
      return challenge?.code === code;
    }
    const present = Math.floor(vendorNow() / STEP_MS);
    const step = [present - 1, present, present + 1].find((each) => totpCode(SEED, each) === code);
    if (step !== undefined && step <= last_step) seen.reused_steps += 1;
    if (step === undefined || step <= last_step) return false;
    last_step = step;
    return true;
  };

  const account: VendorAccount = {
    name,
    seen,
    password: 'right',
    handle(order, { password, code, jar }) {
      if (world.now() < locked_until) return locked();
      switch (order.do) {
        case 'login': {
          if (isRevoked) return { page: 'stopped', why: 'ACTION_REQUIRED' };
          if (password !== account.password) {
            seen.wrong_passwords += 1;
            isWrong(true);
            return world.now() < locked_until ? locked() : { page: 'wrong_password' };
          }
          if (plan.channel === 'none') return home();
          challenge = { code: '', wrong: 0 };
          ask();
          return { page: 'mfa', channel: plan.channel, date_ms: date_ms() };
        }
        case 'submit':
          if (challenge === null) return { page: 'wrong_code', date_ms: date_ms() };
          if (isRight(code ?? '')) {
            challenge = null;
            wrong = [];
            return home();
          }
          isWrong(true);
          return world.now() < locked_until ? locked() : { page: 'wrong_code', date_ms: date_ms() };
        case 'resend':
          ask();
          return { page: 'wait' };
        case 'refresh': {
          seen.refreshes += 1;
          const [, , grant, token] = (jar ?? '').split('/').map(Number) as [number, number, number, number];
          if (isRevoked) return { page: 'refresh_refused' };
          if (grants.get(grant) !== token) {
            seen.reused_tokens += 1;
            isRevoked = true;
            session = null;
            return { page: 'refresh_refused' };
          }
          return { page: 'refreshed', ...opened(grant) };
        }
        default:
          return { page: 'wait' };
      }
    },
    read(jar) {
      const [, id] = jar.split('/');
      if (session !== null && Number(id) === session.id && world.now() < session.expires_at) return 'ok';
      return evicted !== null && Number(id) === evicted ? 'evicted' : 'expired';
    },
    kill() {
      session = null;
    },
    evict() {
      evicted = session?.id ?? null;
      session = null;
    },
    isSound: () => !isRevoked && world.now() >= locked_until && seen.lock_outs === 0,
    mistype: () => isWrong(false),
  };
  return account;
}
