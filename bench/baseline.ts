// The baseline: the SDK's low-level server and the same SQL, with no authentication, no tenancy and no audit. Run as a child of bench.ts.
import { createMcpHandler, isLegacyRequest, Server, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { systemClock } from '../src/base/clock.ts';
import { localDay } from '../src/base/zone.ts';
import { type Connection, openPool, query } from '../src/db/pool.ts';
import { only } from '../src/domains/index.ts';
import { listen } from '../src/http/server.ts';
import { toolOf } from '../src/http/tool-schema.ts';
import { catalogue } from '../src/operations/index.ts';
import { openSource } from '../src/sources/index.ts';
import { tellUsage } from './usage.ts';

const ZONE = 'America/New_York';
const pool = openPool(JSON.parse(process.argv[2] ?? '') as Connection, { max: 24, failed: () => {} });
const caller = { tenant_id: '', user_id: '', finance: 'all', permissions: new Set<never>() } as const;

async function run(name: string, input: unknown): Promise<Record<string, unknown>> {
  const operation = catalogue.find((candidate) => candidate.name === name);
  if (operation?.effect !== 'read') throw new Error(`no ${name}`);
  const now = systemClock.now();
  const today = localDay(now, ZONE);
  const tx = { rows: <R extends object>(sql: string, values?: readonly unknown[]) => query<R>(pool, sql, values) };
  const source = openSource({ id: 'bench', vendor: 'native', settings: {}, modules: [] }, { tx, now, today, time_zone: ZONE });
  const { more: _, ...answer } = await operation.run(
    { ...only(source, operation.needs), caller, now, today },
    operation.input.parse(input),
  );
  const kept =
    operation.page && name === 'get_labs'
      ? { ...answer, labs: (answer.labs as object[]).map((row) => ({ ...row, lab_result_id: undefined })) }
      : answer;
  return JSON.parse(JSON.stringify(kept));
}

function build(): Server {
  const server = new Server({ name: 'baseline', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', async () => ({ tools: catalogue.map(toolOf) }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    const value = await run(params.name, params.arguments);
    return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value };
  });
  return server;
}

const modern = createMcpHandler(build);
const app = new Hono();
app.post('/mcp', async (c) => {
  const parsedBody = await c.req.json();
  if (!(await isLegacyRequest(c.req.raw, parsedBody))) return modern.fetch(c.req.raw, { parsedBody });
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  await build().connect(transport);
  return transport.handleRequest(c.req.raw, { parsedBody });
});
app.get('/api/v1/patients/:patient_id/labs', async (c) => c.json(await run('get_labs', { patient_id: c.req.param('patient_id') })));
app.post('/api/v1/patients/search', async (c) => c.json(await run('search_patients', await c.req.json())));

tellUsage((await listen(app, { host: '127.0.0.1', port: 0 })).url);
