import { describe, expect, it } from 'vitest';
import { ANALYTES, isLoinc } from './loinc.ts';
import { GRAMMARS } from './mark.ts';
import { analytesOf, PANELS } from './panels.ts';

describe('the LOINC vocabulary', () => {
  it('has no code with a wrong check digit', () => {
    const codes = [...ANALYTES.keys(), ...Object.values(PANELS).flatMap(({ codes }) => codes)];
    expect(codes.filter((code) => !isLoinc(code))).toEqual([]);
    expect(isLoinc('2345-8')).toBe(false);
    expect(isLoinc('1:80')).toBe(false);
  });

  it('names every analyte once, in at most 28 characters, as a term', () => {
    const names = [...ANALYTES.values()].map(({ name }) => name);
    expect(names.filter((name) => name.length > 28 || !GRAMMARS.term.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a panel', () => {
  it('has analytes in each of its groups', () => {
    const groups = new Set([...ANALYTES.values()].map(({ group }) => group));
    expect(Object.values(PANELS).flatMap((panel) => panel.groups.filter((group) => !groups.has(group)))).toEqual([]);
  });

  it.each(['CMP', 'cmp', ' Comprehensive Metabolic Panel ', '24323-8'])('is called %s', (name) => {
    expect(analytesOf(name)).toEqual(expect.arrayContaining(['2345-7', '1742-6', '10834-0']));
  });

  it('selects every code of an analyte, whatever the method', () => {
    expect(analytesOf('4548-4')).toEqual(analytesOf('A1c'));
    expect(analytesOf('A1c')).toContain('59261-8');
    expect(analytesOf('a1c')).not.toContain('97506-0'); // GMI is no A1c
    expect(analytesOf('LDL')).toEqual(['13457-7', '18262-6', '2089-1']);
  });

  it('takes TRT with hematocrit and PSA', () => {
    expect(analytesOf('testosterone')).toEqual(expect.arrayContaining(['2986-8', '13967-5', '2857-1', '4544-3']));
  });

  it('takes a LOINC that the house has no name for, and no word that is none', () => {
    expect(analytesOf('1754-1')).toEqual(['1754-1']);
    expect(analytesOf('1754-2')).toBeUndefined();
    expect(analytesOf('liver pannel')).toBeUndefined();
  });
});
