import { expect, it } from 'vitest';
import { npiHolds } from './npi.ts';

// 1234567893 is the example of the CMS standard.
it.each([
  ['1234567893', true],
  ['1234567890', false],
  ['1234567894', false],
  ['1993999998', true],
  ['2234567891', true],
  ['3234567898', false],
  ['123456789', false],
  ['12345678933', false],
  ['', false],
  ['12345 7893', false],
  ['1324567893', false], // two digits changed places
])('the NPI %s holds: %s', (npi, holds) => {
  expect(npiHolds(npi)).toBe(holds);
});
