// One context of a running browser, with one page and a credential of its own for the way out: what it knows is what it was given, and is gone with it.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Clock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import { type NotDone, type Steps, stepsOn } from './browser-page.ts';
import type { BrowserProxy } from './browser-proxy.ts';
import { collect, restore, type State, sealable, type Tabs } from './browser-state.ts';
import { openTraffic, type Rule } from './browser-traffic.ts';
import { bare, type Dial, dial as loopback, OutsideError } from './dial.ts';
import type { MayWrite } from './exchange.ts';

export interface Opening {
  /** What `state()` gave, perhaps in another process. */
  state?: Secret;
  /** The fence: asked for each request that reads. */
  maySpeak: MayWrite;
  /** Requests that read, though their method says otherwise. */
  reads?: readonly Rule[];
  /** The policy of dialling, this machine alone where nothing is said. */
  dial?: Dial;
  /** For one step. */
  step_ms?: number;
}

/** `state_unreadable`: what was given is no state, and the account has to be signed in. */
export type NotOpened = { done: false; why: 'state_unreadable' | 'no_time' | 'browser_gone' };

export interface BrowserAccount extends Steps {
  /** All that keeps the account signed in, to be sealed by the vault. A secret. */
  state(): Promise<Secret | { done: false; why: NotDone }>;
  /** Nothing leaves any more, and its context is gone. */
  close(): Promise<void>;
}

const STEP_MS = 30_000;
const OPEN_MS = 30_000;
/** For Chromium to end what it was told to end. */
export const CLOSE_MS = 10_000;
/** Runs in each document before its own scripts: no page has what speaks past a proxy. */
const NO_OTHER_WAY = "for (const way of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete globalThis[way];";

interface Tab extends Omit<Opening, 'state'> {
  browser: Browser;
  proxy: BrowserProxy;
  clock: Clock;
  state: State | undefined;
  hosts?: readonly string[];
}

/** A context of its own with one page. `hosts`: whom it may reach, of those that `dial` allows; all of them where nothing is said. */
export async function openTab({
  browser,
  proxy,
  clock,
  state,
  hosts,
  dial = loopback,
  step_ms = STEP_MS,
  ...how
}: Tab): Promise<NotOpened | BrowserAccount> {
  const traffic = openTraffic({ ...how, clock, dial: hosts ? only(hosts, dial) : dial });
  const { end, ...credential } = proxy.admit(traffic.carry);
  let isLate = false;
  const within = <T>(ms: number, work: Promise<T>) =>
    clock.within(ms, work, () => {
      isLate = true;
      return new Error('it took too long');
    });
  let context: BrowserContext | undefined;
  const close = async () => {
    traffic.shut();
    end();
    await within(CLOSE_MS, context?.close() ?? Promise.resolve()).catch(() => {});
  };
  try {
    context = await within(
      OPEN_MS,
      browser.newContext({
        proxy: { server: `http://127.0.0.1:${proxy.port}`, bypass: '<-loopback>', ...credential },
        ...(state && { storageState: state.storage }),
        // No file comes to this machine, nothing outlives its page, and nothing is granted.
        ...{ acceptDownloads: false, serviceWorkers: 'block', permissions: [] },
      }),
    );
    await within(OPEN_MS, context.addInitScript(NO_OTHER_WAY));
    const page = await within(OPEN_MS, context.newPage());
    const session: Tabs = new Map(state?.session);
    await within(OPEN_MS, restore(page, session));
    // One page at a time: what a vendor opens beside it is closed again.
    context.on('page', (other) => void other.close().catch(() => {}));
    const { gone, isGone } = whenGone(browser, page);
    const afterwards = () => collect(page, session);
    const ready = context;
    return {
      ...stepsOn({ page, traffic, clock, step_ms, gone, isGone, afterwards }),
      async state() {
        try {
          await within(step_ms, afterwards());
          return await within(step_ms, sealable(ready, session));
        } catch {
          return { done: false, why: isGone() ? 'browser_gone' : 'no_time' };
        }
      },
      close,
    };
  } catch {
    await close();
    if (!browser.isConnected()) return { done: false, why: 'browser_gone' };
    return { done: false, why: isLate ? 'no_time' : 'state_unreadable' };
  }
}

function whenGone(browser: Browser, page: Page): { gone: Promise<never>; isGone(): boolean } {
  let is = false;
  const gone = new Promise<never>((_, reject) => {
    const go = () => {
      is = true;
      reject(new Error('the browser is gone'));
    };
    page.once('crash', go).once('close', go);
    browser.once('disconnected', go);
    page.once('close', () => browser.off('disconnected', go));
  });
  // Heard where it is waited for.
  gone.catch(() => {});
  return { gone, isGone: () => is };
}

function only(hosts: readonly string[], dial: Dial): Dial {
  return async (where, timeout_ms) => {
    if (!hosts.includes(bare(where.host))) throw new OutsideError('This link may not lead there: nothing was sent.');
    return await dial(where, timeout_ms);
  };
}
