// Designs that look right and are not: each is one change of the sound one, by name, and the simulator must lose with each of them.
import type { Attempt, Finding, Outcome, WriteRules, writeMachine } from '../../src/connections/write.ts';
import type { DatabaseBug } from './database.ts';
import { foundIn, type Heard, type Job, judged } from './vendor.ts';

export interface PlantedWriteBug {
  readonly rules: Partial<WriteRules>;
  readonly database?: DatabaseBug;
  /** Whether the fence and the deadline are looked at right before the first byte. */
  readonly asks_fence: boolean;
  /** Believes the clock on its own wall. */
  readonly own_clock: boolean;
  /** Goes on with a session whatever its pages say. */
  readonly trusts_any_page: boolean;
  judged(heard: Heard): Outcome;
  marker(job: Job, attempt: Pick<Attempt, 'n'> | undefined): string;
  foundIn(list: Parameters<typeof foundIn>[0], marker: string, job: Job): Finding;
  machine(sound: ReturnType<typeof writeMachine>): ReturnType<typeof writeMachine>;
}

export const SOUND: PlantedWriteBug = {
  rules: {},
  asks_fence: true,
  own_clock: false,
  trusts_any_page: false,
  judged,
  marker: (job) => `M${job.write}`,
  foundIn,
  machine: (sound) => sound,
};

const notSent = { as: 'not_applied', trouble: 'VENDOR_DOWN' } as const;

export const PLANTED: Readonly<Record<string, PlantedWriteBug>> = {
  /** A process that slept past its lease still sends. */
  no_fence: { ...SOUND, asks_fence: false },
  /** Sends again as soon as the lists should show it, but before the vendor's latest. */
  short_quiescence: { ...SOUND, rules: { quiet_ms: 15_000 } },
  /** What is being sent is not on record before it leaves. */
  no_write_ahead: { ...SOUND, database: { writes_behind: true } },
  /** Takes what reads the same for its own. */
  natural_key: {
    ...SOUND,
    foundIn: (list, _, { natural_key }) =>
      list?.live
        ? {
            there: list.shown
              .filter((each) => each.natural_key === natural_key)
              .map(({ id }) => id)
              .slice(0, 1),
          }
        : 'nothing',
  },
  /** “It broke” is taken for “it did not happen”. */
  retry_5xx: { ...SOUND, judged: (heard) => (heard.heard === 'page' && heard.page === 'broken' ? notSent : judged(heard)) },
  /** One look that does not find it is enough. */
  resend_after_one_look: { ...SOUND, rules: { negatives_needed: 1, quiet_ms: 0 } },
  /** A friendly empty page of a session that has ended counts as a list without it. */
  epoch_ignored: {
    ...SOUND,
    trusts_any_page: true,
    foundIn: (list, marker) => (list ? { there: list.shown.filter((each) => each.marker === marker).map(({ id }) => id) } : 'nothing'),
  },
  /** A lock that runs out, without a fence. */
  lock_without_fence: { ...SOUND, database: { locks: true, overwrites: true } },
  /** What was being sent when the process died is sent again. */
  restart_resends: {
    ...SOUND,
    machine: (sound) => (state, event, now) =>
      event.type === 'interrupted' && state.is === 'sending'
        ? { state: { is: 'planned', attempts: state.attempts, resends: state.resends, due_at: now }, effects: [] }
        : sound(state, event, now),
  },
  /** The quiet time runs from the first attempt, not from the last. */
  quiet_since_first: {
    ...SOUND,
    machine: (sound) => (state, event, now) =>
      event.type === 'looked' && state.is === 'in_doubt' && state.attempts > 1
        ? sound({ ...state, attempt: { ...state.attempt, sent_by: 0 } }, event, now)
        : sound(state, event, now),
  },
  /** Any 200 is a success. */
  login_page_is_success: {
    ...SOUND,
    judged: (heard) =>
      heard.heard === 'page' && heard.status === 200 ? { as: 'applied', vendor_id: heard.vendor_id ?? '' } : judged(heard),
  },
  /** No answer is a failure. */
  unknown_is_rejected: {
    ...SOUND,
    judged: (heard) => (judged(heard).as === 'unknown' ? { as: 'not_applied', trouble: 'VALIDATION' } : judged(heard)),
  },
  /** Each attempt has a mark of its own, and only the last one is looked for. */
  marker_per_attempt: {
    ...SOUND,
    rules: { quiet_ms: 30_000 },
    marker: (job, attempt) => `M${job.write}-${attempt?.n ?? 0}`,
  },
  /** Whoever lost the lease still writes down what it believes. */
  unfenced_store: { ...SOUND, database: { stores_unfenced: true, overwrites: true } },
  /** What a broken connection does late overwrites what was done since. */
  blind_overwrite: { ...SOUND, database: { overwrites: true } },
  /** The quiet time is measured by whatever clock hangs on the wall. */
  own_clock: { ...SOUND, own_clock: true, rules: { quiet_ms: 120_000 + 60_000 } },
};
