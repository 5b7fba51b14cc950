import * as z from 'zod';
import { HoldId, OutsideText, PayloadHash, Reason, WHY_NOT } from '../domains/drafts.ts';
import { shown, system } from '../domains/mark.ts';
import { operation } from './operation.ts';

const WhyNot = z.enum(WHY_NOT);

const HoldRow = z.object({
  hold_id: system('id'),
  kind: system('code'),
  operation: system('code'),
  patient_id: system('id').optional(),
  patient: system('person_name').optional(),
  birth_date: system('partial_date').optional(),
  proposed_by: system('person_name').optional(),
  created_at: system('instant'),
  expires_at: system('instant'),
  why_not: WhyNot.optional(),
});

export const listHolds = operation({
  name: 'list_holds',
  title: 'What is held',
  description: 'Proposals that became no draft, since outside text stood in the conversation. The oldest first.',
  toolset: 'always',
  rest: 'GET /holds',
  doors: ['admin'],
  permission: 'holds:review',
  effect: 'read',
  needs: ['drafts.holds'],
  input: z.object({}),
  output: z.object({ holds: z.array(HoldRow) }),
  run: ({ drafts }) => drafts.holds(),
});

export const reviewHold = operation({
  name: 'review_hold',
  title: 'One hold',
  description: 'What was proposed, and the outside text that stood in the conversation.',
  toolset: 'always',
  rest: 'GET /holds/{hold_id}',
  doors: ['admin'],
  permission: 'holds:review',
  effect: 'read',
  needs: ['drafts.hold'],
  input: z.object({ hold_id: HoldId }),
  output: z.object({
    ...HoldRow.shape,
    payload: shown(z.record(z.string(), z.unknown())),
    binding_hash: system('hash'),
    sources: shown(z.array(OutsideText)),
  }),
  run: ({ drafts }, query) => drafts.hold(query),
});

export const releaseHold = operation({
  name: 'release_hold',
  title: 'Release a hold',
  description: 'Lets exactly this proposal, with exactly these sources, become a draft. It still has to be signed.',
  toolset: 'always',
  rest: 'POST /holds/{hold_id}/release',
  doors: ['admin'],
  permission: 'holds:review',
  effect: 'write',
  needs: ['drafts.release'],
  input: z.object({ hold_id: HoldId, binding_hash: PayloadHash, confirm: z.literal(true) }),
  output: z.object({ draft_id: system('id') }),
  run: ({ drafts }, { hold_id, binding_hash }) => drafts.release({ hold_id, binding_hash }),
});

export const rejectHold = operation({
  name: 'reject_hold',
  title: 'Reject a hold',
  description: 'Ends a hold with a reason.',
  toolset: 'always',
  rest: 'POST /holds/{hold_id}/reject',
  doors: ['admin'],
  permission: 'holds:review',
  effect: 'write',
  needs: ['drafts.rejectHold'],
  input: z.object({ hold_id: HoldId, reason: Reason }),
  output: z.object({ hold_id: system('id'), status: z.literal('rejected') }),
  async run({ drafts }, decision) {
    await drafts.rejectHold(decision);
    return { hold_id: decision.hold_id, status: 'rejected' as const };
  },
});
