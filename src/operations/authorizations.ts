import * as z from 'zod';
import { AUTHORIZATION_STATES, Authorization } from '../domains/authorizations.ts';
import { DefinitionId, Excluded } from '../domains/definitions.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getAuthorizations = operation({
  name: 'get_authorizations',
  title: 'Get authorizations',
  description:
    'Units or visits that a payer granted and how many are used, pending, scheduled, remaining, billed and paid, of one patient or the clinic. low_only: who runs out of authorized visits, and why; ends_within_days: which expire. Requests still waiting for a payer: get_prior_authorizations.',
  toolset: 'coverage',
  rest: 'GET /authorizations',
  doors: ['mcp', 'rest'],
  permission: 'authorizations:read',
  effect: 'read',
  needs: ['authorizations.list'],
  page: { list: 'authorizations', id: 'authorization_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    state: z.enum(AUTHORIZATION_STATES).optional().describe('default: current; of one patient, all'),
    low_only: z.boolean().default(false),
    ends_within_days: z.number().int().min(0).max(366).optional(),
    ...paging(20),
  }),
  output: z.object({ definition: DefinitionId, authorizations: z.array(Authorization), excluded: Excluded.optional() }),
  async run({ authorizations }, { patient_id, state, low_only, ends_within_days, ...page }) {
    const shown = state ?? (patient_id === undefined && ends_within_days === undefined ? 'current' : undefined);
    const { excluded, ...found } = await authorizations.list({ patient_id, state: shown, low_only, ends_within_days, ...pageOf(page) });
    return { definition: 'authorization_units@1', ...found, ...(excluded.length > 0 && { excluded }) };
  },
});
