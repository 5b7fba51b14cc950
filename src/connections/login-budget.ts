// How often we may sign in, so that we never lock an account: a pure function over what is stored, the same for every node. Instants are Unix milliseconds by the clock of the books.

/** What is known of one sign-in. `open`: written down before it is sent. `unknown`: its answer was lost; it counts as wrong until a later one proves the password. */
interface LoginAttempt {
  readonly at: number;
  readonly answer: 'open' | 'right' | 'wrong' | 'unknown';
}

/** `unsent`: it provably never left. */
export type LoginAnswer = 'right' | 'wrong' | 'unknown' | 'unsent';

export interface LoginBudget {
  /** Oldest first, of the last day. */
  readonly logins: readonly LoginAttempt[];
  /** When a code was refused, or may have been. */
  readonly wrong_codes: readonly number[];
}

export interface LockRule {
  /** So many wrong answers lock the account. We give no more than half of them, rounded down; the other half is the people's. */
  readonly lock_after: number;
  /** Within so long. */
  readonly lock_window_ms: number;
}

export const NO_LOGINS: LoginBudget = { logins: [], wrong_codes: [] };
/** A login leaves up to a minute after it was written down, and the vendor may count it two minutes after it was given up: windows are longer here by so much. */
const SLACK_MS = 3 * 60_000;
const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const MOST_A_QUARTER = 2;
const MOST_A_DAY = 6;

/** The first moment, `now` or later, at which a login may be sent; Infinity where no wait allows one. */
export function nextLogin({ logins, wrong_codes }: LoginBudget, rule: LockRule, now: number): number {
  const sent = logins.map(({ at }) => at);
  const wrong = [...logins.filter(({ answer }) => answer !== 'right').map(({ at }) => at), ...wrong_codes];
  return Math.max(
    now,
    whenFewer(sent, MOST_A_QUARTER, QUARTER_MS),
    whenFewer(sent, MOST_A_DAY, DAY_MS),
    whenFewer(wrong, mostWrong(rule), rule.lock_window_ms),
  );
}

/** Whether one more wrong answer would still be within our half. */
export function mayBeWrong({ logins, wrong_codes }: LoginBudget, rule: LockRule, now: number): boolean {
  const wrong = [...logins.filter(({ answer }) => answer === 'wrong' || answer === 'unknown').map(({ at }) => at), ...wrong_codes];
  return whenFewer(wrong, mostWrong(rule), rule.lock_window_ms) <= now;
}

const mostWrong = ({ lock_after }: LockRule) => Math.floor(lock_after / 2);

/** From when on fewer than `most` of the instants lie within the last `window_ms`. */
function whenFewer(instants: readonly number[], most: number, window_ms: number): number {
  if (most < 1) return Number.POSITIVE_INFINITY;
  const [nth] = instants.toSorted((a, b) => a - b).slice(-most);
  return instants.length < most || nth === undefined ? Number.NEGATIVE_INFINITY : nth + window_ms + SLACK_MS;
}

/** A login is about to be sent: written down before it is. */
export function beganLogin(budget: LoginBudget, rule: LockRule, now: number): LoginBudget {
  const kept_ms = Math.max(DAY_MS, rule.lock_window_ms) + SLACK_MS;
  return {
    logins: [...budget.logins.filter(({ at }) => now - at < kept_ms), { at: now, answer: 'open' }],
    wrong_codes: budget.wrong_codes.filter((at) => now - at < kept_ms),
  };
}

/** What became of the login that is open. A right one also tells of those before it whose answer was lost: the password was the same. */
export function endedLogin(budget: LoginBudget, answer: LoginAnswer): LoginBudget {
  const { logins, wrong_codes } = answer === 'right' ? provenPassword(budget) : budget;
  return {
    wrong_codes,
    logins: logins.flatMap((login): LoginAttempt[] => {
      if (login.answer !== 'open') return [login];
      return answer === 'unsent' ? [] : [{ ...login, answer }];
    }),
  };
}

/** The vendor took the password of the login that is open, and asks for a code: nor was the same password refused before. */
export function provenPassword(budget: LoginBudget): LoginBudget {
  return { ...budget, logins: budget.logins.map((login) => (login.answer === 'unknown' ? { ...login, answer: 'right' } : login)) };
}

/** A code was refused, or may have been. */
export function refusedCode(budget: LoginBudget, now: number): LoginBudget {
  return { ...budget, wrong_codes: [...budget.wrong_codes, now] };
}
