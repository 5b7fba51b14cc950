// The REST door of the real app over a real socket: the same JSON as MCP, and nothing a caller can send that leaves no audit row.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { encodeQuery } from '../../src/http/coerce.ts';
import { catalogue } from '../../src/operations/index.ts';
import { type Attending, startAttending } from '../app.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let mine: string;
let foreign: string;
const ABSENT = '00000000-0000-4000-8000-000000000000';
beforeAll(async () => {
  attending = await startAttending();
  // The patient of each clinic with the most to read.
  const { rows } = await attending.admin.query<{ tenant_id: string; id: string }>(
    `select p.tenant_id, p.id from data.patients p where replaced_by is null and active
     order by (select count(*) from data.chart_notes n where n.patient_id = p.id) desc, (select count(*) from data.lab_results l where l.patient_id = p.id) desc, id`,
  );
  const of = (clinic: 0 | 1) => rows.find(({ tenant_id }) => tenant_id === attending.tenants[clinic]?.tenant_id)?.id ?? '';
  [mine, foreign] = [of(0), of(1)];
}, 60_000);
afterAll(() => attending?.close());

interface Answer {
  status: number;
  text: string;
  json: Record<string, unknown>;
  headers: Headers;
}

async function rest(path: string, { token = attending.tokens.physician, ...init }: RequestInit & { token?: string } = {}): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(init.body != null && { 'content-type': 'application/json' }),
    ...(init.headers as Record<string, string>),
  };
  const response = await fetch(`${attending.url}/api/v1${path}`, { ...init, headers });
  const text = await response.text();
  return {
    status: response.status,
    text,
    json: /[/+]json$/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : {},
    headers: response.headers,
  };
}

/** A call of an operation as its route spells it. */
function call(name: string, input: Record<string, unknown>, token = attending.tokens.physician): Promise<Answer> {
  const [method = '', path = ''] = catalogue.find((operation) => operation.name === name)?.rest.split(' ') ?? [];
  const in_path = [...path.matchAll(/\{(\w+)\}/g)].map(([, param = '']) => param);
  const url = in_path.reduce((at, param) => at.replace(`{${param}}`, encodeURIComponent(String(input[param]))), path);
  const left = Object.fromEntries(Object.entries(input).filter(([field]) => !in_path.includes(field)));
  return method === 'GET' ? rest(`${url}?${encodeQuery(left)}`, { token }) : rest(url, { method, body: JSON.stringify(left), token });
}

type Row = { tool_name: string; status: string; outcome: string; door: string; args: string; subjects: string[]; response_bytes: number };
async function rowOf(audit_id: unknown): Promise<Row | undefined> {
  const { rows } = await attending.admin.query<Row>(
    `select l.tool_name, l.status, e.outcome, i.door, l.args_redacted::text as args, e.subjects, l.response_bytes
     from data.mcp_audit_log l join data.mcp_audit_ext e on e.audit_id = l.id join data.mcp_audit_intent i on i.id = l.id where l.id = $1`,
    [audit_id],
  );
  return rows[0];
}

const lastRow = async () =>
  rowOf((await attending.admin.query('select id from data.mcp_audit_log order by created_at desc limit 1')).rows[0]?.id);
const counted = async () => Number((await attending.admin.query('select count(*) from data.mcp_audit_log')).rows[0]?.count);

describe('the same question over REST and over MCP', () => {
  verifies('doors:rest-same-json', async () => {
    const [notes, labs] = [
      await call('get_chart_notes', { patient_id: mine, limit: 50 }),
      await call('get_labs', { patient_id: mine, fields: 'full', limit: 1000 }),
    ];
    const [ref = `u_${'0'.repeat(32)}`] = /u_[0-9a-f]{32}/.exec(notes.text + labs.text) ?? [];
    const range = { from: '2026-11-16', to: '2026-11-20' };
    const questions: [string, Record<string, unknown>][] = [
      ['connection_status', {}],
      ['get_appointments', { date_range: range, limit: 3 }],
      ['get_chart_notes', { patient_id: mine, limit: 1, max_bytes: 65_536 }],
      ['get_labs', { patient_id: mine, since: '2025-01-01', limit: 4 }],
      ['get_labs', { patient_id: mine, fields: 'full', limit: 2 }],
      ['get_medications', { patient_id: mine, active_only: false, limit: 5 }],
      ['get_patient', { patient_id: mine }],
      ['search_patients', { query: 'smith', limit: 2 }],
      ['read_untrusted', { ref }],
      ['get_patient', { patient_id: ABSENT }],
      ['get_labs', { patient_id: mine, limit: 0 }],
    ];
    // And every other tool, with no more than it needs.
    const others = catalogue.filter(
      ({ name, doors }) => (doors as readonly string[]).includes('mcp') && !questions.some(([asked]) => asked === name),
    );
    for (const { name, input } of others) {
      const needed = Object.entries(input.shape as Record<string, z.ZodType>).filter(([, field]) => !field.safeParse(undefined).success);
      const ids = { item_id: ABSENT, draft_id: ABSENT, appointment_id: ABSENT, remittance_id: ABSENT, operation_id: ABSENT };
      const given = { patient_id: mine, marker: 'A1c', ...ids };
      const few = 'limit' in input.shape ? { limit: 1 } : {};
      questions.push([name, { ...few, ...Object.fromEntries(needed.map(([field]) => [field, given[field as keyof typeof given]])) }]);
    }
    for (const [name, input] of questions) {
      // The physician has made the reference; the owner may ask for the rest.
      const token = others.some((other) => other.name === name) ? attending.tokens.owner : attending.tokens.physician;
      const answer = await call(name, input, token);
      const over_rest = await rowOf(answer.headers.get('x-audit-id'));
      const { result } = await callTool(attending.url, token, name, input, EVERY_TOOLSET);
      const over_mcp = await lastRow();
      if (answer.status === 200) expect(sameNonce(answer.json), name).toEqual(sameNonce(result?.structuredContent));
      else expect(result?.content[0]?.text, name).toBe(`${answer.json.detail} ${answer.json.recover}`);
      expect({ ...over_rest, door: '' }, name).toEqual({ ...over_mcp, door: '' });
      expect([over_rest?.door, over_mcp?.door]).toEqual(['rest', 'mcp']);
    }
  });

  it('walks every page of a list once, and by line', async () => {
    const whole = (await call('get_labs', { patient_id: mine, fields: 'full', limit: 1000 })).json.labs as { lab_result_id: string }[];
    const walked: unknown[] = [];
    for (let cursor: unknown; walked.length <= whole.length; ) {
      const { headers, text } = await rest(`/patients/${mine}/labs?fields=full&limit=7${cursor ? `&cursor=${cursor}` : ''}`, {
        headers: { accept: 'application/x-ndjson' },
      });
      expect(headers.get('content-type')).toBe('application/x-ndjson');
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const envelope = lines.pop();
      walked.push(...lines);
      cursor = envelope.cursor;
      expect(envelope.source).toBe('native');
      if (!envelope.truncated) break;
    }
    expect(whole.length).toBeGreaterThan(7);
    expect(walked).toEqual(whole);
  });

  it('is not answered again while nothing changed, and the audit knows it was asked', async () => {
    const etag = (await call('get_patient', { patient_id: mine })).headers.get('etag') ?? '';
    const again = await rest(`/patients/${mine}`, { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(await rowOf(again.headers.get('x-audit-id'))).toMatchObject({ tool_name: 'get_patient', outcome: 'ok' });
    expect((await rest(`/patients/${mine}`, { token: attending.tokens.nurse })).headers.get('etag')).not.toBe(etag);
  });
});

describe('what is not there', () => {
  it('is the same bytes for a foreign id, an absent one, and a path or an operation that this credential does not have', async () => {
    for (const path of ['', '/labs', '/notes', '/medications']) {
      const [one, other] = await Promise.all([foreign, ABSENT].map((id) => rest(`/patients/${id}${path}`)));
      expect([one?.status, one?.text]).toEqual([404, other?.text]);
    }
    const front_desk = { token: attending.tokens.front_desk };
    const hidden = await Promise.all(
      [`/patients/${mine}/labs`, `/patients/${mine}/labs?limit=x`, '/nowhere', `/patients/${mine}/labs%00`].map((path) =>
        rest(path, front_desk),
      ),
    );
    for (const { status, text } of hidden) expect([status, text]).toEqual([404, hidden[0]?.text]);
    for (const { headers } of hidden)
      expect(await rowOf(headers.get('x-audit-id'))).toMatchObject({ outcome: 'unknown_operation', door: 'rest' });
  });
});

describe('a request that cannot be answered', () => {
  const deep = (open: string, close: string, n: number) => `${open.repeat(n)}1${close.repeat(n)}`;
  const search = (body: string) => ({ path: '/patients/search', body });
  const get = (path: string) => ({ path, body: undefined });
  const labs = (query: string) => get(`/patients/{mine}/labs?${query}`);
  const stale = Buffer.alloc(16, 7).toString('base64url');

  it.each<[string, { path: string; body: string | undefined }, number, string, string]>([
    ['a number that is none', labs('limit=many'), 400, 'invalid_input', 'get_labs'],
    ['a number out of range', labs('limit=1001'), 400, 'invalid_input', 'get_labs'],
    ['a fraction', labs('limit=1.5'), 400, 'invalid_input', 'get_labs'],
    ['a scalar twice', labs('limit=1&limit=2'), 400, 'invalid_input', 'get_labs'],
    ['no day', labs('since=2026-02-30'), 400, 'invalid_input', 'get_labs'],
    ['no choice', labs('fields=all'), 400, 'invalid_input', 'get_labs'],
    ['an unknown argument', labs('sinse=2026-01-01'), 400, 'invalid_input', 'get_labs'],
    ['a name of the language', labs('__proto__[limit]=1'), 400, 'invalid_input', 'get_labs'],
    ['an unknown panel', labs('panel=nonsense'), 400, 'invalid_input', 'get_labs'],
    ['a cursor of nothing', labs('cursor=xyz'), 400, 'invalid_input', 'get_labs'],
    ['a cursor of another list', labs(`cursor=${stale}`), 400, 'invalid_input', 'get_labs'],
    ['a cursor with a NUL', labs('cursor=%00'), 400, 'malformed', 'unreadable'],
    ['no UTF-8', labs('panel=%ff'), 400, 'malformed', 'unreadable'],
    ['another patient in the query', labs(`patient_id=${ABSENT}`), 400, 'invalid_input', 'get_labs'],
    ['a range that is none', get('/appointments?date_range=today'), 400, 'invalid_input', 'get_appointments'],
    ['a range backwards', get('/appointments?from=2026-11-20&to=2026-11-19'), 400, 'invalid_input', 'get_appointments'],
    ['half a range', get('/appointments?from=2026-11-20'), 400, 'invalid_input', 'get_appointments'],
    ['an id that is none', get('/patients/1%20or%201=1'), 400, 'invalid_input', 'get_patient'],
    ['an id that climbs', get('/patients/..%2f..%2fetc'), 400, 'invalid_input', 'get_patient'],
    ['a reference that is none', get('/references/u_1'), 400, 'invalid_input', 'read_untrusted'],
    ['a reference of nobody', get(`/references/u_${'0'.repeat(32)}`), 404, 'not_found', 'read_untrusted'],
    ['a wrong type', search('{"query":5}'), 400, 'invalid_input', 'search_patients'],
    ['null', search('null'), 400, 'invalid_input', 'search_patients'],
    ['a string', search('"smith"'), 400, 'invalid_input', 'search_patients'],
    ['a huge list', search(`[${'1,'.repeat(400_000)}1]`), 400, 'invalid_input', 'search_patients'],
    ['a huge list in a field', search(`{"query":[${'1,'.repeat(400_000)}1]}`), 400, 'invalid_input', 'search_patients'],
    [
      '100,000 fields',
      search(`{${Array.from({ length: 60_000 }, (_, n) => `"f${n}":1`).join(',')}}`),
      400,
      'invalid_input',
      'search_patients',
    ],
    ['deep lists', search(deep('[', ']', 100_000)), 400, 'malformed', 'unreadable'],
    ['deep objects', search(deep('{"a":', '}', 50_000)), 400, 'malformed', 'unreadable'],
    ['a NUL', search('{"query":"smi\\u0000th"}'), 400, 'malformed', 'unreadable'],
    ['a lone surrogate', search('{"query":"smith \\ud800"}'), 400, 'malformed', 'unreadable'],
    ['a lone surrogate in a cursor', search('{"query":"smith","cursor":"\\udfff"}'), 400, 'malformed', 'unreadable'],
    ['two documents', search('{"query":"smith"}{}'), 400, 'malformed', 'unreadable'],
    ['no document', search(''), 400, 'malformed', 'unreadable'],
    ['2 MB', search(`{"query":"${'x'.repeat(2_000_000)}"}`), 413, 'too_large', 'unreadable'],
    ['1e400', search('{"query":"smith","limit":1e400}'), 400, 'invalid_input', 'search_patients'],
  ])('%s is told and recorded', async (_, { path, body }, status, type, tool_name) => {
    const before = await counted();
    const answer = await rest(path.replace('{mine}', mine), body === undefined ? {} : { method: 'POST', body });
    expect([answer.status, answer.json.type], answer.text).toEqual([status, `/api/v1/problems/${type}`]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(Object.keys(answer.json)).toEqual(['type', 'title', 'status', 'detail', 'recover']);
    expect(answer.text.length).toBeLessThan(1000);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const row = await rowOf(answer.headers.get('x-audit-id'));
    expect(row).toMatchObject({ tool_name, outcome: type, status: 'error', door: 'rest' });
    expect(row?.args.length).toBeLessThan(1000);
    expect((await counted()) - before).toBe(1);
  });

  it('of a method that is not there says which are', async () => {
    const answer = await rest(`/patients/${mine}`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await rowOf(answer.headers.get('x-audit-id'))).toMatchObject({ tool_name: 'unreadable', status: 'error' });
    const head = await rest(`/patients/${mine}`, { method: 'HEAD' });
    expect([head.status, head.text, await rowOf(head.headers.get('x-audit-id'))]).toMatchObject([
      200,
      '',
      { tool_name: 'get_patient', outcome: 'ok' },
    ]);
  });

  it('without a live credential is 401, on every path but the documents', async () => {
    const before = await counted();
    for (const path of ['', '/patients/search', `/patients/${mine}`, '/nowhere']) {
      const answer = await rest(path, { token: 'mscp_nobody' });
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer']);
    }
    for (const path of ['/docs', '/openapi.json', '/problems/not_found']) expect((await rest(path, { token: '' })).status).toBe(200);
    expect(await counted()).toBe(before);
  });
});

/** Delimiters of outside text carry a nonce of each answer. */
function sameNonce(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null).replaceAll(/(⟦outside text |⟦end )[0-9a-f]{32}/g, '$1'));
}
