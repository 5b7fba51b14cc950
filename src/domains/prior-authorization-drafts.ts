// What a draft of a prior-authorization request is made of, and what the record says for and against asking the payer.
import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { inForce } from './coverages.ts';
import { isDay, plusDays } from './days.ts';
import { clear, phi } from './mark.ts';
import { Icd10, Term } from './order-drafts.ts';
import type { RequestRecord, StandingRequest } from './prior-authorizations.ts';

export const ServiceCode = phi('service_code', z.string().trim().min(4).max(16));
export const CodeSystem = z.enum(['cpt', 'hcpcs', 'rxnorm', 'ndc']);
type CodeSystem = z.infer<typeof CodeSystem>;
const ClinicalReason = phi('reason', z.string().trim().min(10).max(2000));
const RequestDay = clear(z.string().refine(isDay, 'a day, YYYY-MM-DD'));

/** The clinician's words and the service, as asked for and as signed. */
export const Request = z.object({
  service_code: ServiceCode,
  code_system: CodeSystem,
  service_name: Term('service'),
  units: z.number().int().min(1).max(9999),
  reason_icd10: Icd10,
  reason: ClinicalReason,
});

/** What signing does, and what it does not do. */
export const TO_DO =
  'Signing writes the request into the record as a draft. No payer is asked by it: send it to the payer (portal, fax or X12 278) with the notes that bear it out, and record the answer.' as const;

export const RequestDraft = Request.extend({
  patient_id: z.string(),
  coverage_id: z.string(),
  payer: z.string(),
  service_from: RequestDay,
  service_to: RequestDay,
  to_do: z.literal(TO_DO),
  warnings: z.array(z.string().max(300)),
});
export type RequestDraft = z.infer<typeof RequestDraft>;

const SHAPES: Readonly<Record<CodeSystem, readonly [shape: RegExp, told: string]>> = {
  cpt: [/^\d{4}[0-9AFMTU]$/, 'five characters, like 72148'],
  hcpcs: [/^[A-V]\d{4}$/, 'a letter and four digits, like E0601'],
  rxnorm: [/^[1-9]\d{0,7}$/, 'an RxCUI: digits, like 314076'],
  ndc: [
    /^(\d{11}|\d{5}-\d{4}-\d\d|\d{4}-\d{4}-\d\d|\d{5}-\d{3}-\d\d|\d{5}-\d{4}-\d)$/,
    'eleven digits, or ten with their hyphens, like 0002-8215-01',
  ],
};

/** The code as X12 has it: letters large; an NDC with eleven digits in 5-4-2, without hyphens. Throws Fault invalid_input for one that is not of its system. */
export function serviceCodeOf({ service_code, code_system }: { service_code: string; code_system: CodeSystem }): string {
  const code = service_code.toUpperCase();
  const [shape, told] = SHAPES[code_system];
  if (!shape.test(code)) throw new Fault('invalid_input', `service_code: no ${code_system} code, which is ${told}. Ask the user for it.`);
  if (code_system !== 'ndc' || !code.includes('-')) return code;
  const [labeler = '', product = '', pack = ''] = code.split('-');
  return labeler.padStart(5, '0') + product.padStart(4, '0') + pack.padStart(2, '0');
}

/** How far back a payer may still be asked, and how far ahead a plan is known. */
const BACK_DAYS = 90;
const AHEAD_DAYS = 365;

/** Throws Fault invalid_input for days that no payer is asked about. */
export function checkPeriod({ service_from, service_to }: Pick<RequestDraft, 'service_from' | 'service_to'>, today: string): void {
  if (service_to < service_from) throw new Fault('invalid_input', 'date_range: to is before from.');
  if (service_from < plusDays(today, -BACK_DAYS))
    throw new Fault(
      'invalid_input',
      `date_range: begins more than ${BACK_DAYS} days ago. A request for that long ago is an appeal, made by a person.`,
    );
  if (service_to > plusDays(today, AHEAD_DAYS)) throw new Fault('invalid_input', 'date_range: ends more than a year ahead.');
}

const OPEN: readonly StandingRequest['status'][] = ['draft', 'submitted', 'pended'];
const GRANTED: readonly StandingRequest['status'][] = ['approved', 'partially_approved'];

/** What the signer is told. Throws Fault conflict for a plan that does not cover the days, and where a request for the same service and days is open. */
export function requestWarnings(
  {
    service_code,
    service_name,
    service_from,
    service_to,
    reason_icd10,
  }: Pick<RequestDraft, 'service_code' | 'service_name' | 'service_from' | 'service_to' | 'reason_icd10'>,
  { plan, standing, problems }: RequestRecord,
  today: string,
): string[] {
  if (plan.kind === 'self_pay') throw new Fault('conflict', 'coverage_id: this patient pays for it alone, so there is no payer to ask.');
  const force = [service_from, service_to].map((day) => inForce(plan, day, today));
  if (force.includes('no') || (force.includes('unknown') && plan.status !== 'active'))
    throw new Fault('conflict', 'coverage_id: this plan is not active on the days asked for. Call get_coverage for the plan that is.');
  const same = standing.filter(
    (it) =>
      (it.service_code === null
        ? it.service_name.toLowerCase() === service_name.toLowerCase()
        : it.service_code.replaceAll('-', '').toUpperCase() === service_code) &&
      (it.from === null || it.from <= service_to) &&
      (it.to === null || it.to >= service_from),
  );
  const open = same.find(({ status }) => OPEN.includes(status));
  if (open)
    throw new Fault(
      'conflict',
      `service_code: a request for this service and these days is open: ${open.status}${open.on === null ? ', not sent yet' : `, asked ${open.on}`}. Call get_prior_authorizations for this patient; do not ask twice.`,
    );
  return [
    ...same
      .filter(({ status }) => GRANTED.includes(status))
      .map(
        ({ status, from, to }) =>
          `This service stands ${status.replaceAll('_', ' ')}${from && to ? ` for ${from} to ${to}` : ''}: is another request needed?`,
      ),
    ...(plan.period_start === null ? ['Nobody wrote down when this plan began: check that it is active.'] : []),
    ...(service_from < today ? ['The first day is over: many payers take no request afterwards.'] : []),
    ...(problems.some((code) => code.startsWith(reason_icd10.slice(0, 3)))
      ? []
      : [`${reason_icd10} is not among this patient’s active problems: right patient, right diagnosis?`]),
  ];
}
