import * as z from 'zod';
import { AllergyRecord } from '../domains/allergies.ts';
import { Problem } from '../domains/conditions.ts';
import { plusDays } from '../domains/days.ts';
import { LabFigure } from '../domains/labs.ts';
import { system } from '../domains/mark.ts';
import { Medication } from '../domains/medications.ts';
import { Patient, PatientId } from '../domains/patients.ts';
import { VitalFigure } from '../domains/vitals.ts';
import { operation } from './operation.ts';

const MOST = { problems: 12, medications: 15, allergies: 10, labs: 20, vitals: 8, appointments: 4 };
/** A result older than this is history, not the state of things. */
const RECENT_DAYS = 400;
const AHEAD_DAYS = 91;

const Person = Patient.pick({
  patient_id: true,
  mrn: true,
  family_name: true,
  given_name: true,
  birth_date: true,
  sex: true,
  status: true,
  replaced_by: true,
});

/** One page on a patient: what stands in it is a beginning, and says how much more there is. */
export const getPatientSummary = operation({
  name: 'get_patient_summary',
  title: 'Patient on one page',
  description:
    'One patient on one page: who, problems, current medications, allergies, the latest result of each analyte and vital sign, the next appointments. Each list has its own tool for the rest.',
  toolset: 'chart',
  rest: 'GET /patients/{patient_id}/summary',
  uri: 'attending://patients/{patient_id}/summary',
  doors: ['rest', 'resource', 'admin'],
  permission: 'summaries:read',
  effect: 'read',
  needs: [
    'patients.get',
    'conditions.list',
    'medications.list',
    'allergies.list',
    'labs.summarize',
    'vitals.summarize',
    'appointments.list',
  ],
  input: z.object({ patient_id: PatientId }),
  output: z.object({
    patient: Person,
    problems: z.array(Problem.pick({ icd10: true, name: true, clinical_status: true, not_a_disease: true, onset_on: true })),
    medications: z.array(Medication.pick({ name: true, status: true, reported: true, controlled: true, start_on: true })),
    allergy_status: AllergyRecord.shape.status,
    allergies: z.array(z.object({ substance: system('term'), criticality: z.enum(['low', 'high', 'unable_to_assess']).optional() })),
    labs: z.array(
      LabFigure.pick({ analyte: true, method: true, value: true, comparator: true, value_text: true, unit: true, to_at: true }),
    ),
    vitals: z.array(VitalFigure.pick({ kind: true, unit: true, latest: true })),
    next_appointments: z.array(z.object({ start_at: system('instant'), visit_type: system('term'), practitioner: system('person_name') })),
    /** Lists that go on. */
    cut: z.array(z.enum(['problems', 'medications', 'allergies', 'labs', 'vitals', 'next_appointments'])).optional(),
  }),
  async run({ patients, conditions, medications, allergies, labs, vitals, appointments, today }, { patient_id }) {
    const [patient, problems, drugs, known, results, signs, booked] = await Promise.all([
      patients.get({ patient_id }),
      conditions.list({ patient_id, include_resolved: false, limit: MOST.problems }),
      medications.list({ patient_id, active_only: true, limit: MOST.medications }),
      allergies.list({ patient_id, limit: MOST.allergies }),
      labs.summarize({ patient_id, aggregate: 'latest', since: plusDays(today, -RECENT_DAYS) }),
      vitals.summarize({ patient_id, aggregate: 'latest', since: plusDays(today, -RECENT_DAYS) }),
      appointments.list({ patient_id, from: today, to: plusDays(today, AHEAD_DAYS), limit: 20 }),
    ]);
    const next = booked.appointments.filter(({ status }) => status === 'booked' || status === 'confirmed');
    const further = {
      problems: problems.more,
      medications: drugs.more,
      allergies: known.more,
      labs: results.figures.length > MOST.labs,
      vitals: signs.length > MOST.vitals,
      next_appointments: booked.more || next.length > MOST.appointments,
    };
    const cut = (Object.keys(further) as (keyof typeof further)[]).filter((list) => further[list]);
    return {
      patient,
      problems: problems.problems,
      medications: drugs.medications,
      allergy_status: known.record.status,
      allergies: known.allergies.filter(({ clinical_status }) => clinical_status === 'active'),
      labs: results.figures.slice(0, MOST.labs),
      vitals: signs.slice(0, MOST.vitals),
      next_appointments: next.slice(0, MOST.appointments),
      ...(cut.length > 0 && { cut }),
    };
  },
});
