// Menopause: patch, tablets, compounded cream, stopped.
import { type Arc, every } from './arc.ts';

const MENOPAUSAL = { e2: 11, fsh: 68, lh: 34, tt: 19 } as const;

export const MENOPAUSE: Record<string, Arc> = {
  'hrt.patch': {
    topic: 'hrt',
    conditions: ['N95.1', 'G47.00', 'E55.9'],
    since: 540,
    visits: [
      { ago: 539, kind: 'new', sure: true },
      ...every(505, 120, 64, 'follow'),
      { ago: 175, kind: 'annual', sure: true },
      { ago: 62, kind: 'follow', sure: true },
      { ago: 0, kind: 'follow' },
      { ago: -30, kind: 'nurse' },
    ],
    draws: [
      { ago: 528, label: 'base', orders: ['cmp', 'cbc', 'lipid', 'hrtmon', 'tsh', 'vitd'], at: 'clinic' },
      { ago: 455, label: 'w8', orders: ['e2', 'fsh'], at: 'station' },
      { ago: 185, label: 'y1', orders: ['cmp', 'cbcd', 'lipid', 'hrtmon', 'a1c', 'vitd'], at: 'clinic' },
      { ago: 9, label: 'm17', orders: ['hrtmon', 'cmp', 'ferritin'], at: 'clinic', defects: ['preliminary'] },
    ],
    courses: [
      {
        icd10: 'N95.1',
        steps: [
          [505, 'e2_patch_0375'],
          [441, 'e2_patch_05'],
        ],
      },
      { icd10: 'N95.1', steps: [[505, 'prog_100']] },
      { icd10: 'E55.9', steps: [[518, 'vitd_50000']], ends: { ago: 434, completed: true } },
    ],
    reported: [
      [434, 'vitd_2000'],
      [300, 'magnesium'],
    ],
    set: { ...MENOPAUSAL, vitd: 17 },
    lab: 'A',
  },
  'hrt.oral': {
    topic: 'hrt',
    conditions: ['N95.1', 'I10', 'E78.5'],
    since: 1700,
    visits: [
      ...every(675, 80, 85, 'follow'),
      { ago: 345, kind: 'annual' },
      { ago: 40, kind: 'follow', sure: true },
      ...every(640, 280, 120, 'nurse'),
      { ago: -17, kind: 'follow' },
      { ago: 0, kind: 'follow' },
    ],
    draws: [
      { ago: 620, label: 'a', orders: ['cmp', 'cbc', 'lipid', 'hrtmon'], at: 'station' },
      { ago: 354, label: 'b', orders: ['cmp', 'cbcd', 'lipid', 'hrtmon', 'tsh'], at: 'clinic', defects: ['qns_final'] },
      { ago: 49, label: 'c', orders: ['cmp', 'lipid', 'hrtmon'], at: 'station' },
    ],
    courses: [
      { icd10: 'N95.1', steps: [[1690, 'e2_oral_1']] },
      { icd10: 'N95.1', steps: [[1690, 'prog_200']] },
      { icd10: 'I10', steps: [[1500, 'hctz_25']] },
      { icd10: 'E78.5', steps: [[345, 'atorva_10']] },
    ],
    reported: [[800, 'calcium']],
    set: { ...MENOPAUSAL, ldl: 158 },
    lab: 'B',
  },
  'hrt.pellets': {
    topic: 'hrt',
    conditions: ['N95.1', 'F52.0'],
    since: 880,
    visits: [
      ...every(660, 70, 74, 'follow'),
      { ago: 268, kind: 'acute' },
      { ago: 26, kind: 'follow', sure: true },
      { ago: 1, kind: 'follow', sure: true },
      ...every(630, 210, 105, 'nurse'),
      { ago: -22, kind: 'follow' },
      { ago: -1, kind: 'nurse' },
    ],
    draws: [
      { ago: 646, label: 'a', orders: ['hrtmon', 'cbc', 'ft', 'shbg'], at: 'station' },
      { ago: 430, label: 'b', orders: ['hrtmon', 'cmp', 'lipid', 'shbg'], at: 'station', pins: { tt: 118 } },
      { ago: 230, label: 'c', orders: ['hrtmon', 'cbcd', 'dheas'], at: 'clinic', defects: ['no_range'] },
      { ago: 36, label: 'd', orders: ['hrtmon', 'cmp', 'lipid'], at: 'station' },
    ],
    courses: [
      { icd10: 'N95.1', steps: [[870, 'e2_patch_05']] },
      { icd10: 'N95.1', steps: [[870, 'prog_100']] },
      { icd10: 'F52.0', steps: [[660, 'test_cream_f']], ends: { ago: 430, reason: 'total T above female range, acne and chin hair' } },
      { icd10: 'F52.0', steps: [[364, 'test_cream_f_low']] },
    ],
    set: MENOPAUSAL,
    lab: 'A',
  },
  'hrt.stopped': {
    topic: 'hrt',
    conditions: ['N95.1', 'R92.8', 'F32.A'],
    since: 1250,
    visits: [
      ...every(665, 320, 86, 'follow'),
      { ago: 300, kind: 'annual', sure: true, note: 'amended' },
      { ago: 279, kind: 'phone', sure: true },
      ...every(240, 50, 63, 'follow'),
      { ago: 22, kind: 'follow', sure: true, note: 'unsigned' },
      { ago: -26, kind: 'follow' },
    ],
    draws: [
      { ago: 640, label: 'a', orders: ['cmp', 'cbc', 'lipid', 'hrtmon'], at: 'station' },
      { ago: 309, label: 'b', orders: ['cmp', 'cbcd', 'lipid', 'hrtmon', 'tsh', 'a1c'], at: 'clinic' },
      { ago: 31, label: 'c', orders: ['cmp', 'lipid', 'tsh', 'vitd'], at: 'station' },
    ],
    courses: [
      {
        icd10: 'N95.1',
        steps: [[1240, 'e2_patch_05']],
        ends: { ago: 279, reason: 'mammogram callback, biopsy pending; off HRT until cleared' },
      },
      { icd10: 'N95.1', steps: [[1240, 'prog_100']], ends: { ago: 279, reason: 'stopped together with estradiol' } },
      { icd10: 'N95.1', steps: [[240, 'venlafaxine_375']] },
    ],
    set: MENOPAUSAL,
    lab: 'A',
  },
};
