// What a hostile client can send to the real app over real sockets: it is told, nothing it sent comes back or stays in a log, and every call has its two rows.

import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { systemRandom } from '../../src/base/random.ts';
import { runStdio } from '../../src/http/stdio.ts';
import { catalogue } from '../../src/operations/index.ts';
import { type Attending, startAttending } from '../app.ts';

const MARK = 'Zzyzx_Marker_7731';
const ABSENT = '00000000-0000-4000-8000-000000000000';
const REF = `u_${'0'.repeat(32)}`;
const META = JSON.stringify({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'hostile', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
});
type Era = '2026-07-28' | '2025-06-18';
const ERAS: Era[] = ['2026-07-28', '2025-06-18'];
interface Reply {
  id?: number;
  result?: { isError?: boolean; content: { text: string }[]; structuredContent?: unknown };
  error?: { code: number };
}
type Sent = { status: number; text: string; json: Reply };

let attending: Attending;
let [mine, foreign] = ['', ''];
let dribblers: { closed: Promise<number>; head: () => string }[] = [];
beforeAll(async () => {
  attending = await startAttending();
  const { rows } = await attending.admin.query<{ tenant_id: string; id: string }>(
    `select p.tenant_id, p.id from data.patients p where replaced_by is null and active
     order by (select count(*) from data.lab_results l where l.patient_id = p.id) desc, id`,
  );
  const of = (clinic: 0 | 1) => rows.find(({ tenant_id }) => tenant_id === attending.tenants[clinic]?.tenant_id)?.id ?? '';
  [mine, foreign] = [of(0), of(1)];
  dribblers = ['POST /mcp HTTP/1.1\r\nhost: localhost\r\nx-a: ', 'GET /api/v1/connections HTTP/1.1\r\nhost: loc', ''].map((bytes) => {
    const began = performance.now();
    let head = '';
    const socket = connect(Number(new URL(attending.url).port), '127.0.0.1', () => socket.write(bytes)).on('error', () => {});
    socket.on('data', (chunk) => (head += chunk));
    return { head: () => head, closed: new Promise((done) => socket.on('close', () => done(performance.now() - began))) };
  });
}, 60_000);
afterAll(() => attending?.close());

const headersOf = (era: Era, name = 'x', method = 'tools/call'): Record<string, string> => ({
  authorization: `Bearer ${attending.tokens.physician}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': era,
  ...(era === '2026-07-28' && { 'mcp-method': method, 'mcp-name': name }),
});
const bodyOf = (era: Era, params: string, id: unknown = 1) =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{${params}${era === '2026-07-28' ? `,"_meta":${META}` : ''}}}`;
/** Bytes as they are to the MCP door. A body of several parts goes without its length. */
async function post(era: Era, body: string | Uint8Array | AsyncIterable<Uint8Array>, headers = headersOf(era)): Promise<Sent> {
  const response = await fetch(`${attending.url}/mcp`, { method: 'POST', headers, body: body as string, duplex: 'half' } as RequestInit);
  const text = await response.text();
  return { status: response.status, text, json: /^[[{]/.test(text) ? JSON.parse(text) : {} };
}
/** One tools/call whose arguments are JSON as spelt. */
const ask = (era: Era, name: string, args: string) =>
  post(era, bodyOf(era, `"name":${JSON.stringify(name)},"arguments":${args}`), headersOf(era, name));
/** Bytes to a socket, and everything that comes back until it is closed (or `ms` without a word). */
const raw = (bytes: string, ms = 1500) =>
  new Promise<string>((done) => {
    let heard = '';
    const socket = connect(Number(new URL(attending.url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk) => (heard += chunk));
    socket.on('error', () => {});
    socket.setTimeout(ms, () => socket.destroy());
    socket.on('close', () => done(heard));
  });
const statusesOf = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

async function books() {
  const { rows } = await attending.admin.query(
    `select (select count(*)::int from data.mcp_audit_intent) as intents, (select count(*)::int from data.mcp_audit_log) as finals,
       (select count(*)::int from data.mcp_audit_intent i where not exists (select 1 from data.mcp_audit_log l where l.id = i.id)) as orphans`,
  );
  return rows[0] as { intents: number; finals: number; orphans: number };
}
/** Runs `work`, which makes `calls` calls, and expects as many intents and finals, and no orphan. */
async function leaves<T>(calls: number, work: () => Promise<T>): Promise<T> {
  const before = await books();
  const answer = await work();
  await expect.poll(async () => (await books()).orphans).toBe(0);
  const { intents, finals } = await books();
  expect({ intents: intents - before.intents, finals: finals - before.finals }).toEqual({ intents: calls, finals: calls });
  return answer;
}
/** A clear refusal that repeats nothing. */
function refused({ status, text, json }: Sent, about = '') {
  expect(json.result?.isError === true || typeof json.error?.code === 'number', `${about} ${status}: told`).toBe(true);
  expect(text.includes(MARK) || text.length > 1500, `${about}: says what was sent: ${text.slice(0, 200)}`).toBe(false);
  expect(status).toBeLessThan(500);
}

/** What each tool answers; then one field at a time is spoilt. */
const of_nobody = { patient_id: ABSENT };
const READS = ['get_chart_notes', 'get_labs', 'get_medications', 'get_patient'].map((name) => [name, of_nobody] as const);
const ALONE = { connection_status: {}, get_appointments: {}, read_untrusted: { ref: REF }, search_patients: { query: 'smith' } };
const FIRST: Record<string, Record<string, unknown>> = { ...Object.fromEntries(READS), ...ALONE };
const tools = catalogue.filter(({ doors }) => (doors as readonly string[]).includes('mcp'));
/** Of the others, what each cannot do without. */
const GOOD: Record<string, Record<string, unknown>> = Object.fromEntries(
  tools.map(({ name, input }) => {
    const needs = Object.entries(input.shape as Record<string, z.ZodType>).filter(([, field]) => !field.safeParse(undefined).success);
    const asked = { patient_id: ABSENT, marker: 'A1c' };
    return [name, FIRST[name] ?? Object.fromEntries(needs.map(([field]) => [field, asked[field as keyof typeof asked]]))];
  }),
);
/** The arguments that answer, with one field as spelt. */
const spoilt = (name: string, field: string, value: string) =>
  `{${Object.entries(GOOD[name] ?? {})
    .flatMap(([key, good]) => (key === field ? [] : [`"${key}":${JSON.stringify(good)},`]))
    .join('')}"${field}":${value}}`;
const NUMBERS = ['limit', 'max_bytes', 'offset'];
const HUGE = `[${'1,'.repeat(99_999)}1]`;
/** JSON of every wrong kind for a field. */
const wrongFor = (field: string) => [
  ...['null', '[]', '{}', HUGE, `["${MARK}"]`, `{"${MARK}":"${MARK}"}`, '{"__proto__":{"a":1},"constructor":{"prototype":{}}}'],
  ...(NUMBERS.includes(field) ? ['-1', '1e999', '-1e999', '1.5', '9007199254740993', '"10"', '"NaN"', 'true'] : ['5', '-1', '1e999']),
  ...(field === 'active_only' || NUMBERS.includes(field) ? [`"${MARK}"`, '"true"'] : ['true']),
  ...(['query', 'panel'].includes(field) ? ['""', `"${'x'.repeat(100_000)}"`] : [`"${MARK}"`, `"${'x'.repeat(100_000)}"`]),
];
const DAYS = ['2026-02-30', '2026-13-01', '2026-00-10', '2026-11-32', '0000-00-00', '9999-99-99', '2026-11-20T00:00:00Z'];
const RANGES = ['2026-02-30', '2026-13-01', '9999-99-99', MARK].flatMap((day) => [
  `"${day}","to":"2026-11-20"`,
  `"2026-11-20","to":"${day}"`,
]);
const VALUES: [string, string, string[]][] = [
  ['get_labs', 'since', DAYS.map((day) => `"${day}"`)],
  ['get_chart_notes', 'since', DAYS.map((day) => `"${day}"`)],
  ['get_appointments', 'date_range', [...RANGES, '"2026-01-01","to":"2026-12-31"', '"2026-11-20"'].map((from) => `{"from":${from}}`)],
  ['search_patients', 'limit', ['0', '1001', '-5', '1e999', '"NaN"']],
  ['get_chart_notes', 'max_bytes', ['2047', '65537', '0', '-1', '4096.5']],
  ['get_appointments', 'cursor', ['xyz', '', ABSENT, MARK, `${'A'.repeat(21)}B`, 'A'.repeat(65)].map((cursor) => `"${cursor}"`)],
  ...Object.keys(FIRST).flatMap((name) =>
    ['__proto__', 'constructor', 'toString', MARK].map((key): [string, string, string[]] => [name, key, [`{"limit":"${MARK}"}`]]),
  ),
];

describe.each(ERAS)('arguments in %s', (era) => {
  it('of the wrong kind, in every field of every tool', async () => {
    for (const { name, input } of tools)
      for (const [field, schema] of Object.entries(input.shape as Record<string, z.ZodType>)) {
        // Of the first tools every one of these; of the others (attacks.test.ts has more) two that the field does not take.
        const wrong =
          name in FIRST
            ? wrongFor(field)
            : wrongFor(field)
                .filter((value) => value.length < 200 && !schema.safeParse(JSON.parse(value)).success)
                .slice(-2);
        expect(wrong.length, `${name} ${field}`).toBeGreaterThan(1);
        await leaves(wrong.length, async () => {
          for (const value of wrong) refused(await ask(era, name, spoilt(name, field, value)), `${name} ${field} ${value.slice(0, 80)}`);
        });
      }
  }, 90_000);

  it.each(VALUES)('out of bounds: %s %s', async (name, field, values) => {
    for (const value of values) {
      const answer = await leaves(1, () => ask(era, name, spoilt(name, field, value)));
      refused(answer, value);
      expect(answer.text, value).not.toMatch(/Internal error/);
    }
  });

  it('that name what is foreign, as if it were absent', async () => {
    const cursor = Buffer.from(foreign.replaceAll('-', ''), 'hex').toString('base64url');
    const say = async (name: string, args: object) => (await ask(era, name, JSON.stringify(args))).json.result?.content[0]?.text;
    for (const name of ['get_patient', 'get_labs', 'get_chart_notes', 'get_medications'])
      expect(await say(name, { patient_id: foreign })).toBe(await say(name, { patient_id: ABSENT }));
    expect(await say('get_labs', { patient_id: mine, cursor })).toMatch(/^cursor: not a cursor of this list/);
    expect(await say('search_patients', { query: 'smith', cursor })).toMatch(/^cursor: not a cursor of this list/);
    expect(await say('get_appointments', { cursor })).toMatch(/^cursor: not a cursor of this list/);
  });

  it.each([
    ...['"arguments":{}', '"name":5,"arguments":{}', '"name":null', `"name":"${MARK}"`, '"name":"__proto__","arguments":{}'],
    ...[`["${MARK}"]`, `"${MARK}"`, 'null', '5', `{},"_meta":"${MARK}"`].map((args) => `"name":"get_patient","arguments":${args}`),
    `"arguments":{},"name":"${MARK.repeat(60_000)}"`,
  ])('call %#', async (params) => {
    const name = /"name":"([^"]{1,99})"/.exec(params)?.[1] ?? 'x';
    refused(await leaves(1, () => post(era, bodyOf(era, params), headersOf(era, name))));
  });
});

const UNREADABLE: [string, string | Uint8Array][] = [
  ['lists 10,000 deep', bodyOf('2025-06-18', `"name":"get_patient","arguments":{"patient_id":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)],
  ['objects 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['a NUL, escaped', bodyOf('2025-06-18', `"name":"get_patient","arguments":{"patient_id":"${MARK}\\u0000"}`)],
  ['a NUL, raw', bodyOf('2025-06-18', `"name":"get_patient","arguments":{"patient_id":"${MARK}\0"}`)],
  ['half a character, escaped', bodyOf('2025-06-18', `"name":"get_patient","arguments":{"\\udc00":"${MARK}\\ud800"}`)],
  ['half a character, raw', Buffer.from(bodyOf('2025-06-18', '"name":"\xed\xa0\x80"'), 'latin1')],
  ['no UTF-8', Buffer.from(`{"${MARK}\xff\xfe":1}`, 'latin1')],
  ['UTF-16', Buffer.from(bodyOf('2025-06-18', '"name":"get_patient"'), 'utf16le')],
  ['a document that ends early', `{"jsonrpc":"2.0","${MARK}`],
  ['2 MB', bodyOf('2025-06-18', `"name":"${'x'.repeat(2_000_000)}"`)],
];
describe.each(ERAS)('a body that cannot be read, in %s', (era) => {
  it.each(UNREADABLE)('%s', async (_, body) => {
    refused(await leaves(1, () => post(era, body, headersOf(era, 'get_patient'))));
    const parts = async function* () {
      for (let at = 0; at < body.length; at += 65_536) yield Buffer.from(body.slice(at, at + 65_536) as string);
    };
    refused(await leaves(1, () => post(era, parts(), headersOf(era, 'get_patient'))), 'chunked');
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['no accept', { accept: 'text/html' }],
    ['no content-type', { 'content-type': 'text/plain' }],
    ['a version nobody knows', { 'mcp-protocol-version': MARK }],
    ['another name in the header', { 'mcp-name': MARK, 'mcp-method': MARK }],
    ['an encoded name that is none', { 'mcp-name': `=?base64?${MARK}!?=`, 'mcp-protocol-version': `2026-07-2${MARK}` }],
  ])('%s', async (_, changed) => {
    const headers = { ...headersOf(era, 'connection_status'), ...changed } as Record<string, string>;
    const answer = await leaves(1, () => post(era, bodyOf(era, '"name":"connection_status","arguments":{}'), headers));
    if (answer.json.result?.isError !== undefined || answer.json.error || answer.status >= 400) refused(answer);
  });
});

describe('a batch', () => {
  const one = (id: unknown, name: string, args = '{}') => bodyOf('2025-06-18', `"name":"${name}","arguments":${args}`, id);
  it('of good and bad calls answers each, and counts each', async () => {
    const odd = [
      one(2, MARK),
      one(3, 'get_patient', `"${MARK}"`),
      one(4, 'get_patient', `{"__proto__":{"a":"${MARK}"}}`),
      one(5, 'get_labs', HUGE),
    ];
    const batch = [one(1, 'connection_status'), ...odd, one(6, 'search_patients', '{"query":"smith"}')];
    const { text, json } = await leaves(6, () => post('2025-06-18', `[${batch}]`));
    const answers = json as unknown as Reply[];
    const served = answers.filter(({ result }) => result && !result.isError).map(({ id }) => id);
    expect([answers.length, served, text.includes(MARK)]).toEqual([6, [1, 6], false]);
  });

  const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';
  it.each([
    ['with an id twice', () => `[${one(1, 'connection_status')},${one(1, 'get_patient', '{}')}]`, 2],
    ['that cancels its own call', () => `[${one(1, 'connection_status')},${cancel}]`, 1],
    ['of 100,000', () => HUGE, 0],
    ['of lists', () => `[[${one(1, 'connection_status')}]]`, 0],
    ['with something else in it', () => `[${one(1, 'connection_status')},5]`, 1],
    ['of nothing', () => '[]', 0],
  ])('%s is answered in time', async (_, body, calls) => {
    const answered = await leaves(calls, () => Promise.race([post('2025-06-18', body()), sleep(2000, undefined)]));
    expect(answered?.status).toBeGreaterThanOrEqual(200);
  });
});

describe('standard input', () => {
  const deep = `{"patient_id":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  it.each([
    ...['"name":"connection_status"', `"name":"${MARK}"`, '"arguments":{}', `"name":"get_patient","arguments":["${MARK}"]`],
    ...[`"name":"get_patient","arguments":${deep}`, '"name":"get_patient","arguments":{"patient_id":"\\ud800"}'],
  ])('call %#: answered, with two rows, and the next call is too', async (params) => {
    const [input, output, { gate, log }] = [new PassThrough(), new PassThrough(), attending.app];
    let heard = '';
    output.on('data', (chunk) => (heard += chunk));
    const ids = () => [...heard.matchAll(/"id":(\d+)/g)].map(([, id]) => Number(id)).toSorted();
    await leaves(2, async () => {
      const ended = runStdio({ gate, log, token: attending.tokens.physician, version: '0', random: systemRandom, input, output });
      const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } };
      input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: hello })}\n`);
      input.write(`${bodyOf('2025-06-18', params, 1)}\n${bodyOf('2025-06-18', '"name":"connection_status"', 2)}\n`);
      await expect.poll(ids, { timeout: 3000 }).toEqual([0, 1, 2]);
      input.end();
      await ended;
      expect(heard).not.toContain(MARK);
    });
  });
});

describe('sockets', () => {
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${attending.tokens.physician}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\n${more}`;
  const body = bodyOf('2025-06-18', '"name":"connection_status","arguments":{}');
  const hidden = () => `${head('/mcp', `content-length: ${body.length}\r\n`)}\r\n${body}`;

  const [LENGTH, CODING, END] = ['content-length:', 'transfer-encoding:', '0\r\n\r\n'];
  it.each([
    ...[`${LENGTH} 0\r\n${LENGTH} 5\r\n\r\n`, `${LENGTH} 0, 0\r\n\r\n`, `${LENGTH} +0\r\n\r\n`, `${LENGTH} 0x0\r\n\r\n`, `${LENGTH} 0\n\n`],
    ...[`${LENGTH} 5\r\n${CODING} chunked\r\n\r\n${END}`, `${CODING} chunked\r\n${LENGTH} 5\r\n\r\n${END}`],
    ...[
      `${CODING} chunked, identity\r\n\r\n${END}`,
      `${CODING} xchunked\r\n\r\n${END}`,
      `${CODING.replace(':', ' :')} chunked\r\n\r\n${END}`,
    ],
    ...[`${CODING}\r\n chunked\r\n${LENGTH} 3\r\n\r\n${END}`, `${CODING} chunked\r\n\r\n-1\r\n\r\n`],
    ...[`x-a: ${MARK}\0\r\n${LENGTH} 0\r\n\r\n`, `x-a: ${MARK.repeat(1000)}\r\n\r\n`],
  ])('shape %#: nothing that stands behind is served', async (shape) => {
    const before = await books();
    for (const path of ['/mcp', '/api/v1/patients/search']) {
      const heard = await raw(`${head(path, shape)}${hidden()}`);
      expect(heard).not.toMatch(/Zzyzx|structuredContent|HTTP\/1.1 [^4]/);
      expect(statusesOf(heard).length).toBeLessThan(2);
    }
    await expect.poll(async () => (await books()).orphans).toBe(0);
    expect((await books()).intents - before.intents).toBeLessThanOrEqual(2);
  });

  it.each<[string, string, number[]]>([
    ['two credentials', 'authorization: Bearer mscp_x\r\n', [400, 401]],
    ['two types', 'content-type: text/plain\r\n', [200, 400, 415]],
    ['two hosts', `host: ${MARK}\r\n`, [400, 403]],
    ['a version twice', 'mcp-protocol-version: 2026-07-28\r\nmcp-protocol-version: 2025-06-18\r\n', [200, 400]],
  ])('%s', async (_, more, statuses) => {
    for (const path of ['/mcp', '/api/v1/patients/search']) {
      const heard = await raw(`${head(path, `${more}connection: close\r\ncontent-length: ${body.length}\r\n`)}\r\n${body}`);
      expect([statusesOf(heard).length, heard.includes(MARK)], heard).toEqual([1, false]);
      expect(statuses).toContain(statusesOf(heard)[0]);
    }
    expect((await books()).orphans).toBe(0);
  });

  it.each(['/mcp', '/api/v1/patients/search'])('2 MB refused at %s take no later call of their connection with them', async (path) => {
    const junk = 'x'.repeat(2_000_000);
    for (const sent of [`${LENGTH} ${junk.length}\r\n\r\n${junk}`, `${CODING} chunked\r\n\r\n1e8480\r\n${junk}\r\n${END}`]) {
      const heard = await raw(`${head(path, sent)}${hidden()}`);
      expect(statusesOf(heard)[0]).toBe(413);
      expect(/connection: close/i.test(heard) || statusesOf(heard)[1] === 200, heard.slice(0, 600)).toBe(true);
    }
  });

  it.each(ERAS)('a client of %s that goes away in the middle leaves its rows', async (era) => {
    await leaves(20, async () => {
      await attending.admin.query('begin; lock table data.patients in access exclusive mode');
      const [gone, body] = [new AbortController(), bodyOf(era, '"name":"search_patients","arguments":{"query":"smith"}')];
      const init = { method: 'POST', signal: gone.signal, headers: headersOf(era, 'search_patients'), body };
      const asked = Array.from({ length: 20 }, () => fetch(`${attending.url}/mcp`, init).catch(() => 'gone'));
      try {
        await expect.poll(async () => (await books()).orphans).toBe(20);
        gone.abort();
        expect(new Set(await Promise.all(asked))).toEqual(new Set(['gone']));
      } finally {
        await attending.admin.query('commit');
      }
    });
  });

  it('serves 100 good calls right among 300 bad ones, 200 idle connections and 50 half bodies', async () => {
    const port = Number(new URL(attending.url).port);
    const idle = Array.from({ length: 200 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const halves = Array.from({ length: 50 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    const good = ERAS.flatMap((era) => ['{"query":"smith"}', '{"query":"john smith"}'].map((args) => ({ era, args })));
    const rowsOf = ({ json }: Sent) => JSON.stringify(json.result?.structuredContent);
    const right = await Promise.all(good.map(async ({ era, args }) => rowsOf(await ask(era, 'search_patients', args))));
    expect(right[0]).toContain('"family_name":"Smith"');
    const before = process.memoryUsage().rss;
    await leaves(450, async () => {
      for (const half of halves)
        half.write(`${head('/mcp', 'content-length: 900000\r\n')}\r\n{"${MARK}`, () => setTimeout(() => half.destroy(), 300));
      const bad = Array.from({ length: 300 }, (_, n) => {
        const [era, kind] = [ERAS[n % 2] as Era, Math.floor(n / 2) % 6];
        if (kind < 3) return post(era, UNREADABLE[(n * 7) % (UNREADABLE.length - 1)]?.[1] ?? '', headersOf(era, 'get_patient'));
        const args = ['null', `{"${MARK}":${HUGE}}`, `{"patient_id":"${MARK}"}`][kind - 3] ?? '';
        return ask(era, 'get_patient', args);
      });
      const calls = Array.from({ length: 25 }, () => good).flat();
      const served = await Promise.all(calls.map(async ({ era, args }) => rowsOf(await ask(era, 'search_patients', args))));
      expect(served).toEqual(calls.map((_, n) => right[n % 4]));
      for (const answer of await Promise.all(bad)) refused(answer);
    });
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(400);
    for (const socket of idle) socket.destroy();
  }, 20_000);

  it('closes those that never finish their head, and has nothing to hide', async () => {
    for (const { closed } of dribblers) expect(await closed).toBeLessThan(17_000);
    expect((await fetch(`${attending.url}/healthz`)).status).toBe(200);
    const kept = `select 1 from data.mcp_audit_intent where args_redacted::text like '%${MARK}%'`;
    expect.soft((await attending.admin.query(kept)).rowCount, 'audit rows that hold what was sent').toBe(0);
    expect.soft(attending.logged().includes(MARK), 'the log holds what was sent').toBe(false);
    expect.soft(attending.logged().match(/"msg":"(bug|no answer)"/g) ?? []).toEqual([]);
  });
});
