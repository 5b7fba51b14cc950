// What a signature opens, found by signing and writing.
import type pg from 'pg';
import { SIGNED } from '../catalog/reviewed.ts';
import type { Draft } from './desk.ts';
import type { Clinic } from './stage.ts';
import { row } from './statements.ts';

/** The transaction in which this draft of the clinic is signed by its owner. */
export const signed = ({ login }: Pick<Clinic, 'login'>, { sign }: Draft) => `begin; select app.enter(${login.sql}); ${sign}`;

/** What a signature would write: the row that a draft becomes, at a time of its own; or the row that is there already, once more. */
export function ownWrite(clinic: Clinic, table: string, right: 'INSERT' | 'UPDATE', { draft_id }: Pick<Draft, 'draft_id'>): string {
  if (right === 'UPDATE') return `update data.${table} set tenant_id = tenant_id`;
  const own = clinic.rows[table] ?? {};
  return `insert into data.${table} ${row(table, { ...own, id: draft_id, ...('draft_id' in own && { draft_id }), ...('start_at' in own && { start_at: '2031-05-05T09:00:00Z' }) })}`;
}

/** Of each table and right of SIGNED, the drafts whose signature opens it: seen by signing, and writing a row of one's own. */
export async function opened(client: pg.Client, clinic: Clinic): Promise<Map<string, Draft[]>> {
  const found = new Map<string, Draft[]>();
  for (const [table, rights] of Object.entries(SIGNED))
    for (const right of rights) {
      const by: Draft[] = [];
      for (const draft of clinic.drafts) {
        await client.query(signed(clinic, draft));
        const rows = await client.query(ownWrite(clinic, table, right, draft)).then(
          ({ rowCount }) => rowCount,
          (error: pg.DatabaseError) => {
            if (error.code !== '42501' && error.code !== '23505') throw error;
            return Number(error.code === '23505'); // row security comes first: what meets its like was let in
          },
        );
        await client.query('rollback');
        if (rows) by.push(draft);
      }
      found.set(`${table} ${right}`, by);
    }
  return found;
}
