// Contracts, recipes and pages of an invented vendor, for tests of where they are kept.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CONTRACT_LIMITS } from '../../src/connections/contract.ts';
import { type HeldSurface, openContractBooks } from '../../src/connections/contract-books.ts';
import { type CamePage, openContractKeeper, type PageOf } from '../../src/connections/contract-keeper.ts';
import { JsonContract } from '../../src/connections/contract-shape.ts';
import { Recipe, signedBundle } from '../../src/connections/recipe.ts';
import { openPool } from '../../src/db/pool.ts';
import type { Attending } from '../app.ts';

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
export const ANSWER: PageOf = { as: 'answer', contract: CONTRACT, which: 'looked_at' };

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

/** Three things that a vendor has changed at a clinic: a write is stopped, the values of a field have shifted, and a new value is left out. Each found by the keeper itself. */
export async function aDriftedVendor({ database, admin }: Pick<Attending, 'database' | 'admin'>, tenant_id: string): Promise<void> {
  const pool = openPool(database.keeper, { max: 2, failed: () => {} });
  const failed = (error: unknown) => {
    throw error;
  };
  const keeper = openContractKeeper({
    books: openContractBooks(pool, { tenant_id }),
    ...{ failed, limits: { look_every_ms: 0, clean_looks: CONTRACT_LIMITS.clean_looks } },
  });
  const at = (surface: string, effect: 'read' | 'write' = 'read'): HeldSurface => ({
    vendor: 'eclinicalworks',
    surface,
    version: 1,
    effect,
  });
  await keeper.page(at('book_a_visit', 'write'), ANSWER, page({ ...CHANGED, list: [] }));
  const many = (kilograms: number) => page(weights(...Array.from({ length: 250 }, (_, n) => kilograms + n / 10)));
  await keeper.page(at('weights'), ANSWER, many(70));
  await admin.query('update data.contract_days set day = day - 8');
  for (let n = 0; n < CONTRACT_LIMITS.clean_looks; n += 1) {
    const { look = 0 } = await keeper.lookDue(at('weights'));
    await keeper.looked(at('weights'), look, ANSWER, many(70));
  }
  await keeper.page(at('weights'), ANSWER, many(154));
  const coded = JsonContract.parse({ ...CONTRACT, fields: { ...CONTRACT.fields, '$.weights[].unit': UNIT } });
  await keeper.page(
    at('vital_signs'),
    { ...ANSWER, contract: coded },
    page({ total: 1, weights: [{ id: '1000', kilograms: 70.5, unit: 'st' }] }),
  );
  await pool.end();
}
const UNIT = { types: ['string:text'], required: false, closed: ['kg', 'lb'] };
