import * as z from 'zod';
import { Since } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { phi, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { Prescription, PrescriptionStatus } from '../domains/prescriptions.ts';
import { operation, pageOf, paging } from './operation.ts';

const MedicationId = phi('medication_id', recordId('call get_medications and use its medication_id'));

export const getPrescriptions = operation({
  name: 'get_prescriptions',
  title: 'Get prescriptions',
  description:
    'Pharmacy side of one patient’s medications: e-prescriptions and refills sent, to which pharmacy, whether it went through or was filled, errors, cancelled. Call search_patients first. What the patient is on is get_medications; a prescription filled does not say it is taken.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/prescriptions',
  doors: ['mcp', 'rest'],
  permission: 'prescriptions:read',
  effect: 'read',
  needs: ['prescriptions.list'],
  page: { list: 'prescriptions', id: 'prescription_id' },
  input: z.object({
    patient_id: PatientId,
    medication_id: MedicationId.optional().describe('one order only'),
    status: PrescriptionStatus.optional(),
    since: Since.optional(),
    ...paging(20),
  }),
  output: z.object({ prescriptions: z.array(Prescription), excluded: Excluded.optional() }),
  async run({ prescriptions }, { patient_id, medication_id, status, since, ...page }) {
    const { excluded, ...found } = await prescriptions.list({ patient_id, medication_id, status, since, ...pageOf(page) });
    return { ...found, ...(excluded.length > 0 && { excluded }) };
  },
});
