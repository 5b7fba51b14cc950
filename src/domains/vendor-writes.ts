// What was signed and is carried out at a vendor: each until it is known to be there or not, and those on which a person decides.
import * as z from 'zod';
import { WHY_NOT } from './drafts.ts';
import { clear, phi, recordId, shown, system } from './mark.ts';

/** What a model is told of a write to a vendor. Whatever it is told, the write is not its to repeat. */
export const OPERATION_NOTES = {
  pending:
    'It is being carried out, or looked for where the answer was lost. It is never sent twice by itself. Do not draft it again; ask again after poll_after_s.',
  confirmed: 'It is in the record of the vendor. Do not draft it again.',
  rejected: 'It is not in the record of the vendor, and is not sent again. Tell the user why; draft it again only if the user asks for it.',
  needs_a_person:
    'It may be in the record of the vendor or not, and a person of the clinic has to find out. Do not draft it again: it could be there twice. Tell the user that it waits at /admin/connections/.',
  cancelled: 'A person of the clinic ended it: nothing more is sent. Do not draft it again unless the user asks for it.',
} as const;
export const OPERATION_STATES = ['pending', 'confirmed', 'rejected', 'needs_a_person', 'cancelled'] as const;

/** The state of a write as a model is told it. */
export const OperationState = z.object({
  operation_id: system('id'),
  draft_id: system('id').optional(),
  status: z.enum(OPERATION_STATES),
  /** Of what was confirmed. */
  vendor_id: system('code').optional(),
  /** Of what was rejected, or waits for something. */
  reason: system('advice').optional(),
  note: z.enum(Object.values(OPERATION_NOTES) as [string, ...string[]]),
  poll_after_s: z.number().int().optional(),
});
export type OperationState = z.infer<typeof OperationState>;

/** How the carrying out of a signed draft stands, for a person who reads the draft. `says`: in one sentence, and why. */
export const CarriedOut = z.object({
  operation_id: system('id'),
  vendor: system('code'),
  status: z.enum(OPERATION_STATES),
  says: shown(z.string()),
});
export type CarriedOut = z.infer<typeof CarriedOut>;

export const WriteId = clear(recordId('list_vendor_writes gives it'));
export const OperationId = clear(recordId('get_draft gives it where the draft is carried out at a vendor'));
/** Which of the open writes: parked waits for a person, in doubt is looked for, waiting is not sent yet or is being sent. */
export const OPEN_WRITES = ['parked', 'in_doubt', 'waiting'] as const;
export type OpenWrites = (typeof OPEN_WRITES)[number];
export const DECISIONS = ['there', 'send_again', 'give_up'] as const;
/** The vendor's own number of a record, as its screens show it. */
export const VendorId = phi(
  'vendor_id',
  z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:/|#-]{0,99}$/, 'not a record number: letters, digits and . _ : / | # -'),
);

/** One write to a vendor. */
export const VendorWrite = z.object({
  write_id: system('id'),
  version: z.number().int(),
  connection_id: system('id'),
  vendor: system('code'),
  status: z.enum(['planned', 'sending', 'in_doubt', 'confirmed', 'rejected', 'cancelled', 'parked']),
  /** Of the draft whose signature it carries out. */
  draft_id: system('id').optional(),
  kind: system('code').optional(),
  patient_id: system('id').optional(),
  patient: system('person_name').optional(),
  birth_date: system('partial_date').optional(),
  signed_by: system('person_name').optional(),
  signed_at: system('instant').optional(),
  /** How often it may have left us. */
  attempts: z.number().int(),
  /** In one sentence: how it stands, and why. */
  says: shown(z.string()),
  created_at: system('instant'),
  /** Since when it stands so. */
  changed_at: system('instant'),
});
export type VendorWrite = z.infer<typeof VendorWrite>;

/** What happened to it, oldest first, each as a sentence. */
export const WriteStep = z.object({
  at: system('instant'),
  says: shown(z.string()),
  /** After this moment nothing of an attempt left us any more. */
  until: system('instant').optional(),
  by: system('person_name').optional(),
});
export type WriteStep = z.infer<typeof WriteStep>;

/** One write with all that is known of it, and what each choice of a person will do. */
export const OpenedWrite = z.object({
  ...VendorWrite.shape,
  steps: z.array(WriteStep),
  /** What was found at the vendor, where it is not clear whether it is this one. */
  found: shown(z.array(z.string())),
  /** The record's number at the vendor, once it is known to be there. */
  vendor_id: shown(z.string()).optional(),
  /** Of a parked one. */
  choices: z.array(
    z.object({
      decision: z.enum(DECISIONS),
      does: shown(z.string()),
      /** What she who decides so says that she has seen. */
      seen: shown(z.string()).optional(),
    }),
  ),
  why_not: z.enum(WHY_NOT).optional(),
});
export type OpenedWrite = z.infer<typeof OpenedWrite>;

/** The writes to the vendors of a clinic. Refusals are Faults: not_found, not_permitted, mfa_needed, stale_write. */
export interface VendorWrites {
  /** The oldest first. Throws Fault invalid_input (stale cursor). */
  list(query: {
    state: OpenWrites;
    limit: number;
    after?: string | undefined;
  }): Promise<{ writes: VendorWrite[]; more: boolean; counts: Record<OpenWrites, number> }>;
  get(query: { write_id: string }): Promise<OpenedWrite>;
  /** A person's decision on a parked one; `version` as she saw it. `there` wants the vendor's id. */
  resolve(decision: {
    write_id: string;
    version: number;
    decision: (typeof DECISIONS)[number];
    vendor_id?: string | undefined;
  }): Promise<VendorWrite>;
  /** What became of a write that carries out a draft of the caller's own person. */
  state(query: { operation_id: string }): Promise<OperationState>;
  /** The write that carries out this draft; undefined: none does. */
  ofDraft(query: { draft_id: string }): Promise<CarriedOut | undefined>;
}
