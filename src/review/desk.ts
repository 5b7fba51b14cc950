// The desk of one call: drafts wait, a person signs exactly what she read, and only then is it in the record. The database holds the law (migrations 0015, 0026);
// here a draft's payload is parsed again and handed to the operation that commits it.
import { Fault } from '../base/fault.ts';
import { type Pool, query } from '../db/pool.ts';
import { isApprovable } from '../domains/approvals.ts';
import type { DraftRow, Drafts, OutsideText, Proposed } from '../domains/drafts.ts';
import { oneDraft } from './one-draft.ts';
import { brief, countsOf, holdsOf, rowsOf } from './rows.ts';
import { commitSigned, sign } from './sign.ts';
import { asked, operationOf, type Sitting } from './sitting.ts';
import { signAhead } from './standing-approvals.ts';
import { rename, signTogether, together } from './together.ts';

/** Ends the drafts and holds that nobody decided on in time, of every clinic. Answers how many. */
export async function expireDrafts(pool: Pool): Promise<number> {
  const [row] = await query<{ ended: number }>(pool, 'select app.expire_drafts() as ended');
  return row?.ended ?? 0;
}

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
      await rename(sitting, draft_id);
      return get(draft_id);
    },
    sign: (signature) => sign(sitting, signature),
    together: ({ together_id }) => together(sitting, together_id),
    signTogether: (signatures) => signTogether(sitting, signatures),
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

async function propose(
  sitting: Sitting,
  { operation, kind, content, payload, patient_id, request_key, batch_id }: Parameters<Drafts['propose']>[0],
): Promise<Proposed> {
  const { tx } = sitting;
  const [row] = await asked<{
    id: string;
    state: string;
    status: DraftRow['status'];
    repeated: boolean;
    expires_at: string;
    sources: OutsideText[] | null;
    batch_id: string | null;
    bundle_id: string | null;
  }>(tx, 'select * from app.propose($1, $2, $3, $4, $5, $6, $7)', [
    operation,
    kind,
    JSON.stringify(content),
    JSON.stringify(payload),
    patient_id ?? null,
    request_key ?? null,
    batch_id ?? null,
  ]);
  if (!row) throw new Error('a proposal answers a row');
  const { id, repeated, expires_at } = row;
  // What somebody approved ahead is signed and in the record as it is proposed, or, where it cannot be there, refused. For a patient who is not in the record yet nothing is.
  const is_new = row.state === 'pending' && !repeated && row.bundle_id === null;
  const signed = is_new && isApprovable(kind) ? await signAhead(tx, id) : undefined;
  const { status } = signed ? await commitSigned(sitting, id, signed) : row;
  return row.state === 'held'
    ? { state: 'held', hold_id: id, repeated, expires_at, sources: row.sources ?? [] }
    : { state: 'pending', draft_id: id, status, repeated, expires_at, ...(row.batch_id !== null && { batch_id: row.batch_id }) };
}
