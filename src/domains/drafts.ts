import * as z from 'zod';
import { clear, clinic, phi, recordId, shown, system } from './mark.ts';

export const DraftId = clear(recordId('a draft_… tool or list_drafts gives it')).describe('from the draft tool that made it');

/** What a signature or a release is bound to, in hex. */
export const PayloadHash = clear(z.string().regex(/^[0-9a-f]{64}$/, 'the hash that the page shows'));
export const HoldId = clear(recordId('list_holds gives it'));
/** Why a person says no. */
export const Reason = phi('reason', z.string().trim().min(3).max(500));

export const DRAFT_STATES = ['pending', 'signed', 'committed', 'failed', 'parked', 'rejected', 'expired'] as const;
export type DraftState = (typeof DRAFT_STATES)[number];

/** What a model is told of each state: that nothing is in the record before a person signed. */
export const DRAFT_NOTES = {
  pending: 'Nothing has changed in the record yet: a person of the clinic reads this draft and signs or rejects it.',
  signed:
    'This draft was signed, by a person or by what a person approved ahead. Attending is writing it to the clinic’s record system: it is not known to be there yet. get_draft gives the operation_id, and get_operation tells when it is there. Do not draft it again.',
  committed: 'This draft was signed, by a person or by what a person approved ahead, and it is in the record.',
  failed: 'This draft was signed, and the record system did not take it: nothing has changed there. get_operation tells why.',
  parked:
    'This draft was signed, and whether it is in the record is being found out by a person. Do not draft it again: it could be there twice.',
  rejected: 'A person rejected this draft: nothing has changed in the record.',
  expired: 'Nobody decided on this draft in time: nothing has changed in the record.',
} as const satisfies Record<DraftState, string>;
/** Of one that failed because a person ended its write: nobody claims to know that nothing has changed. */
export const GIVEN_UP_NOTE =
  'This draft was signed, and a person gave it up before it was known to be in the record system: it may be there or not. Do not draft it again unless the user asks for it.';
export const DraftNote = z.enum([GIVEN_UP_NOTE, ...Object.values(DRAFT_NOTES)] as [string, ...string[]]);

/** One row of the queue. */
export const DraftRow = z.object({
  draft_id: system('id'),
  kind: system('code'),
  operation: system('code'),
  status: z.enum(DRAFT_STATES),
  version: z.number().int(),
  patient_id: system('id').optional(),
  patient: system('person_name').optional(),
  birth_date: system('partial_date').optional(),
  proposed_by: system('person_name').optional(),
  created_at: system('instant'),
  expires_at: system('instant'),
  /** It was held because outside text stood in the conversation, and a person released it. */
  released: z.boolean(),
  decided_at: system('instant').optional(),
  decided_by: system('person_name').optional(),
  record_id: system('id').optional(),
  /** The number that a vendor gave it, where it was carried out there. */
  vendor_id: shown(z.string()).optional(),
  /** The call that made it for several patients, and how many still wait of those. */
  batch_id: system('id').optional(),
  /** The draft that registers its patient: what has the same is signed together. */
  bundle_id: system('id').optional(),
});
export type DraftRow = z.infer<typeof DraftRow>;

/** What happened to a draft or a hold, oldest first. */
export const ReviewEvent = z.object({
  at: system('instant'),
  what: system('code'),
  by: system('person_name').optional(),
  version: z.number().int().optional(),
  payload_hash: system('hash').optional(),
  reason: clinic().optional(),
  /** The standing approval that signed it in its author's name. */
  approval_id: system('id').optional(),
});
export type ReviewEvent = z.infer<typeof ReviewEvent>;

/** A place of the payload that the signer must see: `path` of the field (`soap.plan`), `quote` the words it is about. */
export const Mark = z.object({ path: z.string(), level: z.enum(['warn', 'error']), text: z.string(), quote: z.string().optional() });
export type Mark = z.infer<typeof Mark>;

/** Why the caller may not sign: what is missing. */
export const WHY_NOT = ['not_permitted', 'licence_needed', 'mfa_needed'] as const;
export type WhyNot = (typeof WHY_NOT)[number];

export interface Draft extends DraftRow {
  payload: Record<string, unknown>;
  proposed_payload: Record<string, unknown>;
  payload_hash: string;
  marks: Mark[];
  why_not?: WhyNot;
  events: ReviewEvent[];
}

/** Text from outside the clinic that stood in the conversation when something was proposed. */
export const OutsideText = z.object({
  ref: z.string().nullable(),
  kind: z.string(),
  said_on: z.string().nullable(),
  text: z.string().nullable(),
  delivered_at: z.string(),
});
export type OutsideText = z.infer<typeof OutsideText>;

export interface Hold {
  hold_id: string;
  kind: string;
  operation: string;
  patient_id?: string;
  patient?: string;
  birth_date?: string;
  proposed_by?: string;
  created_at: string;
  expires_at: string;
  payload: Record<string, unknown>;
  binding_hash: string;
  sources: OutsideText[];
  why_not?: WhyNot;
}

/** What a draft operation proposes; `content` is what came in, by which a repetition is known. */
export interface Proposal {
  operation: string;
  kind: string;
  content: Record<string, unknown>;
  payload: Record<string, unknown>;
  patient_id?: string | undefined;
  request_key?: string | undefined;
  /** Of the call that proposes it for several patients. */
  batch_id?: string | undefined;
}
export type Proposed =
  | { state: 'pending'; draft_id: string; status: DraftState; repeated: boolean; expires_at: string; batch_id?: string }
  | { state: 'held'; hold_id: string; repeated: boolean; expires_at: string; sources: OutsideText[] };

/** What became of a draft with its signature: it is in the record, or a write carries it out at the vendor that keeps the record. */
export type Settled =
  | { draft_id: string; status: 'committed'; record_id: string }
  | { draft_id: string; status: 'signed'; operation_id: string; vendor: string };

/** The desk. Refusals are Faults: not_found, stale_draft, not_permitted, mfa_needed. */
export interface Drafts {
  propose(proposal: Proposal): Promise<Proposed>;
  /** What became of a draft of the caller's own person. */
  state(query: { draft_id: string }): Promise<DraftRow>;
  list(query: {
    status: DraftState;
    kind?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ drafts: DraftRow[]; more: boolean; counts: { pending: number; held: number; by_kind: { kind: string; n: number }[] } }>;
  get(query: { draft_id: string }): Promise<Draft>;
  /** Makes the next version; the payload must fit the kind. */
  revise(change: { draft_id: string; version: number; payload: Record<string, unknown> }): Promise<Draft>;
  /** Signs exactly this payload and, in this transaction, commits it or plans the write that carries it out at a vendor: both or neither. */
  sign(signature: { draft_id: string; version: number; payload_hash: string }): Promise<Settled>;
  /** The drafts of a batch or a bundle that the caller decides on, in the order in which they were made. Throws Fault not_found where there is none. */
  together(query: { together_id: string }): Promise<Draft[]>;
  /** Signs and commits all of these, which are of this batch or bundle, or none. Throws as `sign`, with the draft's id among the facts; not_found for one of another batch. */
  signTogether(signatures: {
    together_id: string;
    drafts: readonly { draft_id: string; version: number; payload_hash: string }[];
  }): Promise<Settled[]>;
  reject(decision: { draft_id: string; version: number; reason: string }): Promise<void>;
  holds(): Promise<{ holds: Omit<Hold, 'payload' | 'sources' | 'binding_hash'>[] }>;
  hold(query: { hold_id: string }): Promise<Hold>;
  release(decision: { hold_id: string; binding_hash: string }): Promise<{ draft_id: string }>;
  rejectHold(decision: { hold_id: string; reason: string }): Promise<void>;
  /** The caller's AI begins a new conversation: what it was told before no longer holds its drafts. */
  beginConversation(): Promise<{ began_at: string }>;
}
