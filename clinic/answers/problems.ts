import type { AllergyFact } from '../clinical/allergies.ts';
import type { ConditionFact } from '../clinical/problems.ts';
import { knownKey } from '../roster.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

const OVER = ['inactive', 'resolved'];
const STATUSES = ['active', 'recurrence', 'relapse', 'remission', 'unknown', 'inactive', 'resolved'];

export function problemList({ options, story }: Told): Question[] {
  const { clinic } = options;
  const ask = (place: string, trap: string, include_resolved = false, said?: string): Question => {
    const { clinical, patient } = story(`${clinic}-${place}`);
    const listed = clinical.conditions
      .filter(({ row, shown }) => shown && (include_resolved || !OVER.includes(row.clinical_status)))
      .sort(byOnset);
    return {
      tool: 'get_problem_list',
      ...(said && { ask: said }),
      trap,
      arguments: { patient_id: patient.id, include_resolved, limit: 100 },
      expect: {
        rows: {
          list: 'problems',
          id: 'condition_id',
          ids: listed.map(({ row }) => row.id),
          fields: Object.fromEntries(listed.map(({ row }) => [row.id, saidOf(row)])),
        },
        absent: clinical.conditions.filter((fact) => !listed.includes(fact)).map(({ row }) => row.id),
      },
    };
  };
  return [
    ask(knownKey(clinic, 'hct_rising').slice(-2), 'a refuted diagnosis is not on the list', true),
    ask('24', 'entered in error never; a Z-code is no disease', true),
    ask('19', 'resolved is left out unless asked for; remission is not resolved'),
    ask('19', 'resolved when asked for', true, 'What has ever been on her problem list?'),
    ask('29', 'inactive is not active'),
    ask('34', 'a problem without a code, still provisional', false, 'What is on his problem list?'),
    ask('30', 'free text without a code stands beside coded ones'),
    ask('02', 'a circumstance (absence of an organ) comes after the diseases', true),
    ask('26', 'the diagnoses of visits are no problems of the list'),
    ask(knownKey(clinic, 'merged').slice(-2), 'an empty list is empty'),
  ];
}

/** Diseases before circumstances within what is current and what is over, then by status, then by onset, newest first. */
function byOnset({ row: a }: ConditionFact, { row: b }: ConditionFact): number {
  const rank = (row: ConditionFact['row']) =>
    Number(OVER.includes(row.clinical_status)) * 100 +
    Number(row.icd10?.startsWith('Z') ?? false) * 10 +
    STATUSES.indexOf(row.clinical_status);
  const on = (row: ConditionFact['row']) => row.onset_on ?? row.recorded_on ?? '';
  return rank(a) - rank(b) || (on(a) < on(b) ? 1 : on(a) > on(b) ? -1 : a.id < b.id ? -1 : 1);
}

function saidOf(row: ConditionFact['row']): Record<string, unknown> {
  return {
    name: row.name,
    icd10: row.icd10 ?? undefined,
    clinical_status: row.clinical_status,
    verification_status: row.verification_status === 'confirmed' ? undefined : row.verification_status,
    onset_on: row.onset_on ?? undefined,
    abated_on: row.abated_on ?? undefined,
    not_a_disease: row.icd10?.startsWith('Z') ? true : undefined,
  };
}

export function allergies({ options, story }: Told): Question[] {
  const { clinic } = options;
  const ask = (place: string, trap: string, same: Record<string, unknown>, said?: string): Question => {
    const { clinical, patient } = story(`${clinic}-${place}`);
    const listed = clinical.allergies.filter(({ shown, isNone }) => shown && !isNone).sort(byCriticality);
    return {
      tool: 'get_allergies',
      ...(said && { ask: said }),
      trap,
      arguments: { patient_id: patient.id, limit: 50 },
      expect: {
        rows: {
          list: 'allergies',
          id: 'allergy_id',
          ids: listed.map(({ row }) => row.id),
          fields: Object.fromEntries(listed.map(({ row }) => [row.id, toldOf(row)])),
        },
        same,
        absent: clinical.allergies.filter(({ shown }) => !shown).map(({ row }) => row.id),
      },
    };
  };
  return [
    ask(
      '01',
      'no known allergies is an answer',
      { status: 'no_known_allergies', drug_allergies: 'none_known', active_count: 0 },
      'Is he allergic to anything?',
    ),
    ask('03', 'no known drug allergies speaks of drugs only', { status: 'no_known_drug_allergies', drug_allergies: 'none_known' }),
    ask(knownKey(clinic, 'labs_overdue').slice(-2), 'nobody asked: that is not none', {
      status: 'not_asked',
      drug_allergies: 'unknown',
      active_count: 0,
    }),
    ask('11', 'a refuted penicillin allergy is none', { status: 'no_known_drug_allergies', active_count: 0 }, 'Can she have amoxicillin?'),
    ask('24', "the twin's allergy was entered in error", { status: 'no_known_allergies', active_count: 0 }),
    ask('13', 'an inactive one is listed apart', { status: 'recorded', active_count: 1, drug_allergies: 'unknown' }),
    ask('26', 'no drug allergy known, and shellfish all the same', { status: 'recorded', drug_allergies: 'none_known', active_count: 1 }),
    ask('17', 'intolerance is not allergy; presumed is said', { status: 'recorded', drug_allergies: 'recorded', active_count: 2 }),
    ask('10', 'latex first: high criticality before low', { status: 'recorded', active_count: 2 }),
    ask('22', 'unconfirmed, without a code', { status: 'recorded', drug_allergies: 'unknown', active_count: 1 }),
  ];
}

/** Active first, then by criticality, then by name. */
function byCriticality({ row: a }: AllergyFact, { row: b }: AllergyFact): number {
  const rank = (row: AllergyFact['row']) =>
    ['active', 'inactive', 'resolved'].indexOf(row.clinical_status) * 10 +
    (row.criticality === null ? 3 : ['high', 'low', 'unable_to_assess'].indexOf(row.criticality));
  const name = (row: AllergyFact['row']) => row.substance.toLowerCase();
  return rank(a) - rank(b) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a.id < b.id ? -1 : 1);
}

function toldOf(row: AllergyFact['row']): Record<string, unknown> {
  return {
    substance: row.substance,
    code: row.code ?? undefined,
    type: row.type ?? undefined,
    criticality: row.criticality ?? undefined,
    clinical_status: row.clinical_status,
    verification_status: row.verification_status === 'confirmed' ? undefined : row.verification_status,
    reactions: row.reactions.length > 0 ? row.reactions : undefined,
  };
}
