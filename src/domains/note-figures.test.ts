import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aChart } from '../../test/builders/note-chart.ts';
import type { NoteChart, Section } from './note-chart.ts';
import { figuresOf, noteMarks } from './note-check.ts';

const chart = aChart();
const [S, O, A, P] = ['subjective', 'objective', 'assessment', 'plan'] as const;
const verdicts = (text: string, own: NoteChart) => figuresOf({ section: 'objective', text, chart: own }).map(({ verdict }) => verdict);
const TEXTS = [
  'BP 128/78, HR 90, RR 12, T 101 F, SpO2 91% RA, Wt 180 lb (81.6 kg), BMI 25.',
  'Labs 11/3: A1c 6.1 (7.0), LDL 90, Cr 2.1, eGFR >60.',
  'Metformin 500 mg, ibuprofen 400 mg; no A1c on file.',
  '52-year-old woman, DOB 1974-01-02, E78.5.',
];

describe('a figure of a note', () => {
  it('is told with the measure, what the chart says, and its day', () => {
    const [figure] = figuresOf({ section: 'objective', text: 'A1c 7.1%', chart });
    expect(figure).toMatchObject({
      measure: 'Hemoglobin A1c',
      start: 4,
      end: 8,
      verdict: 'contradicts',
      level: 'error',
      cites: { record: 'lab_result', id: 'a1c-new', on: '2026-11-03' },
    });
    expect(figure?.text).toContain('8.1 % of 2026-11-03');
  });

  it('is not contradicted by values older than the look-back', () => {
    const [figure] = figuresOf({ section: 'objective', text: 'A1c 7.1%', chart, look_back_days: 7 });
    expect(figure).toMatchObject({ verdict: 'not_in_chart', level: 'warn' });
  });

  it('of a finding that the clinician told is borne out by those words', () => {
    const exam = { section: 'objective', text: 'Lungs clear, no edema.', chart } as const;
    expect(figuresOf(exam)).toHaveLength(1);
    expect(figuresOf({ ...exam, sources: ['On exam his lungs  clear and no edema at all'] })).toEqual([]);
  });

  it('of an empty chart contradicts nothing', () => {
    const empty: NoteChart = { today: '2026-11-21', vitals: [], labs: [], medications: [], problems: [] };
    for (const text of TEXTS) {
      expect(figuresOf({ section: 'objective', text, chart: empty }).filter(({ level }) => level === 'error')).toEqual([]);
    }
  });
});

describe('whatever is written', () => {
  const piece = fc.oneof(
    fc.constantFrom(...TEXTS),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'BP ',
      'A1c ',
      '148/92',
      ' goal ',
      '8.1',
      ' → ',
      '\n',
      '2026-11-03',
      'metformin ',
      ' mg',
      '(',
      ')',
      '...',
      '😀',
      'é',
      '-',
      'to 9',
    ),
  );
  const note = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  it('figures lie in the text, in order, and a mark has a reason', () => {
    fc.assert(
      fc.property(note, fc.constantFrom<Section>(S, O, A, P), (text, section) => {
        const figures = figuresOf({ section, text, chart });
        for (const { start, end, level, text: said } of figures) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(start).toBeLessThan(end);
          expect(level === undefined).toBe(said === undefined);
        }
        expect(figures.map(({ start }) => start)).toEqual(figures.map(({ start }) => start).toSorted((a, b) => a - b));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('a pressure is cited exactly when the chart has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 70, max: 230 }), fc.integer({ min: 40, max: 130 }), (systolic, diastolic) => {
        const [figure] = figuresOf({ section: 'objective', text: `BP today ${systolic}/${diastolic}.`, chart });
        const has = chart.vitals.some((row) => row.systolic === systolic && row.diastolic === diastolic);
        expect(figure?.verdict).toBe(has ? 'cited' : 'contradicts');
      }),
      { seed: 8 },
    );
  });

  it('a chart value, rounded to any digits and in any of its units, is cited', () => {
    fc.assert(
      fc.property(fc.double({ min: 40, max: 200, noNaN: true }), fc.integer({ min: 0, max: 2 }), fc.boolean(), (kg, digits, inPounds) => {
        const own = aChart({
          vitals: [{ vital_sign_id: 'w', kind: 'weight', value: kg, unit: 'kg', taken_at: '2026-11-21T09:00:00-05:00' }],
        });
        const text = `Weight ${(inPounds ? kg / 0.45359237 : kg).toFixed(digits)} ${inPounds ? 'lb' : 'kg'}`;
        expect(verdicts(text, own)).toEqual(['cited']);
      }),
      { seed: 9 },
    );
    fc.assert(
      fc.property(fc.double({ min: 4, max: 15, noNaN: true }), fc.integer({ min: 0, max: 2 }), (a1c, digits) => {
        const own = aChart({
          labs: [{ lab_result_id: 'a', loinc: '4548-4', name: 'A1c', value: a1c, unit: '%', collected_at: '2026-11-03T08:00:00-05:00' }],
        });
        expect(verdicts(`A1c ${a1c.toFixed(digits)}%`, own)).toEqual(['cited']);
      }),
      { seed: 10 },
    );
  });

  it('a goal is never a value, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 4, max: 15, noNaN: true }),
        fc.constantFrom('Goal A1c ', 'A1c goal is ', 'Target A1c of ', 'Keep A1c at ', 'Aim for A1c < '),
        (a1c, words) => {
          expect(figuresOf({ section: 'plan', text: `${words}${a1c.toFixed(1)}%`, chart })).toEqual([]);
        },
      ),
      { seed: 11 },
    );
  });
});

describe('a whole note', () => {
  it('is told its marks section by section, and refuses what the chart contradicts or names another', () => {
    const soap = {
      subjective: 'Takes metformin 500 mg. Came with Ben Ruiz.',
      objective: 'BP 148/92. A1c 8.1%.',
      assessment: 'T2DM (E11.65).',
      plan: 'Increase metformin to 1500 mg.',
    };
    const marks = noteMarks({ soap, chart, own_names: ['Ada Okafor'], other_names: ['Ben Ruiz', 'Cora Lind'] });
    expect(marks.map(({ section, start, end, level }) => [level, soap[section].slice(start, end)])).toEqual([
      ['error', '500 mg'],
      ['error', 'Ben Ruiz'],
      ['warn', '1500 mg'],
    ]);
    expect(JSON.stringify(marks)).not.toContain('Ruiz');
  });
});
