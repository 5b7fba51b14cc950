// What stands on the page of connections when there is something on it: an account that works, one that is locked, and writes in each state that a person may meet.
import type { Attending } from '../app.ts';
import {
  aCarriedDraft,
  aVendorAccount,
  aVendorWrite,
  HELD,
  IN_DOUBT,
  NEVER_FOUND,
  NOT_TOLD_APART,
  statesOf,
  UNMARKED,
} from './vendor-writes.ts';

const HOUR_MS = 3_600_000;

/** The parked ones by their order on the page. */
export async function aBusyVendor(attending: Attending): Promise<{ visit: Parked; note: Parked; untold: Parked }> {
  const live = {
    at: 'live',
    since: Date.now() - 5 * HOUR_MS,
    used_at: 0,
    jar: 'sealed',
    ttl_ms: HOUR_MS,
    idle_limit_ms: HOUR_MS,
    can_refresh: false,
  } as const;
  const works = await aVendorAccount(attending, { stage: live, vendor: 'eclinicalworks' });
  const locked = await aVendorAccount(attending, { stage: { at: 'locked_out', until: Date.now() }, vendor: 'wellsky' });
  const [one, two, three, four, five] = [
    await aCarriedDraft(attending, 'visit', 0),
    await aCarriedDraft(attending, 'note', 1),
    await aCarriedDraft(attending, 'visit', 2),
    await aCarriedDraft(attending, 'visit', 3),
    await aCarriedDraft(attending, 'visit', 4),
  ];
  const began = (hours: number) => ({ began: Date.now() - hours * HOUR_MS });
  const add = async (draft: { draft_id: string; patient: string }, connection_id: string, states: ReturnType<typeof statesOf>) => ({
    ...(await aVendorWrite(attending, { connection_id, draft_id: draft.draft_id, states })),
    ...draft,
  });
  const visit = await add(one, works, statesOf(NEVER_FOUND, began(4)));
  const note = await add(two, works, statesOf(NEVER_FOUND, began(3)));
  const untold = await add(three, works, statesOf(NOT_TOLD_APART, { ...began(2), rules: UNMARKED }));
  await add(four, works, statesOf(IN_DOUBT, began(0.1)));
  await add(five, locked, statesOf(HELD, began(0.2)));
  return { visit, note, untold };
}

export interface Parked {
  write_id: string;
  version: number;
  draft_id: string;
  patient: string;
}
