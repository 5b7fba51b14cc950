// The pacers of one process, one for each budget that its accounts call under, and the news from the other processes.
import * as z from 'zod';
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

/** As app.store_vendor_budget tells it. */
const Frozen = z.object({ tenant_id: z.string(), name: z.string(), window: z.int() });

export function openPacers({ pool, database, clock, random, failed }: PacersParts): Pacers {
  const kept = new Map<string, { pacer: Pacer; books: BudgetBooks }>();
  const chance = () => random.bytes(4).readUInt32BE() / 2 ** 32;
  const idOf = ({ tenant_id, name }: BudgetKey) => `${tenant_id} ${name}`;

  const listener = openListener(database, {
    channel: 'vendor_budgets',
    heard(payload) {
      try {
        const { window, ...key } = Frozen.parse(JSON.parse(payload));
        kept.get(idOf(key))?.pacer.freeze(window);
      } catch (error) {
        failed(error);
      }
    },
    // What was told while nobody listened stands in the books.
    connected() {
      for (const { pacer, books } of kept.values()) books.frozen().then((windows) => windows.forEach(pacer.freeze), failed);
    },
    failed,
  });

  return {
    of(key, { allows, pace }) {
      const known = kept.get(idOf(key));
      if (known) return known.pacer;
      const books = openBudgetBooks({ pool, clock }, key, allows);
      const pacer = openPacer({ policy: { ...pace, counts: allows.counts }, books, clock, chance, failed });
      kept.set(idOf(key), { pacer, books });
      return pacer;
    },
    async close() {
      await Promise.all([listener.close(), ...[...kept.values()].map(({ pacer }) => pacer.close())]);
    },
  };
}
