// The contracts of one clinic's vendor surfaces in PostgreSQL: what contract-keeper.ts asks for, each call one transaction of app_keeper. The next state is stored on the one that was read.
import { type Pool, query } from '../db/pool.ts';
import type { ContractEffect, ContractState } from './contract.ts';
import type { Distribution } from './value-drift.ts';

/** One surface of a vendor, held to one version of its contract. Names as in the books: `visits_create`. */
export interface HeldSurface {
  readonly vendor: string;
  readonly surface: string;
  readonly version: number;
  readonly effect: 'read' | 'write';
}

export interface StoredContract {
  /** How often it was stored; 0: never. */
  readonly revision: number;
  readonly state: ContractState | null;
  /** The last day on which values were counted, and how they lay. */
  readonly day: string | null;
  readonly counts: Distribution | null;
  /** By the database's clock: the day (UTC), and Unix ms. */
  readonly today: string;
  readonly now_ms: number;
}

export interface ContractBooks {
  read(of: HeldSurface): Promise<StoredContract>;
  /** How the values lay on each of the 28 days before; of what a person cleared, only since then. */
  days(of: HeldSurface, before: string): Promise<Distribution[]>;
  /** False: somebody stored before, and nothing is stored. `counts`: of that day, as they are now. */
  store(
    of: HeldSurface,
    next: {
      readonly revision: number;
      readonly state: ContractState;
      readonly told: readonly Extract<ContractEffect, { do: 'tell' }>[];
      readonly day: string;
      readonly counts: Distribution | null;
    },
  ): Promise<boolean>;
}

/** `pool`: of app_keeper. */
export function openContractBooks(pool: Pool, { tenant_id }: { tenant_id: string }): ContractBooks {
  const keyOf = ({ vendor, surface, version }: HeldSurface) => [tenant_id, vendor, surface, version];
  return {
    async read(of) {
      const [row] = await query<StoredContract>(pool, 'select * from app.read_contract($1, $2, $3, $4)', keyOf(of));
      if (!row) throw new Error('the books gave no answer');
      return row;
    },
    async days(of, before) {
      const rows = await query<{ counts: Distribution }>(pool, 'select counts from app.contract_days($1, $2, $3, $4, $5)', [
        ...keyOf(of),
        before,
      ]);
      return rows.map(({ counts }) => counts);
    },
    async store(of, { revision, state, told, day, counts }) {
      const [row] = await query<{ stored: boolean }>(pool, 'select app.store_contract($1, $2, $3, $4, $5, $6, $7, $8, $9) as stored', [
        ...keyOf(of),
        revision,
        JSON.stringify(state),
        JSON.stringify(told.map(({ severity, differences, shifts }) => ({ severity, differences, shifts }))),
        day,
        counts && JSON.stringify(counts),
      ]);
      return row?.stored ?? false;
    },
  };
}
