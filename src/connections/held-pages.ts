// The pages of a surface that is written to over HTTP (http-door.ts), and what each of them has to be.
import type { Told } from '../outbound/account.ts';
import type { Asked } from '../outbound/exchange.ts';
import type { Judged, Reading } from './classify.ts';
import type { HeldSurface } from './contract-books.ts';
import type { CamePage, ContractKeeper, PageOf } from './contract-keeper.ts';
import type { Contract } from './contract-shape.ts';
import type { Surface } from './surface.ts';

/** What the pages of a recipe are held to. */
export interface HeldPages {
  /** What shows, without anything being sent, whether the surface is as it was. A form is read before each write, too. */
  readonly looked_at: { readonly of: 'form' | 'answer'; asked(): Asked; readonly reading: Reading<unknown>; readonly contract: Contract };
  /** What a write is answered with, and the list in which writes of ours are looked for. */
  readonly sent: Contract;
  readonly listed: Contract;
}

export interface Held {
  readonly contracts: ContractKeeper;
  readonly pages: HeldPages;
  readonly of: HeldSurface;
}
export type HeldPage = PageOf & Pick<Held, 'contracts' | 'of'>;

/** In the books of contracts it bears the name that a recipe for it would bear. */
export function heldOf({ vendor, name, contract }: Surface, parts: Pick<Held, 'contracts' | 'pages'>): Held {
  return { ...parts, of: { vendor, surface: name.replaceAll('.', '_'), version: contract.version, effect: 'write' } };
}

export function answerOf({ contracts, of, pages }: Held, which: 'sent' | 'listed'): HeldPage {
  return { contracts, of, as: 'answer', contract: pages[which], which };
}

export function lookedAt({ looked_at: { of, contract } }: HeldPages): PageOf {
  return { as: of, contract, which: 'looked_at' };
}

/** What breaks a contract proves nothing: neither that it was done, nor that it was not. */
export const DRIFTED = { is: 'trouble', trouble: 'CONTRACT_DRIFT', applied: 'unknown' } as const satisfies Judged<never>;

/** What is neither a page that we asked for, nor one that nobody knows, is something else that the vendor says: that the session is over, that it is broken. */
export function isPage(judged: Judged<unknown>, { isLookedAt = false } = {}): boolean {
  if (judged.is === 'good') return true;
  // A page that is asked for at its address and is gone has changed as much as one can.
  if (isLookedAt && (judged.trouble === 'NOT_FOUND' || judged.trouble === 'VALIDATION')) return true;
  return judged.trouble === 'CONTRACT_DRIFT' && judged.applied === 'unknown';
}

export function cameOf(told: Extract<Told, { sent: true; cut: null }>, of: Pick<CamePage, 'epoch' | 'operation_id'>): CamePage {
  const header = (name: string) => [told.headers[name] ?? ''].flat()[0] ?? '';
  const http_date = header('date').slice(0, 100);
  const { body: bytes, url, status } = told;
  return { ...of, bytes, url, status, content_type: header('content-type'), http_date: http_date === '' ? null : http_date };
}
