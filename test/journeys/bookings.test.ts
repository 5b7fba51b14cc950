// Visits that an AI drafts and a person signs: booked, moved, called off.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, aCalendar, type Calendar, later } from '../builders/bookings.ts';
import { aLogin } from '../builders/login.ts';

let calendar: Calendar;
let { tenant_id, scheduler, patient, rows, ask, aSlot, book, draftOf, sign, visit, aVisit } = {} as Calendar;
beforeAll(async () => {
  calendar = await aCalendar();
  ({ tenant_id, scheduler, patient, rows, ask, aSlot, book, draftOf, sign, visit, aVisit } = calendar);
});
afterAll(() => calendar?.attending.close());

describe('a booking', () => {
  it('is read by a person as it will stand, and is in the calendar when it is signed', async () => {
    const slot = await aSlot();
    const { value, body } = await book(slot, { modality: 'telehealth' });
    expect(value, body).toMatchObject({ kind: 'appointment_draft', status: 'pending' });
    expect(await visit(value.draft_id)).toBeUndefined();
    const { payload } = await draftOf(value.draft_id);
    expect(payload).toMatchObject({
      patient_id: patient(),
      patient: expect.stringMatching(/^\S+ \S+/),
      practitioner: expect.stringMatching(/^\S+ \S+/),
      visit_type: 'Follow-up',
      start_at: slot.start_at,
      minutes: 30,
      modality: 'telehealth',
    });
    expect((payload as unknown as Answer).start_at).toMatch(/-05:00$/);
    expect(await sign(value.draft_id)).toMatchObject({ status: 200, json: { status: 'committed', record_id: value.draft_id } });
    expect(await visit(value.draft_id)).toMatchObject({ status: 'booked', modality: 'telehealth', start_at: new Date(slot.start_at) });
    const { value: day } = await ask('get_appointments', {
      date_range: { from: slot.start_at.slice(0, 10), to: slot.start_at.slice(0, 10) },
    });
    expect(JSON.stringify(day)).toContain(value.draft_id);
  });

  it('is refused, with what to do, where it cannot be', async () => {
    const slot = await aSlot();
    const of = async (sql: string) =>
      (await rows<{ id: string }>(`select id from data.patients where tenant_id = $1 and ${sql} limit 1`))[0]?.id;
    const told = async (more: Record<string, unknown>) => {
      const { isError, body } = await book(slot, more);
      expect(isError).toBe(true);
      return body;
    };
    await calendar.attending.admin.query('update data.patients set active = false where tenant_id = $1 and id = $2', [
      tenant_id,
      patient(35),
    ]);
    expect(await told({ patient_id: patient(35) })).toContain('inactive');
    await calendar.attending.admin.query('update data.patients set active = true where tenant_id = $1 and id = $2', [
      tenant_id,
      patient(35),
    ]);
    await calendar.attending.admin.query("update data.patients set deceased_on = '2026-10-01' where tenant_id = $1 and id = $2", [
      tenant_id,
      patient(35),
    ]);
    expect(await told({ patient_id: patient(35) })).toContain('has died');
    await calendar.attending.admin.query('update data.patients set deceased_on = null where tenant_id = $1 and id = $2', [
      tenant_id,
      patient(35),
    ]);
    const merged = await of('replaced_by is not null');
    if (merged !== undefined) expect(await told({ patient_id: merged })).toContain('search_patients');
    expect(await told({ patient_id: slot.practitioner_id })).toContain('No such patient');
    expect(await told({ provider_id: patient() })).toContain('list_practitioners');
    expect(await told({ visit_type: 'Brain surgery' })).toContain('not one of this clinic. It has');
    expect(await told({ start_at: '2026-11-19T10:00:00-05:00' })).toContain('past');
    expect(await told({ start_at: '2027-11-22T10:00:00-05:00' })).toContain('a year ahead');
    expect(await told({ start_at: 'tomorrow' })).toContain('find_open_slots');
    expect(await told({ start_at: '2026-13-45T10:00:00-05:00' })).toContain('not a time');
    expect(await rows('select from data.pending_actions where tenant_id = $1 and payload_hash is null')).toEqual([]);
  });

  it('of a time that is not open is a conflict that names three that are', async () => {
    const { slot } = await aVisit(1);
    const late = { ...slot, start_at: `${slot.start_at.slice(0, 10)}T23:00:00-05:00` };
    for (const at of [slot, late]) {
      const { isError, body } = await book(at, { patient_id: patient(2) });
      expect(isError).toBe(true);
      const named = [...new Set(body.match(/2026-12-\d\dT\d\d:\d\d:00-05:00/g))];
      expect(named).toHaveLength(3);
      for (const start_at of named) expect((await book({ ...slot, start_at }, { patient_id: patient(2) })).isError, start_at).toBe(false);
    }
  });

  it('of a patient who has another visit then is refused', async () => {
    const { slot } = await aVisit(3);
    const [other] = await rows<{ id: string }>(
      `select h.practitioner_id as id from data.practitioner_hours h where h.tenant_id = $1 and h.practitioner_id <> $2 limit 1`,
      slot.practitioner_id,
    );
    const { body } = await book({ ...slot, practitioner_id: other?.id as string }, { patient_id: patient(3) });
    expect(body).toContain('another visit at that time');
  });

  it('that names somebody else than its ids say is not signed', async () => {
    const { value } = await book(await aSlot(), { patient_id: patient(4) });
    const { payload } = await draftOf(value.draft_id);
    const changed = { ...(payload as unknown as object), patient: 'Somebody Else' };
    expect((await scheduler.ask('POST', `/drafts/${value.draft_id}/revise`, { version: 1, payload: changed })).status).toBe(200);
    expect(await sign(value.draft_id)).toMatchObject({ status: 409, json: { type: expect.stringContaining('conflict') } });
    expect(await visit(value.draft_id)).toBeUndefined();
  });

  it('is signed by those who hold the calendar, and by nobody else', async () => {
    const { value } = await book(await aSlot(), { patient_id: patient(5) });
    for (const role of ['biller', 'compliance'])
      expect([role, (await sign(value.draft_id, await aLogin(calendar.attending, { tenant_id, role }))).status]).not.toEqual([role, 200]);
    expect((await sign(value.draft_id, await aLogin(calendar.attending, { tenant_id, role: 'front_desk' }))).status).toBe(200);
  });
});

describe('a visit that is moved', () => {
  it('stands at the new time, and the old one points to it; its own time may be used again', async () => {
    const { slot, appointment_id, patient_id } = await aVisit(13);
    const start_at = later(slot.start_at, 10);
    const { value, body } = await ask('draft_reschedule', { patient_id, appointment_id, start_at, minutes: 15 });
    expect(value, body).toMatchObject({ kind: 'reschedule_draft' });
    const { payload } = await draftOf(value.draft_id);
    expect(payload).toMatchObject({ appointment_id, was: { start_at: slot.start_at, minutes: 30, modality: 'in_person' }, minutes: 15 });
    expect(await sign(value.draft_id)).toMatchObject({ status: 200, json: { record_id: value.draft_id } });
    expect(await visit(appointment_id)).toMatchObject({ status: 'rescheduled', rescheduled_to: value.draft_id });
    expect(await visit(value.draft_id)).toMatchObject({
      status: 'booked',
      patient_id,
      start_at: new Date(start_at),
      minutes: 15,
      visit_type: 'Follow-up',
    });
    const { body: again } = await ask('draft_reschedule', { patient_id, appointment_id, start_at: slot.start_at });
    expect(again).toContain('rescheduled');
  });

  it('is moved once, whichever of two drafts is signed first, and not where it stands, nor another patient’s', async () => {
    const { slot, appointment_id, patient_id } = await aVisit(14);
    const [one, two] = [await aSlot(), await aSlot()];
    const move = (start_at: string, more = {}) => ask('draft_reschedule', { patient_id, appointment_id, start_at, ...more });
    const made = [
      await move(one.start_at, { provider_id: one.practitioner_id }),
      await move(two.start_at, { provider_id: two.practitioner_id, modality: 'telehealth' }),
    ];
    expect((await move(slot.start_at)).body).toContain('already');
    expect((await move(one.start_at, { patient_id: patient(15) })).body).toContain('no such visit of this patient');
    const answers = await Promise.all(made.map(({ value }) => sign(value.draft_id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(
      await rows(
        "select from data.appointments where tenant_id = $1 and id = any ($2) and status = 'booked'",
        made.map(({ value }) => value.draft_id),
      ),
    ).toHaveLength(1);
  });
});

describe('a visit that is called off', () => {
  it('is cancelled, by whom and why, and its time is open again', async () => {
    const { slot, appointment_id, patient_id } = await aVisit(16);
    const cancel = (more: object) =>
      ask('draft_cancellation', { patient_id, appointment_id, cancelled_by: 'patient', reason_code: 'patient_ill', ...more });
    expect((await cancel({ reason_code: 'clinic_closed' })).body).toContain('there are patient_request');
    const { value, body } = await cancel({});
    expect(value, body).toMatchObject({ kind: 'cancellation_draft' });
    expect(await sign(value.draft_id)).toMatchObject({ status: 200, json: { record_id: appointment_id } });
    expect(await visit(appointment_id)).toMatchObject({
      status: 'cancelled',
      cancelled_by: 'patient',
      cancellation_reason: 'patient_ill',
      cancelled_at: new Date('2026-11-20T15:00:00Z'),
    });
    expect((await cancel({})).body).toContain('is cancelled');
    expect((await book(slot, { patient_id: patient(17) })).isError).toBe(false);
    const { body: told } = await ask('get_appointments', { patient_id, date_range: { from: '2026-12-01', to: '2026-12-20' } });
    expect(told).toContain('patient_ill');
  });

  it('but not one that was moved or decided since, and not one whose time is past', async () => {
    const { appointment_id, patient_id } = await aVisit(18);
    const args = { patient_id, appointment_id, cancelled_by: 'practice', reason_code: 'clinician_unavailable' };
    const { value } = await ask('draft_cancellation', args);
    await calendar.attending.admin.query("update data.appointments set status = 'arrived' where id = $1", [appointment_id]);
    expect(await sign(value.draft_id)).toMatchObject({ status: 409 });
    const [past] = await rows<{ id: string; patient_id: string }>(
      "select id, patient_id from data.appointments where tenant_id = $1 and status in ('booked', 'confirmed') and start_at < '2026-11-20T15:00:00Z' limit 1",
    );
    if (past) {
      const { body } = await ask('draft_cancellation', { ...args, appointment_id: past.id, patient_id: past.patient_id });
      expect(body).toContain('its time is past');
    }
  });
});

describe('what a signer edits of a visit that stands', () => {
  it('cannot make it another visit: nothing is moved or called off', async () => {
    const { appointment_id, patient_id, slot } = await calendar.aVisit(7);
    const next = await calendar.aSlot();
    const moved = await calendar.ask('draft_reschedule', {
      patient_id,
      appointment_id,
      start_at: next.start_at,
      provider_id: next.practitioner_id,
    });
    const off = await calendar.ask('draft_cancellation', { patient_id, appointment_id, cancelled_by: 'patient', reason_code: 'transport' });
    for (const [draft_id, change] of [
      [moved.value.draft_id, { visit_type: 'A type of nobody' }],
      [off.value.draft_id, { minutes: 5 }],
      [off.value.draft_id, { reason_code: 'clinic_closed' }],
    ] as const) {
      const draft = (await calendar.draftOf(draft_id)) as unknown as { version: number; payload: object };
      const revised = await calendar.scheduler.ask('POST', `/drafts/${draft_id}/revise`, {
        version: draft.version,
        payload: { ...draft.payload, ...change },
      });
      expect(revised.status).toBe(200);
      expect([400, 409]).toContain((await calendar.sign(draft_id)).status);
      await calendar.scheduler.ask('POST', `/drafts/${draft_id}/revise`, { version: draft.version + 1, payload: draft.payload });
    }
    expect(await calendar.visit(appointment_id)).toMatchObject({ status: 'booked', practitioner_id: slot.practitioner_id });
  });
});
