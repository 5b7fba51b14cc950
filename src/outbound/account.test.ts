// The egress of one account: whose cookies go where, and which ways elsewhere are gone.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, anAuthority } from '../../test/builders/certificate.ts';
import { answer, type Listening, listening } from '../../test/builders/https.ts';
import { anInternet, type Played } from '../../test/builders/internet.ts';
import { systemClock } from '../base/clock.ts';
import { type Account, openAccount } from './account.ts';
import { publicDial } from './dial-public.ts';
import { LIMITS } from './exchange.ts';

const VENDOR = 'vendor.example.com';
const LOGIN = 'login.example.net';
const INSIDE = 'inside.example.com';
const [HERE, THERE] = ['93.184.215.14', '93.184.215.15'];
const mayWrite = async () => ({ good_until_ms: systemClock.elapsed() + 60_000 });

let authority: Authority;
let internet: Played;
let servers: Record<string, Listening> = {};
/** What each path of each host answers. */
let pages: Record<string, string> = {};
beforeAll(() => {
  authority = anAuthority();
});
afterEach(async () => {
  for (const server of Object.values(servers)) await server.close();
  [servers, pages] = [{}, {}];
});

async function anAccount(cookies?: string): Promise<Account> {
  for (const host of [VENDOR, LOGIN])
    servers[host] ??= await listening((socket) => {
      const path = /^\w+ (\S+)/.exec(servers[host]?.heard.at(-1) ?? '')?.[1];
      socket.end(pages[`${host}${path}`] ?? answer(404));
    }, authority.certify(host));
  internet = anInternet({
    hosts: [VENDOR, LOGIN, INSIDE],
    names: { [VENDOR]: [HERE], [LOGIN]: [THERE], [INSIDE]: ['10.0.0.1'] },
    listeners: { [HERE]: servers[VENDOR]?.port ?? 0, [THERE]: servers[LOGIN]?.port ?? 0 },
    ca: authority.ca,
  });
  return openAccount({
    clock: systemClock,
    user_agent: 'Attending',
    dial: publicDial(internet),
    ...(cookies !== undefined && { cookies }),
  });
}
const get = (account: Account, path: string, more: Partial<Parameters<Account['ask']>[1]> = {}, headers = {}) =>
  account.ask({ method: 'GET', url: new URL(`https://${VENDOR}${path}`), headers }, { mayWrite, ...more });
const cookiesSent = (host: string) => servers[host]?.heard.map((request) => /^cookie: (.*)$/im.exec(request)?.[1]?.trim() ?? '');
const to = (location: string, status = 302) => answer(status, { location });

describe('cookies', () => {
  it('go back to the host that set them, and outlive the process', async () => {
    pages[`${VENDOR}/`] = answer(200, { 'set-cookie': 'sid=7; Secure; HttpOnly; Path=/' }, 'hello');
    pages[`${LOGIN}/`] = answer(200);
    const account = await anAccount();
    await get(account, '/');
    await get(account, '/');
    await account.ask({ method: 'GET', url: new URL(`https://${LOGIN}/`) }, { mayWrite });
    const later = await anAccount(account.cookies());
    await get(later, '/');
    expect(cookiesSent(VENDOR)).toEqual(['', 'sid=7', 'sid=7']);
    expect(cookiesSent(LOGIN)).toEqual(['']);
  });
  it('are the account’s own: another account on the same host has none of them', async () => {
    pages[`${VENDOR}/`] = answer(200, { 'set-cookie': 'sid=7' });
    const [one, other] = [await anAccount(), await anAccount()];
    await get(one, '/');
    await get(other, '/');
    expect(cookiesSent(VENDOR)).toEqual(['', '']);
    expect([one, other].map((each) => JSON.parse(each.cookies()).cookies.length)).toEqual([1, 1]);
  });
  it('are kept of an answer that broke off, of a way elsewhere, and of nobody who sets them for somebody else', async () => {
    pages[`${VENDOR}/broken`] = `HTTP/1.1 200 OK\r\ncontent-length: 100\r\nset-cookie: a=1; Path=/\r\n\r\n{}`;
    pages[`${VENDOR}/on`] = answer(302, { location: '/', 'set-cookie': 'b=2; Path=/' });
    pages[`${VENDOR}/evil`] =
      'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nset-cookie: c=3; Domain=com\r\nset-cookie: d=4; Domain=example.net\r\nset-cookie: \u0000=;;;\r\n\r\n';
    pages[`${VENDOR}/`] = answer(200);
    const account = await anAccount();
    expect(await get(account, '/broken')).toMatchObject({ sent: true, cut: 'no_answer' });
    await get(account, '/evil');
    await get(account, '/on', { redirects: 1 });
    expect(cookiesSent(VENDOR)).toEqual(['', 'a=1', 'a=1', 'a=1; b=2']);
  });
});

describe('a way elsewhere', () => {
  const visited = () =>
    [VENDOR, LOGIN].flatMap((host) => servers[host]?.heard.map((request) => `${host}${/^\w+ (\S+)/.exec(request)?.[1]}`));

  it('is gone where that is asked for, twice at most', async () => {
    pages[`${VENDOR}/a`] = to('/b');
    pages[`${VENDOR}/b`] = to(`https://${LOGIN}/c`, 307);
    pages[`${LOGIN}/c`] = to('/d');
    const account = await anAccount();
    expect(await get(account, '/a')).toMatchObject({ status: 302, url: new URL(`https://${VENDOR}/a`), not_followed: 'too_many' });
    expect(await get(account, '/a', { redirects: 1 })).toMatchObject({
      status: 307,
      url: new URL(`https://${VENDOR}/b`),
      not_followed: 'too_many',
    });
    expect(await get(account, '/a', { redirects: 2 })).toMatchObject({
      status: 302,
      url: new URL(`https://${LOGIN}/c`),
      not_followed: 'too_many',
    });
    pages[`${LOGIN}/c`] = answer(200, {}, 'arrived');
    expect(await get(account, '/a', { redirects: 2 })).toMatchObject({
      status: 200,
      url: new URL(`https://${LOGIN}/c`),
      body: Buffer.from('arrived'),
    });
    expect(visited()).not.toContain(`${LOGIN}/d`);
  });

  it.each<[string, string, string]>([
    ['inside', `https://${INSIDE}/`, 'not_allowed'],
    ['to an address', 'https://169.254.169.254/latest/meta-data/', 'not_allowed'],
    ['to an address as one number', 'https://2852039166/', 'not_allowed'],
    ['by another protocol', `http://${VENDOR}/d`, 'less_safe'],
    ['to a file', 'file:///etc/passwd', 'less_safe'],
    ['to a script', 'javascript:alert(1)', 'less_safe'],
    ['without a protocol', '//10.0.0.1/', 'not_allowed'],
    ['without a protocol, to a host that is not listed', '//evil.example.com/', 'not_allowed'],
    ['with a name in front', `https://${VENDOR}@10.0.0.1/`, 'not_allowed'],
    ['with a name in front of a listed host', `https://user:password@${VENDOR}/d`, 'not_allowed'],
    ['with backslashes', '\\\\10.0.0.1\\', 'not_allowed'],
    ['with spaces', ' \t//10.0.0.1/', 'not_allowed'],
    ['to another port', `https://${VENDOR}:22/`, 'not_allowed'],
  ])('that leads %s is not gone, at the first step and at the second', async (_, location, why) => {
    const account = await anAccount();
    pages[`${VENDOR}/a`] = to(location);
    pages[`${VENDOR}/b`] = to('/a', 301);
    expect(await get(account, '/a', { redirects: 2 })).toMatchObject({ status: 302, not_followed: why });
    expect(await get(account, '/b', { redirects: 2 })).toMatchObject({
      status: 302,
      not_followed: why,
      url: new URL(`https://${VENDOR}/a`),
    });
    expect(new Set(internet.opened)).toEqual(new Set([HERE]));
    expect(visited()).toEqual([`${VENDOR}/a`, `${VENDOR}/b`, `${VENDOR}/a`]);
  });

  it('asks for the right to write at each step', async () => {
    pages[`${VENDOR}/a`] = to('/b');
    pages[`${VENDOR}/b`] = answer(200);
    const account = await anAccount();
    let asked = 0;
    const once = async () => (asked++ === 0 ? mayWrite() : null);
    expect(await get(account, '/a', { redirects: 2, mayWrite: once })).toMatchObject({ status: 302, not_followed: 'fence_lost' });
    // One turn at the vendor's pace is one request: the way on is another.
    let turns = 1;
    const oneTurn = async () => ({ ...(await mayWrite()), mayLeave: () => turns-- > 0 });
    expect(await get(account, '/a', { redirects: 2, mayWrite: oneTurn })).toMatchObject({ status: 302, not_followed: 'no_time' });
    expect(visited()).toEqual([`${VENDOR}/a`, `${VENDOR}/a`]);
  });

  it('takes to another host nothing that was said to the first', async () => {
    pages[`${VENDOR}/a`] = answer(302, { location: `https://${LOGIN}/b`, 'set-cookie': 'sid=7' });
    pages[`${LOGIN}/b`] = answer(200);
    pages[`${VENDOR}/c`] = to('/d');
    const headers = { authorization: 'Bearer secret', 'x-csrf': 'secret', accept: 'text/html' };
    const account = await anAccount();
    await get(account, '/a', { redirects: 1 }, headers);
    expect(servers[LOGIN]?.heard[0]).toMatch(/accept: text\/html/);
    expect(servers[LOGIN]?.heard[0]).not.toMatch(/secret|sid=7/);
    await get(account, '/c', { redirects: 1 }, headers);
    expect(servers[VENDOR]?.heard.at(-1)).toMatch(/GET \/d[\s\S]*authorization: Bearer secret[\s\S]*/);
  });

  it('is never gone for anything but GET and HEAD: the answer to a write is the answer', async () => {
    const account = await anAccount();
    for (const status of [301, 302, 303, 307, 308]) {
      pages[`${VENDOR}/write`] = to('/b', status);
      const told = await account.ask({ method: 'POST', url: new URL(`https://${VENDOR}/write`), body: 'x' }, { mayWrite, redirects: 2 });
      expect(told).toMatchObject({ sent: true, status, url: new URL(`https://${VENDOR}/write`) });
      expect(told).not.toHaveProperty('not_followed');
    }
    expect(new Set(visited())).toEqual(new Set([`${VENDOR}/write`]));
  });

  it('round in a circle ends, and all steps together keep to one time', async () => {
    const account = await anAccount();
    pages[`${VENDOR}/a`] = to('/a');
    expect(await get(account, '/a', { redirects: 2 })).toMatchObject({ status: 302, not_followed: 'too_many' });
    expect(visited()).toHaveLength(3);
    pages[`${VENDOR}/slow`] = `HTTP/1.1 302 X\r\nlocation: /hangs\r\ncontent-length: 0\r\n\r\n`;
    pages[`${VENDOR}/hangs`] = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n';
    const began = systemClock.elapsed();
    await get(account, '/slow', { redirects: 2, limits: { ...LIMITS, total_ms: 1_000 } });
    expect(systemClock.elapsed() - began).toBeLessThan(5_000);
  });
});
