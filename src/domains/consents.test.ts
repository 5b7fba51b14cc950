import { describe, expect, it } from 'vitest';
import { textableNumber } from './consents.ts';

describe('a number that a text can go to', () => {
  it('is a US one, however it is written, in E.164', () => {
    for (const written of ['+18045550117', '(804) 555-0117', '804.555.0117', '1 804 555 0117'])
      expect(textableNumber(written)).toBe('+18045550117');
    expect(textableNumber('+17875550117')).toBe('+17875550117'); // Puerto Rico
  });
  it.each([
    '+18005550117',
    '+18885550117',
    '+19005550100',
    '+15005550100',
    '+14165550117',
    '+18765550117',
    '+442071838750',
    '+1804555',
    '804-555-0117 x12',
    'call me',
    '',
    null,
  ])('is not %s', (written) => expect(textableNumber(written)).toBeUndefined());
});
