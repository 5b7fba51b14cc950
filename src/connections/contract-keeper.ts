// Holds the surfaces of one clinic to their contracts, in each process: the one interpreter of the contract machine. Every decision is made on the state as it is in the books, and
// stored there before anybody is told of it, so that what one process found stops all of them.
import {
  CONTRACT_LIMITS,
  type ContractEffect,
  type ContractEvent,
  type ContractLimits,
  type ContractState,
  mayNormalize,
  maySend,
  newContract,
  stepContract,
  type Verdict,
} from './contract.ts';
import type { ContractBooks, HeldSurface, StoredContract } from './contract-books.ts';
import { type Contract, type Expected, expectedOf } from './contract-shape.ts';
import { UNREADABLE, worstOf } from './differences.ts';
import { judge } from './judge.ts';
import type { Recipe } from './recipe.ts';
import { type Counts, countedInto, type Distribution } from './value-drift.ts';

/** One page as it came. */
export interface CamePage {
  readonly bytes: Buffer;
  /** Where it came from. */
  readonly url: URL;
  readonly status: number;
  readonly content_type: string;
  /** As the vendor's Date header said. */
  readonly http_date: string | null;
  /** Of the session on which it came. */
  readonly epoch: number;
  /** What it was asked for. */
  readonly operation_id: string;
}

/** What a page is, and what it has to be. */
export interface PageOf {
  readonly as: 'answer' | 'form';
  readonly contract: Contract;
  /** The page that looks read (a delivered recipe speaks of that one), what a write is answered with, or the list in which it is looked for. */
  readonly which: 'looked_at' | 'sent' | 'listed';
}

/** `is_clean`: it is what we rely on. `passed`: and its surface is in force, so that it may be read into the record, or its form be sent. `shifted`, `expected`: for normalize.ts. */
export interface Ruling {
  readonly is_clean: boolean;
  readonly passed: boolean;
  readonly shifted: readonly string[];
  readonly expected: Expected;
}

/** Which recipe this clinic is to use, and how its trial ends (recipe-books.ts). */
export interface RecipesInUse {
  inUse(of: Pick<HeldSurface, 'vendor' | 'surface'>): Promise<Recipe | undefined>;
  /** Tells how the contract of a recipe stands here. Nothing where it is not on trial. */
  stands(of: HeldSurface, standing: ContractState['standing']): Promise<void>;
}

export interface ContractParts {
  books: ContractBooks;
  recipes?: RecipesInUse;
  /** Where a page is kept that breaks its contract, so that the next one can be made after it. */
  evidence?: { keep(of: HeldSurface, page: Pick<PageOf, 'which' | 'contract'>, came: CamePage): Promise<void> };
  /** Something went wrong that changes nothing of what is decided. */
  failed(error: unknown): void;
  limits?: ContractLimits;
}

export interface ContractKeeper {
  /** Whether something of it may leave now, or be read: as the books have it at this moment. False too where they cannot be asked. */
  mayUse(of: HeldSurface): Promise<boolean>;
  /** Holds a page to its contract. A break is stored before this answers; where it cannot be, this process sends nothing until it is. Never throws. */
  page(of: HeldSurface, page: PageOf, came: CamePage): Promise<Ruling>;
  /** The look that is due now and is hereby ordered, if one is; and in how many ms to ask again. */
  lookDue(of: HeldSurface): Promise<{ look: number | undefined; next_ms: number }>;
  /** What came of that look. */
  looked(of: HeldSurface, look: number, page: PageOf, came: CamePage): Promise<void>;
}

/** Each turn is lost to another process that stored meanwhile. */
const MOST_TURNS = 50;
const DAY_MS = 24 * 60 * 60_000;

export function openContractKeeper({ books, recipes, evidence, failed, limits = CONTRACT_LIMITS }: ContractParts): ContractKeeper {
  /** Breaks that were seen here and are not in the books yet, by surface. */
  const unstored = new Map<string, ContractEvent>();

  /** The version that is in force here: of the program, or delivered since. */
  async function current(of: HeldSurface): Promise<InForce> {
    const recipe = await recipes?.inUse(of);
    const isNewer = recipe !== undefined && recipe.effect === of.effect && recipe.version > of.version;
    return isNewer ? { of: { ...of, version: recipe.version }, delivered: recipe.contract } : { of, delivered: undefined };
  }

  /** One event, on the state as it is: again where another process was faster. A recipe on trial is told how its contract stands. */
  async function step({ of, delivered }: InForce, event: ContractEvent): Promise<Stepped> {
    for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
      const stored = await books.read(of);
      const { state, effects } = stepContract(await before(of, stored, event), event, stored.now_ms, limits);
      const told = effects.filter((effect) => effect.do === 'tell');
      const counts = effects.some((effect) => effect.do === 'normalize') ? countsOf(of, stored, event) : null;
      const next = { revision: stored.revision + 1, state, told, day: stored.today, counts };
      if (state !== stored.state && !(await books.store(of, next))) continue;
      if (delivered) await recipes?.stands(of, state.standing).catch(failed);
      return { state, effects, now_ms: stored.now_ms };
    }
    throw new Error(`the contract of ${keyOf(of)} changed at every turn`);
  }

  /** The state, begun where there is none. With the first page of a week its values are held against the four weeks before. */
  async function before(of: HeldSurface, stored: StoredContract, event: ContractEvent): Promise<ContractState> {
    const state = stored.state ?? begun(of, stored.now_ms, limits);
    const isCounted = countsOf(of, stored, event) !== null && mayNormalize(state);
    if (!isCounted || stored.day === null || weekOf(stored.day) === weekOf(stored.today)) return state;
    const baseline = sumOf(await books.days(of, stored.today));
    return stepContract(state, { is: 'baseline', baseline }, stored.now_ms, limits).state;
  }

  async function storeBreak(asked: HeldSurface, now: InForce): Promise<void> {
    const event = unstored.get(keyOf(asked));
    if (event === undefined) return;
    await step(now, event);
    unstored.delete(keyOf(asked));
  }

  async function keepEvidence(
    { of, effects }: { of: HeldSurface; effects: readonly ContractEffect[] },
    page: Pick<PageOf, 'which' | 'contract'>,
    came: CamePage,
  ): Promise<void> {
    const isNews = effects.some((effect) => effect.do === 'tell' && effect.severity === 'break');
    if (isNews) await evidence?.keep(of, page, came).catch(failed);
  }

  return {
    async mayUse(asked) {
      try {
        const now = await current(asked);
        await storeBreak(asked, now);
        const state = (await books.read(now.of)).state ?? (await step(now, { is: 'tick' })).state;
        return asked.effect === 'write' ? maySend(state) : mayNormalize(state);
      } catch (error) {
        failed(error);
        return false;
      }
    },
    async page(asked, { as, contract: ours, which }, came) {
      const now = await current(asked).catch((error: unknown) => {
        failed(error);
        return { of: asked, delivered: undefined };
      });
      const contract = (which === 'looked_at' ? now.delivered : undefined) ?? ours;
      const verdict = verdictOn(came, contract);
      const is_clean = worstOf(verdict.differences) !== 'break';
      const event: ContractEvent = { is: 'page', page: came.operation_id, of: as, verdict };
      try {
        const { effects } = await step(now, event);
        await keepEvidence({ of: now.of, effects }, { which, contract }, came);
        const read = effects.find((effect) => effect.do === 'normalize');
        const passed = read !== undefined || effects.some((effect) => effect.do === 'let_send');
        return { is_clean, passed, shifted: read?.shifted ?? [], expected: expected(contract) };
      } catch (error) {
        failed(error);
        if (!is_clean) unstored.set(keyOf(asked), event);
        return { is_clean, passed: false, shifted: [], expected: expected(contract) };
      }
    },
    async lookDue(asked) {
      const now = await current(asked);
      await storeBreak(asked, now);
      const { state, effects, now_ms } = await step(now, { is: 'tick' });
      return { look: effects.find((effect) => effect.do === 'look')?.look, next_ms: state.next_look_at - now_ms };
    },
    async looked(asked, look, { contract: ours, which }, came) {
      const now = await current(asked);
      const contract = now.delivered ?? ours;
      const { effects } = await step(now, { is: 'looked', look, verdict: verdictOn(came, contract) });
      await keepEvidence({ of: now.of, effects }, { which, contract }, came);
    },
  };
}

interface Stepped {
  readonly state: ContractState;
  readonly effects: readonly ContractEffect[];
  readonly now_ms: number;
}

/** `delivered`: the contract of the recipe that took the place of the program's own. */
interface InForce {
  readonly of: HeldSurface;
  readonly delivered: Contract | undefined;
}

const keyOf = ({ vendor, surface }: HeldSurface) => `${vendor} ${surface}`;

/** In force from the first use on, and watched until it has stood its trial: that it was tried on the tapes before is what a release, or an approval, says. */
function begun({ effect }: HeldSurface, now: number, limits: ContractLimits): ContractState {
  return stepContract(newContract({ effect, baseline: {}, now }), { is: 'approved' }, now, limits).state;
}

const EXPECTED = new WeakMap<Contract, Expected>();
function expected(contract: Contract): Expected {
  const known = EXPECTED.get(contract) ?? expectedOf(contract);
  EXPECTED.set(contract, known);
  return known;
}

/** What nobody can walk through is not what we rely on. */
function verdictOn({ bytes, url }: CamePage, contract: Contract): Verdict {
  try {
    return judge(bytes.toString('utf8'), expected(contract), { url: url.href });
  } catch {
    return { differences: [UNREADABLE] };
  }
}

/** The counts of the day with what this page adds; null where nothing is counted: values that we write ourselves tell nothing of the vendor. */
function countsOf({ effect }: HeldSurface, { day, today, counts }: StoredContract, event: ContractEvent): Distribution | null {
  const fingerprint = event.is === 'page' && effect === 'read' ? event.verdict.fingerprint : undefined;
  if (!fingerprint) return null;
  const every: Distribution = Object.fromEntries(Object.keys(fingerprint.fields).map((path) => [path, NONE]));
  return countedInto(day === today ? (counts ?? {}) : {}, fingerprint, every);
}

const NONE: Counts = { of: 0, empty: 0, buckets: {} };

function sumOf(days: readonly Distribution[]): Distribution {
  const sum: Record<string, Counts> = {};
  for (const day of days)
    for (const [path, { of, empty, buckets }] of Object.entries(day)) {
      const so_far = sum[path] ?? NONE;
      const both = { ...so_far.buckets };
      for (const [bucket, n] of Object.entries(buckets)) both[bucket] = (both[bucket] ?? 0) + n;
      sum[path] = { of: so_far.of + of, empty: so_far.empty + empty, buckets: both };
    }
  return sum;
}

/** Weeks begin on Thursday (1970-01-01 was one). */
const weekOf = (day: string) => Math.floor(Date.parse(day) / DAY_MS / 7);
