// Refusals over HTTP (RFC 9457). Nothing in a body depends on the request, so that what is not there and what one may not see are the same bytes.
import { FAULTS, type Fault } from '../base/fault.ts';

const PROBLEM = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };

/** The page that explains a type, relative to this server. */
export const PROBLEMS = '/api/v1/problems/';

/** A Fault as the response of the REST door. */
export function problem(fault: Fault, headers: Readonly<Record<string, string>> = {}): Response {
  const { title, recover, status } = FAULTS[fault.type];
  const body = { type: PROBLEMS + fault.type, title, status, detail: fault.message, recover, ...fault.facts };
  const { retry_after_s } = fault.facts;
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...PROBLEM,
      ...headers,
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(typeof retry_after_s === 'number' && { 'retry-after': String(Math.ceil(retry_after_s)) }),
    },
  });
}

/** Where not even the audit row could be written: a 500 that tells nothing. */
export function broken(): Response {
  return new Response(JSON.stringify({ type: `${PROBLEMS}internal`, title: FAULTS.internal.title, status: 500 }), {
    status: 500,
    headers: PROBLEM,
  });
}
