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

/** How one surface is written to and looked at. */
// biome-ignore lint/suspicious/noExplicitAny: what a recipe reads is known to itself alone; the door hands it from one of its functions to the next.
export interface HttpRecipe<Sent = any, Listed = any> {
  readonly surface: Surface;
  send(request: VendorRequest['request'], marker: string): Asked;
  readonly sent: Reading<Sent>;
  /** The vendor's id of what was written. */
  idOf(sent: Sent): string;
  look(request: VendorRequest['request']): Asked;
  readonly listed: Reading<Listed>;
  /** What the answer to a look holds of this write: the ids of the records with its mark (without one, of those that fit), or `other` (write.ts). */
  found(listed: Listed, request: VendorRequest['request'], marker: string): readonly string[] | 'other';
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

  /** One request on the session; what came of it, judged. */
  async function ask<T>(
    asked: Asked,
    reading: Reading<T>,
    { epoch, fence, for_ms }: { epoch: number; fence: number; for_ms: number },
  ): Promise<Judged<T>> {
    const use = sessions.use({ epoch, fence }, for_ms);
    const cookies = use ? await parts.cookiesOf(use.jar) : undefined;
    if (!use || cookies === undefined) return classify(reading, { is: 'not_sent' });
    const mayWrite: MayWrite = async () => {
      const began = clock.elapsed();
      const left_ms = use.mayLeave() ? await parts.leaseLeft(fence) : null;
      return left_ms === null || !use.mayLeave() ? null : { good_until_ms: began + left_ms };
    };
    const account = openAccount({ clock, user_agent: parts.user_agent, cookies });
    const judged = classify(
      reading,
      heardOf(await account.ask(asked, { mayWrite, limits: { ...LIMITS, total_ms: Math.min(for_ms, use.time_ms) } })),
    );
    if (judged.is === 'trouble' && judged.trouble === 'AUTH_EXPIRED') stale_epoch = Math.max(stale_epoch, epoch);
    if (judged.is === 'good') void sessions.note({ on: 'used' });
    return judged;
  }

  return {
    async session() {
      const told = await sessions.need({ stale_epoch, within_ms: SESSION_MS });
      live = told.is === 'live' && told.owner === me ? told : undefined;
      return live;
    },
    async send(job, { epoch }, { fence, for_ms }) {
      const { send, sent, idOf } = recipeOf(job);
      const judged = await ask(send(job.request, markerOf(parts.marker_key, job.write_id)), sent, { epoch, fence, for_ms });
      if (judged.is === 'good') return { as: 'applied', vendor_id: idOf(judged.value) };
      return judged.applied === 'no' ? { as: 'not_applied', trouble: judged.trouble } : { as: 'unknown' };
    },
    async look(job) {
      if (!live) return 'nothing';
      const { look, listed, found } = recipeOf(job);
      const judged = await ask(look(job.request), listed, { ...live, for_ms: LOOK_MS });
      if (judged.is !== 'good') return 'nothing';
      const there = found(judged.value, job.request, markerOf(parts.marker_key, job.write_id));
      return there === 'other' ? 'other' : { there };
    },
  };
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
