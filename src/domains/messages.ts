import type { Narrative } from './mark.ts';
import type { Textable, TextDraft } from './text-drafts.ts';

export const MESSAGE_CATEGORIES = ['clinical', 'administrative', 'billing', 'scheduling'] as const;
export type MessageCategory = (typeof MESSAGE_CATEGORIES)[number];

/** What a source may support for messages to patients. */
export interface Messages {
  /** Whether this patient can be written to over the portal; `reply_to` is a message of hers that waits. Throws Fault not_found (patient, message), conflict (the chart
   *  was merged, she has died, the message was answered). */
  writable(query: { patient_id: string; reply_to?: string | undefined }): Promise<{ category?: MessageCategory; subject?: string }>;
  /** What is asked before a text goes to this patient. `own_words`: with the names of her drugs, problems and results; without, for a caller who may not know them: a
   *  refusal would tell. Throws as `writable`. */
  textable(query: { patient_id: string; own_words: boolean }): Promise<Textable>;
  /** Puts one message into the patient's portal; the same `message_id` again is the same message. What it replies to is answered by it. A patient with an e-mail
   *  address gets a notice that says nothing of it. Only in the transaction of a signature. Throws as `writable`: the patient may have died, or somebody else answered,
   *  meanwhile. */
  send(message: {
    message_id: string;
    patient_id: string;
    practitioner_id?: string | undefined;
    category: MessageCategory;
    subject: string;
    body: Narrative;
    reply_to?: string | undefined;
    sent_at: string;
  }): Promise<{ message_id: string }>;
  /** Puts one text into the outbox, from where it is sent when it may be; the same `message_id` again is the same text. Only in the transaction of a signature.
   *  Throws as `writable`. */
  text(
    message: TextDraft & {
      message_id: string;
      patient_id: string;
      practitioner_id?: string | undefined;
      category: MessageCategory;
      encoding: 'GSM-7' | 'UCS-2';
      segments: number;
    },
  ): Promise<{ message_id: string }>;
}

const NOTICES = {
  message: { subject: 'You have a new message', body: 'has sent you a message.', todo: 'read it' },
  form: { subject: 'You have a form to fill in', body: 'asks you to fill in a form.', todo: 'fill it in' },
} as const;

/** The e-mail that says that something waits in the portal: nothing of what, from whom, or for whom. */
export function portalNotice(
  { sender, portal_url }: { sender: string; portal_url?: string | undefined },
  of: keyof typeof NOTICES = 'message',
): { subject: string; body: string } {
  const where = portal_url === undefined ? `the patient portal of ${sender}` : `the patient portal: ${portal_url}`;
  const { subject, body, todo } = NOTICES[of];
  return {
    subject,
    body: `${sender} ${body}\n\nTo ${todo}, sign in to ${where}\n\nPlease do not answer this e-mail: nobody reads the answers.\n`,
  };
}
