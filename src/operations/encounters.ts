import * as z from 'zod';
import { dateRange } from '../domains/days.ts';
import { Encounter, EncounterStatus } from '../domains/encounters.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

const MOST_DAYS = 366;

export const getEncounters = operation({
  name: 'get_encounters',
  title: 'Get encounters',
  description:
    'Visits that took place (who was seen, when), newest first, with diagnoses and whether the documentation is signed; of one patient, clinician or the clinic. in_progress: who is in a room now. Without patient_id, date_range or status: today. What is booked is in get_appointments.',
  toolset: 'chart',
  rest: 'GET /encounters',
  doors: ['mcp', 'rest'],
  permission: 'encounters:read',
  effect: 'read',
  needs: ['encounters.list'],
  page: { list: 'encounters', id: 'encounter_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    date_range: dateRange(MOST_DAYS).optional().describe('clinic days, inclusive'),
    provider_id: PractitionerId.optional(),
    status: EncounterStatus.optional(),
    ...paging(20),
  }),
  output: z.object({ encounters: z.array(Encounter) }),
  async run({ encounters, today }, { patient_id, date_range, provider_id, status, ...page }) {
    const unbounded = patient_id !== undefined || status === 'in_progress';
    const days = date_range ?? (unbounded ? {} : { from: today, to: today });
    return encounters.list({ patient_id, practitioner_id: provider_id, status, ...days, ...pageOf(page) });
  },
});
