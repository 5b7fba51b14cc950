// A page of a listed vendor that wants to reach what it may not, in every way that a page has: whatever it tries is seen at our proxy, and no socket is opened for it; not by us, and not by
// Chromium, whose own calls to the kernel are read by strace: where a machine has none that is left out, and one line says so; in CI it fails.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect } from 'vitest';
import { findChromium } from '../../test/browser.ts';
import { anAuthority } from '../../test/builders/certificate.ts';
import { anAccount, describeWithChromium, startChromium } from '../../test/builders/chromium.ts';
import { anInternet } from '../../test/builders/internet.ts';
import { SPELLINGS } from '../../test/builders/spellings.ts';
import { type Routes, startWebApp } from '../../test/builders/web-app.ts';
import { verifies } from '../../test/promises.ts';
import { type Dial, OutsideError } from './dial.ts';
import { publicDial } from './dial-public.ts';

const NAME = 'vendor.example.com';
const ADDRESS = '93.184.215.14';
const STRACE = '/usr/bin/strace';
const MISSING = 'No strace was found, by which what Chromium asks of the kernel is read (Debian: apt-get install strace)';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Takes every connection to this machine at its port, by whatever address, and counts them. */
async function aTrap(): Promise<{ port: number; taken(): number }> {
  let taken = 0;
  const server = net.createServer((socket) => {
    taken += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '::', ipv6Only: false }, resolve));
  closing.push(() => server.close());
  return { port: (server.address() as net.AddressInfo).port, taken: () => taken };
}

/** Chromium, and what it and all its processes ask of the kernel's network. Without strace: Chromium alone, and null; in CI it throws. */
async function watched(): Promise<{ executable_path: string; calls(): Promise<string[] | null> }> {
  const chromium = findChromium() ?? '';
  if (!existsSync(STRACE) && process.env.CI) throw new Error(`${MISSING}.`);
  if (!existsSync(STRACE)) return { executable_path: chromium, calls: async () => null };
  const folder = await mkdtemp(path.join(os.tmpdir(), 'attending-strace-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const [file, trace] = [path.join(folder, 'chromium'), path.join(folder, 'trace')];
  const strace = `${STRACE} -f -qq -yy --seccomp-bpf -e trace=connect,sendto,sendmsg,sendmmsg -o ${trace}`;
  await writeFile(file, `#!/bin/sh\nexec ${strace} ${chromium} "$@"\n`);
  await chmod(file, 0o700);
  return {
    executable_path: file,
    calls: async () => (await readFile(trace, 'utf8')).split('\n').filter((line) => /AF_INET|<(TCP|UDP)/.test(line)),
  };
}

/** Scripts that try one spelling. HOST and PORT stand for it; the port is the trap's. Of these a browser makes a request at once. */
const SURE = [
  `image('https://HOST/')`,
  `asked('https://HOST/', { mode: 'no-cors' })`,
  `asked('https://HOST/', { mode: 'no-cors', method: 'POST', body: 'a' })`,
];
const LIGHT = [
  `image('http://HOST:PORT/')`,
  `image('https://HOST:8443/a.png')`,
  `asked('http://HOST:PORT/', { mode: 'no-cors', credentials: 'include' })`,
  `asked('/to?u=' + encodeURIComponent('https://HOST/'), { mode: 'no-cors' })`,
  `asked('/to?u=' + encodeURIComponent('http://HOST:PORT/'), { mode: 'no-cors' })`,
  `link('dns-prefetch', 'https://HOST/')`,
  `link('preconnect', 'http://HOST:PORT/')`,
  `link('prefetch', 'https://HOST/')`,
  `link('stylesheet', 'https://HOST/')`,
  `until(new EventSource('https://HOST/'))`,
  `until(new WebSocket('wss://HOST/'))`,
  `until(new WebSocket('ws://HOST:PORT/'))`,
  `navigator.sendBeacon('https://HOST/', 'a')`,
];
/** Those that take longer, each for a few. */
const HEAVY = [
  `frame({ src: 'https://HOST/' })`,
  `frame({ src: 'http://HOST:PORT/' })`,
  `frame({ srcdoc: '<meta http-equiv="refresh" content="0;url=http://HOST:PORT/">' })`,
  `frame({ srcdoc: '<form id=f method=post action="http://HOST:PORT/"></form><script>f.submit()</scr' + 'ipt>' })`,
  `frame({ srcdoc: '<form id=f action="https://HOST/"><input name=a></form><script>f.submit()</scr' + 'ipt>' })`,
  `frame({ srcdoc: '<base href="http://HOST:PORT/"><img src=a><object data=b></object><video src=c></video><link rel=icon href=d>' })`,
  `window.open('http://HOST:PORT/')`,
  `worker('fetch("http://HOST:PORT/", { mode: "no-cors" })')`,
  `worker('importScripts("https://HOST/")')`,
  `peer([{ urls: 'stun:HOST:PORT' }, { urls: 'turn:HOST:PORT?transport=tcp', username: 'a', credential: 'b' }])`,
  `new WebTransport('https://HOST:PORT/')`,
];
const PAGE = `<h1>Trying</h1><script>
const all = [];
const settled = (begin) => all.push(new Promise((done) => { begin(done); setTimeout(done, 1500); }));
const until = (each) => settled((done) => { each.onerror = each.onopen = () => { each.close(); done(); }; });
const image = (src) => settled((done) => { const i = new Image(); i.onload = i.onerror = done; i.src = src; });
const asked = (...of) => settled((done) => fetch(...of).then(done, done));
const link = (rel, href) => document.head.append(Object.assign(document.createElement('link'), { rel, href }));
const frame = (has) => settled((done) => document.body.append(Object.assign(document.createElement('iframe'), has, { onload: () => setTimeout(done, 200) })));
const worker = (text) => settled(() => new Worker(URL.createObjectURL(new Blob([text]))));
const peer = (iceServers) => { const p = new RTCPeerConnection({ iceServers }); p.createDataChannel('a'); p.createOffer().then((o) => p.setLocalDescription(o)); };
TRIES
Promise.all(all).then(() => { document.querySelector('h1').textContent = 'Tried'; });
</script>`;
const page = (tries: readonly string[]) => PAGE.replace('TRIES', () => tries.map((each) => `try { ${each} } catch {}`).join('\n'));

describeWithChromium('a page that wants out', () => {
  verifies(
    'browser:reaches-only-listed-hosts',
    async () => {
      const trap = await aTrap();
      const literal = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'").replaceAll('<', '\\x3c');
      const fill = (script: string, host: string) => script.replaceAll('HOST', () => literal(host)).replaceAll('PORT', String(trap.port));
      const light = SPELLINGS.flatMap(({ host }, n) =>
        [SURE[n % SURE.length], LIGHT[n % LIGHT.length]].map((script) => fill(script ?? '', host)),
      );
      const heavy = SPELLINGS.filter((_, n) => n % 12 === 0).map(({ host }, n) => fill(HEAVY[n % HEAVY.length] ?? '', host));
      const own = ['127.0.0.1', 'localhost', '[::1]'].flatMap((host) => [...LIGHT, ...HEAVY].map((script) => fill(script, host)));
      const parts = Array.from({ length: 4 }, (_, n) => page([...light, ...heavy, ...own].filter((_, at) => at % 4 === n)));
      const routes: Routes = Object.fromEntries(parts.map((part, n) => [`GET /${n}`, part]));
      const wayTo = (at: string) => Buffer.from(new URL(at, 'http://a').searchParams.get('u') ?? '').toString('latin1');
      const to: Routes = { 'GET /to': ({ path }) => ({ status: 302, headers: { location: wayTo(path).replaceAll(/\p{Cc}/gu, '') } }) };
      const authority = anAuthority();
      const app = await startWebApp({ ...routes, ...to }, authority.certify(NAME));
      closing.push(app.close);
      const internet = anInternet({ hosts: [NAME], names: { [NAME]: [ADDRESS] }, listeners: { [ADDRESS]: app.port }, ca: authority.ca });
      const refused = new Set<string>();
      const dial: Dial = async (where, timeout_ms) => {
        try {
          return await publicDial(internet)(where, timeout_ms);
        } catch (error) {
          if (error instanceof OutsideError) refused.add(where.host);
          throw error;
        }
      };
      const { executable_path, calls } = await watched();
      const browser = await startChromium(executable_path);
      closing.push(browser.close);
      const account = await anAccount(browser, { dial, step_ms: 20_000 });
      for (const n of parts.keys()) {
        expect(await account.go(new URL(`https://${NAME}/${n}`))).toEqual({ done: true });
        expect(await account.see({ role: 'heading', name: 'Tried' })).toEqual({ done: true });
      }
      for (const where of [`http://127.0.0.1:${trap.port}/`, 'http://169.254.169.254/', 'https://10.0.0.1/']) {
        expect(await account.go(new URL(where))).toEqual({ done: false, why: 'not_allowed' });
        expect(await account.go(new URL(`https://${NAME}/to?u=${encodeURIComponent(where)}`))).toEqual({ done: false, why: 'not_allowed' });
      }
      for (const where of [
        'file:///etc/passwd',
        'chrome://version',
        'view-source:https://vendor.example.com/',
        'data:text/html,a',
        'ftp://127.0.0.1/',
        'javascript:alert(1)',
      ])
        expect(await account.go(new URL(where))).toEqual({ done: false, why: 'not_allowed' });
      await account.close();
      await browser.close();

      // They were tried: whatever a URL can say was asked for at the proxy. What writes got no further than that.
      const said = SPELLINGS.filter(({ host }, n) => n % SURE.length !== 2 && URL.canParse(`https://${host}/`));
      const hosts = new Set(said.map(({ host }) => new URL(`https://${host}/`).hostname));
      expect([...hosts].filter((host) => !refused.has(host) && host !== NAME)).toEqual([]);
      expect([SPELLINGS.length > 400, said.length > 200]).toEqual([true, true]);
      expect(trap.taken()).toBe(0);
      expect(new Set(internet.opened)).toEqual(new Set([ADDRESS]));
      expect(new Set(internet.asked)).toEqual(new Set([NAME]));
      const told = await calls();
      if (told === null) return console.log(`${MISSING}: that was left out.`);
      const tcp = told.filter((line) => line.includes('connect(') && line.includes('<TCP'));
      const proxies = new Set(tcp.map((line) => line.replace(/^.*sin6?_port=htons\((\d+)\), .*?"([\d.:a-f]+)".*$/, '$2:$1')));
      expect([...proxies]).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
      // A UDP socket is only ever asked which of our own addresses it would speak from (RFC 6724); nothing goes out of it.
      expect(told.filter((line) => /\bsend\w*\(/.test(line) && line.includes('<UDP'))).toEqual([]);
      return undefined;
    },
    120_000,
  );
});
