// One draft in full, with what its operation says of it as the record stands now.
import { Fault } from '../base/fault.ts';
import type { Draft, Mark, WhyNot } from '../domains/drafts.ts';
import { only, supports } from '../domains/index.ts';
import { eventsOf, rowsOf } from './rows.ts';
import type { Sitting } from './sitting.ts';

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

/** Throws Fault not_found where there is none that the caller decides on. */
export async function oneDraft(sitting: Sitting, draft_id: string): Promise<Draft> {
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
