/** The words for what the server says in codes; an unknown code is written out as it is. */
const KINDS: Record<string, string> = {
  chart_note_draft: 'Chart note',
  message_draft: 'Message to the patient',
  appointment_draft: 'Appointment',
  reschedule_draft: 'Another time for a visit',
  cancellation_draft: 'Cancellation of a visit',
  patient_draft: 'New patient',
  contact_update_draft: 'Contact details',
  intake_form_draft: 'Form to fill in',
  vitals_draft: 'Vital signs',
  order_draft: 'Order',
  task_update_draft: 'End of a task',
  referral_draft: 'Referral',
  payment_posting_draft: 'Posting of a remittance',
  prior_authorization_draft: 'Prior authorization request',
  care_plan_update_draft: 'Care plan update',
};
const ROLES: Record<string, string> = {
  owner: 'Owner',
  physician: 'Physician',
  nurse: 'Nurse',
  front_desk: 'Front desk',
  scheduler: 'Scheduler',
  biller: 'Biller',
  quality: 'Quality',
  compliance: 'Compliance',
  integration: 'Program',
};
const VENDORS: Record<string, string> = { native: 'Clinic record', eclinicalworks: 'eClinicalWorks', wellsky: 'WellSky' };
const STATUSES: Record<string, string> = {
  pending: 'Waiting',
  signed: 'Being written',
  committed: 'Signed',
  rejected: 'Rejected',
  expired: 'Expired',
  failed: 'Not written',
  parked: 'A person has to look',
};
const EVENTS: Record<string, string> = {
  proposed: 'Proposed by the AI',
  revised: 'Edited',
  signed: 'Signed',
  committed: 'Written to the chart',
  rejected: 'Rejected',
  expired: 'Expired',
  failed: 'Could not be written',
  parked: 'A person has to look',
  sent_again: 'Sent again',
  given_up: 'Given up',
  released: 'Released',
  held: 'Held',
};
const WHY_NOT: Record<string, string> = {
  not_permitted: 'Your role does not sign drafts of this kind.',
  licence_needed: 'There is no live licence on record for you. An owner can record it on the page People.',
  stale_draft: 'It was decided already.',
};
const LABELS: Record<string, string> = {
  subjective: 'Subjective',
  objective: 'Objective',
  assessment: 'Assessment',
  plan: 'Plan',
  icd10: 'ICD-10',
  phq9: 'PHQ-9',
  ams: 'AMS',
  email: 'E-mail',
  address_line: 'Street',
  postal_code: 'ZIP',
  phone_alternate: 'Other phone',
  previous_family_name: 'Former family name',
  practitioner: 'Clinician',
  mrn: 'MRN',
  ach: 'ACH',
  cpt: 'CPT',
  hcpcs: 'HCPCS',
  rxnorm: 'RxNorm',
  ndc: 'NDC',
  reason_icd10: 'Diagnosis (ICD-10-CM)',
  to_do: 'After signing',
  non_payment: 'No payment',
  add_goals: 'New goal',
  add_activities: 'New activity',
  npi: 'NPI',
  loinc: 'LOINC',
  indication: 'For (ICD-10-CM)',
  sig: 'Directions',
  modality: 'How',
  item_kind: 'What it is',
  bmi: 'BMI',
  spo2: 'Oxygen saturation',
};

const spelled = (code: string) => {
  const words = code.replaceAll(/[_-]/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
const of = (table: Record<string, string>) => (code: string) => (Object.hasOwn(table, code) ? table[code] : undefined) ?? spelled(code);

export const kindWord = (kind: string) => of(KINDS)(kind.replace(/^draft_/, ''));
/** What a draft is called, where that says more than its kind. */
export function titleOf({ kind, title, payload }: { kind: string; title?: string; payload: Record<string, unknown> }): string | undefined {
  const { given_name, family_name } = payload;
  const registers = kind === 'patient_draft' && typeof given_name === 'string' ? `${given_name} ${family_name}` : undefined;
  const called = title ?? payload.title ?? payload.subject ?? registers ?? payload.plan ?? remittanceOf(payload);
  return typeof called === 'string' && called !== '' && called !== kindWord(kind) ? called : undefined;
}
/** Whom a draft is about; one that registers somebody is about nobody who has a chart. */
export const patientWord = ({ kind, patient }: { kind: string; patient?: string | undefined }) =>
  patient ?? (kind === 'patient_draft' ? 'A new patient' : 'No patient');
/** Of a posting: whose payment it is. */
const remittanceOf = ({ payer, trace_number }: Record<string, unknown>) =>
  typeof payer === 'string' && typeof trace_number === 'string' ? `${payer}, ${trace_number}` : undefined;
/** UCUM as people write it. */
const UNITS: Record<string, string> = { 'mm[Hg]': 'mmHg', Cel: '°C', '[degF]': '°F', '[lb_av]': 'lb', '[in_i]': 'in', 'kg/m2': 'kg/m²' };
export const unitWord = (unit: string) => UNITS[unit] ?? unit;

export const roleWord = of(ROLES);
export const vendorWord = of(VENDORS);
export const statusWord = of(STATUSES);
export const eventWord = of(EVENTS);
export const labelWord = of(LABELS);
/** Why a person may not sign, as a sentence. A second factor that is too old is no reason: it is asked for. */
export const whyNotWord = (why: string) => (why.includes(' ') ? why : (WHY_NOT[why] ?? spelled(why)));
