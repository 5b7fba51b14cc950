// A closed loop of callers over keep-alive connections.
import http from 'node:http';

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Measured {
  calls_per_s: number;
  p50_ms: number;
  p99_ms: number;
  answer_bytes: number;
  calls: number;
}

/** Sends `requestOf(n)` from `callers` callers for `ms`, after a warm-up of `warm_ms` that does not count. Throws on any answer but 200. */
export async function load(
  url: string,
  requestOf: (n: number) => Request,
  { callers, ms, warm_ms }: { callers: number; ms: number; warm_ms: number },
): Promise<Measured> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: callers });
  const times: number[] = [];
  let bytes = 0;
  let n = 0;
  const begun = performance.now();
  const counts_from = begun + warm_ms;
  const ends = counts_from + ms;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let at = performance.now(); at < ends; ) {
        const size = await send(agent, url, requestOf(n++));
        const done = performance.now();
        if (at >= counts_from) {
          times.push(done - at);
          bytes += size;
        }
        at = done;
      }
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? Number.NaN;
  return {
    calls_per_s: (times.length / ms) * 1000,
    p50_ms: quantile(0.5),
    p99_ms: quantile(0.99),
    answer_bytes: Math.round(bytes / times.length),
    calls: n,
  };
}

function send(agent: http.Agent, url: string, { method, path, headers, body }: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method, headers, agent }, (response) => {
      let size = 0;
      const kept: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (response.statusCode !== 200) kept.push(chunk);
      });
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(size)
          : reject(new Error(`${response.statusCode} ${Buffer.concat(kept).toString().slice(0, 300)}`)),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
