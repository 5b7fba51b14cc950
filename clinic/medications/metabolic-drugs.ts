// Weight and sugar.
import { type Drug, oral } from './drug.ts';

const pen = (name: string, ingredient: string, short: string, sig: string, more: Partial<Drug>): Drug => ({
  name,
  ingredient,
  short,
  sigs: [sig],
  form: 'Pen Injector',
  days: 28,
  refills: 2,
  ...more,
});

export const METABOLIC_DRUGS = {
  sema_025: pen(
    'semaglutide 0.25 MG weekly pen',
    'semaglutide',
    'semaglutide 0.25 mg weekly',
    'Inject 0.25 mg SUBQ once weekly x 4 weeks, then call for next dose',
    { local: 'SEMA025', does: ['incretin', 0.35] },
  ),
  sema_05: pen('semaglutide 0.5 MG weekly pen', 'semaglutide', 'semaglutide 0.5 mg weekly', '0.5 mg SUBQ once weekly, same day each week', {
    local: 'SEMA05',
    does: ['incretin', 0.55],
  }),
  sema_1: pen(
    '3 ML semaglutide 1.34 MG/ML Pen Injector',
    'semaglutide',
    'semaglutide 1 mg weekly',
    'Inject 1 mg subcutaneously once a week. Abdomen or thigh, rotate.',
    { rxnorm: '2398841', days: 84, does: ['incretin', 0.8] },
  ),
  wegovy_17: pen('semaglutide 1.7 MG weekly pen', 'semaglutide', 'semaglutide 1.7 mg weekly', '1.7 mg SUBQ weekly', {
    local: 'SEMA17',
    does: ['incretin', 0.92],
  }),
  wegovy_24: pen('semaglutide 2.4 MG weekly pen', 'semaglutide', 'semaglutide 2.4 mg weekly', 'Inject 2.4 mg SUBQ once weekly', {
    local: 'SEMA24',
    days: 84,
    refills: 1,
    does: ['incretin', 1],
  }),
  tirz_25: pen('tirzepatide 2.5 MG weekly pen', 'tirzepatide', 'tirzepatide 2.5 mg weekly', '2.5 mg SUBQ weekly x 4 wk', {
    local: 'TIRZ25',
    does: ['incretin', 0.5],
  }),
  tirz_5: pen('tirzepatide 5 MG weekly pen', 'tirzepatide', 'tirzepatide 5 mg weekly', '5 mg SUBQ once weekly', {
    local: 'TIRZ5',
    days: 84,
    refills: 1,
    does: ['incretin', 0.85],
  }),
  tirz_75: pen('tirzepatide 7.5 MG weekly pen', 'tirzepatide', 'tirzepatide 7.5 mg weekly', 'Inject 7.5 mg under the skin once a week', {
    local: 'TIRZ75',
    days: 84,
    refills: 1,
    does: ['incretin', 1.05],
  }),
  sema_comp: {
    local: 'CMPD-SEMA-B12',
    name: 'semaglutide-cyanocobalamin 2.5 mg-0.5 mg/mL, compounded',
    ingredient: 'semaglutide',
    form: 'Injectable Solution',
    sigs: ['Draw 20 units (0.5 mg) SUBQ weekly; clinic titrates', '0.2 mL (0.5 mg) SUBQ q week'],
    short: 'compounded semaglutide 0.5 mg weekly',
    days: 70,
    refills: 1,
    does: ['incretin', 0.55],
  },
  tirz_comp: {
    local: 'CMPD-TIRZ',
    name: 'tirzepatide 10 mg/mL, compounded',
    ingredient: 'tirzepatide',
    form: 'Injectable Solution',
    sigs: ['50 units (5 mg) SUBQ weekly'],
    short: 'compounded tirzepatide 5 mg weekly',
    days: 84,
    refills: 1,
    does: ['incretin', 0.85],
  },
  phentermine: oral(
    'phentermine hydrochloride 37.5 MG Oral Tablet',
    'phentermine',
    'phentermine 18.75 mg',
    ['1/2 tab PO qAM, no later than 10 am'],
    { local: 'PHEN375', days: 60, refills: 0, controlled: 'CIV' },
  ),
  ondansetron_odt: oral(
    'ondansetron 4 MG Disintegrating Oral Tablet',
    'ondansetron',
    'ondansetron ODT 4 mg prn',
    ['1 tab under tongue q8h prn nausea'],
    { rxnorm: '104894', form: 'Disintegrating Oral Tablet', days: 20, refills: 0 },
  ),
  metformin_500: oral('metformin hydrochloride 500 MG Oral Tablet', 'metformin', 'metformin 500 mg BID', ['1 tab PO BID with meals'], {
    rxnorm: '861007',
    does: ['metformin', 0.6],
  }),
  metformin_1000: oral(
    'metformin hydrochloride 1000 MG Oral Tablet',
    'metformin',
    'metformin 1000 mg BID',
    ['1 tab PO BID with meals', 'Take 1 tablet twice a day with breakfast and dinner'],
    { rxnorm: '861004', does: ['metformin', 1] },
  ),
  metformin_er_500: oral(
    '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet',
    'metformin',
    'metformin ER 500 mg daily',
    ['1 tab PO daily with dinner'],
    { rxnorm: '860975', form: 'Extended Release Oral Tablet', does: ['metformin', 0.4] },
  ),
  metformin_er_1000: oral(
    '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet',
    'metformin',
    'metformin ER 1000 mg daily',
    ['2 tabs PO daily with dinner', 'Take 2 tablets (1,000 mg) with the evening meal.'],
    { rxnorm: '860975', form: 'Extended Release Oral Tablet', does: ['metformin', 0.7] },
  ),
  empagliflozin_10: oral('empagliflozin 10 MG Oral Tablet', 'empagliflozin', 'empagliflozin 10 mg', ['1 tab PO qAM'], {
    rxnorm: '1545658',
    does: ['sglt2', 1],
  }),
} as const satisfies Record<string, Drug>;
