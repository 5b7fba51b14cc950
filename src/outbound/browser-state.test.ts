// What keeps an account signed in outlives the process that signed it in: out of one browser, into another, after a power cut.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findChromium } from '../../test/browser.ts';
import type { Asked } from '../../test/builders/browser-process.ts';
import { anAccount, describeWithChromium, processesWith, startChromium } from '../../test/builders/chromium.ts';
import { killed } from '../../test/builders/double.ts';
import { startWebApp, type WebApp } from '../../test/builders/web-app.ts';
import { verifies } from '../../test/promises.ts';
import { secretOf } from '../base/secret.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An application that keeps its token in sessionStorage, the device it knows in IndexedDB, the practice in localStorage and half of the session in a cookie: it takes all four. */
async function signingIn(): Promise<WebApp> {
  const cookie = 'sid=half; Path=/; HttpOnly';
  const store = `const store = (use) => new Promise((done) => { const open = indexedDB.open('device', 1); open.onupgradeneeded = () => open.result.createObjectStore('ids');
    open.onsuccess = () => { const asked = use(open.result.transaction('ids', 'readwrite').objectStore('ids')); asked.onsuccess = () => done(asked.result); }; });`;
  const app = await startWebApp({
    'GET /login': `<h1>Sign in</h1><script>${store}</script><button onclick="fetch('/token', { method: 'POST' }).then((r) => r.text()).then(async (token) => {
      sessionStorage.setItem('token', token); localStorage.setItem('practice', 'JUNIPER'); await store((ids) => ids.put('device-7', 'id')); document.querySelector('h1').textContent = 'Welcome'; })">Sign in</button>`,
    'POST /token': { headers: { 'set-cookie': cookie }, body: 'token-of-a-tab' },
    // Its very first script reads the token: what comes into the storage later is too late.
    'GET /home': `<script>const token = sessionStorage.getItem('token');${store}</script><h1>Please wait</h1><script>store((ids) => ids.get('id')).then((device) =>
      fetch('/me', { headers: { 'x-token': token ?? '', 'x-practice': localStorage.getItem('practice') ?? '', 'x-device': device ?? '' } })).then((r) => r.text()).then((text) => {
      document.querySelector('h1').textContent = text; });</script><button onclick="sessionStorage.clear(); location.reload()">Forget</button>`,
    'GET /me': ({ headers }) =>
      headers['x-token'] === 'token-of-a-tab' &&
      headers['x-practice'] === 'JUNIPER' &&
      headers['x-device'] === 'device-7' &&
      headers.cookie === 'sid=half'
        ? 'Signed in'
        : 'Signed off',
    'GET /empty': '<h1>Nothing</h1>',
  });
  closing.push(app.close);
  return app;
}

/** A process with a browser of its own. All that it leaves on the disk is in `folder`. */
async function started(): Promise<{ child: ChildProcess; folder: string; ask(asked: Asked): Promise<unknown> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'attending-browser-'));
  const file = path.join(import.meta.dirname, '../../test/builders/browser-process.ts');
  const child = fork(file, [], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  closing.push(async () => {
    await expect.poll(() => processesWith(folder), { timeout: 15_000 }).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });
  closing.push(() => child.exitCode === null && child.signalCode === null && killed(child));
  let n = 0;
  return {
    ...{ child, folder },
    ask: (asked) =>
      new Promise((resolve, reject) => {
        const mine = ++n;
        child.once('exit', () => reject(new Error('it ended')));
        child.on('message', (told: { n: number; told: unknown }) => told.n === mine && resolve(told.told));
        child.send({ n: mine, asked });
      }),
  };
}
const opening = (folder: string, state: string | null): Asked => ({ open: state, folder, executable_path: findChromium() ?? '' });

describeWithChromium('the state of a browser', () => {
  verifies(
    'browser:signed-in-after-a-crash',
    async () => {
      const app = await signingIn();
      const at = (name: string) => `http://127.0.0.1:${app.port}${name}`;
      const first = await started();
      expect(await first.ask(opening(first.folder, null))).toEqual({ done: true });
      await first.ask({ go: at('/login') });
      expect(await first.ask({ press: 'Sign in', writes: at('/token') })).toMatchObject({ sent: true, status: 200 });
      expect(await first.ask({ see: 'Welcome' })).toEqual({ done: true });
      // Looks at something else meanwhile, of another origin.
      await first.ask({ go: at('/empty').replace('127.0.0.1', 'localhost') });
      const state = (await first.ask({ state: true })) as string;
      await killed(first.child);

      const second = await started();
      expect(await second.ask(opening(second.folder, state))).toEqual({ done: true });
      const before = app.lines().length;
      await second.ask({ go: at('/home') });
      expect(await second.ask({ see: 'Signed in' })).toEqual({ done: true });
      // Nothing was asked of the vendor to lay it in.
      expect(app.lines().slice(before)).toEqual(['GET /home', 'GET /me']);

      // What Playwright gives by itself is not enough: the token is what it leaves out.
      const third = await started();
      expect(await third.ask(opening(third.folder, JSON.stringify({ ...JSON.parse(state), session: [] })))).toEqual({ done: true });
      await third.ask({ go: at('/home') });
      expect(await third.ask({ see: 'Signed off' })).toEqual({ done: true });
    },
    60_000,
  );

  it('is laid in once: a page that forgets its token has forgotten it, and no other origin is told of it', async () => {
    const app = await signingIn();
    const browser = await startChromium();
    closing.push(browser.close);
    const [here, there] = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${app.port}`) as [string, string];
    const session = [[here, [['token', 'token-of-a-tab']]]];
    const storage = { cookies: [], origins: [] };
    const account = await anAccount(browser, { state: secretOf(JSON.stringify({ version: 1, storage, session })) });
    const heard = () => app.heard.filter(({ path }) => path === '/me').map(({ headers }) => headers['x-token']);
    await account.go(new URL(`${there}/home`));
    await account.see({ role: 'heading', name: 'Signed off' });
    expect(heard()).toEqual(['']);
    await account.go(new URL(`${here}/home`));
    await account.see({ role: 'heading', name: 'Signed off' });
    expect(heard()).toEqual(['', 'token-of-a-tab']);
    await account.click({ role: 'button', name: 'Forget' });
    await expect.poll(heard).toEqual(['', 'token-of-a-tab', '']);
    const state = await account.state();
    expect('reveal' in state && JSON.parse(state.reveal().toString()).session).toEqual([]);
  });

  it.each([
    '',
    'cookies',
    '{}',
    '[]',
    'null',
    '{"version":2}',
    '{"version":1,"storage":{"cookies":[{"name":7}],"origins":[]},"session":[]}',
  ])('that cannot be read opens no account: %s', async (text) => {
    const browser = await startChromium();
    closing.push(browser.close);
    const opened = await browser.openAccount({ state: secretOf(text), maySpeak: async () => null });
    expect(opened).toEqual({ done: false, why: 'state_unreadable' });
  });

  it('never says what it holds, and leaves no file of it', async () => {
    const app = await signingIn();
    const first = await started();
    await first.ask(opening(first.folder, null));
    await first.ask({ go: `http://127.0.0.1:${app.port}/login` });
    await first.ask({ press: 'Sign in', writes: `http://127.0.0.1:${app.port}/token` });
    await first.ask({ see: 'Welcome' });
    const files = (await readdir(first.folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const bytes = await readFile(path.join(file.parentPath, file.name)).catch(() => Buffer.alloc(0));
      expect([file.name, bytes.includes('token-of-a-tab'), bytes.includes('device-7'), bytes.includes('sid=half')]).toEqual([
        file.name,
        false,
        false,
        false,
      ]);
    }
  });
});
