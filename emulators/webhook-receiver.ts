// A program of a clinic that is told of events, written by docs/webhooks.md; in a process of its own. Run with fork(): `argv[2]` its secrets as JSON, told how to behave by messages.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** take: as in life. lose: takes it, and closes the line without a word. hang: takes it, and says nothing. chatter: takes it, and says too much. Else a status that is not 2xx. */
export type Manner = 'take' | 'lose' | 'hang' | 'break' | 'refuse' | 'gone' | 'move' | 'chatter';

export interface Come {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Signed by us, and not too old. */
  genuine: boolean;
  /** Handled before. */
  repeated: boolean;
}

const secrets = new Set(JSON.parse(process.argv[2] ?? '[]') as string[]);
const handled = new Set<string>();
const came: Come[] = [];
let manner: Manner = 'take';
/** So often; then the next. */
let plan: Manner[] = [];

const STATUS = { break: 500, refuse: 401, gone: 410, move: 302 } as const;

const server = http.createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString('utf8');
  const headers = request.headers as Record<string, string>;
  const genuine = [...secrets].some((secret) => {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  });
  const id = headers['webhook-id'] ?? '';
  came.push({ path: request.url ?? '', headers, body, genuine, repeated: handled.has(id) });
  if (!genuine) return response.writeHead(401).end();
  const how = plan.shift() ?? manner;
  if (how === 'break' || how === 'refuse' || how === 'gone') return response.writeHead(STATUS[how]).end('no');
  if (how === 'move') return response.writeHead(302, { location: '/elsewhere' }).end();
  handled.add(id);
  if (how === 'lose') return request.socket.destroy();
  if (how === 'hang') return undefined;
  if (how === 'chatter') return response.writeHead(200).end('x'.repeat(4_000_000));
  return response.writeHead(204).end();
});

process.on('message', (asked: { n: number; manner?: Manner; plan?: Manner[]; secrets?: string[] }) => {
  if (asked.manner) manner = asked.manner;
  if (asked.plan) plan = asked.plan;
  for (const secret of asked.secrets ?? []) secrets.add(secret);
  process.send?.({ n: asked.n, came });
});
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
