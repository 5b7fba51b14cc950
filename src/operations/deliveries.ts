import * as z from 'zod';
import { Delivery } from '../domains/deliveries.ts';
import { DraftId } from '../domains/drafts.ts';
import { operation, pageOf, paging } from './operation.ts';

export const listDeliveries = operation({
  name: 'list_deliveries',
  title: 'What became of a signed message',
  description: 'The texts and e-mails that the signature of a draft sent out of the house, and how far each has come.',
  toolset: 'always',
  rest: 'GET /drafts/{draft_id}/deliveries',
  doors: ['admin'],
  permission: 'deliveries:read',
  effect: 'read',
  needs: ['deliveries.ofDraft'],
  input: z.object({ draft_id: DraftId }),
  output: z.object({ deliveries: z.array(Delivery) }),
  run: async ({ deliveries }, query) => ({ deliveries: await deliveries.ofDraft(query) }),
});

export const listUndelivered = operation({
  name: 'list_undelivered',
  title: 'Messages that did not go',
  description:
    'Messages that failed, may have gone or not, or were cancelled, newest first, and those that nobody has sent though they are due. What ended is not sent again by itself.',
  toolset: 'always',
  rest: 'GET /deliveries',
  doors: ['admin'],
  permission: 'deliveries:read',
  effect: 'read',
  needs: ['deliveries.notGone'],
  page: { list: 'deliveries', id: 'message_id' },
  input: z.object({ ...paging(50) }),
  output: z.object({ deliveries: z.array(Delivery) }),
  run: ({ deliveries }, page) => deliveries.notGone(pageOf(page)),
});
