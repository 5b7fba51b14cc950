import type { Narrative } from './mark.ts';

export const MESSAGE_CATEGORIES = ['clinical', 'administrative', 'billing', 'scheduling'] as const;
export type MessageCategory = (typeof MESSAGE_CATEGORIES)[number];

/** What a source may support for messages to patients. */
export interface Messages {
  /** Whether this patient can be written to over the portal; `reply_to` is a message of hers that waits. Throws Fault not_found (patient, message), conflict (the chart
   *  was merged, she has died, the message was answered). */
  writable(query: { patient_id: string; reply_to?: string | undefined }): Promise<{ category?: MessageCategory; subject?: string }>;
  /** Puts one message into the patient's portal; the same `message_id` again is the same message. What it replies to is answered by it. Only in the transaction of
   *  a signature. Throws as `writable`: the patient may have died, or somebody else answered, meanwhile. */
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
}
