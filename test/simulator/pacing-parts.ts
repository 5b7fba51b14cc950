// The parts of which the pacing of a fleet is put together, and the designs that look sound and are not: each changes a part from outside.
import { type BudgetEvent, type BudgetPolicy, ECLINICALWORKS_BUDGET, type Lane } from '../../src/connections/lanes.ts';
import { MINUTE_MS, type MinuteBudget } from '../../src/connections/minute-budget.ts';
import type { PacerEffect, PacerEvent, PacerPolicy, PacerState } from '../../src/connections/pacer-state.ts';
import type { Kind } from './pacing-vendor.ts';

/** What a planted bug changes of the parts. */
export interface Parts {
  budget: BudgetPolicy;
  pace: Partial<PacerPolicy>;
  /** Whose book a node's pacer takes from. */
  bookOf: (practice: number, node: number) => string;
  laneOf: (lane: Lane) => Lane;
  isPaced: (kind: Kind) => boolean;
  hears: (event: PacerEvent) => PacerEvent;
  asks: (event: BudgetEvent) => BudgetEvent;
  before: (state: PacerState, event: PacerEvent) => PacerState;
  afterCrash: (budget: MinuteBudget) => MinuteBudget;
  /** What the egress asks right before the socket is written to. */
  sends: (start: PacerEffect & { type: 'start' }, now: number) => boolean;
}

export const SOUND: Parts = {
  budget: ECLINICALWORKS_BUDGET,
  pace: {},
  bookOf: (practice) => String(practice),
  laneOf: (lane) => lane,
  isPaced: () => true,
  hears: (event) => event,
  asks: (event) => event,
  before: (state) => state,
  afterCrash: (budget) => budget,
  sends: ({ send_by }, now) => now <= send_by,
};

/** Each must be caught. */
export const PACING_BUGS: Record<string, Partial<Parts>> = {
  /** Every node believes that the practice's minute is its own. */
  per_node_buckets: { bookOf: (practice, node) => `${practice} of ${node}` },
  /** The vendor's minute is the one that we take it for, to the millisecond, and a call is counted in the minute in which it is sent. */
  no_boundary_guard: {
    pace: { transit_ms: 0 },
    before: (state) => {
      const middle = (state.clock.least_ms + state.clock.most_ms) / 2;
      return state.clock.most_ms - state.clock.least_ms > 15_000
        ? state
        : { ...state, clock: { ...state.clock, least_ms: middle, most_ms: middle } };
    },
  },
  /** A node takes its own clock for the vendor's. */
  own_clock: { pace: { most_skew_ms: 0 } },
  /** Signing in goes past the pacer. */
  tokens_uncounted: { isPaced: (kind) => kind !== 'token' },
  /** Whoever came first goes first. */
  single_lane: { budget: { ...SOUND.budget, reserves: { interactive: 0, write: 0, batch: 0 } }, laneOf: () => 'interactive' },
  /** A refusal for there having been too many is an answer like any other. */
  retry_at_once_after_429: {
    hears: (event) => (event.type === 'ended' && event.said === 'too_many' ? { ...event, said: 'answered' } : event),
  },
  /** A batch that has the session keeps it to its last page. */
  batch_never_yields: {
    before: (state, event) =>
      event.type === 'ended' && state.under_way.some((call) => call.call_id === event.call_id && call.lane === 'batch')
        ? { ...state, passed: Object.fromEntries(state.waiting.map(({ account }) => [account, { write: 0, batch: 1000 }])) }
        : state,
  },
  /** What is kept for a lane is kept to the end of the minute, wanted or not. */
  reserves_never_let_go: { asks: (event) => (event.type === 'take' ? { ...event, at: (event.windows[0] ?? 0) * MINUTE_MS } : event) },
  /** What a node had taken is given back when it dies: it had made the calls. */
  given_back_at_death: {
    afterCrash: (budget) => ({
      ...budget,
      pages: budget.pages.map((page) => ({ ...page, given: { ...page.given, batch: Math.max(0, page.given.batch - 24) } })),
    }),
  },
  /** A start that was decided before a pause is carried out after it. */
  sent_after_a_pause: { sends: () => true },
  /** It waits as long as it must, whatever it was told of a deadline. */
  deadline_unheeded: { hears: (event) => (event.type === 'asked' ? { ...event, deadline_at: null } : event) },
};
