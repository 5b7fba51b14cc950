import type { NoteFact } from '../notes/notes.ts';
import { knownKey } from '../roster.ts';
import type { Answer, Told } from './answer.ts';

type Notes = Extract<Answer, { tool: 'get_chart_notes' }>;

export function notes({ options, story }: Told): Answer[] {
  const { clinic } = options;
  const ask = (key: string, trap: string, since?: (facts: readonly NoteFact[]) => string): Answer => {
    const { notes: facts, patient } = story(key);
    const from = since?.(facts);
    return {
      tool: 'get_chart_notes',
      trap,
      arguments: { patient_id: patient.id, ...(from !== undefined && { since: from }), limit: 100 },
      expect: expected(facts, from),
    };
  };
  return [
    ask(knownKey(clinic, 'duplicate_ingredient'), 'newest by signing: one was signed after a later one'),
    ask(knownKey(clinic, 'psa_rising'), 'a voided note is not there'),
    ask(`${clinic}-27`, 'a note entered in error is not there'),
    ask(`${clinic}-26`, 'an unsigned note is not there'),
    ask(knownKey(clinic, 'injection_note'), "orders in a patient's words stay outside text"),
    ask(knownKey(clinic, 'spanish_note'), 'outside text in Spanish'),
    ask(knownKey(clinic, 'long_note'), 'one note is over 8 KB: said to be cut, not silently'),
    ask(knownKey(clinic, 'unit_switch'), 'an amended note is a signed one, and says so'),
    ask(knownKey(clinic, 'true_decline'), 'since a signing day, inclusive', middle),
    ask(knownKey(clinic, 'merged'), 'no notes is an empty list'),
  ];
}

const day = ({ row }: NoteFact) => (row.signed_at ?? '').slice(0, 10);

/** The signing day of the note in the middle. */
function middle(facts: readonly NoteFact[]): string {
  const days = facts
    .filter(({ shown }) => shown)
    .map(day)
    .sort();
  return days[Math.floor(days.length / 2)] as string;
}

function expected(facts: readonly NoteFact[], since: string | undefined): Notes['expect'] {
  const listed = facts.filter((fact) => fact.shown && (since === undefined || day(fact) >= since));
  const ids = listed
    .map(({ row }) => ({ id: row.id, at: Date.parse(row.signed_at ?? '') }))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
  const outside = listed.flatMap(({ row }) =>
    Object.entries(row.body).flatMap(([section, spans]) =>
      spans.flatMap(({ text, origin, kind, on }) =>
        origin === 'external' ? [{ note_id: row.id, section, kind: kind ?? 'unrecognised', ...(on && { on }), text }] : [],
      ),
    ),
  );
  return {
    ids,
    absent: facts.filter(({ shown }) => !shown).map(({ row }) => row.id),
    amended: listed.filter(({ row }) => row.status === 'amended').map(({ row }) => row.id),
    outside,
  };
}
