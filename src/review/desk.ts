// The desk of one call: drafts wait, a person signs exactly what she read, and only then is it in the record. The database holds the law (migration 0015);
// here a draft's payload is parsed again and handed to the operation that commits it.
import { Fault } from '../base/fault.ts';
import { type Pool, query } from '../db/pool.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import { isApprovable } from '../domains/approvals.ts';
import type { Draft, DraftRow, Drafts, Mark, OutsideText, Proposed, WhyNot } from '../domains/drafts.ts';
import { only, type Source, supports } from '../domains/index.ts';
import type { AnyDraft, Caller, Operation } from '../operations/operation.ts';
import { brief, countsOf, eventsOf, holdsOf, rowsOf } from './rows.ts';
import { signAhead } from './standing-approvals.ts';

/** Who works at the desk, and on what: `source` is the record system that a signed draft is committed to. */
export interface Sitting {
  tx: Tx;
  source: Source;
  catalogue: readonly Operation[];
  caller: Caller;
  now: Date;
  today: string;
}

const REFUSALS: Refusals = {
  not_found: ['not_found', 'There is no such draft here.'],
  stale_draft: ['stale_draft', 'Somebody changed or decided it since this page was opened.'],
  expired: ['stale_draft', 'Its time is over: a draft waits 30 days, what is held 72 hours.'],
  not_permitted: ['not_permitted', 'Your role does not sign drafts of this kind.'],
  licence_needed: ['licence_needed', 'There is no live licence record for you.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  other_content: ['conflict', 'This request_key was used for another content. Use a new key for a new draft.'],
  too_many_holds: ['too_many', 'Fifty proposals of yours wait to be released.'],
};

/** Ends the drafts and holds that nobody decided on in time, of every clinic. Answers how many. */
export async function expireDrafts(pool: Pool): Promise<number> {
  const [row] = await query<{ ended: number }>(pool, 'select app.expire_drafts() as ended');
  return row?.ended ?? 0;
}

/** Asks the desk's functions; what they refuse is a Fault. */
const asked = <R extends object>(tx: Tx, sql: string, values: readonly unknown[]) => refusing(tx, REFUSALS).rows<R>(sql, values);

export function openDesk(sitting: Sitting): Drafts {
  const { tx } = sitting;
  const get = (draft_id: string) => oneDraft(sitting, draft_id);
  return {
    propose: (proposal) => propose(sitting, proposal),
    async state({ draft_id }) {
      const [row] = await rowsOf(tx, 'p.id = $1', [draft_id]);
      if (!row) throw new Fault('not_found', 'There is no such draft of yours.');
      return row;
    },
    async list({ status, kind, limit, after }) {
      const [rows, counts] = await Promise.all([
        rowsOf(
          tx,
          `p.status = $1 and ($2::text is null or p.kind = $2)
           and ($4::uuid is null or (p.created_at, p.id) > (select a.created_at, a.id from pending_actions a where a.id = $4))
           order by p.created_at, p.id limit $3`,
          [status, kind ?? null, limit + 1, after ?? null],
        ),
        countsOf(tx),
      ]);
      return { drafts: rows.slice(0, limit), more: rows.length > limit, counts };
    },
    get: ({ draft_id }) => get(draft_id),
    async revise({ draft_id, version, payload }) {
      const { operation, payload: now_there } = await get(draft_id);
      const parsed = operationOf(sitting.catalogue, operation).payload.strict().safeParse(payload);
      if (!parsed.success)
        throw new Fault('invalid_input', `payload.${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}.`);
      if (parsed.data.patient_id !== now_there.patient_id)
        throw new Fault(
          'invalid_input',
          'payload.patient_id: a draft stays of its patient. Reject it, and have it drafted for the other one.',
        );
      await asked(tx, 'select app.revise_draft($1, $2, $3)', [draft_id, version, JSON.stringify(parsed.data)]);
      return get(draft_id);
    },
    sign: (signature) => sign(sitting, signature),
    async reject({ draft_id, version, reason }) {
      await asked(tx, 'select app.reject_draft($1, $2, $3)', [draft_id, version, reason]);
    },
    async holds() {
      return {
        holds: (await holdsOf(tx, "h.status = 'held' and h.expires_at > now() order by h.created_at, h.id limit 500", [])).map(brief),
      };
    },
    async hold({ hold_id }) {
      const [hold] = await holdsOf(tx, 'h.id = $1', [hold_id]);
      if (!hold) throw new Fault('not_found', 'There is no such hold here.');
      return hold;
    },
    async release({ hold_id, binding_hash }) {
      const [row] = await asked<{ draft_id: string }>(tx, "select app.release_hold($1, decode($2, 'hex')) as draft_id", [
        hold_id,
        binding_hash,
      ]);
      if (!row) throw new Error('a release answers a draft');
      return row;
    },
    async rejectHold({ hold_id, reason }) {
      await asked(tx, 'select app.reject_hold($1, $2)', [hold_id, reason]);
    },
    async beginConversation() {
      const [row] = await asked<{ began_at: string }>(tx, 'select app.begin_conversation() as began_at', []);
      if (!row) throw new Error('a new conversation answers when it began');
      return row;
    },
  };
}

function operationOf(catalogue: readonly Operation[], name: string): AnyDraft {
  const operation = catalogue.find((candidate) => candidate.name === name);
  if (operation?.effect !== 'draft') throw new Fault('conflict', 'This kind of draft is no longer known here.');
  return operation;
}

async function propose(
  sitting: Sitting,
  { operation, kind, content, payload, patient_id, request_key }: Parameters<Drafts['propose']>[0],
): Promise<Proposed> {
  const { tx } = sitting;
  const [row] = await asked<{
    id: string;
    state: string;
    status: DraftRow['status'];
    repeated: boolean;
    expires_at: string;
    sources: OutsideText[] | null;
  }>(tx, 'select * from app.propose($1, $2, $3, $4, $5, $6)', [
    operation,
    kind,
    JSON.stringify(content),
    JSON.stringify(payload),
    patient_id ?? null,
    request_key ?? null,
  ]);
  if (!row) throw new Error('a proposal answers a row');
  const { id, repeated, expires_at } = row;
  // What somebody approved ahead is signed and in the record as it is proposed, or, where it cannot be there, refused.
  const signed = row.state === 'pending' && !repeated && isApprovable(kind) ? await signAhead(tx, id) : undefined;
  if (signed) await commitSigned(sitting, id, signed);
  const status = signed ? 'committed' : row.status;
  return row.state === 'held'
    ? { state: 'held', hold_id: id, repeated, expires_at, sources: row.sources ?? [] }
    : { state: 'pending', draft_id: id, status, repeated, expires_at };
}

/** The signature first: from then on, and only then, the record can be written. What the commit refuses undoes the signature with it. */
async function sign(sitting: Sitting, { draft_id, version, payload_hash }: Parameters<Drafts['sign']>[0]): Promise<{ record_id: string }> {
  const [signed] = await asked<{ operation: string; payload: unknown }>(
    sitting.tx,
    "select operation, payload from app.sign_draft($1, $2, decode($3, 'hex'))",
    [draft_id, version, payload_hash],
  );
  if (!signed) throw new Error('a signature answers its draft');
  return commitSigned(sitting, draft_id, signed);
}

async function commitSigned(
  { tx, source, catalogue, caller, now, today }: Sitting,
  draft_id: string,
  signed: { operation: string; payload: unknown },
): Promise<{ record_id: string }> {
  const operation = operationOf(catalogue, signed.operation);
  const payload = operation.payload.parse(signed.payload);
  if (!operation.commits.every((need) => supports(source, need)))
    throw new Fault('source_unavailable', 'The record system of this clinic cannot take this kind of draft now.');
  const { record_id } = await operation.commit({ ...only(source, operation.commits), caller, now, today, draft_id }, payload);
  await asked(tx, 'select app.settle_draft($1, $2)', [draft_id, record_id]);
  return { record_id };
}

/** What the operation has to say of a payload that still waits; of a kind that is not known any more, nothing. */
async function marksOf({ catalogue, source, caller, now, today }: Sitting, name: string, payload: unknown): Promise<Mark[]> {
  const operation = catalogue.find((candidate) => candidate.name === name);
  if (operation?.effect !== 'draft' || !operation.review) return [];
  const parsed = operation.payload.safeParse(payload);
  if (!parsed.success) return [{ path: '', level: 'error', text: 'This draft does not fit what its kind asks for any more.' }];
  // The house's own books (references) are no record: a review does not ask them.
  const needs = operation.needs.filter((need: Parameters<typeof supports>[1]) => supports(source, need));
  return operation.review({ ...only(source, needs), caller, now, today }, parsed.data);
}

async function oneDraft(sitting: Sitting, draft_id: string): Promise<Draft> {
  const { tx } = sitting;
  const [[row], [more], events] = await Promise.all([
    rowsOf(tx, 'p.id = $1', [draft_id]),
    tx.rows<Pick<Draft, 'payload' | 'proposed_payload' | 'payload_hash'> & { why_not: WhyNot | null }>(
      "select p.payload, p.proposed_payload, encode(p.payload_hash, 'hex') as payload_hash, app.why_not(p.kind) as why_not from pending_actions p where p.id = $1",
      [draft_id],
    ),
    eventsOf(tx, draft_id),
  ]);
  if (!row || !more) throw new Fault('not_found', 'There is no such draft here.');
  const { why_not, ...rest } = more;
  const marks = row.status === 'pending' ? await marksOf(sitting, row.operation, rest.payload) : [];
  return { ...row, ...rest, marks, ...(why_not !== null && { why_not }), events };
}
