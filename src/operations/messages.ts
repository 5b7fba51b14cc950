import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import type { Mark } from '../domains/drafts.ts';
import { clear, phi, recordId } from '../domains/mark.ts';
import { MESSAGE_CATEGORIES } from '../domains/messages.ts';
import { fullNamesIn, othersIn } from '../domains/note-persons.ts';
import { PatientId } from '../domains/patients.ts';
import { asSent, marksOfText, refuseErrors } from '../domains/text-drafts.ts';
import { batch, type Caller, type Context, draft, repeatable } from './operation.ts';

const ReplyTo = phi('item_id', recordId('use the item_id of a message of get_inbox'));
const Body = phi('message', z.string().trim().min(1).max(4000));
const Subject = phi('message', z.string().trim().min(1).max(120));
const Channel = clear(z.enum(['portal', 'sms']));

/** What is signed: of the portal a subject and a body; of a text exactly what goes over the air, to which number, in how many parts. */
const Payload = z
  .object({
    patient_id: z.string(),
    channel: Channel,
    category: z.enum(MESSAGE_CATEGORIES),
    subject: Subject.optional(),
    body: Body,
    reply_to: z.string().optional(),
    to: z.string().max(20).optional(),
    sender: z.string().max(120).optional(),
    encoding: z.enum(['GSM-7', 'UCS-2']).optional(),
    segments: z.number().int().optional(),
  })
  // However a person mends a text, it is shown and signed as the phone gets it, counted anew.
  .overwrite((payload) => (payload.channel === 'sms' ? { ...payload, ...asSent(payload.body) } : payload))
  .refine(({ channel, subject, to, sender }) => (channel === 'portal' ? subject !== undefined : to !== undefined && sender !== undefined), {
    error: 'a portal message has a subject; a text has a number and a sender',
    path: ['channel'],
  });
type Payload = z.output<typeof Payload>;

/** Whether a refusal may speak of the patient's own drugs, problems and results. */
const knowsTheChart = ({ permissions }: Caller) =>
  (['medications:read', 'conditions:read', 'labs:read'] as const).every((each) => permissions.has(each));

/** Where a message names another patient of the clinic: told to the signer, who may know that it is meant so (a mother, of her son). */
async function marksOfNames(
  patients: Context<'patients.get' | 'patients.named'>['patients'],
  { patient_id, subject = '', body }: Payload,
): Promise<Mark[]> {
  const names = fullNamesIn(`${subject}\n${body}`);
  if (names.length === 0) return [];
  const [{ given_name, preferred_name, family_name }, others] = await Promise.all([
    patients.get({ patient_id }),
    patients.named({ patient_id, names }),
  ]);
  const own = [given_name, preferred_name ?? given_name].map((first) => `${first} ${family_name}`);
  return Object.entries({ subject, body }).flatMap(([path, text]) =>
    othersIn({ text, own, others }).map(({ start, end }): Mark => {
      const said = 'The full name of another patient of this clinic stands here: is this message for this patient?';
      return { path, level: 'error', text: said, quote: text.slice(start, end) };
    }),
  );
}

const textOf = ({ to = '', sender = '', body }: Payload) => ({ to, sender, body });

export const draftPatientMessage = draft({
  name: 'draft_patient_message',
  title: 'Draft a message to a patient',
  description:
    'Drafts one message to one patient, in the portal or as a text (sms), for a person of the clinic to read, mend and send; nobody is written to before that. A text is short, names the clinic and says no result, drug or diagnosis: link to the portal. It needs consent. reply_to is the item_id of the message that it answers. One call a patient; call search_patients first.',
  toolset: 'practice',
  rest: 'POST /patients/{patient_id}/message-drafts',
  doors: ['mcp', 'rest'],
  permission: 'messages:draft',
  kind: 'message_draft',
  sign: 'send_messages',
  needs: ['messages.writable', 'messages.textable', 'patients.get', 'patients.named'],
  commits: ['messages.send', 'messages.text', 'messages.textable'],
  input: z.object({
    patient_id: PatientId,
    channel: Channel.default('portal'),
    body: Body,
    subject: Subject.optional().describe('portal only'),
    category: clear(z.enum(MESSAGE_CATEGORIES)).optional().describe('default: that of reply_to, else administrative'),
    reply_to: ReplyTo.optional().describe('portal only'),
    ...repeatable,
  }),
  payload: Payload,
  async run({ messages, caller, today }, { patient_id, channel, body, subject, category, reply_to }) {
    if (channel === 'sms') {
      if (reply_to !== undefined) throw new Fault('invalid_input', 'reply_to: an answer goes to the portal. Use the channel portal.');
      if (subject !== undefined) throw new Fault('invalid_input', 'subject: a text message has none.');
      const facts = await messages.textable({ patient_id, own_words: knowsTheChart(caller) });
      const { number: to = '', sender } = facts;
      refuseErrors(marksOfText({ to, sender, body }, facts, today));
      return { patient_id, channel, category: category ?? 'administrative', to, sender, ...asSent(body) };
    }
    const answered = await messages.writable({ patient_id, reply_to });
    return {
      patient_id,
      channel,
      category: category ?? answered.category ?? 'administrative',
      subject: subject ?? (answered.subject === undefined ? 'A message from your clinic' : `Re: ${answered.subject}`.slice(0, 120)),
      body,
      ...(reply_to !== undefined && { reply_to }),
    };
  },
  async review({ messages, patients, caller, today }, payload): Promise<Mark[]> {
    const named = await marksOfNames(patients, payload);
    if (payload.channel === 'portal') return named;
    const { patient_id } = payload;
    try {
      const facts = await messages.textable({ patient_id, own_words: knowsTheChart(caller) });
      return [...named, ...marksOfText(textOf(payload), facts, today)];
    } catch (refused) {
      // The chart was merged, or the patient died, since: the signer reads it, and may still reject the draft.
      if (refused instanceof Fault) return [{ path: 'to', level: 'error', text: refused.message }];
      throw refused;
    }
  },
  async commit({ messages, caller, now, today, draft_id }, payload) {
    const { patient_id, channel, category, subject = '', body, reply_to, encoding, segments } = payload;
    const message = { message_id: draft_id, patient_id, practitioner_id: caller.practitioner_id, category };
    if (channel === 'sms') {
      const text = textOf(payload);
      refuseErrors(marksOfText(text, await messages.textable({ patient_id, own_words: true }), today));
      if (encoding === undefined || segments === undefined) throw new Error('a text is counted as it is parsed');
      const { message_id } = await messages.text({ ...message, ...text, encoding, segments });
      return { record_id: message_id };
    }
    const { message_id } = await messages.send({
      ...message,
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
      ? async (patient_id: string) => body.split(FIRST_NAME).join(await first_name(patient_id)) // a name is a name, whatever $& it holds
      : async () => body;
    return [...new Set(patient_ids)].map((patient_id) => ({
      patient_id,
      input: async () => ({ ...same, patient_id, body: await written(patient_id) }),
    }));
  },
});
