import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aGate, catalogue } from '../../test/builders/a-gate.ts';
import { FAULTS } from '../base/fault.ts';
import { restDoor } from './rest.ts';

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), debug: vi.fn() };
let { gate, audit } = aGate();
beforeEach(() => {
  ({ gate, audit } = aGate());
  log.error.mockClear();
});
const knockOf = (c: { req: { header(name: string): string | undefined } }) => ({
  authorization: c.req.header('authorization'),
  door: 'rest' as const,
  ip: '',
  request_id: 'r-1',
  client: {},
});
const ask = (path: string, { method = 'GET', body, as = 'Bearer good', ...headers }: Record<string, string> = {}) =>
  restDoor({ gate, catalogue, log, knockOf, version: '1' }).request(path, {
    method,
    headers: { ...(as && { authorization: as }), ...headers },
    ...(body !== undefined && { body }),
  });
const search = (body: string, more: Record<string, string> = {}) =>
  ask('/patients/p1/search', { method: 'POST', body, 'content-type': 'application/json', ...more });

describe('an answer', () => {
  it('is the outcome’s own text, with its audit row in a header', async () => {
    const answer = await ask('/patients?limit=1');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-audit-id')).toBe('1');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toBe('{"source":"native","as_of":"2026-11-20T09:00:00-05:00","patients":[{"id":"p0"}],"count":1}');
    expect(audit).toEqual([{ name: 'list_patients', outcome: 'ok' }]);
  });

  it('comes by line where lines are asked for and there are rows', async () => {
    const answer = await ask('/patients', { accept: 'application/x-ndjson' });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await answer.text()).toBe('{"id":"p0"}\n{"id":"p1"}\n{"source":"native","as_of":"2026-11-20T09:00:00-05:00","count":2}\n');
    expect((await ask('/patients/p1', { accept: 'application/x-ndjson' })).headers.get('content-type')).toBe('application/json');
  });

  it('is not sent again while nothing but as_of has changed, and leaves its row', async () => {
    const etag = (await ask('/patients')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
    const again = await ask('/patients', { 'if-none-match': `"x", ${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(audit.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect((await ask('/patients?limit=3', { 'if-none-match': etag })).status).toBe(200);
    expect((await ask('/patients', { 'if-none-match': etag, accept: 'application/x-ndjson' })).status).toBe(200);
    expect((await search('{"query":"ab"}')).headers.get('etag')).toBeNull();
  });

  it('to HEAD has the headers alone', async () => {
    const answer = await ask('/patients', { method: 'HEAD' });
    expect([answer.status, await answer.text(), answer.headers.get('x-audit-id')]).toEqual([200, '', '1']);
  });
});

describe('a refusal', () => {
  it('is problem+json of the one table, with what to do next', async () => {
    const answer = await ask('/patients?limit=many&since=now');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const { status, title, recover } = FAULTS.invalid_input;
    expect(await answer.json()).toEqual({
      type: '/api/v1/problems/invalid_input',
      title,
      status,
      detail: 'limit: invalid_type; : unrecognized_keys',
      recover,
    });
    expect(answer.status).toBe(400);
  });

  it.each(['', 'Bearer bad'])('of no credential (%j) comes first, whatever is asked, and asks for one', async (as) => {
    for (const [path, method] of [
      ['/patients', 'GET'],
      ['/secrets/1', 'GET'],
      ['/nowhere', 'GET'],
      ['/patients', 'DELETE'],
      ['/patients', 'OPTIONS'],
      ['/', 'GET'],
      ['/patients/p/search', 'POST'],
    ] as const) {
      const answer = await ask(path, { method, as });
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer']);
    }
    expect(audit).toEqual([]);
  });

  it('of what is not there, not permitted and not of this door is the same bytes', async () => {
    const paths = ['/nowhere', '/secrets/1', '/secrets/2?x=1', '/tool', '/patients/p1/search/x', '/%00', '/openapi', '/problems/none'];
    const answers = await Promise.all(paths.map((path) => ask(path)));
    const wrong = [
      await ask('/secrets/1', { method: 'POST' }),
      await ask('/secrets/%00'),
      await ask('/secrets/1?id=2'),
      await ask('/secrets/1', { method: 'OPTIONS' }),
      await ask('/nowhere', { method: 'PUT' }),
    ];
    const bodies = await Promise.all(
      [...answers, ...wrong].map(async (answer) => [answer.status, await answer.text(), answer.headers.get('allow')]),
    );
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(bodies[0]?.[0]).toBe(404);
    expect(audit).toHaveLength(13);
    expect(audit.every(({ outcome }) => outcome === 'unknown_operation')).toBe(true);
  });

  it('of a record holds nothing of the request', async () => {
    const body = await (await search('{"query":"absent"}')).text();
    expect(body).toBe(await (await ask('/patients/p2/search', { method: 'POST', body: '{"query":"absent"}' })).text());
    expect(JSON.parse(body)).not.toHaveProperty('request_id');
  });

  it('of a wrong method names the right ones, and is audited', async () => {
    const answer = await ask('/patients', { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await answer.json()).toMatchObject({ status: 405, detail: 'This path answers GET, HEAD.' });
    expect((await ask('/patients/p1/search')).headers.get('allow')).toBe('POST');
    expect(audit).toHaveLength(2);
    expect((await ask('/patients', { method: 'OPTIONS' })).headers.get('allow')).toBe('GET, HEAD');
  });

  it('says when to come again', async () => {
    const answer = await search('{"query":"busy"}');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({ retry_after_s: 4.2 });
  });

  it('of a bug has the number to report', async () => {
    expect(await (await search('{"query":"bug"}')).json()).toMatchObject({ status: 500, request_id: 'r-1' });
  });

  it.each([
    ['no JSON', '{"query":', 400, 'unreadable', 'malformed'],
    ['nothing', '', 400, 'unreadable', 'malformed'],
    ['too much', `{"query":"${'x'.repeat(1024 * 1024)}"}`, 413, 'unreadable', 'too_large'],
    ['too deep', `${'['.repeat(2000)}${']'.repeat(2000)}`, 400, 'unreadable', 'malformed'],
    ['a NUL', '{"query":"a\\u0000b"}', 400, 'unreadable', 'malformed'],
    ['half a character', '{"query":"\\ud83d"}', 400, 'unreadable', 'malformed'],
    ['a NUL in a name', '{"query":"ab","\\u0000":1}', 400, 'unreadable', 'malformed'],
    ['no object', '["query"]', 400, 'search_patients', 'invalid_input'],
    ['an unknown field', '{"query":"ab","__proto__":{"x":1}}', 400, 'search_patients', 'invalid_input'],
    ['another patient than the path', '{"query":"ab","patient_id":"p2"}', 400, 'search_patients', 'invalid_input'],
  ])('of a body with %s leaves its row', async (_, body, status, name, outcome) => {
    const answer = await search(body);
    expect([answer.status, audit]).toEqual([status, [{ name, outcome }]]);
    expect(await answer.json()).toMatchObject({ type: `/api/v1/problems/${outcome}`, status });
  });

  it('is not made of a path that the body only repeats', async () => {
    expect((await search('{"query":"ab","patient_id":"p1"}')).status).toBe(200);
  });

  it.each([
    ['/patients?word=%ff', 'unreadable'],
    ['/patients?word=%00', 'unreadable'],
    ['/patients/p1?patient_id=p2', 'get_patient'],
    ['/patients?limit=1&limit=2', 'list_patients'],
    ['/patients?nobody=1', 'list_patients'],
  ])('%s is refused', async (path, name) => {
    expect((await ask(path)).status).toBe(400);
    expect(audit.map((row) => row.name)).toEqual([name]);
  });

  it('of arguments in the query of a POST', async () => {
    expect((await ask('/patients/p1/search?limit=1', { method: 'POST', body: '{"query":"ab"}' })).status).toBe(400);
  });

  it('without an audit row is bare', async () => {
    gate.execute = () => Promise.reject(new Error('Ada Okafor was not written'));
    const answer = await ask('/patients');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(await answer.json()).toEqual({ type: '/api/v1/problems/internal', title: FAULTS.internal.title, status: 500 });
    expect(JSON.stringify(log.error.mock.calls)).not.toContain('Okafor');
  });
});

describe('the documents', () => {
  it('list to a credential what it has', async () => {
    const { operations } = (await (await ask('/')).json()) as { operations: { name: string; method: string; path: string }[] };
    expect(operations.map(({ name, method, path }) => `${name} ${method} ${path}`)).toEqual([
      'get_patient GET /api/v1/patients/{patient_id}',
      'list_patients GET /api/v1/patients',
      'search_patients POST /api/v1/patients/{patient_id}/search',
    ]);
    expect(audit).toEqual([]);
  });

  it.each(['/openapi.json', '/docs', '/problems/not_found'])('%s is there for everybody', async (path) => {
    const answer = await ask(path, { as: '' });
    expect(answer.status).toBe(200);
    if (path !== '/openapi.json') expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await ask(path, { method: 'HEAD', as: '' })).status).toBe(200);
  });
});
