// Delivered recipes in PostgreSQL: as the process asks that works the clinics' accounts (app_keeper), and as an operator does who delivers, approves and takes back (the migrator).
// A bundle's signature is checked when it is delivered, and again by each process that uses it.
import { type Admin, type Pool, query } from '../db/pool.ts';
import type { ContractState } from './contract.ts';
import type { RecipesInUse } from './contract-keeper.ts';
import type { KeptPage } from './raw-books.ts';
import { pinnedKey, type Read, type Recipe, readBundle } from './recipe.ts';
import { type DeliveryEvent, type DeliveryState, heldIn, NOTHING_DELIVERED, stepDelivery } from './recipe-delivery.ts';

type Surface = Pick<Recipe, 'vendor' | 'surface'>;
type Keys = Parameters<typeof readBundle>[1]['keys'];

/** How the recipes of a surface stand. */
export interface Delivery extends Surface {
  readonly revision: number;
  readonly state: DeliveryState;
  /** The clinics that try what is tried, and those of them where its contract has stood its trial. */
  readonly cohort: readonly string[];
  readonly stood: readonly string[];
}

const keysOf = (rows: readonly { key_id: string; x: string }[]): Keys => new Map(rows.map(({ key_id, x }) => [key_id, pinnedKey(x)]));
/** Where nothing was delivered and nothing taken back. */
const ALL_NEW = { in_use: [], taken_back: 0 };

/** The recipes that this clinic is to use. `pool`: of app_keeper. */
export function openRecipes(pool: Pool, { tenant_id }: { tenant_id: string }): RecipesInUse {
  const read = new Map<string, Recipe>();

  const load = async ({ vendor, surface }: Surface, version: number): Promise<Recipe> => {
    const [row] = await query<{ bytes: Buffer | null }>(pool, 'select app.recipe_bundle($1, $2, $3) as bytes', [vendor, surface, version]);
    const keys = keysOf(await query<{ key_id: string; x: string }>(pool, 'select * from app.recipe_keys()'));
    const opened: Read = readBundle(row?.bytes ?? Buffer.alloc(0), { keys, heldOf: () => ALL_NEW });
    const isIt =
      'recipe' in opened && opened.recipe.vendor === vendor && opened.recipe.surface === surface && opened.recipe.version === version;
    if (!isIt)
      throw new Error(
        `The delivered recipe ${vendor}.${surface}@${version} is not what was delivered. Take it back, and deliver it again.`,
      );
    return opened.recipe;
  };

  return {
    async inUse({ vendor, surface }) {
      const [row] = await query<{ version: number | null }>(pool, 'select app.recipe_in_use($1, $2, $3) as version', [
        tenant_id,
        vendor,
        surface,
      ]);
      if (row?.version == null) return undefined;
      const key = `${vendor} ${surface} ${row.version}`;
      const recipe = read.get(key) ?? (await load({ vendor, surface }, row.version));
      read.set(key, recipe);
      return recipe;
    },
    async stands({ vendor, surface, version }, standing: ContractState['standing']) {
      if (standing !== 'quarantined' && standing !== 'active' && standing !== 'suspect') return;
      const [delivery] = await query<Delivery>(pool, 'select * from app.recipe_deliveries($1, $2)', [vendor, surface]);
      if (!delivery || delivery.state.canary !== version || !delivery.cohort.includes(tenant_id)) return;
      if (standing !== 'quarantined' && delivery.stood.length < delivery.cohort.length) return;
      const { state } = stepDelivery(delivery.state, { is: standing === 'quarantined' ? 'broke' : 'proven', version });
      // Whoever was faster has ended it, or a person has: what counts is in the books.
      await query(pool, 'select app.end_recipe_trial($1, $2, $3, $4)', [vendor, surface, delivery.revision + 1, JSON.stringify(state)]);
    },
  };
}

/** The recipes of this installation, for an operator. */
export interface RecipeDesk {
  list(): Promise<Delivery[]>;
  keys(): Promise<string[]>;
  /** Pins a public key; false: it, or its name, is pinned already. Throws for what is no key. */
  pin(key_id: string, x: string): Promise<boolean>;
  /** Takes a bundle in, or says why not; where it is refused nothing of it is kept. */
  deliver(bytes: Buffer): Promise<Read>;
  bundle(of: Surface, version: number): Promise<Recipe | undefined>;
  /** `trial`: of what is approved, and kept with it. Undefined: it has no meaning now. */
  feed(of: Surface, event: Extract<DeliveryEvent, { is: 'approved' | 'taken_back' }>, trial?: Trial): Promise<Delivery | undefined>;
  /** The clinics with a connection to a vendor, the oldest first. */
  clinics(vendor: string): Promise<{ tenant_id: string; name: string }[]>;
  /** Of each of these clinics the newest page that is looked at and broke the contract which is in force, or one that was tried since. */
  pages(of: Surface, cohort: readonly string[]): Promise<KeptPage[]>;
}

/** The clinics that try a recipe, on how many pages it was tried before, and in words what of them breaks it. */
export interface Trial {
  readonly cohort: readonly string[];
  readonly pages: number;
  readonly breaks: readonly string[];
}

export function openRecipeDesk(admin: Admin): RecipeDesk {
  const rows = async <R extends object>(sql: string, values: unknown[] = []) => (await admin.query<R>(sql, values)).rows;
  const keys = () => rows<{ key_id: string; x: string }>('select * from app.recipe_keys()');
  const standing = async ({ vendor, surface }: Surface): Promise<Delivery> => {
    const [delivery] = await rows<Delivery>('select * from app.recipe_deliveries($1, $2)', [vendor, surface]);
    return delivery ?? { vendor, surface, revision: 0, state: NOTHING_DELIVERED, cohort: [], stood: [] };
  };
  /** Throws where another operator was faster. */
  const store = async (
    delivery: Delivery,
    { bundle, trial }: { bundle?: { version: number; key_id: string; bytes: Buffer }; trial?: Trial | undefined },
  ): Promise<void> => {
    const { vendor, surface, revision, state, cohort } = delivery;
    const [row] = await rows<{ stored: boolean }>('select app.store_recipe_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9) as stored', [
      ...[vendor, surface, revision, JSON.stringify(state), cohort],
      ...(bundle ? [bundle.version, bundle.key_id, bundle.bytes] : [null, null, null]),
      trial ? JSON.stringify({ pages: trial.pages, breaks: trial.breaks }) : null,
    ]);
    if (!row?.stored)
      throw new Error('The recipes of this surface were changed at the same moment. Look at them again: attending recipes list.');
  };
  return {
    list: () => rows<Delivery>('select * from app.recipe_deliveries(null, null)'),
    keys: async () => (await keys()).map(({ key_id }) => key_id),
    async pin(key_id, x) {
      pinnedKey(x);
      const [row] = await rows<{ pinned: boolean }>('select app.pin_recipe_key($1, $2) as pinned', [key_id, x]);
      return row?.pinned ?? false;
    },
    async deliver(bytes) {
      const known = keysOf(await keys());
      // Nothing of it is believed before its signature fits, so that whose it is is not asked before.
      const first = readBundle(bytes, { keys: known, heldOf: () => ALL_NEW });
      if (!('recipe' in first)) return first;
      const delivery = await standing(first.recipe);
      const opened = readBundle(bytes, { keys: known, heldOf: () => heldIn(delivery.state) });
      if (!('recipe' in opened)) return opened;
      const { version } = opened.recipe;
      const { state } = stepDelivery(delivery.state, { is: 'delivered', version });
      const { key_id } = JSON.parse(bytes.toString('utf8')) as { key_id: string };
      await store({ ...delivery, revision: delivery.revision + 1, state }, { bundle: { version, key_id, bytes } });
      return opened;
    },
    async bundle({ vendor, surface }, version) {
      const [row] = await rows<{ bytes: Buffer | null }>('select app.recipe_bundle($1, $2, $3) as bytes', [vendor, surface, version]);
      const opened = row?.bytes && readBundle(row.bytes, { keys: keysOf(await keys()), heldOf: () => ALL_NEW });
      return opened && 'recipe' in opened ? opened.recipe : undefined;
    },
    async feed(of, event, trial) {
      const delivery = await standing(of);
      const { state } = stepDelivery(delivery.state, event);
      if (state === delivery.state) return undefined;
      const next = {
        ...delivery,
        revision: delivery.revision + 1,
        state,
        cohort: state.canary === null ? [] : (trial?.cohort ?? delivery.cohort),
      };
      await store(next, { trial });
      return next;
    },
    clinics: (vendor) => rows('select * from app.clinics_at($1)', [vendor]),
    pages: ({ vendor, surface }, cohort) => rows('select * from app.pages_to_try($1, $2, $3)', [vendor, surface, cohort]),
  };
}
