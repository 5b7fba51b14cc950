// One spelling for each value (RFC 8785), so that a hash or a tag over it speaks of the value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

/** Any JSON of well-formed texts; no -0, which JSON.parse tells from 0 and the standard does not. */
const json = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** The same value with its names in another order. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, of]) => [name, turned(of)]),
  );
}

describe('canonical JSON', () => {
  it('says the whole value: what is read back is what was written, so two values never share a text', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });
  it('is the same text in whatever order the names came', () => {
    fc.assert(
      fc.property(json, (value) => canonicalJson(turned(value)) === canonicalJson(value)),
      { numRuns: 1000 },
    );
  });
  it('is what RFC 8785 §3.2.2 and §3.2.3 show', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    expect(Object.keys(JSON.parse(canonicalJson(Object.fromEntries(names.map((name) => [`_${name}`, 0])))))).toEqual(
      sorted.map((name) => `_${name}`),
    );
  });
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a function', () => 1],
    ['a hole in a list', new Array(1)],
    ['an absent value', { a: undefined }],
    ['a symbol for a name', { [Symbol('a')]: 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(TypeError);
    expect(() => canonicalJson([{ deep: value as Json }])).toThrow(TypeError);
  });
});
