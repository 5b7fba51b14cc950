import * as z from 'zod';
import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { type Allergies, Allergy, noKnownOf, statusOf } from '../../domains/allergies.ts';
import { excludedOf } from '../../domains/definitions.ts';
import type { Surroundings } from '../connector.ts';
import { patientStands } from './standing.ts';

/** allergies.reactions. */
const Reactions = Allergy.shape.reactions.unwrap();

export function allergies({ tx }: Surroundings): Allergies {
  return {
    async list({ patient_id, limit, after }) {
      const [, rows] = await Promise.all([patientStands(tx, patient_id), allergiesOf(tx, patient_id)]);
      const standing = rows.filter(({ verification_status: is }) => is !== 'refuted' && is !== 'entered_in_error');
      const listed = standing.filter((row) => noKnownOf(row) === undefined);
      const from = after === undefined ? 0 : listed.findIndex(({ allergy_id }) => allergy_id === after) + 1;
      if (after !== undefined && from === 0) throw staleCursor();
      const excluded = excludedOf({
        refuted: rows.filter(({ verification_status }) => verification_status === 'refuted').length,
        entered_in_error: rows.filter(({ verification_status }) => verification_status === 'entered_in_error').length,
      });
      return {
        allergies: listed.slice(from, from + limit).map(allergyOf),
        more: listed.length > from + limit,
        record: { ...statusOf(standing), ...(excluded.length > 0 && { excluded }) },
      };
    },
  };
}

type Row = Nullable<Omit<Allergy, 'verification_status' | 'reactions'>> & {
  verification_status: 'unconfirmed' | 'presumed' | 'confirmed' | 'refuted' | 'entered_in_error';
  reactions: unknown;
};

/** All of them, the wrong ones too: a list is short enough to be read whole. */
async function allergiesOf(tx: Tx, patient_id: string): Promise<Row[]> {
  return tx.rows<Row>(
    `select a.id as allergy_id, a.substance, a.code, a.code_system, a.type, a.category, a.criticality, a.clinical_status, a.verification_status,
       a.reactions, a.onset_on, a.recorded_on, d.given_name || ' ' || d.family_name as recorder
     from allergies a
     left join practitioners d on d.tenant_id = a.tenant_id and d.id = a.recorder_id
     where a.patient_id = $1
     order by array_position(array['active', 'inactive', 'resolved'], a.clinical_status),
       array_position(array['high', 'low', 'unable_to_assess'], a.criticality) nulls last, lower(a.substance), a.id
     limit 2000`,
    [patient_id],
  );
}

/** Reactions that do not parse are our bug: they never came through the border. */
function allergyOf({ reactions, verification_status, ...row }: Row): Allergy {
  const parsed = z.array(Reactions.element.strict()).safeParse(reactions);
  if (!parsed.success) throw new Error(`allergies.reactions of ${row.allergy_id} is malformed`);
  return {
    ...present(row),
    ...((verification_status === 'unconfirmed' || verification_status === 'presumed') && { verification_status }),
    ...(parsed.data.length > 0 && { reactions: parsed.data }),
  };
}
