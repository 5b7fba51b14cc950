// The session of vendor accounts in PostgreSQL: what session-keeper.ts asks for, each call one transaction of app_keeper. The database's clock decides when a lease ends.
import { type Pool, query } from '../db/pool.ts';
import type { Books, Stored } from './session-ports.ts';

export function openAccountBooks(pool: Pool, { tenant_id }: { tenant_id: string }): Books {
  return {
    async take(key, owner, lease_ms) {
      const [row] = await query<{ fence: number | null; now_ms: number; taken_by: string | null }>(
        pool,
        'select * from app.take_lease($1, $2, $3, $4)',
        [tenant_id, key, owner, lease_ms],
      );
      if (!row) throw new Error('the books gave no answer');
      return row.fence === null ? { taken_by: row.taken_by ?? '' } : { fence: row.fence, now: row.now_ms };
    },
    async renew(key, { owner, fence }, lease_ms) {
      const [row] = await query<{ renewed: boolean }>(pool, 'select app.renew_lease($1, $2, $3, $4, $5) as renewed', [
        ...[tenant_id, key, owner, fence, lease_ms],
      ]);
      return row?.renewed ?? false;
    },
    async release(key, { owner, fence }) {
      await query(pool, 'select app.release_lease($1, $2, $3, $4)', [tenant_id, key, owner, fence]);
    },
    async read(key) {
      const [row] = await query<{ revision: number; state: Stored['account']; effects: Stored['effects'] }>(
        pool,
        'select * from app.read_vendor_session($1, $2)',
        [tenant_id, key],
      );
      return row ? { revision: row.revision, account: row.state, effects: row.effects } : null;
    },
    async store(key, fence, { revision, account, effects }) {
      const [row] = await query<{ stored: boolean }>(pool, 'select app.store_vendor_session($1, $2, $3, $4, $5, $6) as stored', [
        ...[tenant_id, key, fence, revision, JSON.stringify(account), JSON.stringify(effects)],
      ]);
      return row?.stored ?? false;
    },
  };
}
