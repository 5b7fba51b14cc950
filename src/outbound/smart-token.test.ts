// A token server by the book of SMART Backend Services, on a real socket: what it takes, what it refuses, and what we make of what it says.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, exportJWK, type JWK, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, type Listening, listening } from '../../test/builders/https.ts';
import { systemClock } from '../base/clock.ts';
import { openAccount } from './account.ts';
import type { Came } from './exchange.ts';
import { type BackendClient, tokenIn, tokenRequest } from './smart-token.ts';

const NOW = new Date('2026-11-20T14:00:00Z');
const mayWrite = async () => ({ good_until_ms: systemClock.elapsed() + 60_000 });
const KEYS = {
  RS384: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
} as const;
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
let server: Listening | undefined;
afterEach(() => server?.close());

/** Takes an assertion once, for its own URL, for five minutes at most; its clock shows `at`. */
async function tokenServer({ at = NOW } = {}): Promise<{ url: string; claims: Record<string, unknown>[] }> {
  const jwks = await Promise.all(
    Object.entries(KEYS).map(async ([alg, { publicKey }]): Promise<JWK> => ({ ...(await exportJWK(publicKey)), kid: `key-${alg}`, alg })),
  );
  const keys = createLocalJWKSet({ keys: jwks });
  const [seen, claims] = [new Set<unknown>(), [] as Record<string, unknown>[]];
  const made: Listening = await listening((socket) => {
    const reply = async () => {
      const form = new URLSearchParams(made.heard.at(-1)?.split('\r\n\r\n')[1]);
      const options = { algorithms: ['RS384', 'ES384'], audience: url, requiredClaims: ['jti', 'exp', 'sub'], currentDate: at };
      const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keys, options);
      const isNew = !seen.has(payload.jti);
      seen.add(payload.jti);
      claims.push(payload);
      if (!isNew || payload.iss !== payload.sub || (payload.exp ?? 0) - at.getTime() / 1000 > 300) throw new Error('not by the book');
      if (form.get('grant_type') !== 'client_credentials') throw new Error('not by the book');
      return answer(
        200,
        {},
        JSON.stringify({ access_token: 'secret-token', token_type: 'bearer', expires_in: 300, scope: form.get('scope') }),
      );
    };
    reply()
      .catch(() => answer(400, {}, '{"error":"invalid_client"}'))
      .then((text) => socket.end(text));
  });
  server = made;
  const url = `http://127.0.0.1:${made.port}/oauth/token`;
  return { url, claims };
}
const aClient = (token_endpoint: string, alg: 'RS384' | 'ES384'): BackendClient => ({
  ...{ client_id: 'attending', token_endpoint, scope: 'system/Observation.rs' },
  key: { alg, kid: `key-${alg}`, private_key: pem(KEYS[alg].privateKey) },
});
const account = () => openAccount({ clock: systemClock, user_agent: 'Attending' });
async function asked(client: BackendClient, how: { now: Date; jti: string }, to = client.token_endpoint) {
  const told = await account().ask({ ...(await tokenRequest(client, how)), url: new URL(to) }, { mayWrite });
  return told.sent ? tokenIn(told, how.now) : told;
}

describe.each(['RS384', 'ES384'] as const)('with %s', (alg) => {
  it('a token is given once for an assertion, and due again at four fifths of its life', async () => {
    const { url, claims } = await tokenServer();
    expect(await asked(aClient(url, alg), { now: NOW, jti: 'one' })).toEqual({
      token: {
        access_token: 'secret-token',
        scope: 'system/Observation.rs',
        refresh_at: new Date('2026-11-20T14:04:00Z'),
        expires_at: new Date('2026-11-20T14:05:00Z'),
      },
    });
    expect(claims).toEqual([
      { iss: 'attending', sub: 'attending', aud: url, jti: 'one', iat: NOW.getTime() / 1000, exp: NOW.getTime() / 1000 + 240 },
    ]);
    expect(await asked(aClient(url, alg), { now: NOW, jti: 'one' })).toEqual({ refused: 'invalid_client' });
    expect(await asked(aClient(url, alg), { now: NOW, jti: 'two' })).toHaveProperty('token');
  });
  it('a server whose clock is a minute off takes it; one for which it is over, or that it was not made for, does not', async () => {
    for (const [off_s, given] of [
      [-50, true],
      [50, true],
      [250, false],
    ] as const) {
      const { url } = await tokenServer({ at: new Date(NOW.getTime() + off_s * 1000) });
      expect(Object.keys((await asked(aClient(url, alg), { now: NOW, jti: 'one' })) ?? {}), `${off_s} s`).toEqual([
        given ? 'token' : 'refused',
      ]);
      await server?.close();
    }
    const { url } = await tokenServer();
    expect(await asked(aClient('https://other.example.com/token', alg), { now: NOW, jti: 'one' }, url)).toEqual({
      refused: 'invalid_client',
    });
  });
  it('a key of the other kind signs nothing', async () => {
    const other = alg === 'RS384' ? 'ES384' : 'RS384';
    const client = aClient('https://vendor.example.com/token', alg);
    await expect(
      tokenRequest({ ...client, key: { ...client.key, private_key: pem(KEYS[other].privateKey) } }, { now: NOW, jti: 'one' }),
    ).rejects.toThrow();
  });
});

describe('an answer', () => {
  const came = (status: number, body: string, cut: Came['cut'] = null) =>
    ({ sent: true, cut, status, headers: {}, body: Buffer.from(body) }) as Came;
  const good = { access_token: 'a', token_type: 'Bearer', expires_in: 60 };
  it.each([
    ['a page', came(200, '<html>Sign in</html>')],
    ['half of one', came(200, JSON.stringify(good), 'no_answer')],
    ['a token of another kind', came(200, JSON.stringify({ ...good, token_type: 'mac' }))],
    ['no token', came(200, JSON.stringify({ ...good, access_token: '' }))],
    ['no life', came(200, JSON.stringify({ ...good, expires_in: 0 }))],
    ['a life without end', came(200, JSON.stringify({ ...good, expires_in: 1e9 }))],
    ['a life in words', came(200, JSON.stringify({ ...good, expires_in: '60' }))],
    ['null', came(200, 'null')],
    ['a broken server', came(503, '{"error":"server_error"}')],
    ['a refusal in words of its own', came(400, '{"error":"patient Ada Okafor is unknown"}')],
  ])('that is %s says nothing', (_, answer) => expect(tokenIn(answer, NOW)).toBeNull());
  it('that refuses says why', () => {
    expect(tokenIn(came(401, '{"error":"invalid_client"}'), NOW)).toEqual({ refused: 'invalid_client' });
    expect(tokenIn(came(400, '{"error":"invalid_scope"}'), NOW)).toEqual({ refused: 'invalid_scope' });
  });
});
