import { nextTurn } from './clock.ts';

/** Lets work that arrives in one turn, or while earlier work is under way, share one run: one caller waits for nobody, fifty share a few runs (group commit).
 *  `run` answers one result an item, in order, or rejects having done nothing. Where `isOfOne` says that the error is of one item, each is tried alone, so that a
 *  bad one takes no other with it; any other error (a lost connection) is everybody's. */
export function grouped<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { isOfOne, most = 64 }: { isOfOne: (error: unknown) => boolean; most?: number },
): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    resolve(result: Result): void;
    reject(error: unknown): void;
  }
  const waiting: Waiting[] = [];
  let running = false;

  async function runTogether(together: readonly Waiting[]): Promise<void> {
    try {
      const results = await run(together.map(({ item }) => item));
      for (const [n, { resolve }] of together.entries()) resolve(results[n] as Result);
    } catch (error) {
      if (together.length > 1 && isOfOne(error)) for (const alone of together) await runTogether([alone]);
      else for (const { reject } of together) reject(error);
    }
  }

  async function runAll(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      await nextTurn();
      await runTogether(waiting.splice(0, most));
    }
    running = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void runAll();
    });
}
