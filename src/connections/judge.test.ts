import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { SURFACES } from '../../test/simulator/drift-surfaces.ts';
import { survivorsIn } from '../../test/simulator/survivors.ts';
import { aPatientOf, BODIES, plantedOf } from '../../test/simulator/tape-plants.ts';
import { chanceOf } from '../../test/simulator/world.ts';
import { expectedOf, JsonContract } from './contract-shape.ts';
import { sentenceOf } from './differences.ts';
import { fingerprintOfHtml } from './html-fingerprint.ts';
import { judge } from './judge.ts';

const sentences = (body: string, surface: keyof typeof SURFACES): string[] =>
  judge(body, SURFACES[surface].expected, { url: SURFACES[surface].url }).differences.map(sentenceOf);
const changed = (surface: keyof typeof SURFACES, change: (document: Record<string, never>) => void): string => {
  const document = JSON.parse(SURFACES[surface].page(chanceOf(4))) as Record<string, never>;
  change(document);
  return JSON.stringify(document);
};

describe('what is told of a page that changed', () => {
  verifies('wires:drift-told-in-words', () => {
    expect(
      sentences(
        changed('message', ({ data }: { data?: Record<string, unknown> }) => delete data?.message_id),
        'message',
      ),
    ).toContain('Stopped: $.data.message_id was always there and is missing or empty.');
    const form = SURFACES.visit.page(chanceOf(4)).replace('name="reason"', 'name="Okafor_Ada"');
    expect(sentences(form, 'visit')).toContain(
      'Stopped: visit was reason (text, required) and is a name that is not shown (text, required).',
    );

    for (let seed = 0; seed < 300; seed += 1) {
      const chance = chanceOf(seed);
      const patient = aPatientOf(chance);
      for (const [kind, surface] of [
        ['json', 'results'],
        ['json_keys', 'patients'],
        ['page', 'visit'],
      ] as const) {
        const { body } = (BODIES[kind] as (typeof BODIES)[string])({ chance, patient });
        const { expected, url } = SURFACES[surface];
        expect(survivorsIn(JSON.stringify(judge(body.toString(), expected, { url })), plantedOf(patient))).toEqual([]);
      }
      // In the very fields that the contract knows, in the action, the names and the choices of the form.
      const { family, record_number, given } = patient;
      const results = changed('results', (document: { entry?: unknown }) => {
        document.entry = [
          { resource: { id: record_number, status: family, subject: { [given]: 1, reference: `Patient/${family}` }, [family]: given } },
        ];
      });
      const form = SURFACES.visit
        .page(chance)
        .replace(/action="\/p[^"]*"/, `action="/patients/${family}/${given}?${family}=1"`)
        .replace('name="note"', `name="${family}" type="${given}"`)
        .replace('New patient', `${family} ${given}`);
      for (const [body, surface] of [
        [results, 'results'],
        [form, 'visit'],
      ] as const) {
        const verdict = judge(body, SURFACES[surface].expected, { url: SURFACES[surface].url });
        expect(verdict.differences.length).toBeGreaterThan(0);
        expect(survivorsIn(JSON.stringify([verdict, verdict.differences.map(sentenceOf)]), plantedOf(patient))).toEqual([]);
      }
    }
  });

  it('is the same fingerprint whatever the values are, and whatever order the names are in', () => {
    const { expected } = SURFACES.message;
    const body = (id: string, at: string) =>
      JSON.stringify({ status: 1, message: 'Ada', data: { message_id: id, created_at: at, state: 'stored' } });
    const turned = '{"data":{"state":"stored","created_at":"2020-01-01T00:00:00Z","message_id":"222222222"},"message":"Ben","status":1}';
    const one = judge(body('111111111', '2026-11-20T10:00:00Z'), expected, { url: '' });
    expect(judge(turned, expected, { url: '' })).toEqual(one);
    expect(Object.keys(one.fingerprint?.fields ?? {})).toEqual(Object.keys(one.fingerprint?.fields ?? {}).toSorted());
  });

  it('judges anything at all without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json({ maxDepth: 6 })), (body) => {
        for (const { expected, url } of Object.values(SURFACES)) judge(body, expected, { url });
      }),
      { seed: 9, numRuns: 300 },
    );
    const deep = `${'{"data":'.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(sentences(deep, 'message').length).toBeGreaterThan(0);
    expect(sentences('<div>'.repeat(20_000), 'visit').length).toBeGreaterThan(0);
  });
});

describe('an anchor', () => {
  const { expected, url } = SURFACES.visit;
  const anchorsOf = (change: (page: string) => string) =>
    expected.of === 'html' ? fingerprintOfHtml(change(SURFACES.visit.page(chanceOf(4))), expected, { url }).anchors : {};

  it('is found by its label and by its id', () => {
    expect(anchorsOf((page) => page).reason).toEqual({ is: 'found', lost: [] });
  });
  it('is not found when its label stands at another field', () => {
    expect(anchorsOf((page) => page.replace('for="reason"', 'for="starts"')).reason).toEqual({
      is: 'one place by its words and another by its code',
    });
  });
  it('is not found by its code alone', () => {
    expect(anchorsOf((page) => page.replace('Reason for visit', 'Something')).reason).toEqual({ is: 'found in one way only' });
  });
});

describe('a contract that could not tell a change', () => {
  it.each([
    [
      'a list that may be absent, without a total',
      { fields: { '$.entry[].id': { types: ['string:digits'], required: true } }, page: { items: '$.entry', total: null, next: null } },
    ],
    ['a next page of no type', { fields: {}, page: { items: null, total: null, next: '$.next' } }],
    [
      'a name of JavaScript',
      { fields: { '$.__proto__': { types: ['object'], required: true } }, page: { items: null, total: null, next: null } },
    ],
  ])('is refused: %s', (_, contract) => {
    expect(JsonContract.safeParse({ of: 'json', ...contract }).success).toBe(false);
  });

  it('asks for what its fields stand in, up to the list', () => {
    const { fields } = expectedOf(
      JsonContract.parse({
        of: 'json',
        fields: { '$.a.b[].c.d': { types: ['boolean'], required: true } },
        page: { items: null, total: null, next: null },
      }),
    );
    const asked = Object.fromEntries([...fields].map(([path, { required, types }]) => [path, `${types} ${required}`]));
    expect(asked).toEqual({
      $: 'object true',
      '$.a': 'object false',
      '$.a.b': 'array false',
      '$.a.b[]': 'object true',
      '$.a.b[].c': 'object true',
      '$.a.b[].c.d': 'boolean true',
    });
  });
});
