// The egress of one vendor account: its cookies and nobody else's, over connections that no other account ever had. What it holds is handed out to be sealed and stored; between two
// requests nothing of it lives on the network.
import { CookieJar } from 'tough-cookie';
import type { Clock } from '../base/clock.ts';
import { type Dial, dial as loopback } from './dial.ts';
import { type Asked, type Came, type Exchanged, exchange, LIMITS, type Limits, type MayWrite, type NotSent } from './exchange.ts';

export interface Account {
  /** One request, with the account's cookies, by which it also keeps what the answer sets. Never throws, never asks again. */
  ask(asked: Asked, how: How): Promise<Told>;
  /** The cookies as text, for `openAccount`. A secret. */
  cookies(): string;
}

export interface How {
  /** The fence: asked for each request, when it is about to be written. */
  mayWrite: MayWrite;
  limits?: Limits;
  /** How many ways elsewhere a GET or HEAD goes, 0 where nothing is said. An answer to anything else is never left: it is what tells of a write. */
  redirects?: 0 | 1 | 2;
}

/** `url` is who said it. `not_followed`: it is a way elsewhere that was not taken, for this reason; `too_many` after `redirects`, `less_safe` from https to http. */
export type Told = Exchanged & { url: URL; not_followed?: NotSent['why'] | 'too_many' | 'less_safe' };

/** `cookies` is what `cookies()` gave; `dial` is the policy of dialling, this machine alone where nothing is said. */
export function openAccount({
  clock,
  user_agent,
  cookies,
  dial = loopback,
}: {
  clock: Clock;
  user_agent: string;
  cookies?: string;
  dial?: Dial;
}): Account {
  const jar = cookies === undefined ? new CookieJar() : CookieJar.deserializeSync(cookies);

  async function once(asked: Asked, how: { mayWrite: MayWrite; limits: Limits }): Promise<Exchanged> {
    const cookie = jar.getCookieStringSync(asked.url.href);
    const headers = { 'user-agent': user_agent, ...asked.headers, ...(cookie !== '' && { cookie }) };
    const answer = await exchange({ ...asked, headers }, { dial, clock, ...how });
    if (answer.sent)
      for (const set of [answer.headers['set-cookie'] ?? []].flat()) jar.setCookieSync(set, asked.url.href, { ignoreError: true });
    return answer;
  }

  return {
    cookies: () => JSON.stringify(jar.serializeSync()),
    async ask(asked, { mayWrite, limits = LIMITS, redirects = 0 }) {
      const began = clock.elapsed();
      let [now, answer] = [asked, await once(asked, { mayWrite, limits })];
      for (let hops = 0; answer.sent; hops += 1) {
        const told = { ...answer, url: now.url };
        const next = wayOn(now, answer);
        if (next === null) return told;
        if (hops === redirects) return { ...told, not_followed: 'too_many' };
        if (now.url.protocol === 'https:' && next.url.protocol !== 'https:') return { ...told, not_followed: 'less_safe' };
        const left_ms = began + limits.total_ms - clock.elapsed();
        const further = await once(next, { mayWrite, limits: { ...limits, total_ms: left_ms } });
        if (!further.sent) return { ...told, not_followed: further.why };
        [now, answer] = [next, further];
      }
      return { ...answer, url: now.url };
    },
  };
}

const WAYS = [301, 302, 303, 307, 308];
/** What goes along to another origin. Whatever else a caller says is for the one that it was said to. */
const HARMLESS = ['accept', 'accept-language'];

/** The request to which an answer sends whoever asked; null where it sends nowhere, or what was asked may not be left. */
function wayOn({ method, url, headers = {} }: Asked, { cut, status, headers: told }: Came): Asked | null {
  const { location } = told;
  if ((cut !== null && cut !== 'no_end') || status === null || !WAYS.includes(status) || typeof location !== 'string') return null;
  if (method !== 'GET' && method !== 'HEAD') return null;
  if (!URL.canParse(location, url.href)) return null;
  const there = new URL(location, url);
  const along = Object.entries(headers).filter(([name]) => there.origin === url.origin || HARMLESS.includes(name.toLowerCase()));
  return { method, url: there, headers: Object.fromEntries(along) };
}
