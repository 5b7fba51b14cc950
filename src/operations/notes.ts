import * as z from 'zod';
import { Since } from '../domains/days.ts';
import { ChartNote } from '../domains/notes.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getChartNotes = operation({
  name: 'get_chart_notes',
  title: 'Get chart notes',
  description:
    'Signed notes of one patient, newest first, in SOAP sections. Call search_patients first for the patient_id. Words from outside the clinic stand as ⟦ref u_…⟧; read_untrusted gives them. max_bytes sets how much text comes at once; go on with cursor.',
  toolset: 'chart',
  rest: 'GET /patients/{patient_id}/notes',
  doors: ['mcp', 'rest'],
  permission: 'notes:read',
  effect: 'read',
  needs: ['notes.list'],
  page: { list: 'notes', id: 'note_id' },
  input: z.object({
    patient_id: PatientId,
    since: Since.optional(),
    max_bytes: z.number().int().min(2048).max(65_536).optional(),
    ...paging(5),
  }),
  output: z.object({ notes: z.array(ChartNote) }),
  async run({ notes }, { patient_id, since, limit, cursor }) {
    return notes.list({ patient_id, since, ...pageOf({ limit, cursor }) });
  },
});
