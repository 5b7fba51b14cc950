// The emulated receiver, started for a test.
import type { Come, Manner } from '../../emulators/webhook-receiver.ts';
import { startDouble } from './double.ts';

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
  const { ready, ask, close } = await startDouble<Come[]>('webhook-receiver', 'came', JSON.stringify(secrets));
  return {
    url: `http://127.0.0.1:${ready.port}/hooks`,
    came: () => ask(),
    behave: async (how) => void (await ask(how)),
    trusts: async (secret) => void (await ask({ secrets: [secret] })),
    close,
  };
}
