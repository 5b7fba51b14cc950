// Orders into the chart: only in the transaction of a signature, the database sees to it.
import type { Tx } from '../../db/tx.ts';
import type { LabOrders } from '../../domains/lab-orders.ts';
import type { Medications } from '../../domains/medications.ts';
import { chartTakes } from './chart-takes.ts';

export function labOrdering(tx: Tx): Pick<LabOrders, 'orderable' | 'create'> {
  return {
    async orderable(query) {
      await chartTakes(tx, query);
    },
    async create({ lab_order_id, patient_id, encounter_id, practitioner_id, name, loinc, priority, ordered_at, due_on, reason_icd10 }) {
      await tx.rows(
        `insert into lab_orders (tenant_id, id, patient_id, encounter_id, practitioner_id, loinc, name, status, priority, ordered_at, due_on, reason_icd10)
         values (app.tenant(), $1, $2, $3, $4, $5, $6, 'active', $7, $8, $9, $10) on conflict (tenant_id, id) do nothing`,
        [
          lab_order_id,
          patient_id,
          encounter_id ?? null,
          practitioner_id,
          loinc ?? null,
          name,
          priority,
          ordered_at,
          due_on ?? null,
          reason_icd10,
        ],
      );
    },
  };
}

export function drugOrdering(tx: Tx): Pick<Medications, 'orderable' | 'create'> {
  return {
    async orderable(query) {
      await chartTakes(tx, query);
    },
    async create(order) {
      await tx.rows(
        `insert into medication_requests (tenant_id, id, patient_id, prescriber_id, name, ingredient, sig, status, reported, quantity, quantity_unit, refills_left,
           days_supply, start_on, authored_on, reason_icd10)
         values (app.tenant(), $1, $2, $3, $4, $5, $6, 'active', false, $7, $8, $9, $10, $11, $11, $12) on conflict (tenant_id, id) do nothing`,
        [
          order.medication_id,
          order.patient_id,
          order.prescriber_id,
          order.name,
          order.ingredient,
          order.sig,
          order.quantity,
          order.quantity_unit ?? null,
          order.refills,
          order.days_supply ?? null,
          order.authored_on,
          order.reason_icd10,
        ],
      );
    },
  };
}
