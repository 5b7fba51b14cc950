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
const FORM = `<link rel=icon href="data:,"><h1>Visit</h1><form method="post" action="/save"><label>Note <input name="note"></label><button>Save</button></form>`;
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

  verifies(
    'browser:nothing-writes-by-accident',
    async () => {
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
        body: `${FORM}${script}`,
        headers: { 'content-security-policy-report-only': "img-src 'none'; report-uri /x" },
      });
      const pages = Object.fromEntries(scripts.map((each, n) => [`GET /${n}`, page(`${each}<img src="/picture">`)]));
      const worker = { body: `fetch('/x', { method: 'POST' })`, headers: { 'content-type': 'text/javascript' } };
      const { app, account, at } = await looking({ ...pages, 'GET /worker.js': worker, 'POST /x': '', 'POST /save': saved });
      const refused: number[] = [];
      for (const n of scripts.keys()) {
        await account.go(at(`/${n}`));
        // Some wait for the page to be left.
        await account.go(at('/done'));
        refused.push(account.refused().filter(({ why }) => why === 'not_announced').length);
      }
      expect(written(app)).toEqual([]);
      expect(app.heard.filter(({ headers }) => headers.upgrade !== undefined)).toEqual([]);
      // Each page was refused something.
      expect(Math.min(...refused)).toBeGreaterThan(0);
    },
    60_000,
  );

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

  it('presses nothing where what was named as the write is let through as a reading', async () => {
    const app = await startWebApp({ 'GET /': FORM, 'POST /save': saved });
    closing.push(app.close);
    const save = new URL(`http://127.0.0.1:${app.port}/save`);
    const account = await anAccount(browser, { reads: [{ method: 'POST', url: save }] });
    closing.push(account.close);
    expect(await account.go(new URL('/', save))).toEqual({ done: true });
    const press = { role: 'button', name: 'Save' } as const;
    expect(await account.submit({ press, write: { method: 'POST', url: save }, mayWrite: always })).toEqual({
      ...{ sent: false, why: 'not_a_write' },
    });
    expect(written(app)).toEqual([]);
  });

  verifies(
    'browser:sent-or-not-is-exact',
    async () => {
      const twice = FORM.replace(
        '<button',
        `<button onclick="this.form.requestSubmit(); fetch('/save', { method: 'POST', body: 'again' })"`,
      );
      const again = `<script>let left = 4; const send = () => left-- && fetch('/save', { method: 'POST', body: 'a' }).catch(send);</script><button onclick="send()">Save</button>`;
      const stuck = '<button onclick="for (;;);">Save</button>';
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
        'has a button that hangs': { page: stuck, reply: saved, told: { sent: false }, writes: 0 },
        'has two such buttons': { page: FORM + FORM, reply: saved, told: { sent: false, why: 'ambiguous' }, writes: 0 },
        'has no such button': { page: '<h1>Please sign in</h1>', reply: saved, told: { sent: false, why: 'not_found' }, writes: 0 },
      };
      for (const [name, { page, reply, told, writes }] of Object.entries(cases)) {
        // What never comes is not waited for long.
        const step_ms = writes === 0 ? 2_500 : 20_000;
        const { app, account, saving } = await looking({ 'GET /': page, 'POST /save': reply, 'POST /other': saved }, { step_ms });
        const submitted = await account.submit(saving({ limits }));
        expect([name, submitted]).toEqual([name, expect.objectContaining(told)]);
        // Nothing comes behind what was told.
        await account.close();
        expect([name, written(app).length]).toEqual([name, writes]);
      }
    },
    60_000,
  );

  verifies('browser:never-logs-out-or-locks', async () => {
    const buttons: Record<string, string> = {
      'Log out': '<button>Log out</button>',
      'Exit 1': '<button aria-label="Exit 1" onclick="location = \'/out\'">Sign&nbsp;out</button>',
      'Exit 2': '<button aria-label="Exit 2"><img alt="Log off"></button>',
      'Save and lock': '<button aria-labelledby="a b">x</button><i id="a">Save and</i><i id="b">lock</i>',
      Done: '<input type="submit" value="Lock" aria-label="Done">',
      Bye: '<a role="button" href="/out" title="End session">Bye</a>',
      Now: '<div role="button" aria-label="Log off" onclick="location = \'/out\'"><button>Now</button></div>',
      Lock: '<button>Lock <span hidden>it</span></button>',
    };
    const page = `<form action="/out" method="post">${Object.values(buttons).join('')}</form>`;
    const first = await looking({ 'GET /': page, 'GET /out': 'out', 'POST /out': 'out' });
    for (const name of Object.keys(buttons)) {
      const press = { role: 'button', name } as const;
      expect([name, await first.account.click(press)]).toEqual([name, { done: false, why: 'never_clicked' }]);
      expect([name, await first.account.submit(first.saving({ press }))]).toEqual([name, { sent: false, why: 'never_clicked' }]);
    }
    expect(first.app.lines()).toEqual(['GET /']);
    const { app, account, at } = await looking({ 'GET /': '<nav><a href="/done">Schedule</a> <a href="/out">Log out</a></nav>' });
    expect(await account.click({ role: 'link', name: 'Schedule' })).toEqual({ done: true });
    expect(await account.see({ role: 'heading', name: 'Saved' })).toEqual({ done: true });
    expect([app.lines(), at('/').pathname]).toEqual([['GET /', 'GET /done'], '/']);
  });

  verifies('browser:link-opens-alone', async () => {
    const confirm =
      '<h1>Is it you?</h1><form method="post" action="/yes"><button>Yes, it is me</button></form><form method="post" action="/no"><button>No</button></form>';
    const cookie = { headers: { 'set-cookie': 'pending=1; Path=/' }, body: '<h1>Look into your mail</h1>' };
    const { app, account, at } = await looking({
      ...{
        'GET /': cookie,
        'GET /confirm': confirm,
        'POST /yes': saved,
        'POST /no': saved,
        'GET /on': { status: 302, headers: { location: '/confirm' } },
      },
    });
    const elsewhere = await startWebApp({ 'GET /': '<h1>Elsewhere</h1>' });
    closing.push(elsewhere.close);
    const link = { hosts: ['127.0.0.1'], maySpeak: always, step_ms: 20_000 };
    expect(await browser.openLink({ ...link, url: at('/on') })).toMatchObject({
      shown: { url: at('/confirm').href, status: 200, html: expect.stringContaining('Is it you?') },
    });
    expect(written(app)).toEqual([]);
    const submission: Submission = {
      press: { role: 'button', name: 'Yes, it is me' },
      write: { method: 'POST', url: at('/yes') },
      mayWrite: always,
    };
    const opened = await browser.openLink({ ...link, url: at('/confirm'), submission, see: { role: 'heading', name: 'Saved' } });
    expect(opened).toMatchObject({ submitted: { sent: true, status: 303 }, shown: { url: at('/done').href } });
    expect(written(app)).toEqual(['POST /yes ']);
    // Nothing of the account went along, and nothing of the link came to it.
    const confirmed = app.heard.filter(({ path }) => path !== '/' && path !== '/favicon.ico');
    expect(confirmed.map(({ headers }) => headers.cookie)).toEqual(confirmed.map(() => undefined));
    await account.go(at('/'));
    expect(app.heard.at(-1)?.headers.cookie ?? app.heard.findLast(({ path }) => path === '/')?.headers.cookie).toBe('pending=1');
    // It leads where it may, and nowhere else.
    for (const url of [`http://localhost:${elsewhere.port}/`, 'file:///etc/passwd', `http://a:b@127.0.0.1:${elsewhere.port}/`])
      expect(await browser.openLink({ ...link, url: new URL(url) })).toEqual({ done: false, why: 'not_allowed' });
    expect(await browser.openLink({ ...link, hosts: [], url: at('/confirm') })).toEqual({ done: false, why: 'not_allowed' });
    expect(await browser.openLink({ ...link, maySpeak: async () => null, url: at('/confirm') })).toEqual({
      done: false,
      why: 'fence_lost',
    });
    const no: Submission = { ...submission, mayWrite: async () => null };
    expect(await browser.openLink({ ...link, url: at('/confirm'), submission: no })).toMatchObject({
      submitted: { sent: false, why: 'fence_lost' },
    });
    expect([elsewhere.lines(), written(app)]).toEqual([[], ['POST /yes ']]);
  });

  it('keeps two accounts apart, also at one vendor', async () => {
    const set = ({ path }: { path: string }): Reply => ({
      headers: { 'set-cookie': `of=${path.split('?')[1]}; Path=/` },
      body: `<script>localStorage.setItem('of', location.search)</script><h1>Set</h1>`,
    });
    const told = `<h1>Told</h1><script>document.querySelector('h1').textContent = document.cookie + localStorage.getItem('of')</script>`;
    const { account: ada, at } = await looking({ 'GET /set': set, 'GET /told': told });
    const ben = await anAccount(browser);
    closing.push(ben.close);
    await Promise.all([ada.go(at('/set?ada')), ben.go(at('/set?ben'))]);
    await Promise.all([ada.go(at('/told')), ben.go(at('/told'))]);
    expect(await ada.see({ role: 'heading', name: 'of=ada?ada' })).toEqual({ done: true });
    expect(await ben.see({ role: 'heading', name: 'of=ben?ben' })).toEqual({ done: true });
  });

  it('takes no file and opens no second page', async () => {
    const file = {
      headers: { 'content-disposition': 'attachment; filename=chart.pdf', 'content-type': 'application/pdf' },
      body: 'a chart',
    };
    const { app, account, at } = await looking({
      'GET /file': file,
      'GET /': `${FORM}<a href="/file">Chart</a><a href="/done" target="_blank">Beside</a>`,
    });
    expect(await account.go(at('/file'))).toEqual({ done: false, why: 'no_page' });
    await account.go(at('/'));
    expect(await account.click({ role: 'link', name: 'Beside' })).toEqual({ done: true });
    expect(await account.see({ role: 'button', name: 'Save' })).toEqual({ done: true });
    expect(app.lines()).toContain('GET /file');
  });

  it('sends nothing any more once it is closed, while a form waits for its right as well', async () => {
    const { app, account, saving } = await looking({ 'POST /save': saved });
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer = (_: null) => {};
    const mayWrite: MayWrite = () => {
      asked();
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const submitted = account.submit(saving({ mayWrite }));
    await isAsked;
    await account.close();
    answer(null);
    expect(await submitted).toEqual({ sent: false, why: 'fence_lost' });
    expect(written(app)).toEqual([]);
    expect(await account.submit(saving())).toMatchObject({ sent: false, why: 'browser_gone' });
    expect(await account.go(new URL(`http://127.0.0.1:${app.port}/`))).toEqual({ done: false, why: 'browser_gone' });
    expect(await account.read()).toEqual({ done: false, why: 'browser_gone' });
  });
});
