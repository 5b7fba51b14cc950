// Machine H: whether one surface of a vendor, for one build or cohort of clinics, still is what we rely on. A break stops every write at once and every reading into the record;
// what was read last is served as old. It opens again by itself only after twenty clean looks in a row. Source: connectors.md §1.3, machine H.
import { type Difference, type Severity, unmappedIn, worstOf } from './differences.ts';
import type { JsonFingerprint } from './fingerprint.ts';
import { type Step, unmoved } from './machine.ts';
import { countedInto, type Distribution, type Shift, shiftsIn } from './value-drift.ts';

export type Standing = 'candidate' | 'canary' | 'active' | 'suspect' | 'quarantined' | 'retired';

export interface ContractState {
  readonly standing: Standing;
  readonly effect: 'read' | 'write';
  /** Where it goes back to from quarantine. */
  readonly back_to: 'canary' | 'active' | 'suspect';
  /** When a page of it was last judged, or the contract came into force. */
  readonly judged_at: number;
  /** The looks that were ordered so far; only the answer to the last one counts. */
  readonly looks: number;
  /** When the last one was ordered; null when its answer came. */
  readonly looking_since: number | null;
  readonly next_look_at: number;
  /** Clean looks in a row. */
  readonly clean: number;
  /** Why it is suspect or in quarantine. */
  readonly differences: readonly Difference[];
  readonly shifts: readonly Shift[];
  /** What is not understood and therefore left out of what is read, each while it is seen. */
  readonly left_out: readonly LeftOut[];
  /** What was told already, so that nobody is told twice; emptied when it returns. */
  readonly told: readonly string[];
  readonly baseline: Distribution;
  readonly window: Distribution;
}

/** `seen_at`: when a page showed it last. */
export interface LeftOut {
  readonly difference: Difference;
  readonly seen_at: number;
}

/** What the comparison of a page with the contract says. `fingerprint`: of a JSON answer, for the comparison over weeks. */
export interface Verdict {
  readonly differences: readonly Difference[];
  readonly fingerprint?: JsonFingerprint;
}

export type ContractEvent =
  /** A person let it be tried, after it was replayed on the tapes. */
  | { is: 'approved' }
  /** A page was read: an answer of a read surface; of a write surface the form that is about to be sent, or what came back. */
  | { is: 'page'; page: string; of: 'answer' | 'form'; verdict: Verdict }
  /** The answer to a look. */
  | { is: 'looked'; look: number; verdict: Verdict }
  | { is: 'tick' }
  /** How the values lay in the last 28 days. */
  | { is: 'baseline'; baseline: Distribution }
  /** A person has seen the shifted values and knows why. */
  | { is: 'cleared' }
  /** A newer contract has taken its place. */
  | { is: 'retired' };

export type ContractEffect =
  /** Into the record (normalize.ts). `shifted`: the paths whose facts are to say that the values have shifted. */
  | { do: 'normalize'; page: string; shifted: string[] }
  /** Its raw bytes are kept; what was read last is served, as old. */
  | { do: 'withhold'; page: string }
  | { do: 'let_send'; page: string }
  /** Nothing is sent: CONTRACT_DRIFT. */
  | { do: 'refuse_send'; page: string }
  | { do: 'count_unmapped'; path: string; count: number }
  /** Fetch the page once more and compare it; send nothing. */
  | { do: 'look'; look: number }
  | { do: 'tell'; severity: Severity | 'suspect' | 'back'; differences: Difference[]; shifts: Shift[] };

export interface ContractLimits {
  /** At least so often a surface is looked at, by what is read of it or by a look. */
  look_every_ms: number;
  clean_looks: number;
}
export const CONTRACT_LIMITS: ContractLimits = { look_every_ms: 5 * 60_000, clean_looks: 20 };

export function newContract({ effect, baseline, now }: { effect: 'read' | 'write'; baseline: Distribution; now: number }): ContractState {
  return {
    standing: 'candidate',
    effect,
    back_to: 'canary',
    judged_at: now,
    looks: 0,
    looking_since: null,
    next_look_at: now,
    clean: 0,
    differences: [],
    shifts: [],
    left_out: [],
    told: [],
    baseline,
    window: {},
  };
}

const IN_FORCE: readonly Standing[] = ['canary', 'active', 'suspect'];

/** Asked again right before the socket is written to. */
export function maySend({ standing, effect }: Pick<ContractState, 'standing' | 'effect'>): boolean {
  return effect === 'write' && IN_FORCE.includes(standing);
}

export function mayNormalize({ standing }: Pick<ContractState, 'standing'>): boolean {
  return IN_FORCE.includes(standing);
}

type Next = Step<ContractState, ContractEffect>;

export function stepContract(state: ContractState, event: ContractEvent, now: number, limits: ContractLimits = CONTRACT_LIMITS): Next {
  if (state.standing === 'retired') return event.is === 'page' ? { state, effects: [refusalOf(event)] } : unmoved(state);
  switch (event.is) {
    case 'approved':
      if (state.standing !== 'candidate') return unmoved(state);
      return { state: { ...state, standing: 'canary', judged_at: now, next_look_at: now + limits.look_every_ms }, effects: [] };
    case 'page':
      return onPage(state, event, now);
    case 'looked':
      return onLook(state, event, now, limits);
    case 'tick':
      return onTick(state, now, limits);
    case 'baseline':
      return { state: { ...state, baseline: event.baseline, window: {} }, effects: [] };
    case 'cleared':
      if (state.standing !== 'suspect') return unmoved(state);
      return { state: { ...state, standing: 'active', shifts: [], window: {}, told: [] }, effects: [] };
    case 'retired':
      return { state: { ...state, standing: 'retired' }, effects: [] };
    default:
      return event satisfies never;
  }
}

const refusalOf = ({ page, of }: { page: string; of: 'answer' | 'form' }): ContractEffect =>
  of === 'form' ? { do: 'refuse_send', page } : { do: 'withhold', page };

function onPage(state: ContractState, event: Extract<ContractEvent, { is: 'page' }>, now: number): Next {
  const { page, of, verdict } = event;
  if (of === 'form' ? !maySend(state) : !mayNormalize(state)) {
    // A page of it that still breaks while others are clean again: it is not as it was.
    const isBroken = state.standing === 'quarantined' && worstOf(verdict.differences) === 'break';
    return { state: isBroken ? { ...state, clean: 0 } : state, effects: [refusalOf(event)] };
  }
  if (worstOf(verdict.differences) === 'break') {
    const stopped = quarantined(state, verdict.differences, now);
    return { state: stopped.state, effects: [refusalOf(event), ...stopped.effects] };
  }
  const judged = drifted({ ...state, judged_at: now, left_out: leftOut(state, verdict, now) }, verdict);
  const unmapped = unmappedIn(verdict.differences);
  const passed: ContractEffect =
    of === 'form' ? { do: 'let_send', page } : { do: 'normalize', page, shifted: judged.state.shifts.map(({ path }) => path) };
  const news = told(judged.state, verdict.differences);
  return {
    state: news.state,
    effects: [
      passed,
      ...unmapped.map(({ path, count }) => ({ do: 'count_unmapped', path, count }) as const),
      ...judged.effects,
      ...news.effects,
    ],
  };
}

/** An answer to an older look says nothing about now. */
function onLook(
  state: ContractState,
  { look, verdict }: Extract<ContractEvent, { is: 'looked' }>,
  now: number,
  limits: ContractLimits,
): Next {
  if (look !== state.looks || state.looking_since === null) return unmoved(state);
  const answered = { ...state, looking_since: null, judged_at: now, left_out: leftOut(state, verdict, now) };
  if (worstOf(verdict.differences) === 'break') {
    if (state.standing !== 'quarantined') return quarantined(answered, verdict.differences, now);
    return told({ ...answered, clean: 0, differences: verdict.differences }, verdict.differences);
  }
  const clean = state.clean + 1;
  if (clean < limits.clean_looks) return { state: { ...answered, clean }, effects: [] };
  if (state.standing === 'quarantined') {
    const back = { ...answered, standing: state.back_to, clean: 0, differences: [], told: [], window: {} };
    return { state: back, effects: [{ do: 'tell', severity: 'back', differences: [], shifts: [] }] };
  }
  // As many clean looks end the trial of a new contract; values that shifted meanwhile are a person's to look at.
  const proven = state.shifts.length > 0 ? 'suspect' : 'active';
  return { state: { ...answered, standing: state.standing === 'canary' ? proven : state.standing, clean: 0 }, effects: [] };
}

/** Whatever nobody has read for five minutes is looked at; in quarantine and on trial every five minutes. A look whose answer does not come is given up by the next one. */
function onTick(state: ContractState, now: number, { look_every_ms }: ContractLimits): Next {
  if (state.standing === 'candidate' || now < state.next_look_at) return unmoved(state);
  const isWatched = state.standing === 'quarantined' || state.standing === 'canary';
  const due_at = state.judged_at + look_every_ms;
  if (!isWatched && now < due_at) return { state: { ...state, next_look_at: due_at }, effects: [] };
  const look = state.looks + 1;
  return { state: { ...state, looks: look, looking_since: now, next_look_at: now + look_every_ms }, effects: [{ do: 'look', look }] };
}

function quarantined(state: ContractState, differences: readonly Difference[], now: number): Next {
  const back_to = state.standing === 'canary' || state.standing === 'suspect' ? state.standing : 'active';
  // A look that is under way was ordered before the break: it proves nothing.
  const stopped: ContractState = { ...state, standing: 'quarantined', back_to, clean: 0, looking_since: null, judged_at: now, differences };
  return told({ ...stopped, told: [] }, differences);
}

/** Counts the values of the page; those that lie otherwise than they did for 28 days make the surface suspect. */
function drifted(state: ContractState, { fingerprint }: Verdict): Next {
  if (!fingerprint) return { state, effects: [] };
  const counted = countedInto(state.window, fingerprint, state.baseline);
  const { shifts, window } = shiftsIn(counted, state.baseline);
  const fresh = shifts.filter(({ path }) => !state.shifts.some((known) => known.path === path));
  if (fresh.length === 0) return { state: { ...state, window }, effects: [] };
  const standing = state.standing === 'active' ? 'suspect' : state.standing;
  return {
    state: { ...state, standing, window, shifts: [...state.shifts, ...fresh] },
    effects: [{ do: 'tell', severity: 'suspect', differences: [], shifts: fresh }],
  };
}

/** Not every page shows it: what none has shown for a week is not so any more. */
export const LEFT_OUT_MS = 7 * 24 * 60 * 60_000;
const MOST_LEFT_OUT = 50;

/** The newest first. */
function leftOut({ left_out }: ContractState, { differences }: Verdict, now: number): readonly LeftOut[] {
  const seen = differences.filter(({ severity }) => severity === 'warn');
  const others = left_out.filter(
    ({ difference, seen_at }) => now - seen_at < LEFT_OUT_MS && !seen.some((each) => keyOf(each) === keyOf(difference)),
  );
  return [...seen.map((difference) => ({ difference, seen_at: now })), ...others].slice(0, MOST_LEFT_OUT);
}

const keyOf = ({ kind, where, is }: Difference) => `${kind} ${where} ${is}`;

/** Tells what was not told yet. */
function told(state: ContractState, differences: readonly Difference[]): Next {
  const news = differences.filter((each) => !state.told.includes(keyOf(each)));
  const severity = worstOf(news);
  if (severity === 'none') return { state, effects: [] };
  return {
    state: { ...state, told: [...state.told, ...news.map(keyOf)] },
    effects: [{ do: 'tell', severity, differences: news, shifts: [] }],
  };
}
