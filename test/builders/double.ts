// A double of somebody else's system (emulators/), in a process of its own: begun, asked by messages, and ended.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

export interface Double<Told> {
  /** What it said of itself when it was ready: its ports. */
  ready: Record<string, unknown>;
  /** Tells it something, and answers what it says then. */
  ask(more?: object): Promise<Told>;
  close(): void;
}

/** `name` is the file in emulators/. It answers `{ n, ...more }` with `{ n, [field]: … }`. */
export async function startDouble<Told>(name: string, field: string, ...args: string[]): Promise<Double<Told>> {
  const child = fork(path.join(import.meta.dirname, `../../emulators/${name}.ts`), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.once('message', (told) => resolve(told as Record<string, unknown>));
    child.once('exit', () => reject(new Error(`the double ${name} ended`)));
  });
  let asked = 0;
  return {
    ready,
    ask: (more = {}) =>
      new Promise((resolve) => {
        const n = ++asked;
        const heard = (told: unknown) => {
          const answer = told as { n: number } & Record<string, Told>;
          if (answer.n !== n) return;
          child.off('message', heard);
          resolve(answer[field] as Told);
        };
        child.on('message', heard);
        child.send({ n, ...more });
      }),
    close: () => void child.kill(),
  };
}

/** Ends a process as a power cut does, and answers when it is gone. */
export function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
