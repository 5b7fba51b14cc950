import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import type { Allergies } from '../domains/allergies.ts';
import { EncounterId } from '../domains/encounters.ts';
import type { LabOrders } from '../domains/lab-orders.ts';
import { phi } from '../domains/mark.ts';
import type { Medications } from '../domains/medications.ts';
import {
  type DrugFindings,
  DrugRequest,
  findingsOf,
  Icd10,
  LabRequest,
  labWarnings,
  refuseAllergy,
  refuseControlled,
  refuseUnseen,
  testOf,
} from '../domains/order-drafts.ts';
import { PatientId } from '../domains/patients.ts';
import { draft, repeatable } from './operation.ts';

/** Open orders and drugs of one patient that are looked at: more than anybody has. */
const MOST = 1000;
const Considered = phi('allergy_considered', z.string().trim().min(10).max(300));
const Lines = z.array(z.string().max(300));

export const draftOrder = draft({
  name: 'draft_order',
  title: 'Draft an order',
  description:
    'Drafts one order for a licensed prescriber to sign: either lab (test: LOINC or a panel name as in get_labs) or medication. Controlled substances are refused. A drug that crosses a recorded allergy is refused unless allergy_considered says why. The signer sees the allergies, duplicates and warnings. Nothing is ordered before the signature.',
  toolset: 'results',
  rest: 'POST /patients/{patient_id}/order-drafts',
  doors: ['mcp', 'rest'],
  permission: 'orders:draft',
  kind: 'order_draft',
  sign: 'sign_orders',
  needs: ['lab_orders.orderable', 'lab_orders.list', 'medications.orderable', 'medications.list', 'allergies.list'],
  commits: [
    'lab_orders.orderable',
    'lab_orders.list',
    'lab_orders.create',
    'medications.orderable',
    'medications.list',
    'medications.create',
    'allergies.list',
  ],
  input: z.object({
    patient_id: PatientId,
    lab: LabRequest.optional(),
    medication: DrugRequest.optional().describe('drug: name, strength, form; ingredient: generic, all of them'),
    indication: Icd10.describe('ICD-10-CM'),
    encounter_id: EncounterId.optional(),
    allergy_considered: Considered.optional().describe('the reason'),
    ...repeatable,
  }),
  payload: z.object({
    patient_id: z.string(),
    encounter_id: z.string().optional(),
    lab: LabRequest.optional(),
    medication: DrugRequest.optional(),
    indication: Icd10,
    /** Every active allergy of the chart, beside a drug. */
    allergies: Lines.optional(),
    allergy_considered: Considered.optional(),
    warnings: Lines,
  }),
  async run(ports, { patient_id, lab, medication, indication, encounter_id, allergy_considered }) {
    const of = { patient_id, ...(encounter_id !== undefined && { encounter_id }) };
    switch (oneOf({ lab, medication })) {
      case 'lab': {
        const asked = lab as LabRequest;
        const test = await checkedTest(ports, { ...of, lab: asked }, ports.today);
        return { ...of, lab: { ...asked, name: test.name, test: test.loinc ?? asked.test }, indication, warnings: test.warnings };
      }
      case 'medication': {
        const asked = medication as DrugRequest;
        const { allergies, warnings } = await checkedDrug(ports, { ...of, medication: asked, allergy_considered });
        return {
          ...of,
          medication: asked,
          indication,
          allergies,
          ...(allergy_considered !== undefined && { allergy_considered }),
          warnings,
        };
      }
    }
  },
  async commit(ports, { patient_id, encounter_id, lab, medication, indication, allergy_considered, warnings: shown }) {
    const { caller, now, today, draft_id } = ports;
    const { practitioner_id } = caller;
    if (practitioner_id === undefined)
      throw new Fault('licence_needed', 'An order has a prescriber: you are no practitioner of this clinic.');
    switch (oneOf({ lab, medication })) {
      case 'lab': {
        const asked = lab as LabRequest;
        const { name, loinc, warnings } = await checkedTest(ports, { patient_id, encounter_id, lab: asked }, today);
        if (asked.name !== undefined && asked.name !== name)
          throw new Fault('conflict', 'lab.name: not the name of the test that is ordered. Have it drafted anew for the other test.');
        refuseUnseen(warnings, shown);
        const order = { lab_order_id: draft_id, patient_id, encounter_id, practitioner_id, name, loinc, ordered_at: now.toISOString() };
        await ports.lab_orders.create({ ...order, priority: asked.priority, due_on: asked.due_on, reason_icd10: indication });
        break;
      }
      case 'medication': {
        const { drug, ...asked } = medication as DrugRequest;
        const { warnings } = await checkedDrug(ports, { patient_id, encounter_id, medication: { drug, ...asked }, allergy_considered });
        refuseUnseen(warnings, shown);
        const order = { medication_id: draft_id, patient_id, prescriber_id: practitioner_id, authored_on: today };
        await ports.medications.create({ ...order, ...asked, name: drug, reason_icd10: indication });
      }
    }
    return { record_id: draft_id };
  },
});

function oneOf({ lab, medication }: { lab?: object | undefined; medication?: object | undefined }): 'lab' | 'medication' {
  if ((lab === undefined) === (medication === undefined))
    throw new Fault('invalid_input', 'lab, medication: one order at a time. Give lab or medication, not both.');
  return lab === undefined ? 'medication' : 'lab';
}

interface Of {
  patient_id: string;
  encounter_id?: string | undefined;
}

async function checkedTest(
  { lab_orders }: { lab_orders: Pick<LabOrders, 'orderable' | 'list'> },
  { lab, ...of }: Of & { lab: LabRequest },
  today: string,
): Promise<ReturnType<typeof testOf> & { warnings: string[] }> {
  const test = testOf(lab);
  if (lab.due_on !== undefined && lab.due_on < today) throw new Fault('invalid_input', 'lab.due_on: is over. Name today or a day to come.');
  const [, { lab_orders: open }] = await Promise.all([
    lab_orders.orderable(of),
    lab_orders.list({ patient_id: of.patient_id, status: 'open', limit: MOST }),
  ]);
  return { ...test, warnings: labWarnings(test, open) };
}

async function checkedDrug(
  ports: { medications: Pick<Medications, 'orderable' | 'list'>; allergies: Pick<Allergies, 'list'> },
  { medication, allergy_considered, ...of }: Of & { medication: DrugRequest; allergy_considered?: string | undefined },
): Promise<DrugFindings> {
  refuseControlled(medication);
  const { patient_id } = of;
  const [, known, { medications }] = await Promise.all([
    ports.medications.orderable(of),
    ports.allergies.list({ patient_id, limit: MOST }),
    ports.medications.list({ patient_id, active_only: true, limit: MOST }),
  ]);
  const findings = findingsOf(medication, { ...known, medications });
  refuseAllergy(findings, allergy_considered);
  return findings;
}
