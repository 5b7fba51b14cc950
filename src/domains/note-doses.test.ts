import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aChart } from '../../test/builders/note-chart.ts';
import { dosesOf } from './listed-doses.ts';
import { doseFigures } from './note-doses.ts';

const mg = (name: string, sig?: string) =>
  dosesOf({ name, ...(sig !== undefined && { sig }) })
    .sure.filter(({ kind }) => kind === 'mass')
    .map(({ value }) => Number(value.toPrecision(6)));

describe('a drug of the list gives', () => {
  it.each<[string, string, number[]]>([
    ['metformin hydrochloride 500 MG Oral Tablet', 'Take 2 tablets twice a day', [500, 1000, 2000]],
    ['lisinopril 20 MG Oral Tablet', '1 tab PO daily', [20]],
    ['levothyroxine sodium 0.075 MG Oral Tablet', '1 tab PO qAM', [0.075]],
    ['lisinopril 20 MG / hydrochlorothiazide 12.5 MG Oral Tablet', '1 tab daily', [20, 12.5]],
    ['lisinopril-hydrochlorothiazide 20-12.5 mg', '', [20, 12.5]],
    ['testosterone cypionate 200 MG/ML Injectable Solution', '0.6 mL IM q7 days', [120]],
    ['testosterone 4 mg/g vanishing cream, compounded', 'Apply 0.5 g to inner thigh nightly.', [2]],
    ['84 HR estradiol 0.00208 MG/HR Transdermal System', 'Apply 1 patch twice weekly', [0.04992]],
    ['atorvastatin 40 MG Oral Tablet', 'half a tablet nightly', [20]],
    ['3 ML semaglutide 1.34 MG/ML Pen Injector', 'Inject 1 mg subcutaneously once a week.', [1]],
  ])('%s, %s', (name, sig, doses) => {
    const found = mg(name, sig);
    for (const dose of doses) expect(found.some((it) => Math.abs(it / dose - 1) < 1e-4)).toBe(true);
  });

  it('no dose where its strength is of a volume and nobody says how much', () => {
    expect(mg('testosterone cypionate 200 MG/ML Injectable Solution')).toEqual([]);
  });
});

describe('a dose of the text', () => {
  const read = (section: 'subjective' | 'plan', text: string, medications = aChart().medications) =>
    doseFigures({ section, text, chart: aChart({ medications }) }).map(({ verdict, level }) => (level === 'error' ? 'error' : verdict));

  it('is not held against a list that does not say how many are taken', () => {
    const medications = [{ medication_id: 'm', name: 'metformin 500 MG Oral Tablet', ingredient: 'metformin' }];
    expect(read('subjective', 'Takes metformin 1000 mg.', medications)).toEqual(['not_in_chart']);
    expect(read('subjective', 'Takes metformin 850 mg.', medications)).toEqual(['error']);
  });

  it('is of the drug it stands with, by any of its names', () => {
    expect(read('subjective', 'Zestril 20 mg and Synthroid 75 mcg')).toEqual(['cited', 'cited']);
    expect(read('subjective', 'Metformin and lisinopril 40 mg')).toEqual(['error']);
    expect(read('subjective', 'Metformin, later atorvastatin 40 mg')).toEqual(['not_in_chart']);
  });

  it('is told with the old one where the plan gives a new one', () => {
    const [figure] = doseFigures({ section: 'plan', text: 'Increase lisinopril to 40 mg', chart: aChart() });
    expect(figure).toMatchObject({ verdict: 'changed_dose', level: 'warn', cites: { record: 'medication', id: 'lisinopril' } });
    expect(figure?.text).toMatch(/40 mg.*lisinopril 20 MG/);
  });

  it('equals its own in another unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (mcg) => {
        const medications = [
          { medication_id: 'm', name: `levothyroxine ${mcg / 1000} MG Oral Tablet`, ingredient: 'levothyroxine', sig: '1 tab daily' },
        ];
        expect(read('subjective', `levothyroxine ${mcg} mcg daily`, medications)).toEqual(['cited']);
        expect(read('subjective', `levothyroxine ${3 * mcg + 1} mcg daily`, medications)).toEqual(['error']);
        expect(read('plan', `levothyroxine ${3 * mcg + 1} mcg daily`, medications)).toEqual(['changed_dose']);
      }),
      { seed: 3 },
    );
  });
});
