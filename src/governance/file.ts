// What becomes of a proposal: a draft that waits for a person, or, where outside text stood in the conversation, a hold. Both are kept; the second is a refusal.
import { advice, Fault } from '../base/fault.ts';
import { DRAFT_NOTES, type Drafts } from '../domains/drafts.ts';
import { type AnyDraft, Filed } from '../operations/operation.ts';
import type { Ending } from './audit.ts';

/** A call that went through. */
export interface Passed {
  value: Record<string, unknown>;
  text: string;
  /** What came in was kept, and the caller is refused: a draft that is held. */
  fault?: Fault;
  ending: Omit<Ending, 'latency_ms'>;
}

/** Files a payload with the desk, and answers what the model is told. Throws what the desk refuses (conflict, too_many). */
export async function file(
  propose: Drafts['propose'],
  {
    operation,
    input,
    payload,
    subjects,
    admin_url,
  }: {
    operation: Pick<AnyDraft, 'name' | 'kind'>;
    input: Record<string, unknown>;
    payload: Record<string, unknown>;
    subjects: readonly string[];
    admin_url: string;
  },
): Promise<Passed> {
  const { request_key, ...content } = input;
  const patient_id = typeof payload.patient_id === 'string' ? payload.patient_id : undefined;
  const proposed = await propose({
    operation: operation.name,
    kind: operation.kind,
    content,
    payload,
    patient_id,
    ...(typeof request_key === 'string' && { request_key }),
  });
  const ending = { subjects: [...subjects], refs: [], delivered: [] };
  if (proposed.state === 'held') {
    const review_url = `${admin_url}/ai-drafts/holds/${proposed.hold_id}`;
    const sources = proposed.sources.map(({ ref, kind, said_on }) => ({ ref, kind, said_on }));
    const facts = { held_id: proposed.hold_id, sources, review_url, retry: false };
    const fault = new Fault(
      'blocked_injection',
      `This conversation has read text from outside the clinic, so this draft is held: ${review_url} .`,
      facts,
    );
    const text = advice(fault);
    return {
      value: {},
      text,
      fault,
      ending: { ...ending, status: 'blocked_injection', outcome: 'blocked_injection', response_bytes: Buffer.byteLength(text) },
    };
  }
  const value = Filed.parse({
    draft_id: proposed.draft_id,
    kind: operation.kind,
    status: proposed.status,
    ...(proposed.repeated && { repeated: true }),
    review_url: `${admin_url}/ai-drafts/${proposed.draft_id}`,
    expires_at: proposed.expires_at,
    note: DRAFT_NOTES[proposed.status],
  });
  const text = JSON.stringify(value);
  return { value, text, ending: { ...ending, status: 'ok', outcome: 'ok', response_bytes: Buffer.byteLength(text) } };
}
