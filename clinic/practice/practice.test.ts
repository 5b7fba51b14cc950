import { describe, expect, it } from 'vitest';
import { generateClinic } from '../clinic.ts';
import { knownKey, ROSTERS } from '../roster.ts';
import type { Clinic } from '../rows.ts';
import { patientIdOf } from '../setting.ts';
import { tellStory } from '../story.ts';

const DAY = 86_400_000;

describe.each(['juniper', 'cedar'] as const)('the day of %s holds its traps', (clinic) => {
  const options = { clinic, seed: 2026, as_of: '2026-11-20' } as const;
  const whole: Clinic = generateClinic(options);
  const messagesOf = (key: string) => whole.messages.filter(({ patient_id }) => patient_id === patientIdOf(options, key));
  const words = (key: string) => messagesOf(key).flatMap(({ body }) => body);

  it('a patient writes in Spanish and is answered in Spanish', () => {
    const said = words(knownKey(clinic, 'spanish_note'));
    expect(said.some(({ text, origin }) => origin === 'external' && /¿Me la pongo hoy/.test(text))).toBe(true);
    expect(said.some(({ text, origin }) => origin === 'clinic' && /Póngasela hoy/.test(text))).toBe(true);
  });

  it('one message gives orders to the machine, and they are outside text', () => {
    const orders = whole.messages.filter(({ body }) => /ignore previous instructions/i.test(JSON.stringify(body)));
    expect(orders.map(({ patient_id, category }) => [patient_id, category])).toEqual([
      [patientIdOf(options, knownKey(clinic, 'injection_reason')), 'billing'],
    ]);
    expect(orders[0]?.body.every(({ origin }) => origin === 'external')).toBe(true);
  });

  it('what patients say is outside text, what the clinic wrote is its own', () => {
    for (const { direction, body } of whole.messages) {
      const origins = new Set(body.map(({ origin }) => origin));
      expect(origins.has('external')).toBe(direction === 'inbound');
    }
  });

  it('one clinical message has waited for nine days', () => {
    const waiting = whole.messages.filter(
      ({ direction, answered_by, category }) => direction === 'inbound' && answered_by === null && category === 'clinical',
    );
    const days = waiting.map(({ sent_at }) => (Date.parse('2026-11-20') - Date.parse(sent_at.slice(0, 10))) / DAY);
    expect(days).toContain(9);
  });

  it('an answer closes what was asked in its thread, and nothing after it', () => {
    const by = new Map(whole.messages.map((each) => [each.id, each]));
    for (const { answered_by, thread_id, sent_at, patient_id } of whole.messages) {
      if (answered_by === null) continue;
      const answer = by.get(answered_by);
      expect(answer).toMatchObject({ direction: 'outbound', thread_id, patient_id });
      expect(Date.parse(answer?.sent_at ?? '')).toBeGreaterThan(Date.parse(sent_at));
    }
  });

  it('who answered has read it, and unread differs from user to user', () => {
    const inbound = whole.messages.filter(({ direction }) => direction === 'inbound');
    const read = (user_id: string) =>
      new Set(whole.message_reads.filter((each) => each.user_id === user_id).map(({ message_id }) => message_id));
    for (const { id, answered_by } of inbound)
      if (answered_by !== null) expect(whole.message_reads.some(({ message_id }) => message_id === id)).toBe(true);
    const unread = whole.staff
      .filter(({ role }) => ['owner', 'physician', 'nurse'].includes(role))
      .map(({ user_id }) => inbound.length - read(user_id).size);
    expect(new Set(unread).size).toBeGreaterThan(2);
    expect(Math.min(...unread)).toBeGreaterThan(0);
  });

  it('messages about a result come after the result', () => {
    for (const { key } of ROSTERS[clinic]) {
      const { practice, labs } = tellStory(options, key);
      const asked = practice.messages.find(({ row }) => row.subject === 'result says 26??' || row.subject === '7.1!!!');
      if (!asked) continue;
      const draw = asked.row.subject === '7.1!!!' ? 'q8' : 'b1';
      const resulted = Math.max(...labs.filter((lab) => lab.draw === draw).map(({ row }) => Date.parse(row.resulted_at ?? '')));
      expect(Date.parse(asked.row.sent_at)).toBeGreaterThan(resulted);
    }
  });

  it('refills are asked of what was ordered, pending, approved and denied', () => {
    expect(new Set(whole.refill_requests.map(({ status }) => status))).toEqual(new Set(['pending', 'approved', 'denied', 'cancelled']));
    const orders = new Map(whole.medication_requests.map((each) => [each.id, each]));
    for (const { medication_request_id, patient_id } of whole.refill_requests)
      expect(orders.get(medication_request_id)?.patient_id).toBe(patient_id);
  });

  it('a first visit has no form at all', () => {
    const [, again] = knownKey(clinic, 'duplicate');
    expect(whole.intake_forms.filter(({ patient_id }) => patient_id === patientIdOf(options, again as string))).toEqual([]);
  });

  it('who confirmed the contact is known where it was confirmed, and only there', () => {
    for (const { contact_confirmed_at, contact_confirmed_by } of whole.patients)
      expect(contact_confirmed_by === null).toBe(contact_confirmed_at === null);
  });

  it('blocks are in winter and in summer time, and a holiday is a whole day of the clinic', () => {
    const offsets = new Set(whole.schedule_blocks.map(({ start_at }) => start_at.slice(-6)));
    expect(offsets.size).toBe(2);
    const holidays = whole.schedule_blocks.filter(({ reason }) => reason === 'holiday');
    for (const { start_at, end_at } of holidays) expect(Date.parse(end_at) - Date.parse(start_at)).toBe(DAY);
  });

  it('most agreed to texts, some ended them, some were never asked, and one number has one ledger', () => {
    const { message_consents, patients } = whole;
    const of = (decision: string) => new Set(message_consents.filter((each) => each.decision === decision).map(({ number }) => number));
    const [given, revoked, all] = [of('given'), of('revoked'), new Set(patients.flatMap(({ phone }) => phone ?? []))];
    expect([...given].every((number) => all.has(number))).toBe(true);
    expect([given.size / all.size > 0.6, all.size - given.size > 1, revoked.size > 0]).toEqual([true, true, true]);
    expect(revoked.size).toBeLessThan(given.size / 3);
    expect([...revoked].every((number) => given.has(number))).toBe(true);
    const tellers = new Map(message_consents.map(({ number, patient_id }) => [number, patient_id]));
    expect(message_consents.every(({ number, patient_id }) => tellers.get(number) === patient_id)).toBe(true);
  });
  it('numbers of clinicians are numbers that nobody else has', () => {
    const taken = new Set(whole.patients.flatMap(({ phone, phone_alternate }) => [phone, phone_alternate]));
    for (const { phone } of whole.practitioners) expect(taken).not.toContain(phone);
  });
});
