// The official clients, old and new, against the doors: each lists the tools and calls one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpackExtension } from '@anthropic-ai/mcpb';
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packBundle } from '../scripts/pack-mcpb.ts';
import { type AnApp, anApp } from './conformance/app.ts';
import { verifies } from './promises.ts';

const ME = { name: 'clients.test', version: '1.0.0' };
const TOOL = 'connection_status';
const INSPECTOR = path.join(import.meta.dirname, '../node_modules/.bin/mcp-inspector');
const LOCAL = path.join(import.meta.dirname, 'conformance/local-stdio.ts');

/** What every client must be able to do, and what it saw. */
interface Asked {
  version: string | undefined;
  tools: string[];
  source: unknown;
}

/** The client of SDK 2. It checks each answer against the tool's output schema. */
async function ask(transport: Transport, mode: 'auto' | 'legacy'): Promise<Asked> {
  const client = new Client(ME, { versionNegotiation: { mode } });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    const { structuredContent } = await client.callTool({ name: TOOL, arguments: {} });
    const source = (structuredContent as { source?: unknown } | undefined)?.source;
    return { version: client.getNegotiatedProtocolVersion(), tools: tools.map(({ name }) => name), source };
  } finally {
    await client.close();
  }
}

/** The client of SDK 1, which knows nothing later than 2025-11-25. */
async function askAsOld(transport: OldHttp | OldStdio): Promise<Asked> {
  const client = new OldClient(ME);
  await client.connect(transport as Parameters<OldClient['connect']>[0]);
  try {
    const { tools } = await client.listTools();
    const { structuredContent } = await client.callTool({ name: TOOL, arguments: {} });
    const source = (structuredContent as { source?: unknown } | undefined)?.source;
    return { version: undefined, tools: tools.map(({ name }) => name), source };
  } finally {
    await client.close();
  }
}

describe('the official clients', () => {
  let app: AnApp;
  let bundle: { command: string; args: string[]; env: Record<string, string> };
  const folder = mkdtempSync(path.join(tmpdir(), 'clients-'));
  beforeAll(async () => {
    app = await anApp();
    await packBundle(path.join(folder, 'attending.mcpb'));
    const unpacked = path.join(folder, 'bundle');
    expect(await unpackExtension({ mcpbPath: path.join(folder, 'attending.mcpb'), outputDir: unpacked, silent: true })).toBe(true);
    const env = { ATTENDING_URL: app.url, ATTENDING_TOKEN: app.token };
    bundle = { command: process.execPath, args: [path.join(unpacked, 'server/main.mjs')], env };
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true });
  });

  const headers = () => ({ authorization: `Bearer ${app.token}` });
  const http = (at: string) => new StreamableHTTPClientTransport(new URL(app.url + at), { requestInit: { headers: headers() } });
  const oldHttp = (at: string) => new OldHttp(new URL(app.url + at), { requestInit: { headers: headers() } });

  verifies('doors:mcp-both-eras', async () => {
    const asked = await Promise.all(
      ['/mcp', '/api/mcp/v1'].flatMap((at) => [ask(http(at), 'auto'), ask(http(at), 'legacy'), askAsOld(oldHttp(at)), askRaw(app, at)]),
    );
    const [{ tools } = { tools: [] }] = asked;
    expect(tools).toContain(TOOL);
    expect(tools).toEqual([...tools].sort());
    for (const each of asked) expect(each).toMatchObject({ tools, source: expect.any(String) });
    const versions = ['2026-07-28', '2025-11-25', undefined, '2025-06-18'];
    expect(asked.map(({ version }) => version)).toEqual([...versions, ...versions]);
  });

  verifies('doors:stdio', async () => {
    const { tools } = await ask(http('/mcp'), 'auto');
    const started = () => ({ ...bundle, stderr: 'ignore' as const });
    const modern = await ask(new StdioClientTransport(started()), 'auto');
    const legacy = await ask(new StdioClientTransport(started()), 'legacy');
    const old = await askAsOld(new OldStdio(started()));
    for (const each of [modern, legacy, old]) expect(each).toMatchObject({ tools, source: expect.any(String) });
    expect([modern.version, legacy.version]).toEqual(['2026-07-28', '2025-11-25']);

    const { out } = await talk(bundle, [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: ME } },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
    ]);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ id, result }) => [id, typeof result]).sort()).toEqual([
      [1, 'object'],
      [2, 'object'],
    ]);
  });

  it('serve a local Attending over stdio in both eras', async () => {
    const local = { command: process.execPath, args: [LOCAL] };
    const modern = await ask(new StdioClientTransport(local), 'auto');
    const legacy = await ask(new StdioClientTransport(local), 'legacy');
    const old = await askAsOld(new OldStdio(local));
    expect([modern.version, legacy.version]).toEqual(['2026-07-28', '2025-11-25']);
    for (const each of [modern, legacy, old]) expect(each).toMatchObject({ tools: expect.arrayContaining([TOOL]), source: 'native' });
  });

  it('are told by the bundle what to do about a dead token', async () => {
    const env = { ...bundle.env, ATTENDING_TOKEN: 'mscp_demo_dead' };
    const { out, err } = await talk({ ...bundle, env }, [{ jsonrpc: '2.0', id: 'a', method: 'tools/list' }]);
    expect(JSON.parse(out)).toMatchObject({
      id: 'a',
      error: { code: -32001, message: expect.stringContaining('Ask the clinic for a new') },
    });
    expect(err).toContain('Ask the clinic for a new credential');
    expect(out + err).not.toContain('mscp_demo_dead');
  });

  it('read the Inspector’s command line, over HTTP and stdio, in both eras', async () => {
    const config = path.join(folder, 'servers.json');
    writeFileSync(config, JSON.stringify({ mcpServers: { attending: { type: 'stdio', ...bundle } } }));
    const overHttp = ['--server-url', `${app.url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${app.token}`];
    for (const where of [overHttp, ['--config', config, '--server', 'attending']]) {
      for (const era of ['modern', 'legacy']) {
        const list = await inspect(...where, '--protocol-era', era, '--method', 'tools/list', '--strict', '--format', 'json');
        expect(list).toMatchObject({ code: 0, out: expect.stringContaining(TOOL) });
        const call = await inspect(...where, '--protocol-era', era, '--method', 'tools/call', '--tool-name', TOOL, '--format', 'json');
        expect(call).toMatchObject({ code: 0, out: expect.stringContaining('time_zone') });
      }
    }
  }, 120_000);

  const inspect = (...args: string[]) =>
    talk({ command: process.execPath, args: [INSPECTOR, '--cli', ...args], env: { PATH: process.env.PATH ?? '', HOME: folder } }, []);
});

/** A client that says 2025-06-18, in bytes: no SDK at hand stops there. */
async function askRaw({ url, token }: AnApp, at: string): Promise<Asked> {
  const post = async (method: string, params: object, version?: string) => {
    const answer = await fetch(url + at, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(version && { 'mcp-protocol-version': version }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return ((await answer.json()) as { result: Record<string, never> }).result;
  };
  const { protocolVersion } = await post('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: ME });
  const { tools } = await post('tools/list', {}, protocolVersion);
  const { structuredContent } = await post('tools/call', { name: TOOL, arguments: {} }, protocolVersion);
  const { source } = (structuredContent ?? {}) as { source?: unknown };
  return { version: protocolVersion, tools: (tools as unknown as { name: string }[]).map(({ name }) => name), source };
}

/** Starts a program, gives it these lines and its end of input, and waits for it. */
async function talk(program: { command: string; args: string[]; env: Record<string, string> }, messages: object[]) {
  const child = spawn(program.command, program.args, { env: program.env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}
