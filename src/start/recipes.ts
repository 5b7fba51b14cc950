// `attending recipes …`: how an operator takes in what a vendor's changed page asks for, tries it at one clinic and takes it back, without a release of the program.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { expectedOf } from '../connections/contract-shape.ts';
import { sentenceOf } from '../connections/differences.ts';
import { judge } from '../connections/judge.ts';
import type { Recipe } from '../connections/recipe.ts';
import { type Delivery, openRecipeDesk, type RecipeDesk } from '../connections/recipe-books.ts';
import { type Asked, asAdmin } from './commands.ts';

const HOW =
  'Say what: attending recipes list, deliver <file>, approve <vendor>.<surface>@<version> [--clinic <id>], take-back <vendor>.<surface>, or pin <name>:<key>.';

export async function recipesCommand(asked: Asked): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...asked.args],
    options: { clinic: { type: 'string', multiple: true } },
    allowPositionals: true,
  });
  const [what = '', which = ''] = positionals;
  const act = Object.hasOwn(ACTS, what) ? ACTS[what] : undefined;
  if (!act || (what !== 'list' && which === '')) throw new Error(HOW);
  await asAdmin(asked, async (admin) => act({ desk: openRecipeDesk(admin), which, clinics: values.clinic, print: asked.print }));
}

interface Act {
  desk: RecipeDesk;
  which: string;
  clinics: readonly string[] | undefined;
  print: (line: string) => void;
}

const ACTS: Record<string, (act: Act) => Promise<void>> = {
  async list({ desk, print }) {
    const [recipes, keys] = [await desk.list(), await desk.keys()];
    for (const recipe of recipes) print(line(recipe));
    if (recipes.length === 0) print('No recipe was delivered: every surface is held to the contract of the program.');
    print(keys.length === 0 ? 'No key is pinned: no recipe can be delivered.' : `Pinned keys: ${keys.join(', ')}`);
  },
  async deliver({ desk, which, print }) {
    const read = await desk.deliver(await readFile(which));
    if ('refused' in read) throw new Error(`Refused. ${read.says}${read.where === undefined ? '' : ` (${read.where})`}`);
    const name = nameOf(read.recipe);
    print(`Delivered: ${name}. Nobody uses it yet. To try it at one clinic: attending recipes approve ${name}`);
  },
  async approve({ desk, which, clinics, print }) {
    const [, vendor = '', surface = '', version = ''] = /^([a-z0-9_]+)\.([a-z0-9_]+)@([1-9]\d{0,8})$/.exec(which) ?? [];
    if (vendor === '') throw new Error(`${which} is not <vendor>.<surface>@<version>. attending recipes list names them.`);
    const recipe = await desk.bundle({ vendor, surface }, Number(version));
    if (!recipe) throw new Error(`There is no ${which} here. attending recipes list names those that were delivered.`);
    const cohort = cohortOf(await desk.clinics(vendor), clinics);
    const { tapes, broken } = await replayed(desk, recipe);
    if (broken.length > 0)
      throw new Error(
        `Not approved: the newest tape of its surface does not fit it, at ${broken.length} of ${tapes} clinics. ${broken[0]}`,
      );
    const now = await desk.feed(
      recipe,
      { is: 'approved', version: recipe.version },
      cohort.map(({ tenant_id }) => tenant_id),
    );
    if (!now) throw new Error(`${which} does not wait to be tried. ${await stands(desk, recipe)}`);
    print(
      tapes === 0
        ? 'There is no tape of this surface to try it on.'
        : `Tried on the newest tape of ${tapes} ${tapes === 1 ? 'clinic' : 'clinics'}: it fits.`,
    );
    print(
      `On trial: ${which}, at ${cohort.map(({ name }) => name).join(', ')}. After twenty clean looks there it is used by all; if it breaks, it is taken back by itself.`,
    );
  },
  async 'take-back'({ desk, which, print }) {
    const [, vendor = '', surface = ''] = /^([a-z0-9_]+)\.([a-z0-9_]+)$/.exec(which) ?? [];
    if (vendor === '') throw new Error(`${which} is not <vendor>.<surface>. attending recipes list names them.`);
    const now = await desk.feed({ vendor, surface }, { is: 'taken_back' });
    if (!now) throw new Error(`Of ${which} nothing is on trial or in force. Nothing was taken back.`);
    const { active, taken_back } = now.state;
    print(`Taken back: ${which}@${taken_back} and what is older never returns.`);
    print(active === null ? 'The contract of the program is used again.' : `In force: ${which}@${active}.`);
  },
  async pin({ desk, which, print }) {
    const [, name = '', x = ''] = /^([A-Za-z0-9_-]{1,40}):([A-Za-z0-9_-]{43})$/.exec(which) ?? [];
    if (x === '')
      throw new Error('A key is its name and its 32 public bytes in base64url: recipes-2026:<43 characters>. Ask who makes the recipes.');
    if (!(await desk.pin(name, x))) throw new Error(`A key of this name, or this key, is pinned already. Nothing was changed.`);
    print(`Pinned: ${name}. What it signs can be delivered here from now on.`);
  },
};

const nameOf = ({ vendor, surface, version }: Pick<Recipe, 'vendor' | 'surface' | 'version'>) => `${vendor}.${surface}@${version}`;

function line({ vendor, surface, state: { delivered, canary, active, taken_back }, cohort, stood }: Delivery): string {
  const told = [
    active === null ? 'in force: the program’s own' : `in force: ${active}`,
    ...(canary === null ? [] : [`on trial: ${canary}, stood at ${stood.length} of ${cohort.length} clinics`]),
    ...(delivered === null ? [] : [`waits for approval: ${delivered}`]),
    ...(taken_back === 0 ? [] : [`taken back up to: ${taken_back}`]),
  ];
  return `${`${vendor}.${surface}`.padEnd(40)} ${told.join('; ')}`;
}

async function stands(desk: RecipeDesk, { vendor, surface }: Recipe): Promise<string> {
  const found = (await desk.list()).find((each) => each.vendor === vendor && each.surface === surface);
  return found ? `It stands so: ${line(found).trim()}` : '';
}

/** Those that were named; where none was, the one that has had an account there longest. */
function cohortOf(there: readonly { tenant_id: string; name: string }[], named: readonly string[] | undefined) {
  const [first] = there;
  if (!first) throw new Error('No clinic has a connection to this vendor, so that nobody can try it.');
  if (named === undefined) return [first];
  const unknown = named.filter((id) => !there.some(({ tenant_id }) => tenant_id === id));
  if (unknown.length > 0)
    throw new Error(`No clinic with a connection to this vendor has the id ${unknown.join(', ')}. attending users lists the clinics.`);
  return there.filter(({ tenant_id }) => named.includes(tenant_id));
}

/** What the recipe says of the newest tape of each clinic: on a tape is what could not be read before. */
async function replayed(desk: RecipeDesk, recipe: Recipe): Promise<{ tapes: number; broken: string[] }> {
  const tapes = await desk.tapes(recipe);
  const expected = expectedOf(recipe.contract);
  const broken = tapes.flatMap(({ tape }) => {
    const { url, response } = JSON.parse(tape) as { url: string; response: { body: string | null } };
    const [gravest] = judge(response.body ?? '', expected, { url }).differences;
    return gravest?.severity === 'break' ? [sentenceOf(gravest)] : [];
  });
  return { tapes: tapes.length, broken };
}
