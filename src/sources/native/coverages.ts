import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { type Coverage, type Coverages, inForce } from '../../domains/coverages.ts';
import type { Surroundings } from '../connector.ts';
import { patientStands } from './standing.ts';

export function coverages({ tx, today }: Surroundings): Coverages {
  return {
    async list({ patient_id, on, limit, after }) {
      const [, rows] = await Promise.all([patientStands(tx, patient_id), coveragesOf(tx, patient_id)]);
      const from = after === undefined ? 0 : rows.findIndex(({ coverage_id }) => coverage_id === after) + 1;
      if (after !== undefined && from === 0) throw staleCursor();
      return {
        coverages: rows.slice(from, from + limit).map((row) => ({ ...present(row), in_force: inForce(row, on, today) })),
        more: rows.length > from + limit,
      };
    },
  };
}

/** In the order in which they are billed: active ones first. */
export async function coveragesOf(tx: Tx, patient_id: string): Promise<Nullable<Coverage>[]> {
  return tx.rows<Nullable<Coverage>>(
    `select c.id as coverage_id, c.rank, c.status, c.kind, c.payer, c.plan, c.member_id, c.group_number, c.relationship, c.period_start, c.period_end
     from coverages c
     where c.patient_id = $1 and c.status <> 'entered_in_error'
     order by c.status <> 'active', c.rank, c.period_start desc nulls last, c.id`,
    [patient_id],
  );
}
