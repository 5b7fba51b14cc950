// A real browser for vendors whose pages work in nothing else. Chromium opens its own sockets, so it is started without any way out but our proxy (browser-proxy.ts), and each vendor account
// has a context of its own in it: nothing of one account is seen by another, and nothing of it lives on the disk.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Named, NotDone, Shown, Submission, Submitted } from './browser-page.ts';
import { type BrowserProxy, openBrowserProxy } from './browser-proxy.ts';
import { stateIn } from './browser-state.ts';
import { type BrowserAccount, CLOSE_MS, type NotOpened, type Opening, openTab } from './browser-tab.ts';
import type { Dial } from './dial.ts';
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

export interface MailedLink {
  url: URL;
  /** Whom this link and what it leads to may reach, of those that `dial` allows. */
  hosts: readonly string[];
  maySpeak: MayWrite;
  /** What is pressed on it, where the recipe says so, and nothing else. */
  submission?: Submission;
  /** What the last page shows when all of it has come. */
  see?: Named;
  dial?: Dial;
  step_ms?: number;
}

/** What the page of a link showed in the end, and what came of the press on it. */
export type LinkOpened = { shown: Shown; submitted?: Submitted } | { done: false; why: NotDone | NotOpened['why']; submitted?: Submitted };

export interface RunningBrowser {
  openAccount(opening: Opening): Promise<BrowserAccount | NotOpened>;
  /** Opens a link out of a mail where nothing of any account is known, and forgets all of it. Never throws. */
  openLink(link: MailedLink): Promise<LinkOpened>;
  isRunning(): boolean;
  /** Ends Chromium and all contexts in it. */
  close(): Promise<void>;
}

const START_MS = 30_000;

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
  // Asked before Playwright makes its folders, which it leaves behind where nothing can be run.
  if (!(await isProgram(executable_path))) return DID_NOT_START;
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

async function isProgram(file: string): Promise<boolean> {
  return await Promise.all([access(file, constants.X_OK), stat(file)]).then(
    ([, found]) => found.isFile(),
    () => false,
  );
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
    // No way but TCP through the proxy. WebRTC speaks UDP to whomever it likes, and its switch has had two names: browser-tab.ts takes it from the pages as well.
    ...[
      '--disable-quic',
      '--webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    ],
    ...['--disable-domain-reliability', '--no-pings', '--disable-client-side-phishing-detection', '--safebrowsing-disable-auto-update'],
  ];
}

function running({ browser, proxy, clock }: { browser: Browser; proxy: BrowserProxy; clock: Clock }): RunningBrowser {
  return {
    async openAccount({ state: text, ...opening }) {
      const state = text && stateIn(text);
      if (state === null) return { done: false, why: 'state_unreadable' };
      return await openTab({ browser, proxy, clock, state, ...opening });
    },
    async openLink({ url, submission, see, ...opening }) {
      const tab = await openTab({ browser, proxy, clock, state: undefined, ...opening });
      if ('done' in tab) return tab;
      try {
        const step = await tab.go(url);
        if (!step.done) return step;
        const submitted = submission && (await tab.submit(submission));
        const seen = see ? await tab.see(see) : step;
        const shown = seen.done ? await tab.read() : seen;
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
