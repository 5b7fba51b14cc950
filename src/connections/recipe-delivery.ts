// How a recipe comes into force: delivered, tried by a canary cohort of clinics, active for all; and back to the one before, at once. A pure machine, one per surface.

import { type Step, unmoved } from './machine.ts';
import type { Held } from './recipe.ts';

export interface DeliveryState {
  /** Delivered and not tried yet; a person decides when. */
  readonly delivered: number | null;
  /** Used by the canary cohort only. */
  readonly canary: number | null;
  readonly active: number | null;
  /** What was active before, and is again after a roll-back. */
  readonly previous: number | null;
  /** The highest version that was ever taken back. */
  readonly taken_back: number;
}

export type DeliveryEvent =
  /** A bundle was read and not refused. */
  | { is: 'delivered'; version: number }
  /** It was tried on the pages that broke the one before, and a person let clinics try it. */
  | { is: 'approved'; version: number }
  /** The contract of the canary cohort has stood its trial (contract.ts). */
  | { is: 'proven'; version: number }
  /** The contract of the canary cohort broke. */
  | { is: 'broke'; version: number }
  /** A person takes back what is tried, or else what is in force. */
  | { is: 'taken_back' };

export type DeliveryEffect =
  | { do: 'use'; by: 'canary_cohort' | 'all'; version: number | null }
  | { do: 'tell'; what: 'active' | 'rolled_back'; version: number };

export const NOTHING_DELIVERED: DeliveryState = { delivered: null, canary: null, active: null, previous: null, taken_back: 0 };

/** For `readBundle`. */
export function heldIn({ delivered, canary, active, taken_back }: DeliveryState): Held {
  return { in_use: [delivered, canary, active].filter((version) => version !== null), taken_back };
}

type Next = Step<DeliveryState, DeliveryEffect>;

export function stepDelivery(state: DeliveryState, event: DeliveryEvent): Next {
  const { delivered, canary, active } = state;
  switch (event.is) {
    case 'delivered':
      if (event.version <= Math.max(delivered ?? 0, canary ?? 0, active ?? 0, state.taken_back)) return unmoved(state);
      return { state: { ...state, delivered: event.version }, effects: [] };
    case 'approved':
      if (delivered === null || event.version !== delivered) return unmoved(state);
      return {
        state: { ...state, delivered: null, canary: delivered },
        effects: [{ do: 'use', by: 'canary_cohort', version: delivered }],
      };
    case 'proven':
      if (canary === null || event.version !== canary) return unmoved(state);
      return {
        state: { ...state, canary: null, active: canary, previous: active },
        effects: [
          { do: 'use', by: 'all', version: canary },
          { do: 'tell', what: 'active', version: canary },
        ],
      };
    case 'broke':
      return canary !== null && event.version === canary ? canaryTakenBack(state, canary) : unmoved(state);
    case 'taken_back':
      if (canary !== null) return canaryTakenBack(state, canary);
      return active === null ? unmoved(state) : activeTakenBack(state, active);
    default:
      return event satisfies never;
  }
}

/** The cohort goes back to what all others use. */
function canaryTakenBack(state: DeliveryState, version: number): Next {
  return {
    state: { ...state, canary: null, taken_back: Math.max(state.taken_back, version) },
    effects: [
      { do: 'use', by: 'canary_cohort', version: state.active },
      { do: 'tell', what: 'rolled_back', version },
    ],
  };
}

/** Without one before it, the surface is not used at all. What waits to be tried is newer, and stays. */
function activeTakenBack(state: DeliveryState, version: number): Next {
  return {
    state: { ...state, active: state.previous, previous: null, taken_back: Math.max(state.taken_back, version) },
    effects: [
      { do: 'use', by: 'all', version: state.previous },
      { do: 'tell', what: 'rolled_back', version },
    ],
  };
}
