import * as z from 'zod';
import { Excluded } from '../domains/definitions.ts';
import { system } from '../domains/mark.ts';
import { Medication } from '../domains/medications.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getMedications = operation({
  name: 'get_medications',
  title: 'Get medications',
  description:
    'Medication list of one patient: the drugs ordered or reported, dose, active first. Call search_patients first for the patient_id. active_unverified: called active, supply long over; unknown is not active. An order does not say it is taken. What the pharmacy got is get_prescriptions.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/medications',
  doors: ['mcp', 'rest'],
  permission: 'medications:read',
  effect: 'read',
  needs: ['medications.list'],
  page: { list: 'medications', id: 'medication_id' },
  input: z.object({
    patient_id: PatientId,
    active_only: z.boolean().default(true).describe('false: the stopped and completed too'),
    ...paging(40),
  }),
  output: z.object({ medications: z.array(Medication), duplicates: z.array(system('term')).optional(), excluded: Excluded.optional() }),
  async run({ medications }, { patient_id, active_only, ...page }) {
    const { duplicates, excluded, ...found } = await medications.list({ patient_id, active_only, ...pageOf(page) });
    return { ...found, ...(duplicates.length > 0 && { duplicates }), ...(excluded.length > 0 && { excluded }) };
  },
});
