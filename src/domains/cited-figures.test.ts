import { describe, expect, it } from 'vitest';
import { aChart } from '../../test/builders/note-chart.ts';
import { CitedMeasure, citedMeasures } from './cited-figures.ts';

const chart = aChart();
const soap = (sections: Record<string, string>) => citedMeasures({ soap: sections }, chart);
const told = (sections: Record<string, string>) =>
  soap(sections).map(({ name, cited }) => [name, cited.map(({ quote, record_id }) => `${quote} ${record_id}`)]);

describe('what a draft cites', () => {
  it('is each measure once, with the records that bear its figures out', () => {
    expect(told({ objective: 'BP 148/92, repeat 142/88. A1c 8.1%, was 9.2% in May.', plan: 'Recheck BP in two weeks.' })).toEqual([
      ['blood pressure', ['148/92 bp-now', '142/88 bp-repeat']],
      ['Hemoglobin A1c', ['8.1% a1c-new', '9.2% a1c-old']],
    ]);
  });

  it('names the newest record where the chart contradicts the figure', () => {
    const [measure] = soap({ objective: 'A1c 7.1%.' });
    expect(measure?.cited).toEqual([{ path: 'soap.objective', quote: '7.1%', record_id: 'a1c-new', on: '2026-11-03', agrees: false }]);
  });

  it('is asked for by every code of an analyte, and by the kind of a vital sign', () => {
    const [ldl, weight, bmi] = soap({ objective: 'LDL 132 mg/dL. Weight 210 lb, BMI 30.1.' });
    expect(ldl?.codes).toEqual(['13457-7', '18262-6', '2089-1']);
    expect(ldl?.kind).toBeUndefined();
    expect([weight?.kind, bmi?.kind]).toEqual(['weight', 'bmi']);
    // A BMI that nobody charted is that of its weight.
    expect(bmi?.cited[0]?.record_id).toBe('weight-now');
  });

  it('reads a message, a task and a referral as it reads a note', () => {
    for (const field of ['body', 'note', 'reason'])
      expect(citedMeasures({ [field]: 'Your A1c was 8.1% this month.' }, chart).map(({ name }) => name)).toEqual(['Hemoglobin A1c']);
  });

  it('is nothing where the text has no figure, a goal only, or a measure that the chart does not have', () => {
    expect(soap({ assessment: 'Diabetes, stable.', plan: 'A1c in three months, goal A1c < 7%.' })).toEqual([]);
    expect(soap({ objective: 'Ferritin 4711 ng/mL.' })).toEqual([]);
    expect(soap({ objective: 'Labs 11/3: A1c 8.1.' }).length).toBe(1);
    expect(
      citedMeasures({ soap: { objective: 'A1c 8.1%' } }, { today: '2026-11-21', vitals: [], labs: [], medications: [], problems: [] }),
    ).toEqual([]);
  });

  it('is not read in what is no sentence of the draft, nor in what is no text', () => {
    const quotes = [{ ref: 'u_1', kind: 'patient_reported', text: 'My A1c was 8.1%' }];
    expect(citedMeasures({ soap: 'A1c 8.1%', quotes, warnings: ['A1c 8.1%'], body: 8.1, note: null }, chart)).toEqual([]);
  });

  it('fits what is answered', () => {
    const ids = new Map<string, string>();
    const id = (name: string) => ids.get(name) ?? ids.set(name, `00000000-0000-4000-8000-${String(ids.size).padStart(12, '0')}`).get(name);
    const measures = soap({ objective: 'BP 148/92, SpO2 98%, A1c 8.1%, TSH <0.01.' });
    expect(measures.length).toBe(4);
    for (const measure of measures)
      expect(
        CitedMeasure.safeParse({ ...measure, cited: measure.cited.map((one) => ({ ...one, record_id: id(one.record_id) })) }).success,
      ).toBe(true);
  });
});
