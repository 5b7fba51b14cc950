import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { PatientStatement, Statement, Statements } from '../../domains/statements.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, patientStands } from './standing.ts';

/** Claims that no payer has decided yet: what they leave to the patient is not known. */
export const PENDING_CLAIM = "('draft', 'submitted', 'rejected', 'accepted', 'pended')";

/** The columns of a statement `s`; `today` is a placeholder. */
const columns = (today: string) =>
  `s.id as statement_id, s.statement_number, s.status, s.channel, s.balance_cents, s.sent_on, s.due_on,
   case when s.status in ('sent', 'partially_paid') and s.due_on < ${today} then ${today} - s.due_on end as days_overdue`;

export function statements({ tx, today }: Surroundings): Statements {
  return {
    async list({ limit, ...query }) {
      const [, , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        cursorStands(query.after, (id) =>
          tx.rows('select from statements s where s.id = $1 and ($2::uuid is null or s.patient_id = $2)', [id, query.patient_id ?? null]),
        ),
        statementsOf(tx, { ...query, today, limit: limit + 1 }),
      ]);
      return {
        statements: rows.slice(0, limit).map(({ claim_pending, ...row }) => ({ ...present(row), ...(claim_pending && { claim_pending }) })),
        more: rows.length > limit,
      };
    },
  };
}

type Row = Nullable<Omit<PatientStatement, 'claim_pending'>> & { claim_pending: boolean };

async function statementsOf(tx: Tx, query: Parameters<Statements['list']>[0] & { today: string }): Promise<Row[]> {
  return tx.rows<Row>(
    `with page as materialized (
       select s.id from statements s
       where ${query.patient_id === undefined ? '$1::uuid is null' : 's.patient_id = $1'} and ($3::text is null or s.status = $3)
         and ($4::boolean is null or (s.status in ('sent', 'partially_paid') and s.due_on < $2::date) = $4)
         and ($5::date is null or s.sent_on >= $5::date) and s.sent_on <= coalesce($6::date, 'infinity')
         and s.sent_on <= coalesce((select b.sent_on from statements b where b.id = $7), 'infinity')
         and ($7::uuid is null or (s.sent_on, s.id) < (select b.sent_on, b.id from statements b where b.id = $7))
       order by s.sent_on desc, s.id desc
       limit $8
     )
     select ${columns('$2::date')}, s.patient_id, p.given_name || ' ' || p.family_name as patient,
       exists (select from claims k where k.tenant_id = s.tenant_id and k.patient_id = s.patient_id and k.status in ${PENDING_CLAIM}) as claim_pending
     from statements s join patients p on p.tenant_id = s.tenant_id and p.id = s.patient_id
     where s.id = any(array(select page.id from page))
     order by s.sent_on desc, s.id desc`,
    [
      query.patient_id ?? null,
      query.today,
      query.status ?? null,
      query.overdue ?? null,
      query.from ?? null,
      query.to ?? null,
      query.after ?? null,
      query.limit,
    ],
  );
}

/** The last one that went to a patient and was not voided. */
export async function lastStatementOf(tx: Tx, patient_id: string, today: string): Promise<Statement | undefined> {
  const [row] = await tx.rows<Nullable<Statement>>(
    `select ${columns('$2::date')} from statements s where s.patient_id = $1 and s.status <> 'voided' order by s.sent_on desc, s.id desc limit 1`,
    [patient_id, today],
  );
  return row && present(row);
}
