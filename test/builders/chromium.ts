// A Chromium that the post drives, for a test: found as the other tests find it, in a folder of its own, and gone with it.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type RunningBrowser, startBrowser } from '../../src/outbound/browser.ts';
import type { BrowserAccount, Opening } from '../../src/outbound/browser-tab.ts';
import type { MayWrite } from '../../src/outbound/exchange.ts';
import { findChromium } from '../browser.ts';

export const always: MayWrite = async () => ({ good_until_ms: systemClock.elapsed() + 60_000 });

/** A `describe` for tests with Chromium. Where none is found they are left out, but not in CI. */
export function describeWithChromium(what: string, tests: () => void): void {
  if (findChromium() === undefined && process.env.CI)
    describe(what, () => it('has a Chromium', () => Promise.reject(new Error('none was found'))));
  else describe.skipIf(findChromium() === undefined)(what, tests);
}

/** Its folder is where it keeps all that it keeps (TMPDIR), and is removed at the end. */
export async function startChromium(executable_path = findChromium()): Promise<RunningBrowser> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'attending-chromium-'));
  const browser = await startBrowser({
    ...{ executable_path, folder, clock: systemClock, random: systemRandom },
    may_run_unwalled: process.getuid?.() === 0,
  });
  if ('why' in browser) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(browser.why);
  }
  return {
    ...browser,
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function anAccount(browser: RunningBrowser, opening: Partial<Opening> = {}): Promise<BrowserAccount> {
  const opened = await browser.openAccount({ maySpeak: always, step_ms: 20_000, ...opening });
  if ('done' in opened) throw new Error(opened.why);
  return opened;
}

/** The processes of Linux whose command line has these words. */
export async function processesWith(...words: string[]): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return words.every((word) => line.includes(word)) ? [Number(id)] : [];
    }),
  );
  return found.flat();
}

/** The Chromiums that this very process has started and that run now, each with the folder of its profile, which all its processes name. */
export async function chromiumsHere(): Promise<{ id: number; profile: string }[]> {
  const found = await Promise.all(
    (await processesWith('--user-data-dir=')).map(async (id) => {
      const [status, line] = await Promise.all(
        ['status', 'cmdline'].map((file) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '')),
      );
      const profile = /--user-data-dir=([^\0]+)/.exec(line ?? '')?.[1];
      return profile !== undefined && new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status ?? '') ? [{ id, profile }] : [];
    }),
  );
  return found.flat();
}
