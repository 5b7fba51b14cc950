// What becomes of a proposal: a draft that waits for a person, or, where outside text stood in the conversation, a hold. Both are kept; the second is a refusal.
import { advice, Fault } from '../base/fault.ts';
import { DRAFT_NOTES, type Drafts, type Proposed } from '../domains/drafts.ts';
import { type AnyDraft, Filed, FiledBatch } from '../operations/operation.ts';
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
  if (proposed.state === 'held') return refusedAsHeld([proposed], { subjects, admin_url });
  const value = Filed.parse({
    draft_id: proposed.draft_id,
    kind: operation.kind,
    status: proposed.status,
    ...(proposed.repeated && { repeated: true }),
    review_url: `${admin_url}/ai-drafts/${proposed.draft_id}`,
    expires_at: proposed.expires_at,
    note: DRAFT_NOTES[proposed.status],
  });
  return answered(value, subjects);
}

/** What a batch asks of one patient; the payload is made when its turn comes. */
export interface One {
  patient_id: string;
  /** Throws the Fault for which there is no draft for this patient. */
  make(): Promise<{ content: Record<string, unknown>; payload: Record<string, unknown> }>;
}

/** Files a draft for each patient, in one transaction: who is refused stands beside the others with the reason. Throws where there is nobody left, and what the desk refuses. */
export async function fileBatch(
  propose: Drafts['propose'],
  {
    operation,
    each,
    request_key,
    batch_id,
    subjects,
    admin_url,
  }: {
    operation: Pick<AnyDraft, 'name' | 'kind'>;
    each: readonly One[];
    request_key: unknown;
    batch_id: string;
    subjects: readonly string[];
    admin_url: string;
  },
): Promise<Passed> {
  const refused = new Map<string, string[]>();
  const filed: { patient_id: string; proposed: Proposed }[] = [];
  for (const { patient_id, make } of each) {
    const made = await make().catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      refused.set(error.message, [...(refused.get(error.message) ?? []), patient_id]);
      return undefined;
    });
    if (!made) continue;
    const key = typeof request_key === 'string' ? { request_key: `${request_key}/${patient_id}` } : {};
    const proposed = await propose({ operation: operation.name, kind: operation.kind, patient_id, batch_id, ...made, ...key });
    filed.push({ patient_id, proposed });
  }
  const held = filed.flatMap(({ proposed }) => (proposed.state === 'held' ? [proposed] : []));
  // Outside text came in between, by another call of the same person's AI: nothing of this one is kept, so that all of it is held the next time.
  if (held.length > 0 && held.length < filed.length)
    throw new Fault(
      'conflict',
      'Text from outside the clinic was delivered while these drafts were made. Nothing was drafted: call again.',
    );
  if (held.length > 0) return refusedAsHeld(held, { subjects, admin_url });
  const drafts = filed.flatMap(({ patient_id, proposed }) => (proposed.state === 'pending' ? [{ patient_id, ...proposed }] : []));
  const [first] = drafts;
  if (!first) throw new Fault('conflict', `No draft was made, for none of these patients: ${[...refused.keys()].join(' ')}`);
  const of = (drafts.find(({ repeated }) => !repeated) ?? first).batch_id;
  return answered(
    FiledBatch.parse({
      ...(of !== undefined && { batch_id: of }),
      kind: operation.kind,
      drafts: drafts.map(({ patient_id, draft_id, status, repeated }) => ({ patient_id, draft_id, status, ...(repeated && { repeated }) })),
      ...(refused.size > 0 && { refused: [...refused].map(([reason, patient_ids]) => ({ reason, patient_ids })) }),
      review_url: `${admin_url}/ai-drafts${of === undefined ? '' : `/together/${of}`}`,
      expires_at: first.expires_at,
      note: DRAFT_NOTES[first.status],
    }),
    subjects,
  );
}

function answered(value: Record<string, unknown>, subjects: readonly string[]): Passed {
  const text = JSON.stringify(value);
  const ending = { subjects: [...subjects], refs: [], delivered: [] };
  return { value, text, ending: { ...ending, status: 'ok', outcome: 'ok', response_bytes: Buffer.byteLength(text) } };
}

/** The refusal that a model gets for what is kept: where a person finds it, and what outside text it is held for. */
function refusedAsHeld(
  held: readonly Extract<Proposed, { state: 'held' }>[],
  { subjects, admin_url }: { subjects: readonly string[]; admin_url: string },
): Passed {
  const [first] = held;
  if (!first) throw new Error('nothing is held');
  const review_url = `${admin_url}/ai-drafts/holds${held.length === 1 ? `/${first.hold_id}` : ''}`;
  const sources = first.sources.map(({ ref, kind, said_on }) => ({ ref, kind, said_on }));
  const ids = held.length === 1 ? { held_id: first.hold_id } : { held_ids: held.map(({ hold_id }) => hold_id) };
  const what = held.length === 1 ? 'this draft is held' : `these ${held.length} drafts are held`;
  const fault = new Fault('blocked_injection', `This conversation has read text from outside the clinic, so ${what}: ${review_url} .`, {
    ...ids,
    sources,
    review_url,
    retry: false,
  });
  const text = advice(fault);
  const ending = { subjects: [...subjects], refs: [], delivered: [], response_bytes: Buffer.byteLength(text) };
  return { value: {}, text, fault, ending: { ...ending, status: 'blocked_injection', outcome: 'blocked_injection' } };
}
