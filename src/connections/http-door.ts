// The way of a vendor's writes over HTTP: on a session that lives, at the vendor's pace, under the fence, judged before it is believed.
import type { Clock } from '../base/clock.ts';
import { openAccount, type Told } from '../outbound/account.ts';
import { type Asked, LIMITS, type MayWrite } from '../outbound/exchange.ts';
import { classify, type Heard, type Judged, type Reading } from './classify.ts';
import { markerOf } from './marker.ts';
import type { Pacer, Passed, Start } from './pace-keeper.ts';
import { type OfPace, saidOf, UNHEARD } from './paced.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { Surface } from './surface.ts';
import type { VendorRequest } from './write-books.ts';
import type { VendorDoor } from './write-keeper.ts';

/** One question with how its answer is read. */
interface Question<T> {
  readonly asked: Asked;
  judge(heard: Heard): Judged<T>;
}

/** How one surface is written to and looked at. */
export interface HttpRecipe {
  readonly surface: Surface;
  /** Answered by the vendor's id of what was written. */
  send(request: VendorRequest['request'], marker: string): Question<string>;
  /** Answered by the ids of the records with the mark (without one, of those that fit), or `other` (write.ts). */
  look(request: VendorRequest['request'], marker: string): Question<readonly string[] | 'other'>;
}

/** A recipe out of its parts: what is asked, how an answer is read, and what is taken from it. */
export function httpRecipe<Sent, Listed>(parts: {
  surface: Surface;
  send(request: VendorRequest['request'], marker: string): Asked;
  sent: Reading<Sent>;
  idOf(sent: Sent): string;
  look(request: VendorRequest['request']): Asked;
  listed: Reading<Listed>;
  found(listed: Listed, request: VendorRequest['request'], marker: string): readonly string[] | 'other';
}): HttpRecipe {
  const { surface, sent, idOf, listed, found } = parts;
  return {
    surface,
    send: (request, marker) => ({
      asked: parts.send(request, marker),
      judge: (heard) => taken(classify(sent, heard), idOf),
    }),
    look: (request, marker) => ({
      asked: parts.look(request),
      judge: (heard) => taken(classify(listed, heard), (list) => found(list, request, marker)),
    }),
  };
}

function taken<T, Taken>(judged: Judged<T>, take: (value: T) => Taken): Judged<Taken> {
  return judged.is === 'good' ? { is: 'good', value: take(judged.value) } : judged;
}

export interface DoorParts {
  recipes: Readonly<Record<string, HttpRecipe>>;
  /** By the names that the surfaces of the recipes call their budgets. */
  pacers: Readonly<Record<string, Pacer>>;
  /** The account, as its pacers know it: its other calls, signing in among them, pass there under the same name. */
  account: string;
  sessions: SessionKeeper;
  /** This process. */
  me: string;
  /** The cookies that a session's jar stands for; undefined: it cannot be opened any more. */
  cookiesOf(jar: string): Promise<string | undefined>;
  /** How long the lease with this fence still runs, by the database; null: it is another's. */
  leaseLeft(fence: number): Promise<number | null>;
  clock: Clock;
  user_agent: string;
  marker_key: Buffer;
}

const SESSION_MS = 10_000;
const LOOK_MS = 10_000;
/** What cannot have its turn within this time is told so, and others of the account go on. */
const TURN_MS = 10_000;

/** Throws for a recipe whose budget has no pacer, or whose calls count for more than one. */
export function httpDoor(parts: DoorParts): VendorDoor<VendorRequest> {
  const { recipes, sessions, me, clock, account } = parts;
  for (const { surface } of Object.values(recipes)) pacerOf(parts.pacers, surface);
  let live: { epoch: number; fence: number } | undefined;
  let stale_epoch = 0;

  const recipeOf = ({ surface }: VendorRequest): HttpRecipe => {
    const recipe = recipes[surface];
    if (!recipe) throw new Error(`no recipe for ${surface}`);
    return recipe;
  };

  const markerIn = ({ write_id }: VendorRequest) => markerOf(parts.marker_key, write_id);

  /** Does it once it is the account's turn, in the lane of the surface. */
  function inTurn<T>({ surface }: HttpRecipe, go: (start: Start) => Promise<Paced<T>>): Promise<Passed<Paced<T>>> {
    return pacerOf(parts.pacers, surface).pass({ account, lane: surface.lane, deadline_ms: TURN_MS }, async (start) => {
      const went = await go(start);
      return { value: went, ...went.heard };
    });
  }

  /** One request on the session; what came of it, judged. */
  async function ask<T>(
    { asked, judge }: Question<T>,
    { epoch, fence, for_ms, start }: { epoch: number; fence: number; for_ms: number; start: Start },
  ): Promise<Paced<T>> {
    const began = clock.elapsed();
    const use = sessions.use({ epoch, fence }, for_ms);
    const cookies = use ? await parts.cookiesOf(use.jar) : undefined;
    if (!use || cookies === undefined) return { judged: judge({ is: 'not_sent' }), heard: UNHEARD };
    const mayWrite: MayWrite = async () => {
      const asked_at = clock.elapsed();
      const left_ms = use.mayLeave() ? await parts.leaseLeft(fence) : null;
      return left_ms === null || !use.mayLeave() ? null : { good_until_ms: asked_at + left_ms, mayLeave: start.mayLeave };
    };
    const egress = openAccount({ clock, user_agent: parts.user_agent, cookies });
    const total_ms = Math.min(for_ms, use.time_ms) - (clock.elapsed() - began);
    const told = await egress.ask(asked, { mayWrite, limits: { ...LIMITS, total_ms } });
    const judged = judge(heardOf(told));
    if (judged.is === 'trouble' && judged.trouble === 'AUTH_EXPIRED') stale_epoch = Math.max(stale_epoch, epoch);
    const news = newsOf(judged);
    if (news) await sessions.note(news).catch(() => false);
    return { judged, heard: saidOf(told, judged.is === 'trouble' ? judged.trouble : undefined) };
  }

  return {
    async session() {
      const told = await sessions.need({ stale_epoch, within_ms: SESSION_MS });
      live = told.is === 'live' && told.owner === me ? told : undefined;
      return live;
    },
    async send(job, begin, { fence }) {
      const recipe = recipeOf(job);
      const passed = await inTurn(recipe, async (start) => {
        const begun = await begin();
        if (!begun) return { judged: null, heard: UNHEARD };
        const { attempt, for_ms } = begun;
        return ask(recipe.send(job.request, markerIn(job)), { epoch: attempt.epoch, fence, for_ms, start });
      });
      if (passed.is === 'refused') return { as: 'held', trouble: passed.trouble };
      if (passed.is === 'handed_back' || passed.value.judged === null) return { as: 'not_begun' };
      const { judged } = passed.value;
      if (judged.is === 'good') return { as: 'applied', vendor_id: judged.value };
      return judged.applied === 'no' ? { as: 'not_applied', trouble: judged.trouble } : { as: 'unknown' };
    },
    async look(job) {
      if (!live) return 'nothing';
      const [recipe, session] = [recipeOf(job), live];
      const passed = await inTurn(recipe, (start) => ask(recipe.look(job.request, markerIn(job)), { ...session, for_ms: LOOK_MS, start }));
      const judged = passed.is === 'passed' ? passed.value.judged : null;
      if (judged?.is !== 'good') return 'nothing';
      return judged.value === 'other' ? 'other' : { there: judged.value };
    },
  };
}

/** What came of one turn; `judged` is null where nothing was begun. */
interface Paced<T> {
  readonly judged: Judged<T> | null;
  readonly heard: OfPace;
}

function pacerOf(pacers: DoorParts['pacers'], { name, budget }: Surface): Pacer {
  const pacer = pacers[budget.name];
  if (!pacer) throw new Error(`No pacer keeps the budget ${budget.name}, which the surface ${name} counts against.`);
  if (budget.calls !== 1)
    throw new Error(`The surface ${name} says that a call counts for ${budget.calls}: the pacers count one for each request.`);
  return pacer;
}

/** What an answer says of the session it came on: a wall, a lock or a page for a person ends the work on it until a person has acted. */
function newsOf(judged: Judged<unknown>): Parameters<SessionKeeper['note']>[0] | undefined {
  if (judged.is === 'good') return { on: 'used' };
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
