// How one vendor is dealt with: what a connector brings, and all that the wires need to keep an account there alive and its writes exact. It opens no connection by itself.
import type { Secret } from '../base/secret.ts';
import type { Told } from '../outbound/account.ts';
import type { Asked } from '../outbound/exchange.ts';
import type { AccountRule, Answer, Order } from './account.ts';
import type { HttpRecipe } from './http-recipe.ts';
import type { Pacers } from './pacers.ts';
import type { Mailbox } from './session-ports.ts';

export interface Dealings {
  /** Of one account. Throws for settings that name none. */
  of(settings: unknown): AccountDealings;
}

export interface AccountDealings {
  readonly rule: AccountRule;
  /** How its surfaces are written to and looked at, by the surface's name. */
  readonly recipes: Readonly<Record<string, HttpRecipe>>;
  /** The vendor's limits, by the names that the surfaces call their budgets. `key`: the vendor and whatever it counts by; accounts with one key share the limit. */
  readonly budgets: Readonly<Record<string, Limit>>;
  /** Against which of them a sign-in counts. */
  readonly signs_in_under: string;
  /** Where the codes and links arrive that the vendor mails. Never a person's own mailbox. */
  readonly mailbox?: Mailbox;
  /** Carries out what the session's machine orders, and answers what the vendor's page is. Null: it showed none that is known. */
  signIn(order: Order, hands: Hands): Promise<Page | null>;
}

export type Limit = Parameters<Pacers['of']>[1] & { readonly key: string };

/** An answer whose cookies are not sealed yet: the wires see to that. */
export type Page = Answer extends infer A ? (A extends { jar: string } ? Omit<A, 'jar'> : A) : never;

/** What a sign-in may use, for one order. */
export interface Hands {
  /** One request with the cookies of this sign-in, held to the account's lease. Never throws. */
  ask(asked: Asked): Promise<Told>;
  /** Throws VaultRefusal where none was entered. */
  password(): Promise<Secret>;
  /** What goes with a `submit`. */
  readonly code?: string;
}
