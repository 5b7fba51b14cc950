// The double of a vendor that counts calls by the minute (emulators/metered-vendor.ts), and processes that call it as fast as they may (pace-process.ts).
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Metered } from '../../emulators/metered-vendor.ts';
import { systemClock } from '../../src/base/clock.ts';
import { ECLINICALWORKS_BUDGET } from '../../src/connections/lanes.ts';
import type { Pacer, Passed } from '../../src/connections/pace-keeper.ts';
import { saidOf } from '../../src/connections/paced.ts';
import { ECLINICALWORKS_PACE } from '../../src/connections/pacer-state.ts';
import type { Pacers } from '../../src/connections/pacers.ts';
import type { Connection } from '../../src/db/pool.ts';
import { openAccount } from '../../src/outbound/account.ts';
import { startDouble } from './double.ts';

export const METERED: Parameters<Pacers['of']>[1] = {
  pace: ECLINICALWORKS_PACE,
  allows: { counts: 'minute', ...ECLINICALWORKS_BUDGET },
};
export const BUDGET = 'eclinicalworks:FFEDBB';

export interface MeteredVendor {
  port: number;
  seen(): Promise<Metered>;
  /** Somebody else's software makes so many calls in this minute. */
  use(foreign: number): Promise<void>;
  close(): void;
}

/** `begins_s`: the second of its minute in which it begins. */
export async function startMeteredVendor(begins_s: number): Promise<MeteredVendor> {
  const { ready, ask, close } = await startDouble<Metered>(
    'metered-vendor',
    'seen',
    String(ECLINICALWORKS_BUDGET.per_minute),
    String(begins_s),
  );
  return { port: ready.port as number, seen: () => ask(), use: async (foreign) => void (await ask({ foreign })), close };
}

/** One call at the account's pace; its status, or null where nothing was answered. */
export function callAt(
  pacer: Pacer,
  port: number,
  { account, lane, deadline_ms }: Parameters<Pacer['pass']>[0],
  begins: () => void = () => {},
): Promise<Passed<number | null>> {
  const clock = systemClock;
  const egress = openAccount({ clock, user_agent: 'Attending' });
  const url = new URL(`http://127.0.0.1:${port}/${lane === 'batch' ? 'page' : 'chart'}`);
  return pacer.pass({ account, lane, deadline_ms }, async ({ mayLeave }) => {
    begins();
    const told = await egress.ask(
      { method: 'GET', url },
      { mayWrite: async () => ({ good_until_ms: clock.elapsed() + 60_000, mayLeave }) },
    );
    return { value: told.sent ? told.status : null, ...saidOf(told) };
  });
}

/** What a process that calls is started with. */
export interface CallerSettings {
  database: Connection;
  port: number;
  tenant_id: string;
  account: string;
}

/** What it has seen so far. */
export interface Called {
  answered: number;
  /** Of those for which somebody waits. */
  charts: { answered: number; refused: number };
  /** The most pages that went before one of those, once it was asked. */
  most_overtaken: number;
}

export interface Caller {
  child: ChildProcess;
  called(): Promise<Called>;
}

export function startCaller(settings: CallerSettings): Caller {
  const script = path.join(import.meta.dirname, 'pace-process.ts');
  const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    child,
    called: () =>
      new Promise((resolve) => {
        child.once('message', (called) => resolve(called as Called));
        child.send('called');
      }),
  };
}
