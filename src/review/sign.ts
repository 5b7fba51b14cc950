// A signature and what it commits: in one transaction, both or neither.
import { Fault } from '../base/fault.ts';
import type { Drafts, Settled } from '../domains/drafts.ts';
import { only, supports } from '../domains/index.ts';
import { asked, operationOf, type Sitting } from './sitting.ts';

/** The signature first: from then on, and only then, the record can be written. What the commit refuses undoes the signature with it. */
export async function sign(sitting: Sitting, { draft_id, version, payload_hash }: Parameters<Drafts['sign']>[0]): Promise<Settled> {
  const [signed] = await asked<{ operation: string; payload: unknown }>(
    sitting.tx,
    "select operation, payload from app.sign_draft($1, $2, decode($3, 'hex'))",
    [draft_id, version, payload_hash],
  );
  if (!signed) throw new Error('a signature answers its draft');
  return commitSigned(sitting, draft_id, signed);
}

/** Commits what was signed in this transaction, or, where the record system is a vendor's, has its write planned. Throws what the record refuses. */
export async function commitSigned(
  { tx, source, catalogue, caller, now, today }: Sitting,
  draft_id: string,
  signed: { operation: string; payload: unknown },
): Promise<Settled> {
  const operation = operationOf(catalogue, signed.operation);
  const payload = operation.payload.parse(signed.payload);
  if (!operation.commits.every((need) => supports(source, need)))
    throw new Fault('source_unavailable', 'The record system of this clinic cannot take this kind of draft now.');
  const { record_id } = await operation.commit({ ...only(source, operation.commits), caller, now, today, draft_id }, payload);
  const [carried] = await asked<{ operation_id: string; vendor: string }>(tx, 'select * from app.settle_draft($1, $2)', [
    draft_id,
    record_id,
  ]);
  return carried ? { draft_id, status: 'signed', ...carried } : { draft_id, status: 'committed', record_id };
}
