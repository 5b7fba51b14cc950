import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemRandom } from '../base/random.ts';
import { isAlive, startOf } from './processes.ts';

export interface Lock {
  /** Gives the lock back; safe to call twice. */
  release(): void;
}

/** Somebody else holds the lock. The message is one plain line for a person. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly pid: number;

  constructor(message: string, pid: number) {
    super(message);
    this.pid = pid;
  }
}

/** Makes this process the one that serves from `data_folder`, by the file attending.pid (0600, its first line is the pid). The folder is made where it is missing.
 *  A lock whose process is gone, also by kill -9 or a reboot, or whose pid is another process by now, is taken over. Throws LockedError. */
export function lockFolder(data_folder: string): Lock {
  mkdirSync(data_folder, { recursive: true, mode: 0o700 });
  try {
    return takeLock(lockFile(data_folder));
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new LockedError(
      `Attending already runs on this folder (pid ${error.pid}). Stop it first, or set ATTENDING_DATA to another folder.`,
      error.pid,
    );
  }
}

/** The pid that serves from `data_folder` now, or undefined. */
export function lockHolder(data_folder: string): number | undefined {
  const held = read(lockFile(data_folder));
  return held !== undefined && isHeld(held) ? pidOf(held) : undefined;
}

function lockFile(data_folder: string): string {
  return path.join(data_folder, 'attending.pid');
}

/** Takes the lock `file`, or throws LockedError at once. A lock appears whole or not at all: it is written aside and linked, and link() refuses an existing name. */
export function takeLock(file: string): Lock {
  const nonce = systemRandom.bytes(12).toString('hex');
  const ours = `${process.pid}\n${startOf(process.pid) ?? ''}\n${nonce}\n`;
  const aside = `${file}.${nonce}`;
  writeFileSync(aside, ours, { mode: 0o600, flag: 'wx' });
  try {
    claim(file, aside);
  } finally {
    rmSync(aside, { force: true });
  }
  return {
    release() {
      if (read(file) === ours) rmSync(file, { force: true });
    },
  };
}

function claim(file: string, aside: string): void {
  for (;;) {
    if (tryLink(aside, file)) return;
    const found = read(file);
    if (found === undefined) continue; // released in between
    if (isHeld(found)) throw new LockedError(`${file} is held by pid ${pidOf(found)}`, pidOf(found));
    // Two may find the same dead lock. The right to replace it is a lock of its own, named by what it replaces; its holder looks again before it does.
    const right = takeLock(`${file}.after-${createHash('sha256').update(found).digest('hex').slice(0, 16)}`);
    try {
      if (read(file) !== found) continue;
      renameSync(aside, file);
      return;
    } finally {
      right.release();
    }
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isHeld(content: string): boolean {
  const [, started] = content.split('\n');
  const pid = pidOf(content);
  if (!isAlive(pid)) return false;
  const now = startOf(pid);
  return !started || now === undefined || now === started; // what cannot be told counts as held
}

function pidOf(content: string): number {
  return /^\d{1,10}\n/.test(content) ? Number.parseInt(content, 10) : 0;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
