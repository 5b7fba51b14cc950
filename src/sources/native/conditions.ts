import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { ClinicalStatus, type Conditions, isNoDisease, type Problem, repeatedCategories } from '../../domains/conditions.ts';
import { latestDay } from '../../domains/days.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Surroundings } from '../connector.ts';
import { patientStands } from './standing.ts';

/** Over: on the list only when asked for. */
const OVER: readonly ClinicalStatus[] = ['inactive', 'resolved'];

export function conditions({ tx, today }: Surroundings): Conditions {
  return {
    async list({ patient_id, include_resolved, limit, after }) {
      const [, rows] = await Promise.all([patientStands(tx, patient_id), problemsOf(tx, patient_id)]);
      const standing = rows.filter(({ verification_status: is }) => is !== 'refuted' && is !== 'entered_in_error').sort(inOrder);
      const current = standing.filter(({ clinical_status }) => !OVER.includes(clinical_status));
      const listed = include_resolved ? standing : current;
      const from = after === undefined ? 0 : listed.findIndex(({ condition_id }) => condition_id === after) + 1;
      if (after !== undefined && from === 0) throw staleCursor();
      const counted = (test: (row: Row) => boolean) => rows.filter(test).length;
      const left_out = (status: ClinicalStatus) => (include_resolved ? 0 : standing.filter((row) => row.clinical_status === status).length);
      return {
        problems: listed.slice(from, from + limit).map((row) => problemOf(row, today)),
        more: listed.length > from + limit,
        repeated: repeatedCategories(current),
        excluded: excludedOf({
          resolved: left_out('resolved'),
          inactive: left_out('inactive'),
          refuted: counted(({ verification_status }) => verification_status === 'refuted'),
          entered_in_error: counted(({ verification_status }) => verification_status === 'entered_in_error'),
        }),
      };
    },
  };
}

type Row = Nullable<Omit<Problem, 'verification_status' | 'not_a_disease' | 'contradiction'>> & {
  verification_status: NonNullable<Problem['verification_status']> | 'confirmed' | 'refuted' | 'entered_in_error';
};

/** The whole list, the wrong entries too: short enough to be put in order here. */
async function problemsOf(tx: Tx, patient_id: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select c.id as condition_id, c.icd10, c.snomed, c.name, c.clinical_status, c.verification_status, c.onset_on, c.abated_on, c.recorded_on,
       d.given_name || ' ' || d.family_name as recorder
     from conditions c
     left join practitioners d on d.tenant_id = c.tenant_id and d.id = c.recorder_id
     where c.patient_id = $1 and c.category = 'problem'
     limit 2000`,
    [patient_id],
  );
}

/** Diseases before Z-codes, by status, then by onset, newest first; an unknown onset comes last. */
function inOrder(a: Row, b: Row): number {
  const over = Number(OVER.includes(a.clinical_status)) - Number(OVER.includes(b.clinical_status));
  const kind = Number(isNoDisease(a.icd10)) - Number(isNoDisease(b.icd10));
  const status = ClinicalStatus.options.indexOf(a.clinical_status) - ClinicalStatus.options.indexOf(b.clinical_status);
  const before = over || kind || status;
  if (before !== 0) return before;
  const [ours, theirs] = [a.onset_on ?? a.recorded_on ?? '', b.onset_on ?? b.recorded_on ?? ''];
  if (ours !== theirs) return ours < theirs ? 1 : -1;
  return a.condition_id < b.condition_id ? -1 : 1;
}

function problemOf({ verification_status, ...row }: Row, today: string): Problem {
  const still = ['active', 'recurrence', 'relapse'].includes(row.clinical_status);
  return {
    ...present(row),
    ...(verification_status !== 'confirmed' &&
      verification_status !== 'refuted' &&
      verification_status !== 'entered_in_error' && { verification_status }),
    ...(isNoDisease(row.icd10) && { not_a_disease: true }),
    ...(still && row.abated_on !== null && latestDay(row.abated_on) < today && { contradiction: true }),
  };
}
