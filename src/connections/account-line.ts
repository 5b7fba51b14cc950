// The line to one vendor account: a request goes out on a session that lives, at the vendor's pace and under the fence, and what comes back is judged before it is believed.
import type { Clock } from '../base/clock.ts';
import { openAccount, type Told } from '../outbound/account.ts';
import type { Dial } from '../outbound/dial.ts';
import { LIMITS, type MayWrite } from '../outbound/exchange.ts';
import type { Heard, Judged } from './classify.ts';
import type { CamePage } from './contract-keeper.ts';
import { cameOf } from './held-pages.ts';
import type { Question } from './http-recipe.ts';
import type { Pacer, Passed, Start } from './pace-keeper.ts';
import { type OfPace, saidOf, UNHEARD } from './paced.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { Surface } from './surface.ts';

export interface LineParts {
  /** By the names that the surfaces call their budgets. */
  pacers: Readonly<Record<string, Pacer>>;
  /** The account, as its pacers know it: its other calls, signing in among them, pass there under the same name. */
  account: string;
  sessions: SessionKeeper;
  /** This process. */
  me: string;
  /** The cookies that a session's jar stands for; undefined: it cannot be opened any more. A rejection: not now. */
  cookiesOf(jar: string): Promise<string | undefined>;
  /** How long the lease with this fence still runs, by the database; null: it is another's. */
  leaseLeft(fence: number): Promise<number | null>;
  clock: Clock;
  user_agent: string;
  dial?: Dial;
}

/** How one question goes out, once it is its turn. */
export interface How {
  readonly epoch: number;
  readonly fence: number;
  readonly for_ms: number;
  readonly start: Start;
  /** Asked last, right before the first byte: whether the surface may still be used. */
  readonly mayUse?: (() => Promise<boolean>) | undefined;
}

/** What came of one turn; `judged` is null where nothing was begun. */
export interface Exchanged<T> {
  readonly judged: Judged<T> | null;
  readonly heard: OfPace;
  /** The page, where a whole one came. */
  readonly came?: CamePage;
}

export interface AccountLine {
  /** The session that lives and is ours to send on; undefined: there is none, and who keeps the session knows. */
  session(): Promise<{ epoch: number; fence: number } | undefined>;
  /** Of the last `session`. */
  live(): { epoch: number; fence: number } | undefined;
  /** Does it once it is the account's turn, in the lane of the surface. Throws for a surface whose budget has no pacer. */
  inTurn<T extends { heard: OfPace }>(surface: Surface, go: (start: Start) => Promise<T>): Promise<Passed<T>>;
  /** One request, judged. Never throws. */
  ask<T>(question: Question<T>, how: How, operation_id: string): Promise<Exchanged<T> & { judged: Judged<T> }>;
}

const SESSION_MS = 10_000;
/** What cannot have its turn within this time is told so, and others of the account go on. */
const TURN_MS = 10_000;

export function openLine(parts: LineParts): AccountLine {
  const { sessions, me, clock, account, dial } = parts;
  let live: { epoch: number; fence: number } | undefined;
  let stale_epoch = 0;

  return {
    async session() {
      const told = await sessions.need({ stale_epoch, within_ms: SESSION_MS });
      live = told.is === 'live' && told.owner === me ? told : undefined;
      return live;
    },
    live: () => live,
    inTurn: (surface, go) =>
      pacerOf(parts.pacers, surface).pass({ account, lane: surface.lane, deadline_ms: TURN_MS }, async (start) => {
        const went = await go(start);
        return { value: went, ...went.heard };
      }),
    async ask({ asked, judge }, { epoch, fence, for_ms, start, mayUse }, operation_id) {
      const began = clock.elapsed();
      const use = sessions.use({ epoch, fence }, for_ms);
      const kept = use
        ? await parts.cookiesOf(use.jar).then(
            (cookies) => ({ cookies }),
            () => undefined,
          )
        : undefined;
      if (!use || !kept) return { judged: judge({ is: 'not_sent' }), heard: UNHEARD };
      const { cookies } = kept;
      if (cookies === undefined) {
        // The session lives, and what it is made of cannot be opened: another one is needed.
        stale_epoch = Math.max(stale_epoch, epoch);
        return { judged: { is: 'trouble', trouble: 'AUTH_EXPIRED', applied: 'no' }, heard: UNHEARD };
      }
      let has_drifted = false;
      const mayWrite: MayWrite = async () => {
        has_drifted = mayUse !== undefined && !(await mayUse());
        if (has_drifted) return null;
        const asked_at = clock.elapsed();
        const left_ms = use.mayLeave() ? await parts.leaseLeft(fence) : null;
        return left_ms === null || !use.mayLeave() ? null : { good_until_ms: asked_at + left_ms, mayLeave: start.mayLeave };
      };
      const egress = openAccount({ clock, user_agent: parts.user_agent, cookies, ...(dial && { dial }) });
      const total_ms = Math.min(for_ms, use.time_ms) - (clock.elapsed() - began);
      const told = await egress.ask(asked, { mayWrite, limits: { ...LIMITS, total_ms } });
      if (!told.sent && has_drifted) return { judged: { is: 'trouble', trouble: 'CONTRACT_DRIFT', applied: 'no' }, heard: UNHEARD };
      const judged = judgedBy(judge, told);
      if (judged.is === 'trouble' && judged.trouble === 'AUTH_EXPIRED') stale_epoch = Math.max(stale_epoch, epoch);
      const news = newsOf(judged, epoch);
      if (news) await sessions.note(news).catch(() => false);
      const heard = saidOf(told, judged.is === 'trouble' ? judged.trouble : undefined);
      return { judged, heard, ...(told.sent && told.cut === null && { came: cameOf(told, { epoch, operation_id }) }) };
    },
  };
}

/** A recipe that breaks over an answer has not understood it. */
function judgedBy<T>(judge: Question<T>['judge'], told: Told): Judged<T> {
  try {
    return judge(heardOf(told));
  } catch {
    return { is: 'trouble', trouble: 'CONTRACT_DRIFT', applied: told.sent ? 'unknown' : 'no' };
  }
}

/** Throws where no pacer keeps the surface's budget, or its calls count for more than one. */
export function pacerOf(pacers: LineParts['pacers'], { name, budget }: Surface): Pacer {
  const pacer = pacers[budget.name];
  if (!pacer) throw new Error(`No pacer keeps the budget ${budget.name}, which the surface ${name} counts against.`);
  if (budget.calls !== 1)
    throw new Error(`The surface ${name} says that a call counts for ${budget.calls}: the pacers count one for each request.`);
  return pacer;
}

/** What an answer says of the session it came on: a wall, a lock or a page for a person ends the work on it until a person has acted. */
function newsOf(judged: Judged<unknown>, epoch: number): Parameters<SessionKeeper['note']>[0] | undefined {
  if (judged.is === 'good') return { on: 'used' };
  if (judged.evicted) return { on: 'evicted', epoch };
  switch (judged.trouble) {
    case 'AUTOMATION_BLOCKED':
      return { on: 'bot_wall' };
    case 'AUTH_LOCKED':
      return { on: 'locked', window_ms: 0 };
    case 'PASSWORD_CHANGE':
    case 'ACTION_REQUIRED':
      return { on: 'stopped', why: judged.trouble };
    default:
      return undefined;
  }
}

function heardOf(told: Told): Heard {
  if (!told.sent) return { is: 'not_sent' };
  if (told.cut !== null) return { is: 'cut' };
  const header = (name: string) => [told.headers[name] ?? ''].flat()[0] ?? '';
  const location = header('location');
  return {
    ...{ is: 'answered', status: told.status, content_type: header('content-type'), body: told.body.toString('utf8') },
    ...(location !== '' && { location }),
  };
}
