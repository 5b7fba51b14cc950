// What became of the messages that left the house, or did not. A person's login reads it, and no credential does.
import { staleCursor } from '../../base/ids.ts';
import { present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { type Deliveries, type Delivery, NOT_GONE } from '../../domains/deliveries.ts';
import type { Surroundings } from '../connector.ts';

/** What is due for so long, with nobody who sends it, is told like what did not go. */
const OVERDUE = `d.status = 'waiting' and d.created_at < $4::timestamptz - interval '1 day' and coalesce(d.not_before, d.created_at) < $4::timestamptz - interval '1 hour'`;
const AT = (of: 'd' | 'a') => `coalesce(${of}.settled_at, ${of}.created_at), ${of}.id`;

export function deliveries({ tx, now }: Surroundings): Deliveries {
  return {
    ofDraft: ({ draft_id }) => deliveriesOf(tx, 'm.draft_id = $1 order by m.created_at, m.id limit 500', [draft_id]),
    async notGone({ limit, after }) {
      if (after !== undefined && (await tx.rows('select from deliveries d where d.id = $1', [after])).length === 0) throw staleCursor();
      const found = await deliveriesOf(
        tx,
        `(d.status = any($1) or ${OVERDUE}) and ($3::uuid is null or (${AT('d')}) < (select ${AT('a')} from deliveries a where a.id = $3))
         order by coalesce(d.settled_at, d.created_at) desc, d.id desc limit $2`,
        [NOT_GONE, limit + 1, after ?? null, now.toISOString()],
      );
      return { deliveries: found.slice(0, limit), more: found.length > limit };
    },
  };
}

async function deliveriesOf(tx: Tx, which: string, values: readonly unknown[]): Promise<Delivery[]> {
  const rows = await tx.rows<{ [K in keyof Delivery]-?: Delivery[K] | null }>(
    `select m.id as message_id, m.draft_id, m.channel, m.patient_id, p.given_name || ' ' || p.family_name as patient,
       case when m.channel = 'sms' then right(m.recipient, 4) end as to_last4,
       d.status, d.reason, m.created_at as signed_at, d.not_before, d.time_zone, d.attempts, d.settled_at
     from deliveries d join outgoing_messages m on m.tenant_id = d.tenant_id and m.id = d.id
     join patients p on p.tenant_id = m.tenant_id and p.id = m.patient_id
     where ${which}`,
    values,
  );
  return rows.map((row) => present(row) as Delivery);
}
