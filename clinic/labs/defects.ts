// What goes wrong with a draw on purpose, each with its truth: connectors.md §2.20 and §3.2.
import type { Defect } from '../arcs/arc.ts';
import { instantOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { LabResultRow } from '../rows.ts';
import { type AnalyteKey, analyteOf } from './analytes.ts';
import { HAEMOLYSED, LIPAEMIC, QNS, WRONG_PATIENT } from './comments.ts';
import type { Drawn, LabFact } from './fact.ts';
import { flagOf } from './flags.ts';

type Spoil = (facts: LabFact[], drawn: Drawn) => LabFact[];

/** Rewrites one analyte's row. */
function rewrite(facts: LabFact[], analyte: AnalyteKey, change: (row: LabResultRow) => Partial<LabResultRow>): LabFact[] {
  return facts.map((fact) => (fact.analyte === analyte ? judged({ ...fact, row: { ...fact.row, ...change(fact.row) } }) : fact));
}

function judged(fact: LabFact): LabFact {
  return { ...fact, flag: flagOf(fact.row) };
}

/** The last analyte that takes days: the tube that was nearly empty. */
function lastTube(facts: readonly LabFact[]): AnalyteKey {
  const slow = facts.filter(({ analyte }) => analyteOf(analyte).slow);
  return ((slow[slow.length - 1] ?? facts[facts.length - 1]) as LabFact).analyte;
}

const spoiled = { value: null, comparator: null, unit: null, unit_raw: null, lab_flag: null } as const;

const SPOILS: Record<Defect, Spoil> = {
  haemolysed: (facts) => rewrite(facts, 'k', () => ({ lab_flag: 'HH', comment: HAEMOLYSED })),
  qns: (facts) => rewrite(facts, lastTube(facts), () => ({ ...spoiled, value_text: 'QNS', status: 'cancelled', comment: QNS })),
  qns_final: (facts) => rewrite(facts, lastTube(facts), () => ({ ...spoiled, value_text: 'QNS', comment: null })),
  corrected: (facts, { setting, draw, day }) =>
    facts.flatMap((fact) => {
      if (fact.analyte !== 'glucose') return [fact];
      const right = { ...fact.row, id: idOf(setting.origin, 'lab', `${draw.label}.glucose.corrected`) };
      const wrong = judged({ ...fact, shown: false, row: { ...fact.row, value: (fact.row.value as number) + 61, lab_flag: 'H' } });
      const correction: Partial<LabResultRow> = {
        status: 'corrected',
        corrects: fact.row.id,
        resulted_at: instantOf(setting.site.zone, day + 4, 947),
        comment: `CORRECTED REPORT. Previously reported as ${wrong.row.value} mg/dL; specimen relabeled and rerun.`,
      };
      return [wrong, judged({ ...fact, row: { ...right, ...correction } })];
    }),
  amended: (facts) => rewrite(facts, 'alt', () => ({ status: 'amended', comment: 'Amended report: reference interval updated.' })),
  wrong_patient: (facts, { setting, draw }) => [
    ...facts,
    ...facts
      .filter(({ analyte }) => analyte === 'a1c' || analyte === 'glucose')
      .map((fact) => {
        const value = fact.analyte === 'a1c' ? 11.4 : 318;
        const id = idOf(setting.origin, 'lab', `${draw.label}.${fact.analyte}.stray`);
        return judged({
          ...fact,
          shown: false,
          row: { ...fact.row, id, value, lab_flag: 'H', status: 'entered_in_error', comment: WRONG_PATIENT },
        });
      }),
  ],
  no_order: (facts) => facts.map((fact) => ({ ...fact, row: { ...fact.row, order_id: null, panel_loinc: null, panel_raw: null } })),
  late: (facts, { setting, day }) =>
    facts.map((fact) => ({
      ...fact,
      row: {
        ...fact.row,
        resulted_at: instantOf(setting.site.zone, day + 23, 702 + (fact.analyte === 'hct' ? 0 : 3)),
        comment: 'Delayed in transit; specimen integrity acceptable.',
      },
    })),
  unflagged: (facts) => facts.map((fact) => judged({ ...fact, row: { ...fact.row, lab_flag: null } })),
  preliminary: (facts) =>
    facts.map((fact) => (analyteOf(fact.analyte).slow ? { ...fact, row: { ...fact.row, status: 'preliminary' } } : fact)),
  beyond: (facts) =>
    rewrite(facts, 'tt', () => ({
      value: 1500,
      comparator: '>=',
      lab_flag: 'H',
      comment: 'Above reportable range. Result confirmed by dilution not available.',
    })),
  conflict: (facts) => rewrite(facts, 'bun', () => ({ value: 22, lab_flag: 'H', comment: 'Flagged by age-specific interval.' })),
  delta: (facts) => rewrite(facts, 'psa', () => ({ lab_flag: 'U' })),
  no_range: (facts) => rewrite(facts, 'dheas', () => ({ ref_low: null, ref_high: null, ref_text: 'See report', lab_flag: null })),
  lipaemic: (facts, { setting, draw }) => {
    const ldl = facts.find(({ analyte }) => analyte === 'ldl');
    if (!ldl) return facts;
    const direct: LabFact = { ...ldl, analyte: 'ldl_direct' };
    const it = analyteOf('ldl_direct');
    const id = idOf(setting.origin, 'lab', `${draw.label}.ldl_direct`);
    const row: LabResultRow = {
      ...ldl.row,
      id,
      loinc: it.loinc[0],
      name_raw: it.names[1],
      value: 121,
      unit_raw: null,
      ref_high: 100,
      ref_text: null,
      lab_flag: 'H',
      comment: null,
    };
    return [...rewrite(facts, 'ldl', () => ({ ...spoiled, value_text: 'see note', comment: LIPAEMIC })), judged({ ...direct, row })];
  },
};

/** The draw after its defects. */
export function spoil(facts: LabFact[], drawn: Drawn): LabFact[] {
  return (drawn.draw.defects ?? []).reduce((rows, defect) => SPOILS[defect](rows, drawn), facts);
}
