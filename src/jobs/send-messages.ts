// The postman: takes what is signed and due, asks once more whether it may go, says that it is going, and only then speaks to a carrier. A message goes at most once:
// whatever happens after it was claimed, nobody takes it again but where it provably did not leave.
import type { Clock } from '../base/clock.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import { type Pool, query } from '../db/pool.ts';
import { inTransaction } from '../db/sender.ts';
import { zonesOf } from '../domains/area-codes.ts';
import { textableNumber } from '../domains/consents.ts';
import type { DeliveryReason } from '../domains/deliveries.ts';
import { capOf, nextAllowed, nextSend } from '../domains/send-window.ts';
import type { Delivered, Transport } from '../outbound/transport.ts';

export type Carriers = Readonly<Record<'sms' | 'email', Transport>>;

export interface PostOffice {
  /** Of app_sender. */
  pool: Pool;
  carriers: Carriers;
  clock: Clock;
  random: Random;
  log: Log;
}

/** A carrier that is not done by then is not waited for. */
const CARRIER_MS = 120_000;
/** A process that has a message longer than this has ended. */
const LOST_AFTER_MS = 180_000;
/** One that nobody could be reached for is tried five times, within half an hour. */
const MOST_ATTEMPTS = 5;
const RETRY_MS = 2 * 60_000;
/** A text that cannot go so soon after its signature says what is not so any more: it is given up as soon as that is known, and people are told. */
const LATEST_MS = 72 * 60 * 60_000;
/** One turn sends at most so many; the next begins soon. */
const MOST_A_TURN = 500;

/** As app.take_message answers it; instants are text. */
interface Taken {
  tenant_id: string;
  id: string;
  channel: 'sms' | 'email';
  recipient: string;
  sender: string;
  subject: string | null;
  body: string;
  attempts: number;
  signed_at: string | Date;
  consent: 'given' | 'revoked' | null;
  deceased: boolean;
  phones: string[];
  email: string | null;
  state: string | null;
  postal_code: string | null;
  texted_at: (string | Date)[];
}

/** What may be done with a message now. */
export type Verdict =
  | { may: 'go' }
  | { may: 'wait'; until: Date; reason: DeliveryReason; time_zone?: string }
  | { may: 'never'; reason: DeliveryReason };

export interface Postman {
  /** Sends everything that is due, one after the other, and gives up what another process began and did not end. Answers how many went. */
  sendDue(): Promise<number>;
  /** Ends what is under way, and takes nothing more. */
  close(): Promise<void>;
}

/** `lost_after_ms`: for tests. */
export function openPostman(office: PostOffice, { lost_after_ms = LOST_AFTER_MS }: { lost_after_ms?: number } = {}): Postman {
  let closing = false;
  const under_way = new Set<Promise<number>>();
  return {
    sendDue() {
      const turn = sendDue(office, { lost_after_ms, mayGoOn: () => !closing }).finally(() => under_way.delete(turn));
      under_way.add(turn);
      return turn;
    },
    async close() {
      closing = true;
      await Promise.allSettled(under_way); // whoever began it was told what went wrong
    },
  };
}

async function sendDue(office: PostOffice, { lost_after_ms, mayGoOn }: { lost_after_ms: number; mayGoOn: () => boolean }): Promise<number> {
  const { pool, clock, log } = office;
  const [row] = await query<{ lost: number }>(pool, 'select app.lose_messages($1::interval, $2) as lost', [
    `${lost_after_ms} milliseconds`,
    clock.now(),
  ]);
  if (row && row.lost > 0) log.warn({ lost: row.lost }, 'messages that may have been sent or not: a process ended while it sent them');
  let sent = 0;
  for (let turn = 0; turn < MOST_A_TURN && mayGoOn(); turn += 1) {
    const claimed = await claimNext(office);
    if (claimed === 'none') break;
    if (claimed !== 'decided' && (await deliver(office, claimed)) === 'sent') sent += 1;
  }
  return sent;
}

type Claimed = Taken & { claim: string };

/** Takes the next one that is due and decides on it, in one transaction that holds its number. */
function claimNext({ pool, clock, random }: PostOffice): Promise<Claimed | 'decided' | 'none'> {
  return inTransaction(pool, async (tx) => {
    const now = clock.now();
    const [taken] = await tx.rows<Taken>('select * from app.take_message($1)', [now]);
    if (!taken) return 'none';
    const { tenant_id, id } = taken;
    const verdict = verdictOn(taken, now);
    switch (verdict.may) {
      case 'go': {
        const claim = random.uuid();
        await tx.rows('select app.claim_message($1, $2, $3, $4)', [tenant_id, id, claim, now]);
        return { ...taken, claim };
      }
      case 'wait':
        await tx.rows('select app.put_off_message($1, $2, $3, $4, $5)', [
          ...[tenant_id, id, verdict.until, verdict.time_zone ?? null, verdict.reason],
        ]);
        return 'decided';
      case 'never':
        await tx.rows('select app.cancel_message($1, $2, $3, $4)', [tenant_id, id, verdict.reason, now]);
        return 'decided';
      default:
        return verdict satisfies never;
    }
  });
}

/** Whether a message may go at `now`: the patient lives and still has this address, the number's last word is a consent, it is day wherever the patient may be, and the
 *  number was not written to too often; where that is so too late after the signature, never. An e-mail says nothing and may come at any time. */
export function verdictOn(message: Omit<Taken, 'tenant_id' | 'id' | 'sender' | 'subject' | 'body' | 'attempts'>, now: Date): Verdict {
  const { channel, recipient, consent, deceased, phones, email, state, postal_code } = message;
  if (deceased) return { may: 'never', reason: 'patient_died' };
  if (channel === 'email') return email === recipient ? { may: 'go' } : { may: 'never', reason: 'address_changed' };
  if (consent === 'revoked') return { may: 'never', reason: 'opted_out' };
  if (consent === null) return { may: 'never', reason: 'no_consent' };
  if (!phones.some((phone) => textableNumber(phone) === recipient)) return { may: 'never', reason: 'address_changed' };

  const zones = zonesOf({ phone: recipient, state: state ?? undefined, postal_code: postal_code ?? undefined });
  const sent_at = message.texted_at.map((at) => new Date(at));
  const until = nextSend({ instant: now, zones, sent_at });
  if (until === undefined) return { may: 'never', reason: 'no_common_hour' };
  if (until.getTime() > new Date(message.signed_at).getTime() + LATEST_MS) return { may: 'never', reason: 'too_late' };
  if (until.getTime() <= now.getTime()) return { may: 'go' };
  const cap = capOf(now, sent_at);
  const capped = cap.allowed ? undefined : ({ day: 'daily_cap', week: 'weekly_cap' } as const)[cap.cap];
  const time_zone = zoneThatOpensLast(until, zones);
  return { may: 'wait', until, reason: capped ?? 'quiet_hours', ...(time_zone !== undefined && { time_zone }) };
}

/** The zone by whose clock the wait is told: the one in which the window opens at that very moment, the westernmost of those. */
function zoneThatOpensLast(until: Date, zones: readonly string[]): string | undefined {
  const before = new Date(until.getTime() - 1);
  return zones.find((zone) => nextAllowed(before, [zone])?.getTime() === until.getTime()) ?? zones[0];
}

/** Hands a claimed message over and writes down what became of it. */
async function deliver({ pool, carriers, clock, log }: PostOffice, message: Claimed): Promise<string> {
  const { tenant_id, id, claim, channel, sender, recipient, subject, body, attempts } = message;
  const handed = { message_id: id, sender, recipient, body, ...(subject !== null && { subject }) };
  const late = () => new Error('the carrier is not done in time');
  const delivered = await clock.within(CARRIER_MS, carriers[channel].send(handed), late).catch((error: unknown): Delivered => {
    log.error({ message_id: id, ...shapeOf(error) }, 'a carrier broke');
    return { outcome: 'unknown', code: 'no_answer' };
  });
  const now = clock.now();
  const retry_at = new Date(now.getTime() + RETRY_MS * 2 ** attempts);
  const { status, reason } = settled(delivered, attempts + 1);
  const [row] = await query<{ status: string }>(pool, 'select app.settle_message($1, $2, $3, $4, $5, $6, $7, $8) as status', [
    ...[tenant_id, id, claim, status, reason, delivered.outcome === 'sent' ? (delivered.provider_id ?? null) : null],
    ...[status === 'waiting' ? retry_at : null, now],
  ]);
  if (status !== 'sent') log.warn({ message_id: id, channel, status: row?.status, reason }, 'a message did not go');
  return status;
}

function settled(
  delivered: Delivered,
  attempt: number,
): { status: 'sent' | 'failed' | 'unknown' | 'waiting'; reason: DeliveryReason | null } {
  switch (delivered.outcome) {
    case 'sent':
      return { status: 'sent', reason: null };
    case 'unknown':
      return { status: 'unknown', reason: delivered.code };
    case 'refused':
      return { status: delivered.retry && attempt < MOST_ATTEMPTS ? 'waiting' : 'failed', reason: delivered.code };
    default:
      return delivered satisfies never;
  }
}
