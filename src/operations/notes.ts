import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Day, plusDays, Since } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import type { Mark } from '../domains/drafts.ts';
import { EncounterId } from '../domains/encounters.ts';
import { type Narrative, phi } from '../domains/mark.ts';
import { noteMarks } from '../domains/note-check.ts';
import { fullNamesIn } from '../domains/note-persons.ts';
import { AuthorBacklog, ChartNote, Quote, Soap, UnsignedNote } from '../domains/notes.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { type Context, draft, operation, pageOf, paging, repeatable } from './operation.ts';

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

const SECTIONS = ['subjective', 'objective', 'assessment', 'plan'] as const;
const PLACED = /\{\{(u_[0-9a-f]{32})\}\}/g;

export const draftChartNote = draft({
  name: 'draft_chart_note',
  title: 'Draft a chart note',
  description:
    'Drafts a SOAP note for one patient, for a clinician to read, mend and sign; nothing is in the chart before that. Give encounter_id where it is about a visit. To quote outside words, place {{u_…}}, the reference that you were given: you need not read it. Say "not documented" for what nobody found.',
  toolset: 'chart',
  rest: 'POST /patients/{patient_id}/note-drafts',
  doors: ['mcp', 'rest'],
  permission: 'notes:draft',
  kind: 'chart_note_draft',
  sign: 'edit_charts',
  needs: [
    'notes.writable',
    'references.quote',
    'patients.get',
    'patients.named',
    'vitals.list',
    'labs.list',
    'medications.list',
    'conditions.list',
  ],
  commits: ['notes.create'],
  input: z.object({
    patient_id: PatientId,
    soap: Soap.refine((soap) => SECTIONS.some((section) => (soap[section] ?? '').trim() !== ''), 'write at least one section'),
    encounter_id: EncounterId.optional().describe('the visit that the note is about'),
    title: phi('note', z.string().trim().min(3).max(80)).default('Progress note'),
    ...repeatable,
  }),
  payload: z.object({
    patient_id: z.string(),
    encounter_id: z.string().optional(),
    title: z.string().trim().min(3).max(80),
    soap: Soap,
    quotes: z.array(Quote),
  }),
  async run({ notes, references, ...chart }, { patient_id, encounter_id, title, soap }) {
    const refs = new Set(SECTIONS.flatMap((section) => [...(soap[section] ?? '').matchAll(PLACED)].map(([, ref]) => ref as string)));
    const [, ...quotes] = await Promise.all([
      notes.writable({ patient_id, encounter_id }),
      ...[...refs].map((ref) => references.quote({ ref })),
    ]);
    // Another patient's name may stand in a note (a wife is a patient too): the signer sees it marked.
    const wrong = (await marksIn(chart, { patient_id, soap, whose_names: 'own' })).filter(({ level }) => level === 'error');
    if (wrong.length > 0)
      throw new Fault(
        'conflict',
        `The note does not agree with the chart. ${wrong
          .slice(0, 5)
          .map(({ path, text }) => `${path}: ${text}`)
          .join(' ')}`,
      );
    return { patient_id, ...(encounter_id !== undefined && { encounter_id }), title, soap, quotes };
  },
  review: (chart, { patient_id, soap }) => marksIn(chart, { patient_id, soap }),
  async commit({ notes, caller, now, draft_id }, { patient_id, encounter_id, title, soap, quotes }) {
    if (caller.practitioner_id === undefined)
      throw new Fault('licence_needed', 'A note has an author: you are no practitioner of this clinic.');
    const sections = SECTIONS.flatMap((section) => {
      const text = soap[section]?.trim();
      return text ? [[section, spansOf(text, quotes)] as const] : [];
    });
    const { note_id } = await notes.create({
      note_id: draft_id,
      patient_id,
      encounter_id,
      author_id: caller.practitioner_id,
      title,
      signed_at: now.toISOString(),
      body: Object.fromEntries(sections),
    });
    return { record_id: note_id };
  },
});

type Chart = Pick<
  Context<'patients.get' | 'patients.named' | 'vitals.list' | 'labs.list' | 'medications.list' | 'conditions.list'>,
  'patients' | 'vitals' | 'labs' | 'medications' | 'conditions' | 'today'
>;

/** What the chart says of the note: a figure of another patient or of no time, a dose that changed, another patient's name. */
async function marksIn(
  { patients, vitals, labs, medications, conditions, today }: Chart,
  { patient_id, soap, whose_names = 'all' }: { patient_id: string; soap: Soap; whose_names?: 'own' | 'all' },
): Promise<Mark[]> {
  const names = whose_names === 'own' ? [] : fullNamesIn(SECTIONS.map((section) => soap[section] ?? '').join('\n'));
  const [patient, read, measured, taken, had, other_names] = await Promise.all([
    patients.get({ patient_id }),
    vitals.list({ patient_id, limit: 300 }),
    labs.list({ patient_id, limit: 500 }),
    medications.list({ patient_id, active_only: true, limit: 100 }),
    conditions.list({ patient_id, include_resolved: true, limit: 200 }),
    patients.named({ patient_id, names }),
  ]);
  const chart = {
    today,
    birth_date: patient.birth_date,
    vitals: read.vitals,
    labs: measured.labs,
    medications: taken.medications.map(({ sig, ...drug }) => ({ ...drug, ...(sig && { sig: sig.map(({ text }) => text).join(' ') }) })),
    problems: had.problems,
  };
  const own_names = [`${patient.given_name} ${patient.family_name}`];
  return noteMarks({ soap: written(soap), chart, own_names, other_names }).map(({ section, start, end, level, text }) => {
    const quote = soap[section]?.slice(start, end);
    return { path: `soap.${section}`, level, text, ...(quote && { quote }) };
  });
}

const written = (soap: Soap): Partial<Record<(typeof SECTIONS)[number], string>> =>
  Object.fromEntries(SECTIONS.flatMap((section) => (soap[section] === undefined ? [] : [[section, soap[section]]])));

/** The text in the order it stands: the signer's words, and between them those from outside, as what they are. */
function spansOf(text: string, quotes: readonly Quote[]): Narrative {
  const spans: Narrative = [];
  let at = 0;
  for (const found of text.matchAll(PLACED)) {
    const quote = quotes.find(({ ref }) => ref === found[1]);
    if (!quote) continue;
    const before = text.slice(at, found.index).trim();
    if (before !== '') spans.push({ text: before, origin: 'clinic' });
    spans.push({
      text: quote.text,
      origin: 'external',
      kind: quote.kind as NonNullable<Narrative[number]['kind']>,
      ...(quote.said_on !== undefined && { on: quote.said_on }),
    });
    at = found.index + found[0].length;
  }
  const rest = text.slice(at).trim();
  if (rest !== '') spans.push({ text: rest, origin: 'clinic' });
  return spans;
}
