import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { Changes, RecordChange } from '../../domains/changes.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, patientStands } from './standing.ts';

export function changes({ tx }: Surroundings): Changes {
  return {
    async list(query) {
      const [, , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        cursorStands(query.after, (id) => tx.rows('select from record_changes c where c.id = $1', [id])),
        changesOf(tx, { ...query, limit: query.limit + 1 }),
      ]);
      return { changes: rows.slice(0, query.limit).map(present), more: rows.length > query.limit };
    },
  };
}

type Query = Parameters<Changes['list']>[0];

/** Nothing of a transaction that began after the oldest one still under way: it would appear after readers had passed its place. */
const SETTLED = 'c.tx < pg_snapshot_xmin(pg_current_snapshot())';

async function changesOf(tx: Tx, query: Query): Promise<Nullable<RecordChange>[]> {
  const { since, patient_id, after } = query;
  const isByTime = since !== undefined && patient_id === undefined && after === undefined;
  return tx.rows(
    `select c.id as change_id, c.kind, c.record_id, c.patient_id, c.change, c.changed_at
     from ${isByTime ? SINCE : inOrder(query)} c
     order by c.tx, c.changed_at, c.id
     limit $2`,
    [query.kinds, query.limit, ...(isByTime ? [since] : [since ?? null, patient_id ?? null, after ?? null])],
  );
}

/** From a place on, or of one patient: as the index has them. */
const inOrder = ({ patient_id, after }: Query) => `(
       select c.* from record_changes c
       where c.kind = any ($1) and ${SETTLED} and ($3::timestamptz is null or c.changed_at >= $3)
         and ${patient_id === undefined ? '$4::uuid is null' : 'c.patient_id = $4'}
         and ${after === undefined ? '$5::uuid is null' : '(c.tx, c.changed_at, c.id) > (select b.tx, b.changed_at, b.id from record_changes b where b.id = $5)'}
     )`;

/** Of the whole clinic since a time: what it brought with it lies in order of time; what came later begins with the first transaction that wrote since then. */
const SINCE = `(
       (select c.* from record_changes c where c.tx = '0' and c.changed_at >= $3::timestamptz and c.kind = any ($1) order by c.changed_at, c.id limit $2)
       union all
       (select c.* from record_changes c
        where c.tx >= (select min(b.tx) from (select b.tx from record_changes b where b.changed_at >= $3::timestamptz and b.tx > '0' offset 0) b) and ${SETTLED}
          and c.changed_at >= $3::timestamptz and c.kind = any ($1)
        order by c.tx, c.changed_at, c.id limit $2)
     )`;
