// The pacers of one process, one for each budget that its accounts call under, and the news from the other processes.
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { openListener } from '../db/listener.ts';
import type { Connection, Pool } from '../db/pool.ts';
import { type Allowance, type BudgetBooks, type BudgetKey, openBudgetBooks } from './budget-books.ts';
import { openPacer, type Pacer } from './pace-keeper.ts';
import type { PacerPolicy } from './pacer-state.ts';

export interface PacersParts {
  /** Of app_keeper, and where it connects: what is told needs a connection of its own. */
  pool: Pool;
  database: Connection;
  clock: Clock;
  random: Pick<Random, 'bytes'>;
  failed: (error: unknown) => void;
}

export interface Pacers {
  /** The pacer of this budget: for all accounts that share it, the same. Whoever asks first says its pace. */
  of(key: BudgetKey, pace: { readonly allows: Allowance; readonly pace: Omit<PacerPolicy, 'counts'> }): Pacer;
  /** Hands back all that waits; ends when what is under way has ended. */
  close(): Promise<void>;
}

interface Kept {
  pacer: Pacer;
  books: BudgetBooks;
}

/** As app.store_vendor_budget tells it. */
const digestOf = ({ tenant_id, name }: BudgetKey) => createHash('sha256').update(`${tenant_id} ${name}`).digest('hex');

export function openPacers({ pool, database, clock, random, failed }: PacersParts): Pacers {
  const kept = new Map<string, Kept>();
  const chance = () => random.bytes(4).readUInt32BE() / 2 ** 32;

  /** What is told says only that there is something to see: what stands in the books counts. */
  const look = ({ pacer, books }: Kept) => void books.frozen().then((windows) => windows.forEach(pacer.freeze), failed);
  const listener = openListener(database, {
    channel: 'vendor_budgets',
    heard(digest) {
      const told = kept.get(digest);
      if (told) look(told);
    },
    // Whatever was told while nobody listened.
    connected: () => kept.forEach(look),
    failed,
  });

  return {
    of(key, { allows, pace }) {
      const known = kept.get(digestOf(key));
      if (known) return known.pacer;
      const books = openBudgetBooks({ pool, clock }, key, allows);
      const pacer = openPacer({ policy: { ...pace, counts: allows.counts }, books, clock, chance, failed });
      kept.set(digestOf(key), { pacer, books });
      return pacer;
    },
    async close() {
      await Promise.all([listener.close(), ...[...kept.values()].map(({ pacer }) => pacer.close())]);
    },
  };
}
