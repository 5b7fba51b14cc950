import * as z from 'zod';
import { Patient, PatientId, PatientQuery, PatientSummary } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const searchPatients = operation({
  name: 'search_patients',
  title: 'Find patients',
  description:
    'Look up a person’s chart by name, birth date, MRN, phone (who called?) or e-mail: candidates, best first, despite nicknames, former names and typos. Gives the patient_id. Unless resolution is "certain", never choose: show the candidates and ask. too_many: narrow the query.',
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
    'Demographics of one patient: birth date and age, address, phone, language, insurance, clinician, whether active, inactive or deceased. Call search_patients first. What is absent is not known. status "merged": read replaced_by instead.',
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
