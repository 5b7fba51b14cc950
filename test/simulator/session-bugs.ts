// Faults of design, planted by name: each keeps a session as some engine does (connectors.md §1.1), and each must be caught.
import { type Account, machinesOf } from '../../src/connections/account.ts';
import { LEASE_MS, type LeaseMachine, leaseMachine } from '../../src/connections/lease.ts';
import { NO_LOGINS } from '../../src/connections/login-budget.ts';
import type { Session } from '../../src/connections/session.ts';
import type { Stored } from '../../src/connections/session-ports.ts';
import { type Design, SOUND } from './clinic-sessions.ts';

const stepLease = leaseMachine(LEASE_MS);

type SessionMachine = ReturnType<Design['machines']>['session'];

const design = (change: Partial<Design>): Design => ({ ...SOUND, ...change });
const withSession = (change: (step: SessionMachine) => SessionMachine): Design =>
  design({
    machines(rule) {
      const real = machinesOf(rule);
      return { ...real, session: change(real.session), lease: stepLease };
    },
  });
const withLease = (lease: LeaseMachine): Partial<Design> => ({ machines: (rule) => ({ ...machinesOf(rule), lease }) });
const withBooks = (change: (stored: Stored, before: Stored | null) => Stored): Design =>
  design({
    books: (books, _, model) => ({ ...books, store: (key, fence, next) => books.store(key, fence, change(next, model.stored(key))) }),
  });

export const DESIGNS: Record<string, () => Design> = {
  /** Each process thinks that it has the account. */
  mutex_per_process: () =>
    design({
      books: (books, process, model) => ({
        ...books,
        take: () => process.call(2, () => ({ fence: 1, now: model.now() }), 2),
        renew: () => process.call(2, () => true, 2),
        store: (key, _, next) =>
          process.call(
            2,
            () => {
              model.put(key, next);
              return true;
            },
            2,
          ),
      }),
    }),
  /** Whoever is done deletes the lock, whoever has it by now. */
  lease_without_owner: () =>
    design({
      ...withLease((lease, event, now) => {
        const stepped = stepLease(lease, event, now);
        const isLost = lease.at === 'held' && stepped.state.at === 'free' && event.on !== 'done';
        return isLost ? { ...stepped, effects: [{ do: 'release', fence: lease.fence }] } : stepped;
      }),
      books: (books, process, model) => ({ ...books, release: (key) => process.call(2, () => model.drop(key), 2) }),
    }),
  /** The lease is thought to last from the moment at which the answer is read. */
  lease_from_the_answer: () =>
    design(
      withLease((lease, event, now) => {
        const stepped = stepLease(lease, event, now);
        return event.on === 'granted' && stepped.state.at === 'held'
          ? { ...stepped, state: { ...stepped.state, good_until: now + LEASE_MS } }
          : stepped;
      }),
    ),
  /** The token is spent before that is written down. */
  no_write_ahead_refresh: () =>
    withBooks((next, before) =>
      next.account.session.stage.at === 'refreshing' && before !== null ? { ...next, account: before.account } : next,
    ),
  /** A refresh without an answer is tried again with the same token. */
  reuse_old_refresh_token: () =>
    withSession((step) => {
      let last: Session | null = null;
      return (session, event, now) => {
        if (session.stage.at === 'live') last = session;
        const stepped = step(session, event, now);
        return stepped.state.stage.at === 'refresh_in_doubt' && last !== null ? { ...stepped, state: { ...last } } : stepped;
      };
    }),
  /** Whoever reports an expired session ends the present one. */
  epoch_ignored: () => design({ reported: (used, present) => (used > 0 ? present : used) }),
  retry_wrong_password: () =>
    withSession((step) => (session, event, now) => {
      if (event.on !== 'bad_password') return step(session, event, now);
      const budget = step(session, { ...event, on: 'stopped', why: 'ACTION_REQUIRED' }, now).state.budget;
      return { state: { ...session, budget, stage: { at: 'expired', not_before: now + 1_000 } }, effects: [] };
    }),
  /** Each process counts its own logins. */
  budget_in_memory: () =>
    withBooks((next) => withAccount(next, ({ session, factor }) => ({ session: { ...session, budget: NO_LOGINS }, factor }))),
  totp_step_not_stored: () =>
    design({
      machines(rule) {
        const { session, factor } = machinesOf(rule);
        return { session, lease: stepLease, factor: (state, event, now) => factor({ ...state, last_used_step: 0 }, event, now) };
      },
    }),
  /** What stands at the address of the home page is the home page. */
  url_is_home: () =>
    design({
      understood: (answer, account) => (answer.page === 'home' ? { ...answer, user_id: account, practice_code: 'JUNIPER' } : answer),
    }),
  two_challenges_one_mailbox: () => design({ mailboxKey: (account) => `mailbox of ${account}` }),
};

function withAccount(stored: Stored, change: (account: Account) => Account): Stored {
  return { ...stored, account: change(stored.account) };
}
