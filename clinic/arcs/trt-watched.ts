// Testosterone replacement to be watched: haematocrit rising, PSA rising, stopped, labs overdue.
import { type Arc, every } from './arc.ts';
import { HYPOGONAL } from './trt.ts';

export const TRT_WATCHED: Record<string, Arc> = {
  'trt.hct': {
    topic: 'trt',
    conditions: ['E29.1', 'D75.1', 'I10', 'G47.33'],
    since: 810,
    visits: [
      ...every(670, 130, 90, 'follow'),
      { ago: 364, kind: 'annual', sure: true },
      { ago: 92, kind: 'follow', sure: true },
      { ago: 21, kind: 'follow', sure: true },
      { ago: 15, kind: 'phlebotomy', sure: true },
      ...every(620, 230, 78, 'injection'),
      { ago: 0, kind: 'follow' },
      { ago: -13, kind: 'phlebotomy' },
    ],
    draws: [
      { ago: 684, label: 'h48', orders: ['cmp', 'cbcd', 'lipid', 'trtmon'], pins: { hgb: 16.0, mchc: 33.33 } },
      { ago: 550, label: 'h49', orders: ['trtmon', 'hct'], at: 'clinic', pins: { hgb: 16.4, mchc: 33.33 } },
      {
        ago: 373,
        label: 'h50',
        orders: ['cmp', 'cbc', 'lipid', 'trtmon'],
        at: 'clinic',
        pins: { hgb: 16.9, mchc: 33.33 },
        defects: ['corrected'],
      },
      { ago: 200, label: 'h52', orders: ['trtmon', 'cbc'], at: 'station', pins: { hgb: 17.33, mchc: 33.33 } },
      { ago: 101, label: 'h53', orders: ['trtmon', 'cbc', 'bmp'], pins: { hgb: 17.75, mchc: 33.33 } },
      { ago: 27, label: 'h546', orders: ['cbcd', 'trtmon', 'ferritin'], at: 'clinic', pins: { hgb: 18.2, mchc: 33.33 } },
      { ago: 15, label: 'poc', orders: ['hctpoc'], at: 'clinic' },
    ],
    courses: [
      {
        icd10: 'E29.1',
        steps: [
          [800, 'tcyp_160'],
          [364, 'tcyp_200'],
          [21, 'tcyp_100'],
        ],
        last: 'on_hold',
      },
      {
        icd10: 'I10',
        steps: [
          [700, 'lisinopril_10'],
          [280, 'lisinopril_20'],
        ],
      },
    ],
    reported: [[800, 'aspirin_81']],
    set: { ...HYPOGONAL, ferritin: 46 },
    lab: 'A',
  },
  'trt.psa': {
    topic: 'trt',
    conditions: ['E29.1', 'R97.20', 'N40.1', 'E78.5'],
    since: 2300,
    visits: [
      ...every(660, 120, 108, 'follow'),
      { ago: 380, kind: 'annual' },
      { ago: 33, kind: 'follow', sure: true },
      { ago: 20, kind: 'phone', sure: true, note: 'voided' },
      { ago: 18, kind: 'phone', sure: true },
      { ago: -1, kind: 'follow' },
    ],
    draws: [
      { ago: 672, label: 'p1', orders: ['cmp', 'cbc', 'lipid', 'trtmon'], pins: { psa: 1.7 } },
      { ago: 390, label: 'p2', orders: ['cmp', 'cbcd', 'lipid', 'trtmon', 'vitd'], at: 'clinic', pins: { psa: 1.9 } },
      { ago: 205, label: 'p3', orders: ['trtmon', 'ua'], at: 'station', pins: { psa: 2.8 } },
      { ago: 41, label: 'p4', orders: ['trtmon', 'cmp', 'lipid'], at: 'clinic', pins: { psa: 3.5 } },
      { ago: 26, label: 'p5', orders: ['psa'], at: 'station', pins: { psa: 3.42 }, defects: ['delta'] },
    ],
    courses: [
      { icd10: 'E29.1', steps: [[2290, 'tgel']] },
      { icd10: 'N40.1', steps: [[800, 'tamsulosin']] },
      {
        icd10: 'E78.5',
        steps: [
          [1900, 'simva_20'],
          [372, 'atorva_20'],
        ],
      },
      { icd10: 'N40.1', steps: [[33, 'finasteride']], last: 'draft' },
    ],
    set: { ...HYPOGONAL, ldl: 152 },
    lab: 'B',
  },
  'trt.stopped': {
    topic: 'trt',
    conditions: ['E29.1', 'Z31.69'],
    since: 705,
    visits: [
      { ago: 704, kind: 'new', sure: true },
      { ago: 676, kind: 'follow', sure: true },
      { ago: 620, kind: 'follow' },
      { ago: 540, kind: 'follow' },
      { ago: 452, kind: 'follow', sure: true },
      { ago: 395, kind: 'follow' },
      { ago: 338, kind: 'follow', sure: true },
      { ago: 250, kind: 'follow' },
    ],
    draws: [
      { ago: 695, label: 'base', orders: ['cmp', 'cbc', 'lipid', 'hypogon'] },
      { ago: 631, label: 'w6', orders: ['trtmon'], at: 'station' },
      { ago: 465, label: 'm8', orders: ['trtmon', 'cbc', 'lhfsh'], at: 'clinic' },
      { ago: 345, label: 'off', orders: ['hypogon', 'cbc'], at: 'clinic' },
    ],
    courses: [
      {
        icd10: 'E29.1',
        steps: [
          [676, 'tcyp_100'],
          [620, 'tcyp_120'],
        ],
        ends: { ago: 452, reason: 'trying to conceive; suppressed FSH/LH on TRT' },
      },
      { icd10: 'E29.1', steps: [[452, 'clomiphene_25']], ends: { ago: 338, reason: 'moved out of state, transferring care' } },
      { icd10: 'E29.1', steps: [[452, 'hcg']], last: 'cancelled' },
    ],
    set: { tt: 262, shbg: 30, lh: 4 },
    lab: 'A',
  },
  'trt.overdue': {
    topic: 'trt',
    conditions: ['E29.1', 'I10', 'E66.811'],
    since: 1350,
    visits: [
      ...every(670, 330, 85, 'follow'),
      { ago: 330, kind: 'follow', sure: true },
      { ago: 240, kind: 'follow' },
      { ago: 205, kind: 'follow' },
      { ago: 150, kind: 'follow' },
      { ago: 88, kind: 'phone', sure: true },
      ...every(610, 370, 80, 'injection'),
      { ago: -6, kind: 'follow' },
      { ago: 41, kind: 'follow', outcome: 'booked' },
      { ago: 120, kind: 'follow', outcome: 'rescheduled' },
    ],
    draws: [
      { ago: 680, label: 'a', orders: ['cmp', 'cbcd', 'lipid', 'trtmon'] },
      { ago: 500, label: 'b', orders: ['trtmon', 'bmp'], at: 'station' },
      { ago: 395, label: 'c', orders: ['trtmon', 'cbc', 'cmp', 'lipid'], at: 'clinic' },
    ],
    courses: [
      { icd10: 'E29.1', steps: [[1340, 'tcyp_100']], lapsed: true },
      { icd10: 'I10', steps: [[1200, 'amlodipine_5']] },
    ],
    set: { ...HYPOGONAL, glucose: 101, tg: 190 },
    lab: 'A',
  },
};
