// What stands at the desk, read: drafts, holds and what happened to them.
import { present } from '../base/present.ts';
import type { Tx } from '../db/tx.ts';
import type { DraftRow, Hold, ReviewEvent } from '../domains/drafts.ts';

type Raw = { [K in keyof DraftRow]-?: DraftRow[K] | null };

export async function rowsOf(tx: Tx, which: string, values: readonly unknown[]): Promise<DraftRow[]> {
  const rows = await tx.rows<Raw>(
    `select p.id as draft_id, p.kind, p.operation, p.status, p.version, p.patient_id, p.created_at, p.expires_at, p.hold_id is not null as released,
       p.decided_at, p.record_id, p.vendor_id, p.batch_id, p.bundle_id, person.name as proposed_by, decider.name as decided_by, x.patient, x.birth_date
     from pending_actions p
     cross join lateral (select app.display_name(p.proposed_by) as name) person
     cross join lateral (select app.display_name(p.decided_by) as name) decider
     left join lateral app.patient_label(coalesce(p.patient_id, p.id)) x on true -- who is to be registered is called what her draft says
     where ${which}`,
    values,
  );
  return rows.map((row) => present(row) as DraftRow);
}

export async function countsOf(tx: Tx): Promise<{ pending: number; held: number; by_kind: { kind: string; n: number }[] }> {
  const [kinds, [held]] = await Promise.all([
    tx.rows<{ kind: string; n: number }>(
      "select kind, count(*)::int as n from pending_actions where status = 'pending' group by kind order by kind",
    ),
    tx.rows<{ n: number }>("select count(*)::int as n from held_proposals where status = 'held' and expires_at > now()"),
  ]);
  return { pending: kinds.reduce((sum, { n }) => sum + n, 0), held: held?.n ?? 0, by_kind: kinds };
}

export async function eventsOf(tx: Tx, id: string): Promise<ReviewEvent[]> {
  const rows = await tx.rows<{ [K in keyof ReviewEvent]-?: ReviewEvent[K] | null }>(
    // What a vendor's answer made of it is nobody's doing.
    `select e.created_at as at, e.what, case when e.what not in ('failed', 'parked') then app.display_name(e.user_id) end as by, e.version, encode(e.payload_hash, 'hex') as payload_hash, e.reason, e.approval_id
     from review_events e where e.subject_id = $1 order by e.created_at, e.id`,
    [id],
  );
  return rows.map((row) => present(row) as ReviewEvent);
}

export async function holdsOf(tx: Tx, which: string, values: readonly unknown[]): Promise<Hold[]> {
  const rows = await tx.rows<{ [K in keyof Hold]-?: Hold[K] | null }>(
    `select h.id as hold_id, h.kind, h.operation, h.patient_id, h.created_at, h.expires_at, h.payload, encode(h.binding_hash, 'hex') as binding_hash, h.sources,
       app.why_not(h.kind) as why_not, app.display_name(h.proposed_by) as proposed_by, x.patient, x.birth_date
     from held_proposals h left join lateral app.patient_label(h.patient_id) x on true where ${which}`,
    values,
  );
  return rows.map((row) => present(row) as unknown as Hold);
}

export function brief({
  payload: _payload,
  sources: _sources,
  binding_hash: _hash,
  ...row
}: Hold): Omit<Hold, 'payload' | 'sources' | 'binding_hash'> {
  return row;
}

/** Of the patients whom a waiting draft that the caller sees registers: what she will be called. The id of that draft is to be hers. */
export const registering =
  (tx: Tx) =>
  async (patient_id: string): Promise<{ name: string; birth_date?: string } | undefined> => {
    const [row] = await tx.rows<{ name: string; birth_date: string | null }>(
      `select x.patient as name, x.birth_date from pending_actions p cross join lateral app.patient_label(p.id) x
     where p.id = $1 and p.kind = 'patient_draft' and p.status = 'pending' and p.expires_at > now()`,
      [patient_id],
    );
    return row && (present(row) as { name: string; birth_date?: string });
  };
