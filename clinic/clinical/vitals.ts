// What was measured at each visit, at home, and elsewhere.
import { type Day, dateOf, instantOf } from '../days.ts';
import type { Exposure } from '../labs/physiology.ts';
import type { Taken } from '../medications/courses.ts';
import { type Dice, idOf } from '../random.ts';
import type { VitalSignRow } from '../rows-clinical.ts';
import { NURSE, type Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { physiqueOf } from './body.ts';
import { type Add, type At, number, pressure, type VitalFact } from './vital-fact.ts';
import { bmiCharted, type Charted, heightCharted, temperatureCharted, VITAL_LOINC, weightCharted } from './vital-units.ts';
import { spoilVitals } from './vitals-defects.ts';
import { elsewhere } from './vitals-elsewhere.ts';
import { pinsOf } from './vitals-pins.ts';

/** Everything measured of one patient, by time. */
export function vitalsOf(
  setting: Setting,
  { visits, exposures, taken }: { visits: readonly VisitFact[]; exposures: readonly Exposure[]; taken: readonly Taken[] },
): VitalFact[] {
  const facts: VitalFact[] = [];
  const add: Add = (kind, name, at, measured) => {
    const { day, minute, encounter_id, taken_by } = at;
    const seconds = setting.dice(`vital.${name}.${kind}.second`).int(0, 59);
    const row: VitalSignRow = {
      tenant_id: setting.tenant_id,
      id: idOf(setting.origin, 'vital', `${name}.${kind}`),
      patient_id: setting.patient_id,
      encounter_id,
      loinc: VITAL_LOINC[kind],
      ...measured,
      unit_raw: null,
      body_position: kind === 'bp' ? at.position : null,
      setting: at.setting,
      status: 'final',
      taken_at: instantOf(setting.site.zone, day, minute, seconds),
      taken_by,
    };
    facts.push({ row, kind, day });
  };
  const physique = physiqueOf(setting, exposures, taken);
  const seen = visits.filter(({ encounter }) => encounter?.status === 'finished');
  const pins = pinsOf(setting, seen);
  let height: { day: Day; charted: Charted } | undefined;
  for (const visit of seen) {
    const encounter_id = visit.encounter?.id as string;
    const dice = setting.dice(`vital.visit.${encounter_id}`);
    const plan = planOf(visit, dice);
    if (refusesCuff(setting, visit.day)) plan.bp = false;
    const isRemote = visit.encounter?.class === 'virtual';
    const begun = visit.minute + dice.int(2, 9);
    const at: At = {
      day: visit.day,
      minute: begun,
      encounter_id,
      setting: isRemote ? 'home' : 'office',
      taken_by: isRemote ? null : setting.practitioner_id(visit.with !== NURSE && dice.chance(0.2) ? visit.with : NURSE),
      position: isRemote ? null : dice.weighted([['sitting', 9] as const, [null, 2] as const, ['standing', 0.4] as const]),
    };
    if (plan.height && (!height || visit.day - height.day > 340)) {
      height = { day: visit.day, charted: heightCharted(setting, physique.height_cm + dice.normal(0, 0.5)) };
      add('height', encounter_id, { ...at, minute: begun }, number(height.charted));
    }
    if (plan.weight) {
      const dressed = physique.weightOn(visit.day) * (1 + dice.normal(0, 0.005)) + dice.normal(0.9, 0.35);
      const weight = weightCharted(setting, dressed, isRemote || dice.chance(0.22));
      add('weight', encounter_id, { ...at, minute: begun }, number(weight));
      if (height && !isRemote) add('bmi', encounter_id, { ...at, minute: begun + 1 }, number(bmiCharted(setting, weight, height.charted)));
    }
    if (plan.bp) {
      const readings = pins.get(visit) ?? readingsOf(physique.pressureOn(visit.day), dice, visit.kind === 'nurse');
      for (const [n, [systolic, diastolic]] of readings.entries())
        add('bp', n === 0 ? encounter_id : `${encounter_id}.${n + 1}`, { ...at, minute: begun + 2 + 6 * n }, pressure(systolic, diastolic));
    }
    if (plan.rest) restOf(setting, { visit, dice, taken, at: { ...at, minute: begun + 2 }, name: encounter_id, add });
  }
  elsewhere(setting, { seen, physique, add });
  return spoilVitals(setting, facts).sort((a, b) => Date.parse(a.row.taken_at) - Date.parse(b.row.taken_at));
}

interface Plan {
  height?: boolean;
  weight?: boolean;
  bp?: boolean;
  rest?: boolean;
}

/** One with hypertension has no reading in the whole year: that is not controlled. */
function refusesCuff({ person, options }: Setting, day: Day): boolean {
  return person.arc === 'trt.overdue' && dateOf(day).slice(0, 4) === options.as_of.slice(0, 4);
}

/** What is measured at a visit of this kind. Not everybody is weighed, and on a screen there is only what the patient says. */
function planOf({ kind, encounter }: VisitFact, dice: Dice): Plan {
  if (kind === 'phone') return {};
  if (encounter?.class === 'virtual') return { weight: dice.chance(0.28), bp: dice.chance(0.12) };
  if (kind === 'labs') return dice.chance(0.08) ? { bp: true } : {};
  if (kind === 'injection') return dice.chance(0.35) ? { bp: true, weight: dice.chance(0.3) } : {};
  if (kind === 'phlebotomy') return { bp: true };
  if (kind === 'nurse') return { bp: dice.chance(0.94), weight: dice.chance(0.75) };
  return { height: true, weight: dice.chance(0.95), bp: dice.chance(0.97), rest: true };
}

/** One reading, and another when the first is high; after five minutes in a chair it is lower, most often. */
function readingsOf(usual: { systolic: number; diastolic: number }, dice: Dice, isTwice: boolean): [number, number][] {
  const day = dice.normal(0, 5.2);
  const shown = (x: number) => (dice.chance(0.3) ? 2 * Math.round(x / 2) : Math.round(x));
  const read = (less: number): [number, number] => [
    shown(usual.systolic + day - less + dice.normal(0, 3.2)),
    shown(usual.diastolic + 0.5 * (day - less) + dice.normal(0, 3.4)),
  ];
  const first = read(-1.5);
  const isHigh = first[0] >= 140 || first[1] >= 90;
  const again = isTwice ? dice.chance(0.7) : isHigh ? dice.chance(0.82) : dice.chance(0.04);
  return again ? [first, read(3.5)] : [first];
}

interface Rest {
  visit: VisitFact;
  dice: Dice;
  taken: readonly Taken[];
  at: At;
  name: string;
  add: Add;
}

function restOf(setting: Setting, { visit, dice, taken, at, name, add }: Rest): void {
  const own = setting.dice('body.pulse');
  const base = { pulse: own.normal(72, 6.5), oxygen: own.normal(97.6, 0.7) - (setting.arc.conditions.includes('I50.22') ? 2.4 : 0) };
  const on = new Set(taken.filter(({ from, until }) => from <= visit.day && until > visit.day).map(({ drug }) => drug));
  const pulse = base.pulse + (on.has('metoprolol_25') ? -8 : 0) + (on.has('phentermine') ? 7 : 0) + (on.has('levo_112') ? 9 : 0);
  const isSick = visit.kind === 'acute';
  if (dice.chance(isSick ? 1 : 0.8))
    add('heart_rate', name, at, number({ value: Math.round(pulse + (isSick ? 6 : 0) + dice.normal(0, 4.5)), unit: '/min' }));
  if (dice.chance(isSick ? 0.95 : 0.3))
    add(
      'temperature',
      name,
      at,
      number(temperatureCharted(setting, 36.62 + (isSick ? Math.max(0, dice.normal(0.4, 0.5)) : 0) + dice.normal(0, 0.19))),
    );
  if (dice.chance(isSick ? 0.9 : 0.34))
    add('oxygen', name, at, number({ value: Math.min(100, Math.round(base.oxygen + dice.normal(0, 0.8))), unit: '%' }));
  if (dice.chance(0.13))
    add('respiration', name, at, number({ value: dice.pick([12, 14, 14, 15, 16, 16, 16, 17, 18]) + (isSick ? 2 : 0), unit: '/min' }));
}
