// One write to a vendor that knows no idempotency key: it is there once, or it is plainly not there, or a person is asked. A pure machine; write-keeper.ts works it.
// Source: connectors.md §1.3 machine G; why each rule is there: test/simulator/planted-writes.ts breaks each of them and loses.
import { type Machine, unmoved } from './machine.ts';
import { TROUBLES, type Trouble } from './taxonomy.ts';

/** One time that it was sent, or may have been. Written down, and committed, before a byte leaves. */
export interface Attempt {
  readonly n: number;
  /** Of the lease under which it was sent. */
  readonly fence: number;
  /** Of the session on which it was sent. */
  readonly epoch: number;
  /** After this moment nothing of it leaves us any more: its deadline. Unix ms, by the database's clock, never too early. */
  readonly sent_by: number;
  /** Of the exact bytes, hex. */
  readonly body_sha256: string;
  /** Where no marker can be left: the records that fitted before it was sent. */
  readonly before?: readonly string[];
}

/** How often it was begun, and how often of these after the vendor provably had nothing. */
interface Counts {
  readonly attempts: number;
  readonly resends: number;
}

export type ParkedWhy =
  /** Sent as often as we may, and never found. */
  | 'never_found'
  /** The vendor's list could not be read for too long. */
  | 'cannot_look'
  /** No marker can be left there, and what is found does not tell which one is ours. */
  | 'not_told_apart'
  /** Two records bear our mark. */
  | 'found_twice'
  /** It reads neither as it was nor as we wrote it. */
  | 'changed_by_another';

export type WriteState =
  | (Counts & { readonly is: 'planned'; readonly due_at: number; readonly waits_for?: Trouble })
  | (Counts & { readonly is: 'sending'; readonly attempt: Attempt })
  | (Counts & {
      readonly is: 'in_doubt';
      readonly attempt: Attempt;
      /** When it first was in doubt. */
      readonly since: number;
      readonly looks: number;
      /** Looks in a row that did not find it and could be believed. */
      readonly negatives: number;
      readonly due_at: number;
    })
  | { readonly is: 'confirmed'; readonly vendor_id: string }
  /** Provably not applied. */
  | { readonly is: 'rejected'; readonly trouble: Trouble }
  | { readonly is: 'cancelled' }
  | (Counts & { readonly is: 'parked'; readonly why: ParkedWhy; readonly attempt: Attempt; readonly found: readonly string[] });

/** What an answer proves. `applied`: a positive sentinel, and the vendor's own id. `not_applied`: proven. Everything else is `unknown`. */
export type Outcome =
  | { readonly as: 'applied'; readonly vendor_id: string }
  | { readonly as: 'not_applied'; readonly trouble: Trouble }
  | { readonly as: 'unknown' };

/** What a look at the vendor's list showed. `there`: records with our mark (where none can be left: those that fit what was sent). `other`: an updated record that reads neither as
 *  it was nor as we wrote it. `nothing`: the list could not be read, or no positive sentinel proves that it is the live account's. */
export type Finding = { readonly there: readonly string[] } | 'other' | 'nothing';

/** What a person says of a parked one. */
export type Decision = { readonly is: 'there'; readonly vendor_id: string } | { readonly is: 'send_again' } | { readonly is: 'given_up' };

export type WriteEvent =
  | { readonly type: 'taken'; readonly attempt: Omit<Attempt, 'n'> }
  | { readonly type: 'answered'; readonly n: number; readonly outcome: Outcome /** In [0, 1). */; readonly roll: number }
  /** Found as `sending` by an owner that did not send it, or that was cut off. */
  | { readonly type: 'interrupted' }
  | {
      readonly type: 'looked';
      readonly n: number /** When the question left, not when the answer came. */;
      readonly began_at: number;
      readonly finding: Finding;
    }
  /** It could not be begun: nothing left us. */
  | { readonly type: 'held'; readonly trouble: Trouble; readonly roll: number }
  /** A person has decided on a parked one. */
  | { readonly type: 'resolved'; readonly by: Decision }
  | { readonly type: 'cancelled' };

export type WriteEffect =
  | { readonly do: 'send'; readonly attempt: Attempt }
  /** Whoever waits for it is told that it moved. */
  | { readonly do: 'tell' };

/** What a surface allows (surface.ts); times in ms. */
export interface WriteRules {
  readonly kind: 'create' | 'update';
  /** Whether the vendor keeps our marker where a look can see it. */
  readonly marked: boolean;
  /** After the last moment at which something may have left, it is no longer to be expected that it appears: the vendor's latest, the staleness of its lists, and a lease. */
  readonly quiet_ms: number;
  readonly negatives_needed: number;
  readonly most_resends: number;
  /** Where it was provably not applied it may begin again so often. */
  readonly most_attempts: number;
  /** After this long without a readable list a person is asked. */
  readonly look_for_ms: number;
}

/** When to look again after so many looks: soon at first, then every minute. */
const LOOK_AFTER_MS = [2_000, 10_000, 30_000] as const;
const LOOK_EVERY_MS = 60_000;
/** What could not be begun is tried again within this time. */
const HELD_MS = 15_000;
const lookAfter = (looks: number) => LOOK_AFTER_MS[looks] ?? LOOK_EVERY_MS;

/** Full jitter over a doubling bound: 2 s, 4 s … 5 minutes. `roll` in [0, 1). */
function backOff(attempts: number, roll: number): number {
  return 500 + Math.floor(roll * Math.min(2_000 * 2 ** (attempts - 1), 300_000));
}

export function plannedWrite(due_at: number): WriteState {
  return { is: 'planned', due_at, attempts: 0, resends: 0 };
}

/** When it wants something done next; undefined: never, or when a person acts. */
export function dueAt(state: WriteState): number | undefined {
  switch (state.is) {
    case 'planned':
    case 'in_doubt':
      return state.due_at;
    case 'sending':
      return 0;
    default:
      return undefined;
  }
}

export function isOver(state: WriteState): boolean {
  return state.is === 'confirmed' || state.is === 'rejected' || state.is === 'cancelled';
}

/** What a person's decision makes of it: no rule of a surface is asked, so whoever has the person in front of him needs no surface. */
export function decided({ attempts, resends }: Extract<WriteState, { is: 'parked' }>, by: Decision, now: number): WriteState {
  switch (by.is) {
    case 'there':
      return { is: 'confirmed', vendor_id: by.vendor_id };
    case 'send_again':
      // It is sent again like any other: what the vendor refuses then may speak of what is there already.
      return { is: 'planned', attempts, resends: resends + 1, due_at: now };
    case 'given_up':
      return { is: 'cancelled' };
    default:
      return by satisfies never;
  }
}

const tell = (state: WriteState) => ({ state, effects: [{ do: 'tell' } as const] });

/** The machine under the rules of one surface. `now` is the database's time, never later than it is: what must have passed has passed. */
export function writeMachine(rules: WriteRules): Machine<WriteState, WriteEvent, WriteEffect> {
  const inDoubt = ({ attempt, attempts, resends }: Extract<WriteState, { attempt: Attempt }>, now: number) =>
    tell({ is: 'in_doubt', attempt, attempts, resends, since: now, looks: 0, negatives: 0, due_at: now + lookAfter(0) });

  const again = ({ attempts, resends }: Counts, due_at: number, waits_for?: Trouble) =>
    ({ is: 'planned', attempts, resends, due_at, ...(waits_for !== undefined && { waits_for }) }) as const;

  function answered(state: Extract<WriteState, { is: 'sending' }>, outcome: Outcome, roll: number, now: number) {
    switch (outcome.as) {
      case 'applied':
        return tell({ is: 'confirmed', vendor_id: outcome.vendor_id });
      case 'unknown':
        return inDoubt(state, now);
      case 'not_applied': {
        const { trouble } = outcome;
        // “You have it already” may speak of what an earlier attempt of ours left; “the slot is taken” too, where that was ever in doubt.
        if ((trouble === 'DUPLICATE' && state.attempts > 1) || (trouble === 'CONFLICT' && state.resends > 0)) return inDoubt(state, now);
        const { retry } = TROUBLES[trouble];
        if (retry === 'never' || trouble === 'FORBIDDEN_ROLE' || state.attempts >= rules.most_attempts)
          return tell({ is: 'rejected', trouble });
        return { state: again(state, retry === 'free' ? now : now + backOff(state.attempts, roll), trouble), effects: [] };
      }
      default:
        return outcome satisfies never;
    }
  }

  function looked(state: Extract<WriteState, { is: 'in_doubt' }>, finding: Finding, began_at: number, now: number) {
    const { attempt, attempts, resends } = state;
    const park = (why: ParkedWhy, found: readonly string[] = []) => tell({ is: 'parked', why, attempt, attempts, resends, found });
    const lookOn = (negatives: number) => {
      const due_at = now + lookAfter(state.looks + 1);
      return { state: { ...state, looks: state.looks + 1, negatives, due_at }, effects: [] };
    };
    if (finding === 'other') return park('changed_by_another');
    if (finding === 'nothing') return now - state.since >= rules.look_for_ms ? park('cannot_look') : lookOn(state.negatives);

    const found = finding.there.filter((vendor_id) => !attempt.before?.includes(vendor_id));
    const [only] = found;
    const is_quiet = began_at >= attempt.sent_by + rules.quiet_ms;
    if (only !== undefined) {
      if (rules.marked || rules.kind === 'update')
        return found.length === 1 ? tell({ is: 'confirmed', vendor_id: only }) : park('found_twice', found);
      // Without a mark one new record may be a colleague's: ours may still come, so it is told only when nothing more can.
      if (!is_quiet) return lookOn(0);
      return found.length === 1 ? tell({ is: 'confirmed', vendor_id: only }) : park('not_told_apart', found);
    }
    const negatives = state.negatives + 1;
    if (!is_quiet || negatives < rules.negatives_needed) return lookOn(negatives);
    if (!rules.marked && rules.kind === 'create') return park('not_told_apart');
    if (resends >= rules.most_resends) return park('never_found');
    return { state: again({ attempts, resends: resends + 1 }, now), effects: [] };
  }

  /** What is not as its drafter saw it is not overwritten. */
  function lookedBefore(state: Extract<WriteState, { is: 'planned' }>, finding: Finding) {
    if (finding === 'other') return tell({ is: 'rejected', trouble: 'CONFLICT' });
    const [reads_so] = finding === 'nothing' ? [] : finding.there;
    return reads_so === undefined ? unmoved<WriteState>(state) : tell({ is: 'confirmed', vendor_id: reads_so });
  }

  return (state, event, now) => {
    switch (event.type) {
      case 'taken': {
        if (state.is !== 'planned' || now < state.due_at) return unmoved(state);
        const { resends } = state;
        const attempt = { ...event.attempt, n: state.attempts + 1 };
        return { state: { is: 'sending', attempt, attempts: attempt.n, resends }, effects: [{ do: 'send', attempt }] };
      }
      case 'answered':
        if (state.is === 'sending' && state.attempt.n === event.n) return answered(state, event.outcome, event.roll, now);
        // It came after we had given it up: that it is there is news all the same.
        if (state.is === 'in_doubt' && state.attempt.n === event.n && event.outcome.as === 'applied')
          return answered({ ...state, is: 'sending' }, event.outcome, event.roll, now);
        return unmoved(state);
      case 'interrupted':
        return state.is === 'sending' ? inDoubt(state, now) : unmoved(state);
      case 'looked':
        if (state.is === 'planned' && rules.kind === 'update') return lookedBefore(state, event.finding);
        return state.is === 'in_doubt' && state.attempt.n === event.n ? looked(state, event.finding, event.began_at, now) : unmoved(state);
      case 'held':
        if (state.is !== 'planned') return unmoved(state);
        return { state: { ...state, waits_for: event.trouble, due_at: now + 500 + Math.floor(event.roll * HELD_MS) }, effects: [] };
      case 'resolved':
        return state.is === 'parked' ? tell(decided(state, event.by, now)) : unmoved(state);
      case 'cancelled':
        // What was begun once may be there.
        return state.is === 'planned' && state.attempts === 0 ? tell({ is: 'cancelled' }) : unmoved(state);
      default:
        return event satisfies never;
    }
  };
}
