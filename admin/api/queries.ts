/** What the pages ask, each under one key. */
import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { ask, get } from './client.ts';
import type { Inputs } from './generated.ts';
import type { DraftStatus, Me } from './types.ts';

export const session = queryOptions({
  queryKey: ['session'],
  queryFn: () => get<{ user: Me }>('/session').then(({ user }) => user),
  staleTime: 60_000,
});

export interface DraftsAsked {
  status: DraftStatus;
  kind?: string | undefined;
}
const PAGE = 50;

/** The queue, oldest first; it looks for new drafts by itself while one looks at it. */
export const drafts = ({ status, kind }: DraftsAsked) =>
  infiniteQueryOptions({
    queryKey: ['drafts', { status, kind: kind ?? '' }],
    queryFn: ({ pageParam }) => ask('list_drafts', { status, kind, limit: PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    // Every question is a row in the audit log: it is asked while somebody looks, and not often.
    refetchInterval: 120_000,
  });

/** What is being read never changes under the eyes of who reads it: only the reader asks again. What is being written to a vendor is looked at again while one waits for it. */
export const draft = (draft_id: string) =>
  queryOptions({
    queryKey: ['draft', draft_id],
    queryFn: () => ask('review_draft', { draft_id }),
    refetchInterval: ({ state: { data } }) => (data?.status === 'signed' ? 30_000 : false),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** A batch or a bundle, as fixed under the reader's eyes as one draft is. */
export const together = (together_id: string) =>
  queryOptions({
    queryKey: ['together', together_id],
    queryFn: () => ask('review_together', { together_id }).then((answer) => answer.drafts),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** What a version of a draft cites, and the records of each: asked once, like the draft itself. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;
const MOST = 500;
export const draftFigures = (draft_id: string, version: number) =>
  queryOptions({ queryKey: ['figures', draft_id, version], queryFn: () => ask('list_draft_figures', { draft_id }), ...ONCE });
export const labCourse = (asked: Required<Pick<Inputs['get_labs'], 'patient_id' | 'codes' | 'since'>>) =>
  queryOptions({ queryKey: ['labs', asked], queryFn: () => ask('get_labs', { ...asked, fields: 'full', limit: MOST }), ...ONCE });
export const vitalCourse = (asked: Required<Pick<Inputs['get_vitals'], 'patient_id' | 'kind' | 'since'>>) =>
  queryOptions({ queryKey: ['vitals', asked], queryFn: () => ask('get_vitals', { ...asked, limit: MOST }), ...ONCE });

export const summary = (patient_id: string) =>
  queryOptions({
    queryKey: ['summary', patient_id],
    queryFn: () => ask('get_patient_summary', { patient_id }),
    staleTime: 60_000,
  });

export const holds = queryOptions({
  queryKey: ['holds'],
  queryFn: () => ask('list_holds', {}).then((answer) => answer.holds),
});

export const hold = (hold_id: string) =>
  queryOptions({
    queryKey: ['hold', hold_id],
    queryFn: () => ask('review_hold', { hold_id }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const approvals = queryOptions({
  queryKey: ['approvals'],
  queryFn: () => ask('list_approvals', {}).then((answer) => answer.approvals),
});
export const approvalUses = (approval_id: string) =>
  queryOptions({
    queryKey: ['approvals', approval_id, 'uses'],
    queryFn: () => ask('list_approval_uses', { approval_id }).then((answer) => answer.uses),
  });
/** Who was here too: a rule may name one who has left. */
export const practitioners = queryOptions({
  queryKey: ['practitioners'],
  queryFn: () => ask('list_practitioners', { active_only: false, limit: 1000 }).then((answer) => answer.practitioners),
  staleTime: 300_000,
});
/** It is looked at again while one waits for it to go. */
export const deliveries = (draft_id: string) =>
  queryOptions({
    queryKey: ['deliveries', draft_id],
    queryFn: () => ask('list_deliveries', { draft_id }).then((answer) => answer.deliveries),
    refetchInterval: ({ state: { data } }) => (data?.some(({ status }) => status === 'waiting' || status === 'sending') ? 30_000 : false),
  });

export const undelivered = infiniteQueryOptions({
  queryKey: ['undelivered'],
  queryFn: ({ pageParam }) => ask('list_undelivered', { limit: PAGE, cursor: pageParam }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ cursor }) => cursor,
});

export const connections = queryOptions({
  queryKey: ['connections'],
  queryFn: () => ask('list_connections', {}).then((answer) => answer.connections),
  staleTime: 60_000,
});
export const driftAlerts = queryOptions({
  queryKey: ['drift-alerts'],
  queryFn: () => ask('list_drift_alerts', {}).then((answer) => answer.alerts),
  staleTime: 60_000,
});
/** Few at a time: each that is parked is opened where it is listed. */
const FEW = 10;
export const vendorWrites = (state: 'parked' | 'in_doubt' | 'waiting') =>
  infiniteQueryOptions({
    queryKey: ['vendor-writes', state],
    queryFn: ({ pageParam }) => ask('list_vendor_writes', { state, limit: FEW, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
export const vendorWrite = (write_id: string) =>
  queryOptions({ queryKey: ['vendor-write', write_id], queryFn: () => ask('get_vendor_write', { write_id }), ...ONCE });
/** After a decision on one of them. */
export function resolved(client: QueryClient): void {
  for (const key of ['connections', 'vendor-writes', 'vendor-write', 'draft', 'drafts']) void client.invalidateQueries({ queryKey: [key] });
}

/** Looked at again while something is under way to one of them. */
export const webhooks = queryOptions({
  queryKey: ['webhooks'],
  queryFn: () => ask('list_webhook_endpoints', {}).then((answer) => answer.endpoints),
  refetchInterval: ({ state: { data } }) => (data?.some(({ waiting, failing_since }) => waiting > 0 || failing_since) ? 30_000 : false),
});
/** `counted`: what the endpoint says of them. Where that is something else they are asked for anew, and stay until the answer is there. */
export const webhookDeliveries = (endpoint_id: string, status: 'waiting' | 'delivered' | 'dead', counted: number | string) =>
  infiniteQueryOptions({
    queryKey: ['webhook-deliveries', endpoint_id, status, counted],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) => ask('list_webhook_deliveries', { endpoint_id, status, limit: FEW, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
/** Until its first attempt is over it is asked for again, ever more seldom. */
export const webhookDelivery = (delivery_id: string) =>
  queryOptions({
    queryKey: ['webhook-deliveries', delivery_id],
    queryFn: () => ask('get_webhook_delivery', { delivery_id }),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data?.status === 'sending' || (data?.status === 'waiting' && data.ended.length === 0)
        ? Math.min(500 * 2 ** dataUpdateCount, 30_000)
        : false,
  });
/** After an act on one of them. */
export const toldAnew = (client: QueryClient) =>
  Promise.all([client.invalidateQueries({ queryKey: webhooks.queryKey }), client.invalidateQueries({ queryKey: ['webhook-deliveries'] })]);

export const messageConsents = (patient_id: string) =>
  queryOptions({
    queryKey: ['message-consents', patient_id],
    queryFn: () => ask('list_message_consents', { patient_id }).then((answer) => answer.numbers),
  });

export const people = queryOptions({
  queryKey: ['people'],
  queryFn: () => ask('list_people', {}).then((answer) => answer.people),
});
export const logins = queryOptions({
  queryKey: ['logins'],
  queryFn: () => ask('list_logins', {}).then((answer) => answer.logins),
});
export const licences = queryOptions({
  queryKey: ['licences'],
  queryFn: () => ask('list_licences', {}).then((answer) => answer.licences),
});
export const credentials = queryOptions({
  queryKey: ['credentials'],
  queryFn: () => ask('list_credentials', {}).then((answer) => answer.credentials),
});

export type AuditAsked = Omit<Inputs['search_audit_log'], 'limit' | 'cursor'>;
export const audit = (asked: AuditAsked) =>
  infiniteQueryOptions({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }) => ask('search_audit_log', { ...asked, limit: PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });

/** After a decision: the queue and the holds are asked again, what was decided is forgotten. */
export function decided(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['drafts'] });
  void client.invalidateQueries({ queryKey: ['holds'] });
}
