import { dateOf, dayOf } from '../days.ts';
import { knownKey } from '../roster.ts';
import type { EncounterRow } from '../rows.ts';
import { SITES } from '../sites.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

interface Seen {
  row: EncounterRow;
  story: Story;
  note: 'none' | 'unsigned' | 'signed' | 'amended';
}

/** Every encounter that took place, with what became of its note. */
function seenOf(story: Story): Seen[] {
  return story.visits.flatMap(({ encounter }) => {
    if (!encounter || encounter.status === 'entered_in_error') return [];
    const statuses = story.notes.filter(({ row }) => row.encounter_id === encounter.id).map(({ row }) => row.status);
    const note = (['amended', 'signed', 'unsigned'] as const).find((status) => statuses.includes(status)) ?? 'none';
    return [{ row: encounter, story, note }];
  });
}

export function encounters({ options, story, all }: Told): Question[] {
  const { clinic, as_of } = options;
  const today = dayOf(as_of);
  const everything = all.flatMap(seenOf);
  const ask = (trap: string, args: Record<string, unknown>, chosen: readonly Seen[], said?: string): Question => ({
    tool: 'get_encounters',
    ...(said && { ask: said }),
    trap,
    arguments: { ...args, limit: 300 },
    expect: { rows: rowsOf(chosen) },
  });
  const of = (place: string, trap: string, said?: string): Question => {
    const { patient, visits } = story(`${clinic}-${place}`);
    const question = ask(trap, { patient_id: patient.id }, seenOf(story(`${clinic}-${place}`)), said);
    const mistaken = visits.flatMap(({ encounter }) => (encounter?.status === 'entered_in_error' ? [encounter.id] : []));
    return { ...question, expect: { ...question.expect, absent: mistaken } };
  };
  const within = (from: number, to: number, who?: number) =>
    everything.filter(({ row, story: { setting } }) => {
      const day = dayOf(row.start_at.slice(0, 10)) - today;
      return day >= from && day <= to && (who === undefined || row.practitioner_id === setting.practitioner_id(who));
    });
  const days = (from: number, to: number) => ({ date_range: { from: dateOf(today + from), to: dateOf(today + to) } });
  const doctor = (all[0] as Story).setting.practitioner_id(0);
  return [
    of('27', 'a visit entered in error is not there; telephone calls are visits without a booking'),
    of('19', 'the note of one visit was amended, of another it is not signed yet', 'When was she seen, and is the documentation done?'),
    of(knownKey(clinic, 'merged').slice(-2), 'a chart without visits'),
    of('33', 'one who has died was seen until then'),
    ask(
      'the clinic, two weeks, newest first; no-shows are no visits',
      days(-15, -2),
      within(-15, -2),
      'Who did we see in the last two weeks?',
    ),
    ask('one clinician', { ...days(-40, -1), provider_id: doctor }, within(-40, -1, 0)),
    ask(
      'who is in a room now',
      { status: 'in_progress' },
      everything.filter(({ row }) => row.status === 'in_progress'),
      'Who is in a room right now?',
    ),
    ask('a week in which clocks changed', days(-22, -16), within(-22, -16)),
  ];
}

function rowsOf(chosen: readonly Seen[]) {
  const sorted = [...chosen].sort(({ row: a }, { row: b }) => Date.parse(b.start_at) - Date.parse(a.start_at) || (a.id < b.id ? 1 : -1));
  const fields = ({ row, story, note }: Seen) => ({
    patient_id: story.patient.id,
    status: row.status,
    class: row.class,
    visit_type: row.visit_type ?? undefined,
    note,
    appointment_id: row.appointment_id ?? undefined,
    'diagnoses.length': story.clinical.conditions.filter(({ row: { encounter_id } }) => encounter_id === row.id).length || undefined,
  });
  return {
    list: 'encounters',
    id: 'encounter_id',
    ids: sorted.map(({ row }) => row.id),
    fields: Object.fromEntries(sorted.map((each) => [each.row.id, fields(each)])),
  };
}

interface Waiting {
  id: string;
  kind: 'unsigned_note' | 'missing_note';
  at: string;
  who: string;
  days: number;
}

export function unsignedNotes({ options, all }: Told): Question[] {
  const today = dayOf(options.as_of);
  const age = (at: string) => today - dayOf(at.slice(0, 10));
  const waiting = all.flatMap((story): Waiting[] => {
    const unsigned = story.notes
      .filter(({ row }) => row.status === 'unsigned')
      .map(({ row, visit }): Waiting => {
        const at = visit.encounter?.start_at ?? row.created_at;
        return { id: row.id, kind: 'unsigned_note', at, who: row.author_id, days: age(at) };
      });
    const missing = seenOf(story)
      .filter(({ row, note }) => row.status === 'finished' && note === 'none')
      .map(
        ({ row }): Waiting => ({ id: row.id, kind: 'missing_note', at: row.start_at, who: row.practitioner_id, days: age(row.start_at) }),
      );
    return [...unsigned, ...missing];
  });
  const practitioner = (all[0] as Story).setting.practitioner_id;
  const ask = (trap: string, args: { provider_id?: string; older_than_days?: number; since?: string }, said?: string): Question => {
    const chosen = waiting
      .filter(({ kind, at }) => kind === 'unsigned_note' || at.slice(0, 10) >= (args.since ?? dateOf(today - 365)))
      .filter(({ who, days }) => (args.provider_id === undefined || who === args.provider_id) && days > (args.older_than_days ?? -1))
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
    const count = (kind: Waiting['kind']) => chosen.filter((each) => each.kind === kind).length;
    return {
      tool: 'find_unsigned_notes',
      ...(said && { ask: said }),
      trap,
      arguments: { ...args, limit: 300 },
      expect: {
        rows: {
          list: 'unsigned',
          id: 'unsigned_id',
          ids: chosen.map(({ id }) => id),
          fields: Object.fromEntries(chosen.map(({ id, kind, who, days }) => [id, { kind, practitioner_id: who, age_days: days }])),
        },
        same: { unsigned_notes: count('unsigned_note'), missing_notes: count('missing_note') },
      },
    };
  };
  return [
    ask('the clinic: unsigned notes, and visits without any', {}, 'Who still has notes to sign?'),
    ask('one clinician', { provider_id: practitioner(0) }),
    ask('the nurse', { provider_id: practitioner(4) }),
    ask('more than two weeks old', { older_than_days: 14 }, 'Which notes are overdue by more than two weeks?'),
    ask('visits without a note since a month ago; unsigned notes have no such limit', { since: dateOf(today - 30) }),
    ask('nobody is that late', { older_than_days: 3000 }),
  ];
}

export function practitioners({ options, all }: Told): Question[] {
  const { clinicians } = SITES[options.clinic];
  const { practitioner_id } = (all[0] as Story).setting;
  const ask = (
    trap: string,
    args: Record<string, unknown>,
    pick: (each: (typeof clinicians)[number]) => boolean,
    said?: string,
  ): Question => {
    const chosen = clinicians
      .map((each, at) => ({ ...each, id: practitioner_id(at) }))
      .filter(pick)
      .sort((a, b) => (a.family < b.family ? -1 : 1));
    return {
      tool: 'list_practitioners',
      ...(said && { ask: said }),
      trap,
      arguments: { ...args, limit: 50 },
      expect: {
        rows: {
          list: 'practitioners',
          id: 'practitioner_id',
          ids: chosen.map(({ id }) => id),
          fields: Object.fromEntries(
            chosen.map(({ id, given, family, credentials, npi }) => [
              id,
              { name: `${given} ${family}`, credentials, ...(npi === undefined && { npi: undefined }), npi_invalid: undefined },
            ]),
          ),
        },
      },
    };
  };
  const [first] = clinicians;
  return [
    ask('everybody, by family name; the nurse has no NPI, and none is made up', {}, () => true, 'Who works here?'),
    ask('a part of a name', { name: first.family.slice(0, 4).toLowerCase() }, ({ family, given }) =>
      `${given} ${family}`.toLowerCase().includes(first.family.slice(0, 4).toLowerCase()),
    ),
    ask(
      'a part of a specialty',
      { specialty: 'family' },
      ({ specialty }) => specialty.toLowerCase().includes('family'),
      'Who does family medicine?',
    ),
    ask("women's health", { specialty: "Women's" }, ({ specialty }) => specialty.includes("Women's")),
    ask('nobody of that name', { name: 'Zzyzx' }, () => false),
  ];
}
