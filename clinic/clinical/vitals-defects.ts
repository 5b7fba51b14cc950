// What goes wrong with a measurement on purpose, each with its truth: connectors.md §2.6.
import { idOf } from '../random.ts';
import type { VitalSignRow } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';
import type { VitalFact } from './vital-fact.ts';
import { KG_PER_LB } from './vital-units.ts';

type Spoil = (setting: Setting, facts: VitalFact[]) => VitalFact[];

const round = (x: number, digits: number) => Number(x.toFixed(digits));

/** Changes one row of `kind`, the one that `pick` chooses among those of a finished visit in the office. */
function change(
  facts: VitalFact[],
  {
    kind,
    defect,
    part,
    to,
  }: { kind: VitalFact['kind']; defect: NonNullable<VitalFact['defect']>; part: number; to: (row: VitalSignRow) => Partial<VitalSignRow> },
): VitalFact[] {
  const candidates = facts.filter((fact) => fact.kind === kind && fact.row.setting === 'office');
  const chosen = candidates[Math.floor(candidates.length * part)];
  return facts.map((fact) => (fact === chosen ? { ...fact, defect, row: { ...fact.row, ...to(fact.row) } } : fact));
}

const SPOILS: Readonly<Record<string, Spoil>> = {
  // Pounds in the field for kilograms: no gate of what a person can weigh stops it.
  'glp1.refund': (_, facts) =>
    change(facts, {
      kind: 'weight',
      defect: 'lb_as_kg',
      part: 0.7,
      to: ({ value, unit }) => ({ value: unit === 'kg' ? round((value as number) / KG_PER_LB, 1) : value, unit: 'kg' }),
    }),
  'thyroid.hashimoto': (_, facts) =>
    change(facts, {
      kind: 'bp',
      defect: 'swapped',
      part: 0.5,
      to: ({ systolic, diastolic }) => ({ systolic: diastolic, diastolic: systolic }),
    }),
  // Computed with the weight of another day.
  'hrt.pellets': (_, facts) =>
    change(facts, { kind: 'bmi', defect: 'bmi_conflict', part: 0.8, to: ({ value }) => ({ value: round((value as number) + 3.1, 1) }) }),
  // The other scale's number under this scale's unit.
  'glp1.steady': (_, facts) =>
    change(facts, {
      kind: 'temperature',
      defect: 'wrong_scale',
      part: 0.4,
      to: ({ value, unit }) => ({
        value: unit === 'Cel' ? round((value as number) * 1.8 + 32, 1) : round(((value as number) - 32) / 1.8, 1),
      }),
    }),
  'gen.checkup': (_, facts) => change(facts, { kind: 'weight', defect: 'corrected', part: 0.5, to: () => ({ status: 'corrected' }) }),
  // Somebody else's cuff, and somebody else's scale, in this chart.
  'glp1.plateau': ({ origin }, facts) => {
    const wrong = facts
      .filter(({ kind, row }) => (kind === 'bp' || kind === 'weight') && row.setting === 'office')
      .slice(4, 6)
      .map((fact): VitalFact => {
        const of: Partial<VitalSignRow> =
          fact.kind === 'bp' ? { systolic: 214, diastolic: 121 } : { value: round((fact.row.value as number) * 1.42, 1) };
        return {
          ...fact,
          defect: 'entered_in_error',
          row: { ...fact.row, ...of, id: idOf(origin, 'vital', `stray.${fact.row.id}`), status: 'entered_in_error' },
        };
      });
    return [...facts, ...wrong];
  },
};

export function spoilVitals(setting: Setting, facts: VitalFact[]): VitalFact[] {
  return SPOILS[setting.person.arc]?.(setting, facts) ?? facts;
}
