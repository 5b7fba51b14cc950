// The writes of one vendor account in PostgreSQL: what write-keeper.ts asks for, each call one transaction of app_keeper.
import { type Pool, query } from '../db/pool.ts';
import type { WriteState } from './write.ts';
import type { StoredWrite, WriteBooks } from './write-keeper.ts';

/** What is sent, and by which surface. */
export interface VendorRequest {
  readonly write_id: string;
  readonly surface: string;
  readonly request: Readonly<Record<string, unknown>>;
}

export interface AccountKey {
  readonly tenant_id: string;
  readonly connection_id: string;
}

/** The key of its lease. */
export const leaseKey = ({ connection_id }: Pick<AccountKey, 'connection_id'>) => `account:${connection_id}`;

export function openWriteBooks(pool: Pool, account: AccountKey): WriteBooks<VendorRequest> {
  const { tenant_id, connection_id } = account;
  return {
    async open() {
      const rows = await query<{ id: string; version: number; state: WriteState; surface: string; request: Record<string, unknown> }>(
        pool,
        'select * from app.open_vendor_writes($1, $2)',
        [tenant_id, connection_id],
      );
      return rows.map(
        ({ id, version, state, surface, request }): StoredWrite<VendorRequest> => ({
          ...{ id, version, state },
          job: { write_id: id, surface, request },
        }),
      );
    },
    async store(fence, { id, version, state }) {
      const [row] = await query<{ answer: 'stored' | 'lost' | 'changed' }>(
        pool,
        'select app.store_vendor_write($1, $2, $3, $4, $5, $6) as answer',
        [tenant_id, leaseKey(account), fence, id, version, JSON.stringify(state)],
      );
      if (!row) throw new Error('the books gave no answer');
      return row.answer;
    },
  };
}

/** How long the lease with this fence still runs, in ms; null: it is another's. Asked right before a byte leaves. */
export async function leaseLeft(pool: Pool, account: AccountKey, fence: number): Promise<number | null> {
  const [row] = await query<{ left_ms: number | null }>(pool, 'select app.lease_left($1, $2, $3) as left_ms', [
    account.tenant_id,
    leaseKey(account),
    fence,
  ]);
  return row?.left_ms ?? null;
}
