import * as z from 'zod';
import { Day, plusDays, Since } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import { EncounterId } from '../domains/encounters.ts';
import { AuthorBacklog, ChartNote, UnsignedNote } from '../domains/notes.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
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
    until: Day.optional().describe('YYYY-MM-DD, inclusive'),
    encounter_id: EncounterId.optional().describe('one visit only'),
    max_bytes: z.number().int().min(2048).max(65_536).optional(),
    ...paging(5),
  }),
  output: z.object({ notes: z.array(ChartNote) }),
  async run({ notes }, { patient_id, since, until, encounter_id, limit, cursor }) {
    return notes.list({ patient_id, since, until, encounter_id, ...pageOf({ limit, cursor }) });
  },
});

/** How far back a finished visit without any note is looked for. */
const LOOK_BACK_DAYS = 365;

export const findUnsignedNotes = operation({
  name: 'find_unsigned_notes',
  title: 'Find unsigned notes',
  description:
    'Across the clinic: visit notes that still need to be signed and locked, and finished visits with no note at all, oldest first, with author, age in days and counts by author. It gives no text; signed notes are in get_chart_notes. missing_note is looked for since a year ago.',
  toolset: 'chart',
  rest: 'GET /unsigned-notes',
  doors: ['mcp', 'rest'],
  permission: 'notes:read',
  effect: 'read',
  needs: ['notes.unsigned'],
  page: { list: 'unsigned', id: 'unsigned_id' },
  input: z.object({
    provider_id: PractitionerId.optional(),
    older_than_days: z.number().int().min(0).max(3650).optional(),
    since: Day.optional().describe('visits without a note since; default a year ago'),
    ...paging(20),
  }),
  output: z.object({
    unsigned: z.array(UnsignedNote),
    unsigned_notes: z.number().int(),
    missing_notes: z.number().int(),
    by_author: z.array(AuthorBacklog),
    definition: DefinitionId,
  }),
  async run({ notes, today }, { provider_id, older_than_days, since, ...page }) {
    const found = await notes.unsigned({
      practitioner_id: provider_id,
      older_than_days,
      since: since ?? plusDays(today, -LOOK_BACK_DAYS),
      ...pageOf(page),
    });
    return { ...found, definition: 'unsigned_notes@1' };
  },
});
