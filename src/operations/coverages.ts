import * as z from 'zod';
import { CoverageOnDay } from '../domains/coverages.ts';
import { Day } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import { system } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getCoverage = operation({
  name: 'get_coverage',
  title: 'Get insurance coverage',
  description:
    'Insurance plans on file of one patient: payer, member id, primary and secondary, dates. Call search_patients first. in_force is what the record’s dates say of the day `on` (default today), not what the payer says: eligibility is another question. No plan on file is not uninsured.',
  toolset: 'coverage',
  rest: 'GET /patients/{patient_id}/coverage',
  doors: ['mcp', 'rest'],
  permission: 'coverages:read',
  effect: 'read',
  needs: ['coverages.list'],
  page: { list: 'coverages', id: 'coverage_id' },
  input: z.object({ patient_id: PatientId, on: Day.optional().describe('YYYY-MM-DD'), ...paging(10) }),
  output: z.object({ coverages: z.array(CoverageOnDay), on: system('partial_date'), definition: DefinitionId }),
  async run({ coverages, today }, { patient_id, on = today, ...page }) {
    return { ...(await coverages.list({ patient_id, on, ...pageOf(page) })), on, definition: 'coverage_in_force@1' };
  },
});
