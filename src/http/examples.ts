// Invented values for the documents: of nobody, and each fits the schema of its field (examples.test.ts).
import * as z from 'zod';
import type { Grammar } from '../domains/mark.ts';
import { unwrap } from '../governance/redact.ts';

/** By the name of the field, or by `list.field` where one name means two things. An optional field is shown where it has a value here. */
const VALUES: Record<string, unknown> = {
  indication: 'I10',
  reason_icd10: 'I10',
  patient_id: '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38',
  practitioner_id: 'c1a4e8f0-2b7d-4c39-a5e6-90d3b1f7428e',
  family_name: 'Okafor',
  given_name: 'Ada',
  patient: 'Ada Okafor',
  practitioner: 'Cora Lind',
  author: 'Cora Lind',
  author_credentials: 'MD',
  prescriber: 'Cora Lind',
  birth_date: '1950-02-01',
  age_years: 76,
  sex: 'female',
  mrn: 'SYN-0007',
  phone: '+12025550107',
  phone_last4: '0107',
  email: 'ada.okafor@example.org',
  city: 'Springfield',
  state: 'VA',
  language: 'en',
  query: 'Okafor 1950-02-01',
  resolution: 'certain',
  match: 'certain',
  'patients.status': undefined,
  payer: 'Example Health Plan',
  member_id: 'SYN123456',
  rank: 1,
  kind: 'commercial',
  relationship: 'self',
  'labs.name': 'Glucose',
  'labs.status': undefined,
  'labs.panel': undefined,
  loinc: '2345-7',
  value: 96,
  unit: 'mg/dL',
  ref_low: 70,
  ref_high: 99,
  flag: 'N',
  panel: 'CMP',
  title: 'Follow-up visit',
  subjective: 'Sleeps well, no chest pain.',
  assessment: 'Hypertension, at goal.',
  plan: 'Continue. Labs in three months.',
  name: 'lisinopril 10 mg oral tablet',
  rxnorm: '314076',
  ingredient: 'lisinopril',
  sig: 'Take one tablet once a day.',
  start_on: '2026-02-10',
  active_only: true,
  from: '2026-11-16',
  to: '2026-11-20',
  minutes: 30,
  visit_type: 'Follow-up',
  modality: 'in_person',
  since: '2026-01-01',
  limit: 20,
  source: 'native',
  as_of: '2026-11-20T09:05:00-05:00',
  time_zone: 'America/New_York',
  domains: ['patients', 'labs', 'notes'],
  'connections.title': 'The record kept in Attending',
  'connections.since': undefined,
  'practitioners.name': 'Cora Lind',
  'items.since': '2026-11-18T10:30:00-05:00',
  'items.kind': 'message',
  'items.title': undefined,
  'items.value': undefined,
  'items.unit': undefined,
  'items.flag': undefined,
  'items.characters': undefined,
  says: 'The connection works.',
  next: 'Nothing to do.',
  does: 'When you have found it at the vendor. Enter its number there: it counts as done. Nothing more is sent.',
  found: ['V-2001'],
  'writes.kind': 'appointment_draft',
  'writes.says': 'It was sent twice, no clear answer came, and it was never found there. It is not sent again by itself.',
  'steps.says': 'Looked for it: not found.',
  text: 'I have felt dizzy in the mornings since Monday.',
  characters: 47,
};

const BY_GRAMMAR: Record<Grammar, string> = {
  id: 'e2b8d5a1-6f43-4e0c-9a7b-3d5c1f8e2a90',
  url: '/admin/ai-drafts/e2b8d5a1-6f43-4e0c-9a7b-3d5c1f8e2a90',
  hash: '3d5c1f8e2a90e2b8d5a16f434e0c9a7b3d5c1f8e2a90e2b8d5a16f434e0c9a7b',
  ref: 'u_0f8e2a903d5c1f8ee2b8d5a16f434e0c',
  code: 'native',
  instant: '2026-11-18T10:30:00-05:00',
  partial_date: '2026-11-18',
  time_zone: 'America/New_York',
  person_name: 'Ada',
  term: 'Example',
  mrn: 'SYN-0007',
  phone: '+12025550107',
  email: 'ada.okafor@example.org',
  address_line: '1 Example Street',
  postal_code: '00000',
  language: 'en',
  unit: 'mg/dL',
  digits: '0107',
  member_id: 'SYN123456',
  definition: 'no_show_rate@1',
  range_text: 'under 5',
  advice: 'The chart says that this patient has died.',
};

/** An invented value of `schema`, which is the field `name` of `list`. */
export function exampleOf(schema: z.ZodType, name = '', list = ''): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    const fields = Object.entries(inner.shape as Record<string, z.ZodType>).filter(([field, sub]) => isShown(sub, field, name || list));
    return Object.fromEntries(fields.map(([field, sub]) => [field, exampleOf(sub, field, name || list)]));
  }
  const told = known(name, list);
  if (told !== undefined && (inner.meta()?.narrative || inner.safeParse(told).success)) return told;
  if (inner instanceof z.ZodArray) return [exampleOf(inner.element as z.ZodType, '', name)];
  if (inner instanceof z.ZodEnum) return inner.options[0];
  if (inner instanceof z.ZodLiteral) return inner.value;
  if (inner instanceof z.ZodRecord) return {};
  if (inner instanceof z.ZodNumber) return 1;
  if (inner instanceof z.ZodBoolean) return false;
  if (inner instanceof z.ZodUnion) return exampleOf(inner.options[0] as z.ZodType, name, list);
  const { grammar } = inner.meta() ?? {};
  if (grammar) return BY_GRAMMAR[grammar];
  return Object.values(BY_GRAMMAR).find((text) => inner.safeParse(text).success) ?? 'text';
}

/** A required field, one with an invented value, or an object whose every field has one. */
function isShown(schema: z.ZodType, name: string, list: string): boolean {
  const inner = unwrap(schema);
  const below = inner instanceof z.ZodObject ? Object.keys(inner.shape) : [name];
  return !(schema instanceof z.ZodOptional) || below.every((field) => known(field, list) !== undefined);
}

function known(name: string, list: string): unknown {
  const both = `${list}.${name}`;
  return Object.hasOwn(VALUES, both) ? VALUES[both] : Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
}
