// Every question whose answer the generator knows, asked over MCP (page by page) and over REST (at once). The answers come from the story, not from SQL and not from the tools.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, isFirst } from '../../clinic/answers/answer.ts';
import type { Expectation } from '../../clinic/answers/expectation.ts';
import { generateClinic } from '../../clinic/clinic.ts';
import { answersOf } from '../../clinic/truth.ts';
import { catalogue } from '../../src/operations/index.ts';
import type { Operation, Paged } from '../../src/operations/operation.ts';
import { SEED } from '../../src/start/sandbox.ts';
import { type Attending, startAttending, TODAY } from '../app.ts';
import { EVERY_TOOLSET } from '../mcp.ts';

type Rows = Record<string, unknown>[];
type Whole = Record<string, unknown>;

/** D11, N5. */
const BUDGET_BYTES = 6144;

let attending: Attending;
beforeAll(async () => {
  attending = await startAttending();
}, 60_000);
afterAll(async () => {
  await Promise.all([...clients.values()].map(async (client) => (await client).close()));
  await attending?.close();
});

function operationOf(tool: string): Operation {
  const found = catalogue.find(({ name }) => name === tool);
  if (!found) throw new Error(`no ${tool}`);
  return found;
}
const idOf = (tool: string) => (operationOf(tool) as { page?: Paged }).page;

const ERAS = ['auto', 'legacy'] as const;
type Era = (typeof ERAS)[number];
const clients = new Map<string, Promise<Client>>();

/** The official client of a credential, connected once an era, with every toolset. */
function clientOf(token: string, mode: Era): Promise<Client> {
  const known = clients.get(`${mode} ${token}`);
  if (known) return known;
  const client = new Client({ name: 'answers.test', version: '1.0.0' }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(new URL(attending.url + EVERY_TOOLSET), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  const connected = client.connect(transport).then(() => client);
  clients.set(`${mode} ${token}`, connected);
  return connected;
}

/** The whole answer of a tool over MCP, its pages laid together; no page is over its budget. */
async function overMcp({ tool, arguments: args }: Answer, token: string, era: Era): Promise<Whole> {
  const client = await clientOf(token, era);
  const page = idOf(tool);
  const whole: Whole = {};
  for (let cursor: unknown; ; ) {
    const result = await client.callTool({ name: tool, arguments: { ...args, ...(cursor ? { cursor } : {}) } });
    const text = result.content.map((part) => ('text' in part ? part.text : '')).join('');
    expect(result.isError ?? false, text).toBe(false);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(('max_bytes' in args && Number(args.max_bytes)) || BUDGET_BYTES);
    const part = result.structuredContent as Whole;
    const before = page ? ((whole[page.list] as Rows) ?? []) : [];
    Object.assign(whole, part, page && { [page.list]: [...before, ...(part[page.list] as Rows)] });
    cursor = part.cursor;
    if (cursor === undefined || tool === 'search_patients') return whole;
  }
}

async function overRest({ tool, arguments: args }: Answer, token: string): Promise<Whole> {
  const [method, template] = operationOf(tool).rest.split(' ') as [string, string];
  const rest = new Map<string, unknown>(Object.entries(args));
  const path = template.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const value = rest.get(field);
    rest.delete(field);
    return String(value);
  });
  const flat = [...rest].flatMap(([field, value]) =>
    value !== null && typeof value === 'object'
      ? Object.entries(value).map(([key, inner]) => [Array.isArray(value) ? `${field}[]` : `${field}[${key}]`, String(inner)])
      : [[field, String(value)]],
  );
  const query = method === 'GET' ? `?${new URLSearchParams(flat as [string, string][])}` : '';
  const response = await fetch(`${attending.url}/api/v1${path}${query}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: JSON.stringify(Object.fromEntries(rest)) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Whole;
}

/** The value at 'a.b.0.c'. */
function at(whole: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (inner as Whole | undefined)?.[name], whole);
}

/** Holds an answer to an Expectation. */
function holdQuestion({ rows, same, present, absent }: Expectation, whole: Whole): void {
  if (rows) {
    const list = at(whole, rows.list) as Rows;
    expect(list.map((row) => at(row, rows.id))).toEqual(rows.ids);
    const by = new Map(list.map((row) => [at(row, rows.id) as string, row]));
    for (const [id, fields] of Object.entries(rows.fields ?? {}))
      expect({ id, ...Object.fromEntries(Object.keys(fields).map((field) => [field, at(by.get(id), field)])) }).toEqual({ id, ...fields });
  }
  for (const [path, value] of Object.entries(same ?? {})) expect({ path, value: at(whole, path) }).toEqual({ path, value });
  for (const id of present ?? []) expect(JSON.stringify(whole)).toContain(id);
  for (const id of absent ?? []) expect(JSON.stringify(whole)).not.toContain(id);
}

/** Holds an answer to what is expected of it; what is not named is free. */
function hold(answer: Answer, whole: Whole): void {
  if (!isFirst(answer)) {
    holdQuestion(answer.expect, whole);
    return;
  }
  const { tool, expect: expected } = answer;
  const page = idOf(tool);
  const rows = page ? (whole[page.list] as Rows) : [];
  const by = new Map(rows.map((row) => [row[page?.id ?? ''] as string, row]));
  const ids = [...by.keys()];
  if (tool === 'search_patients') {
    if (expected.resolution) expect(whole.resolution).toBe(expected.resolution);
    if (expected.first) expect(ids[0]).toBe(expected.first);
    for (const id of expected.includes ?? []) expect(ids).toContain(id);
    for (const id of expected.excludes ?? []) expect(ids).not.toContain(id);
    for (const id of expected.never_certain ?? []) expect(by.get(id)?.match).not.toBe('certain');
    for (const [id, status] of Object.entries(expected.statuses ?? {})) expect(by.get(id)?.status ?? 'none').toBe(status);
  } else if (tool === 'get_patient') {
    const patient = whole.patient as Whole;
    expect(patient).toMatchObject(expected.fields);
    for (const field of expected.absent) expect(patient).not.toHaveProperty(field);
    expect((patient.coverages as Rows).map(({ rank, kind, status }) => ({ rank, kind, status }))).toEqual(expected.coverages);
  } else if (tool === 'get_labs') {
    if (expected.ids) expect(ids).toEqual(expected.ids);
    if (expected.count !== undefined) expect(rows).toHaveLength(expected.count);
    for (const id of expected.absent ?? []) expect(ids).not.toContain(id);
    for (const [id, { conflict, value, ...said }] of Object.entries(expected.rows ?? {})) {
      expect(by.get(id)).toMatchObject(said);
      if (value === null) expect(by.get(id)).not.toHaveProperty('value');
      else if (value !== undefined) expect(by.get(id)?.value).toBe(value);
      if (conflict !== undefined) expect(by.get(id)?.flag_conflict !== undefined).toBe(conflict);
    }
  } else if (tool === 'get_chart_notes') {
    expect(ids).toEqual(expected.ids);
    for (const id of expected.absent ?? []) expect(ids).not.toContain(id);
    for (const id of expected.amended ?? []) expect(by.get(id)).toHaveProperty('amended_at');
    for (const { note_id, section, kind, on, text } of expected.outside ?? []) {
      const told = by.get(note_id)?.[section];
      if (told === undefined || String(told).includes('more characters')) continue; // shortened to the budget of a model
      expect(told).toMatch(new RegExp(`⟦ref u_[0-9a-f]{32} · ${kind.replaceAll('_', ' ')} · ${text.length} chars${on ? ` · ${on}` : ''}⟧`));
      expect(JSON.stringify(whole)).not.toContain(JSON.stringify(text).slice(1, -1));
    }
  } else if (tool === 'get_appointments') {
    expect(ids).toEqual(expected.ids);
    for (const [id, status] of Object.entries(expected.statuses ?? {})) expect([id, by.get(id)?.status]).toEqual([id, status]);
    for (const id of expected.absent ?? []) expect(ids).not.toContain(id);
    for (const [id, to] of Object.entries(expected.moved ?? {})) expect(by.get(id)?.rescheduled_to).toBe(to);
  } else {
    expect(Object.fromEntries([...by].map(([id, { status }]) => [id, status]))).toEqual(expected.statuses);
    for (const id of expected.absent) expect(ids).not.toContain(id);
    if (expected.duplicates)
      expect(((whole.duplicates as string[]) ?? []).map((name) => name.toLowerCase())).toEqual(
        expected.duplicates.map((name) => name.toLowerCase()),
      );
    for (const id of expected.without_rxnorm ?? []) expect(by.get(id)).not.toHaveProperty('rxnorm');
    for (const [id, schedule] of Object.entries(expected.controlled ?? {})) expect(by.get(id)?.controlled).toBe(schedule);
  }
}

describe.each([['juniper', 0] as const, ['cedar', 1] as const])('what the generator of %s knows, the tools say', (name, at) => {
  const answers = answersOf(generateClinic({ clinic: name, seed: SEED, as_of: TODAY }));
  it('there are at least five questions for each tool', () => {
    // How the systems stand, text that another answer referred to, and what is drafted are not of the clinic's story.
    const told = catalogue.filter(
      ({ name, doors, effect }) =>
        effect === 'read' &&
        (doors as readonly string[]).includes('mcp') &&
        !['connection_status', 'read_untrusted', 'get_draft', 'get_operation'].includes(name),
    );
    for (const { name } of told) expect(answers.filter(({ tool }) => tool === name).length, name).toBeGreaterThanOrEqual(5);
  });
  it.each(answers.map((answer) => [answer.tool, answer.trap, answer] as const))('%s: %s', async (_tool, _trap, answer) => {
    const token = attending.token(('as' in answer && answer.as) || 'physician', at);
    hold(answer, await overRest(answer, token));
    for (const era of ERAS) hold(answer, await overMcp(answer, token, era));
  });
});
