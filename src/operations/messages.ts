import * as z from 'zod';
import { clear, phi, recordId } from '../domains/mark.ts';
import { MESSAGE_CATEGORIES } from '../domains/messages.ts';
import { PatientId } from '../domains/patients.ts';
import { batch, draft, repeatable } from './operation.ts';

const ReplyTo = phi('item_id', recordId('use the item_id of a message of get_inbox'));
const Body = phi('message', z.string().trim().min(1).max(4000));

export const draftPatientMessage = draft({
  name: 'draft_patient_message',
  title: 'Draft a message to a patient',
  description:
    'Drafts one message to one patient in the portal, for a person of the clinic to read, mend and send; nobody is written to before that. Write as the clinic would, to the patient. reply_to is the item_id of the message that it answers. One call a patient; call search_patients first.',
  toolset: 'practice',
  rest: 'POST /patients/{patient_id}/message-drafts',
  doors: ['mcp', 'rest'],
  permission: 'messages:draft',
  kind: 'message_draft',
  sign: 'send_messages',
  needs: ['messages.writable'],
  commits: ['messages.send'],
  input: z.object({
    patient_id: PatientId,
    channel: clear(z.enum(['portal'])).default('portal'),
    body: Body,
    subject: phi('message', z.string().trim().min(1).max(120)).optional(),
    category: clear(z.enum(MESSAGE_CATEGORIES)).optional().describe('default: that of reply_to, else administrative'),
    reply_to: ReplyTo.optional(),
    ...repeatable,
  }),
  payload: z.object({
    patient_id: z.string(),
    channel: z.enum(['portal']),
    category: z.enum(MESSAGE_CATEGORIES),
    subject: z.string().trim().min(1).max(120),
    body: Body,
    reply_to: z.string().optional(),
  }),
  async run({ messages }, { patient_id, channel, body, subject, category, reply_to }) {
    const to = await messages.writable({ patient_id, reply_to });
    return {
      patient_id,
      channel,
      category: category ?? to.category ?? 'administrative',
      subject: subject ?? (to.subject === undefined ? 'A message from your clinic' : `Re: ${to.subject}`.slice(0, 120)),
      body,
      ...(reply_to !== undefined && { reply_to }),
    };
  },
  async commit({ messages, caller, now, draft_id }, { patient_id, category, subject, body, reply_to }) {
    const { message_id } = await messages.send({
      message_id: draft_id,
      patient_id,
      practitioner_id: caller.practitioner_id,
      category,
      subject,
      body: [{ text: body, origin: 'clinic' }],
      reply_to,
      sent_at: now.toISOString(),
    });
    return { record_id: message_id };
  },
});

/** In the text of a batch, by what the patient is called. */
const FIRST_NAME = '{first_name}';

export const draftMessageBatch = batch({
  name: 'draft_message_batch',
  title: 'Draft one message to several patients',
  description:
    'Drafts the same message to each of up to 40 patients, as everyone who missed an appointment; {first_name} becomes theirs. A person reads them together and sends all, some or none; nobody is written to before that. Who cannot be written to is named with the reason.',
  rest: 'POST /message-batches',
  doors: ['mcp', 'rest'],
  of: draftPatientMessage,
  needs: ['patients.get'],
  input: z.object({
    patient_ids: z.array(PatientId).min(1).max(40),
    channel: draftPatientMessage.input.shape.channel,
    body: Body,
    subject: draftPatientMessage.input.shape.subject,
    category: draftPatientMessage.input.shape.category,
    ...repeatable,
  }),
  each({ patients }, { patient_ids, body, request_key: _, ...same }) {
    const first_name = async (patient_id: string) => {
      const { preferred_name, given_name } = await patients.get({ patient_id });
      return preferred_name ?? given_name;
    };
    const written = body.includes(FIRST_NAME)
      ? async (patient_id: string) => body.replaceAll(FIRST_NAME, await first_name(patient_id))
      : async () => body;
    return [...new Set(patient_ids)].map((patient_id) => ({
      patient_id,
      input: async () => ({ ...same, patient_id, body: await written(patient_id) }),
    }));
  },
});
