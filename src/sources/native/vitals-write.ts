// Readings into the chart: only in the transaction of a signature, the database sees to it.
import type { Tx } from '../../db/tx.ts';
import type { Judged } from '../../domains/vital-figures.ts';
import { MEASURES } from '../../domains/vital-kinds.ts';
import type { Vitals } from '../../domains/vitals.ts';
import { chartTakes } from './chart-takes.ts';

/** `standing`: the readings of a patient that stand, newest first. */
export function vitalWriting(tx: Tx, standing: (patient_id: string) => Promise<readonly Judged[]>): Pick<Vitals, 'writable' | 'create'> {
  return {
    async writable(query) {
      const [{ birth_date }, readings] = await Promise.all([chartTakes(tx, query), standing(query.patient_id)]);
      const known = readings.flatMap(({ kind, taken_at, canonical, canonical_diastolic: diastolic }) =>
        canonical === undefined ? [] : [{ kind, taken_at, value: canonical, ...(diastolic !== undefined && { diastolic }) }],
      );
      return { birth_date, known };
    },
    async create({ draft_id, patient_id, encounter_id, taken_at, taken_by, setting, body_position, readings }) {
      const rows = readings.map(({ kind, value, systolic, diastolic, unit }) => ({
        loinc: MEASURES[kind].loinc[0],
        value,
        systolic,
        diastolic,
        unit,
      }));
      // The first row has the draft's own id, the others ids made of it: a repeated commit is one.
      await tx.rows(
        `insert into vital_signs (tenant_id, id, patient_id, encounter_id, loinc, value, systolic, diastolic, unit, body_position, setting, status, taken_at, taken_by)
         select app.tenant(), case r.n when 1 then $1::uuid else md5($1::text || ':' || r.n)::uuid end, $2, $3, r.loinc, r.value, r.systolic, r.diastolic, r.unit,
           $4, $5, 'final', $6, $7
         from rows from (jsonb_to_recordset($8::jsonb) as (loinc text, value numeric, systolic numeric, diastolic numeric, unit text))
           with ordinality r (loinc, value, systolic, diastolic, unit, n)
         on conflict (tenant_id, id) do nothing`,
        [draft_id, patient_id, encounter_id ?? null, body_position ?? null, setting, taken_at, taken_by ?? null, JSON.stringify(rows)],
      );
      return { vital_sign_id: draft_id };
    },
  };
}
