// The port by which a message leaves: what is handed over, and what is known of it afterwards.

/** Exactly what is sent. `message_id` is the house's own, and the key by which a carrier that has such keys knows a repetition. */
export interface Outgoing {
  message_id: string;
  /** The clinic's name. */
  sender: string;
  /** E.164, or an e-mail address. */
  recipient: string;
  /** Of an e-mail alone. */
  subject?: string;
  body: string;
}

/** `sent`: the carrier has taken it. `refused`: it provably did not leave; `retry`: it may be tried again later. `unknown`: it may have left; nobody sends it again by
 *  itself. `code` is a word for the books, never a text of the other side: that may repeat the message. */
export type Delivered =
  | { outcome: 'sent'; provider_id?: string }
  | { outcome: 'refused'; code: 'refused' | 'not_reached' | 'not_allowed_outside'; retry: boolean }
  | { outcome: 'unknown'; code: 'no_answer' | 'server_error' };

export interface Transport {
  /** Sends it once. Never throws: what it cannot tell is `unknown`. Ends within its time-out. */
  send(message: Outgoing): Promise<Delivered>;
}
