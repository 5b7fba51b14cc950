// `npm run simulate -- --schedules N --seed S [--bug NAME]`: writes to a vendor account under everything that can go wrong; the last line is JSON. `--trace SEED` tells one schedule.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { PLANTED } from '../test/simulator/planted-writes.ts';
import { simulateWrites, traceOfWrites, type WritesSeen } from '../test/simulator/writes.ts';

interface Asked {
  schedules: number;
  seed: number;
  bug?: string;
}

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, 0 or more.`);
  return value;
};

if (isMainThread)
  await main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  });
else parentPort?.postMessage(await simulateWrites(workerData as Asked));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      bug: { type: 'string' },
      trace: { type: 'string' },
    },
  });
  const { bug } = values;
  if (bug !== undefined && !Object.hasOwn(PLANTED, bug)) throw new Error(`--bug ${bug} is not one of: ${Object.keys(PLANTED).join(', ')}.`);
  const named = bug === undefined ? {} : { bug };
  if (values.trace !== undefined) {
    process.stdout.write(`${(await traceOfWrites(whole('trace', values.trace), bug)).join('\n')}\n`);
    return;
  }
  const seen = await inParallel({ schedules: whole('schedules', values.schedules), seed: whole('seed', values.seed), ...named });
  const { sends, faults, in_doubt, told_in_10_min, ...counted } = seen;
  process.stdout.write(
    `${sends} requests left, ${faults} of them went wrong; ${in_doubt} writes were in doubt, ${told_in_10_min} of them told within ten minutes\n`,
  );
  if (seen.first_failing_seed !== null) process.stdout.write(`${(await traceOfWrites(seen.first_failing_seed, bug)).join('\n')}\n`);
  process.stdout.write(`${JSON.stringify(counted)}\n`);
  if (bug === undefined && seen.first_failing_seed !== null) process.exitCode = 1;
}

/** Consecutive seeds, shared out among as many threads as there are cores: the same seeds and the same sums whatever the machine. */
async function inParallel({ schedules, seed, bug }: Asked): Promise<WritesSeen> {
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(schedules / 500)));
  const parts = await Promise.all(
    Array.from({ length: threads }, (_, n) => {
      const [from, to] = [Math.floor((schedules * n) / threads), Math.floor((schedules * (n + 1)) / threads)];
      const asked: Asked = { schedules: to - from, seed: seed + from, ...(bug !== undefined && { bug }) };
      return new Promise<WritesSeen>((resolve, reject) => {
        new Worker(new URL(import.meta.url), { workerData: asked }).once('message', resolve).once('error', reject);
      });
    }),
  );
  return parts.reduce((total, part) => ({
    ...(Object.fromEntries(
      Object.keys(total).map((key) => [key, Number(total[key as keyof WritesSeen]) + Number(part[key as keyof WritesSeen])]),
    ) as unknown as WritesSeen),
    first_failing_seed: total.first_failing_seed ?? part.first_failing_seed,
  }));
}
