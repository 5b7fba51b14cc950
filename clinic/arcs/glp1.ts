// Weight and GLP-1: plateau, gastrointestinal side effects, one who wants the money back, steady, compounded, and the chart of exactly forty results.
import { type Arc, every } from './arc.ts';

export const GLP1: Record<string, Arc> = {
  'glp1.plateau': {
    topic: 'glp1',
    conditions: ['E66.812', 'R73.03', 'K76.0', 'I10'],
    since: 560,
    visits: [
      { ago: 559, kind: 'new', sure: true },
      ...every(530, 410, 30, 'follow'),
      ...every(370, 60, 62, 'follow'),
      { ago: 24, kind: 'follow', sure: true },
      { ago: 2, kind: 'phone', sure: true },
      ...every(510, 150, 90, 'nurse'),
      { ago: -1, kind: 'follow' },
      { ago: -36, kind: 'nurse' },
    ],
    draws: [
      { ago: 550, label: 'base', orders: ['cmp', 'cbcd', 'lipid', 'a1c', 'tsh', 'insulin'], at: 'clinic' },
      { ago: 420, label: 'm4', orders: ['cmp', 'lipid', 'a1c'], at: 'station' },
      { ago: 240, label: 'm10', orders: ['cmp', 'lipid', 'a1c', 'insulin'], at: 'station' },
      { ago: 33, label: 'm17', orders: ['cmp', 'cbc', 'lipid', 'a1c', 'hscrp'], at: 'clinic' },
    ],
    courses: [
      {
        icd10: 'E66.812',
        steps: [
          [530, 'sema_025'],
          [500, 'sema_05'],
          [440, 'sema_1'],
          [308, 'wegovy_17'],
          [246, 'wegovy_24'],
        ],
      },
      { icd10: 'E66.812', steps: [[24, 'phentermine']] },
      { icd10: 'I10', steps: [[1400, 'lisinopril_10']] },
    ],
    reported: [
      [559, 'naproxen'],
      [400, 'multivitamin'],
    ],
    set: { a1c: 5.95, glucose: 107, alt: 46, tg: 186, insulin: 19 },
    lab: 'A',
  },
  'glp1.gi': {
    topic: 'glp1',
    conditions: ['E66.811', 'R11.0', 'K59.00'],
    since: 330,
    visits: [
      { ago: 329, kind: 'new', sure: true },
      { ago: 300, kind: 'follow', sure: true },
      { ago: 271, kind: 'follow', sure: true },
      { ago: 246, kind: 'acute', sure: true },
      { ago: 228, kind: 'follow' },
      { ago: 190, kind: 'follow', sure: true },
      { ago: 131, kind: 'follow' },
      { ago: 74, kind: 'follow' },
      { ago: 19, kind: 'follow' },
      { ago: 8, kind: 'acute' },
      ...every(285, 160, 60, 'nurse'),
      { ago: -21, kind: 'follow' },
    ],
    draws: [
      { ago: 318, label: 'base', orders: ['cmp', 'cbc', 'lipid', 'a1c', 'tsh'], at: 'station' },
      { ago: 246, label: 'acute', orders: ['bmp', 'lipase'], at: 'hospital', defects: ['no_order'], pins: { k: 3.3 } },
      { ago: 140, label: 'm6', orders: ['cmp', 'lipid', 'a1c'], at: 'clinic', defects: ['amended'] },
      { ago: 27, label: 'm10', orders: ['cmp', 'cbc', 'lipid', 'ferritin'], at: 'clinic' },
    ],
    courses: [
      {
        icd10: 'E66.811',
        steps: [
          [300, 'sema_025'],
          [271, 'sema_05'],
        ],
        ends: { ago: 246, reason: 'persistent vomiting, could not keep fluids down; ER visit' },
      },
      { icd10: 'R11.0', steps: [[271, 'ondansetron_odt']], ends: { ago: 228, completed: true } },
      {
        icd10: 'E66.811',
        steps: [
          [190, 'tirz_25'],
          [131, 'tirz_5'],
        ],
      },
    ],
    reported: [
      [329, 'acetaminophen'],
      [271, 'magnesium'],
    ],
    set: { tg: 148 },
    lab: 'A',
  },
  'glp1.refund': {
    topic: 'glp1',
    conditions: ['E66.811', 'F41.1'],
    since: 265,
    visits: [
      { ago: 264, kind: 'new', sure: true },
      { ago: 236, kind: 'follow', sure: true },
      { ago: 208, kind: 'follow' },
      { ago: 178, kind: 'follow' },
      { ago: 150, kind: 'follow', sure: true },
      { ago: 120, kind: 'phone', sure: true },
      { ago: 96, kind: 'follow', commands: true },
      { ago: 61, kind: 'follow' },
      { ago: 6, kind: 'follow', outcome: 'no_show' },
    ],
    draws: [
      { ago: 255, label: 'base', orders: ['cmp', 'lipid', 'a1c', 'tsh', 'cbc'], at: 'station' },
      { ago: 160, label: 'm3', orders: ['cmp', 'lipid'], at: 'station', pins: { tg: 512, hdl: 38 }, defects: ['lipaemic'] },
    ],
    courses: [
      { icd10: 'E66.811', steps: [[236, 'sema_comp']], ends: { ago: 150, reason: 'patient choice, cost; asked for refund' } },
      { icd10: 'F41.1', steps: [[900, 'sertraline_50']] },
    ],
    set: { tg: 210 },
    lab: 'B',
  },
  'glp1.steady': {
    topic: 'glp1',
    conditions: ['E66.812', 'E78.2', 'M17.0'],
    since: 690,
    visits: [
      { ago: 689, kind: 'new', sure: true },
      ...every(650, 120, 66, 'follow'),
      { ago: 58, kind: 'follow', sure: true },
      { ago: 3, kind: 'follow', sure: true },
      { ago: 300, kind: 'annual' },
      ...every(620, 240, 95, 'nurse'),
      { ago: -11, kind: 'follow' },
      { ago: 0, kind: 'nurse' },
    ],
    draws: [
      { ago: 680, label: 'base', orders: ['cmp', 'cbc', 'lipid', 'a1c', 'tsh', 'vitd'], at: 'clinic' },
      { ago: 460, label: 'm7', orders: ['cmp', 'lipid', 'a1c'], at: 'station' },
      { ago: 310, label: 'y1', orders: ['cmp', 'cbcd', 'lipid', 'a1c', 'vitd', 'b12'], at: 'clinic', defects: ['wrong_patient'] },
      { ago: 70, label: 'm20', orders: ['cmp', 'lipid', 'a1c'], at: 'station' },
    ],
    courses: [
      {
        icd10: 'E66.812',
        steps: [
          [650, 'sema_025'],
          [584, 'sema_05'],
          [518, 'sema_1'],
        ],
      },
      {
        icd10: 'E78.2',
        steps: [
          [1000, 'atorva_10'],
          [300, 'atorva_20'],
        ],
      },
    ],
    reported: [
      [689, 'naproxen'],
      [689, 'vitd_2000'],
    ],
    set: { ldl: 163, tg: 205, a1c: 5.7, vitd: 22 },
    lab: [[1000, 'B']],
  },
  'glp1.compounded': {
    topic: 'glp1',
    conditions: ['E66.813', 'G47.33', 'K21.9'],
    since: 410,
    visits: [
      { ago: 409, kind: 'new', sure: true },
      ...every(380, 80, 50, 'follow'),
      { ago: 36, kind: 'follow', sure: true },
      ...every(360, 120, 60, 'injection'),
      { ago: 214, kind: 'acute' },
      { ago: -29, kind: 'follow' },
      { ago: -1, kind: 'injection' },
    ],
    draws: [
      { ago: 398, label: 'base', orders: ['cmp', 'cbcd', 'lipid', 'a1c', 'tsh', 'tt'], at: 'clinic' },
      { ago: 190, label: 'm7', orders: ['cmp', 'lipid', 'a1c', 'b12'], at: 'station' },
      { ago: 46, label: 'm12', orders: ['cmp', 'cbc', 'lipid', 'a1c', 'insulin'], at: 'clinic' },
    ],
    courses: [
      {
        icd10: 'E66.813',
        steps: [
          [380, 'sema_comp'],
          [280, 'tirz_comp'],
        ],
      },
      { icd10: 'K21.9', steps: [[600, 'omeprazole_20']], ends: { ago: 130, reason: 'symptoms resolved with weight loss' } },
    ],
    reported: [[409, 'cetirizine']],
    set: { a1c: 5.8, tg: 178, alt: 52, tt: 318 },
    lab: 'A',
  },
  // Forty results and not one more: 26 + 7 + 7. Nothing goes wrong in this chart, so that the byte budget has a fixed yardstick.
  'glp1.forty': {
    topic: 'glp1',
    conditions: ['E66.811', 'E28.2'],
    since: 420,
    visits: [
      { ago: 419, kind: 'new', sure: true },
      ...every(390, 90, 60, 'follow'),
      { ago: 30, kind: 'follow', sure: true },
      ...every(375, 135, 80, 'nurse'),
      { ago: -15, kind: 'follow' },
    ],
    draws: [
      { ago: 407, label: 'base', orders: ['cmp', 'lipid', 'a1c'], at: 'clinic' },
      { ago: 221, label: 'm6', orders: ['lipid', 'a1c'], at: 'clinic' },
      { ago: 37, label: 'm12', orders: ['lipid', 'a1c'], at: 'clinic' },
    ],
    courses: [
      {
        icd10: 'E66.811',
        steps: [
          [390, 'tirz_25'],
          [360, 'tirz_5'],
          [270, 'tirz_75'],
        ],
      },
      { icd10: 'E28.2', steps: [[800, 'metformin_er_1000']] },
    ],
    reported: [[419, 'multivitamin']],
    set: { a1c: 5.75, ldl: 139, tg: 171, hdl: 43 },
    lab: 'A',
  },
};
