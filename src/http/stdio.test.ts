import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { call, META, rpc } from '../../test/conformance/door.ts';
import { fakeGate, PORTS, TOKEN } from '../../test/conformance/gate.ts';
import { bridgeStdio } from './bridge.ts';
import { runStdio } from './stdio.ts';

/** Both ends of a client's pipe. */
function aPipe() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let out = '';
  output.on('data', (chunk) => {
    out += chunk;
  });
  const lines = () => out.split('\n').filter((line) => line !== '');
  const say = (...messages: (object | string)[]) => {
    for (const message of messages) input.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  };
  return { input, output, say, lines, answers: () => lines().map((line) => JSON.parse(line)) };
}

const HELLO = rpc('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'pipe', version: '1' } }, 1);

describe('Attending on standard input and output', () => {
  const aLocal = () => {
    const [gate, pipe] = [fakeGate(), aPipe()];
    return { gate, pipe, ended: runStdio({ ...PORTS, gate, token: TOKEN, input: pipe.input, output: pipe.output }) };
  };

  it.each([
    ['the initialize era', HELLO, undefined],
    ['2026-07-28', rpc('server/discover', { _meta: META }, 1), META],
  ])('answers a client of %s, and knows its name', async (_, hello, meta) => {
    const { gate, pipe, ended } = aLocal();
    pipe.say(hello, call('connection_status', {}, meta), { ...call('nothing', {}, meta), id: 8 });
    await expect.poll(() => pipe.answers().length).toBe(3);
    pipe.input.end();
    await ended;
    const [greeting, answer, refusal] = pipe.answers().sort((a, b) => a.id - b.id);
    expect(greeting.result.capabilities).toEqual({ tools: {}, resources: {}, prompts: {} });
    expect(answer.result.structuredContent).toMatchObject({ status: 'up' });
    expect(refusal.error.code).toBe(-32602);
    expect(gate.rows.map(({ name, ended: how, knock }) => [name, how, knock.door, knock.client.user_agent])).toEqual([
      ['connection_status', ['ok'], 'mcp', 'stdio'],
      ['nothing', ['unknown_operation'], 'mcp', 'stdio'],
    ]);
    expect(gate.rows[0]?.knock.client.name).toBe(meta ? 'wire' : 'pipe');
  });

  it('ends only when the last call has its row', async () => {
    const { gate, pipe, ended } = aLocal();
    const { promise: held, resolve: release } = Promise.withResolvers<Record<string, unknown>>();
    gate.run = () => held;
    pipe.say(HELLO, call('connection_status'));
    await expect.poll(() => gate.rows.length).toBe(1);
    pipe.input.end();
    expect(await Promise.race([ended.then(() => 'ended'), new Promise((resolve) => setTimeout(resolve, 50, 'open'))])).toBe('open');
    release({});
    await ended;
    expect(gate.rows[0]?.ended).toEqual(['ok']);
  });

  it('refuses a text that cannot be stored, with a row', async () => {
    const { gate, pipe, ended } = aLocal();
    pipe.say(HELLO, call('connection_status', { note: '\0' }));
    await expect.poll(() => pipe.answers().length).toBe(2);
    pipe.input.end();
    await ended;
    expect(pipe.answers().at(-1).result.isError).toBe(true);
    expect(gate.rows.map(({ name, ended: how }) => [name, how])).toEqual([['unreadable', ['malformed']]]);
  });

  it('does not start with a dead token, and says so in one line', async () => {
    const { input, output } = aPipe();
    const started = runStdio({ ...PORTS, gate: fakeGate(), token: 'mscp_demo_dead', input, output });
    await expect(started).rejects.toThrow('ATTENDING_TOKEN is no live credential');
  });
});

describe('the bridge', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  type Heard = { headers: IncomingMessage['headers']; body: string };
  async function aBridge(answer: (heard: Heard, response: ServerResponse) => void) {
    const heard: Heard[] = [];
    const server = createServer(async (asked, response) => {
      let body = '';
      for await (const chunk of asked) body += chunk;
      heard.push({ headers: asked.headers, body });
      answer({ headers: asked.headers, body }, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    const [pipe, warned] = [aPipe(), [] as string[]];
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ended = bridgeStdio({ url, token: TOKEN, input: pipe.input, output: pipe.output, warn: (line) => warned.push(line) });
    return { heard, pipe, warned, ended };
  }
  const json = (response: ServerResponse, text: string, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);

  it('carries bytes as they are, and the headers of each era', async () => {
    const { heard, pipe, ended } = await aBridge(({ body }, response) => {
      const { id, method } = JSON.parse(body);
      if (id === undefined) return void response.writeHead(202).end();
      json(response, `{"jsonrpc": "2.0",\n "id":${id}, "result":{"protocolVersion":"2025-06-18","m":"${method}\u2028"}}`);
    });
    const odd = '{"jsonrpc":"2.0", "id":2,"method":"tools/list" ,"params":{"a":"\u2028 1.0"}}';
    pipe.say(HELLO);
    await expect.poll(() => pipe.lines().length).toBe(1);
    pipe.say(
      odd,
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { ...call('été', {}, META), id: 3 },
      { ...rpc('resources/read', { uri: 'a:b', _meta: META }), id: 4 },
    );
    pipe.input.end();
    await ended;
    expect(heard.map(({ body }) => body)).toContain(odd);
    expect(pipe.lines()).toContain('{"jsonrpc": "2.0", "id":2, "result":{"protocolVersion":"2025-06-18","m":"tools/list\u2028"}}');
    expect(
      pipe
        .answers()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3, 4]);
    const sent = Object.fromEntries(heard.map(({ headers, body }) => [JSON.parse(body).id ?? 'none', headers]));
    const told = (id: number | string) =>
      ['authorization', 'mcp-protocol-version', 'mcp-method', 'mcp-name'].map((name) => sent[id]?.[name]);
    expect(told(1)).toEqual([`Bearer ${TOKEN}`, undefined, undefined, undefined]);
    expect(told(2)).toEqual([`Bearer ${TOKEN}`, '2025-06-18', undefined, undefined]);
    expect(told('none')).toEqual([`Bearer ${TOKEN}`, '2025-06-18', undefined, undefined]);
    expect(told(3)).toEqual([`Bearer ${TOKEN}`, '2026-07-28', 'tools/call', `=?base64?${Buffer.from('été').toString('base64')}?=`]);
    expect(told(4)).toEqual([`Bearer ${TOKEN}`, '2026-07-28', 'resources/read', 'a:b']);
  });

  it('passes on each event of a stream, and ends it when the client cancels', async () => {
    let gone = false;
    const { pipe, ended } = await aBridge((_, response) => {
      response.on('close', () => {
        gone = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': keepalive\r\n\r\nevent: message\r\ndata: {"jsonrpc":"2.0",\r\ndata: "method":"notifications/progress"}\r\n\r\n');
    });
    pipe.say(call('slow'));
    await expect.poll(() => pipe.lines()).toEqual(['{"jsonrpc":"2.0","method":"notifications/progress"}']);
    pipe.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
    pipe.input.end();
    await ended;
    await expect.poll(() => gone).toBe(true);
    expect(pipe.lines()).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => unknown, number, string]>([
    [
      '401',
      (response) => json(response, '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}', 401),
      -32001,
      'ATTENDING_TOKEN',
    ],
    [
      'an error that knows no id',
      (response) => json(response, '{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal error"}}', 500),
      -32603,
      'Internal error',
    ],
    ['a page of a proxy', (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>'), -32000, 'HTTP 502'],
    ['a redirect', (response) => response.writeHead(307, { location: 'https://evil.example.com/mcp' }).end(), -32000, 'HTTP 307'],
    ['JSON that is none', (response) => json(response, '{"jsonrpc":'), -32000, 'does not answer'],
    [
      'a stream that ends',
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"jsonrpc":"2.0","method":"x"}'),
      -32000,
      'does not answer',
    ],
    ['a broken connection', (response) => response.destroy(), -32000, 'Is it running?'],
  ])('answers the request that met %s', async (_, answer, code, words) => {
    const { pipe, ended, warned } = await aBridge((_heard, response) => void answer(response));
    pipe.say(call('connection_status'));
    pipe.input.end();
    await ended;
    expect(pipe.answers()).toMatchObject([{ jsonrpc: '2.0', id: 7, error: { code, message: expect.stringContaining(words) } }]);
    expect(warned.length).toBe(code === -32001 ? 1 : 0);
    expect(JSON.stringify([pipe.lines(), warned])).not.toContain(TOKEN);
  });

  it('says nothing to a notification that failed, but on standard error', async () => {
    const { pipe, ended, warned } = await aBridge((_, response) => void response.writeHead(502).end());
    pipe.say({ jsonrpc: '2.0', method: 'notifications/initialized' });
    pipe.input.end();
    await ended;
    expect([pipe.lines(), warned.length]).toEqual([[], 1]);
  });

  it('lets the server refuse a line that is no JSON', async () => {
    const refused = '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}';
    const { pipe, ended, heard } = await aBridge((_, response) => void json(response, refused, 400));
    pipe.say('{"no');
    pipe.input.end();
    await ended;
    expect([pipe.lines(), heard.map(({ body }) => body)]).toEqual([[refused], ['{"no']]);
  });

  it('sends the token over https, or to this computer, and nowhere else', async () => {
    for (const url of ['http://attending.example.org/mcp', 'ftp://localhost/', 'http://127.0.0.1.example.org']) {
      await expect(bridgeStdio({ url, token: TOKEN, ...aPipe() })).rejects.toThrow('must begin with https://');
    }
  });
});
