// The emulated receiver, started for a test.
import { fork } from 'node:child_process';
import path from 'node:path';
import type { Come, Manner } from '../../emulators/webhook-receiver.ts';

export interface Receiver {
  url: string;
  /** What came so far. */
  came(): Promise<Come[]>;
  /** How it answers from now on; `plan`: first so. */
  behave(how: { manner?: Manner; plan?: Manner[] }): Promise<void>;
  trusts(secret: string): Promise<void>;
  close(): void;
}

export async function aReceiver(...secrets: string[]): Promise<Receiver> {
  const file = path.join(import.meta.dirname, '../../emulators/webhook-receiver.ts');
  const child = fork(file, [JSON.stringify(secrets)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (told) => resolve((told as { port: number }).port));
    child.once('exit', () => reject(new Error('the receiver ended')));
  });
  let asked = 0;
  const ask = (more: object = {}) =>
    new Promise<Come[]>((resolve) => {
      const n = ++asked;
      const heard = (told: unknown) => {
        const answer = told as { n: number; came: Come[] };
        if (answer.n !== n) return;
        child.off('message', heard);
        resolve(answer.came);
      };
      child.on('message', heard);
      child.send({ n, ...more });
    });
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    came: () => ask(),
    behave: async (how) => void (await ask(how)),
    trusts: async (secret) => void (await ask({ secrets: [secret] })),
    close: () => void child.kill(),
  };
}
