import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { zonesOfAddress, zonesOfPhone } from './area-codes.ts';

const codes = Array.from({ length: 800 }, (_, at) => String(at + 200));

describe('the table of area codes', () => {
  it('has every code that libphonenumber gives a place in the United States or Canada', () => {
    const placed = codes.filter((code) => {
      const number = parsePhoneNumberFromString(`+1${code}2345678`);
      return (
        number?.isValid() &&
        number.getType() === 'FIXED_LINE_OR_MOBILE' &&
        ['US', 'CA', 'PR', 'GU', 'MP', 'AS', 'VI'].includes(number.country ?? '')
      );
    });
    expect(placed.length).toBeGreaterThan(390);
    expect(placed.filter((code) => zonesOfPhone(`+1${code}2345678`).length === 0)).toEqual([]);
  });

  it('has none without a place', () => {
    for (const code of ['500', '521', '533', '600', '700', '710', '800', '833', '844', '855', '866', '877', '888', '900']) {
      expect(zonesOfPhone(`+1${code}2345678`)).toEqual([]);
    }
  });

  it('names zones that exist', () => {
    const states =
      'AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY PR VI GU MP AS';
    const zones = new Set([
      ...codes.flatMap((code) => zonesOfPhone(`+1${code}2345678`)),
      ...states.split(' ').flatMap((state) => zonesOfAddress({ state })),
    ]);
    for (const zone of zones) expect(() => new Intl.DateTimeFormat('en-US', { timeZone: zone })).not.toThrow();
    expect(states.split(' ').filter((state) => zonesOfAddress({ state }).length === 0)).toEqual([]);
  });
});
