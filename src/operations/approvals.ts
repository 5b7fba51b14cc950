import * as z from 'zod';
import { Approval, ApprovalId, ApprovalUse, Terms } from '../domains/approvals.ts';
import { system } from '../domains/mark.ts';
import { operation } from './operation.ts';

export const listApprovals = operation({
  name: 'list_approvals',
  title: 'Standing approvals',
  description: 'The rules by which drafts are signed ahead, the newest first: whose they are, what they cover, how much they signed today.',
  toolset: 'always',
  rest: 'GET /approvals',
  doors: ['admin'],
  permission: 'approvals:read',
  effect: 'read',
  needs: ['approvals.list'],
  input: z.object({}),
  output: z.object({ approvals: z.array(Approval) }),
  run: ({ approvals }) => approvals.list(),
});

export const listApprovalUses = operation({
  name: 'list_approval_uses',
  title: 'What an approval signed',
  description: 'The drafts that one standing approval signed, the newest first, at most 500.',
  toolset: 'always',
  rest: 'GET /approvals/{approval_id}/uses',
  doors: ['admin'],
  permission: 'approvals:read',
  effect: 'read',
  needs: ['approvals.uses'],
  input: z.object({ approval_id: ApprovalId }),
  output: z.object({ uses: z.array(ApprovalUse) }),
  run: ({ approvals }, query) => approvals.uses(query),
});

export const createApproval = operation({
  name: 'create_approval',
  title: 'Approve ahead',
  description:
    'You sign, with a fresh second factor, a rule by which bookings, intake forms, contact confirmations or payment postings are signed in your name as they are proposed.',
  toolset: 'always',
  rest: 'POST /approvals',
  doors: ['admin'],
  permission: 'approvals:manage',
  effect: 'write',
  needs: ['approvals.create'],
  input: Terms,
  output: z.object({ approval_id: system('id') }),
  run: ({ approvals }, terms) => approvals.create(terms),
});

export const revokeApproval = operation({
  name: 'revoke_approval',
  title: 'Revoke an approval',
  description: 'Ends a standing approval at once: nothing more is signed by it.',
  toolset: 'always',
  rest: 'POST /approvals/{approval_id}/revoke',
  doors: ['admin'],
  permission: 'approvals:manage',
  effect: 'write',
  needs: ['approvals.revoke'],
  input: z.object({ approval_id: ApprovalId }),
  output: z.object({ approval_id: system('id'), state: z.literal('revoked') }),
  async run({ approvals }, { approval_id }) {
    await approvals.revoke({ approval_id });
    return { approval_id, state: 'revoked' as const };
  },
});
