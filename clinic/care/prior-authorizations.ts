// What the clinic asked payers to agree to, and what they said. Who pays cash has nobody to ask.
import { workdayFrom } from '../calendar.ts';
import { dateOf, instantOf } from '../days.ts';
import { movedAgo } from '../practice/messages/messages.ts';
import { idOf } from '../random.ts';
import type { CoverageRow } from '../rows.ts';
import type { PriorAuthorizationRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';

export interface PlannedRequest {
  ago: number;
  service: string;
  code?: readonly [system: NonNullable<PriorAuthorizationRow['code_system']>, code: string];
  icd10: string;
  status: PriorAuthorizationRow['status'];
  units?: number;
  granted?: number;
  /** Days until it was decided, and days that it is good for. */
  after?: number;
  good?: number;
  /** X12 278 HCR03: 82 not medically necessary, 88 not covered, 90 requested information not received. */
  decision?: string;
}

const PLANNED: Readonly<Record<string, readonly PlannedRequest[]>> = {
  'glp1.forty': [
    {
      ago: 388,
      service: 'Tirzepatide weekly pen',
      code: ['rxnorm', '2601734'],
      icd10: 'E66.811',
      status: 'approved',
      units: 12,
      granted: 12,
      after: 6,
      good: 365,
    },
    { ago: 8, service: 'Tirzepatide weekly pen, renewal', code: ['rxnorm', '2601734'], icd10: 'E66.811', status: 'draft', units: 12 },
  ],
  'glp1.gi': [{ ago: 192, service: 'Tirzepatide weekly pen', icd10: 'E66.811', status: 'denied', units: 6, after: 9, decision: '88' }],
  'glp1.steady': [
    {
      ago: 655,
      service: 'Semaglutide weekly pen',
      code: ['rxnorm', '2398841'],
      icd10: 'E66.812',
      status: 'denied',
      units: 12,
      after: 11,
      decision: '82',
    },
    {
      ago: 630,
      service: 'Semaglutide weekly pen, appeal',
      code: ['rxnorm', '2398841'],
      icd10: 'E66.812',
      status: 'approved',
      units: 12,
      granted: 6,
      after: 21,
      good: 365,
    },
  ],
  'hrt.stopped': [{ ago: 290, service: 'Breast MRI with contrast', code: ['cpt', '77049'], icd10: 'R92.8', status: 'cancelled', units: 1 }],
  'trt.titrating_late': [
    { ago: 12, service: 'Home sleep apnea test', code: ['cpt', '95806'], icd10: 'R06.83', status: 'pended', units: 1 },
  ],
  'trt.steady': [
    {
      ago: 615,
      service: 'CPAP device',
      code: ['hcpcs', 'E0601'],
      icd10: 'G47.33',
      status: 'approved',
      units: 1,
      granted: 1,
      after: 5,
      good: 90,
    },
  ],
  'thyroid.hashimoto': [
    {
      ago: 405,
      service: 'Thyroid ultrasound',
      code: ['cpt', '76536'],
      icd10: 'E06.3',
      status: 'approved',
      units: 1,
      granted: 1,
      after: 2,
      good: 60,
    },
  ],
  'dm.improving': [
    {
      ago: 376,
      service: 'Semaglutide weekly pen',
      code: ['rxnorm', '2398841'],
      icd10: 'E11.65',
      status: 'approved',
      units: 12,
      granted: 12,
      after: 4,
      good: 365,
    },
  ],
  'dm.ifcc': [{ ago: 3, service: 'Upper endoscopy', code: ['cpt', '43239'], icd10: 'D50.9', status: 'submitted', units: 1 }],
  'dm.controlled': [
    {
      ago: 40,
      service: 'Continuous glucose monitor',
      code: ['hcpcs', 'E2103'],
      icd10: 'E11.9',
      status: 'denied',
      units: 1,
      after: 6,
      decision: '90',
    },
  ],
  'gen.checkup': [
    {
      ago: 87,
      service: 'MRI lumbar spine without contrast',
      code: ['cpt', '72148'],
      icd10: 'M54.50',
      status: 'denied',
      units: 1,
      after: 14,
      decision: '82',
    },
  ],
  'ckd.decline': [
    {
      ago: 262,
      service: 'Home health nursing',
      code: ['hcpcs', 'G0299'],
      icd10: 'N18.32',
      status: 'partially_approved',
      units: 36,
      granted: 24,
      after: 3,
      good: 120,
    },
  ],
  'gen.prediabetes': [
    {
      ago: 95,
      service: 'Personal care services',
      code: ['hcpcs', 'T1019'],
      icd10: 'R73.03',
      status: 'partially_approved',
      units: 640,
      granted: 400,
      after: 8,
      good: 180,
    },
  ],
  'gen.deceased': [
    { ago: 200, service: 'Cardiac rehabilitation', code: ['cpt', '93798'], icd10: 'I50.22', status: 'submitted', units: 36 },
  ],
  'trt.psa': [{ ago: 16, service: 'Prostate MRI', code: ['cpt', '72197'], icd10: 'R97.20', status: 'pended', units: 1 }],
};

/** The plan that is asked: the first that is in force and not the patient's own purse. */
export function payerOf(coverages: readonly CoverageRow[]): CoverageRow | undefined {
  return coverages.find(({ kind, status, rank }) => rank === 1 && kind !== 'self_pay' && status !== 'cancelled');
}

export function priorAuthorizationsOf(setting: Setting, coverages: readonly CoverageRow[]): PriorAuthorizationRow[] {
  const { as_of, site, origin, person } = setting;
  const asked = payerOf(coverages);
  if (!asked) return [];
  return (PLANNED[person.arc] ?? []).map((planned, n) => {
    const dice = setting.dice(`prior.${n}`);
    const target = as_of - movedAgo(setting, planned.ago);
    // What hangs for twelve days hangs for twelve, and if somebody sent it from home on a Sunday.
    const on = planned.status === 'pended' ? target : workdayFrom(target, -1);
    const isDecided = ['approved', 'partially_approved', 'denied'].includes(planned.status);
    const decided = Math.min(workdayFrom(on + (planned.after ?? 1)), as_of - 1);
    const isGranted = isDecided && planned.status !== 'denied';
    return {
      tenant_id: setting.tenant_id,
      id: idOf(origin, 'prior', n),
      patient_id: setting.patient_id,
      coverage_id: asked.id,
      practitioner_id: setting.practitioner_id(person.clinician),
      service_code: planned.code?.[1] ?? null,
      code_system: planned.code?.[0] ?? null,
      service_name: planned.service,
      reason_icd10: planned.icd10,
      status: planned.status,
      units_requested: planned.units ?? null,
      units_approved: planned.status === 'denied' ? 0 : isGranted ? (planned.granted ?? null) : null,
      requested_at: planned.status === 'draft' ? null : instantOf(site.zone, on, dice.int(490, 1055), dice.int(0, 59)),
      decided_at: isDecided ? instantOf(site.zone, decided, dice.int(415, 1130), dice.int(0, 59)) : null,
      certification_number: isGranted ? `${dice.pick(['A', 'PA', 'C'])}${dice.int(1_000_000, 99_999_999)}` : null,
      valid_from: isGranted ? dateOf(decided) : null,
      valid_to: isGranted && planned.good ? dateOf(decided + planned.good) : null,
      decision_code: planned.decision ?? null,
    };
  });
}
