// Bought without prescription.
import { type Drug, otc } from './drug.ts';

export const COUNTER_DRUGS = {
  vitd_2000: otc('cholecalciferol 2000 UNT Oral Capsule', 'cholecalciferol', 'one a day', {
    local: 'OTC-D3',
    does: ['vitamin_d', 0.5],
    form: 'Oral Capsule',
  }),
  biotin_10000: otc('biotin 10000 MCG hair and nail gummy', 'biotin', '2 gummies daily for hair', {
    local: 'OTC-BIOTIN',
    form: 'Chewable',
    does: ['biotin', 1],
  }),
  ibuprofen: otc('Ibuprofen 200 MG Oral Tablet', 'ibuprofen', '2-3 tabs after the gym or for headaches', { rxnorm: '310965' }),
  naproxen: otc('Naproxen sodium 220 MG Oral Tablet', 'naproxen', '1 tab for knee pain, most days', { rxnorm: '849574' }),
  acetaminophen: otc('Acetaminophen 325 MG Oral Tablet', 'acetaminophen', '2 tabs when needed', { rxnorm: '313782' }),
  aspirin_81: otc('aspirin 81 MG Oral Tablet', 'aspirin', 'one daily', { rxnorm: '243670' }),
  cetirizine: otc('cetirizine hydrochloride 5 MG Oral Tablet', 'cetirizine', '2 tabs in allergy season', { rxnorm: '1014676' }),
  fish_oil: otc('fish oil 1000 MG Oral Capsule', 'omega-3 fatty acids', '2 caps a day', { local: 'OTC-FISH', form: 'Oral Capsule' }),
  magnesium: otc('magnesium glycinate 200 MG', 'magnesium', '1 at night', { local: 'OTC-MAG' }),
  multivitamin: otc('multivitamin', 'multivitamin', 'daily, when remembered', { local: 'OTC-MVI' }),
  creatine: otc('creatine monohydrate powder', 'creatine', '5 g daily', { local: 'OTC-CREAT', form: 'Powder' }),
  calcium: otc('calcium carbonate 600 MG', 'calcium carbonate', '1 with lunch', { local: 'OTC-CALC' }),
} as const satisfies Record<string, Drug>;
