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
