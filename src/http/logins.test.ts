// Signing in over real HTTP, as a browser does it: the cookies, who may send what, and where a login is good.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../../test/app.ts';
import { aBrowser, codeOf, forgetCodes, type Staff, wrongCodeFor } from '../../test/builders/staff.ts';
import { verifies } from '../../test/promises.ts';
import type { Role } from '../governance/roles.ts';
import { openServer } from './server.ts';

let attending: Attending;
beforeAll(async () => {
  attending = await startAttending();
});
afterAll(() => attending.close());
beforeEach(async () => {
  await forgetCodes(attending.admin);
  await attending.admin.query('truncate guard.budgets');
});

const staff = (role: Role): Staff => {
  const found = attending.tenants[0]?.staff.find((each) => each.role === role);
  if (!found) throw new Error(`no ${role} can sign in`);
  return found;
};
const signedIn = async (role: Role = 'owner') => {
  const browser = aBrowser(attending.url);
  const { user } = await browser.signIn(staff(role));
  return { ...browser, user };
};
const typeOf = async (answer: Response) => {
  const { type = '' } = (await answer.json()) as { type?: string };
  return [answer.status, type.split('/').at(-1)];
};

describe('a login', () => {
  it('is begun by a password, made by a code, and says who one is', async () => {
    const browser = aBrowser(attending.url);
    const { email, password, totp_secret } = staff('physician');
    const first = await browser.post('/admin/session', { email: ` ${email.toUpperCase()} `, password });
    const { challenge, ...rest } = (await first.json()) as { challenge: string };
    expect([first.status, rest, first.headers.getSetCookie()]).toEqual([200, { needs: 'totp' }, []]);
    expect(challenge).toMatch(/^mscc_/);
    expect((await browser.post('/admin/session/totp', { challenge, code: wrongCodeFor(totp_secret) })).status).toBe(401);
    const second = await browser.post('/admin/session/totp', { challenge, code: codeOf(totp_secret) });
    const { user } = (await second.json()) as { user: Record<string, unknown> };
    expect(user).toMatchObject({
      email,
      role: 'physician',
      clinic: attending.tenants[0]?.name,
      tenant_id: attending.tenants[0]?.tenant_id,
      licensed: true,
    });
    expect(Object.keys(user).sort()).toEqual(
      'clinic display_name email licensed mfa_at mfa_fresh mfa_minutes permissions practitioner_id role tenant_id time_zone user_id'.split(
        ' ',
      ),
    );
    expect(await (await browser.send('/admin/session')).json()).toEqual({ user });
  });

  it('sets cookies that no script reads, no other site sends, and that stay below /admin', async () => {
    const browser = aBrowser(attending.url);
    const { email, password, totp_secret } = staff('nurse');
    const { challenge } = (await (await browser.post('/admin/session', { email, password })).json()) as { challenge: string };
    const set = (await browser.post('/admin/session/totp', { challenge, code: codeOf(totp_secret) })).headers.getSetCookie();
    expect(set.map((line) => line.replace(/_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/, ''))).toEqual([
      'attending_login=mscl; Path=/admin; HttpOnly; SameSite=Strict',
      'attending_device=mscd; Max-Age=15552000; Path=/admin; HttpOnly; SameSite=Strict',
    ]);
  });

  it('sets them for https alone where the world comes by https', async () => {
    const { gate, clock, random, log, logins } = attending.app;
    const app = openServer({ gate, logins, catalogue: [], log, random, clock, version: '1', public_url: 'https://desk.example' });
    const ask = (path: string, body: object) =>
      app.request(`https://desk.example${path}`, {
        method: 'POST',
        headers: { host: 'desk.example', 'x-attending': '1', origin: 'https://desk.example', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { email, password, totp_secret } = staff('quality');
    const { challenge } = (await (await ask('/admin/session', { email, password })).json()) as { challenge: string };
    const set = (await ask('/admin/session/totp', { challenge, code: codeOf(totp_secret) })).headers.getSetCookie();
    expect(set.map((line) => line.endsWith('; HttpOnly; Secure; SameSite=Strict'))).toEqual([true, true]);
    const plain = await app.request('http://desk.example/admin/session', {
      headers: { host: 'desk.example', origin: 'http://desk.example' },
    });
    expect(plain.status).toBe(403);
  });

  it('of one person is no login of another, and each can have several', async () => {
    const one = await signedIn();
    await forgetCodes(attending.admin);
    const [other, nurse] = [await signedIn(), await signedIn('nurse')];
    expect(one.user.user_id).toBe(other.user.user_id);
    expect(nurse.user.user_id).not.toBe(one.user.user_id);
    await other.send('/admin/session', { method: 'DELETE' });
    expect([(await one.send('/admin/session')).status, (await other.send('/admin/session')).status]).toEqual([200, 401]);
  });

  it('gives its second factor anew', async () => {
    const browser = await signedIn();
    await attending.admin.query("update guard.grants set mfa_at = mfa_at - interval '9 hours' where kind = 'login'");
    expect(((await (await browser.send('/admin/session')).json()) as { user: object }).user).toMatchObject({ mfa_fresh: false });
    await forgetCodes(attending.admin);
    const renewed = await browser.post('/admin/session/mfa', { code: codeOf(staff('owner').totp_secret) });
    expect([renewed.status, Object.keys((await renewed.json()) as object)]).toEqual([200, ['mfa_at']]);
    expect(((await (await browser.send('/admin/session')).json()) as { user: object }).user).toMatchObject({ mfa_fresh: true });
    expect((await aBrowser(attending.url).post('/admin/session/mfa', { code: '123456' })).status).toBe(401);
  });
});

verifies('login:cookie-only-at-admin', async () => {
  const browser = await signedIn();
  const login = browser.cookies.get('attending_login') ?? '';
  const bearer = attending.tokens.owner;
  expect((await browser.send('/admin/v1')).status).toBe(200);
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'connection_status', arguments: {} } };
  const ask = (path: string, secret: string, init: RequestInit = {}) =>
    fetch(`${attending.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    });
  const mcp = { method: 'POST', body: JSON.stringify(call) };
  for (const [path, init] of [
    ['/mcp', mcp],
    ['/api/mcp/v1', mcp],
    ['/api/v1', {}],
    ['/api/v1/connection', {}],
    ['/api/v1/patients', {}],
  ] as const) {
    expect([path, (await ask(path, login, init)).status]).toEqual([path, 401]);
    expect([path, (await ask(path, bearer, init)).status]).not.toEqual([path, 401]);
  }
  const at_the_desk = [
    { cookie: `attending_login=${bearer}` },
    { authorization: `Bearer ${bearer}` },
    { authorization: `Bearer ${login}` },
    {},
  ];
  for (const headers of at_the_desk)
    for (const path of ['/admin/v1', '/admin/v1/drafts', '/admin/session'])
      expect([path, (await fetch(`${attending.url}${path}`, { headers: headers as Record<string, string> })).status]).toEqual([path, 401]);
});

verifies('login:revoked-next-call-401', async () => {
  for (const end of ['sign_out', 'revoke', 'inactive'] as const) {
    await forgetCodes(attending.admin);
    const browser = await signedIn('nurse');
    const login = browser.cookies.get('attending_login') ?? '';
    const ask = async () => [
      (await fetch(`${attending.url}/admin/v1`, { headers: { cookie: `attending_login=${login}` } })).status,
      (await fetch(`${attending.url}/admin/session`, { headers: { cookie: `attending_login=${login}` } })).status,
      (await fetch(`${attending.url}/admin/v1/drafts`, { headers: { cookie: `attending_login=${login}` } })).status,
    ];
    expect(await ask()).toEqual([200, 200, 200]);
    if (end === 'sign_out') {
      expect((await browser.send('/admin/session', { method: 'DELETE' })).status).toBe(204);
      expect([...browser.cookies.keys()]).toEqual(['attending_device']);
    }
    if (end === 'revoke') await attending.admin.query("update guard.grants set revoked_at = clock_timestamp() where kind = 'login'");
    if (end === 'inactive') await attending.admin.query('update data.users set active = false where id = $1', [browser.user.user_id]);
    expect([end, ...(await ask())]).toEqual([end, 401, 401, 401]);
    await attending.admin.query('update data.users set active = true where id = $1', [browser.user.user_id]);
  }
});

verifies('login:no-foreign-page', async () => {
  const browser = await signedIn();
  const live = async () => (await browser.send('/admin/session')).status;
  // A form or an image of another site sends no header of ours; a script that sets one asks first, and is told no.
  for (const headers of [
    { 'x-attending': '' },
    { origin: 'https://evil.example' },
    { origin: 'https://claude.ai' },
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
  ])
    for (const [path, method] of [
      ['/admin/session', 'DELETE'],
      ['/admin/session', 'POST'],
      ['/admin/session/mfa', 'POST'],
      ['/admin/v1/drafts', 'POST'],
      ['/admin/invitation', 'POST'],
    ] as const) {
      const answer = await browser.send(path, { method, body: {}, headers: headers as Record<string, string> });
      expect([path, method, headers, answer.status]).toEqual([path, method, headers, 403]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  for (const origin of ['https://claude.ai', 'http://localhost:3000', 'https://evil.example']) {
    const preflight = await browser.send('/admin/session', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'DELETE' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    const read = await browser.send('/admin/session', { headers: { origin } });
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  }
  expect(await live()).toBe(200);
  expect((await browser.send('/admin/session', { method: 'DELETE' })).status).toBe(204);
});

describe('a refusal', () => {
  it('is the same bytes whatever is wrong', async () => {
    const { email, password } = staff('owner');
    const wrong = [
      { email, password: 'something else entirely' },
      { email: 'nobody@nowhere.example', password },
      { email, password, clinic: randomUUID() },
      { email: staff('nurse').email, password },
    ];
    const bodies = await Promise.all(
      wrong.map(async (body) => {
        const answer = await aBrowser(attending.url).post('/admin/session', body);
        return [answer.status, await answer.text()];
      }),
    );
    expect(new Set(bodies.map(String)).size).toBe(1);
    expect(bodies[0]?.[0]).toBe(401);
    expect(JSON.parse(bodies[0]?.[1] as string)).toMatchObject({ type: '/api/v1/problems/unauthenticated', status: 401 });
  });

  it('of too many says how long to wait', async () => {
    const browser = aBrowser(attending.url);
    const answers: Response[] = [];
    for (let n = 0; n < 12; n += 1)
      answers.push(await browser.post('/admin/session', { email: 'someone@nowhere.example', password: 'a wrong one' }));
    const last = answers.at(-1) as Response;
    expect(last.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await typeOf(last)).toEqual([429, 'too_many_attempts']);
  });

  it('of a body names its fields and nothing that stood in them', async () => {
    const browser = aBrowser(attending.url);
    for (const body of [
      {},
      { email: 'canary@example.org', password: 'canary-secret', role: 'owner' },
      { email: 7, password: 'canary-secret' },
      [],
      'x',
    ]) {
      const answer = await browser.post('/admin/session', body);
      const text = await answer.text();
      expect(answer.status).toBe(400);
      expect(text).not.toContain('canary');
    }
    expect((await browser.post('/admin/session/totp', { challenge: 'x', code: '12345' })).status).toBe(400);
    expect((await browser.post('/admin/session/totp', { challenge: 'mscc_x', code: '123456' })).status).toBe(401);
    expect((await browser.post('/admin/invitation', { token: 'msci_x', password: 'a good long password' })).status).toBe(401);
  });
});

describe('no secret of a login', () => {
  it('stands in a log line', async () => {
    const browser = await signedIn('biller');
    await browser.post('/admin/session', { email: 'canary@nowhere.example', password: 'canary-secret' });
    const { email, password, totp_secret } = staff('biller');
    const said = attending.logged();
    expect(
      [email, password, totp_secret, 'canary', browser.cookies.get('attending_login') ?? ''].filter((word) => said.includes(word)),
    ).toEqual([]);
  });
});
