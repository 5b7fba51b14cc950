// `npm run simulate -- --schedules N --seed S [--bug NAME]`: writes to a vendor account under everything that can go wrong; the last line is JSON. `--trace SEED` tells one schedule.
// `npm run simulate -- --all [--write]`: every simulator at its full size; `--write` keeps what came of it in docs/simulation.json.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulateDrift } from '../test/simulator/drift.ts';
import { simulatePacing } from '../test/simulator/pacing.ts';
import { PLANTED } from '../test/simulator/planted-writes.ts';
import { simulateSessions } from '../test/simulator/sessions.ts';
import { simulateTapes } from '../test/simulator/tapes.ts';
import { simulateTotp } from '../test/simulator/totp.ts';
import { attackWebhooks } from '../test/simulator/webhook-attack.ts';
import { simulateWebhooks } from '../test/simulator/webhooks.ts';
import { simulateWrites, traceOfWrites, type WritesSeen } from '../test/simulator/writes.ts';

interface Asked {
  schedules: number;
  seed: number;
  bug?: string;
}
/** What came of a simulator at its full size, and whether it is what connectors.md §1.5 asks for. */
type Figures = Readonly<Record<string, unknown>> & { holds: boolean };

const without = async <T extends { violations: number }>(run: Promise<T> | T): Promise<Figures> => {
  const figures = await run;
  return { ...figures, holds: figures.violations === 0 };
};

/** The simulators at the sizes of connectors.md §1.5, the longest first. */
const FULL: Readonly<Record<string, (seed: number) => Promise<Figures>>> = {
  'sessions (T4, T5, T7)': (seed) => without(simulateSessions({ schedules: 10_000, seed })),
  'webhooks (T13)': (seed) => without(simulateWebhooks({ schedules: 10_000, seed })),
  'tapes (T10)': (seed) => without(simulateTapes({ tapes: 10_000, seed })),
  'drift (T9)': (seed) => without(simulateDrift({ benign_pages: 100_000, seed })),
  'pacing (T8)': (seed) => without(simulatePacing({ hours: 24, accounts: 50, seed })),
  async 'writes (T1, T2)'(seed) {
    const seen = await simulateWrites({ schedules: 10_000, seed });
    const { duplicate, lost, phantom, parked, writes } = seen;
    return { ...seen, holds: duplicate + lost + phantom === 0 && parked * 1_000 <= writes };
  },
  'second factors (T6)': (seed) => without(simulateTotp({ challenges: 100_000, seed })),
  async 'forged webhooks (T13)'(seed) {
    const seen = attackWebhooks({ attempts: 100_000, seed });
    return { ...seen, holds: seen.accepted === 0 };
  },
};

if (isMainThread)
  await main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  });
else parentPort?.postMessage(await work(workerData as Asked | { part: string; seed: number }));

async function work(asked: Asked | { part: string; seed: number }): Promise<unknown> {
  if ('schedules' in asked) return simulateWrites(asked);
  const began = performance.now();
  const figures = await FULL[asked.part]?.(asked.seed);
  return { ...figures, seconds: Math.round((performance.now() - began) / 1000) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      bug: { type: 'string' },
      trace: { type: 'string' },
      all: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { bug } = values;
  const seed = whole('seed', values.seed);
  if (bug !== undefined && !Object.hasOwn(PLANTED, bug)) throw new Error(`--bug ${bug} is not one of: ${Object.keys(PLANTED).join(', ')}.`);
  if (values.all) return everything({ seed, keeps: values.write });
  if (values.trace !== undefined) {
    process.stdout.write(`${(await traceOfWrites(whole('trace', values.trace), bug)).join('\n')}\n`);
    return;
  }
  const seen = await inParallel({ schedules: whole('schedules', values.schedules), seed, ...(bug !== undefined && { bug }) });
  const { sends, faults, in_doubt, told_in_10_min, ...counted } = seen;
  process.stdout.write(
    `${sends} requests left, ${faults} of them went wrong; ${in_doubt} writes were in doubt, ${told_in_10_min} of them told within ten minutes\n`,
  );
  if (seen.first_failing_seed !== null) process.stdout.write(`${(await traceOfWrites(seen.first_failing_seed, bug)).join('\n')}\n`);
  process.stdout.write(`${JSON.stringify(counted)}\n`);
  if (bug === undefined && seen.first_failing_seed !== null) process.exitCode = 1;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, 0 or more.`);
  return value;
}

/** Consecutive seeds, shared out among as many threads as there are cores: the same seeds and the same sums whatever the machine. */
async function inParallel({ schedules, seed, bug }: Asked): Promise<WritesSeen> {
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(schedules / 500)));
  const parts = await Promise.all(
    Array.from({ length: threads }, (_, n) => {
      const [from, to] = [Math.floor((schedules * n) / threads), Math.floor((schedules * (n + 1)) / threads)];
      return inThread<WritesSeen>({ schedules: to - from, seed: seed + from, ...(bug !== undefined && { bug }) });
    }),
  );
  const first_failing_seed = parts.map((part) => part.first_failing_seed).find((each) => each !== null) ?? null;
  const sum = (key: Exclude<keyof WritesSeen, 'first_failing_seed'>) => parts.reduce((total, part) => total + part[key], 0);
  return {
    ...{ schedules: sum('schedules'), writes: sum('writes'), duplicate: sum('duplicate'), lost: sum('lost'), phantom: sum('phantom') },
    ...{ parked: sum('parked'), first_failing_seed, sends: sum('sends'), faults: sum('faults') },
    ...{ in_doubt: sum('in_doubt'), told_in_10_min: sum('told_in_10_min') },
  };
}

async function everything({ seed, keeps }: { seed: number; keeps: boolean }): Promise<void> {
  const waiting = Object.keys(FULL);
  const came: Record<string, Figures> = {};
  const thread = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      came[part] = await inThread<Figures>({ part, seed });
      process.stdout.write(`${part}: ${JSON.stringify(came[part])}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, thread));
  const parts = Object.fromEntries(Object.keys(FULL).map((part) => [part, came[part]]));
  const failing = Object.keys(parts).filter((part) => !came[part]?.holds);
  const text = JSON.stringify({ seed, parts, failing }, null, 2);
  if (keeps) writeFileSync(path.join(import.meta.dirname, '../docs/simulation.json'), `${text}\n`);
  process.stdout.write(`${JSON.stringify({ seed, failing })}\n`);
  if (failing.length > 0) process.exitCode = 1;
}

function inThread<T>(data: Asked | { part: string; seed: number }): Promise<T> {
  return new Promise((resolve, reject) => {
    new Worker(new URL(import.meta.url), { workerData: data }).once('message', resolve).once('error', reject);
  });
}
