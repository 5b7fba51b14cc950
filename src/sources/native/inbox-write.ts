// What ends an item of the inbox: only in the transaction of a signature, the database sees to it.
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import type { Inbox, OpenItem } from '../../domains/inbox.ts';

interface Row {
  kind: OpenItem['kind'] | 'message' | 'refill' | 'unsigned_note';
  is_open: boolean;
  patient_id: string | null;
  told: string;
}

/** $2: clinical ones too; $3: results too. */
const ITEM = `
  select 'task' as kind, t.status in ('requested', 'in_progress', 'on_hold') as is_open, t.patient_id,
    concat_ws(', ', t.title, replace(t.kind, '_', ' '), 'asked ' || t.created_at::date, 'due ' || t.due_on) as told
  from tasks t where t.id = $1 and t.status <> 'entered_in_error' and ($2::boolean or not t.clinical)
  union all
  select 'result', r.status <> 'cancelled' and r.flag not in ('N', 'NEG', 'ND', 'S')
      and not exists (select from lab_reviews v where v.tenant_id = r.tenant_id and v.lab_result_id = r.id)
      and not exists (select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error'),
    r.patient_id,
    concat_ws(', ', concat_ws(' ', r.name_raw, r.comparator || '', r.value, r.value_text, coalesce(r.unit, r.unit_raw)), 'flag ' || r.flag, 'collected ' || r.collected_at::date)
  from lab_results r where r.id = $1 and r.status <> 'entered_in_error' and $3::boolean
  union all
  select 'message', true, m.patient_id, '' from messages m where m.id = $1 and m.direction = 'inbound' and ($2 or m.category <> 'clinical')
  union all
  select 'refill', true, f.patient_id, '' from refill_requests f where f.id = $1 and $3
  union all
  select 'unsigned_note', true, n.patient_id, '' from chart_notes n where n.id = $1 and n.status = 'unsigned' and $2`;

const OTHERWISE: Partial<Record<Row['kind'], string>> = {
  message: 'is a message: it is done when it is answered, with draft_patient_message',
  refill: 'is a refill request: a prescriber decides on it',
  unsigned_note: 'is an unsigned note: its author signs it',
};

const doneSince = () => new Fault('conflict', 'item_id: this was done or has changed since. Call get_inbox for what waits now.');

export function inboxDoing(tx: Tx): Pick<Inbox, 'waiting' | 'complete' | 'acknowledge'> {
  return {
    async waiting({ item_id, clinical, results }) {
      const [row] = await tx.rows<Row>(ITEM, [item_id, clinical, results]);
      if (!row)
        throw new Fault(
          'not_found',
          'item_id: no such item in this clinic for this credential. Call get_inbox and use an item_id of a task or a result.',
        );
      const { kind, is_open, patient_id, told } = row;
      if (kind !== 'task' && kind !== 'result') throw new Fault('invalid_input', `item_id: ${OTHERWISE[kind]}.`);
      if (!is_open) throw doneSince();
      return { kind, told, ...(patient_id !== null && { patient_id }) };
    },
    async complete({ item_id, outcome, ended_at, ended_by }) {
      const done = await tx.rows(
        `update tasks t set status = 'completed', outcome = $2, ended_at = $3, ended_by = $4
         where t.id = $1 and t.status in ('requested', 'in_progress', 'on_hold') returning t.id`,
        [item_id, outcome, ended_at, ended_by],
      );
      if (done.length === 0) throw doneSince();
    },
    async acknowledge({ review_id, item_id, patient_id, reviewed_by, reviewed_at, action, note }) {
      await tx.rows(
        `insert into lab_reviews (tenant_id, id, patient_id, lab_result_id, reviewed_by, reviewed_at, action, note)
         values (app.tenant(), $1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [review_id, patient_id, item_id, reviewed_by, reviewed_at, action, note],
      );
      const [mine] = await tx.rows('select from lab_reviews v where v.id = $1 and v.lab_result_id = $2', [review_id, item_id]);
      if (!mine) throw doneSince();
    },
  };
}
