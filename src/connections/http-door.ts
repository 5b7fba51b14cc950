// The way of a vendor's writes over HTTP: on a session that lives, under the fence, judged before it is believed.
import type { Clock } from '../base/clock.ts';
import { openAccount, type Told } from '../outbound/account.ts';
import { type Asked, LIMITS, type MayWrite } from '../outbound/exchange.ts';
import { classify, type Heard, type Judged, type Reading } from './classify.ts';
import { markerOf } from './marker.ts';
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

export function httpDoor(parts: DoorParts): VendorDoor<VendorRequest> {
  const { recipes, sessions, me, clock } = parts;
  let live: { epoch: number; fence: number } | undefined;
  let stale_epoch = 0;

  const recipeOf = ({ surface }: VendorRequest): HttpRecipe => {
    const recipe = recipes[surface];
    if (!recipe) throw new Error(`no recipe for ${surface}`);
    return recipe;
  };

  const markerIn = ({ write_id }: VendorRequest) => markerOf(parts.marker_key, write_id);

  /** One request on the session; what came of it, judged. */
  async function ask<T>(
    { asked, judge }: Question<T>,
    { epoch, fence, for_ms }: { epoch: number; fence: number; for_ms: number },
  ): Promise<Judged<T>> {
    const use = sessions.use({ epoch, fence }, for_ms);
    const cookies = use ? await parts.cookiesOf(use.jar) : undefined;
    if (!use || cookies === undefined) return judge({ is: 'not_sent' });
    const mayWrite: MayWrite = async () => {
      const began = clock.elapsed();
      const left_ms = use.mayLeave() ? await parts.leaseLeft(fence) : null;
      return left_ms === null || !use.mayLeave() ? null : { good_until_ms: began + left_ms };
    };
    const account = openAccount({ clock, user_agent: parts.user_agent, cookies });
    const limits = { ...LIMITS, total_ms: Math.min(for_ms, use.time_ms) };
    const judged = judge(heardOf(await account.ask(asked, { mayWrite, limits })));
    if (judged.is === 'trouble' && judged.trouble === 'AUTH_EXPIRED') stale_epoch = Math.max(stale_epoch, epoch);
    const news = newsOf(judged);
    if (news) await sessions.note(news).catch(() => false);
    return judged;
  }

  return {
    async session() {
      const told = await sessions.need({ stale_epoch, within_ms: SESSION_MS });
      live = told.is === 'live' && told.owner === me ? told : undefined;
      return live;
    },
    async send(job, { epoch }, { fence, for_ms }) {
      const judged = await ask(recipeOf(job).send(job.request, markerIn(job)), { epoch, fence, for_ms });
      if (judged.is === 'good') return { as: 'applied', vendor_id: judged.value };
      return judged.applied === 'no' ? { as: 'not_applied', trouble: judged.trouble } : { as: 'unknown' };
    },
    async look(job) {
      if (!live) return 'nothing';
      const judged = await ask(recipeOf(job).look(job.request, markerIn(job)), { ...live, for_ms: LOOK_MS });
      if (judged.is !== 'good') return 'nothing';
      return judged.value === 'other' ? 'other' : { there: judged.value };
    },
  };
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
