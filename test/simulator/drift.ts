// Vendors that change their pages without a word. Each schedule is one change to one surface at a moment that nobody chose, taken back later; nothing of a changed page may become
// a row or be written to. And a long row of pages on which nothing is wrong: none of them may stop anything.
import {
  CONTRACT_LIMITS,
  type ContractEffect,
  type ContractEvent,
  type ContractLimits,
  type ContractState,
  maySend,
  newContract,
  stepContract,
  type Verdict,
} from '../../src/connections/contract.ts';
import { sentenceOf } from '../../src/connections/differences.ts';
import { fingerprintOfJson } from '../../src/connections/fingerprint.ts';
import { decideAnchor } from '../../src/connections/html-fingerprint.ts';
import { judge } from '../../src/connections/judge.ts';
import { normalized, VALUES_SHIFTED } from '../../src/connections/normalize.ts';
import { rawBlob } from '../../src/connections/provenance.ts';
import { countedInto, type Distribution } from '../../src/connections/value-drift.ts';
import type { Mutation } from './drift-mutation.ts';
import { MUTATIONS } from './drift-mutations.ts';
import { SURFACES, type Surface } from './drift-surfaces.ts';
import { BEGINNING, chanceOf, worldOf } from './world.ts';

/** The pieces that a mistake can be planted in. */
interface Pieces {
  judge: (body: string, surface: Surface) => Verdict;
  step: typeof stepContract;
  limits: ContractLimits;
}

const RIGHT: Pieces = {
  judge: (body, { expected, url }) => judge(body, expected, { url }),
  step: stepContract,
  limits: CONTRACT_LIMITS,
};

/** As if differences of these kinds had not been thought of. */
const blindTo = (...kinds: string[]): Pieces => ({
  ...RIGHT,
  judge(body, surface) {
    const verdict = RIGHT.judge(body, surface);
    return { ...verdict, differences: verdict.differences.filter(({ kind }) => !kinds.includes(kind)) };
  },
});

/** Mistakes in the design, by name: each has to do harm that is seen. */
export const DRIFT_BUGS: Readonly<Record<string, Pieces>> = {
  ids_unformatted: blindTo('id_form'),
  required_ignored: blindTo('missing'),
  types_ignored: blindTo('retyped'),
  form_fields_unchecked: blindTo('form'),
  lists_unproven: blindTo('list_moved'),
  paging_unchecked: blindTo('paging'),
  locators_single_anchor: {
    ...RIGHT,
    judge: (body, { expected, url }) =>
      judge(body, expected, {
        url,
        decide: (ways) => ways.find(({ way, found }) => way === 'id' && found.length === 1)?.found[0] ?? decideAnchor(ways),
      }),
  },
  breaks_only_told: {
    ...RIGHT,
    judge(body, surface) {
      const verdict = RIGHT.judge(body, surface);
      return {
        ...verdict,
        differences: verdict.differences.map((each) => ({ ...each, severity: each.severity === 'break' ? 'warn' : each.severity })),
      };
    },
  },
  auto_return_at_once: { ...RIGHT, limits: { ...CONTRACT_LIMITS, clean_looks: 1 } },
  looks_not_in_a_row: {
    ...RIGHT,
    step(state, event, now, limits) {
      const next = stepContract(state, event, now, limits);
      return event.is === 'looked' && next.state.clean === 0 && next.state.standing === 'quarantined'
        ? { ...next, state: { ...next.state, clean: state.clean } }
        : next;
    },
  },
  idle_surface_not_looked_at: {
    ...RIGHT,
    step: (state, event, now, limits) =>
      event.is === 'tick' && state.standing === 'active' ? { state, effects: [] } : stepContract(state, event, now, limits),
  },
  quarantine_forgotten_at_restart: {
    ...RIGHT,
    step: (state, event, now, limits) =>
      stepContract(event.is === 'page' && state.standing === 'quarantined' ? { ...state, standing: 'active' } : state, event, now, limits),
  },
  every_warning_stops: {
    ...RIGHT,
    judge(body, surface) {
      const verdict = RIGHT.judge(body, surface);
      return { ...verdict, differences: verdict.differences.map((each) => ({ ...each, severity: 'break' })) };
    },
  },
  values_not_compared: { ...RIGHT, judge: (body, surface) => ({ differences: RIGHT.judge(body, surface).differences }) },
};

export interface DriftRun {
  mutations: number;
  breaking: number;
  /** Breaking changes after which something of them was read, or more was written than may be before it is seen. */
  harmful: number;
  /** Breaking changes that were not seen within five minutes of reading time, or one write. */
  late: number;
  benign_pages: number;
  false_quarantines: number;
  false_suspects: number;
  violations: number;
  first_failing_seed: number | null;
}

/** `mutations`: schedules, one change each; the catalogue has a change for each seed in turn. */
export async function simulateDrift({
  mutations = MUTATIONS.length,
  benign_pages,
  seed,
  bug,
}: {
  mutations?: number;
  benign_pages: number;
  seed: number;
  bug?: string;
}): Promise<DriftRun> {
  const pieces = piecesOf(bug);
  const run: DriftRun = {
    mutations,
    breaking: 0,
    harmful: 0,
    late: 0,
    benign_pages,
    false_quarantines: 0,
    false_suspects: 0,
    violations: 0,
    first_failing_seed: null,
  };
  for (let n = 0; n < mutations; n += 1) {
    const { mutation, seen } = aSchedule(seed + n, pieces);
    if (mutation.outcome === 'break') run.breaking += 1;
    if (seen.harm.length > 0) run.harmful += 1;
    if (seen.late.length > 0) run.late += 1;
    if (seen.harm.length + seen.late.length + seen.wrong.length === 0) continue;
    run.violations += 1;
    run.first_failing_seed ??= seed + n;
  }
  const benign = benignPages(seed, benign_pages, pieces);
  run.false_quarantines = benign.quarantines;
  run.false_suspects = benign.suspects;
  // Above one in ten thousand.
  if (benign.quarantines * 10_000 > benign_pages) run.violations += 1;
  return run;
}

export function traceOfDrift(seed: number, bug?: string): string[] {
  const { mutation, seen, trace } = aSchedule(seed, piecesOf(bug), { traced: true });
  return [
    `${mutation.surface}: ${mutation.name} (${mutation.outcome})`,
    ...trace,
    ...[...seen.harm, ...seen.late, ...seen.wrong].map((what) => `VIOLATION ${what}`),
  ];
}

function piecesOf(bug: string | undefined): Pieces {
  if (bug === undefined) return RIGHT;
  const pieces = DRIFT_BUGS[bug];
  if (!pieces) throw new Error(`No such bug: ${bug}. There are ${Object.keys(DRIFT_BUGS).join(', ')}.`);
  return pieces;
}

const MINUTE = 60_000;
/** From the change to the page that shows it: five minutes, and what it takes to wake up and to fetch a page. */
const SEEN_WITHIN_MS = 5 * MINUTE + 10_000;

interface Seen {
  harm: string[];
  late: string[];
  wrong: string[];
}

/** One change of one surface: on trial, active, changed, put right, in two of five changed again soon after, put right for good. */
function aSchedule(seed: number, pieces: Pieces, { traced = false } = {}): { mutation: Mutation; seen: Seen; trace: readonly string[] } {
  const mutation = mutationOf(seed);
  const surface = SURFACES[mutation.surface];
  const isBreak = mutation.outcome === 'break';
  const world = worldOf(seed, { traced });
  const { chance } = world;
  const seen: Seen = { harm: [], late: [], wrong: [] };
  let state: ContractState = newContract({ effect: surface.effect, baseline: baselineOf(surface), now: world.now() });
  let isChanged = false;
  let fetched_at = world.now();
  let clean_looks = 0;
  let changed_sends = 0;

  const does = (event: ContractEvent): readonly ContractEffect[] => {
    const before = state.standing;
    const next = pieces.step(state, event, world.now(), pieces.limits);
    state = next.state;
    if (state.standing !== before) onMove(before);
    for (const effect of next.effects) world.tell(() => told(effect));
    return next.effects;
  };
  const onMove = (before: ContractState['standing']) => {
    world.tell(() => `${before} → ${state.standing}`);
    if (state.standing === 'quarantined') clean_looks = 0;
    else if (before === 'quarantined' && clean_looks < CONTRACT_LIMITS.clean_looks)
      seen.harm.push(`open again after ${clean_looks} clean looks`);
    else if (before === 'canary') planChange();
  };
  /** A page as the vendor shows it now. `is_changed`: it shows the change; not every page does. */
  const fetched = () => {
    fetched_at = world.now();
    const body = surface.page(chance);
    const shown = isChanged ? mutation.change(body, chance) : body;
    return { body: shown, is_changed: isChanged && meaningOf(shown) !== meaningOf(body) };
  };
  const isSeen = (is_changed: boolean) => {
    if (is_changed && isBreak && state.standing !== 'quarantined') seen.late.push('a change was seen and nothing stopped');
  };

  const tick = () => {
    for (const effect of does({ is: 'tick' })) if (effect.do === 'look') look(effect.look);
    world.after(Math.max(1000, Math.min(30_000, state.next_look_at - world.now())), tick);
  };
  const look = (ordered: number) => {
    fetched_at = world.now();
    world.after(chance.between(200, 8000), () => {
      if (chance.happens(0.02)) return; // its answer is lost
      const { body, is_changed } = fetched();
      clean_looks = is_changed && isBreak ? 0 : clean_looks + 1;
      does({ is: 'looked', look: ordered, verdict: pieces.judge(body, surface) });
      isSeen(is_changed);
    });
  };
  const deal = () => {
    if (surface.name === 'message' && !maySend(state)) return;
    const { body, is_changed } = fetched();
    const isHarm = is_changed && isBreak;
    if (surface.name === 'message' && isHarm) changed_sends += 1;
    if (changed_sends > 1) seen.harm.push('written again after the answer had changed');
    const of = surface.name === 'visit' ? 'form' : 'answer';
    for (const effect of does({ is: 'page', page: `p${fetched_at}`, of, verdict: pieces.judge(body, surface) })) {
      if (isHarm && effect.do === 'let_send') seen.harm.push('a form that changed was sent');
      if (isHarm && effect.do === 'normalize') seen.harm.push('an answer that changed was read');
      if (!isHarm && effect.do === 'normalize') seen.wrong.push(...wronglyRead(body, { surface, mutation, shifted: effect.shifted }));
    }
    isSeen(is_changed);
    if (is_changed && mutation.outcome === 'warn' && state.standing === 'quarantined')
      seen.wrong.push('what is only to be looked at stopped everything');
    if (is_changed && mutation.outcome === 'info' && state.standing !== 'active')
      seen.wrong.push(`something more made it ${state.standing}`);
  };
  // Half of the surfaces that break are read about once an hour: only looks can see the change there.
  const isIdle = isBreak && chance.happens(0.5);
  const dealAgain = () => {
    deal();
    world.after((isIdle ? chance.between(50, 90) : chance.between(1, isBreak ? 9 : 3)) * MINUTE, dealAgain);
  };

  let isPlanned = false;
  const planChange = () => {
    if (isPlanned) return;
    isPlanned = true;
    const lasts = (mutation.outcome === 'shift' ? 8 * 60 : chance.between(25, 45)) * MINUTE;
    const begins = chance.between(0, 10 * MINUTE);
    change(begins, lasts);
    // Too soon for twenty clean looks: those before it must not count.
    if (isBreak && chance.happens(0.4)) change(begins + lasts + chance.between(30, 70) * MINUTE, lasts);
  };
  const change = (begins: number, lasts: number) => {
    world.after(begins, () => {
      const at = world.now();
      isChanged = true;
      world.tell(() => 'THE VENDOR CHANGES THE PAGE');
      world.after(SEEN_WITHIN_MS, () => {
        if (fetched_at < at) seen.late.push('nobody looked for five minutes');
      });
    });
    world.after(begins + lasts, () => {
      isChanged = false;
      world.tell(() => 'THE VENDOR PUTS IT RIGHT');
    });
  };

  does({ is: 'approved' });
  tick();
  world.after(chance.between(60, 100) * MINUTE, dealAgain);
  const hours = { break: 8, warn: 3.5, info: 3.5, shift: 11 }[mutation.outcome];
  world.runPlain(BEGINNING + hours * 60 * MINUTE);
  if (isBreak && state.standing !== 'active') seen.wrong.push(`hours after it was put right it is ${state.standing}`);
  if (mutation.outcome === 'shift' && state.shifts.length === 0) seen.wrong.push('nobody saw that the values shifted');
  return { mutation, seen, trace: world.trace };
}

/** The changes of the catalogue, mixed. */
const IN_TURN: readonly Mutation[] = (() => {
  const chance = chanceOf(1);
  return MUTATIONS.map((mutation) => ({ mutation, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ mutation }) => mutation);
})();

/** As many seeds in a row as there are changes take each of them once. */
function mutationOf(seed: number): Mutation {
  const { length } = IN_TURN;
  return IN_TURN[((seed % length) + length) % length] as Mutation;
}

/** What was read of a page though nobody understands it; what is said to have shifted though it has not. */
function wronglyRead(
  body: string,
  { surface: { expected, mapping, name }, mutation, shifted }: { surface: Surface; mutation: Mutation; shifted: string[] },
): string[] {
  if (expected.of !== 'json' || !mapping) return [];
  const raw = rawBlob(Buffer.from(body), {
    ...{ vendor: 'invented', surface: name, recipe_version: 1, fetched_at: '2026-11-20T14:00:00Z' },
    ...{ http_date: null, epoch: 1, operation_id: 'o' },
  });
  const rows = normalized(JSON.parse(body), { expected, mapping, raw, shifted });
  const { planted } = mutation;
  const isPlanted = planted !== undefined && rows.some(({ values }) => JSON.stringify(values).includes(planted));
  const isMarked = rows.some(({ facts }) => Object.values(facts).some(({ assumptions }) => assumptions.includes(VALUES_SHIFTED)));
  return [
    ...(isPlanted ? ['a value that nobody understands was read'] : []),
    ...(isMarked && (mutation.outcome === 'info' || mutation.outcome === 'break') ? ['values are said to have shifted'] : []),
  ];
}

function told(effect: ContractEffect): string {
  if (effect.do !== 'tell') return effect.do;
  return ['tell', effect.severity, ...effect.differences.map(sentenceOf), ...effect.shifts.map(({ path }) => path)].join(' ');
}

/** The order of names and the white space of an answer mean nothing. */
export function meaningOf(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}

const BASELINES = new Map<Surface, Distribution>();

/** What 28 good days were like. */
function baselineOf(surface: Surface): Distribution {
  const { expected } = surface;
  if (expected.of !== 'json') return {};
  const known = BASELINES.get(surface);
  if (known) return known;
  const chance = chanceOf(28);
  let baseline: Distribution = Object.fromEntries(
    Object.keys(expected.contract.fields).map((path) => [path, { of: 0, empty: 0, buckets: {} }]),
  );
  for (let n = 0; n < 1500; n += 1)
    baseline = countedInto(baseline, fingerprintOfJson(JSON.parse(surface.page(chance)), expected), baseline);
  BASELINES.set(surface, baseline);
  return baseline;
}

/** Good pages of every surface in turn, each a seed; one that was stopped begins anew. */
function benignPages(seed: number, count: number, pieces: Pieces): { quarantines: number; suspects: number } {
  let [quarantines, suspects] = [0, 0];
  const surfaces = Object.values(SURFACES).map((surface) => ({
    surface,
    fresh: { ...newContract({ effect: surface.effect, baseline: baselineOf(surface), now: BEGINNING }), standing: 'active' as const },
  }));
  const states: ContractState[] = surfaces.map(({ fresh }) => fresh);
  for (let n = 0; n < count; n += 1) {
    const at = n % surfaces.length;
    const { surface, fresh } = surfaces[at] as (typeof surfaces)[number];
    const verdict = pieces.judge(surface.page(chanceOf(seed + n)), surface);
    const of = surface.name === 'visit' ? 'form' : 'answer';
    const { state } = pieces.step(states[at] as ContractState, { is: 'page', page: `p${n}`, of, verdict }, BEGINNING, pieces.limits);
    if (state.standing === 'quarantined') quarantines += 1;
    if (state.standing === 'suspect') suspects += 1;
    states[at] = state.standing === 'active' ? state : fresh;
  }
  return { quarantines, suspects };
}
