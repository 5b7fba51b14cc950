import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Prescription, Prescriptions } from '../../domains/prescriptions.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, isOfPatient, patientStands } from './standing.ts';

export function prescriptions({ tx }: Surroundings): Prescriptions {
  return {
    async list(query) {
      const [, , , rows, entered_in_error] = await Promise.all([
        patientStands(tx, query.patient_id),
        isOfPatient(tx, 'medication_requests', query.medication_id, query.patient_id),
        cursorStands(query.after, (id) =>
          tx.rows('select from prescriptions x where x.id = $1 and x.patient_id = $2', [id, query.patient_id]),
        ),
        sentOf(tx, { ...query, limit: query.limit + 1 }),
        mistakenOf(tx, query.patient_id),
      ]);
      return {
        prescriptions: rows.slice(0, query.limit).map(prescriptionOf),
        more: rows.length > query.limit,
        excluded: excludedOf({ entered_in_error }),
      };
    },
  };
}

type Query = Parameters<Prescriptions['list']>[0];
type Row = Nullable<Omit<Prescription, 'quantity' | 'error_text'>> & { quantity: string | null; error_text: string | null };

/** Unsent first, then newest sent first. */
async function sentOf(tx: Tx, query: Query): Promise<Row[]> {
  return tx.rows<Row>(
    `select x.id as prescription_id, x.medication_request_id as medication_id, m.name as medication, m.rxnorm, m.controlled, x.message, x.status,
       x.pharmacy, x.pharmacy_ncpdp, x.quantity, x.quantity_unit, x.refills, x.days_supply, x.sent_at, x.last_filled_on,
       d.given_name || ' ' || d.family_name as prescriber, x.error_text
     from prescriptions x
     join medication_requests m on m.tenant_id = x.tenant_id and m.id = x.medication_request_id
     left join practitioners d on d.tenant_id = x.tenant_id and d.id = x.prescriber_id
     where x.patient_id = $1 and m.status <> 'entered_in_error'
       and ($2::uuid is null or x.medication_request_id = $2)
       and ($3::text is null or x.status = $3)
       and ($4::date is null or x.sent_at is null or x.sent_at >= $4::date::timestamptz)
       and ($5::uuid is null or (coalesce(x.sent_at, 'infinity'), x.id)
         < (select coalesce(a.sent_at, 'infinity'), a.id from prescriptions a where a.id = $5 and a.patient_id = $1))
     order by coalesce(x.sent_at, 'infinity') desc, x.id desc
     limit $6`,
    [query.patient_id, query.medication_id ?? null, query.status ?? null, query.since ?? null, query.after ?? null, query.limit],
  );
}

/** How many messages were for an order that was a mistake. */
async function mistakenOf(tx: Tx, patient_id: string): Promise<number> {
  const [row] = await tx.rows<{ mistaken: number }>(
    `select count(*)::int as mistaken
     from prescriptions x
     join medication_requests m on m.tenant_id = x.tenant_id and m.id = x.medication_request_id
     where x.patient_id = $1 and m.status = 'entered_in_error'`,
    [patient_id],
  );
  return row?.mistaken ?? 0;
}

function prescriptionOf({ quantity, error_text, ...row }: Row): Prescription {
  return {
    ...present(row),
    ...(quantity !== null && { quantity: Number(quantity) }),
    ...(error_text !== null && { error_text: [{ text: error_text, origin: 'external', kind: 'outside_record' }] }),
  };
}
