import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { SURFACES } from '../../test/simulator/drift-surfaces.ts';
import { chanceOf } from '../../test/simulator/world.ts';
import { normalized, type Row, VALUES_SHIFTED } from './normalize.ts';
import { atPointer, Fact, leavesOf, pointerOf, RawBlob, rawBlob, unresolvedLeaves } from './provenance.ts';

const { results } = SURFACES;
const FROM = {
  vendor: 'invented',
  surface: 'results',
  recipe_version: 4,
  fetched_at: '2026-11-20T14:00:00Z',
  http_date: 'Fri, 20 Nov 2026 14:00:01 GMT',
  epoch: 2,
  operation_id: 'op-1',
};
function read(body: string, shifted: string[] = []): { raw: RawBlob; rows: Row[] } {
  const { expected, mapping } = results;
  if (expected.of !== 'json' || !mapping) throw new Error('results are JSON');
  const raw = rawBlob(Buffer.from(body), FROM);
  return { raw, rows: normalized(JSON.parse(body), { expected, mapping, raw, shifted }) };
}
const aResult = (fields: object) => ({
  resource: {
    ...{
      resourceType: 'Observation',
      id: '4711',
      status: 'final',
      subject: { reference: 'Patient/9' },
      effectiveDateTime: '2026-03-04T10:00:00Z',
    },
    ...{
      code: { coding: [{ system: 'http://loinc.org', code: '2345-7', display: 'Glucose' }] },
      valueQuantity: { value: 104.5, unit: 'mg/dL' },
    },
    ...fields,
  },
});
const page = (...entry: object[]) => JSON.stringify({ resourceType: 'Bundle', total: entry.length, entry });

describe('a fact', () => {
  it('says the bytes, the place in them, when it was so, and the words of the vendor', () => {
    const { raw, rows } = read(page(aResult({}), aResult({ id: '4712' })));
    expect(rows[1]?.values).toMatchObject({ result_id: '4712', value: 104.5, loinc: '2345-7' });
    expect(rows[1]?.facts.value).toEqual({
      raw_sha256: raw.raw_sha256,
      json_pointer: '/entry/1/resource/valueQuantity/value',
      mapping_version: 3,
      source_time: '2026-03-04T10:00:00Z',
      fetched_at: '2026-11-20T14:00:00Z',
      unit_raw: 'mg/dL',
      code_raw: '2345-7',
      display_raw: 'Glucose',
      assumptions: [],
    });
    expect(() => RawBlob.parse(raw)).not.toThrow();
    for (const fact of Object.values(rows[0]?.facts ?? {})) expect(() => Fact.parse(fact)).not.toThrow();
  });

  it('is not made of what the contract does not understand, and of nothing else less', () => {
    const { rows } = read(page(aResult({ status: 'odd', valueQuantity: { value: 5, unit: 'stone' } }), aResult({ issued: '3/4/2026' })));
    expect(rows[0]?.unmapped).toEqual(['status', 'value']);
    expect(rows[0]?.values).not.toHaveProperty('value');
    expect(rows[1]?.unmapped).toEqual(['reported_at']);
    expect(rows[1]?.values).toMatchObject({ status: 'final', value: 104.5 });
  });

  it('is not chosen where there are several', () => {
    const { rows } = read(page(aResult({ code: { coding: [{ code: '2345-7' }, { code: '2339-0' }] } })));
    expect(rows[0]?.unmapped).toEqual(['loinc', 'value']);
  });

  it('says that the values of its field have shifted', () => {
    const { rows } = read(page(aResult({})), ['$.entry[].resource.valueQuantity.value']);
    expect(rows[0]?.facts.value?.assumptions).toEqual([VALUES_SHIFTED]);
    expect(rows[0]?.facts.loinc?.assumptions).toEqual(['first_coding_is_loinc']);
  });

  verifies('wires:facts-lead-to-bytes', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const body = results.page(chanceOf(seed));
      const { raw, rows } = read(body);
      const again = read(body);
      expect(again.rows).toEqual(rows);
      const answer = { as_of: '2026-11-20', rows: rows.map(({ values }) => values) };
      const factsOf = (leaf: string) => {
        const [, , row, field] = leaf.split('/');
        const fact = rows[Number(row)]?.facts[field as string];
        return fact ? [fact] : [];
      };
      const kept = {
        factsOf,
        rawOf: (): Buffer | undefined => Buffer.from(body),
        knowsMapping: (version: number): boolean => version === 3,
        isOurs: (leaf: string): boolean => leaf === '/as_of',
      };
      expect(unresolvedLeaves(answer, kept)).toEqual([]);
      for (const { values, facts } of rows)
        for (const [name, value] of Object.entries(values))
          expect(atPointer(JSON.parse(body), facts[name]?.json_pointer ?? '')).toBe(value);
      if (rows.length === 0) continue;

      const whys = (change: Partial<typeof kept>) => new Set(unresolvedLeaves(answer, { ...kept, ...change }).map(({ why }) => why));
      expect(whys({ rawOf: () => undefined })).toEqual(new Set(['bytes are not kept'] as const));
      expect(whys({ rawOf: () => Buffer.from(`${body} `) })).toEqual(new Set(['bytes are not what they were'] as const));
      expect(whys({ knowsMapping: () => false })).toEqual(new Set(['mapping is not known'] as const));
      expect(whys({ isOurs: () => false })).toEqual(new Set(['no fact'] as const));
      expect(whys({ factsOf: (leaf) => factsOf(leaf).map((fact) => ({ ...fact, json_pointer: `${fact.json_pointer}/x` })) })).toEqual(
        new Set(['nothing at the pointer'] as const),
      );
      expect(raw.raw_sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

describe('a pointer', () => {
  it('finds what RFC 6901 says that it finds', () => {
    const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'm~n': 8, ' ': 7 };
    expect(atPointer(document, '')).toBe(document);
    for (const [pointer, value] of [
      ['/foo/0', 'bar'],
      ['/', 0],
      ['/a~1b', 1],
      ['/m~0n', 8],
      ['/ ', 7],
    ] as const)
      expect(atPointer(document, pointer)).toBe(value);
    for (const pointer of ['/foo/2', '/foo/-1', '/foo/00', '/foo/length', '/constructor', 'foo', '/__proto__'])
      expect(atPointer(document, pointer)).toBeUndefined();
    expect(pointerOf(['a/b', 'm~n', 0])).toBe('/a~1b/m~0n/0');
    for (const leaf of leavesOf(document)) expect(atPointer(document, leaf)).toBeDefined();
  });
});
