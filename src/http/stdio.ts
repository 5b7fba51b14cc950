// MCP over standard input and output, for a client that starts its servers itself. Standard output belongs to the protocol; people read standard error.
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Knock } from '../governance/authenticate.ts';
import { UNREADABLE } from '../governance/execute.ts';
import type { Gate } from '../governance/gate.ts';
import { isText } from './knock.ts';
import { clientOf } from './mcp.ts';
import { type Asker, type Extend, serverFor } from './mcp-server.ts';

export { bridgeStdio } from './bridge.ts';

export interface StdioOptions {
  gate: Gate;
  token: string;
  version: string;
  random: Random;
  log: Log;
  extend?: Extend;
  input?: Readable;
  output?: Writable;
}

/** Serves one client until its end of the pipe closes and the last call has its audit row. Rejects with a plain line where the token is not live. */
export async function runStdio({
  gate,
  token,
  version,
  random,
  log,
  extend,
  input = process.stdin,
  output = process.stdout,
}: StdioOptions): Promise<void> {
  const knock = (said: unknown = undefined): Knock => ({
    authorization: `Bearer ${token}`,
    door: 'mcp',
    ip: '',
    request_id: random.uuid(),
    client: { user_agent: 'stdio', ...clientOf(said) },
  });
  await gate.identify(knock()).catch((error) => {
    if (error instanceof Fault)
      throw new Error('ATTENDING_TOKEN is no live credential: it is unknown, expired or revoked. Ask the clinic for a new one.');
    throw error;
  });

  const open = new Set<Promise<unknown>>();
  const asker: Asker = {
    list: async (door) => gate.list(await gate.identify(knock()), door),
    call(name, args, { door, said }) {
      const call = async () => {
        if (isText(args)) return gate.execute(await gate.begin({ ...knock(said), door }, name, args));
        return gate.execute(
          await gate.begin(knock(said), UNREADABLE, undefined),
          new Fault('malformed', 'A text holds a NUL or half of a character.'),
        );
      };
      const called = call();
      const settled = called.catch(() => {}).finally(() => open.delete(settled));
      open.add(settled);
      return called;
    },
  };
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, resolve);
  });
  const transport = recording(new StdioServerTransport(input, output), () => void asker.call('', '\0', { door: 'mcp' }).catch(() => {}));
  const served = serveStdio(({ era }) => serverFor({ asker, era, version, log, extend }), {
    transport,
    onerror: (error) => log.debug({ error: error.name }, 'mcp message refused'),
  });
  await ended;
  await Promise.all(open);
  await served.close();
}

/** Calls `unreadable` for each tools/call that the SDK will refuse before our handler: it gets its row all the same. */
function recording(transport: StdioServerTransport, unreadable: () => void): StdioServerTransport {
  let deliver: StdioServerTransport['onmessage'];
  return Object.defineProperty(transport, 'onmessage', {
    get: () => deliver,
    set(handle: StdioServerTransport['onmessage']) {
      deliver = (message) => {
        if (isRefusedCall(message)) unreadable();
        handle?.(message);
      };
    },
  });
}

function isRefusedCall(message: unknown): boolean {
  const { method, params } = message as { method?: unknown; params?: { name?: unknown; arguments?: unknown } };
  if (method !== 'tools/call') return false;
  const given = params?.arguments ?? {};
  return typeof params?.name !== 'string' || typeof given !== 'object' || Array.isArray(given);
}
