import * as z from 'zod';
import { Problem } from '../domains/conditions.ts';
import { Excluded } from '../domains/definitions.ts';
import { system } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getProblemList = operation({
  name: 'get_problem_list',
  title: 'Get the problem list',
  description:
    'Conditions and diagnoses a patient lives with, ICD-10, active first. Call search_patients first. Diagnoses of one visit are in get_encounters. not_a_disease: a Z-code. excluded says how many resolved ones include_resolved would add. repeated: codes that may be one problem twice.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/problems',
  doors: ['mcp', 'rest'],
  permission: 'conditions:read',
  effect: 'read',
  needs: ['conditions.list'],
  page: { list: 'problems', id: 'condition_id' },
  input: z.object({
    patient_id: PatientId,
    include_resolved: z.boolean().default(false).describe('true: the resolved and inactive too'),
    ...paging(40),
  }),
  output: z.object({ problems: z.array(Problem), repeated: z.array(system('code')).optional(), excluded: Excluded.optional() }),
  async run({ conditions }, { patient_id, include_resolved, ...page }) {
    const { repeated, excluded, ...found } = await conditions.list({ patient_id, include_resolved, ...pageOf(page) });
    return { ...found, ...(repeated.length > 0 && { repeated }), ...(excluded.length > 0 && { excluded }) };
  },
});
