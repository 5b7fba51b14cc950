import { describe, expect, it } from 'vitest';
import { readValue } from './lab-values.ts';
import { ucumOf } from './units.ts';

describe('a unit', () => {
  it.each([
    ['K/uL', '6690-2', '10*3/uL'], // trap 4: to UCUM alone this is kelvin per microlitre
    ['x10E3/uL', '777-3', '10*3/uL'],
    ['Thousand/uL', '777-3', '10*3/uL'],
    ['K/µL', '777-3', '10*3/uL'],
    ['M/uL', '789-8', '10*6/uL'],
    ['MG/DL', '2345-7', 'mg/dL'],
    ['mEq/L', '2823-3', 'meq/L'],
    ['IU/L', '1742-6', 'U/L'],
    ['mIU/L', '3016-3', 'm[IU]/L'],
    ['uIU/mL', '3016-3', 'u[IU]/mL'],
    ['mIU/mL', '10501-5', 'm[IU]/mL'],
    ['mL/min/1.73 m2', '98979-8', 'mL/min/{1.73_m2}'],
    ['mL/min/{1.73_m2}', '98979-8', 'mL/min/{1.73_m2}'],
    ['mcg/dL', '2143-6', 'ug/dL'],
    ['mg/g creat', '9318-7', 'mg/g'],
    ['ng/dL', '2986-8', 'ng/dL'],
    ['mg/dL (calc)', '13457-7', 'mg/dL'],
    ['(calc)', '3097-3', '{ratio}'],
    ['%', '4544-3', '%'],
  ])('%s of %s is %s', (raw, loinc, ucum) => {
    expect(ucumOf(raw, loinc)).toBe(ucum);
  });

  it('of an A1c in mmol/mol is never a per cent (trap 4)', () => {
    expect(ucumOf('mmol/mol', '59261-8')).toBe('mmol/mol');
    expect(ucumOf('mmol/mol', '4548-4')).toBe('mmol/mol');
    expect(ucumOf('%', '4548-4')).toBe('%');
  });

  it('of another property than the code says is quoted, not bent (trap 6)', () => {
    expect(ucumOf('nmol/L', '2986-8')).toBe('nmol/L');
    expect(ucumOf('K/uL', '2345-7')).toBeUndefined();
  });

  it('without a code is read where it can mean one thing only', () => {
    expect(ucumOf('K/uL', undefined)).toBe('10*3/uL');
    expect(ucumOf('mg/dl', undefined)).toBe('mg/dL');
    expect(ucumOf('IU/L', undefined)).toBeUndefined();
    expect(ucumOf('furlongs', '2345-7')).toBeUndefined();
  });
});

describe('a printed value', () => {
  it.each([
    ['12', { value: '12' }],
    [' 5.40 ', { value: '5.40' }],
    ['.8', { value: '.8' }],
    ['1,250', { value: '1250' }],
    ['<0.01', { value: '0.01', comparator: '<' }],
    ['> 60', { value: '60', comparator: '>' }],
    ['>=1500', { value: '1500', comparator: '>=' }],
    ['≤5', { value: '5', comparator: '<=' }],
    ['1:80', { value_text: '1:80' }],
    ['5-10', { value_text: '5-10' }],
    ['1,5', { value_text: '1,5' }],
    ['1e3', { value_text: '1e3' }],
    ['12 H', { value_text: '12 H' }],
    ['see note', { value_text: 'see note' }],
    ['Negative', { value_text: 'Negative' }],
    ['QNS', { value_text: 'QNS', cancelled: true }],
    ['hemolyzed', { value_text: 'hemolyzed', cancelled: true }],
  ])('%j is read strictly', (printed, read) => {
    expect(readValue(printed)).toEqual(read);
  });
});
