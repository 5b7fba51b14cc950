import * as z from 'zod';
import { Patient, PatientId, PatientQuery, PatientSummary } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const searchPatients = operation({
  name: 'search_patients',
  title: 'Find patients',
  description:
    'Candidates for a name, birth date, MRN, phone or e-mail, best first; tolerates nicknames and typos. Use it to get a patient_id. Unless resolution is "certain", do not choose: show the candidates and ask, or search again with the birth date. too_many: more fit than can be listed, narrow it.',
  toolset: 'patients',
  // Not GET: a query names a person, and URLs are logged.
  rest: 'POST /patients/search',
  doors: ['mcp', 'rest'],
  permission: 'patients:read',
  effect: 'read',
  needs: ['patients.search'],
  page: { list: 'patients', id: 'patient_id' },
  input: z.object({ query: PatientQuery, ...paging(10) }),
  output: z.object({
    resolution: z.enum(['certain', 'ambiguous', 'none']),
    patients: z.array(PatientSummary),
    too_many: z.boolean().optional(),
  }),
  async run({ patients }, { query, ...page }) {
    const { too_many, ...found } = await patients.search({ query, ...pageOf(page) });
    return { ...found, ...(too_many && { too_many }) };
  },
});

export const getPatient = operation({
  name: 'get_patient',
  title: 'Get a patient',
  description:
    'Demographics, contact and insurance of one patient. Call search_patients first for the patient_id. What is absent is not known. status "merged": read replaced_by instead.',
  toolset: 'patients',
  rest: 'GET /patients/{patient_id}',
  doors: ['mcp', 'rest'],
  permission: 'patients:read',
  effect: 'read',
  needs: ['patients.get'],
  input: z.object({ patient_id: PatientId }),
  output: z.object({ patient: Patient }),
  async run({ patients }, { patient_id }) {
    return { patient: await patients.get({ patient_id }) };
  },
});
