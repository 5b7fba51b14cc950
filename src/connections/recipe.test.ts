import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { canonicalBytes, pinnedKey, type Read, type Recipe, readBundle, signedBundle } from './recipe.ts';
import { type DeliveryEvent, type DeliveryState, heldIn, NOTHING_DELIVERED, stepDelivery } from './recipe-delivery.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519').privateKey;
const keys = new Map([['recipes-2026', publicKey]]);

const aRecipe = (version = 7): Recipe => ({
  schema: 1,
  vendor: 'eclinicalworks',
  surface: 'lab_results',
  version,
  effect: 'read',
  contract: {
    of: 'json',
    fields: { '$.entry': { types: ['array'], required: true }, '$.entry[].id': { types: ['string:digits'], required: true, is_id: true } },
    page: { items: '$.entry', total: null, next: null },
  },
  mapping: { version: 2, rows: '$.entry', fields: { result_id: { from: '$.id', assumptions: [] } } },
});
const nothingHeld = () => ({ in_use: [], taken_back: 0 });
const read = (bytes: Buffer, heldOf: () => { in_use: number[]; taken_back: number } = nothingHeld): Read =>
  readBundle(bytes, { keys, heldOf });
const signed = (recipe = aRecipe()) => signedBundle(recipe, { key_id: 'recipes-2026', key: privateKey });
/** As somebody with the key, but without our schema, would sign. */
const forged = (recipe: unknown, key = privateKey) =>
  Buffer.from(
    JSON.stringify({ recipe, key_id: 'recipes-2026', signature: sign(null, canonicalBytes(recipe) as Buffer, key).toString('base64url') }),
  );
const why = (answer: Read) => ('refused' in answer ? answer.refused : 'taken');

describe('a recipe bundle', () => {
  verifies('wires:recipes-signed', () => {
    expect(read(signed())).toEqual({ recipe: aRecipe() });
    const bundle = JSON.parse(signed().toString()) as { recipe: Recipe; key_id: string; signature?: string };
    const altered = (change: object) => Buffer.from(JSON.stringify({ ...bundle, ...change }));

    expect(why(read(altered({ signature: undefined })))).toBe('unsigned');
    expect(why(read(altered({ signature: '' })))).toBe('unsigned');
    expect(why(read(altered({ key_id: 'another' })))).toBe('unknown_key');
    expect(why(read(altered({ recipe: aRecipe(8) })))).toBe('altered');
    expect(why(read(forged(aRecipe(), stranger)))).toBe('altered');
    expect(why(read(altered({ more: 1 })))).toBe('not_a_bundle');
    expect(why(read(Buffer.from('[]')))).toBe('not_a_bundle');
    expect(why(read(Buffer.from([0xff, 0xfe])))).toBe('not_a_bundle');
    expect(why(read(Buffer.alloc(2_000_000, 32)))).toBe('too_large');
    expect(why(read(forged({ ...aRecipe(), schema: 2 })))).toBe('unknown_schema');
    expect(why(read(forged({ ...aRecipe(), script: 'rm()' })))).toBe('not_closed');
    expect(why(read(signed(), () => ({ in_use: [], taken_back: 7 })))).toBe('taken_back');
    expect(why(read(signed(), () => ({ in_use: [], taken_back: 9 })))).toBe('taken_back');
    expect(why(read(signed(), () => ({ in_use: [7], taken_back: 0 })))).toBe('not_newer');
    expect(why(read(signed(), () => ({ in_use: [6], taken_back: 5 })))).toBe('taken');
    const { says } = read(forged({ ...aRecipe(), schema: 2 })) as { says: string };
    expect(says).toBe('It is written for another version of the program. Update the program first.');
  });

  it('with any byte changed is refused, or says the same', () => {
    const bytes = signed();
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [1, 2, 32, 128]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ bit;
        const answer = read(changed);
        if ('recipe' in answer) expect(answer.recipe).toEqual(aRecipe());
      }
    }
  });

  it('means the same in another order and with other white space', () => {
    const { signature, key_id, recipe } = JSON.parse(signed().toString()) as { signature: string; key_id: string; recipe: Recipe };
    const turned = Object.fromEntries(Object.entries(recipe).reverse());
    expect(read(Buffer.from(JSON.stringify({ signature, key_id, recipe: turned }, null, 3)))).toEqual({ recipe: aRecipe() });
  });

  it('holds nothing that can be run, and maps nothing that the contract does not speak of', () => {
    const recipe = aRecipe();
    const refused: unknown[] = [
      { ...recipe, mapping: { ...recipe.mapping, fields: { x: { from: '$.id', assumptions: [], map: 'v => v' } } } },
      { ...recipe, mapping: { ...recipe.mapping, fields: { x: { from: '$[?(@.a)]', assumptions: [] } } } },
      { ...recipe, mapping: { ...recipe.mapping, fields: { x: { from: '$.name', assumptions: [] } } } },
      { ...recipe, mapping: { ...recipe.mapping, fields: { __proto__x: { from: '$.id', assumptions: [] } } } },
      { ...recipe, contract: { ...recipe.contract, fields: { '$.entry[].__proto__.a': { types: ['array'], required: true } } } },
      { ...recipe, contract: { of: 'html', anchors: { save: { role: 'button', name: 'Save' } }, forms: {} } },
      { ...recipe, contract: { ...recipe.contract, page: { items: '$.list', total: null, next: null } } },
      { ...recipe, version: 1.5 },
    ];
    for (const each of refused)
      expect(['not_closed', 'taken']).toContain(
        why(canonicalBytes(each) ? read(forged(each)) : ({ refused: 'not_closed', says: '' } as Read)),
      );
    for (const each of refused.filter((each) => canonicalBytes(each))) expect(why(read(forged(each)))).toBe('not_closed');
  });

  it('is signed for this alone: a signature of the same bytes for another use does not fit', () => {
    const content = canonicalBytes(aRecipe()) as Buffer;
    const bare = content.subarray(content.indexOf('{'));
    const signature = sign(null, bare, privateKey).toString('base64url');
    expect(why(read(Buffer.from(JSON.stringify({ recipe: aRecipe(), key_id: 'recipes-2026', signature }))))).toBe('altered');
  });

  it('is checked against a key that was pinned as text', () => {
    const { x } = publicKey.export({ format: 'jwk' });
    expect(readBundle(signed(), { keys: new Map([['recipes-2026', pinnedKey(x as string)]]), heldOf: nothingHeld })).toEqual({
      recipe: aRecipe(),
    });
  });
});

describe('the delivery of a recipe', () => {
  const delivered = (...events: DeliveryEvent[]): DeliveryState =>
    events.reduce((state, event) => stepDelivery(state, event).state, NOTHING_DELIVERED);
  const comes = (version: number): DeliveryEvent[] => [
    { is: 'delivered', version },
    { is: 'approved', version },
    { is: 'proven', version },
  ];

  verifies('wires:recipes-roll-back', () => {
    const tried = delivered(...comes(1), { is: 'delivered', version: 2 }, { is: 'approved', version: 2 });
    expect(tried).toMatchObject({ active: 1, canary: 2 });
    const broke = stepDelivery(tried, { is: 'broke', version: 2 });
    expect(broke.state).toMatchObject({ active: 1, canary: null, taken_back: 2 });
    expect(broke.effects[0]).toEqual({ do: 'use', by: 'canary_cohort', version: 1 });

    const inForce = delivered(...comes(1), ...comes(2));
    const back = stepDelivery(inForce, { is: 'taken_back' });
    expect(back.state).toMatchObject({ active: 1, previous: null, taken_back: 2 });
    expect(back.effects[0]).toEqual({ do: 'use', by: 'all', version: 1 });
    expect(why(readBundle(signed(aRecipe(2)), { keys, heldOf: () => heldIn(back.state) }))).toBe('taken_back');
    expect(why(readBundle(signed(aRecipe(3)), { keys, heldOf: () => heldIn(back.state) }))).toBe('taken');
  });

  it('is tried only when a person says so, and taken by all only when it is proven', () => {
    expect(delivered({ is: 'delivered', version: 1 })).toMatchObject({ delivered: 1, canary: null, active: null });
    expect(delivered({ is: 'delivered', version: 1 }, { is: 'proven', version: 1 })).toMatchObject({ delivered: 1, active: null });
  });

  it('is not moved by what has no meaning', () => {
    const state = delivered(...comes(3));
    const events: DeliveryEvent[] = [
      { is: 'delivered', version: 3 },
      { is: 'approved', version: 9 },
      { is: 'proven', version: 3 },
      { is: 'broke', version: 3 },
    ];
    for (const event of events) expect(stepDelivery(state, event).state).toBe(state);
    expect(stepDelivery(NOTHING_DELIVERED, { is: 'taken_back' }).state).toBe(NOTHING_DELIVERED);
  });
});
