import * as z from 'zod';
import { clear, phi, recordId, shown, system } from '../domains/mark.ts';
import { OpenedDelivery, WEBHOOK_EVENTS, WEBHOOK_STATES, WebhookDelivery, WebhookEndpoint } from '../domains/webhooks.ts';
import { operation, pageOf, paging } from './operation.ts';

const EndpointId = clear(recordId('list_webhook_endpoints gives it'));
const Name = phi('webhook_name', z.string().trim().min(1).max(80));
const Events = z.array(z.enum(WEBHOOK_EVENTS)).min(1);
const DeliveryId = clear(recordId('list_webhook_deliveries gives it'));

export const listWebhookEndpoints = operation({
  name: 'list_webhook_endpoints',
  title: 'Webhook endpoints',
  description:
    'The programs that are told of events of the clinic: where they are, of what they are told, whether they take it, and why one is disabled. Never a secret.',
  toolset: 'always',
  rest: 'GET /webhooks',
  doors: ['admin'],
  permission: 'webhooks:read',
  effect: 'read',
  needs: ['webhooks.endpoints'],
  input: z.object({}),
  output: z.object({ endpoints: z.array(WebhookEndpoint) }),
  run: async ({ webhooks }) => ({ endpoints: await webhooks.endpoints() }),
});

export const createWebhookEndpoint = operation({
  name: 'create_webhook_endpoint',
  title: 'Add a webhook endpoint',
  description: 'Adds a program that is told of events from now on. Its signing secret is shown once.',
  toolset: 'always',
  rest: 'POST /webhooks',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.create'],
  input: z.object({
    name: Name,
    // It may hold a token of the receiver's.
    url: phi('webhook_url', z.string().trim().min(1).max(2000)),
    events: Events,
  }),
  output: z.object({ endpoint_id: system('id'), secret: shown(z.string()) }),
  run: ({ webhooks }, wanted) => webhooks.create(wanted),
});

export const updateWebhookEndpoint = operation({
  name: 'update_webhook_endpoint',
  title: 'Change a webhook endpoint',
  description:
    'Changes what it is called and of what it is told from now on. Its address stays: a program that is elsewhere is another endpoint, with a secret of its own.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.update'],
  input: z.object({ endpoint_id: EndpointId, name: Name, events: Events }),
  output: z.object({ endpoint_id: system('id') }),
  async run({ webhooks }, wanted) {
    await webhooks.update(wanted);
    return { endpoint_id: wanted.endpoint_id };
  },
});

export const rotateWebhookSecret = operation({
  name: 'rotate_webhook_secret',
  title: 'Change the secret of a webhook endpoint',
  description: 'Makes a new signing secret, shown once. For 24 hours each message is signed with the one before too.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}/rotate',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.rotate'],
  input: z.object({ endpoint_id: EndpointId }),
  output: z.object({ endpoint_id: system('id'), secret: shown(z.string()), two_secrets_until: system('instant') }),
  run: async ({ webhooks }, { endpoint_id }) => ({ endpoint_id, ...(await webhooks.rotate({ endpoint_id })) }),
});

export const disableWebhookEndpoint = operation({
  name: 'disable_webhook_endpoint',
  title: 'Disable a webhook endpoint',
  description:
    'Sends it nothing more. What waits goes to the dead letter; what happens from now on is not told to it, and not kept for it.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}/disable',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.disable'],
  input: z.object({ endpoint_id: EndpointId }),
  output: z.object({ endpoint_id: system('id') }),
  async run({ webhooks }, { endpoint_id }) {
    await webhooks.disable({ endpoint_id });
    return { endpoint_id };
  },
});

export const enableWebhookEndpoint = operation({
  name: 'enable_webhook_endpoint',
  title: 'Enable a webhook endpoint',
  description: 'Tells it of what happens from now on. What it missed while it was disabled it asks for with list_changes.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}/enable',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.enable'],
  input: z.object({ endpoint_id: EndpointId }),
  output: z.object({ endpoint_id: system('id') }),
  async run({ webhooks }, { endpoint_id }) {
    await webhooks.enable({ endpoint_id });
    return { endpoint_id };
  },
});

export const removeWebhookEndpoint = operation({
  name: 'remove_webhook_endpoint',
  title: 'Remove a webhook endpoint',
  description:
    'Takes an endpoint that is disabled off the list, and its deliveries with it. It does not come back; the audit log keeps what was done.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}/remove',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.remove'],
  input: z.object({ endpoint_id: EndpointId }),
  output: z.object({ endpoint_id: system('id') }),
  async run({ webhooks }, { endpoint_id }) {
    await webhooks.remove({ endpoint_id });
    return { endpoint_id };
  },
});

export const sendTestWebhook = operation({
  name: 'send_test_webhook',
  title: 'Send a test event',
  description: 'Sends the event webhook.test to one endpoint. list_webhook_deliveries says what came of it.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}/test',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.test'],
  input: z.object({ endpoint_id: EndpointId }),
  output: z.object({ delivery_id: system('id') }),
  run: ({ webhooks }, which) => webhooks.test(which),
});

export const listWebhookDeliveries = operation({
  name: 'list_webhook_deliveries',
  title: 'Webhook deliveries',
  description: 'Events on their way to endpoints, newest first; status `dead` is the dead letter. Holds ids and no record.',
  toolset: 'always',
  rest: 'GET /webhook-deliveries',
  doors: ['admin'],
  permission: 'webhooks:read',
  effect: 'read',
  needs: ['webhooks.deliveries'],
  page: { list: 'deliveries', id: 'delivery_id' },
  input: z.object({ endpoint_id: EndpointId.optional(), status: z.enum(WEBHOOK_STATES).optional(), ...paging(50) }),
  output: z.object({ deliveries: z.array(WebhookDelivery) }),
  run: ({ webhooks }, { endpoint_id, status, ...page }) => webhooks.deliveries({ endpoint_id, status, ...pageOf(page) }),
});

export const getWebhookDelivery = operation({
  name: 'get_webhook_delivery',
  title: 'One webhook delivery',
  description: 'What came of each of its attempts, and when the next is due. Holds ids and no record.',
  toolset: 'always',
  rest: 'GET /webhook-deliveries/{delivery_id}',
  doors: ['admin'],
  permission: 'webhooks:read',
  effect: 'read',
  needs: ['webhooks.delivery'],
  input: z.object({ delivery_id: DeliveryId }),
  output: OpenedDelivery,
  run: ({ webhooks }, which) => webhooks.delivery(which),
});

export const replayWebhookDelivery = operation({
  name: 'replay_webhook_delivery',
  title: 'Send a dead delivery again',
  description: 'Takes a delivery out of the dead letter and sends it from the first attempt, under the id it had.',
  toolset: 'always',
  rest: 'POST /webhook-deliveries/{delivery_id}/replay',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.replay'],
  input: z.object({ delivery_id: DeliveryId }),
  output: z.object({ delivery_id: system('id') }),
  async run({ webhooks }, { delivery_id }) {
    await webhooks.replay({ delivery_id });
    return { delivery_id };
  },
});

export const replayDeadWebhooks = operation({
  name: 'replay_dead_webhooks',
  title: 'Send a whole dead letter again',
  description:
    'Sends every dead delivery of one endpoint from the first attempt, under the id it had. The events of one object go in their order.',
  toolset: 'always',
  rest: 'POST /webhooks/{endpoint_id}/replay',
  doors: ['admin'],
  permission: 'webhooks:manage',
  effect: 'write',
  needs: ['webhooks.replayAll'],
  input: z.object({ endpoint_id: EndpointId }),
  output: z.object({ replayed: z.number().int() }),
  run: ({ webhooks }, which) => webhooks.replayAll(which),
});
