// Who sits at the desk, and what the desk's functions refuse.
import { Fault } from '../base/fault.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import type { Source } from '../domains/index.ts';
import type { AnyDraft, Caller, Operation } from '../operations/operation.ts';

/** Who works at the desk, and on what: `source` is the record system that a signed draft is committed to. */
export interface Sitting {
  tx: Tx;
  source: Source;
  catalogue: readonly Operation[];
  caller: Caller;
  now: Date;
  today: string;
}

const REFUSALS: Refusals = {
  not_found: ['not_found', 'There is no such draft here.'],
  stale_draft: ['stale_draft', 'Somebody changed or decided it since this page was opened.'],
  expired: ['stale_draft', 'Its time is over: a draft waits 30 days, what is held 72 hours.'],
  not_permitted: ['not_permitted', 'Your role does not sign drafts of this kind.'],
  licence_needed: ['licence_needed', 'There is no live licence record for you.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  bundle: ['conflict', 'What waits for a patient who is yet to be registered is signed together with the registration: open all of it.'],
  bundle_ended: [
    'conflict',
    'patient_id: the draft that registers this patient was rejected, or its time is over. Draft the registration again.',
  ],
  being_registered: [
    'conflict',
    'patient_id: this patient is being registered at the record system. Draft it once get_draft says that the registration is in the record.',
  ],
  other_content: ['conflict', 'This request_key was used for another content. Use a new key for a new draft.'],
  too_many_holds: ['too_many', 'Fifty proposals of yours wait to be released.'],
};

/** Asks the desk's functions; what they refuse is a Fault. */
export const asked = <R extends object>(tx: Tx, sql: string, values: readonly unknown[]) => refusing(tx, REFUSALS).rows<R>(sql, values);

/** The draft operation of this name. Throws Fault conflict where there is none any more. */
export function operationOf(catalogue: readonly Operation[], name: string): AnyDraft {
  const operation = catalogue.find((candidate) => candidate.name === name);
  if (operation?.effect !== 'draft') throw new Fault('conflict', 'This kind of draft is no longer known here.');
  return operation;
}
