// Messages to patients: a row of the portal, written in the transaction of a signature.
import { Fault } from '../../base/fault.ts';
import type { MessageCategory, Messages } from '../../domains/messages.ts';
import type { Surroundings } from '../connector.ts';
import { chartTakes } from './chart-takes.ts';

export function messages({ tx }: Surroundings): Messages {
  return {
    async writable({ patient_id, reply_to }) {
      const [, [message]] = await Promise.all([
        chartTakes(tx, { patient_id }),
        tx.rows<{ category: MessageCategory; subject: string | null; answered_by: string | null }>(
          "select m.category, m.subject, m.answered_by from messages m where m.id = $1 and m.patient_id = $2 and m.direction = 'inbound'",
          [reply_to ?? null, patient_id],
        ),
      ]);
      if (reply_to === undefined) return {};
      if (!message)
        throw new Fault(
          'not_found',
          'reply_to: no such message of this patient. Use the item_id of a message of get_inbox, or leave it out.',
        );
      if (message.answered_by !== null) throw answered();
      return { category: message.category, ...(message.subject !== null && { subject: message.subject }) };
    },

    async send({ message_id, patient_id, practitioner_id, category, subject, body, reply_to, sent_at }) {
      await chartTakes(tx, { patient_id });
      await tx.rows(
        `insert into messages (tenant_id, id, patient_id, thread_id, direction, channel, category, practitioner_id, subject, body, sent_at)
         values (app.tenant(), $1, $2, coalesce((select m.thread_id from messages m where m.id = $3), $1), 'outbound', 'portal', $4, $5, $6, $7, $8)
         on conflict (tenant_id, id) do nothing`,
        [message_id, patient_id, reply_to ?? null, category, practitioner_id ?? null, subject, JSON.stringify(body), sent_at],
      );
      if (reply_to !== undefined) {
        const closed = await tx.rows(
          "update messages m set answered_by = $1 where m.id = $2 and m.patient_id = $3 and m.direction = 'inbound' and (m.answered_by is null or m.answered_by = $1) returning m.id",
          [message_id, reply_to, patient_id],
        );
        if (closed.length === 0) throw answered();
      }
      return { message_id };
    },
  };
}

function answered(): Fault {
  return new Fault('conflict', 'reply_to: somebody has answered this message already. Read the inbox again.');
}
