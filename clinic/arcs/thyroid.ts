// Thyroid: two bottles at once, biotin in the assay, Hashimoto, a twin.
import { type Arc, every } from './arc.ts';

export const THYROID: Record<string, Arc> = {
  'thyroid.over': {
    topic: 'thyroid',
    conditions: ['E03.9', 'M81.0', 'I10'],
    since: 3100,
    visits: [
      ...every(650, 170, 120, 'follow'),
      { ago: 352, kind: 'annual' },
      { ago: 118, kind: 'follow', sure: true, note: 'late' },
      { ago: 104, kind: 'phone', sure: true },
      { ago: 34, kind: 'follow', sure: true },
      { ago: 280, kind: 'acute' },
      ...every(600, 240, 120, 'nurse'),
      { ago: -1, kind: 'follow' },
    ],
    draws: [
      { ago: 660, label: 'a', orders: ['thy', 'cmp', 'lipid'], at: 'station', pins: { tsh: 4.9 } },
      { ago: 540, label: 'b', orders: ['thy'], at: 'station', pins: { tsh: 2.1 } },
      { ago: 362, label: 'c', orders: ['thy', 'cmp', 'cbc', 'lipid', 'vitd'], at: 'clinic', pins: { tsh: 1.7 } },
      { ago: 128, label: 'd', orders: ['thy', 'bmp'], at: 'station', pins: { tsh: 0.21, ft4: 1.78 } },
      { ago: 43, label: 'e', orders: ['thy3', 'cmp'], at: 'clinic', pins: { tsh: 0.004, ft4: 2.04, ft3: 4.3 }, defects: ['unflagged'] },
    ],
    courses: [
      {
        icd10: 'E03.9',
        steps: [
          [3000, 'levo_75'],
          [648, 'levo_88'],
          [170, 'levo_112'],
        ],
        doubled: true,
      },
      { icd10: 'M81.0', steps: [[1200, 'alendronate_70']] },
      { icd10: 'I10', steps: [[2500, 'hctz_25']] },
    ],
    reported: [
      [1500, 'calcium'],
      [1500, 'vitd_2000'],
    ],
    lab: 'A',
  },
  'thyroid.biotin': {
    topic: 'thyroid',
    conditions: ['R94.6', 'L65.9', 'D50.9'],
    since: 300,
    visits: [
      { ago: 299, kind: 'new', sure: true },
      { ago: 262, kind: 'follow', sure: true },
      { ago: 230, kind: 'follow', sure: true },
      { ago: 160, kind: 'follow' },
      { ago: 95, kind: 'follow' },
      { ago: 33, kind: 'follow', sure: true },
      { ago: -37, kind: 'follow' },
    ],
    draws: [
      { ago: 290, label: 'odd', orders: ['thy3', 'cbc', 'cmp', 'ferritin'], at: 'station', pins: { ferritin: 9 } },
      { ago: 275, label: 'odd2', orders: ['thy3', 'tpo'], at: 'station' },
      { ago: 240, label: 'clean', orders: ['thy3', 'ana'], at: 'clinic' },
      { ago: 104, label: 'm6', orders: ['tsh', 'cbc', 'ferritin', 'rt3'], at: 'station' },
      { ago: 42, label: 'm8', orders: ['thy', 'cbcd', 'ferritin'], at: 'clinic' },
      { ago: 16, label: 'm9', orders: ['tsh'], at: 'station', pins: { tsh: 1.12 } },
    ],
    courses: [{ icd10: 'D50.9', steps: [[262, 'ferrous_325']], ends: { ago: 95, reason: 'constipation; ferritin replete' } }],
    reported: [
      [330, 'biotin_10000', 262],
      [299, 'multivitamin'],
    ],
    set: { tsh: 1.6, ferritin: 14, hgb: 11.6, mcv: 79 },
    lab: 'B',
  },
  'thyroid.hashimoto': {
    topic: 'thyroid',
    conditions: ['E06.3', 'E78.5', 'R53.83'],
    since: 640,
    visits: [
      { ago: 639, kind: 'new', sure: true },
      ...every(600, 120, 68, 'follow'),
      { ago: 280, kind: 'annual' },
      { ago: 51, kind: 'follow', sure: true },
      { ago: 7, kind: 'follow', sure: true },
      { ago: 410, kind: 'acute' },
      { ago: -18, kind: 'follow' },
    ],
    draws: [
      { ago: 628, label: 'base', orders: ['thy', 'tpo', 'cmp', 'cbc', 'lipid'], at: 'clinic', pins: { tsh: 14.6, ft4: 0.71 } },
      { ago: 560, label: 'w7', orders: ['thy'], at: 'station', pins: { tsh: 7.2, ft4: 0.95 } },
      { ago: 470, label: 'm5', orders: ['thy', 'lipid'], at: 'station', pins: { tsh: 3.1 } },
      { ago: 290, label: 'y1', orders: ['thy', 'cmp', 'cbcd', 'lipid', 'ferritin', 'b12'], at: 'clinic', pins: { tsh: 2.2 } },
      { ago: 60, label: 'm19', orders: ['thy', 'lipid', 'vitd'], at: 'station', pins: { tsh: 2.6 } },
    ],
    courses: [
      {
        icd10: 'E06.3',
        steps: [
          [600, 'levo_50'],
          [532, 'levo_75'],
        ],
      },
    ],
    reported: [[639, 'cetirizine']],
    set: { tsh: 2.4, tpo: 310, ldl: 149 },
    lab: 'A',
  },
  'thyroid.twin': {
    topic: 'thyroid',
    conditions: ['E03.8', 'L70.0'],
    since: 215,
    visits: [
      { ago: 214, kind: 'new', sure: true },
      { ago: 186, kind: 'follow', sure: true },
      { ago: 118, kind: 'follow' },
      { ago: 55, kind: 'follow', sure: true },
      { ago: 150, kind: 'acute' },
      { ago: -20, kind: 'follow' },
    ],
    draws: [
      { ago: 205, label: 'base', orders: ['thy', 'cbc', 'cmp', 'tpo'], at: 'clinic', pins: { tsh: 6.8, ft4: 1.0 } },
      { ago: 128, label: 'm3', orders: ['thy'], at: 'station', pins: { tsh: 3.4 } },
      { ago: 64, label: 'm5', orders: ['thy', 'ferritin'], at: 'clinic', pins: { tsh: 2.5 } },
    ],
    courses: [
      {
        icd10: 'E03.8',
        steps: [
          [186, 'levo_25'],
          [118, 'levo_50'],
        ],
      },
      { icd10: 'L70.0', steps: [[150, 'doxycycline_100']], ends: { ago: 62, completed: true } },
    ],
    set: { tsh: 3.4, tpo: 96 },
    lab: 'B',
  },
};
