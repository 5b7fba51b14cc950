import { describe, expect, it } from 'vitest';
import { aDoor, call, LEGACY, META, modern, rpc } from '../../test/conformance/door.ts';
import { Fault } from '../base/fault.ts';
import { listen } from './server.ts';

const CALLED = modern('tools/call', 'connection_status');

describe('who may speak MCP', () => {
  it.each([
    ['nobody', {}, 'Bearer realm="attending"'],
    ['a dead credential', { authorization: 'Bearer mscp_demo_dead' }, expect.stringContaining('error="invalid_token"')],
  ])('%s gets 401 before JSON-RPC is looked at', async (_, shown, challenge) => {
    const { send, rows } = aDoor();
    const { authorization: _token, ...rest } = LEGACY;
    for (const body of [call('connection_status'), rpc('tools/list', {}), '{"no json', [call('connection_status')]]) {
      const { status, headers } = await send(body, { ...rest, ...shown });
      expect([status, headers.get('www-authenticate')]).toEqual([401, challenge]);
    }
    expect((await send('', { ...shown }, 'GET')).status).toBe(401);
    expect(rows()).toEqual([]);
  });

  it('a credential that is revoked while the call runs gets 401', async () => {
    const { gate, send, rows } = aDoor();
    gate.run = () => Promise.reject(new Fault('unauthenticated', 'The credential was revoked.'));
    expect((await send(call('connection_status'))).status).toBe(401);
    expect((await send(call('connection_status', {}, META), CALLED)).status).toBe(401);
    expect(rows()).toEqual(['connection_status unauthenticated', 'connection_status unauthenticated']);
  });
});

describe('the table of refusals', () => {
  const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'['.repeat(500_000)}`;
  const large = JSON.stringify(call('connection_status', { ref: 'x'.repeat(1_200_000) }));
  it.each<[string, unknown, Record<string, string>, number, number | undefined, string[]]>([
    ['text/plain', call('connection_status'), { ...LEGACY, 'content-type': 'text/plain' }, 415, -32000, ['unreadable malformed']],
    [
      'one accepted type',
      call('connection_status'),
      { ...LEGACY, accept: 'application/json' },
      406,
      -32000,
      ['connection_status malformed'],
    ],
    ['1.2 MB', large, LEGACY, 413, -32000, ['unreadable too_large']],
    ['1.2 MB declared', large, { ...LEGACY, 'content-length': String(large.length) }, 413, -32000, ['unreadable too_large']],
    ['no JSON', '{"jsonrpc":', LEGACY, 400, -32700, ['unreadable malformed']],
    ['nothing', '', LEGACY, 400, -32700, ['unreadable malformed']],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), LEGACY, 400, -32700, ['unreadable malformed']],
    ['half a million brackets', deep, LEGACY, 400, -32700, ['unreadable malformed']],
    ['a NUL', '{"a":"\\u0000"}', LEGACY, 400, -32700, ['unreadable malformed']],
    ['no JSON-RPC', { a: 1 }, LEGACY, 400, -32600, []],
    ['an unknown method', rpc('no/such', { _meta: META }), modern('no/such'), 404, -32601, []],
    ['a stream of changes', rpc('subscriptions/listen', { _meta: META }), modern('subscriptions/listen'), 404, -32601, []],
    [
      'an unknown version',
      call('connection_status', {}, { ...META, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }),
      { ...CALLED, 'mcp-protocol-version': '2099-01-01' },
      400,
      -32022,
      ['connection_status malformed'],
    ],
    [
      'a header of another tool',
      call('connection_status', {}, META),
      modern('tools/call', 'get_labs'),
      400,
      -32020,
      ['connection_status malformed'],
    ],
    [
      'half an envelope',
      call('connection_status', {}, { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }),
      CALLED,
      400,
      -32602,
      ['connection_status malformed'],
    ],
    ['a tool without a name', call(42), LEGACY, 200, -32602, ['unreadable malformed']],
    ['arguments that are no object', call('connection_status', 'all'), LEGACY, 200, -32602, ['connection_status malformed']],
    [
      'a call that wants no answer',
      { jsonrpc: '2.0', method: 'tools/call', params: { name: 'connection_status' } },
      LEGACY,
      202,
      undefined,
      ['connection_status malformed'],
    ],
  ])('%s', async (_, body, headers, status, code, rows) => {
    const door = aDoor();
    const answer = await door.send(body, headers);
    expect([answer.status, answer.json.error?.code, door.rows()]).toEqual([status, code, rows]);
  });

  it.each(['GET', 'DELETE', 'PUT'])('%s is not allowed', async (method) => {
    const { status, headers } = await aDoor().send('', LEGACY, method);
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe.each([
  ['2026-07-28', CALLED, META],
  ['the initialize era', LEGACY, undefined],
])('a call in %s', (_, headers, meta) => {
  const named = (name: string) => (meta ? modern('tools/call', name) : headers);

  it('answers text, structure and the id of its audit row', async () => {
    const { send, rows, gate } = aDoor();
    const { status, json } = await send(call('connection_status', {}, meta), headers);
    const { content, structuredContent, _meta, isError } = json.result;
    expect([status, json.id, isError]).toEqual([200, 7, undefined]);
    expect(JSON.parse(content[0].text)).toEqual(structuredContent);
    expect(structuredContent).toMatchObject({ status: 'up', source: 'native' });
    expect(_meta['attending/audit_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(rows()).toEqual(['connection_status ok']);
    if (meta) expect(gate.rows[0]?.knock.client).toMatchObject({ name: 'wire', version: '1' });
  });

  it('that cannot be answered tells the model why', async () => {
    const { gate, send } = aDoor();
    gate.run = () => Promise.reject(new Fault('not_found', 'No such patient.'));
    const { json } = await send(call('connection_status', {}, meta), headers);
    expect(json.result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^No such patient\. Search/) }] });
  });

  it('to a tool that is not there repeats nothing of the name', async () => {
    const { send, rows } = aDoor();
    const [a, b] = [
      await send(call('get_secrets', {}, meta), named('get_secrets')),
      await send(call('toString', {}, meta), named('toString')),
    ];
    expect(a.json.error).toEqual({ code: -32602, message: expect.stringMatching(/^There is no such tool/) });
    expect(a.text).toBe(b.text);
    expect(rows()).toEqual(['get_secrets unknown_operation', 'toString unknown_operation']);
  });

  it('without an audit row gets no answer, and no word of why', async () => {
    const { gate, send } = aDoor();
    gate.run = () => Promise.reject(new Error('password of Ada Okafor'));
    const { text, json } = await send(call('connection_status', {}, meta), headers);
    expect(json.error).toEqual({ code: -32603, message: 'Internal error' });
    expect(text).not.toContain('Ada');
  });

  it('keeps to its own answer among others with the same id', async () => {
    const { gate, send } = aDoor();
    gate.run = async (_name, input) => {
      const { ref } = input as { ref: string };
      await new Promise((resolve) => setTimeout(resolve, Number(ref) % 7));
      return { text: ref };
    };
    const refs = Array.from({ length: 40 }, (_, i) => String(i * 3));
    const answers = await Promise.all(refs.map((ref) => send(call('read_untrusted', { ref }, meta), named('read_untrusted'))));
    expect(answers.map(({ json }) => json.result.structuredContent.text)).toEqual(refs);
  });

  it('is finished once when the client goes away in the middle', async () => {
    const { gate, app, rows } = aDoor();
    const { promise: held, resolve: release } = Promise.withResolvers<Record<string, unknown>>();
    const { promise: running, resolve: started } = Promise.withResolvers<void>();
    gate.run = () => {
      started();
      return held;
    };
    const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 });
    const gone = new AbortController();
    const asked = fetch(`${url}/mcp`, {
      method: 'POST',
      headers,
      body: JSON.stringify(call('connection_status', {}, meta)),
      signal: gone.signal,
    });
    await running;
    gone.abort();
    await expect(asked).rejects.toThrow();
    release({ status: 'up' });
    await close();
    expect(rows()).toEqual(['connection_status ok']);
  });
});

describe('a batch of the older era', () => {
  it('begins and ends each call by itself, and counts those that were refused', async () => {
    const { gate, send, rows } = aDoor();
    const { status, json } = await send([
      call('connection_status'),
      { ...call('nothing'), id: 8 },
      { ...call(42), id: 9 },
      rpc('ping', {}, 10),
    ]);
    expect([status, json.map(({ id }: { id: number }) => id), gate.identified]).toEqual([200, [7, 8, 9, 10], 1]);
    expect(rows()).toEqual(['connection_status ok', 'nothing unknown_operation', 'unreadable malformed']);
  });

  it.each([
    ['of the newer era', [call('connection_status', {}, META)], CALLED],
    ['of more than a hundred', Array.from({ length: 101 }, (_, id) => ({ ...call('connection_status'), id })), LEGACY],
  ])('%s is refused as a whole, and leaves one row', async (_, body, headers) => {
    const { send, rows } = aDoor();
    const { status, json } = await send(body, headers);
    expect([status, json.error.code, rows()]).toEqual([400, -32600, ['unreadable malformed']]);
  });
});

describe('the list of tools', () => {
  it('stands in order, the same bytes each time, private to its reader', async () => {
    const { send, rows } = aDoor();
    const [first, second] = [
      await send(rpc('tools/list', { _meta: META }), modern('tools/list')),
      await send(rpc('tools/list', { _meta: META }), modern('tools/list')),
    ];
    expect(first.json.result.tools.map(({ name }: { name: string }) => name)).toEqual([
      'connection_status',
      'read_untrusted',
      'search_patients',
    ]);
    expect(first.json.result).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' });
    expect([first.text, rows()]).toEqual([second.text, []]);
  });

  it('says what reads and what reaches outside', async () => {
    const { json } = await aDoor().send(rpc('tools/list', {}));
    expect(json.result.tools.map(({ annotations }: { annotations: object }) => annotations)).toEqual([
      { readOnlyHint: true, openWorldHint: false },
      { readOnlyHint: true, openWorldHint: true },
      { readOnlyHint: true, openWorldHint: false },
    ]);
  });
});
