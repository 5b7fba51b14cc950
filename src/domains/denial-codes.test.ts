import { describe, expect, it } from 'vitest';
import { ACTIONS, codesOf, DENIAL_CLASSES, DENIALS, denialClassOf, NOT_DENIALS } from './denial-codes.ts';

describe('reason codes of payers', () => {
  it('each is of one class, or no denial, never both', () => {
    const all = [...DENIALS, ...NOT_DENIALS];
    expect(new Set(all).size).toBe(all.length);
  });

  it('the contract, the patient’s share, the payer before and the law deny nothing (trap 19)', () => {
    for (const code of ['1', '2', '3', '23', '45', '253']) {
      expect(NOT_DENIALS).toContain(code);
      expect(DENIALS).not.toContain(code);
    }
  });

  it('the common denials have the class that a biller works them by', () => {
    const classes = { 16: 'information', 18: 'duplicate', 22: 'cob', 27: 'eligibility', 29: 'timely_filing', 50: 'medical_necessity' };
    const more = { 96: 'not_covered', 97: 'coding', 109: 'cob', 151: 'medical_necessity', 197: 'authorization', 204: 'not_covered' };
    for (const [code, name] of Object.entries({ ...classes, ...more })) expect([code, denialClassOf(code)]).toEqual([code, name]);
    expect(denialClassOf('no such code')).toBe('other');
  });

  it('every class has something to do next, said in one short line', () => {
    for (const name of DENIAL_CLASSES) expect(ACTIONS[name].length).toBeLessThanOrEqual(80 * 2);
    expect(DENIAL_CLASSES.flatMap(codesOf)).toEqual(DENIALS);
  });
});
