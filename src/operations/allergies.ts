import * as z from 'zod';
import { Allergy, AllergyRecord } from '../domains/allergies.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getAllergies = operation({
  name: 'get_allergies',
  title: 'Get allergies',
  description:
    'What one patient is allergic to: drug, food and other allergies and intolerances with reaction and severity. Call search_patients first. status: recorded, only_inactive, no_known_allergies, no_known_drug_allergies (NKDA), or not_asked: nothing on record, which does not mean none.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/allergies',
  doors: ['mcp', 'rest'],
  permission: 'allergies:read',
  effect: 'read',
  needs: ['allergies.list'],
  page: { list: 'allergies', id: 'allergy_id' },
  input: z.object({ patient_id: PatientId, ...paging(40) }),
  output: z.object({ ...AllergyRecord.shape, allergies: z.array(Allergy) }),
  async run({ allergies }, { patient_id, ...page }) {
    const { record, ...found } = await allergies.list({ patient_id, ...pageOf(page) });
    return { ...record, ...found };
  },
});
