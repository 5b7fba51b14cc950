// A real browser for vendors whose pages work in nothing else. Chromium opens its own sockets, so it is started without any way out but our proxy (browser-proxy.ts), and each vendor account
// has a context of its own in it: nothing of one account is seen by another, and nothing of it lives on the disk.
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Secret } from '../base/secret.ts';
import { type NotDone, type Shown, type Steps, type Submission, type Submitted, stepsOn } from './browser-page.ts';
import { type BrowserProxy, openBrowserProxy } from './browser-proxy.ts';
import { collect, restore, type State, sealable, stateIn, type Tabs } from './browser-state.ts';
import { openTraffic, type Rule } from './browser-traffic.ts';
import { bare, type Dial, dial as loopback, OutsideError } from './dial.ts';
import type { MayWrite } from './exchange.ts';

export interface Starting {
  /** The Chromium to run. Undefined where this machine has none. */
  executable_path: string | undefined;
  /** A folder of ours alone: what Chromium takes for its home. */
  folder: string;
  /** Chromium walls a page in from this machine, but not when it runs as root. Only for pages that are ours. */
  may_run_unwalled?: boolean;
  clock: Clock;
  random: Random;
}

/** `no_chromium`: none is there. `as_root`: it would run without its own walls. `did_not_start`: it is there, and does not run. */
export type NoBrowser = { why: 'no_chromium' | 'as_root' | 'did_not_start'; what_to_do: string };

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

export interface BrowserAccount extends Steps {
  /** All that keeps the account signed in, to be sealed by the vault. A secret. */
  state(): Promise<Secret | { done: false; why: NotDone }>;
  /** Nothing leaves any more, and its context is gone. */
  close(): Promise<void>;
}

export interface MailedLink {
  url: URL;
  /** Whom this link and what it leads to may reach, of those that `dial` allows. */
  hosts: readonly string[];
  maySpeak: MayWrite;
  /** What is pressed on it, where the recipe says so, and nothing else. */
  submission?: Submission;
  dial?: Dial;
  step_ms?: number;
}

/** What the page of a link showed in the end, and what came of the press on it. */
export type LinkOpened = { shown: Shown; submitted?: Submitted } | { done: false; why: NotDone; submitted?: Submitted };

export interface RunningBrowser {
  openAccount(opening: Opening): Promise<BrowserAccount | { done: false; why: 'state_unreadable' | NotDone }>;
  /** Opens a link out of a mail where nothing of any account is known, and forgets all of it. Never throws. */
  openLink(link: MailedLink): Promise<LinkOpened>;
  isRunning(): boolean;
  /** Ends Chromium and all contexts in it. */
  close(): Promise<void>;
}

const STEP_MS = 30_000;
const START_MS = 30_000;
const CLOSE_MS = 10_000;

/** Starts a Chromium that reaches nobody but through us. */
export async function startBrowser({
  executable_path,
  folder,
  may_run_unwalled = false,
  clock,
  random,
}: Starting): Promise<RunningBrowser | NoBrowser> {
  if (executable_path === undefined) return NO_CHROMIUM;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && !may_run_unwalled) return AS_ROOT;
  const proxy = await openBrowserProxy(random);
  try {
    const browser = await chromium.launch({
      executablePath: executable_path,
      chromiumSandbox: !isRoot,
      // Whatever it asks for outside of a context has no credential, and gets nothing.
      proxy: { server: `http://127.0.0.1:${proxy.port}`, bypass: '<-loopback>' },
      args: argumentsFor(proxy),
      // Of our own environment it gets nothing: there are keys in it.
      env: { HOME: folder, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'en_US.UTF-8' },
      timeout: START_MS,
      // When this process ends is not Playwright's to say.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    return running({ browser, proxy, clock });
  } catch {
    proxy.close();
    return DID_NOT_START;
  }
}

const NO_CHROMIUM: NoBrowser = {
  why: 'no_chromium',
  what_to_do:
    'This connection needs the Chromium browser, and none was found. Install it (Debian: apt-get install chromium) and name its file in the settings.',
};
const AS_ROOT: NoBrowser = {
  why: 'as_root',
  what_to_do:
    'Attending runs as root, where Chromium cannot protect this machine from the pages it shows. Run Attending as an ordinary user.',
};
const DID_NOT_START: NoBrowser = {
  why: 'did_not_start',
  what_to_do: 'The Chromium browser that the settings name does not start. Run that file by hand to see why, or name another.',
};

function argumentsFor({ spki_sha256 }: BrowserProxy): string[] {
  return [
    `--ignore-certificate-errors-spki-list=${spki_sha256}`,
    // No name is looked up by it, not even ahead of time; only the proxy is found.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--dns-prefetch-disable',
    // No way but TCP through the proxy.
    ...['--disable-quic', '--force-webrtc-ip-handling-policy=disable_non_proxied_udp'],
    ...['--disable-domain-reliability', '--no-pings', '--disable-client-side-phishing-detection', '--safebrowsing-disable-auto-update'],
  ];
}

function running({ browser, proxy, clock }: { browser: Browser; proxy: BrowserProxy; clock: Clock }): RunningBrowser {
  const openAccount = async ({ state: text, ...opening }: Opening & { hosts?: readonly string[] }) => {
    const state = text && stateIn(text);
    if (state === null) return { done: false, why: 'state_unreadable' } as const;
    return await openTab({ browser, proxy, clock, state, ...opening });
  };
  return {
    openAccount,
    async openLink({ url, submission, ...opening }) {
      const tab = await openAccount(opening).catch(() => null);
      if (tab === null || 'done' in tab) return { done: false, why: 'browser_gone' };
      try {
        const gone = await tab.go(url);
        if (!gone.done) return gone;
        const submitted = submission && (await tab.submit(submission));
        const shown = await tab.read();
        return { ...('done' in shown ? shown : { shown }), ...(submitted && { submitted }) };
      } finally {
        await tab.close();
      }
    },
    isRunning: () => browser.isConnected(),
    async close() {
      proxy.close();
      await clock.within(CLOSE_MS, browser.close(), () => new Error('it does not end')).catch(() => {});
    },
  };
}

interface Tab extends Omit<Opening, 'state'> {
  browser: Browser;
  proxy: BrowserProxy;
  clock: Clock;
  state: State | undefined;
  hosts?: readonly string[];
}

async function openTab({
  browser,
  proxy,
  clock,
  state,
  hosts,
  dial = loopback,
  step_ms = STEP_MS,
  ...how
}: Tab): Promise<BrowserAccount | { done: false; why: NotDone }> {
  const traffic = openTraffic({ ...how, clock, dial: hosts ? only(hosts, dial) : dial });
  const { end, ...credential } = proxy.admit(traffic.carry);
  const within = <T>(ms: number, work: Promise<T>) => clock.within(ms, work, () => new Error('it took too long'));
  let context: BrowserContext | undefined;
  const close = async () => {
    traffic.shut();
    end();
    await within(CLOSE_MS, context?.close() ?? Promise.resolve()).catch(() => {});
  };
  try {
    context = await within(
      step_ms,
      browser.newContext({
        proxy: { server: `http://127.0.0.1:${proxy.port}`, bypass: '<-loopback>', ...credential },
        ...(state && { storageState: state.storage }),
        // No file comes to this machine, nothing outlives its page, and nothing is granted.
        ...{ acceptDownloads: false, serviceWorkers: 'block', permissions: [] },
      }),
    );
    const page = await within(step_ms, context.newPage());
    const session: Tabs = new Map(state?.session);
    await within(step_ms, restore(page, session));
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
    return { done: false, why: browser.isConnected() ? 'no_time' : 'browser_gone' };
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
