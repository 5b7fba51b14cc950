// Requests to payers, before anybody sends them: only in the transaction of a signature, the database sees to it.
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import type { PriorAuthorizations, RequestRecord, StandingRequest } from '../../domains/prior-authorizations.ts';
import { chartTakes } from './chart-takes.ts';

export function priorAuthorizationAsking(tx: Tx): Pick<PriorAuthorizations, 'requestable' | 'create'> {
  return {
    async requestable({ patient_id, coverage_id, condition_id, exclusive = false }) {
      if (exclusive) await tx.rows('select app.hold_record($1)', [patient_id]);
      await chartTakes(tx, { patient_id });
      const [plan, standing, problems] = await Promise.all([
        planOf(tx, { patient_id, coverage_id }),
        standingOf(tx, patient_id),
        problemsOf(tx, patient_id),
      ]);
      if (condition_id !== undefined && !problems.some(({ id }) => id === condition_id))
        throw new Fault(
          'not_found',
          'condition_id: no such problem of this patient. Call get_problem_list for this patient, or leave it out.',
        );
      return { plan, standing, problems: problems.flatMap(({ icd10, is_active }) => (is_active && icd10 !== null ? [icd10] : [])) };
    },
    async create({ prior_authorization_id, units, ...request }) {
      await tx.rows(
        `insert into prior_authorizations (tenant_id, id, patient_id, coverage_id, practitioner_id, service_code, code_system, service_name, reason_icd10, reason,
           status, units_requested, service_from, service_to)
         values (app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $11, $12) on conflict (tenant_id, id) do nothing`,
        [
          prior_authorization_id,
          request.patient_id,
          request.coverage_id,
          request.practitioner_id,
          request.service_code,
          request.code_system,
          request.service_name,
          request.reason_icd10,
          request.reason,
          units,
          request.service_from,
          request.service_to,
        ],
      );
    },
  };
}

async function planOf(tx: Tx, { patient_id, coverage_id }: { patient_id: string; coverage_id: string }): Promise<RequestRecord['plan']> {
  const [plan] = await tx.rows<RequestRecord['plan']>(
    `select c.status, c.kind, c.payer, c.period_start, c.period_end from coverages c
     where c.id = $1 and c.patient_id = $2 and c.status <> 'entered_in_error'`,
    [coverage_id, patient_id],
  );
  if (!plan)
    throw new Fault(
      'not_found',
      'coverage_id: no such plan of this patient. Call get_coverage for this patient and use a coverage_id of the answer.',
    );
  return plan;
}

/** Of an approval the days granted count, else those asked for. */
const standingOf = (tx: Tx, patient_id: string) =>
  tx.rows<StandingRequest>(
    `select a.status, a.service_code, a.service_name, a.requested_at::date as on, coalesce(a.valid_from, a.service_from) as from,
       coalesce(a.valid_to, a.service_to) as to
     from prior_authorizations a
     where a.patient_id = $1 and a.status not in ('denied', 'cancelled') order by a.requested_at desc nulls first, a.id`,
    [patient_id],
  );

const problemsOf = (tx: Tx, patient_id: string) =>
  tx.rows<{ id: string; icd10: string | null; is_active: boolean }>(
    `select c.id, c.icd10, c.clinical_status in ('active', 'recurrence', 'relapse') as is_active
     from conditions c where c.patient_id = $1 and c.verification_status not in ('entered_in_error', 'refuted')`,
    [patient_id],
  );
