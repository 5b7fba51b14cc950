/** What the pages ask, each under one key. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { AuditCall, Credential, Delivery, Draft, DraftPage, Hold, HoldRow, Licence, Login, Me, Person, Summary } from './types.ts';

export const session = queryOptions({
  queryKey: ['session'],
  queryFn: () => get<{ user: Me }>('/session').then(({ user }) => user),
  staleTime: 60_000,
});

export interface DraftsAsked {
  status: string;
  kind?: string | undefined;
}
const PAGE = 50;

/** The queue, oldest first; it looks for new drafts by itself while one looks at it. */
export const drafts = ({ status, kind }: DraftsAsked) =>
  infiniteQueryOptions({
    queryKey: ['drafts', { status, kind: kind ?? '' }],
    queryFn: ({ pageParam }) => get<DraftPage>('/v1/drafts', { status, kind, limit: PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    // Every question is a row in the audit log: it is asked while somebody looks, and not often.
    refetchInterval: 120_000,
  });

/** What is being read never changes under the eyes of who reads it: only the reader asks again. */
export const draft = (draft_id: string) =>
  queryOptions({
    queryKey: ['draft', draft_id],
    queryFn: () => get<Draft>(`/v1/drafts/${encodeURIComponent(draft_id)}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const summary = (patient_id: string) =>
  queryOptions({
    queryKey: ['summary', patient_id],
    queryFn: () => get<Summary>(`/v1/patients/${encodeURIComponent(patient_id)}/summary`),
    staleTime: 60_000,
  });

export const holds = queryOptions({
  queryKey: ['holds'],
  queryFn: () => get<{ holds: HoldRow[] }>('/v1/holds').then((answer) => answer.holds),
});

export const hold = (hold_id: string) =>
  queryOptions({
    queryKey: ['hold', hold_id],
    queryFn: () => get<Hold>(`/v1/holds/${encodeURIComponent(hold_id)}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** It is looked at again while one waits for it to go. */
export const deliveries = (draft_id: string) =>
  queryOptions({
    queryKey: ['deliveries', draft_id],
    queryFn: () =>
      get<{ deliveries: Delivery[] }>(`/v1/drafts/${encodeURIComponent(draft_id)}/deliveries`).then((answer) => answer.deliveries),
    refetchInterval: ({ state: { data } }) => (data?.some(({ status }) => status === 'waiting' || status === 'sending') ? 30_000 : false),
  });

export const undelivered = infiniteQueryOptions({
  queryKey: ['undelivered'],
  queryFn: ({ pageParam }) => get<{ deliveries: Delivery[]; cursor?: string }>('/v1/deliveries', { limit: PAGE, cursor: pageParam }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ cursor }) => cursor,
});

export const people = queryOptions({
  queryKey: ['people'],
  queryFn: () => get<{ people: Person[] }>('/v1/people').then((answer) => answer.people),
});
export const logins = queryOptions({
  queryKey: ['logins'],
  queryFn: () => get<{ logins: Login[] }>('/v1/logins').then((answer) => answer.logins),
});
export const licences = queryOptions({
  queryKey: ['licences'],
  queryFn: () => get<{ licences: Licence[] }>('/v1/licences').then((answer) => answer.licences),
});
export const credentials = queryOptions({
  queryKey: ['credentials'],
  queryFn: () => get<{ credentials: Credential[] }>('/v1/credentials').then((answer) => answer.credentials),
});

export interface AuditAsked {
  from?: string | undefined;
  to?: string | undefined;
  user_id?: string | undefined;
  tool?: string | undefined;
  status?: string | undefined;
}
export const audit = (asked: AuditAsked) =>
  infiniteQueryOptions({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }) => get<{ calls: AuditCall[]; cursor?: string }>('/v1/audit', { ...asked, limit: PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });

/** After a decision: the queue and the holds are asked again, what was decided is forgotten. */
export function decided(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['drafts'] });
  void client.invalidateQueries({ queryKey: ['holds'] });
}
