import * as z from 'zod';
import { CitedMeasure, citedMeasures } from '../domains/cited-figures.ts';
import {
  DRAFT_NOTES,
  DRAFT_STATES,
  DraftId,
  DraftNote,
  DraftRow,
  GIVEN_UP_NOTE,
  Mark,
  PayloadHash,
  Reason,
  ReviewEvent,
  WHY_NOT,
} from '../domains/drafts.ts';
import { clear, recordId, shown, system } from '../domains/mark.ts';
import { CarriedOut } from '../domains/vendor-writes.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getDraft = operation({
  name: 'get_draft',
  title: 'Get the state of a draft',
  description:
    'What became of a draft that you made: pending (a person has not decided), signed (being written to a vendor), committed (in the record), failed, parked (a person looks), rejected or expired. It does not give the draft’s text. Ask again later rather than often: people sign at their own time.',
  toolset: 'always',
  rest: 'GET /drafts/{draft_id}',
  doors: ['mcp', 'rest'],
  permission: 'drafts:read',
  effect: 'read',
  needs: ['drafts.state', 'vendor_writes.ofDraft'],
  input: z.object({ draft_id: DraftId }),
  output: z.object({
    draft_id: system('id'),
    kind: system('code'),
    status: z.enum(DRAFT_STATES),
    patient_id: system('id').optional(),
    created_at: system('instant'),
    expires_at: system('instant'),
    decided_at: system('instant').optional(),
    record_id: system('id').optional(),
    /** Where it is carried out at a vendor: for get_operation. */
    operation_id: system('id').optional(),
    note: DraftNote,
  }),
  async run({ drafts, vendor_writes }, { draft_id }) {
    const { kind, status, patient_id, created_at, expires_at, decided_at, record_id } = await drafts.state({ draft_id });
    const carried = await vendor_writes.ofDraft({ draft_id });
    const note = status === 'failed' && carried?.status === 'cancelled' ? GIVEN_UP_NOTE : DRAFT_NOTES[status];
    const known = { draft_id, kind, status, patient_id, created_at, expires_at, decided_at, record_id };
    return { ...known, operation_id: carried?.operation_id, note };
  },
});

const Version = z.number().int().min(1);
const WhyNot = z.enum(WHY_NOT);

/** A draft as the person sees it who decides. */
const Reviewed = z.object({
  ...DraftRow.shape,
  payload: shown(z.record(z.string(), z.unknown())),
  proposed_payload: shown(z.record(z.string(), z.unknown())),
  payload_hash: system('hash'),
  marks: shown(z.array(Mark)),
  may_sign: z.boolean(),
  why_not: WhyNot.optional(),
  events: z.array(ReviewEvent),
});

export const listDrafts = operation({
  name: 'list_drafts',
  title: 'The queue',
  description: 'Drafts of one status, the oldest first, with how many wait of each kind and how many are held.',
  toolset: 'always',
  rest: 'GET /drafts',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'read',
  needs: ['drafts.list'],
  page: { list: 'drafts', id: 'draft_id' },
  input: z.object({
    status: z.enum(DRAFT_STATES).default('pending'),
    kind: clear(z.string().regex(/^[a-z_]{3,40}$/)).optional(),
    ...paging(50),
  }),
  output: z.object({
    drafts: z.array(DraftRow),
    counts: z.object({
      pending: z.number().int(),
      held: z.number().int(),
      by_kind: z.array(z.object({ kind: system('code'), n: z.number().int() })),
    }),
  }),
  run: ({ drafts }, { status, kind, ...page }) => drafts.list({ status, kind, ...pageOf(page) }),
});

export const reviewDraft = operation({
  name: 'review_draft',
  title: 'One draft',
  description: 'A draft in full: what would be committed, what was proposed, its history, and the hash that a signature is bound to.',
  toolset: 'always',
  rest: 'GET /drafts/{draft_id}',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'read',
  needs: ['drafts.get', 'vendor_writes.ofDraft'],
  input: z.object({ draft_id: DraftId }),
  output: z.object({
    ...Reviewed.shape,
    /** Where it is carried out at a vendor. */
    carried: CarriedOut.optional(),
  }),
  async run({ drafts, vendor_writes }, { draft_id }) {
    const draft = await drafts.get({ draft_id });
    const carried = await vendor_writes.ofDraft({ draft_id });
    return { ...draft, may_sign: draft.why_not === undefined, ...(carried && { carried }) };
  },
});

/** As many as a note is held against (notes.ts). */
const MOST = { labs: 500, vitals: 300 };

export const listDraftFigures = operation({
  name: 'list_draft_figures',
  title: 'What a draft cites',
  description:
    'The laboratory values and vital signs that the text of a draft gives figures of, each with the records of the chart: what there is to see over time.',
  toolset: 'always',
  rest: 'GET /drafts/{draft_id}/figures',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'read',
  needs: ['drafts.get', 'labs.list', 'vitals.list'],
  input: z.object({ draft_id: DraftId }),
  output: z.object({ patient_id: system('id').optional(), measures: z.array(CitedMeasure) }),
  async run({ drafts, labs, vitals, caller, today }, { draft_id }) {
    const { patient_id, payload } = await drafts.get({ draft_id });
    if (patient_id === undefined) return { measures: [] };
    // Who may not ask for the chart is not told of it by the way of a draft.
    const [measured, read] = await Promise.all([
      caller.permissions.has('labs:read') ? labs.list({ patient_id, limit: MOST.labs }) : { labs: [] },
      caller.permissions.has('vitals:read') ? vitals.list({ patient_id, limit: MOST.vitals }) : { vitals: [] },
    ]);
    const chart = { today, labs: measured.labs, vitals: read.vitals, medications: [], problems: [] };
    return { patient_id, measures: citedMeasures(payload, chart) };
  },
});

export const reviseDraft = operation({
  name: 'revise_draft',
  title: 'Mend a draft',
  description: 'Makes the next version of a draft. Whoever has the version before open cannot sign it any more.',
  toolset: 'always',
  rest: 'POST /drafts/{draft_id}/revise',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'write',
  needs: ['drafts.revise'],
  input: z.object({ draft_id: DraftId, version: Version, payload: z.record(z.string(), z.unknown()) }),
  output: Reviewed,
  async run({ drafts }, change) {
    const draft = await drafts.revise(change);
    return { ...draft, may_sign: draft.why_not === undefined };
  },
});

/** `record_id` of what is in the record; `operation_id` and `vendor` of what is being written to a vendor, for get_operation. */
const Settled = z.object({
  draft_id: system('id'),
  status: z.enum(['committed', 'signed']),
  record_id: system('id').optional(),
  operation_id: system('id').optional(),
  vendor: system('code').optional(),
  note: DraftNote,
});

export const signDraft = operation({
  name: 'sign_draft',
  title: 'Sign a draft',
  description:
    'Signs exactly the payload whose hash is given, and commits it to the record, or begins to write it to the vendor that keeps the record.',
  toolset: 'always',
  rest: 'POST /drafts/{draft_id}/sign',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'write',
  needs: ['drafts.sign'],
  input: z.object({ draft_id: DraftId, version: Version, payload_hash: PayloadHash }),
  output: Settled,
  async run({ drafts }, signature) {
    const settled = await drafts.sign(signature);
    return { ...settled, note: DRAFT_NOTES[settled.status] };
  },
});

const TogetherId = clear(recordId('list_drafts gives it: batch_id or bundle_id'));

export const reviewTogether = operation({
  name: 'review_together',
  title: 'A batch or a bundle',
  description: 'The drafts that one call made for several patients, or what waits for a patient with her registration, each in full.',
  toolset: 'always',
  rest: 'GET /drafts/together/{together_id}',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'read',
  needs: ['drafts.together'],
  input: z.object({ together_id: TogetherId }),
  output: z.object({ together_id: system('id'), drafts: z.array(Reviewed) }),
  async run({ drafts }, { together_id }) {
    const found = await drafts.together({ together_id });
    return { together_id, drafts: found.map((draft) => ({ ...draft, may_sign: draft.why_not === undefined })) };
  },
});

export const signTogether = operation({
  name: 'sign_together',
  title: 'Sign several drafts',
  description:
    'Signs exactly the payloads whose hashes are given, of one batch or bundle, and commits them: all of them, or none and the one that could not be. Of a bundle, all that waits.',
  toolset: 'always',
  rest: 'POST /drafts/together/{together_id}/sign',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'write',
  needs: ['drafts.signTogether'],
  input: z.object({
    together_id: TogetherId,
    drafts: z
      .array(z.object({ draft_id: DraftId, version: Version, payload_hash: PayloadHash }))
      .min(1)
      .max(40),
  }),
  output: z.object({ signed: z.array(Settled) }),
  async run({ drafts }, signatures) {
    const signed = await drafts.signTogether(signatures);
    return { signed: signed.map((settled) => ({ ...settled, note: DRAFT_NOTES[settled.status] })) };
  },
});

export const rejectDraft = operation({
  name: 'reject_draft',
  title: 'Reject a draft',
  description: 'Ends a draft with a reason. Nothing changes in the record.',
  toolset: 'always',
  rest: 'POST /drafts/{draft_id}/reject',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'write',
  needs: ['drafts.reject'],
  input: z.object({ draft_id: DraftId, version: Version, reason: Reason }),
  output: z.object({ draft_id: system('id'), status: z.literal('rejected') }),
  async run({ drafts }, decision) {
    await drafts.reject(decision);
    return { draft_id: decision.draft_id, status: 'rejected' as const };
  },
});

export const beginConversation = operation({
  name: 'begin_conversation',
  title: 'A new conversation has begun',
  description: 'You say that your AI begins anew: what it read before no longer holds its drafts. Needs a fresh second factor.',
  toolset: 'always',
  rest: 'POST /conversation/new',
  doors: ['admin'],
  permission: 'drafts:review',
  effect: 'write',
  needs: ['drafts.beginConversation'],
  input: z.object({}),
  output: z.object({ began_at: system('instant') }),
  run: ({ drafts }) => drafts.beginConversation(),
});
