import * as z from 'zod';
import { Day } from '../domains/days.ts';
import type { Mark } from '../domains/drafts.ts';
import { GRAMMARS, phi } from '../domains/mark.ts';
import { Patient, PatientId, PatientQuery, PatientSummary } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { type Alike, NewPatient } from '../domains/registrations.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

export const searchPatients = operation({
  name: 'search_patients',
  title: 'Find patients',
  description:
    'Look up a person: find the patient and chart by name, birth date, MRN, phone (who called?) or e-mail: candidates, best first, despite nicknames, former names and typos. Gives the patient_id. Unless resolution is "certain", never choose: show the candidates and ask. too_many: narrow the query.',
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

export const draftPatient = draft({
  name: 'draft_patient',
  title: 'Draft a new patient',
  description:
    'Drafts the registration of a new patient, for a person to sign. Call search_patients first. Where charts may be the same person it is refused with their patient_ids: show them to the user; only if each is somebody else, draft again with all of them in not_the_same_as.',
  toolset: 'patients',
  rest: 'POST /patient-drafts',
  doors: ['mcp', 'rest'],
  permission: 'patients:draft',
  kind: 'patient_draft',
  sign: 'sign_patients',
  needs: ['patients.registrable', 'patients.alike'],
  commits: ['patients.register'],
  input: z.object({
    ...NewPatient.omit({ birth_date: true, practitioner_id: true }).shape,
    birth_date: phi('birth_date', Day.meta({ clear: false })),
    provider_id: PractitionerId.optional().describe('preferred clinician'),
    not_the_same_as: z.array(PatientId).max(50).default([]),
    ...repeatable,
  }),
  payload: NewPatient.extend({
    practitioner: z.string().max(200).optional(),
    not_the_same_as: z.array(z.object({ patient_id: z.string().regex(GRAMMARS.id) })).max(50),
  }),
  async run({ patients }, { provider_id, not_the_same_as, request_key: _, ...known }) {
    const person = { ...known, ...(provider_id !== undefined && { practitioner_id: provider_id }) };
    const said = [...new Set(not_the_same_as)];
    return { ...person, ...(await patients.registrable({ person, said })), not_the_same_as: said.map((patient_id) => ({ patient_id })) };
  },
  async review({ patients }, { not_the_same_as, practitioner: _, ...person }) {
    const said = not_the_same_as.map(({ patient_id }) => patient_id);
    return (await patients.alike({ person, said })).map(markOf);
  },
  async commit({ patients, draft_id }, { not_the_same_as, practitioner, ...person }) {
    const said = not_the_same_as.map(({ patient_id }) => patient_id);
    const { patient_id } = await patients.register({ patient_id: draft_id, person, practitioner, said });
    return { record_id: patient_id };
  },
});

function markOf({ patient, birth_date, mrn, status, said }: Alike): Mark {
  const who = `${patient}, ${birth_date === undefined ? 'birth date not known' : `born ${birth_date}`}, MRN ${mrn}${status ? ` (${status})` : ''}`;
  return said
    ? { path: 'not_the_same_as', level: 'warn', text: `Said not to be ${who}. Is that another person?` }
    : {
        path: 'not_the_same_as',
        level: 'error',
        text: `May be ${who}. This cannot be signed; reject it, or have it drafted anew with that chart in view.`,
      };
}
