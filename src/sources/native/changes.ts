import type { Tx } from '../../db/tx.ts';
import type { Changes, RecordChange } from '../../domains/changes.ts';
import type { Surroundings } from '../connector.ts';
import { type Nullable, present } from './present.ts';
import { cursorStands, patientStands } from './standing.ts';

export function changes({ tx }: Surroundings): Changes {
  return {
    async list(query) {
      const [, , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        cursorStands(query.after, (id) => tx.rows('select from record_changes c where c.id = $1', [id])),
        changesSince(tx, { ...query, limit: query.limit + 1 }),
      ]);
      return { changes: rows.slice(0, query.limit).map(present), more: rows.length > query.limit };
    },
  };
}

type Query = Parameters<Changes['list']>[0];

/** Nothing of a transaction that began after the oldest one still under way: it would appear after readers had passed its place. */
async function changesSince(tx: Tx, query: Query): Promise<Nullable<RecordChange>[]> {
  return tx.rows(
    `select c.id as change_id, c.kind, c.record_id, c.patient_id, c.change, c.changed_at
     from record_changes c
     where c.kind = any ($1) and c.tx < pg_snapshot_xmin(pg_current_snapshot())
       and ($2::timestamptz is null or c.changed_at >= $2)
       and ($3::uuid is null or c.patient_id = $3)
       and ($4::uuid is null or (c.tx, c.changed_at, c.id) > (select b.tx, b.changed_at, b.id from record_changes b where b.id = $4))
     order by c.tx, c.changed_at, c.id
     limit $5`,
    [query.kinds, query.since ?? null, query.patient_id ?? null, query.after ?? null, query.limit],
  );
}
