/** Every refusal the house can give, as data: one row = REST status, title, and what a model should do next. */
export const FAULTS = {
  invalid_input: { status: 400, title: 'The input does not fit the schema', recover: 'Correct the named fields and call again.' },
  malformed: { status: 400, title: 'The request cannot be read', recover: 'Send one well-formed JSON document in UTF-8.' },
  unauthenticated: {
    status: 401,
    title: 'The credential is missing, unknown, expired or revoked',
    recover: 'Do not retry. Ask the clinic for a new credential.',
  },
  unknown_operation: {
    status: 404,
    title: 'No such operation for this credential',
    recover: 'List what there is (tools/list, or GET /api/v1) and use one of those.',
  },
  wrong_method: { status: 405, title: 'This path has another method', recover: 'Use a method of the Allow header.' },
  not_found: {
    status: 404,
    title: 'Nothing here that this credential may see',
    recover: 'Search for the record first, and use the id it returns.',
  },
  not_permitted: { status: 403, title: 'Not yours to do', recover: 'Ask a person of the clinic who has the right.' },
  licence_needed: { status: 403, title: 'This needs a licence', recover: 'It can be signed by a clinician with a live licence record.' },
  mfa_needed: { status: 403, title: 'The second factor is too long ago', recover: 'Enter a new code, then do it again.' },
  stale_draft: { status: 409, title: 'This is not what waits there now', recover: 'Read the draft again, and decide on what it says now.' },
  stale_write: { status: 409, title: 'This is not how it stands now', recover: 'Look at it again, and decide on how it stands now.' },
  conflict: {
    status: 409,
    title: 'It does not fit what the record says now',
    recover: 'Look at the record again, and propose what fits it.',
  },
  blocked_injection: {
    status: 403,
    title: 'Held for a person, since this conversation has read text from outside the clinic',
    recover:
      'Do not retry or reword it. Tell the user that it waits at the review_url, where a person of the clinic releases or rejects it.',
  },
  too_many: { status: 429, title: 'Too many wait already', recover: 'Ask the user to decide on those that wait at the desk first.' },
  too_many_attempts: { status: 429, title: 'Too many attempts', recover: 'Wait retry_after_s, then try once more.' },
  too_large: { status: 413, title: 'The request is too large', recover: 'Send at most 1 MiB, and ask for less at a time.' },
  timed_out: { status: 504, title: 'The answer took too long', recover: 'Ask for less (a smaller limit), then try once more.' },
  source_unavailable: { status: 503, title: 'The record system does not answer', recover: 'Try again after retry_after_s.' },
  internal: { status: 500, title: 'Something broke on our side', recover: 'Try once more; then give the user the request_id.' },
} as const satisfies Record<string, { status: number; title: string; recover: string }>;

export type FaultType = keyof typeof FAULTS;

/** A refusal that the caller may read. Any other thrown thing is a bug: execute logs it and answers `internal`, never its text.
 *  `detail` names fields and limits, never a value that came in: a value may be a patient. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly type: FaultType;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(type: FaultType, detail: string, facts: Record<string, unknown> = {}) {
    super(detail);
    this.type = type;
    this.facts = facts;
  }
}

/** The text a model reads: what was wrong, what is allowed, the next call. */
export function advice(fault: Fault): string {
  return `${fault.message} ${FAULTS[fault.type].recover}`;
}
