// A Chromium that is not there, does not start, or dies under our hands: each is told in plain words, and of a request exactly as much as is known.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { always, anAccount, chromiumsHere, describeWithChromium, processesWith, startChromium } from '../../test/builders/chromium.ts';
import { type Reply, type Routes, startWebApp } from '../../test/builders/web-app.ts';
import { verifies } from '../../test/promises.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { startBrowser } from './browser.ts';
import type { Submission } from './browser-page.ts';

const closing: (() => unknown)[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'attending-crash-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});
const starting = () => ({ folder, clock: systemClock, random: systemRandom, may_run_unwalled: process.getuid?.() === 0 });

it('says what to do where there is no Chromium, or one that does not start', async () => {
  expect(await startBrowser({ ...starting(), executable_path: undefined })).toMatchObject({
    why: 'no_chromium',
    what_to_do: expect.stringContaining('Install it'),
  });
  for (const executable_path of ['/nowhere/chromium', '/bin/false', os.tmpdir(), import.meta.filename])
    expect(await startBrowser({ ...starting(), executable_path })).toMatchObject({
      why: 'did_not_start',
      what_to_do: expect.stringContaining('by hand'),
    });
});

it.runIf(process.getuid?.() === 0)('does not show a vendor’s pages as root', async () => {
  const refused = await startBrowser({ ...starting(), executable_path: '/usr/bin/chromium', may_run_unwalled: false });
  expect(refused).toMatchObject({ why: 'as_root', what_to_do: expect.stringContaining('ordinary user') });
});

describeWithChromium('a browser that dies', () => {
  const form = '<form method="post" action="/save"><button>Save</button></form>';

  /** An account that looks at a form, and a hand that kills its whole browser. */
  async function looking(routes: Routes) {
    const before = (await chromiumsHere()).map(({ id }) => id);
    const browser = await startChromium();
    closing.push(browser.close);
    const [mine] = (await chromiumsHere()).filter(({ id }) => !before.includes(id));
    if (!mine) throw new Error('it runs as a child of ours');
    const app = await startWebApp({ 'GET /': form, ...routes });
    closing.push(app.close);
    const account = await anAccount(browser);
    const at = (name: string) => new URL(`http://127.0.0.1:${app.port}${name}`);
    await account.go(at('/'));
    const saving: Submission = { press: { role: 'button', name: 'Save' }, write: { method: 'POST', url: at('/save') }, mayWrite: always };
    const kill = () => void process.kill(mine.id, 'SIGKILL');
    return { browser, app, mine, account, at, saving, kill, written: () => app.heard.filter(({ method }) => method === 'POST').length };
  }

  verifies(
    'browser:crash-is-told-exactly',
    async () => {
      // Before anything was pressed.
      const first = await looking({ 'POST /save': 'saved' });
      first.kill();
      expect(await first.account.submit(first.saving)).toEqual({ sent: false, why: 'browser_gone' });
      await expect.poll(first.browser.isRunning).toBe(false);
      expect(first.written()).toBe(0);
      expect(await first.account.state()).toEqual({ done: false, why: 'browser_gone' });
      expect(await first.browser.openAccount({ maySpeak: always })).toEqual({ done: false, why: 'browser_gone' });
      expect(await first.browser.openLink({ url: first.at('/'), hosts: ['127.0.0.1'], maySpeak: always })).toEqual({
        done: false,
        why: 'browser_gone',
      });

      // While the form waits for its right, which is then gone, or is there.
      for (const [held, told] of [
        [null, { sent: false, why: 'fence_lost' }],
        [always, { sent: true, cut: null, status: 200 }],
      ] as const) {
        const second = await looking({ 'POST /save': 'saved' });
        const mayWrite = async () => {
          second.kill();
          await expect.poll(second.browser.isRunning).toBe(false);
          return held === null ? null : await held();
        };
        expect(await second.account.submit({ ...second.saving, mayWrite })).toMatchObject(told);
        expect(second.written()).toBe(held === null ? 0 : 1);
      }

      // While the vendor thinks: its answer is heard all the same, because it comes to us and not to the browser.
      let answer = (_: Reply) => {};
      const third = await looking({
        'POST /save': () =>
          new Promise<Reply>((resolve) => {
            answer = resolve;
            third.kill();
          }),
      });
      const submitted = third.account.submit(third.saving);
      await expect.poll(third.browser.isRunning).toBe(false);
      answer('saved');
      expect(await submitted).toMatchObject({ sent: true, cut: null, status: 200 });
      expect(third.written()).toBe(1);
    },
    60_000,
  );

  it('is ended with all its processes', async () => {
    const { browser, account, mine } = await looking({});
    expect((await processesWith(mine.profile)).length).toBeGreaterThan(2);
    await account.close();
    await browser.close();
    await expect.poll(() => processesWith(mine.profile)).toEqual([]);
  });
});
