// Contracts, recipes and pages of an invented vendor, for tests of where they are kept.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { HeldSurface } from '../../src/connections/contract-books.ts';
import type { CamePage, PageOf } from '../../src/connections/contract-keeper.ts';
import { JsonContract } from '../../src/connections/contract-shape.ts';
import { Recipe, signedBundle } from '../../src/connections/recipe.ts';

export const WEIGHTS: HeldSurface = { vendor: 'practice', surface: 'weights', version: 1, effect: 'read' };

export const CONTRACT: JsonContract = JsonContract.parse({
  ...{ of: 'json', page: { items: '$.weights', total: '$.total', next: null } },
  fields: {
    '$.total': { types: ['number:integer'], required: true },
    '$.weights': { types: ['array'], required: true },
    '$.weights[].id': { types: ['string:digits'], required: true, is_id: true },
    '$.weights[].kilograms': { types: ['number:fraction'], required: false },
  },
} satisfies JsonContract);
export const ANSWER: PageOf = { as: 'answer', contract: CONTRACT, is_looked_at: true };

export const page = (body: object | string): CamePage => ({
  bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  ...{ url: new URL('https://practice.example/weights'), status: 200, content_type: 'application/json' },
  ...{ http_date: 'Sun, 22 Nov 2026 09:00:00 GMT', epoch: 3, operation_id: 'read-1' },
});
export const weights = (...kilograms: number[]) => ({
  total: kilograms.length,
  weights: kilograms.map((each, n) => ({ id: String(1000 + n), kilograms: each })),
});
/** What it says after a change that nobody was told of. */
export const CHANGED = { total: 1, weights: [{ number: '1000', kilograms: 70.5 }] };

export interface Signer {
  key_id: string;
  /** The public half, as it is pinned. */
  x: string;
  bundle(version: number, more?: Partial<Recipe>): Buffer;
}

/** Somebody who makes recipes. */
export function aSigner(key_id: string): Signer {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ed25519');
  const recipe = (version: number): Recipe =>
    Recipe.parse({ schema: 1, vendor: 'practice', surface: 'weights', version, effect: 'read', contract: CONTRACT, mapping: null });
  return {
    key_id,
    x: publicKey.export({ format: 'jwk' }).x as string,
    bundle: (version, more = {}) => signedBundle({ ...recipe(version), ...more }, { key_id, key: privateKey }),
  };
}
