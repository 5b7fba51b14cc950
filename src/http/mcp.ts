// The MCP door over HTTP: who knocks is asked before JSON-RPC; a tools/call is begun here and finished exactly once, whatever becomes of the request.
import {
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  isJsonContentType,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Context } from 'hono';
import { advice, FAULTS, Fault } from '../base/fault.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Knock } from '../governance/authenticate.ts';
import { type Call, type Outcome, UNREADABLE } from '../governance/execute.ts';
import type { Gate } from '../governance/gate.ts';
import { TOOLSETS, type Toolset } from '../operations/operation.ts';
import { isViewUri } from './apps.ts';
import { knockOf, printable, readBody } from './knock.ts';
import { type Asker, type Extend, type McpDoor, serverFor } from './mcp-server.ts';
import { askedBy } from './resources.ts';

interface Opening {
  gate: Gate;
  version: string;
  log: Log;
  extend?: Extend | undefined;
}

const [PARSE_ERROR, METHOD_NOT_FOUND, INTERNAL_ERROR, REFUSED] = [-32700, -32601, -32603, -32000];
const notServed = () => new Fault('malformed', 'The request does not follow the protocol it names.');

/** Answers one HTTP request. Never rejects. */
export function mcpDoor({ gate, version, log, extend }: Opening): (c: Context) => Promise<Response> {
  const askers = new WeakMap<Request, Asker>();
  const modern = createMcpHandler(
    ({ requestInfo }) => {
      const asker = requestInfo && askers.get(requestInfo);
      if (!asker) throw new Error('a request without an asker');
      return serverFor({ asker, era: 'modern', version, log, extend });
    },
    { legacy: 'reject', onerror: (error) => log.debug({ error: error.name }, 'mcp request refused') },
  );

  /** One message to the SDK and its answer. The older era gets plain JSON: 2.3 times less work than a stream, and no tool tells of progress. */
  async function serve(request: Request, message: unknown, asker: Asker): Promise<Response> {
    if (!(await isLegacyRequest(request, message))) {
      askers.set(request, asker);
      return withoutEcho(await modern.fetch(request, { parsedBody: message }));
    }
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    await serverFor({ asker, era: 'legacy', version, log, extend }).connect(transport);
    return withoutEcho(await transport.handleRequest(request, { parsedBody: message }));
  }

  async function answer(c: Context, knock: Knock): Promise<Response> {
    if (c.req.method !== 'POST' || knock.authorization === undefined) {
      await gate.identify(knock);
      return refusal(405, REFUSED, 'Method not allowed.', { headers: { allow: 'POST' } });
    }
    if (!isJsonContentType(c.req.header('content-type')))
      return unreadable(knock, new Fault('malformed', 'The Content-Type must be application/json.'), 415);
    const body = await readBody(c);
    if (body instanceof Fault) return unreadable(knock, body, FAULTS[body.type].status);

    const message = body.parsed;
    const narrowed = narrowedBy(c.req.query('toolsets'));
    if (narrowed instanceof Fault) return unreadable(knock, narrowed, 400, REFUSED);
    const known = { ...knock, ...(narrowed && { toolsets: narrowed }), client: { ...knock.client, ...clientOf(clientIn(message)) } };
    if (Array.isArray(message)) return batch(c.req.raw, message, known);
    if (isCall(message)) return single(c.req.raw, message, known);
    const principal = await gate.identify(known);
    // Nothing here ever changes by itself, so there is nothing to listen for: a stream would outlive the credential.
    if (isObject(message) && message.method === 'subscriptions/listen')
      return refusal(404, METHOD_NOT_FOUND, 'Method not found', { id: message.id });
    return serve(c.req.raw, message, {
      list: async (door) => gate.list(principal, door, known.toolsets),
      call: () => Promise.reject(new Error('a call that was not begun')),
    });
  }

  async function single(request: Request, message: Record<string, unknown>, knock: Knock): Promise<Response> {
    const { door, name, input } = begunBy(message);
    const call = await gate.begin({ ...knock, door }, name, input);
    const finish = once(gate, call);
    let revoked: Fault | undefined;
    const asker: Asker = {
      list: async (door) => gate.list(call.principal, door, knock.toolsets),
      async call() {
        const outcome = await finish();
        if (!outcome.ok && outcome.fault.type === 'unauthenticated') revoked = outcome.fault;
        return outcome;
      },
    };
    try {
      const response = await serve(request, message, asker);
      if (revoked) throw revoked;
      return response;
    } finally {
      if (!finish.began()) await finish(notServed());
    }
  }

  /** One after the other: a hundred calls in one request must not take every connection to the database. */
  async function batch(request: Request, messages: unknown[], knock: Knock): Promise<Response> {
    const principal = await gate.identify(knock);
    let begun = 0;
    let last: Promise<unknown> = Promise.resolve();
    const asker: Asker = {
      list: async (door) => gate.list(principal, door, knock.toolsets),
      call(name, input, { door }) {
        begun += 1;
        const next = last.then(async () => gate.execute(await gate.begin({ ...knock, door }, name, input)));
        last = next.catch(() => {});
        return next;
      },
    };
    // A call that its own batch cancels would get no reply, and the SDK would wait for it for ever.
    const kept = messages.filter((message) => !(isObject(message) && message.method === 'notifications/cancelled'));
    const response = kept.length > 0 ? await serve(request, kept, asker) : new Response(null, { status: 202 });
    // With one id twice the SDK answers before the second call has ended; its rows come first all the same.
    await last;
    const asked = messages.filter(isCall).length;
    // Calls that the SDK refused before they were ours; a batch that it refused as a whole is one.
    for (let missed = response.ok ? asked - begun : Math.min(asked, 1); missed > 0; missed -= 1) await note(knock, notServed());
    return response;
  }

  const note = async (knock: Knock, fault: Fault) => gate.execute(await gate.begin(knock, UNREADABLE, undefined), fault);

  async function unreadable(knock: Knock, fault: Fault, status: number, code = status === 400 ? PARSE_ERROR : REFUSED): Promise<Response> {
    const { text } = await note(knock, fault);
    return refusal(status, code, code === PARSE_ERROR ? `Parse error: ${text}` : text);
  }

  return async (c) => {
    const knock = knockOf(c, 'mcp');
    try {
      return await answer(c, knock);
    } catch (error) {
      if (error instanceof Fault && error.type === 'unauthenticated') return challenge(error, knock);
      log.error({ request_id: knock.request_id, ...shapeOf(error) }, 'no answer');
      return refusal(500, INTERNAL_ERROR, 'Internal error');
    }
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCall = (message: unknown): message is Record<string, unknown> =>
  isObject(message) &&
  (message.method === 'tools/call' || (message.method === 'resources/read' && !isViewUri(isObject(message.params) && message.params.uri)));

/** What a message begins; of what cannot be read, the row says so. */
function begunBy({ method, params }: Record<string, unknown>): { door: McpDoor; name: string; input: unknown } {
  const { name, arguments: input, uri } = isObject(params) ? params : {};
  if (method === 'resources/read') return { door: 'resource', ...(askedBy(uri) ?? { name: UNREADABLE, input: undefined }) };
  return { door: 'mcp', ...(typeof name === 'string' ? { name, input: input ?? {} } : { name: UNREADABLE, input: undefined }) };
}

/** The toolsets that `?toolsets=` narrows to; undefined where it is not there. */
function narrowedBy(query: string | undefined): ReadonlySet<Toolset> | undefined | Fault {
  if (query === undefined) return undefined;
  const names = query.split(',').map((name) => name.trim());
  const isToolset = (name: string): name is Toolset => (TOOLSETS as readonly string[]).includes(name);
  return names.every(isToolset)
    ? new Set(names)
    : new Fault('malformed', `toolsets: a name that is no toolset. There are ${TOOLSETS.join(', ')}; separate them by commas.`);
}

/** Finishes a begun call, the first time it is asked; after that it answers the same. */
function once(gate: Gate, call: Call) {
  let finished: Promise<Outcome> | undefined;
  const finish = (refusal?: Fault) => {
    finished ??= gate.execute(call, refusal);
    return finished;
  };
  return Object.assign(finish, { began: () => finished !== undefined });
}

/** The SDK's own words for a request that it refuses repeat what was sent. Ours do not. */
const REFUSALS: Record<number, string> = {
  [-32600]: 'Invalid request',
  [-32602]: 'Invalid parameters',
  [-32020]: 'The headers and the body do not agree',
  [-32022]: 'This protocol version is not served',
};

async function withoutEcho(response: Response): Promise<Response> {
  if (response.status !== 400) return response;
  const said: unknown = await response.json().catch(() => undefined);
  const error = isObject(said) && isObject(said.error) ? said.error : {};
  const data = isObject(error.data) ? error.data : undefined;
  // Of its data, what the SDK made itself; the version that was asked for is repeated, as the protocol has it, where it is a word.
  const { supported, requiredCapabilities, requested } = data ?? {};
  const kept = data && {
    supported,
    requiredCapabilities,
    ...(typeof requested === 'string' && /^[\w.-]{1,40}$/.test(requested) && { requested }),
  };
  const code = typeof error.code === 'number' ? error.code : REFUSED;
  const id = isObject(said) && (typeof said.id === 'string' || typeof said.id === 'number') ? said.id : null;
  return Response.json(
    { jsonrpc: '2.0', error: { code, message: REFUSALS[code] ?? 'Bad request', ...(kept && { data: kept }) }, id },
    { status: 400 },
  );
}

/** Where a client says what it is: in each request since 2026-07-28, in `initialize` before. */
function clientIn(message: unknown): unknown {
  const params = isObject(message) && isObject(message.params) ? message.params : {};
  return (isObject(params._meta) ? params._meta[CLIENT_INFO_META_KEY] : undefined) ?? params.clientInfo;
}

/** What a client calls itself, as far as the audit keeps it. */
export function clientOf(said: unknown): Record<string, string> {
  const { name, version } = isObject(said) ? said : {};
  return {
    ...(typeof name === 'string' && { name: printable(name) }),
    ...(typeof version === 'string' && { version: printable(version) }),
  };
}

function refusal(
  status: number,
  code: number,
  message: string,
  { id, headers }: { id?: unknown; headers?: Record<string, string> } = {},
): Response {
  const answered = typeof id === 'string' || typeof id === 'number' ? id : null;
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: answered }, { status, ...(headers && { headers }) });
}

/** RFC 6750 §3: the reason is told only to who showed a credential. */
function challenge(fault: Fault, knock: Knock): Response {
  const reason =
    knock.authorization === undefined ? '' : ', error="invalid_token", error_description="The credential is unknown, expired or revoked"';
  return refusal(401, REFUSED, advice(fault), { headers: { 'www-authenticate': `Bearer realm="attending"${reason}` } });
}
