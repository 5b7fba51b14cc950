// Blood pressure, lipids, kidneys, infections, pain.
import { type Drug, oral } from './drug.ts';

export const OTHER_DRUGS = {
  lisinopril_10: oral(
    'lisinopril 10 MG Oral Tablet',
    'lisinopril',
    'lisinopril 10 mg',
    ['1 tab PO daily', 'Take 1 tablet by mouth once daily for blood pressure.'],
    { rxnorm: '314076', does: ['acei', 1] },
  ),
  lisinopril_20: oral('lisinopril 20 MG Oral Tablet', 'lisinopril', 'lisinopril 20 mg', ['1 po qd', '1 tab PO daily'], {
    rxnorm: '314077',
    does: ['acei', 1],
  }),
  losartan_50: oral('losartan potassium 50 MG Oral Tablet', 'losartan', 'losartan 50 mg', ['1 tab PO daily'], {
    rxnorm: '979492',
    does: ['acei', 1],
  }),
  amlodipine_5: oral('amlodipine 5 MG Oral Tablet', 'amlodipine', 'amlodipine 5 mg', ['1 tab PO daily', '1 po qhs'], { rxnorm: '197361' }),
  hctz_25: oral('hydrochlorothiazide 25 MG Oral Tablet', 'hydrochlorothiazide', 'HCTZ 25 mg', ['1 tab PO qAM'], {
    rxnorm: '310798',
    does: ['thiazide', 1],
  }),
  furosemide_40: oral(
    'furosemide 40 MG Oral Tablet',
    'furosemide',
    'furosemide 40 mg',
    ['1 tab PO qAM; extra tab if wt up 3 lb in a day'],
    { rxnorm: '313988', does: ['loop', 1] },
  ),
  metoprolol_25: oral('metoprolol tartrate 25 MG Oral Tablet', 'metoprolol', 'metoprolol 25 mg BID', ['1 tab PO BID'], {
    rxnorm: '866924',
  }),
  atorva_10: oral('atorvastatin 10 MG Oral Tablet', 'atorvastatin', 'atorvastatin 10 mg', ['1 tab PO nightly'], {
    rxnorm: '617312',
    does: ['statin', 0.35],
  }),
  atorva_20: oral('atorvastatin 20 MG Oral Tablet', 'atorvastatin', 'atorvastatin 20 mg', ['1 tab PO nightly', '1 tab daily, any time'], {
    rxnorm: '617310',
    does: ['statin', 0.42],
  }),
  atorva_40: oral('atorvastatin 40 MG Oral Tablet', 'atorvastatin', 'atorvastatin 40 mg', ['1 tab PO qHS'], {
    rxnorm: '617311',
    does: ['statin', 0.48],
  }),
  simva_20: oral('simvastatin 20 MG Oral Tablet', 'simvastatin', 'simvastatin 20 mg', ['1 tab PO qPM'], {
    rxnorm: '312961',
    does: ['statin', 0.33],
  }),
  allopurinol_100: oral('allopurinol 100 MG Oral Tablet', 'allopurinol', 'allopurinol 100 mg', ['1 tab PO daily'], {
    rxnorm: '197319',
    does: ['allopurinol', 1],
  }),
  sertraline_50: oral('sertraline 50 MG Oral Tablet', 'sertraline', 'sertraline 50 mg', ['1 tab PO qAM', '1 po daily'], {
    rxnorm: '312941',
  }),
  omeprazole_20: oral(
    'omeprazole 20 MG Delayed Release Oral Capsule',
    'omeprazole',
    'omeprazole 20 mg',
    ['1 cap PO 30 min before breakfast'],
    { rxnorm: '198051', form: 'Delayed Release Oral Capsule' },
  ),
  doxycycline_100: oral(
    'doxycycline hyclate 100 MG',
    'doxycycline',
    'doxycycline 100 mg BID',
    ['1 PO BID with food and a full glass of water'],
    { rxnorm: '1649987', days: 84, refills: 0 },
  ),
  amoxclav: oral(
    'amoxicillin 500 MG / clavulanate 125 MG Oral Tablet',
    'amoxicillin / clavulanate',
    'amoxicillin-clavulanate',
    ['1 tab PO TID x 10 days'],
    { rxnorm: '617296', days: 10, refills: 0 },
  ),
  benzonatate: oral('benzonatate 100 MG Oral Capsule', 'benzonatate', 'benzonatate 100 mg TID prn', ['1 cap PO TID prn cough'], {
    local: 'BENZ100',
    form: 'Oral Capsule',
    days: 10,
    refills: 0,
  }),
  naproxen_500: oral('naproxen 500 MG Oral Tablet', 'naproxen', 'naproxen 500 mg BID', ['1 tab PO BID with food x 14 days'], {
    rxnorm: '198014',
    days: 14,
    refills: 0,
  }),
  ferrous_325: oral(
    'ferrous sulfate 325 MG Oral Tablet',
    'ferrous sulfate',
    'ferrous sulfate 325 mg',
    ['1 tab PO every other day with vit C', '1 tab PO daily'],
    { rxnorm: '310325', does: ['iron', 1] },
  ),
  vitd_50000: oral(
    'ergocalciferol 50000 UNT Oral Capsule',
    'ergocalciferol',
    'vitamin D2 50,000 units weekly',
    ['1 cap PO once a week x 12 weeks'],
    { local: 'ERGO50K', form: 'Oral Capsule', days: 84, refills: 0, does: ['vitamin_d', 1] },
  ),
} as const satisfies Record<string, Drug>;
