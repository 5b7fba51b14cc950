// The way of a vendor's writes over HTTP: each waits for its turn, is written down, and leaves once; a page that is not what we rely on stops it before.
import { type AccountLine, type Exchanged, type How, type LineParts, openLine, pacerOf } from './account-line.ts';
import { classify, type Heard, type Judged } from './classify.ts';
import type { ContractKeeper } from './contract-keeper.ts';
import { answerOf, DRIFTED, type Held, type HeldPage, heldOf, isPage, lookedAt } from './held-pages.ts';
import type { HttpRecipe, Question } from './http-recipe.ts';
import { markerOf } from './marker.ts';
import { UNHEARD } from './paced.ts';
import type { VendorRequest } from './write-books.ts';
import type { VendorDoor } from './write-keeper.ts';

export interface DoorParts extends LineParts {
  recipes: Readonly<Record<string, HttpRecipe>>;
  marker_key: Buffer;
  /** Where the recipes say what their pages are held to. */
  contracts: ContractKeeper;
}

export interface HttpDoor extends VendorDoor<VendorRequest> {
  /** Takes the looks that are due at the surfaces with a contract, while the account is ours; answers in how many ms the next one is due. */
  watch(): Promise<number>;
}

const LOOK_MS = 10_000;
const NEXT_LOOK_MS = 60_000;

/** Throws for a recipe whose budget has no pacer, or whose calls count for more than one. */
export function httpDoor(parts: DoorParts): HttpDoor {
  const { recipes, contracts } = parts;
  for (const { surface } of Object.values(recipes)) pacerOf(parts.pacers, surface);
  const line = openLine(parts);

  const recipeOf = ({ surface }: VendorRequest): HttpRecipe => {
    const recipe = recipes[surface];
    if (!recipe) throw new Error(`no recipe for ${surface}`);
    return recipe;
  };
  const markerIn = ({ write_id }: VendorRequest) => markerOf(parts.marker_key, write_id);
  const held = ({ surface, pages }: HttpRecipe): Held | undefined => pages && heldOf(surface, { contracts, pages });

  return {
    session: line.session,
    async heldBy(job) {
      const recipe = recipeOf(job);
      const is_held = held(recipe);
      if (!is_held) return undefined;
      const { of, pages } = is_held;
      if (!(await contracts.mayUse(of))) return 'CONTRACT_DRIFT';
      if (pages.looked_at.of !== 'form') return undefined;
      const read = await readLookedAt(line, recipe, is_held, job.write_id);
      if (!read) return 'AUTH_EXPIRED';
      if ('trouble' in read) return read.trouble;
      const { judged, came } = read;
      if (!came || !isPage(judged, { isLookedAt: true })) return judged.is === 'good' ? undefined : judged.trouble;
      const { passed } = await contracts.page(of, lookedAt(pages), came);
      return passed && judged.is === 'good' ? undefined : 'CONTRACT_DRIFT';
    },
    async send(job, begin, { fence }) {
      const recipe = recipeOf(job);
      const is_held = held(recipe);
      const mayUse = is_held && (() => contracts.mayUse(is_held.of));
      const passed = await line.inTurn(recipe.surface, async (start): Promise<Exchanged<string>> => {
        const begun = await begin();
        if (!begun) return { judged: null, heard: UNHEARD };
        const { attempt, for_ms } = begun;
        const how = { epoch: attempt.epoch, fence, for_ms, start, mayUse };
        return ask(line, recipe.send(job.request, markerIn(job)), how, { page: is_held && answerOf(is_held, 'sent'), of: job.write_id });
      });
      if (passed.is === 'refused') return { as: 'held', trouble: passed.trouble };
      if (passed.is === 'handed_back' || passed.value.judged === null) return { as: 'not_begun' };
      const { judged } = passed.value;
      if (judged.is === 'good') return { as: 'applied', vendor_id: judged.value };
      return judged.applied === 'no' ? { as: 'not_applied', trouble: judged.trouble } : { as: 'unknown' };
    },
    async look(job) {
      const session = line.live();
      if (!session) return 'nothing';
      const recipe = recipeOf(job);
      const is_held = held(recipe);
      const passed = await line.inTurn(recipe.surface, (start) =>
        ask(
          line,
          recipe.look(job.request, markerIn(job)),
          { ...session, for_ms: LOOK_MS, start },
          { page: is_held && answerOf(is_held, 'listed'), of: job.write_id },
        ),
      );
      const judged = passed.is === 'passed' ? passed.value.judged : null;
      if (judged?.is !== 'good') return 'nothing';
      return judged.value === 'other' ? 'other' : { there: judged.value };
    },
    async watch() {
      let next_ms = Number.POSITIVE_INFINITY;
      for (const recipe of Object.values(recipes)) {
        const is_held = held(recipe);
        if (!is_held || !line.live()) continue;
        // What goes wrong with one surface keeps no other from being looked at.
        next_ms = Math.min(next_ms, await lookedAfter(line, recipe, is_held).catch(() => NEXT_LOOK_MS));
      }
      return next_ms;
    },
  };
}

/** One request, held to the contract of its page where it is a page of the surface at all: not a login page, nor an error that the vendor reports. What breaks it proves nothing, and is
 *  never taken for proof that nothing was done. */
async function ask<T>(
  line: AccountLine,
  question: Question<T>,
  how: How,
  { page, of }: { page: HeldPage | undefined; of: string },
): Promise<Exchanged<T>> {
  const exchanged = await line.ask(question, how, of);
  const { judged, came } = exchanged;
  if (!page || !came || !isPage(judged)) return exchanged;
  const { is_clean } = await page.contracts.page(page.of, page, came);
  return is_clean ? exchanged : { ...exchanged, judged: DRIFTED };
}

/** Takes the look that is due, if one is, and answers in how many ms the next one is. */
async function lookedAfter(line: AccountLine, recipe: HttpRecipe, held: Held): Promise<number> {
  const { contracts, of, pages } = held;
  const { look, next_ms } = await contracts.lookDue(of);
  if (look === undefined) return next_ms;
  const read = await readLookedAt(line, recipe, held, `look-${look}`);
  // Where no page came, or another one than was asked for, the next look is waited for.
  if (read && 'came' in read && read.came && isPage(read.judged, { isLookedAt: true }))
    await contracts.looked(of, look, lookedAt(pages), read.came);
  return next_ms;
}

/** Reads the page that shows whether the surface is as it was. Undefined: there is no session to read it on. */
async function readLookedAt(line: AccountLine, { surface }: HttpRecipe, { pages: { looked_at } }: Held, operation_id: string) {
  const session = line.live();
  if (!session) return undefined;
  const question: Question<unknown> = {
    asked: looked_at.asked(),
    judge: (heard: Heard): Judged<unknown> => classify(looked_at.reading, heard),
  };
  const passed = await line.inTurn(surface, (start) => line.ask(question, { ...session, for_ms: LOOK_MS, start }, operation_id));
  if (passed.is === 'passed') return passed.value;
  return { trouble: passed.is === 'refused' ? passed.trouble : ('AUTH_EXPIRED' as const) };
}
