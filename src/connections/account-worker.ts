// One process's part in one vendor account: where it has the account's lease, it works the writes that are due; where it has not, it leaves them to the process that has.
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { WriteRules } from './write.ts';
import type { VendorRequest } from './write-books.ts';
import type { Hold, VendorDoor, WriteBooks } from './write-keeper.ts';
import { workWrites } from './write-keeper.ts';

export interface WorkerParts {
  door: VendorDoor<VendorRequest>;
  /** The account's lease, while it is ours. */
  hold(): Hold | null;
  books: WriteBooks<VendorRequest>;
  rulesOf(job: VendorRequest): (WriteRules & { request_ms: number }) | undefined;
  sha256Of(job: VendorRequest): string;
  random: Pick<Random, 'bytes'>;
  clock: Pick<Clock, 'within'>;
  /** Looks whether the vendor's pages are as they were, where the door knows what they have to be; answers in how many ms to look again. */
  watch?: () => Promise<number>;
}

/** Something may have been signed meanwhile. */
const LOOK_AROUND_MS = 1_000;

/** Works until `mayGoOn` says no. What breaks (the database, the vendor) is tried again; `failed` is told. */
export async function workAccount(
  parts: WorkerParts,
  { mayGoOn, failed }: { mayGoOn: () => boolean; failed: (error: unknown) => void },
): Promise<void> {
  const { door, clock } = parts;
  const ports = { ...parts, unsent: new Set<string>() };
  const sleep = (ms: number) => clock.within(ms, new Promise<never>(() => {}), () => new Error('slept')).catch(() => undefined);
  while (mayGoOn()) {
    let wait_ms = LOOK_AROUND_MS;
    try {
      // Whoever has no session may still get one: that takes the lease where it is free.
      await door.session();
      const hold = parts.hold();
      if (hold) {
        const { next_at } = await workWrites(ports, hold);
        if (next_at !== undefined) wait_ms = Math.min(wait_ms, Math.max(20, next_at - hold.atLeast()));
        if (parts.watch) wait_ms = Math.min(wait_ms, Math.max(20, await parts.watch()));
      }
    } catch (error) {
      failed(error);
    }
    await sleep(wait_ms);
  }
}
