// The way of a vendor's writes over HTTP: on a session that lives, under the fence, judged before it is believed.
import type { Clock } from '../base/clock.ts';
import { openAccount, type Told } from '../outbound/account.ts';
import { type Asked, LIMITS, type MayWrite } from '../outbound/exchange.ts';
import { classify, type Heard, type Judged, type Reading } from './classify.ts';
import type { CamePage, ContractKeeper } from './contract-keeper.ts';
import { answerOf, cameOf, DRIFTED, type Held, type HeldPage, type HeldPages, heldOf, isPage, lookedAt } from './held-pages.ts';
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
  readonly pages?: HeldPages;
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
  pages?: HeldPages;
}): HttpRecipe {
  const { surface, sent, idOf, listed, found, pages } = parts;
  return {
    ...{ surface, ...(pages && { pages }) },
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
  /** Where the recipes say what their pages are held to. */
  contracts?: ContractKeeper;
}

const SESSION_MS = 10_000;
const LOOK_MS = 10_000;

export interface HttpDoor extends VendorDoor<VendorRequest> {
  /** Takes the looks that are due at the surfaces with a contract, while the account is ours; answers in how many ms the next one is due. */
  watch(): Promise<number>;
}

/** How one question goes out. */
interface How {
  readonly epoch: number;
  readonly fence: number;
  readonly for_ms: number;
  /** Asked last, right before the first byte: whether the surface may still be written to. */
  readonly mayUse?: (() => Promise<boolean>) | undefined;
}

export function httpDoor(parts: DoorParts): HttpDoor {
  const { recipes, sessions, me, clock, contracts } = parts;
  let live: { epoch: number; fence: number } | undefined;
  let stale_epoch = 0;

  const recipeOf = ({ surface }: VendorRequest): HttpRecipe => {
    const recipe = recipes[surface];
    if (!recipe) throw new Error(`no recipe for ${surface}`);
    return recipe;
  };

  const markerIn = ({ write_id }: VendorRequest) => markerOf(parts.marker_key, write_id);

  const held = ({ surface, pages }: HttpRecipe): Held | undefined => contracts && pages && heldOf(surface, { contracts, pages });

  /** One request on the session; what came of it, judged, and the page where one came. */
  async function exchanged<T>(
    { asked, judge }: Question<T>,
    { epoch, fence, for_ms, mayUse }: How,
    operation_id: string,
  ): Promise<{ judged: Judged<T>; came?: CamePage }> {
    const use = sessions.use({ epoch, fence }, for_ms);
    const cookies = use ? await parts.cookiesOf(use.jar) : undefined;
    if (!use || cookies === undefined) return { judged: judge({ is: 'not_sent' }) };
    let has_drifted = false;
    const mayWrite: MayWrite = async () => {
      has_drifted = mayUse !== undefined && !(await mayUse());
      if (has_drifted) return null;
      const began = clock.elapsed();
      const left_ms = use.mayLeave() ? await parts.leaseLeft(fence) : null;
      return left_ms === null || !use.mayLeave() ? null : { good_until_ms: began + left_ms };
    };
    const account = openAccount({ clock, user_agent: parts.user_agent, cookies });
    const limits = { ...LIMITS, total_ms: Math.min(for_ms, use.time_ms) };
    const told = await account.ask(asked, { mayWrite, limits });
    if (!told.sent && has_drifted) return { judged: { is: 'trouble', trouble: 'CONTRACT_DRIFT', applied: 'no' } };
    const judged = judge(heardOf(told));
    if (judged.is === 'trouble' && judged.trouble === 'AUTH_EXPIRED') stale_epoch = Math.max(stale_epoch, epoch);
    const news = newsOf(judged);
    if (news) await sessions.note(news).catch(() => false);
    return { judged, ...(told.sent && told.cut === null && { came: cameOf(told, { epoch, operation_id }) }) };
  }

  /** The same, and held to its contract where it is a page of the surface at all: not a login page, nor an error that the vendor reports. What breaks it proves nothing, and is
   *  never taken for proof that nothing was done. */
  async function ask<T>(question: Question<T>, how: How, { page, operation_id }: { page?: HeldPage | undefined; operation_id: string }) {
    const { judged, came } = await exchanged(question, how, operation_id);
    if (!page || !came || !isPage(judged)) return judged;
    const { is_clean } = await page.contracts.page(page.of, page, came);
    return is_clean ? judged : DRIFTED;
  }

  /** Reads the page that shows whether the surface is as it was. */
  async function readLookedAt({ pages: { looked_at } }: Held, operation_id: string) {
    if (!live) return undefined;
    const question = { asked: looked_at.asked(), judge: (heard: Heard) => classify(looked_at.reading, heard) };
    return exchanged(question, { ...live, for_ms: LOOK_MS }, operation_id);
  }

  return {
    async session() {
      const told = await sessions.need({ stale_epoch, within_ms: SESSION_MS });
      live = told.is === 'live' && told.owner === me ? told : undefined;
      return live;
    },
    async heldBy(job) {
      const is_held = held(recipeOf(job));
      if (!is_held) return undefined;
      const { contracts, of, pages } = is_held;
      if (!(await contracts.mayUse(of))) return 'CONTRACT_DRIFT';
      if (pages.looked_at.of !== 'form') return undefined;
      const read = await readLookedAt(is_held, job.write_id);
      if (!read) return 'AUTH_EXPIRED';
      const { judged, came } = read;
      if (!came || !isPage(judged)) return judged.is === 'good' ? undefined : judged.trouble;
      const { passed } = await contracts.page(of, lookedAt(pages), came);
      return passed && judged.is === 'good' ? undefined : 'CONTRACT_DRIFT';
    },
    async send(job, { epoch }, { fence, for_ms }) {
      const recipe = recipeOf(job);
      const is_held = held(recipe);
      const judged = await ask(
        recipe.send(job.request, markerIn(job)),
        { epoch, fence, for_ms, mayUse: is_held && (() => is_held.contracts.mayUse(is_held.of)) },
        { page: is_held && answerOf(is_held, 'sent'), operation_id: job.write_id },
      );
      if (judged.is === 'good') return { as: 'applied', vendor_id: judged.value };
      return judged.applied === 'no' ? { as: 'not_applied', trouble: judged.trouble } : { as: 'unknown' };
    },
    async look(job) {
      if (!live) return 'nothing';
      const recipe = recipeOf(job);
      const is_held = held(recipe);
      const judged = await ask(
        recipe.look(job.request, markerIn(job)),
        { ...live, for_ms: LOOK_MS },
        { page: is_held && answerOf(is_held, 'listed'), operation_id: job.write_id },
      );
      if (judged.is !== 'good') return 'nothing';
      return judged.value === 'other' ? 'other' : { there: judged.value };
    },
    async watch() {
      let next_ms = Number.POSITIVE_INFINITY;
      for (const recipe of Object.values(recipes)) {
        const is_held = held(recipe);
        if (!is_held || !live) continue;
        const due = await is_held.contracts.lookDue(is_held.of);
        next_ms = Math.min(next_ms, due.next_ms);
        if (due.look === undefined) continue;
        const read = await readLookedAt(is_held, `look-${due.look}`);
        // Where no page came, or another one than was asked for, the next look is waited for.
        if (read?.came && isPage(read.judged)) await is_held.contracts.looked(is_held.of, due.look, lookedAt(is_held.pages), read.came);
      }
      return next_ms;
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
