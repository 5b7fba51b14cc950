// The postman on a real database: who may be written to, and when; what is claimed, settled, given up; two of them at once.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCarrier, anOutbox, NOON, type Outbox } from '../../test/builders/outbox.ts';
import { verifies } from '../../test/promises.ts';
import type { Delivered } from '../outbound/transport.ts';
import { verdictOn } from './send-messages.ts';

let outbox: Outbox;
beforeAll(async () => {
  outbox = await anOutbox();
});
afterAll(() => outbox.close());

const RICHMOND = { recipient: '+18045550101', phones: ['+18045550101'], state: 'VA', postal_code: '23220' };
const message = (own: object = {}) => ({
  ...{
    channel: 'sms' as const,
    consent: 'given' as const,
    deceased: false,
    email: null,
    signed_at: NOON,
    texted_at: [] as string[],
    ...RICHMOND,
  },
  ...own,
});
/** It has the message, and says so when the test lets it. */
function aSlowCarrier(delivered: Delivered) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { ...aCarrier(() => promise.then(() => delivered)), answer: resolve };
}
const HOUR = 3_600_000;
const hoursBefore = (hours: number) => new Date(Date.parse(NOON) - hours * HOUR).toISOString();

describe('a text may go', () => {
  it('at noon, to a living patient whose number it is and who agreed', () => {
    expect(verdictOn(message(), new Date(NOON))).toEqual({ may: 'go' });
  });
  it.each([
    ['the patient has died', { deceased: true }, 'patient_died'],
    ['texts were ended', { consent: 'revoked' }, 'opted_out'],
    ['nobody ever agreed', { consent: null }, 'no_consent'],
    ['the chart has another number', { phones: ['+18045550199'] }, 'address_changed'],
    ['the chart has no number', { phones: [] }, 'address_changed'],
  ])('never, where %s', (_, own, reason) => {
    expect(verdictOn(message(own), new Date(NOON))).toEqual({ may: 'never', reason });
  });
  it('to a number of the chart however it is written there', () => {
    expect(verdictOn(message({ phones: ['(804) 555-0101'] }), new Date(NOON))).toEqual({ may: 'go' });
  });
  it.each([
    ['one in the last day', [1], 'daily_cap', 23],
    ['three in the last week', [80, 100, 120], 'weekly_cap', 168 - 120],
  ])('later, after %s', (_, hours, reason, in_hours) => {
    const verdict = verdictOn(message({ texted_at: hours.map(hoursBefore) }), new Date(NOON));
    expect(verdict).toMatchObject({ may: 'wait', reason });
    const { until } = verdict as { until: Date };
    const free = Date.parse(NOON) + in_hours * HOUR;
    expect(until.getTime()).toBeGreaterThanOrEqual(free);
    expect(until.getTime() - free).toBeLessThan(13 * HOUR); // and then until it is day
  });
  it('never, where that would be more than three days after the signature: at once, not after the wait', () => {
    const late = { may: 'never', reason: 'too_late' };
    expect(verdictOn(message({ texted_at: [30, 60, 90].map(hoursBefore) }), new Date(NOON))).toEqual(late);
    expect(verdictOn(message({ signed_at: hoursBefore(72) }), new Date(NOON))).toEqual({ may: 'go' });
    expect(verdictOn(message({ signed_at: hoursBefore(73) }), new Date(NOON))).toEqual(late);
  });
  it('to an address of the chart by e-mail, at night too, without a word on texts', () => {
    const mail = message({ channel: 'email', recipient: 'p@example.com', email: 'p@example.com', consent: null });
    expect(verdictOn(mail, new Date('2026-11-20T07:00:00Z'))).toEqual({ may: 'go' });
    expect(verdictOn({ ...mail, email: 'q@example.com' }, new Date(NOON))).toEqual({ may: 'never', reason: 'address_changed' });
  });
});

verifies('outbox:quiet-hours', async () => {
  const { taken, carrier } = aCarrier();
  // 804 is New York's clock; the address is in Los Angeles: 8:00 there is 11:00 here, 20:00 here is 17:00 there.
  const mover = await outbox.patient({ state: 'CA', postal_code: '94110' });
  const night = await outbox.signed(mover);
  const at = async (now: string) => outbox.postman(carrier, { now }).sendDue();

  expect(await at('2026-11-20T15:59:59Z')).toBe(0);
  expect(await outbox.stateOf(night)).toMatchObject({
    ...{ status: 'waiting', reason: 'quiet_hours', time_zone: 'America/Los_Angeles', attempts: 0 },
    not_before: new Date('2026-11-20T16:00:00Z'),
  });
  // Signed by day, but nobody came to send it before night fell where the number was given.
  const evening = await outbox.signed(await outbox.patient());
  expect(await at('2026-11-21T01:00:00Z')).toBe(0);
  expect(await outbox.stateOf(evening)).toMatchObject({ not_before: new Date('2026-11-21T13:00:00Z'), time_zone: 'America/New_York' });
  expect(await outbox.stateOf(night)).toMatchObject({ not_before: new Date('2026-11-21T16:00:00Z') });
  expect(taken).toEqual([]);
  expect(await at('2026-11-21T13:00:00Z')).toBe(1);
  expect(await at('2026-11-21T16:00:00Z')).toBe(1);
  expect(taken.map(({ message_id }) => message_id)).toEqual([evening, night]);
});

verifies('outbox:opt-out-stops', async () => {
  const { taken, carrier } = aCarrier();
  const [ours, spouse] = [await outbox.patient(), await outbox.patient()];
  const stopped = await outbox.signed(ours);
  // Said for another chart, of the same number.
  await outbox.say(ours.phone, 'revoked', spouse.id);
  expect(await outbox.postman(carrier).sendDue()).toBe(0);
  expect(await outbox.stateOf(stopped)).toMatchObject({
    status: 'cancelled',
    reason: 'opted_out',
    attempts: 0,
    events: ['waiting', 'cancelled'],
  });
  // And the number is not written to after the chart was merged into another one that has it.
  const survivor = await outbox.patient({ phone: ours.phone }, 'never_asked');
  await outbox.admin.query('update data.patients set replaced_by = $1 where id = $2', [survivor.id, ours.id]);
  const merged = await outbox.signed(survivor);
  await outbox.postman(carrier).sendDue();
  expect(await outbox.stateOf(merged)).toMatchObject({ status: 'cancelled', reason: 'opted_out' });
  expect(taken).toEqual([]);
});

it('of a chart that was merged meanwhile what the one that stands says holds: whether she lives, and which number is hers', async () => {
  const { taken, carrier } = aCarrier();
  const merged = async (own: object) => {
    const old = await outbox.patient();
    const id = await outbox.signed(old);
    const between = await outbox.patient();
    const stands = await outbox.patient({ phone: old.phone, ...own }, 'never_asked');
    await outbox.admin.query('update data.patients set replaced_by = $1 where id = $2', [between.id, old.id]);
    await outbox.admin.query('update data.patients set replaced_by = $1 where id = $2', [stands.id, between.id]);
    return id;
  };
  const [died, moved, same] = [await merged({ deceased_on: '2026-11-19' }), await merged({ phone: '+18045550199' }), await merged({})];
  await outbox.postman(carrier).sendDue();
  expect(await outbox.stateOf(died)).toMatchObject({ status: 'cancelled', reason: 'patient_died' });
  expect(await outbox.stateOf(moved)).toMatchObject({ status: 'cancelled', reason: 'address_changed' });
  expect(await outbox.stateOf(same)).toMatchObject({ status: 'sent' });
  expect(taken.map(({ message_id }) => message_id)).toEqual([same]);
});

verifies(
  'outbox:caps',
  async () => {
    const { taken, carrier } = aCarrier(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { outcome: 'sent' };
    });
    const patient = await outbox.patient();
    for (let n = 0; n < 100; n += 1) await outbox.signed(patient);
    const day = async (now: string) => {
      const [one, two] = [outbox.postman(carrier, { now }), outbox.postman(carrier, { now })];
      const sent = await Promise.all([one, two, one, two].map((postman) => postman.sendDue()));
      return sent.reduce((sum, n) => sum + n, 0);
    };
    const noon = (plus: number) => new Date(Date.parse(NOON) + plus * 24 * HOUR).toISOString();
    expect(await day(noon(0))).toBe(1);
    expect(await day(new Date(Date.parse(noon(1)) - 1000).toISOString())).toBe(0);
    for (const plus of [1, 2]) expect(await day(noon(plus))).toBe(1);
    // The next may go a week after the first: too late for what was signed then, which is given up at once and told; what is signed later goes.
    const later = await outbox.signed(patient, { created_at: noon(6) });
    for (const plus of [3, 4, 5, 6]) expect(await day(noon(plus))).toBe(0);
    expect(await day(noon(7))).toBe(1);
    expect(taken).toHaveLength(4);
    expect(taken.at(-1)?.message_id).toBe(later);
    expect(new Set(taken.map(({ message_id }) => message_id)).size).toBe(4);
    const { rows } = await outbox.admin.query(
      'select d.status, d.reason, count(*)::int as n from data.deliveries d join data.outgoing_messages m on m.id = d.id where m.recipient = $1 group by 1, 2 order by 1',
      [patient.phone],
    );
    expect(rows).toEqual([
      { status: 'cancelled', reason: 'too_late', n: 97 },
      { status: 'sent', reason: null, n: 4 },
    ]);
    await outbox.say(patient.phone, 'revoked'); // the other tests have the outbox to themselves
    await outbox.postman(carrier, { now: noon(60) }).sendDue();
  },
  60_000,
);

it('a text is not claimed past its number’s last word, whoever asks', async () => {
  const patient = await outbox.patient({}, 'revoked');
  const id = await outbox.signed(patient);
  const sender = new pg.Client(outbox.database.sender);
  await sender.connect();
  await expect(sender.query('select app.claim_message($1, $2, gen_random_uuid(), now())', [outbox.tenant_id, id])).rejects.toThrow(
    'no_consent',
  );
  await sender.end();
  expect(await outbox.stateOf(id)).toMatchObject({ status: 'waiting', attempts: 0 });
});

describe('what a carrier says', () => {
  it('sent: it is in the chart from then on, as it was sent, once', async () => {
    const { carrier } = aCarrier(async () => ({ outcome: 'sent', provider_id: 'carrier-1' }));
    const patient = await outbox.patient();
    const id = await outbox.signed(patient);
    await outbox.postman(carrier).sendDue();
    await outbox.postman(carrier).sendDue();
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'sent', attempts: 1, events: ['waiting', 'sending', 'sent'] });
    const { rows } = await outbox.admin.query('select id, channel, direction, body, sent_at from data.messages where patient_id = $1', [
      patient.id,
    ]);
    expect(rows).toEqual([
      {
        ...{ id, channel: 'sms', direction: 'outbound', sent_at: new Date(NOON) },
        body: [{ text: `Clinic: please call us. ${id}`, origin: 'clinic' }],
      },
    ]);
  });
  it('refused: it failed, and is not in the chart', async () => {
    const { taken, carrier } = aCarrier(async () => ({ outcome: 'refused', code: 'refused', retry: false }));
    const patient = await outbox.patient();
    const id = await outbox.signed(patient);
    for (let turn = 0; turn < 3; turn += 1) await outbox.postman(carrier).sendDue();
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'failed', reason: 'refused', attempts: 1 });
    expect(taken).toHaveLength(1);
    expect((await outbox.admin.query('select from data.messages where patient_id = $1', [patient.id])).rowCount).toBe(0);
    // What failed did not count: the next may go at once.
    const next = await outbox.signed(patient);
    await outbox.postman(aCarrier().carrier).sendDue();
    expect((await outbox.stateOf(next)).status).toBe('sent');
  });
  it('nobody there: it is tried again later, five times, and then it failed', async () => {
    const { taken, carrier } = aCarrier(async () => ({ outcome: 'refused', code: 'not_reached', retry: true }));
    const id = await outbox.signed(await outbox.patient());
    for (let minute = 0; minute < 120; minute += 1)
      await outbox.postman(carrier, { now: new Date(Date.parse(NOON) + minute * 60_000).toISOString() }).sendDue();
    expect(taken).toHaveLength(5);
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'failed', reason: 'not_reached', attempts: 5 });
  }, 60_000);
  it.each(['no_answer', 'server_error'] as const)('%s: unknown, it counts as sent, and nobody sends it again', async (code) => {
    const { taken, carrier } = aCarrier(async () => ({ outcome: 'unknown', code }));
    const patient = await outbox.patient();
    const [id, next] = [await outbox.signed(patient), await outbox.signed(patient)];
    for (let turn = 0; turn < 3; turn += 1) await outbox.postman(carrier).sendDue();
    expect(taken).toHaveLength(1);
    const [first, second] = [await outbox.stateOf(id), await outbox.stateOf(next)];
    expect([first, second].map(({ status, reason }) => `${status} ${reason}`).sort()).toEqual([`unknown ${code}`, 'waiting daily_cap']);
    await outbox.say(patient.phone, 'revoked');
    await outbox.postman(carrier, { now: new Date(Date.parse(NOON) + 48 * HOUR).toISOString() }).sendDue();
  });
  it('a carrier that breaks leaves it unknown', async () => {
    const { carrier } = aCarrier(() => Promise.reject(new Error('a bug, +18045550101')));
    const lines: string[] = [];
    const id = await outbox.signed(await outbox.patient());
    await outbox.postman(carrier, { log: (line) => lines.push(line) }).sendDue();
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'unknown', reason: 'no_answer' });
    expect(lines.join('')).not.toMatch(/\+1804|please call/);
  });
});

describe('a process that ended while it sent', () => {
  it('leaves it unknown after a while, never waiting; a late answer makes it known', async () => {
    const { taken, carrier, answer } = aSlowCarrier({ outcome: 'sent' });
    const id = await outbox.signed(await outbox.patient());
    const going = outbox.postman(carrier).sendDue();
    await expect.poll(() => taken.length).toBe(1);
    expect((await outbox.stateOf(id)).status).toBe('sending');
    const other = outbox.postman(aCarrier().carrier, { lost_after_ms: 0 });
    expect(await other.sendDue()).toBe(0);
    expect((await outbox.stateOf(id)).status).toBe('sending'); // five seconds at least, whatever is asked
    await outbox.admin.query("update data.deliveries set claim_seen_at = claim_seen_at - interval '1 hour' where id = $1", [id]);
    expect(await other.sendDue()).toBe(0);
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'unknown', reason: 'process_ended', attempts: 1 });
    answer();
    expect(await going).toBe(1);
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'sent', events: ['waiting', 'sending', 'unknown', 'sent'] });
  });
  it('does not try again what it proves too late to have failed: people have read that it is unknown', async () => {
    const { taken, carrier, answer } = aSlowCarrier({ outcome: 'refused', code: 'not_reached', retry: true });
    const id = await outbox.signed(await outbox.patient());
    const going = outbox.postman(carrier).sendDue();
    await expect.poll(() => taken.length).toBe(1);
    await outbox.admin.query("update data.deliveries set claim_seen_at = claim_seen_at - interval '1 hour' where id = $1", [id]);
    await outbox.postman(aCarrier().carrier).sendDue();
    answer();
    await going;
    expect(await outbox.stateOf(id)).toMatchObject({ status: 'failed', reason: 'not_reached' });
  });
});

describe('an e-mail', () => {
  it('goes beside texts, with its subject', async () => {
    const { taken, carrier } = aCarrier();
    const patient = await outbox.patient({}, 'never_asked');
    const id = await outbox.signed(patient, { subject: 'You have a new message' });
    await outbox.postman(carrier, { now: '2026-11-20T07:00:00Z' }).sendDue();
    expect(taken).toMatchObject([{ message_id: id, recipient: patient.email, subject: 'You have a new message' }]);
    expect((await outbox.admin.query('select from data.messages where patient_id = $1', [patient.id])).rowCount).toBe(0);
  });
});

describe('closing', () => {
  it('ends what is under way, and begins nothing more', async () => {
    const { taken, carrier, answer } = aSlowCarrier({ outcome: 'sent' });
    const ids = [await outbox.signed(await outbox.patient()), await outbox.signed(await outbox.patient())];
    const postman = outbox.postman(carrier);
    const going = postman.sendDue();
    await expect.poll(() => taken.length).toBe(1);
    const closed = postman.close();
    answer();
    await closed;
    expect(await going).toBe(1);
    expect((await Promise.all(ids.map((id) => outbox.stateOf(id)))).map(({ status }) => status).sort()).toEqual(['sent', 'waiting']);
  });
});
