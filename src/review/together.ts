// Drafts that are read together (migration 0026): a batch of one call, or a bundle of what waits for a patient who is yet to be registered.
import { Fault } from '../base/fault.ts';
import type { Draft, Drafts, Settled } from '../domains/drafts.ts';
import { oneDraft } from './one-draft.ts';
import { rowsOf } from './rows.ts';
import { sign } from './sign.ts';
import { asked, type Sitting } from './sitting.ts';

/** As they were made: who registers a patient comes before what is for her. */
const ORDER = '(p.batch_id = $1 or p.bundle_id = $1) order by p.created_at, p.id';

export async function together(sitting: Sitting, together_id: string): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const { draft_id } of await rowsOf(sitting.tx, ORDER, [together_id])) drafts.push(await oneDraft(sitting, draft_id));
  if (drafts.length === 0) throw new Fault('not_found', 'There is no such batch or bundle here.');
  return drafts;
}

export async function signTogether(sitting: Sitting, { together_id, drafts }: Parameters<Drafts['signTogether']>[0]): Promise<Settled[]> {
  const order = (await rowsOf(sitting.tx, ORDER, [together_id])).map(({ draft_id }) => draft_id);
  const wanted = new Map(drafts.map((draft) => [draft.draft_id, draft]));
  if (wanted.size < drafts.length) throw new Fault('invalid_input', 'drafts: one of them is there twice.');
  if (drafts.some(({ draft_id }) => !order.includes(draft_id))) throw new Fault('not_found', 'drafts: one of them is not of this batch.');
  await asked(sitting.tx, 'select app.take_together($1)', [[...wanted.keys()]]);
  const signed: Settled[] = [];
  for (const draft of order.flatMap((draft_id) => wanted.get(draft_id) ?? [])) {
    const settled = await sign(sitting, draft).catch((error: unknown) => {
      // Which one it was, so that the page can show it.
      throw error instanceof Fault ? new Fault(error.type, error.message, { ...error.facts, draft_id: draft.draft_id }) : error;
    });
    signed.push(settled);
  }
  return signed;
}

/** After a registration was mended: what waits for that patient shows her name and birth date as they are to be now. */
export async function rename({ tx }: Sitting, draft_id: string): Promise<void> {
  const waiting = await tx.rows<{
    id: string;
    version: number;
    payload: Record<string, unknown>;
    patient: string;
    birth_date: string | null;
  }>(
    `select p.id, p.version, p.payload, x.patient, x.birth_date from pending_actions p cross join lateral app.patient_label(p.bundle_id) x
     where p.bundle_id = $1 and p.id <> $1 and p.status = 'pending' order by p.id`,
    [draft_id],
  );
  for (const { id, version, payload, patient, birth_date } of waiting) {
    if (payload.patient === undefined || (payload.patient === patient && payload.birth_date === (birth_date ?? undefined))) continue;
    const { birth_date: _, ...rest } = payload;
    const renamed = { ...rest, patient, ...(birth_date !== null && { birth_date }) };
    await asked(tx, 'select app.revise_draft($1, $2, $3)', [id, version, JSON.stringify(renamed)]);
  }
}
