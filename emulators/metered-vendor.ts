// A double of a vendor that allows so many calls in each minute of its own clock, in a process of its own: it answers /chart and /page, dates each answer by that clock, and refuses
// what is too much with 429 and no word of when to come back. Run with fork(), with what it allows in a minute and the second of its minute in which it begins; asked by messages.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Minute {
  /** Calls by path, those that were refused among them. */
  counted: Record<string, number>;
  refused: number;
  /** Used up by somebody else's software. */
  foreign: number;
}

export interface Metered {
  /** Each minute in which it was called, in order. */
  minutes: readonly Minute[];
  /** Calls that it has taken and not answered yet. */
  under_way: number;
}

const [per_minute = 0, begins_s = 0] = process.argv.slice(2).map(Number);
const MINUTE_MS = 60_000;
// Ahead of ours by between one and two minutes: whoever paces by another clock than this one counts other minutes.
const skew_ms = MINUTE_MS + ((begins_s * 1000 - (Date.now() % MINUTE_MS) + MINUTE_MS) % MINUTE_MS);
const now = () => Date.now() + skew_ms;

const minutes = new Map<number, Minute>();
let under_way = 0;

function thisMinute(): Minute {
  const minute = Math.floor(now() / MINUTE_MS);
  const page = minutes.get(minute) ?? { counted: {}, refused: 0, foreign: 0 };
  minutes.set(minute, page);
  return page;
}

const sum = (counted: Record<string, number>) => Object.values(counted).reduce((all, n) => all + n, 0);

const server = http.createServer((request, response) => {
  const minute = thisMinute();
  const path = request.url ?? '';
  minute.counted[path] = (minute.counted[path] ?? 0) + 1;
  const isTooMany = sum(minute.counted) + minute.foreign > per_minute;
  if (isTooMany) minute.refused += 1;
  under_way += 1;
  setTimeout(() => {
    under_way -= 1;
    response.sendDate = false;
    response.setHeader('date', new Date(now()).toUTCString());
    response.writeHead(isTooMany ? 429 : 200, { 'content-type': 'application/json' }).end('{}');
  }, 10);
});

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (asked: { n: number; foreign?: number }) => {
  if (asked.foreign) thisMinute().foreign += asked.foreign;
  process.send?.({ n: asked.n, seen: { minutes: [...minutes.values()], under_way } });
});
process.once('disconnect', () => process.exit());
