// The notes of one chart: who wrote them, when they were signed, and what became of some.
import type { Span } from '../../src/domains/mark.ts';
import { dateOf, instantOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { ChartNoteRow, EncounterRow, NoteBody } from '../rows.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { visitTypeOf } from '../visit-words.ts';
import { tellerOf } from './compose.ts';
import { comprehensiveOf } from './comprehensive.ts';
import { nurseNote, phoneNote, type Sections } from './desk.ts';
import { knownOn, type Past } from './facts.ts';
import { BEFORE_PORTAL, type Outside, PORTAL } from './portal.ts';
import { BEFORE_RECORD, RECORDS } from './records.ts';
import { own, soapOf, type Written } from './soap.ts';

/** A note with what its maker knows of it. */
export interface NoteFact {
  row: ChartNoteRow;
  visit: VisitFact;
  /** get_chart_notes shows it: signed, and neither voided nor entered in error. */
  shown: boolean;
}

/** All notes of one patient, by visit. */
export function notesOf(setting: Setting, past: Past): NoteFact[] {
  const teller = tellerOf(setting.dice);
  const done = past.visits.filter(({ encounter }) => encounter && encounter.status !== 'in_progress');
  const pasted = pastesOf(setting, done);
  return done.flatMap((visit) => {
    const encounter = visit.encounter as EncounterRow;
    const at = encounter.id;
    const dice = setting.dice(`note.${at}`);
    // A draw leaves a note when there was something to say.
    if (visit.kind === 'labs' && dice.chance(0.15)) return [];
    const author = setting.clinician(visit.with);
    const known = knownOn(setting, visit, past);
    const note: Written = { setting, visit, author, known, teller, at, dice };
    const body =
      encounter.status === 'entered_in_error'
        ? {
            subjective: [
              own(
                `Opened in the wrong chart, ${dice.pick(['patient with the same first name', 'screen left open', 'clicked the row above', 'slot was for the next patient'])}. ${dateOf(visit.day)}, disregard.`,
              ),
            ],
          }
        : bodyOf(note, past);
    return [signed(setting, { visit, encounter, body: paste(setting, { body, visit, pasted: pasted.get(visit) }) })];
  });
}

function bodyOf(note: Written, past: Past): NoteBody {
  const { setting, visit, known, dice } = note;
  if (visit.note === 'comprehensive') return comprehensiveOf(note, past.taken);
  if (visit.kind === 'phone') return bodyFrom(phoneNote(setting, visit, { known, dice }));
  if (visit.kind === 'labs' || visit.kind === 'injection' || visit.kind === 'nurse' || visit.kind === 'phlebotomy')
    return bodyFrom(nurseNote(setting, visit, { known, past, dice }));
  return soapOf(note);
}

function bodyFrom(sections: Sections): NoteBody {
  return Object.fromEntries(Object.entries(sections).map(([section, text]) => [section, [own(text)]]));
}

interface Pasted {
  portal?: string;
  record?: string;
}

/** Which visits hold somebody else's words: each text once, and not before what it speaks of. */
function pastesOf({ person, dice, as_of }: Setting, done: readonly VisitFact[]): Map<VisitFact, Pasted> {
  const withClinician = done.filter(
    ({ kind, encounter, note }) =>
      ['follow', 'annual', 'acute'].includes(kind) && encounter?.status === 'finished' && note !== 'voided' && note !== 'unsigned',
  );
  const pasted = new Map<VisitFact, Pasted>();
  // Not the newest: it may not be signed yet.
  const pages = dice('outside').shuffled(withClinician.filter(({ day }) => day < as_of - 8));
  const place = (said: Outside, as: (text: string) => Pasted) => {
    const { after } = said;
    const free = pages.filter((visit) => !pasted.has(visit));
    const visit = after === undefined ? free[0] : free.filter(({ day }) => day >= as_of - after).sort((a, b) => a.day - b.day)[0];
    if (visit) pasted.set(visit, as(said.text));
  };
  for (const said of PORTAL[person.arc] ?? []) place(said, (portal) => ({ portal }));
  for (const said of RECORDS[person.arc] ?? []) place(said, (record) => ({ record }));
  return pasted;
}

function paste({ dice }: Setting, { body, visit, pasted }: { body: NoteBody; visit: VisitFact; pasted: Pasted | undefined }): NoteBody {
  if (!pasted) return body;
  const words = dice(`paste.${pasted.portal ?? pasted.record}`);
  const on = dateOf(visit.day - words.int(1, 5));
  const said = (text: string, kind: NonNullable<Span['kind']>): Span => ({ text, origin: 'external', kind, on });
  if (pasted.portal)
    return { ...body, subjective: [...(body.subjective ?? []), own(words.pick(BEFORE_PORTAL)), said(pasted.portal, 'patient_reported')] };
  return { ...body, objective: [own(words.pick(BEFORE_RECORD)), said(pasted.record ?? '', 'outside_record'), ...(body.objective ?? [])] };
}

/** When the author got around to it. */
function signed(setting: Setting, { visit, encounter, body }: { visit: VisitFact; encounter: EncounterRow; body: NoteBody }): NoteFact {
  const { site, as_of, origin, arc } = setting;
  const dice = setting.dice(`sign.${encounter.id}`);
  const { day } = visit;
  const ended = visit.minute + (visit.appointment?.minutes ?? 10);
  const [on, minute] = dice.weighted([
    [[day, Math.min(ended + dice.int(4, 95), 1110)], 70],
    [[day, dice.int(1140, 1345)], 17],
    [[day + dice.int(1, 3), dice.int(415, 1180)], 13],
  ] as const);
  const late = visit.note === 'late' ? 19 : 0;
  const signs = on + late;
  const isUnsigned = signs >= as_of || visit.note === 'unsigned' || (day >= as_of - 9 && visit.kind !== 'labs' && dice.chance(0.45));
  const isAmended =
    !isUnsigned &&
    (visit.note === 'amended' || (visit.note === undefined && ['follow', 'annual', 'acute'].includes(visit.kind) && dice.chance(0.016)));
  const amends = Math.min(signs + dice.int(1, 6), as_of - 1);
  const status =
    encounter.status === 'entered_in_error'
      ? 'entered_in_error'
      : visit.note === 'voided' || visit.note === 'entered_in_error'
        ? visit.note
        : isUnsigned
          ? 'unsigned'
          : isAmended && amends > signs
            ? 'amended'
            : 'signed';
  const isSigned = status !== 'unsigned' && encounter.status !== 'entered_in_error';
  const addendum = own(
    `Addendum ${dateOf(amends)}: ${dice.pick(['side corrected, symptoms were on the left.', 'patient called, dose clarified as listed.', 'result received after visit reviewed, no change.', 'interval history corrected per patient.'])}`,
  );
  const row: ChartNoteRow = {
    tenant_id: setting.tenant_id,
    id: idOf(origin, 'note', encounter.id),
    patient_id: setting.patient_id,
    encounter_id: encounter.id,
    author_id: encounter.practitioner_id,
    title: visitTypeOf(visit.kind, arc.topic, false),
    status,
    signed_at: isSigned ? instantOf(site.zone, signs, minute, dice.int(0, 59)) : null,
    amended_at: status === 'amended' ? instantOf(site.zone, amends, dice.int(480, 1150), dice.int(0, 59)) : null,
    body: status === 'amended' ? { ...body, plan: [...(body.plan ?? []), addendum] } : body,
    created_at: instantOf(site.zone, day, Math.max(visit.minute, 0) + dice.int(1, 9), dice.int(0, 59)),
  };
  return { row, visit, shown: status === 'signed' || status === 'amended' };
}
