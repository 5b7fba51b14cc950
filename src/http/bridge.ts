// MCP over standard input and output, carried to a running Attending by HTTP. It needs nothing but Node: scripts/pack-mcpb.ts ships this very file.
import type { Readable, Writable } from 'node:stream';

export interface BridgeOptions {
  /** Where Attending runs; `/mcp` is added to a URL without a path. */
  url: string;
  token: string;
  input?: Readable;
  output?: Writable;
  /** A line for a person, on standard error. */
  warn?: (line: string) => void;
}

interface Message {
  id?: string | number | null;
  method?: string;
  params?: { _meta?: Record<string, unknown>; name?: unknown; uri?: unknown; requestId?: unknown };
  result?: { protocolVersion?: unknown };
  error?: unknown;
}

const NEWLINE = 0x0a;
const [REFUSED, UNAUTHENTICATED] = [-32000, -32001];
/** Which parameter the Mcp-Name header repeats (MCP 2026-07-28, Streamable HTTP). */
const NAMED_BY: Record<string, 'name' | 'uri'> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

/** Carries lines until the input ends and the last request is answered. Rejects, with a plain line, only for a URL that a token must not be sent to. */
export async function bridgeStdio({
  url,
  token,
  input = process.stdin,
  output = process.stdout,
  warn = toStandardError,
}: BridgeOptions): Promise<void> {
  const endpoint = endpointOf(url);
  const flying = new Map<string, AbortController>();
  const open = new Set<Promise<void>>();
  let agreed: string | undefined;
  output.on('error', () => input.destroy());

  const write = (line: string) => output.write(`${line.replaceAll(/[\r\n]+/g, '')}\n`);
  const fail = (asked: readonly Message[], code: number, message: string) => {
    const errors = asked.map(({ id }) => JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }));
    for (const error of errors) write(error);
    if (code === UNAUTHENTICATED || errors.length === 0) warn(message);
  };

  /** One answer of the server. Its bytes go out as they came, but for line breaks between values, and an error that did not know whose it was. */
  const deliver = (text: string, left: Map<unknown, Message>, isRead: boolean) => {
    const answer: unknown = JSON.parse(text);
    const [only] = left.values();
    for (const { id, error, result } of (Array.isArray(answer) ? answer : [answer ?? {}]) as Message[]) {
      if (only?.method === 'initialize' && typeof result?.protocolVersion === 'string') agreed = result.protocolVersion;
      if (error !== undefined && (id === null || id === undefined)) {
        if (!isRead) write(text);
        for (const whose of left.keys()) write(JSON.stringify({ ...(answer as object), id: whose }));
        return left.clear();
      }
      left.delete(id);
    }
    write(text);
  };

  const carry = async (line: Buffer): Promise<void> => {
    const messages = messagesIn(line);
    const asked = messages.filter(({ id, method }) => id !== undefined && id !== null && method !== undefined);
    const [first] = messages;
    if (first?.method === 'notifications/cancelled' && messages.length === 1)
      return flying.get(JSON.stringify(first.params?.requestId))?.abort();

    const abort = new AbortController();
    const left = new Map<unknown, Message>(asked.map((message) => [message.id, message]));
    for (const { id } of asked) flying.set(JSON.stringify(id), abort);
    try {
      const headers = { ...headersOf(messages, agreed), authorization: `Bearer ${token}`, 'user-agent': 'attending-bridge' };
      const response = await fetch(endpoint, {
        method: 'POST',
        headers,
        body: new Uint8Array(line),
        redirect: 'manual',
        signal: abort.signal,
      });
      const type = response.headers.get('content-type') ?? '';
      if (response.status === 401) {
        await response.body?.cancel();
        return fail(asked, UNAUTHENTICATED, TOKEN_REFUSED);
      }
      if (type.includes('text/event-stream') && response.body) {
        for await (const text of eventsOf(response.body)) deliver(text, left, messages.length > 0);
        if (left.size > 0) throw new Error('the stream ended before the answer');
      } else if (type.includes('application/json')) deliver(await response.text(), left, messages.length > 0);
      else if (!response.ok || asked.length > 0) {
        await response.body?.cancel();
        fail(
          asked,
          REFUSED,
          `${endpoint.origin} answered HTTP ${response.status} and no MCP. Is ATTENDING_URL the address of an Attending?`,
        );
      }
    } catch (error) {
      // Cancelled by the client, which wants no answer any more.
      if (!abort.signal.aborted)
        fail([...left.values()], REFUSED, `Attending at ${endpoint.origin} does not answer (${causeOf(error)}). Is it running?`);
    } finally {
      for (const { id } of asked) flying.delete(JSON.stringify(id));
    }
  };

  for await (const line of linesOf(input)) {
    const carried = carry(line).finally(() => open.delete(carried));
    open.add(carried);
  }
  await Promise.all(open);
}

const TOKEN_REFUSED =
  'Attending refuses the token (HTTP 401): it is unknown, expired or revoked. Ask the clinic for a new credential, put it in ATTENDING_TOKEN (in Claude Desktop: in the settings of this extension) and start again.';

const toStandardError = (line: string) => void process.stderr.write(`attending: ${line}\n`);

function endpointOf(url: string): URL {
  const endpoint = new URL(url);
  if (endpoint.pathname === '/') endpoint.pathname = '/mcp';
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(endpoint.hostname);
  if (endpoint.protocol !== 'https:' && !(endpoint.protocol === 'http:' && isLocal))
    throw new Error('ATTENDING_URL must begin with https:// (http:// only for this computer): the token would travel in clear.');
  return endpoint;
}

/** Lines end with \n and nothing else: a JSON text may hold U+2028, at which a line reader of Node would cut it. */
async function* linesOf(input: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of input) {
    let bytes = Buffer.from(chunk);
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE)) {
      const line = Buffer.concat([...rest, bytes.subarray(0, at)]);
      if (line.toString('latin1').trim() !== '') yield line;
      rest = [];
      bytes = bytes.subarray(at + 1);
    }
    if (bytes.length > 0) rest.push(bytes);
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** The messages of a line, for its headers and ids. A line that is no JSON goes to the server all the same: the refusal is its own. */
function messagesIn(line: Buffer): Message[] {
  try {
    const parsed: unknown = JSON.parse(line.toString('utf8'));
    return (Array.isArray(parsed) ? parsed : [parsed]).filter(
      (message): message is Message => typeof message === 'object' && message !== null,
    );
  } catch {
    return [];
  }
}

function headersOf([message, ...more]: Message[], agreed: string | undefined): Record<string, string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const version = message?.params?._meta?.['io.modelcontextprotocol/protocolVersion'];
  if (typeof version !== 'string' || more.length > 0)
    return agreed && message?.method !== 'initialize' ? { ...headers, 'mcp-protocol-version': agreed } : headers;
  const method = message?.method ?? '';
  const name = Object.hasOwn(NAMED_BY, method) ? message?.params?.[NAMED_BY[method] as 'name' | 'uri'] : undefined;
  return {
    ...headers,
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(typeof name === 'string' && { 'mcp-name': asHeader(name) }),
  };
}

/** A header value as it is where it is plain ASCII, else in the form that MCP 2026-07-28 has for others. */
function asHeader(text: string): string {
  const isPlain = /^[\x20-\x7e]+$/.test(text) && text === text.trim() && !/^=\?base64\?.*\?=$/.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/** The data of each event of a stream. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split(/\r?\n\r?\n/);
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []));
      if (data.length > 0) yield data.join('');
    }
  }
}

/** Why a connection failed: a code of the system, never a text that could hold the token. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.name) : 'unknown';
}
