// What makes the clinical half look fake (connectors.md §3.5). Each rule answers one line per offence.
import { mean, variance } from './lint-figures.ts';
import type { Clinic } from './rows.ts';
import type { VitalSignRow } from './rows-clinical.ts';

type Rule = (clinic: Clinic) => string[];

const offence = (isOne: boolean, text: string) => (isOne ? [text] : []);
const share = <T>(all: readonly T[], test: (each: T) => boolean) => all.filter(test).length / Math.max(1, all.length);
const between = (x: number, low: number, high: number, what: string) =>
  offence(!(x >= low && x <= high), `${what}: ${x.toFixed(3)}, not in ${low}–${high}`);
const kg = ({ value, unit }: VitalSignRow) => (value as number) * (unit === '[lb_av]' ? 0.45359237 : 1);
const cm = ({ value, unit }: VitalSignRow) => (value as number) * (unit === '[in_i]' ? 2.54 : 1);
const standing = ({ status }: VitalSignRow) => status !== 'entered_in_error';
const of = (rows: readonly VitalSignRow[], loinc: string) => rows.filter((row) => row.loinc === loinc && standing(row));

function byPatient<T extends { patient_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.patient_id, [...(groups.get(row.patient_id) ?? []), row]);
  return groups;
}

/** Upper and lower number exchanged, or pounds under kilograms: on purpose. */
const isSlip = (row: VitalSignRow) => (row.systolic ?? 999) <= (row.diastolic ?? 0) || (row.loinc === '29463-7' && kg(row) > 152);

/** Days from one instant to another. */
const daysBetween = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) / 86_400_000;

export const CLINICAL_RULES = {
  'BMI is the weight over the square of the height, but for what is wrong on purpose': ({ vital_signs }) => {
    const heights = byPatient(of(vital_signs, '8302-2'));
    const weights = new Map(of(vital_signs, '29463-7').map((row) => [row.encounter_id, row]));
    const off = of(vital_signs, '39156-5').filter((row) => {
      const weight = weights.get(row.encounter_id);
      const height = heights.get(row.patient_id)?.findLast(({ taken_at }) => Date.parse(taken_at) <= Date.parse(row.taken_at));
      return !weight || !height || Math.abs(kg(weight) / (cm(height) / 100) ** 2 - (row.value as number)) > 0.06;
    });
    // One BMI with another day's weight, and one weight in pounds under kilograms.
    return off.length === 2 ? [] : [`${off.length} BMIs do not fit their weight and height`];
  },
  'nobody is measured at the same second as everybody': ({ vital_signs }) => {
    const clocks = new Map<string, number>();
    for (const { taken_at } of vital_signs) clocks.set(taken_at.slice(11, 19), (clocks.get(taken_at.slice(11, 19)) ?? 0) + 1);
    return [...clocks].filter(([, n]) => n > vital_signs.length * 0.01).map(([at, n]) => `${n} at ${at}`);
  },
  'weights and temperatures have decimals, and some are rounded': ({ vital_signs }) => [
    ...between(
      share(of(vital_signs, '29463-7'), ({ value }) => Number.isInteger(value)),
      0.15,
      0.6,
      'whole weights',
    ),
    ...between(
      share(of(vital_signs, '8310-5'), ({ value }) => Number.isInteger(value)),
      0,
      0.3,
      'whole temperatures',
    ),
  ],
  'every body has a weight and a pressure of its own': ({ vital_signs }) =>
    (['29463-7', '85354-9'] as const).flatMap((loinc) => {
      const value = (row: VitalSignRow) => (loinc === '85354-9' ? (row.systolic as number) : kg(row));
      const rows = of(vital_signs, loinc).filter((row) => row.setting === 'office' && !isSlip(row));
      const groups = [...byPatient(rows).values()].map((each) => each.map(value)).filter((each) => each.length > 2);
      const part = variance(groups.map(mean)) / (variance(groups.map(mean)) + mean(groups.map(variance)));
      return between(part, loinc === '29463-7' ? 0.85 : 0.45, 0.999, `share of ${loinc} between patients`);
    }),
  'some pressures are high, some are normal, and a high one is often taken twice': ({ vital_signs }) => {
    const rows = of(vital_signs, '85354-9').filter(({ setting }) => setting === 'office');
    const visits = [...Map.groupBy(rows, ({ encounter_id }) => encounter_id).values()];
    const high = visits.filter(([first]) => (first?.systolic ?? 0) >= 140 || (first?.diastolic ?? 0) >= 90);
    return [
      ...between(high.length / visits.length, 0.06, 0.4, 'visits with a high pressure'),
      ...between(
        share(high, (readings) => readings.length > 1),
        0.55,
        0.98,
        'high ones taken twice',
      ),
    ];
  },
  'pressures end in every digit, a little more often in an even one': ({ vital_signs }) => {
    const rows = of(vital_signs, '85354-9').filter(({ setting }) => setting === 'office');
    return between(
      share(rows, ({ systolic }) => (systolic as number) % 2 === 0),
      0.52,
      0.8,
      'even pressures',
    );
  },
  'nobody is measured everything, and on a screen next to nothing': ({ vital_signs, encounters }) => {
    const finished = encounters.filter(({ status }) => status === 'finished');
    const measured = new Set(vital_signs.map(({ encounter_id }) => encounter_id));
    const part = (kind: 'ambulatory' | 'virtual') =>
      share(
        finished.filter((row) => row.class === kind),
        ({ id }) => measured.has(id),
      );
    return [
      ...between(part('ambulatory'), 0.55, 0.92, 'visits with a measurement'),
      ...between(part('virtual'), 0.02, 0.5, 'video visits with one'),
    ];
  },
  'what was taken in the office was taken during the visit': ({ vital_signs, encounters }) => {
    const starts = new Map(encounters.map(({ id, start_at }) => [id, start_at]));
    return vital_signs
      .filter(({ encounter_id, taken_at }) => encounter_id !== null && daysBetween(starts.get(encounter_id) as string, taken_at) > 0.1)
      .map(({ id }) => `vital sign ${id}`);
  },
  'every drug that was prescribed is for something on the list, or a diagnosis of a visit': ({ medication_requests, conditions }) => {
    const known = new Set(conditions.map(({ patient_id, icd10 }) => `${patient_id} ${icd10?.slice(0, 3)}`));
    return medication_requests
      .filter(
        ({ reported, status, reason_icd10, patient_id }) =>
          !reported && status !== 'entered_in_error' && !known.has(`${patient_id} ${reason_icd10?.slice(0, 3)}`),
      )
      .map(({ patient_id, name, reason_icd10 }) => `${name} for ${reason_icd10}, which ${patient_id} does not have`);
  },
  'codes are valid on the day of service, and sugar has diabetes': ({ conditions, medication_requests }) => [
    ...conditions
      .filter(
        ({ category, icd10, recorded_on }) =>
          category === 'encounter_diagnosis' && icd10?.startsWith('E66.81') && (recorded_on ?? '') < '2024-10-01',
      )
      .map(({ id, icd10 }) => `${icd10} too early in ${id}`),
    ...offence(!medication_requests.some(({ reason_icd10 }) => reason_icd10?.startsWith('E11')), 'nobody is treated for diabetes'),
  ],
  'nothing clinical lies in the future, or after a death': (clinic) => {
    const { as_of } = clinic.options;
    const died = new Map(clinic.patients.map(({ id, deceased_on }) => [id, deceased_on ?? as_of]));
    const times: readonly (readonly [string, string | null])[] = [
      ...clinic.vital_signs.map((row) => [row.patient_id, row.taken_at] as const),
      ...clinic.lab_orders.map((row) => [row.patient_id, row.ordered_at] as const),
      ...clinic.prescriptions.flatMap((row) => [[row.patient_id, row.sent_at] as const, [row.patient_id, row.last_filled_on] as const]),
      ...clinic.conditions.flatMap((row) => [[row.patient_id, row.onset_on] as const, [row.patient_id, row.recorded_on] as const]),
      ...clinic.procedures.map((row) => [row.patient_id, row.performed_on] as const),
    ];
    return [
      ...times.filter(([id, at]) => at !== null && at.slice(0, 10) > (died.get(id) as string)).map(([id, at]) => `${at} of ${id}`),
      ...clinic.lab_reviews.filter(({ reviewed_at }) => reviewed_at.slice(0, 10) >= as_of).map(({ id }) => `review ${id}`),
    ];
  },
  'a draw was ordered before it, and some orders come to nothing': ({ lab_orders }) => [
    ...lab_orders
      .filter(({ ordered_at, collected_at }) => collected_at !== null && Date.parse(ordered_at) > Date.parse(collected_at))
      .map(({ id }) => `order ${id}`),
    ...['active', 'on_hold', 'revoked', 'draft', 'entered_in_error', 'completed']
      .filter((status) => !lab_orders.some((row) => row.status === status))
      .map((status) => `no order is ${status}`),
  ],
  'not every result is looked at, and none at once': ({ lab_results, lab_reviews }) => {
    const resulted = new Map(lab_results.map((row) => [row.id, row.resulted_at as string]));
    const waits = lab_reviews.map(({ lab_result_id, reviewed_at }) => daysBetween(resulted.get(lab_result_id) as string, reviewed_at));
    return [
      ...between(lab_reviews.length / lab_results.length, 0.85, 0.99, 'results reviewed'),
      ...between(mean(waits), 0.5, 3, 'days until review'),
      ...offence(Math.max(...waits) > 7.5, 'a review after more than a week'),
    ];
  },
  'allergies: some have none, some were never asked, some react': ({ allergies, patients }) => {
    const asked = new Set(allergies.map(({ patient_id }) => patient_id));
    return [
      ...between(
        share(patients, ({ id }) => asked.has(id)),
        0.7,
        0.97,
        'patients who were asked',
      ),
      ...offence(!allergies.some(({ reactions }) => reactions.length > 0), 'nobody reacts'),
      ...['716186003', '409137002'].filter((none) => !allergies.some(({ code }) => code === none)).map((none) => `nobody has ${none}`),
    ];
  },
  'some are never picked up, refused or waiting': ({ prescriptions }) => [
    ...(['pending', 'error', 'partially_filled', 'cancelled', 'accepted', 'filled'] as const)
      .filter((status) => !prescriptions.some((row) => row.status === status))
      .map((status) => `nothing is ${status}`),
    ...between(
      share(prescriptions, ({ status }) => status === 'filled'),
      0.75,
      0.97,
      'filled',
    ),
  ],
} as const satisfies Record<string, Rule>;
