// A process that calls a vendor as fast as its pacer lets it, run as a child by tests that kill it: page after page of a batch, and now and then a chart for which somebody waits.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openPacers } from '../../src/connections/pacers.ts';
import { openPool } from '../../src/db/pool.ts';
import { BUDGET, type Called, type CallerSettings, callAt, METERED } from './metered.ts';

const { database, port, tenant_id, account } = JSON.parse(process.argv[2] ?? '') as CallerSettings;
const failed = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
const pool = openPool(database, { max: 2, failed });
const pacers = openPacers({ pool, database, clock: systemClock, random: systemRandom, failed });
const pacer = pacers.of({ tenant_id, name: BUDGET }, METERED);

const called: Called = { answered: 0, charts: { answered: 0, refused: 0 }, most_overtaken: 0 };
let pages = 0;
process.on('message', () => process.send?.(called));
process.once('disconnect', () => process.exit());

async function batch(): Promise<never> {
  for (;;) {
    const passed = await callAt(pacer, port, { account, lane: 'batch', deadline_ms: null }, () => {
      pages += 1;
    });
    if (passed.is === 'passed' && passed.value !== null) called.answered += 1;
  }
}

async function charts(): Promise<never> {
  for (;;) {
    const before = pages;
    const passed = await callAt(pacer, port, { account, lane: 'interactive', deadline_ms: 10_000 }, () => {
      called.most_overtaken = Math.max(called.most_overtaken, pages - before);
    });
    if (passed.is === 'refused') called.charts.refused += 1;
    if (passed.is === 'passed' && passed.value !== null) {
      called.answered += 1;
      called.charts.answered += 1;
    }
    await sleep(2_000);
  }
}

await Promise.all([charts(), batch(), batch(), batch()]);
