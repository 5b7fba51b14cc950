import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { dateRange } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { clear, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { checkPeriod, Request, RequestDraft, requestWarnings, serviceCodeOf, TO_DO } from '../domains/prior-authorization-drafts.ts';
import { PriorAuthorization, PriorAuthorizationStatus, type PriorAuthorizations } from '../domains/prior-authorizations.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

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

const CoverageId = clear(recordId('call get_coverage for this patient and use a coverage_id of the answer'));
const ConditionId = clear(recordId('call get_problem_list and use a condition_id of the answer, or leave it out'));

export const draftPriorAuthorization = draft({
  name: 'draft_prior_authorization',
  title: 'Draft a prior authorization request',
  description:
    'Drafts a prior-authorization request (PA) for a service, scan or drug, for a licensed clinician to sign: coverage_id from get_coverage, code, units, days, ICD-10-CM, clinical reason. Signed, it is recorded as a draft still to be sent: no payer is asked by it. Refused while a request for the same service and days is pending.',
  toolset: 'coverage',
  rest: 'POST /patients/{patient_id}/prior-authorization-drafts',
  doors: ['mcp', 'rest'],
  permission: 'prior_authorizations:draft',
  kind: 'prior_authorization_draft',
  sign: 'sign_prior_authorizations',
  needs: ['prior_authorizations.requestable'],
  commits: ['prior_authorizations.requestable', 'prior_authorizations.create'],
  input: Request.extend({
    patient_id: PatientId,
    coverage_id: CoverageId,
    date_range: dateRange(366).describe('days of service asked for'),
    condition_id: ConditionId.optional().describe('the problem that it is for'),
    ...repeatable,
  }),
  payload: RequestDraft,
  async run({ prior_authorizations, today }, { patient_id, coverage_id, condition_id, date_range, ...request }) {
    const wanted = { ...request, patient_id, coverage_id, service_from: date_range.from, service_to: date_range.to };
    const found = await checked(prior_authorizations, { ...wanted, condition_id }, today);
    const { request_key: _, ...asked } = wanted;
    return { ...asked, ...found, to_do: TO_DO };
  },
  async commit({ prior_authorizations, caller, today, draft_id }, { warnings: shown, to_do: _, payer, ...request }) {
    if (caller.practitioner_id === undefined)
      throw new Fault('licence_needed', 'A request has a requesting clinician: you are no practitioner of this clinic.');
    const now = await checked(prior_authorizations, { ...request, exclusive: true }, today);
    if (now.payer !== payer || now.warnings.some((warning) => !shown.includes(warning)))
      throw new Fault(
        'conflict',
        'The record says something of this request that the draft does not show. Reject it and have it drafted anew.',
      );
    await prior_authorizations.create({
      ...request,
      prior_authorization_id: draft_id,
      practitioner_id: caller.practitioner_id,
      service_code: now.service_code,
    });
    return { record_id: draft_id };
  },
});

type Checked = Pick<
  RequestDraft,
  'patient_id' | 'coverage_id' | 'service_code' | 'code_system' | 'service_name' | 'service_from' | 'service_to' | 'reason_icd10'
>;

/** The code as payers write it, the payer, and what the signer is told. Throws what cannot be asked. */
async function checked(
  prior_authorizations: Pick<PriorAuthorizations, 'requestable'>,
  { condition_id, exclusive = false, ...request }: Checked & { condition_id?: string | undefined; exclusive?: boolean },
  today: string,
): Promise<Pick<RequestDraft, 'service_code' | 'payer' | 'warnings'>> {
  const service_code = serviceCodeOf(request);
  checkPeriod(request, today);
  const { patient_id, coverage_id } = request;
  const record = await prior_authorizations.requestable({ patient_id, coverage_id, condition_id, exclusive });
  return { service_code, payer: record.plan.payer, warnings: requestWarnings({ ...request, service_code }, record, today) };
}
