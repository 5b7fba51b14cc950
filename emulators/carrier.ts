// What the doubles of carriers share: how one treats a recipient, and what it took.

/** take: as in life. refuse, throttle: the request is not taken, for good or for now. break: fails before taking it; break_once: so for the first request; break_after: takes it, then fails. drop_after: takes it
 *  and closes the line without a word; hang_after: takes it and says nothing. */
export type Manner = 'take' | 'refuse' | 'throttle' | 'break' | 'break_once' | 'break_after' | 'drop_after' | 'hang_after';

/** A message as the patient would get it. */
export interface Taken {
  by: 'smtp' | 'spruce' | 'aws';
  recipient: string;
  text: string;
  /** The house's id of it, where the protocol carries one. */
  key?: string;
}

export interface Carrier {
  taken: Taken[];
  mannerTo(recipient: string): Manner;
}
