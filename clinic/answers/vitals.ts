import type { VitalFact } from '../clinical/vital-fact.ts';
import { KG_PER_LB } from '../clinical/vital-units.ts';
import { knownKey } from '../roster.ts';
import type { VitalSignRow } from '../rows-clinical.ts';
import type { Told } from './answer.ts';
import type { Expectation, Question } from './expectation.ts';

type Facts = readonly VitalFact[];

export function vitals({ options, story }: Told): Question[] {
  const { clinic } = options;
  const year = options.as_of.slice(0, 4);
  const ask = (
    place: string,
    trap: string,
    expect: (facts: Facts) => Expectation,
    narrow: Record<string, unknown> = {},
    said?: string,
  ): Question => {
    const { patient, clinical } = story(`${clinic}-${place}`);
    return {
      tool: 'get_vitals',
      ...(said && { ask: said }),
      trap,
      arguments: { patient_id: patient.id, limit: 300, ...narrow },
      expect: expect(clinical.vitals),
    };
  };
  const listed =
    (pick: (fact: VitalFact) => boolean, fields: (fact: VitalFact) => Record<string, unknown> = saidOf) =>
    (facts: Facts) => {
      const chosen = facts.filter((fact) => fact.row.status !== 'entered_in_error' && pick(fact));
      return {
        rows: {
          list: 'vitals',
          id: 'vital_sign_id',
          ids: inOrder(chosen),
          fields: Object.fromEntries(chosen.map((fact) => [fact.row.id, fields(fact)])),
        },
        absent: facts.filter(({ row }) => row.status === 'entered_in_error').map(({ row }) => row.id),
      };
    };
  const isPressure = ({ kind }: VitalFact) => kind === 'bp';
  return [
    ask(
      '10',
      'what was entered in error is not there',
      listed(isPressure),
      { kind: 'blood_pressure' },
      `What have the blood pressures of ${nameOf(story(`${clinic}-10`).patient)} been?`,
    ),
    ask(
      '12',
      'pounds under kilograms: marked, not deleted, and not converted in silence',
      listed(({ kind }) => kind === 'weight'),
      { kind: 'weight' },
    ),
    ask('22', 'systolic and diastolic changed places: marked', listed(isPressure), { kind: 'blood_pressure' }),
    ask('18', 'the charted BMI is of another weight: both are told; of a weight without one it is computed', bmis, { kind: 'bmi' }),
    ask(
      '13',
      "one clinic's number under another scale's unit is no fever",
      listed(({ kind }) => kind === 'temperature'),
      { kind: 'temperature' },
    ),
    ask(
      '31',
      'a corrected weight says so',
      listed(({ kind }) => kind === 'weight'),
      { kind: 'weight' },
    ),
    ask(
      '24',
      'everything of one patient, newest first',
      listed(() => true),
    ),
    ask(
      knownKey(clinic, 'merged').slice(-2),
      'nothing measured is an empty list, not normal',
      listed(() => false),
    ),
    ask(
      '26',
      'the last pressure is the mean of the last two readings of its day, and not the lowest of each',
      lastPressure,
      { kind: 'blood_pressure', aggregate: 'latest' },
      'What is his latest blood pressure?',
    ),
    ask('17', 'a reading of an emergency department is told as one', listed(isPressure), { kind: 'blood_pressure' }),
    ask(
      '17',
      'the office alone',
      listed((fact) => isPressure(fact) && fact.row.setting === 'office'),
      { kind: 'blood_pressure', setting: 'office' },
    ),
    ask(
      '25',
      'at home alone',
      listed((fact) => isPressure(fact) && fact.row.setting === 'home'),
      { kind: 'blood_pressure', setting: 'home' },
    ),
    ask(
      '09',
      'no pressure taken this year is none, not a good one',
      listed((fact) => isPressure(fact) && fact.row.taken_at >= year),
      { kind: 'blood_pressure', since: `${year}-01-01` },
    ),
    ask(
      '15',
      'weight lost, in the unit of the answer',
      weightChange,
      { kind: 'weight', aggregate: 'change' },
      'How much weight has she lost on the injections?',
    ),
    ask('14', 'how often he was weighed', (facts) => ({ same: { 'figures.0.count': weighed(facts).length } }), {
      kind: 'weight',
      aggregate: 'count',
    }),
  ];
}

const nameOf = ({ given_name, family_name }: { given_name: string; family_name: string }) => `${given_name} ${family_name}`;

/** Newest first, then by id. */
function inOrder(facts: Facts): string[] {
  return facts
    .map(({ row }) => ({ id: row.id, at: Date.parse(row.taken_at) }))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}

/** The BMIs that were charted, and the one of each weight on a day without. */
function bmis(facts: Facts): Expectation {
  const day = ({ row }: VitalFact) => row.taken_at.slice(0, 10);
  const charted = facts.filter(({ kind }) => kind === 'bmi');
  const height = facts.find(({ kind }) => kind === 'height');
  const others = facts.filter(
    (fact) => fact.kind === 'weight' && height && day(fact) >= day(height) && !charted.some((each) => day(each) === day(fact)),
  );
  const fields = [
    ...charted.map((fact) => [fact.row.id, { ...saidOf(fact), computed: undefined }] as const),
    ...others.map(({ row }) => [row.id, { unit: 'kg/m2', computed: true }] as const),
  ];
  return { rows: { list: 'vitals', id: 'vital_sign_id', ids: inOrder([...charted, ...others]), fields: Object.fromEntries(fields) } };
}

/** As charted, with what is wrong on purpose. */
function saidOf({ row, defect }: VitalFact): Record<string, unknown> {
  const number = row.systolic === null ? { value: row.value } : { systolic: row.systolic, diastolic: row.diastolic };
  return { ...number, unit: row.unit, setting: row.setting, ...slipOf(defect), ...(row.status !== 'final' && { status: row.status }) };
}

function slipOf(defect: VitalFact['defect']): Record<string, unknown> {
  if (defect === 'bmi_conflict') return { bmi_conflict: true };
  if (defect === 'swapped') return { implausible: 'swapped' };
  return { implausible: defect === 'lb_as_kg' || defect === 'wrong_scale' ? 'unit' : undefined };
}

function lastPressure(facts: Facts): Expectation {
  const rows = facts.filter(({ kind, row }) => kind === 'bp' && row.status !== 'entered_in_error').map(({ row }) => row);
  const last = rows.at(-1) as VitalSignRow;
  const two = rows.filter(({ taken_at }) => taken_at.slice(0, 10) === last.taken_at.slice(0, 10)).slice(-2);
  const mean = (of: (row: VitalSignRow) => number | null) => two.reduce((sum, row) => sum + (of(row) as number), 0) / two.length;
  return {
    same: {
      'figures.0.latest.systolic': last.systolic,
      'figures.0.latest.diastolic': last.diastolic,
      'figures.0.last_two_mean.systolic': Math.round(mean(({ systolic }) => systolic) * 10) / 10,
      'figures.0.last_two_mean.diastolic': Math.round(mean(({ diastolic }) => diastolic) * 10) / 10,
    },
  };
}

const weighed = (facts: Facts) =>
  facts.filter(({ kind, row, defect }) => kind === 'weight' && row.status !== 'entered_in_error' && defect !== 'lb_as_kg');

function weightChange(facts: Facts): Expectation {
  const kg = ({ row }: VitalFact) => (row.value as number) * (row.unit === '[lb_av]' ? KG_PER_LB : 1);
  const all = weighed(facts);
  const [first, last] = [kg(all[0] as VitalFact), kg(all.at(-1) as VitalFact)];
  const round = (x: number) => Math.round(x * 10) / 10;
  return {
    same: {
      'figures.0.unit': 'kg',
      'figures.0.first.value': round(first),
      'figures.0.last.value': round(last),
      'figures.0.change.value': round(last - first),
    },
  };
}
