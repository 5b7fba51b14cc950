import { dateOf, dayOf } from '../days.ts';
import { knownKey } from '../roster.ts';
import type { PatientRow } from '../rows.ts';
import type { Story } from '../story.ts';
import type { Answer, Told } from './answer.ts';

export function searches({ options, story }: Told): Answer[] {
  const of = (key: string) => story(key).patient;
  const { clinic } = options;
  const [older, younger] = knownKey(clinic, 'same_name').map(of) as [PatientRow, PatientRow];
  const [one, other] = knownKey(clinic, 'twins').map(of) as [PatientRow, PatientRow];
  const [first, again] = knownKey(clinic, 'duplicate').map(of) as [PatientRow, PatientRow];
  const merged = of(knownKey(clinic, 'merged'));
  const survivor = of(knownKey(clinic, 'merged_into'));
  const deceased = of(knownKey(clinic, 'deceased'));
  const nicknamed = of(knownKey(clinic, 'psa_rising'));
  const renamed = of(`${clinic}-18`);
  const marked = of(`${clinic}-35`);
  const ask = (query: string, trap: string, expect: Extract<Answer, { tool: 'search_patients' }>['expect']): Answer => ({
    tool: 'search_patients',
    trap,
    arguments: { query, limit: 10 },
    expect,
  });
  const full = ({ given_name, family_name }: PatientRow) => `${given_name} ${family_name}`;
  const american = (date: string) => `${Number(date.slice(5, 7))}/${Number(date.slice(8, 10))}/${date.slice(0, 4)}`;
  const letters = (name: string) => name.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return [
    ask(full(older), 'two people of one name are two candidates', {
      resolution: 'ambiguous',
      includes: [older.id, younger.id],
      never_certain: [older.id, younger.id],
    }),
    ask(`${full(younger)} ${younger.birth_date}`, 'the birth date tells the two apart', { first: younger.id, never_certain: [older.id] }),
    ask(`${full(older)} ${american(older.birth_date as string)}`, 'the birth date as Americans write it', {
      first: older.id,
      never_certain: [younger.id],
    }),
    ask(older.mrn, 'an MRN is one person', { resolution: 'certain', first: older.id }),
    ask(`${full(one)} ${one.birth_date}`, 'a twin is never certain by name and birth date alone', {
      first: one.id,
      never_certain: [one.id, other.id],
    }),
    ask(one.phone as string, 'a shared phone is a household, not a person', {
      resolution: 'ambiguous',
      includes: [one.id, other.id],
      never_certain: [one.id, other.id],
    }),
    ask(`${full(first)} ${first.birth_date}`, 'the same person registered twice: two candidates', {
      includes: [first.id, again.id],
      never_certain: [again.id],
    }),
    ask(full(survivor), 'a merged chart is flagged, not hidden and not chosen', {
      includes: [survivor.id, merged.id],
      statuses: { [merged.id]: 'merged', [survivor.id]: 'none' },
      never_certain: [merged.id],
    }),
    ask(`${nicknamed.preferred_name} ${nicknamed.family_name}`, 'by what he is called', { first: nicknamed.id }),
    ask(`${renamed.given_name} ${renamed.previous_family_name}`, 'by the name she had before', { first: renamed.id }),
    ask(letters(full(marked)), 'without the marks that the keyboard lacks', { first: marked.id }),
    ask(`${deceased.family_name}, ${deceased.given_name}`, 'family name first; died', {
      first: deceased.id,
      statuses: { [deceased.id]: 'deceased' },
    }),
    ask(`${swapped(first.given_name)} ${first.family_name}`, 'two letters the wrong way round', { includes: [first.id] }),
    ask('Zbigniew Quartermain', 'nobody: not the nearest somebody', { resolution: 'none' }),
  ];
}

/** A name with two neighbouring letters exchanged, not the first. */
function swapped(name: string): string {
  const at = [...name].findIndex((letter, i) => i > 0 && letter !== name[i + 1]);
  return `${name.slice(0, at)}${name[at + 1]}${name[at]}${name.slice(at + 2)}`;
}

export function charts({ options, story }: Told): Answer[] {
  const { clinic } = options;
  const ask = (key: string, trap: string): Answer => {
    const it = story(key);
    return {
      tool: 'get_patient',
      trap,
      arguments: { patient_id: it.patient.id },
      expect: { ...fieldsOf(it), coverages: it.coverages.map(({ rank, kind, status }) => ({ rank, kind, status })) },
    };
  };
  return [
    ask(`${clinic}-16`, 'an ordinary chart'),
    ask(knownKey(clinic, 'partial_birth_date'), 'a birth year is a year, not January 1; no age from it'),
    ask(knownKey(clinic, 'merged'), 'a merged chart answers itself and names its survivor; what is not known is absent'),
    ask(knownKey(clinic, 'deceased'), 'died: status, date, and what insurance there was'),
    ask(knownKey(clinic, 'inactive'), 'inactive; no coverage row is not "uninsured"'),
    ask(`${clinic}-13`, 'an old policy is cancelled, the new one is active; prefers Spanish'),
    ask(`${clinic}-18`, 'insured through a spouse; previous family name'),
  ];
}

const STATUS = (patient: PatientRow) => {
  if (patient.replaced_by) return 'merged';
  if (patient.deceased_on) return 'deceased';
  return patient.active ? 'active' : 'inactive';
};

/** What get_patient says of a patient, and which fields it must leave out. */
function fieldsOf({ patient, setting }: Story): { fields: Record<string, unknown>; absent: string[] } {
  const { id, active: _, created_at: __, tenant_id: ___, contact_confirmed_by: ____, ...rest } = patient;
  const fields: Record<string, unknown> = { patient_id: id, ...rest, status: STATUS(patient) };
  const born = patient.birth_date ?? '';
  // Nobody ages after death.
  const ages = born.length === 10 && patient.deceased_on === null;
  if (ages) fields.age_years = completedYears(born, dateOf(dayOf(setting.options.as_of)));
  if (patient.practitioner_id) {
    const { given, family } = setting.clinician(setting.person.clinician);
    fields.practitioner = `${given} ${family}`;
  }
  const absent = Object.entries(fields).flatMap(([field, value]) => (value === null ? [field] : []));
  if (!ages) absent.push('age_years');
  delete fields.contact_confirmed_at; // an instant: compared as one, not as text
  return {
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
    absent: absent.filter((field) => field !== 'contact_confirmed_at'),
  };
}

function completedYears(born: string, today: string): number {
  return Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - Number(today.slice(5) < born.slice(5));
}
