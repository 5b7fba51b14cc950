// A vendor account in a real Chromium, against web applications on real sockets: what leaves it is what was announced, and what is told of that is what the vendor saw.
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Authority, anAuthority } from '../../test/builders/certificate.ts';
import { always, anAccount, describeWithChromium, startChromium } from '../../test/builders/chromium.ts';
import { anInternet } from '../../test/builders/internet.ts';
import { type Reply, type Routes, startWebApp, type WebApp } from '../../test/builders/web-app.ts';
import { verifies } from '../../test/promises.ts';
import { systemClock } from '../base/clock.ts';
import type { RunningBrowser } from './browser.ts';
import type { Submission } from './browser-page.ts';
import { dial } from './dial.ts';
import { publicDial } from './dial-public.ts';
import { LIMITS, type MayWrite } from './exchange.ts';

const NAME = 'vendor.example.com';
const ADDRESS = '93.184.215.14';
const FORM = `<h1>Visit</h1><form method="post" action="/save"><label>Note <input name="note"></label><button>Save</button></form>`;
const closing: (() => Promise<unknown>)[] = [];
let authority: Authority;
let browser: RunningBrowser;

/** An application on this machine, an account that looks at its first page, and what presses Save there. */
async function looking(routes: Routes, opening: Parameters<typeof anAccount>[1] = {}) {
  const app = await startWebApp({ 'GET /': FORM, 'GET /done': '<h1>Saved</h1>', ...routes });
  const account = await anAccount(browser, opening);
  closing.push(account.close, app.close);
  const at = (path: string) => new URL(`http://127.0.0.1:${app.port}${path}`);
  expect(await account.go(at('/'))).toEqual({ done: true });
  const saving = (more: Partial<Submission> = {}): Submission => ({
    ...{ press: { role: 'button', name: 'Save' }, write: { method: 'POST', url: at('/save') }, mayWrite: always },
    ...more,
  });
  return { app, account, at, saving };
}
const written = (app: WebApp) =>
  app.heard.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => `${method} ${path} ${body}`);
const saved: Reply = { status: 303, headers: { location: '/done' } };

describeWithChromium('a vendor account in a browser', () => {
  beforeAll(async () => {
    authority = anAuthority();
    browser = await startChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('fills in a form, saves it, and shows what came', async () => {
    const { app, account, saving } = await looking({ 'POST /save': saved });
    expect(await account.fill({ label: 'Note' }, 'seen today')).toEqual({ done: true });
    expect(await account.submit(saving())).toMatchObject({ sent: true, cut: null, status: 303, headers: { location: '/done' } });
    expect(await account.see({ role: 'heading', name: 'Saved' })).toEqual({ done: true });
    expect(await account.read()).toMatchObject({ status: 200, html: expect.stringContaining('<h1>Saved</h1>') });
    expect(app.lines()).toEqual(['GET /', 'POST /save', 'GET /done']);
    expect(written(app)).toEqual(['POST /save note=seen+today']);
  });

  it('reaches a listed host by TLS, whose certificate is looked at, and sees of it what it sees of this machine', async () => {
    const app = await startWebApp({ 'GET /': FORM, 'POST /save': saved, 'GET /done': '<h1>Saved</h1>' }, authority.certify(NAME));
    const other = await startWebApp({ 'GET /': FORM }, authority.certify('other.example.com'));
    closing.push(app.close, other.close);
    const names = { [NAME]: [ADDRESS], 'false.example.com': ['93.184.215.15'] };
    const listeners = { [ADDRESS]: app.port, '93.184.215.15': other.port };
    const internet = anInternet({ hosts: Object.keys(names), names, listeners, ca: authority.ca });
    const account = await anAccount(browser, { dial: publicDial(internet) });
    closing.push(account.close);
    expect(await account.go(new URL(`https://${NAME}/`))).toEqual({ done: true });
    const press = { role: 'button', name: 'Save' } as const;
    expect(
      await account.submit({ press, write: { method: 'POST', url: new URL(`https://${NAME}/save`) }, mayWrite: always }),
    ).toMatchObject({
      sent: true,
      status: 303,
    });
    expect(await account.see({ role: 'heading', name: 'Saved' })).toEqual({ done: true });
    expect(await account.go(new URL('https://false.example.com/'))).toEqual({ done: false, why: 'not_reached' });
    expect(await account.go(new URL('https://elsewhere.example.com/'))).toEqual({ done: false, why: 'not_allowed' });
    expect([app.lines(), other.lines()]).toEqual([['GET /', 'POST /save', 'GET /done'], []]);
  });

  verifies('browser:fence-before-first-byte', async () => {
    const never = () => new Promise<null>(() => {});
    const lost: [MayWrite, string][] = [
      [async () => null, 'fence_lost'],
      [async () => Promise.reject(new Error('the database is away')), 'fence_lost'],
      [never, 'fence_lost'],
      [async () => ({ good_until_ms: systemClock.elapsed() + 4_000 }), 'no_time'],
    ];
    for (const [mayWrite, why] of lost) {
      const { app, account, saving } = await looking({ 'POST /save': saved });
      expect(await account.submit(saving({ mayWrite, limits: { ...LIMITS, total_ms: 1_000 } }))).toEqual({ sent: false, why });
      expect(written(app)).toEqual([]);
    }
    // Asked when the connection stands, and when nothing has been said on it.
    const dialled: string[] = [];
    const watching: typeof dial = async (where, timeout_ms) => {
      const socket = await dial(where, timeout_ms);
      socket.on('close', () => dialled.push(`${socket.bytesWritten} bytes`));
      dialled.push('connected');
      return socket;
    };
    const { app, account, saving } = await looking({ 'POST /save': saved }, { dial: watching });
    dialled.length = 0;
    const mayWrite: MayWrite = async () => {
      await turn();
      expect([dialled, written(app)]).toEqual([['connected'], []]);
      return null;
    };
    expect(await account.submit(saving({ mayWrite }))).toEqual({ sent: false, why: 'fence_lost' });
    expect([dialled.slice(0, 2), written(app)]).toEqual([['connected', '0 bytes'], []]);
  });

  it('reads nothing either where the right to speak is gone', async () => {
    let held = true;
    const { app, account, at } = await looking({}, { maySpeak: () => (held ? always() : Promise.resolve(null)) });
    held = false;
    expect(await account.go(at('/done'))).toEqual({ done: false, why: 'fence_lost' });
    expect(app.lines()).toEqual(['GET /']);
  });

  verifies('browser:nothing-writes-by-accident', async () => {
    const tries: Record<string, string> = {
      fetch: `fetch('/x', { method: 'POST', body: 'a' })`,
      keepalive: `fetch('/x', { method: 'POST', body: 'a', keepalive: true })`,
      'no-cors': `fetch('/x', { method: 'POST', mode: 'no-cors', body: 'a' })`,
      put: `fetch('/x', { method: 'PUT' })`,
      delete: `fetch('/x', { method: 'DELETE' })`,
      own: `fetch('/x', { method: 'PROPFIND' })`,
      xhr: `{ const x = new XMLHttpRequest(); x.open('PATCH', '/x'); x.send('a'); }`,
      synchronous: `{ const x = new XMLHttpRequest(); x.open('POST', '/x', false); x.send('a'); }`,
      beacon: `navigator.sendBeacon('/x', 'a')`,
      form: `document.forms[0].submit()`,
      'form in a frame': `document.body.insertAdjacentHTML('beforeend', '<iframe name=f></iframe>'); document.forms[0].target = 'f'; document.forms[0].submit()`,
      'form in a window': `document.forms[0].target = '_blank'; document.forms[0].submit()`,
      ping: `{ const a = document.createElement('a'); a.href = '#'; a.ping = '/x'; document.body.append(a); a.click(); }`,
      worker: `new Worker(URL.createObjectURL(new Blob([BY_WORKER])))`,
      'shared worker': `new SharedWorker(URL.createObjectURL(new Blob([BY_WORKER])))`,
      'service worker': `navigator.serviceWorker.register('/worker.js')`,
      'web socket': `new WebSocket('ws://' + location.host + '/x')`,
      leaving: `addEventListener('pagehide', () => navigator.sendBeacon('/x', 'a'))`,
    };
    const byWorker = `const BY_WORKER = 'fetch("' + location.origin + '/x", { method: "POST", mode: "no-cors" })';`;
    const scripts = Object.values(tries).map((each) => `<script>${byWorker}${each}</script>`);
    const page = (script: string) => ({
      body: `${FORM}${script}<button type="button" onclick="fetch('/x', { method: 'POST' })">Look</button>`,
      headers: { 'content-security-policy-report-only': "img-src 'none'; report-uri /x" },
    });
    const pages = Object.fromEntries(scripts.map((each, n) => [`GET /${n}`, page(`${each}<img src="/picture">`)]));
    const worker = { body: `fetch('/x', { method: 'POST' })`, headers: { 'content-type': 'text/javascript' } };
    const { app, account, at } = await looking({ ...pages, 'GET /worker.js': worker, 'POST /x': '', 'POST /save': saved });
    let refused = 0;
    for (const [n] of scripts.entries()) {
      await account.go(at(`/${n}`));
      await account.click({ role: 'button', name: 'Look' });
      refused += account.refused().filter(({ why }) => why === 'not_announced').length;
    }
    await account.go(at('/done'));
    expect(written(app)).toEqual([]);
    expect(app.heard.filter(({ headers }) => headers.upgrade !== undefined)).toEqual([]);
    // Each page tried at least by its button, and most by their script as well.
    expect(refused).toBeGreaterThan(scripts.length * 1.5);
  });

  it('lets a request through that the recipe says is a reading, and no other of its kind', async () => {
    const script = `<script>for (const path of ['/search', '/search2']) fetch(path, { method: 'POST', body: 'smith' })
      .then((r) => r.text(), () => 'refused').then((t) => { document.body.append(t + ' '); })</script><h1>Search</h1>`;
    const app = await startWebApp({ 'GET /': script, 'POST /search': 'found', 'POST /search2': 'found' });
    closing.push(app.close);
    const origin = `http://127.0.0.1:${app.port}`;
    const account = await anAccount(browser, { reads: [{ method: 'POST', url: new URL(`${origin}/search`) }] });
    closing.push(account.close);
    await account.go(new URL(origin));
    await expect.poll(async () => JSON.stringify(await account.read())).toMatch(/refused/);
    await expect.poll(async () => JSON.stringify(await account.read())).toMatch(/found/);
    expect(written(app)).toEqual(['POST /search smith']);
  });

  verifies('browser:sent-or-not-is-exact', async () => {
    const twice = FORM.replace('<button', `<button onclick="this.form.requestSubmit(); fetch('/save', { method: 'POST', body: 'again' })"`);
    const again = `<script>const send = () => fetch('/save', { method: 'POST', body: 'a' }).catch(send); </script><button onclick="send()">Save</button>`;
    const stuck = '<button onclick="for (;;);">Save</button>';
    const idle = '<button>Save</button>';
    const lie = FORM.replace('/save', '/other');
    const limits = { ...LIMITS, head_ms: 500 };
    const cases: Record<string, { page: string; reply: Routes[string]; told: object; writes: number }> = {
      'is saved': { page: FORM, reply: saved, told: { sent: true, cut: null, status: 303 }, writes: 1 },
      'is pressed twice by the page': { page: twice, reply: saved, told: { sent: true, cut: null, status: 303 }, writes: 1 },
      'breaks the line': { page: FORM, reply: null, told: { sent: true, cut: 'no_answer', status: null }, writes: 1 },
      'breaks the line to a page that asks again': { page: again, reply: null, told: { sent: true, cut: 'no_answer' }, writes: 1 },
      'says nothing': { page: FORM, reply: () => new Promise<Reply>(() => {}), told: { sent: true, cut: 'too_slow' }, writes: 1 },
      'answers half': {
        page: FORM,
        reply: { headers: { 'content-length': '9' }, body: 'half' },
        told: { sent: true, cut: 'no_answer', status: 200 },
        writes: 1,
      },
      fails: { page: FORM, reply: { status: 500 }, told: { sent: true, cut: null, status: 500 }, writes: 1 },
      'sends it on': {
        page: FORM,
        reply: { status: 307, headers: { location: '/save?again' } },
        told: { sent: true, cut: null, status: 307 },
        writes: 1,
      },
      'has another form than we know': { page: lie, reply: saved, told: { sent: false, why: 'no_request' }, writes: 0 },
      'has a button that does nothing': { page: idle, reply: saved, told: { sent: false, why: 'no_request' }, writes: 0 },
      'has a button that hangs': { page: stuck, reply: saved, told: { sent: false }, writes: 0 },
      'has two such buttons': { page: FORM + FORM, reply: saved, told: { sent: false, why: 'ambiguous' }, writes: 0 },
      'has no such button': { page: '<h1>Please sign in</h1>', reply: saved, told: { sent: false, why: 'not_found' }, writes: 0 },
    };
    for (const [name, { page, reply, told, writes }] of Object.entries(cases)) {
      const { app, account, saving } = await looking({ 'GET /': page, 'POST /save': reply, 'POST /other': saved }, { step_ms: 1_000 });
      const submitted = await account.submit(saving({ limits }));
      expect([name, submitted]).toEqual([name, expect.objectContaining(told)]);
      // Nothing comes behind what was told.
      await account.close();
      expect([name, written(app).length]).toEqual([name, writes]);
    }
  });
});
