import { describe, expect, it } from 'vitest';
import { figuresOf } from './lab-summary.ts';
import type { LabResult } from './labs.ts';

const at = (day: string, own: Partial<LabResult>): LabResult => ({
  loinc: '2986-8',
  name: 'Testosterone, total',
  flag: 'N',
  unit: 'ng/dL',
  collected_at: `${day}T08:00:00-05:00`,
  ...own,
});

describe('one figure an analyte', () => {
  it('never uses a value beyond the scale as a number, and counts it (trap 3)', () => {
    const rows = [at('2026-03-01', { value: 1500, comparator: '>=' }), at('2026-02-01', { value: 600 }), at('2026-01-01', { value: 400 })];
    expect(figuresOf(rows, 'average')).toEqual([
      expect.objectContaining({ analyte: 'testosterone total', value: 500, unit: 'ng/dL', n: 2, beyond_scale: 1 }),
    ]);
    expect(figuresOf(rows, 'latest')).toEqual([expect.objectContaining({ value: 1500, comparator: '>=', n: 3 })]);
    expect(figuresOf(rows, 'count')).toEqual([expect.objectContaining({ value: 3, n: 3 })]);
  });

  it('brings mixed units to one, and says which it could not read (trap 6)', () => {
    const rows = [
      at('2026-03-01', { value: 20.8, unit: 'nmol/L' }),
      at('2026-02-01', { value: 600 }),
      (({ unit: _, ...row }) => ({ ...row, unit_raw: 'furlongs' }))(at('2026-01-01', { value: 7 })),
    ];
    expect(figuresOf(rows, 'change')).toEqual([
      expect.objectContaining({ first: 600, last: 599.91, change_pct: 0, unit: 'ng/dL', n: 2, unknown_unit: 1 }),
    ]);
  });

  it('reads A1c of IFCC as NGSP per cent (trap 4)', () => {
    const rows = [
      at('2026-03-01', { loinc: '59261-8', value: 48, unit: 'mmol/mol' }),
      at('2026-02-01', { loinc: '4548-4', value: 6.5, unit: '%' }),
    ];
    expect(figuresOf(rows, 'average')).toEqual([expect.objectContaining({ analyte: 'a1c', value: 6.5215, unit: '%', n: 2 })]);
  });

  it('keeps eGFR of two equations apart: a switch is no decline (trap 5)', () => {
    const egfr = (day: string, loinc: string, value: number) => at(day, { loinc, value, unit: 'mL/min/{1.73_m2}' });
    const rows = [egfr('2026-04-01', '98979-8', 71), egfr('2026-03-01', '98979-8', 70), egfr('2026-01-01', '62238-1', 62)];
    expect(figuresOf(rows, 'change').map(({ method, value, n }) => ({ method, value, n }))).toEqual([
      { method: 'eGFR (CKD-EPI 2021)', value: 1, n: 2 },
      { method: 'eGFR (CKD-EPI 2009)', value: undefined, n: 1 },
    ]);
  });

  it('never brings lipoprotein(a) by mass and by moles together', () => {
    const rows = [
      at('2026-03-01', { loinc: '43583-4', value: 75, unit: 'nmol/L' }),
      at('2026-02-01', { loinc: '10835-7', value: 30, unit: 'mg/dL' }),
    ];
    expect(figuresOf(rows, 'average').map(({ value, unit }) => [value, unit])).toEqual([
      [75, 'nmol/L'],
      [30, 'mg/dL'],
    ]);
  });

  it('leaves out what is not final, and tells words as words', () => {
    const rows = [
      at('2026-03-01', { value: 9, status: 'preliminary' }),
      at('2026-02-01', { value_text: 'QNS', status: 'cancelled' }),
      at('2026-01-01', { value_text: 'see note' }),
    ];
    expect(figuresOf(rows, 'latest')).toEqual([expect.objectContaining({ value_text: 'see note', n: 1 })]);
    expect(figuresOf(rows, 'average')).toEqual([expect.objectContaining({ n: 0 })]);
  });
});
