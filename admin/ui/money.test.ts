import { expect, it } from 'vitest';
import { money } from './money.ts';

it('cents are told as dollars, and what is taken back with its sign', () => {
  expect([0, 5, 123_450, -1_200].map(money)).toEqual(['$0.00', '$0.05', '$1,234.50', '−$12.00']);
});
