// `attending recipes …`: how an operator takes in what a vendor's changed page asks for, tries it at one clinic and takes it back, without a release of the program.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Expected, expectedOf } from '../connections/contract-shape.ts';
import { type Difference, sentenceOf, UNREADABLE } from '../connections/differences.ts';
import { judge } from '../connections/judge.ts';
import { type KeptPage, openedPage, tapedPage } from '../connections/raw-books.ts';
import type { Recipe } from '../connections/recipe.ts';
import { type Delivery, openRecipeDesk, type RecipeDesk } from '../connections/recipe-books.ts';
import { openFolderVault } from '../connections/vault.ts';
import { openPool } from '../db/pool.ts';
import { type Asked, asAdmin } from './commands.ts';
import type { Database } from './database.ts';

const HOW =
  'Say what: attending recipes list, deliver <file>, approve <vendor>.<surface>@<version> [--clinic <id>] [--although-it-breaks], take-back <vendor>.<surface>, or pin <name>:<key>.';

export async function recipesCommand(asked: Asked): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...asked.args],
    options: { clinic: { type: 'string', multiple: true }, 'although-it-breaks': { type: 'boolean' } },
    allowPositionals: true,
  });
  const [what = '', which = ''] = positionals;
  const act = Object.hasOwn(ACTS, what) ? ACTS[what] : undefined;
  if (!act || (what !== 'list' && which === '')) throw new Error(HOW);
  const goes_on = values['although-it-breaks'] ?? false;
  await asAdmin(asked, async (admin, database) =>
    act({
      desk: openRecipeDesk(admin),
      which,
      clinics: values.clinic,
      goes_on,
      opened: (pages) => openedPages(pages, { asked, database }),
      print: asked.print,
    }),
  );
}

interface Act {
  desk: RecipeDesk;
  which: string;
  clinics: readonly string[] | undefined;
  /** Although it breaks on a page that is kept. */
  goes_on: boolean;
  opened: (pages: readonly KeptPage[]) => Promise<Opened[]>;
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
  async approve({ desk, which, clinics, goes_on, opened, print }) {
    const [, vendor = '', surface = '', version = ''] = /^([a-z0-9_]+)\.([a-z0-9_]+)@([1-9]\d{0,8})$/.exec(which) ?? [];
    if (vendor === '') throw new Error(`${which} is not <vendor>.<surface>@<version>. attending recipes list names them.`);
    const recipe = await desk.bundle({ vendor, surface }, Number(version));
    if (!recipe) throw new Error(`There is no ${which} here. attending recipes list names those that were delivered.`);
    const there = cohortOf(await desk.clinics(vendor), clinics);
    const cohort = there.map(({ tenant_id }) => tenant_id);
    const pages = await opened(await desk.pages(recipe, cohort));
    const broken = there.flatMap(({ tenant_id, name }) => {
      const said = breaksIn(
        recipe,
        pages.filter((page) => page.tenant_id === tenant_id),
      );
      return said.length > 0 ? [`${name}: ${said.join(' ')}`] : [];
    });
    const taped = pages.filter(({ is_taped }) => is_taped).length;
    const blanked =
      taped === 0
        ? []
        : [`At ${taped} of them the page itself could not be opened: its tape was taken, on which what the vendor calls anew is blanked.`];
    const fits = `${broken.length} of ${pages.length} ${pages.length === 1 ? 'clinic' : 'clinics'}`;
    if (broken.length > 0 && !goes_on)
      throw new Error(
        `Not approved: the page as it was seen last does not fit it, at ${fits}. If it is to be tried all the same, add --although-it-breaks.\n${[...broken, ...blanked].join('\n')}`,
      );
    const now = await desk.feed(recipe, { is: 'approved', version: recipe.version }, { cohort, pages: pages.length, breaks: broken });
    if (!now) throw new Error(`${which} does not wait to be tried. ${await stands(desk, recipe)}`);
    if (pages.length === 0) print('No page of these clinics is kept that broke what is in force: it was tried on nothing.');
    else if (broken.length > 0) print(`It does not fit the page as it was seen last, at ${fits}. That is on record.\n${broken.join('\n')}`);
    else print(`Tried on the page as it was seen last, at ${pages.length} ${pages.length === 1 ? 'clinic' : 'clinics'}: it fits.`);
    for (const line of blanked) print(line);
    print(
      `On trial: ${which}, at ${there.map(({ name }) => name).join(', ')}. After twenty clean looks there it is used by all; if it breaks, it is taken back by itself.`,
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

interface Opened {
  tenant_id: string;
  body: string;
  url: string;
  /** Only its tape could be had. */
  is_taped: boolean;
}

/** The pages as they came, out of the clinics' vaults; where they are not to be had, as they are on their tapes. */
async function openedPages(pages: readonly KeptPage[], { asked, database }: { asked: Asked; database: Database }): Promise<Opened[]> {
  const taped = (page: KeptPage): Opened => ({ tenant_id: page.tenant_id, ...tapedPage(page), is_taped: true });
  const { keeper } = database;
  if (!keeper || pages.every(({ raw_sha256 }) => raw_sha256 === null)) return pages.map(taped);
  const { where, random, print } = asked;
  const pool = openPool(keeper, { max: 2, failed: () => {} });
  try {
    const folder = await openFolderVault({ data_folder: where.data_folder, pool, random }).catch((error: Error) => {
      print(error.message);
    });
    if (!folder) return pages.map(taped);
    const parts = { pool, random, vault: folder.vault };
    return await Promise.all(
      pages.map(async (page) => {
        const opened = await openedPage(page, parts);
        return opened ? { tenant_id: page.tenant_id, ...opened, is_taped: false } : taped(page);
      }),
    );
  } finally {
    await pool.end();
  }
}

/** What of these pages the recipe could not be used on, in words that hold nothing of a record. */
function breaksIn({ contract }: Recipe, pages: readonly Opened[]): string[] {
  const expected = expectedOf(contract);
  return pages
    .flatMap(({ body, url }) => differencesIn(body, expected, url))
    .filter(({ severity }) => severity === 'break')
    .map(sentenceOf);
}

function differencesIn(body: string, expected: Expected, url: string): readonly Difference[] {
  try {
    return judge(body, expected, { url }).differences;
  } catch {
    return [UNREADABLE];
  }
}
