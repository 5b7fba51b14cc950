// `npm start` as a child of the test, and what it printed.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import type { FirstRun } from '../../src/start/first-run.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Run {
  child: ChildProcess;
  /** Everything printed so far, both streams. */
  said(): string;
  ended: Promise<number>;
}

/** Runs a command with this data folder. Whoever starts it ends it. */
export function run(
  command: string,
  args: string[],
  { data_folder, env = {} }: { data_folder: string; env?: Record<string, string> },
): Run {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ATTENDING_DATA: data_folder, ATTENDING_CALL_TIMEOUT_MS: '1000', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return {
    child,
    said: () => said,
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)))),
  };
}

/** Waits until it says that it is up; what first-run.json says then. */
export async function up(start: Run, data_folder: string): Promise<FirstRun> {
  await expect.poll(() => start.said(), { timeout: 60_000, interval: 50 }).toMatch(/Attending is up/);
  return JSON.parse(readFileSync(path.join(data_folder, 'first-run.json'), 'utf8'));
}

let from = 20_000 + (process.pid % 12_000);

/** A port that is free now, another each time, below those that the kernel gives to connections (from 32768). */
export const freePort = (tried = from++): Promise<number> =>
  new Promise<number>((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(freePort(tried + 1)))
      .listen(tried, '127.0.0.1', () => probe.close(() => resolve(tried)));
  });
