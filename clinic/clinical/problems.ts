// The problem list of one chart, and the diagnoses of its visits: two different things (connectors.md §2.7).
import { type Day, dateOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { ConditionRow } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { codeOn, diagnosisOf } from './diagnoses.ts';
import { EXTRAS, type Extra, TURNS } from './problems-told.ts';

/** A condition with what its maker knows of it. */
export interface ConditionFact {
  row: ConditionRow;
  /** get_problem_list shows it: of the list, neither refuted nor entered in error. */
  shown: boolean;
}

/** Everything that was ever put on the list, then what each finished visit was for. */
export function conditionsOf(setting: Setting, visits: readonly VisitFact[]): ConditionFact[] {
  const { arc, person } = setting;
  const listed = arc.conditions
    .filter((icd10) => icd10 !== 'Z00.00')
    .map((icd10, n) => problem(setting, { ...TURNS[`${person.arc} ${icd10}`], icd10 }, { name: `p${n}`, visits }));
  const extras = (EXTRAS[person.arc] ?? []).map((extra, n) => problem(setting, extra, { name: `x${n}`, visits }));
  const diagnosed = visits
    .filter(({ encounter }) => encounter?.status === 'finished')
    .flatMap((visit) => diagnosesOf(setting, visit).map((icd10, n) => diagnosis(setting, visit, { icd10, n })));
  return [...listed, ...extras, ...diagnosed].map((row) => ({
    row,
    shown: row.category === 'problem' && !['refuted', 'entered_in_error'].includes(row.verification_status),
  }));
}

function problem(setting: Setting, extra: Extra, { name, visits }: { name: string; visits: readonly VisitFact[] }): ConditionRow {
  const { arc, as_of, person, dice } = setting;
  const own = dice(`problem.${name}`);
  const opened = as_of - arc.since;
  const treated = Math.max(
    0,
    ...arc.courses.filter(({ icd10 }) => icd10 === extra.icd10).flatMap(({ steps }) => steps.map(([ago]) => ago)),
  );
  // Treated since; else known before the chart was opened.
  const began = extra.ago !== undefined ? as_of - extra.ago : treated > 0 ? as_of - treated - own.int(0, 25) : opened - own.int(40, 2900);
  const seen = visits.find(({ day, encounter }) => day >= began && encounter?.status === 'finished' && day < as_of);
  const recorded = began < opened ? opened + own.int(0, 4) : (seen?.day ?? Math.max(began, opened));
  const found = extra.icd10 === null ? undefined : diagnosisOf(extra.icd10);
  const isHere = began >= opened && seen !== undefined;
  return {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'condition', name),
    patient_id: setting.patient_id,
    category: 'problem',
    icd10: extra.icd10,
    snomed: found?.snomed ?? null,
    name: extra.name ?? found?.name ?? '',
    clinical_status: extra.status ?? 'active',
    verification_status: extra.verification ?? 'confirmed',
    onset_on: own.chance(0.1) ? null : partial(began, opened, own.chance(0.4)),
    abated_on:
      extra.abated === undefined ? null : extra.abated > 700 ? dateOf(as_of - extra.abated).slice(0, 4) : dateOf(as_of - extra.abated),
    recorded_on: dateOf(Math.min(recorded, as_of - 1)),
    encounter_id: null,
    recorder_id: isHere || own.chance(0.7) ? setting.practitioner_id(person.clinician) : null,
  };
}

/** What began before the chart is known by its year, now and then by its month. */
function partial(began: Day, opened: Day, isMonth: boolean): string {
  const date = dateOf(began);
  if (began >= opened) return date;
  return isMonth ? date.slice(0, 7) : date.slice(0, 4);
}

/** ICD-10-CM of a visit, most important first. */
function diagnosesOf(setting: Setting, visit: VisitFact): string[] {
  const { arc, as_of, dice, person } = setting;
  const own = dice(`diagnosis.${visit.encounter?.id}`);
  const chronic = arc.conditions.filter((icd10) => icd10 !== 'Z00.00');
  const main = chronic[0] ?? 'Z71.3';
  const ago = as_of - visit.day;
  const begun = arc.courses
    .filter(({ steps, last }) => last !== 'entered_in_error' && steps.some(([at]) => at >= ago - 2 && at <= ago + 45))
    .map(({ icd10 }) => icd10);
  const others = own.shuffled(chronic.slice(1)).slice(0, own.int(0, 2));
  const all: string[] = (() => {
    switch (visit.kind) {
      case 'annual':
        return [chronic.length > 0 ? 'Z00.01' : 'Z00.00', ...[main, ...others].filter((icd10) => chronic.includes(icd10))];
      case 'acute':
        return [begun.find((icd10) => !chronic.includes(icd10)) ?? acuteOf(person.arc, own.pick(['J06.9', 'R10.9', 'R53.83', 'M54.50']))];
      case 'labs':
        return arc.courses.length > 0 && own.chance(0.5) ? [main, 'Z51.81'] : [main];
      case 'nurse':
        return [chronic.includes('I10') ? 'I10' : main];
      case 'phlebotomy':
        return ['D75.1'];
      case 'injection':
      case 'phone':
        return [main];
      case 'new':
        return [main, ...chronic.slice(1, 3)];
      default:
        return [main, ...begun.filter((icd10) => chronic.includes(icd10)), ...others];
    }
  })();
  return [...new Set(all.map((icd10) => codeOn(icd10, visit.day)))].slice(0, 3);
}

function acuteOf(arc: string, usual: string): string {
  if (arc === 'glp1.gi') return 'R11.2';
  return arc === 'gen.deceased' ? 'I50.22' : usual;
}

function diagnosis(setting: Setting, { encounter, day, with: who }: VisitFact, { icd10, n }: { icd10: string; n: number }): ConditionRow {
  const { name, snomed } = diagnosisOf(icd10);
  return {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'diagnosis', `${encounter?.id}.${n}`),
    patient_id: setting.patient_id,
    category: 'encounter_diagnosis',
    icd10,
    snomed: snomed ?? null,
    name,
    clinical_status: 'active',
    verification_status: 'confirmed',
    onset_on: null,
    abated_on: null,
    recorded_on: dateOf(day),
    encounter_id: encounter?.id ?? null,
    recorder_id: setting.practitioner_id(who),
  };
}
