// The way to the vendor's sign-in: a connector says what to ask and what the page is, and here it is held to the lease, its cookies are kept from one order to the next, and sealed
// where they are a session.
import type { Clock } from '../base/clock.ts';
import { secretOf } from '../base/secret.ts';
import { type Account, openAccount, type Told } from '../outbound/account.ts';
import type { Dial } from '../outbound/dial.ts';
import { LIMITS, type MayWrite } from '../outbound/exchange.ts';
import type { Answer } from './account.ts';
import type { AccountSecrets } from './account-secrets.ts';
import type { AccountDealings, Hands } from './dealings.ts';
import type { Pacer } from './pace-keeper.ts';
import { saidOf } from './paced.ts';
import type { Sending, VendorDoor } from './session-ports.ts';
import { VaultRefusal } from './vault-keys.ts';

export interface SignInParts {
  signIn: AccountDealings['signIn'];
  secrets: AccountSecrets;
  /** How long the lease with this fence still runs, by the database; null: it is another's. */
  leaseLeft(fence: number): Promise<number | null>;
  /** Of the budget that sign-ins count against, which knows the account under this name. */
  pacer: Pacer;
  account: string;
  clock: Clock;
  user_agent: string;
  dial?: Dial;
  /** What broke on the way; it is told, and nothing more. */
  failed(error: unknown): void;
}

export function signInDoor(parts: SignInParts): VendorDoor {
  const { signIn, secrets, clock, user_agent, dial, failed } = parts;
  /** Of the sign-in that is under way in this process. */
  let account: Account | undefined;
  const openWith = (cookies?: string) =>
    openAccount({ clock, user_agent, ...(cookies !== undefined && { cookies }), ...(dial && { dial }) });

  return {
    async send(order, sending) {
      if (order.do === 'login') account = openWith();
      if (order.do === 'refresh') {
        const cookies = await cookiesOf(secrets, sending.jar);
        account = cookies === undefined ? undefined : openWith(cookies);
      }
      if (!account) return { page: 'unsent' };
      const of_this = account;
      const until = clock.elapsed() + sending.time_ms;
      let has_changed = false;
      const hands: Hands = {
        async ask(asked) {
          const left_ms = () => Math.max(0, until - clock.elapsed());
          const wish = { account: parts.account, lane: 'interactive', deadline_ms: left_ms() / 2 } as const;
          const passed = await parts.pacer.pass(wish, async ({ mayLeave }) => {
            const how = { mayWrite: mayWrite(parts, sending, mayLeave), limits: { ...LIMITS, total_ms: left_ms() } };
            const told = await of_this.ask(asked, how);
            return { value: told, ...saidOf(told) };
          });
          const told: Told = passed.is === 'passed' ? passed.value : { sent: false, why: 'no_time', url: asked.url };
          if (told.sent && asked.method !== 'GET' && asked.method !== 'HEAD') has_changed = true;
          return told;
        },
        password: async () => (await secrets.open('password')).secret,
        ...(sending.code !== undefined && { code: sending.code }),
      };
      // Whatever breaks on the way to a known page: what was only looked at has changed nothing there.
      const page = await signIn(order, hands).catch((error: unknown) => {
        failed(error);
        return error instanceof VaultRefusal && !has_changed ? ({ page: 'no_password' } as const) : null;
      });
      if (page === null) return { page: has_changed ? 'unanswered' : 'unsent' };
      if (page.page !== 'home' && page.page !== 'refreshed') return page;
      // Whoever has the account by now has a session of its own, which this must not take the place of.
      if (!sending.mayLeave() || (await parts.leaseLeft(sending.fence)) === null) return { page: 'unanswered' };
      const jar = String(await secrets.put('session', secretOf(of_this.cookies())));
      return { ...page, jar } satisfies Answer;
    },
  };
}

/** The cookies that a jar stands for; undefined: there are newer ones, or none that can be opened any more. Rejects where the vault cannot be read at the moment. */
export async function cookiesOf(secrets: AccountSecrets, jar: string | undefined): Promise<string | undefined> {
  try {
    const { secret, version } = await secrets.open('session');
    return String(version) === jar ? secret.reveal().toString() : undefined;
  } catch (error) {
    if (error instanceof VaultRefusal) return undefined;
    throw error;
  }
}

function mayWrite({ clock, leaseLeft }: SignInParts, { mayLeave: isOurs, fence }: Sending, mayLeave: () => boolean): MayWrite {
  return async () => {
    const began = clock.elapsed();
    const left_ms = isOurs() ? await leaseLeft(fence) : null;
    return left_ms === null || !isOurs() ? null : { good_until_ms: began + left_ms, mayLeave };
  };
}
