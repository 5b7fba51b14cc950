// The server process of one cluster: found, started, stopped. It outlives us when we are killed, and may be another run's child.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../base/clock.ts';
import type { Binaries } from './binaries.ts';
import { POSTGRES_ENV } from './cluster.ts';
import { signal } from './os-user.ts';
import type { Place } from './place.ts';
import { isAlive, processesIn, servesCluster } from './processes.ts';

const START_LIMIT_MS = 300_000; // replaying the log after a crash can take minutes
const LEFT_LIMIT_MS = 20_000; // a killed server's last statement ends by its time-out of 10 s
const STEPS = [
  ['INT', 3_000],
  ['QUIT', 700],
  ['KILL', 500],
] as const;
/** What a start says while processes of a killed server still hold its shared memory. */
const STILL_HELD = /pre-existing shared memory block|lock file .* already exists/;

export interface Postmaster {
  pid: number;
  socket_folder: string;
  status: 'starting' | 'stopping' | 'ready';
}

/** The postmaster that serves this cluster now, or undefined: none, or a pid file of a dead one, or its pid is another process by now. */
export function findPostmaster({ cluster_folder }: Place): Postmaster | undefined {
  const lines = readPidFile(cluster_folder);
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!servesCluster(pid, cluster_folder)) return undefined;
  const status = lines[7]?.trim();
  return { pid, socket_folder: lines[4] ?? '', status: status === 'ready' || status === 'stopping' ? status : 'starting' };
}

/** Answers the ready postmaster, after waiting for one that is still starting or on its way out. Undefined when none serves the cluster. */
export async function settledPostmaster(place: Place): Promise<Postmaster | undefined> {
  const begun = systemClock.elapsed();
  for (;;) {
    const found = findPostmaster(place);
    if (!found || found.status === 'ready') return found;
    if (systemClock.elapsed() - begun > START_LIMIT_MS)
      throw new Error(`PostgreSQL (pid ${found.pid}) has been ${found.status} for too long. Its log is in ${place.cluster_folder}/log.`);
    await sleep(20);
  }
}

export interface Launch {
  place: Place;
  binaries: Binaries;
  settings: Readonly<Record<string, string>>;
  log: (line: string) => void;
}

/** Starts the server in a session of its own, so that a terminal's Ctrl-C is ours to answer, and waits until it is ready. Throws an Error of one plain line. */
export async function launch({ place, binaries, settings, log }: Launch): Promise<Postmaster> {
  const begun = systemClock.elapsed();
  for (let told = false; ; ) {
    const outcome = await launchOnce({ place, binaries, settings, log });
    if (typeof outcome !== 'string') return outcome;
    if (!STILL_HELD.test(outcome) || systemClock.elapsed() - begun > LEFT_LIMIT_MS) {
      throw new Error(`PostgreSQL did not start: ${outcome} (its log is in ${place.cluster_folder}/log)`);
    }
    if (!told) log('waiting for the last processes of an earlier PostgreSQL to end');
    told = true;
    await sleep(250);
  }
}

/** The ready server, or the line that says why there is none. */
async function launchOnce({ place, binaries, settings, log }: Launch): Promise<Postmaster | string> {
  const { cluster_folder, runs_as } = place;
  const pid = Number.parseInt(readPidFile(cluster_folder)[0] ?? '', 10);
  // The pid of a dead server is another process of the same user now: PostgreSQL would take it for its own. (A dead pid it judges better than we, by its shared memory.)
  if (isAlive(pid) && !servesCluster(pid, cluster_folder)) rmSync(path.join(cluster_folder, 'postmaster.pid'), { force: true });

  const args = ['-D', cluster_folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(path.join(binaries.bin_folder, 'postgres'), args, {
    cwd: '/',
    env: POSTGRES_ENV,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...runs_as,
  });
  let said = '';
  let failed: string | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      failed = error.message;
      resolve();
    });
    child.on('close', (code, by) => {
      failed ??= `it ended with ${by ?? code}`;
      resolve();
    });
  });
  const begun = systemClock.elapsed();
  for (let told = false; failed === undefined; ) {
    const found = findPostmaster(place);
    if (found?.pid === child.pid && found?.status === 'ready') {
      child.stderr.destroy(); // by now its own collector writes the log
      child.unref();
      return found;
    }
    const waited_ms = systemClock.elapsed() - begun;
    if (waited_ms > START_LIMIT_MS) {
      await stopPostmaster(child.pid ?? 0, place);
      return `it was not ready after ${START_LIMIT_MS / 1000} s`;
    }
    if (waited_ms > 5_000 && !told) log('PostgreSQL is still starting (after a crash it replays its log)');
    if (waited_ms > 5_000) told = true;
    await Promise.race([ended, sleep(10)]);
  }
  return reasonIn(said) ?? reasonIn(lastLog(cluster_folder)) ?? failed;
}

/** Ends the server: fast, then at once, then by force, within 5 s. Answers when its processes are gone. */
export async function stopPostmaster(pid: number, { cluster_folder, runs_as }: Place): Promise<void> {
  const left = () => [...new Set([pid, ...processesIn(cluster_folder)])].filter((each) => servesCluster(each, cluster_folder));
  for (const [name, limit_ms] of STEPS) {
    // Its children are the postmaster's to end; by force, nobody is left to end them, and one that hangs would hold the shared memory of the next.
    for (const each of left()) if (each === pid || name === 'KILL') await signal(each, name, runs_as);
    const begun = systemClock.elapsed();
    while (left().length > 0 && systemClock.elapsed() - begun < limit_ms) await sleep(10);
    if (left().length === 0) return;
  }
}

function readPidFile(cluster_folder: string): string[] {
  try {
    return readFileSync(path.join(cluster_folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function reasonIn(text: string): string | undefined {
  return text
    .split('\n')
    .findLast((line) => /\b(FATAL|PANIC):|error while loading/.test(line))
    ?.replace(/^.*?(?=FATAL|PANIC)/, '');
}

function lastLog(cluster_folder: string): string {
  try {
    const folder = path.join(cluster_folder, 'log');
    const files = readdirSync(folder).map((name) => path.join(folder, name));
    const newest = files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
    return newest === undefined ? '' : readFileSync(newest, 'utf8').slice(-4_000);
  } catch {
    return '';
  }
}
