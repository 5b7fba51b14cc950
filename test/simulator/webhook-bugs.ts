// What can be wrong with webhooks on purpose, and the times of their simulated world.

export const SECOND = 1000;
export const HOUR = 3_600_000;
/** Events happen in the first hours; then everything has time to end. */
export const BUSY_MS = 3 * HOUR;
export const HORIZON_MS = 14 * 24 * HOUR;
export const LOST_AFTER_MS = 60 * SECOND;

/** What is wrong on purpose. Each is a piece put in the place of the real one. */
export const WEBHOOK_BUGS = [
  'event_after_commit', // the event is written after the change, in a transaction of its own
  'ack_on_timeout', // no answer counts as taken
  'no_seq', // the books do not look for an earlier event of the object
  'unsigned_timestamp', // the signature covers id and body
  'retry_forever', // the last attempt is followed by one more
  'new_id_each_attempt', // a receiver cannot know a repetition
  'one_secret', // during a rotation only the new secret signs
  'no_breath', // an endpoint that fails is asked as often as one that does not
  'nobody_looks_after', // what a dead process began stays begun
  'sends_before_claim', // the attempt is written down after it was made
] as const;
export type WebhookBug = (typeof WEBHOOK_BUGS)[number];

/** Throws for a name that nobody gave. */
export function known(bug: string | undefined): WebhookBug | undefined {
  if (bug === undefined) return undefined;
  const found = WEBHOOK_BUGS.find((name) => name === bug);
  if (!found) throw new Error(`there is no bug ${bug}: ${WEBHOOK_BUGS.join(', ')}`);
  return found;
}
