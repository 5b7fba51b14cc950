// What becomes of the problems of a chart, and what else stands, or stood, on its list. Days before as_of.
import type { ConditionRow } from '../rows-clinical.ts';

export interface Extra {
  icd10: string | null;
  name?: string;
  /** When it began; otherwise its treatment, or the time before the chart, says so. */
  ago?: number;
  status?: ConditionRow['clinical_status'];
  verification?: ConditionRow['verification_status'];
  abated?: number;
}

/** Of the conditions that the arc gives, by arc and code. */
export const TURNS: Readonly<Record<string, Partial<Extra>>> = {
  'hrt.stopped R92.8': { ago: 300, status: 'resolved', abated: 236 },
  'hrt.stopped F32.A': { status: 'remission' },
  'glp1.gi R11.0': { status: 'resolved', abated: 190 },
  'glp1.compounded K21.9': { status: 'resolved', abated: 130 },
  'thyroid.biotin R94.6': { ago: 288, status: 'resolved', abated: 228 },
  'thyroid.biotin D50.9': { status: 'resolved', abated: 90 },
  'ckd.equation M10.9': { status: 'inactive' },
  'trt.steady J30.2': { status: 'inactive' },
  'gen.checkup M54.50': { ago: 318, status: 'recurrence' },
  'gen.duplicate J06.9': { ago: 74, status: 'resolved', abated: 60 },
  'trt.hct D75.1': { ago: 90 },
  'trt.psa R97.20': { ago: 33 },
  'thyroid.hashimoto R53.83': { status: 'unknown' },
};

export const EXTRAS: Readonly<Record<string, readonly Extra[]>> = {
  'trt.hct': [{ icd10: 'D45', ago: 92, verification: 'refuted', status: 'inactive' }],
  'trt.unit_switch': [
    { icd10: 'K51.90', name: 'Ulcerative colitis, status post total colectomy', ago: 7800, status: 'resolved', abated: 4400 },
    { icd10: 'Z90.49', ago: 4400 },
    { icd10: 'N52.9', ago: 500 },
  ],
  'trt.steady': [{ icd10: 'J06.9', ago: 455, status: 'resolved', abated: 438 }],
  'trt.stable': [{ icd10: 'E55.9', ago: 405, status: 'resolved', abated: 310 }],
  'well.twin': [{ icd10: 'E03.8', ago: 150, verification: 'entered_in_error', status: 'unknown' }],
  'glp1.forty': [
    { icd10: 'O24.410', ago: 2600, status: 'resolved', abated: 2420 },
    { icd10: 'Z86.32', ago: 2400 },
  ],
  'gen.prediabetes': [{ icd10: null, name: 'Tingling in both feet, cause not clear', ago: 45, verification: 'provisional' }],
  'ckd.decline': [
    { icd10: null, name: 'Does not wish dialysis (discussed with grandson present)', ago: 17 },
    { icd10: 'Z51.5', ago: 60 },
  ],
  'thyroid.over': [{ icd10: 'Z90.13', ago: 5300 }],
  'dm.ifcc': [{ icd10: 'Z90.11', ago: 2500 }],
  'dm.controlled': [{ icd10: 'J01.90', ago: 232, status: 'resolved', abated: 218 }],
};
