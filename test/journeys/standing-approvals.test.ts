// A rule that is signed at the desk, and what an AI books by it, through the doors.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCalendar, type Calendar } from '../builders/bookings.ts';
import { aLogin } from '../builders/login.ts';

let calendar: Calendar;
let rule: Record<string, unknown>;
beforeAll(async () => {
  calendar = await aCalendar();
  const [row] = await calendar.rows<{ day: string }>(
    "select to_char(now() + interval '30 days', 'YYYY-MM-DD') as day where $1::uuid is not null",
  );
  rule = {
    kinds: ['appointment_draft'],
    modalities: ['in_person'],
    roles: ['scheduler'],
    visit_types: ['Follow-up'],
    practitioner_ids: [],
    horizon_days: 365,
    daily_limit: 3,
    expires_on: row?.day,
  };
});
afterAll(() => calendar?.attending.close());

describe('a standing approval', () => {
  it('books what fits it as it is drafted, is listed with its uses, and ends at once', async () => {
    const { scheduler } = calendar;
    const made = await scheduler.ask('POST', '/approvals', rule);
    expect(made).toMatchObject({ status: 200 });
    const { approval_id } = made.json;
    const slot = await calendar.aSlot();
    const { value, body } = await calendar.book(slot);
    expect(value, body).toMatchObject({ status: 'committed' });
    expect(await calendar.visit(value.draft_id)).toMatchObject({ status: 'booked' });
    const { json: draft } = await scheduler.ask('GET', `/drafts/${value.draft_id}`);
    expect(draft.events).toMatchObject([{ what: 'proposed' }, { what: 'signed', approval_id }, { what: 'committed' }]);
    expect((await scheduler.ask('GET', '/approvals')).json.approvals).toMatchObject([{ approval_id, state: 'live', uses: 1 }]);
    expect((await scheduler.ask('GET', `/approvals/${approval_id}/uses`)).json.uses).toMatchObject([{ draft_id: value.draft_id }]);

    const taken = await calendar.book(slot, { patient_id: calendar.patient(1) });
    expect(taken.body).toContain('Open near it');
    expect((await calendar.book(await calendar.aSlot(), { modality: 'telehealth' })).value.status).toBe('pending');
    expect((await scheduler.ask('POST', `/approvals/${approval_id}/revoke`, {})).status).toBe(200);
    expect((await calendar.book(await calendar.aSlot())).value.status).toBe('pending');
  });

  it('for one clinician, or by telehealth alone, takes no visit away from another clinician, or from the room', async () => {
    const { slot, appointment_id, patient_id } = await calendar.aVisit(3);
    let there = await calendar.aSlot();
    while (there.practitioner_id === slot.practitioner_id) there = await calendar.aSlot();
    const { practitioner_id, start_at } = there;
    const terms = { ...rule, kinds: ['reschedule_draft'], visit_types: [] };
    const move = async (change: object, more: object) => {
      const { json } = await calendar.scheduler.ask('POST', '/approvals', { ...terms, ...change });
      const { value } = await calendar.ask('draft_reschedule', {
        patient_id,
        appointment_id,
        start_at,
        provider_id: practitioner_id,
        ...more,
      });
      await calendar.scheduler.ask('POST', `/approvals/${json.approval_id}/revoke`, {});
      return value.status;
    };
    expect(await move({ practitioner_ids: [practitioner_id] }, {})).toBe('pending');
    expect(await move({ modalities: ['telehealth'] }, { modality: 'telehealth' })).toBe('pending');
    expect((await calendar.visit(appointment_id))?.status).toBe('booked');
    expect(await move({ practitioner_ids: [practitioner_id, slot.practitioner_id] }, { minutes: 20 })).toBe('committed');
  });

  it('of a limit of three signs three of a hundred', async () => {
    expect((await calendar.scheduler.ask('POST', '/approvals', rule)).status).toBe(200);
    const slots = [];
    while (slots.length < 100) slots.push(await calendar.aSlot());
    const made = await Promise.all(slots.map((slot, n) => calendar.book(slot, { patient_id: calendar.patient(n) })));
    expect(made.filter(({ value }) => value.status === 'committed')).toHaveLength(3);
    expect(made.filter(({ value }) => value.status === 'pending')).toHaveLength(97);
  });

  it('of one time books one, and leaves nothing of the others', async () => {
    const { json } = await calendar.scheduler.ask('POST', '/approvals', { ...rule, daily_limit: 1000 });
    const slot = await calendar.aSlot();
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, n) => calendar.book(slot, { patient_id: calendar.patient(n), request_key: `one-time-${n}-of-20` })),
    );
    expect(made.filter(({ value }) => value.status === 'committed')).toHaveLength(1);
    expect(made.filter(({ isError, body }) => isError && body.includes('Open near it'))).toHaveLength(19);
    expect(await calendar.rows("select from data.pending_actions where tenant_id = $1 and request_key like 'one-time-%'")).toHaveLength(1);
    expect((await calendar.scheduler.ask('GET', `/approvals/${json.approval_id}/uses`)).json.uses).toHaveLength(1);
  });

  it('is signed by those who hold the calendar, with a fresh second factor', async () => {
    const { attending, tenant_id } = calendar;
    const late = await aLogin(attending, { tenant_id, role: 'scheduler', mfa_minutes_ago: 9 * 60 });
    expect((await late.ask('POST', '/approvals', rule)).json.type).toContain('mfa_needed');
    const biller = await aLogin(attending, { tenant_id, role: 'biller' });
    expect((await biller.ask('POST', '/approvals', rule)).json.type).toContain('not_permitted');
    const quality = await aLogin(attending, { tenant_id, role: 'quality' });
    expect((await quality.ask('POST', '/approvals', rule)).status).toBe(404);
    expect((await calendar.scheduler.ask('POST', '/approvals', { ...rule, kinds: ['chart_note_draft'] })).status).toBe(400);
  });
});
