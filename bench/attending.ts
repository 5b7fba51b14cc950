// The full path: the app as `start` opens it. Run as a child of bench.ts.
import { openApp, VERSION } from '../src/app.ts';
import { openLog } from '../src/base/log.ts';
import type { Connection } from '../src/db/pool.ts';
import { listen, openServer } from '../src/http/server.ts';
import { catalogue } from '../src/operations/index.ts';
import { tellUsage } from './usage.ts';

const { gate, log, random, clock } = openApp({
  database: JSON.parse(process.argv[2] ?? '') as Connection,
  call_timeout_ms: 20_000,
  log: openLog('error'),
});
tellUsage((await listen(openServer({ gate, catalogue, log, random, clock, version: VERSION }), { host: '127.0.0.1', port: 0 })).url);
// Whoever started it is gone: nobody asks any more.
process.once('disconnect', () => process.exit());
