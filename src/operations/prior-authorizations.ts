import * as z from 'zod';
import { Excluded } from '../domains/definitions.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { PriorAuthorization, PriorAuthorizationStatus } from '../domains/prior-authorizations.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getPriorAuthorizations = operation({
  name: 'get_prior_authorizations',
  title: 'Get prior authorizations',
  description:
    'Prior-authorization requests to payers for a drug, scan or procedure, of one patient or the clinic: pending, approved or denied, with dates and numbers. status "pending": submitted or pended; pending_days: waiting that long. For units granted and left use get_authorizations.',
  toolset: 'coverage',
  rest: 'GET /prior-authorizations',
  doors: ['mcp', 'rest'],
  permission: 'prior_authorizations:read',
  effect: 'read',
  needs: ['prior_authorizations.list'],
  page: { list: 'prior_authorizations', id: 'prior_authorization_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    provider_id: PractitionerId.optional(),
    status: z.enum([...PriorAuthorizationStatus.options, 'pending']).optional(),
    pending_days: z.number().int().min(0).max(3650).optional().describe('at least so many days without a decision'),
    ...paging(20),
  }),
  output: z.object({ prior_authorizations: z.array(PriorAuthorization), excluded: Excluded.optional() }),
  async run({ prior_authorizations }, { patient_id, provider_id, status, pending_days, ...page }) {
    const one = status === undefined || status === 'pending' ? undefined : [status];
    const statuses = status === 'pending' ? (['submitted', 'pended'] as const) : one;
    const { excluded, ...found } = await prior_authorizations.list({
      patient_id,
      practitioner_id: provider_id,
      statuses,
      pending_days,
      ...pageOf(page),
    });
    return { ...found, ...(excluded.length > 0 && { excluded }) };
  },
});
