// Messages to patients: a row of the portal or of the outbox, written in the transaction of a signature.
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import { type ConsentDecision, textableNumber } from '../../domains/consents.ts';
import { ANALYTES } from '../../domains/loinc.ts';
import type { PrivateWords } from '../../domains/message-words.ts';
import { type MessageCategory, type Messages, portalNotice } from '../../domains/messages.ts';
import type { Surroundings } from '../connector.ts';
import { chartTakes } from './chart-takes.ts';
import { nationalNumber } from './patient-query.ts';

/** `portal_url`: where the clinic's patients sign in. */
export function messages({ tx }: Surroundings, { portal_url }: { portal_url?: string | undefined }): Messages {
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

    async textable({ patient_id, own_words }) {
      const [{ birth_date }, { sender, phone }] = await Promise.all([chartTakes(tx, { patient_id }), addressOf(tx, patient_id)]);
      const number = textableNumber(phone);
      const [standing, own] = await Promise.all([
        number === undefined ? undefined : standingOf(tx, { patient_id, number }),
        own_words ? ownWordsOf(tx, patient_id) : { drugs: [], problems: [], analytes: [] },
      ]);
      const { consent, others = 0 } = standing ?? {};
      return {
        ...(number !== undefined && { number }),
        ...(consent && { consent }),
        ...{ birth_date, others, sender, own },
        hosts: portal_url === undefined ? [] : [new URL(portal_url).hostname],
      };
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
      const { email, sender } = await addressOf(tx, patient_id);
      if (email !== null)
        await send(tx, {
          ...{ message_id, patient_id, practitioner_id, category, sender },
          ...{ channel: 'email', recipient: email, ...portalNotice({ sender, portal_url }) },
        });
      return { message_id };
    },

    async text({ message_id, patient_id, practitioner_id, category, to, sender, body, encoding, segments }) {
      await chartTakes(tx, { patient_id });
      await send(tx, {
        ...{ message_id, patient_id, practitioner_id, category, sender },
        ...{ channel: 'sms', recipient: to, body, encoding, segments },
      });
      return { message_id };
    },
  };
}

/** Hands the e-mail that tells of a form to the outbox: nothing of which form. */
export async function tellOfForm(
  tx: Tx,
  { form_id, patient_id, to, portal_url }: { form_id: string; patient_id: string; to: string; portal_url?: string | undefined },
): Promise<void> {
  const { sender } = await addressOf(tx, patient_id);
  await send(tx, {
    ...{ message_id: form_id, patient_id, practitioner_id: undefined, category: 'administrative', sender },
    ...{ channel: 'email', recipient: to, ...portalNotice({ sender, portal_url }, 'form') },
  });
}

interface Sent {
  message_id: string;
  patient_id: string;
  practitioner_id: string | undefined;
  category: MessageCategory;
  channel: 'sms' | 'email';
  recipient: string;
  sender: string;
  subject?: string;
  body: string;
  encoding?: string;
  segments?: number;
}

/** Hands a message to the outbox, under the draft that this transaction signed. */
async function send(
  tx: Tx,
  { message_id, patient_id, practitioner_id, category, channel, recipient, sender, ...text }: Sent,
): Promise<void> {
  const { subject, body, encoding, segments } = text;
  await tx.rows(
    `insert into outgoing_messages (tenant_id, id, draft_id, patient_id, practitioner_id, category, channel, recipient, sender, subject, body, encoding, segments)
     values (app.tenant(), $1, app.signing(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (tenant_id, id) do nothing`,
    [
      ...[message_id, patient_id, practitioner_id ?? null, category, channel, recipient, sender],
      ...[subject ?? null, body, encoding ?? null, segments ?? null],
    ],
  );
}

async function addressOf(tx: Tx, patient_id: string): Promise<{ sender: string; phone: string | null; email: string | null }> {
  const [row] = await tx.rows<{ sender: string; phone: string | null; email: string | null }>(
    'select app.clinic_name() as sender, p.phone, p.email from patients p where p.id = $1',
    [patient_id],
  );
  return row ?? { sender: '', phone: null, email: null }; // chartTakes says so of one that is not there
}

/** What was said of the number last, and how many living patients' charts have it besides. */
async function standingOf(
  tx: Tx,
  { patient_id, number }: { patient_id: string; number: string },
): Promise<{ consent: ConsentDecision | null; others: number } | undefined> {
  const [row] = await tx.rows<{ consent: ConsentDecision | null; others: number }>(
    `select app.consent_of($1, 'informational') as consent,
       (select count(distinct t.patient_id)::int from patient_tokens t join patients o on o.tenant_id = t.tenant_id and o.id = t.patient_id
        where t.kind = 'phone10' and t.token = $2 and t.patient_id <> $3 and o.replaced_by is null and o.deceased_on is null) as others`,
    [number, nationalNumber(number), patient_id],
  );
  return row;
}

/** The patient's drugs, problems and what was ever measured, by every name the chart has for them. */
async function ownWordsOf(tx: Tx, patient_id: string): Promise<PrivateWords> {
  const [drugs, problems, results] = await Promise.all([
    tx.rows<{ name: string; ingredient: string | null }>(
      "select distinct m.name, m.ingredient from medication_requests m where m.patient_id = $1 and m.status <> 'entered_in_error'",
      [patient_id],
    ),
    tx.rows<{ name: string; icd10: string | null }>(
      "select distinct c.name, c.icd10 from conditions c where c.patient_id = $1 and c.verification_status <> 'entered_in_error'",
      [patient_id],
    ),
    tx.rows<{ name: string; loinc: string | null }>(
      "select distinct r.name_raw as name, r.loinc from lab_results r where r.patient_id = $1 and r.status <> 'entered_in_error'",
      [patient_id],
    ),
  ]);
  return {
    drugs: drugs.flatMap(({ name, ingredient }) => [name, ...(ingredient === null ? [] : [ingredient])]),
    problems: problems.map(({ name, icd10 }) => ({ name, ...(icd10 !== null && { icd10 }) })),
    analytes: results.flatMap(({ name, loinc }) => [name, ANALYTES.get(loinc ?? '')?.name ?? name]),
  };
}

function answered(): Fault {
  return new Fault('conflict', 'reply_to: somebody has answered this message already. Read the inbox again.');
}
