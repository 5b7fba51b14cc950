// No time of the calendar is given twice, whoever signs at the same moment.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { hashOf, mintSecret } from '../../src/governance/credentials.ts';
import { type Answer, aCalendar, type Calendar, later, type Slot } from '../builders/bookings.ts';
import { verifies } from '../promises.ts';

let calendar: Calendar;
let { tenant_id, scheduler, patient, rows, aSlot, beside, book, draftOf, sign, aVisit } = {} as Calendar;
beforeAll(async () => {
  calendar = await aCalendar();
  ({ tenant_id, scheduler, patient, rows, aSlot, beside, book, draftOf, sign, aVisit } = calendar);
});
afterAll(() => calendar?.attending.close());

describe('a hundred at once', () => {
  const drafts = (slot: Slot, of: (n: number) => Record<string, unknown>) =>
    Promise.all(
      Array.from({ length: 100 }, (_, n) => book(slot, { request_key: `at-once-${slot.start_at}-${n}`.replaceAll('+', '.'), ...of(n) })),
    );
  async function signAll(made: { value: Answer }[]) {
    const shown = await Promise.all(made.map(({ value }) => draftOf(value.draft_id)));
    return Promise.all(
      shown.map(({ draft_id, version, payload_hash }) => scheduler.ask('POST', `/drafts/${draft_id}/sign`, { version, payload_hash })),
    );
  }
  const waiting = async (made: { value: Answer }[]) =>
    (
      await rows<{ status: string; n: number }>(
        'select status, count(*)::int as n from data.pending_actions where tenant_id = $1 and id = any ($2) group by 1 order by 1',
        made.map(({ value }) => value.draft_id),
      )
    ).map(({ status, n }) => `${status} ${n}`);
  const conflicts = (answers: { status: number; json: unknown }[]) =>
    answers.filter(({ status, json }) => status === 409 && (json as Answer).type?.endsWith('conflict'));

  verifies(
    'desk:no-double-booking',
    async () => {
      const slot = await aSlot();
      const made = await drafts(slot, (n) => ({ patient_id: patient(n) }));
      const answers = await signAll(made);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(conflicts(answers)).toHaveLength(99);
      expect(await waiting(made)).toEqual(['committed 1', 'pending 99']);
      expect(
        await rows(
          "select from data.appointments where tenant_id = $1 and practitioner_id = $2 and start_at = $3 and status = 'booked'",
          slot.practitioner_id,
          slot.start_at,
        ),
      ).toHaveLength(1);

      // One patient: with several clinicians, at times that overlap.
      const next = await aSlot();
      const places = [next, ...(await beside(next))];
      expect(places.length).toBeGreaterThan(1);
      const shifted = await drafts(next, (n) => {
        const { practitioner_id, start_at } = places[n % places.length] as Slot;
        return { patient_id: patient(6), provider_id: practitioner_id, start_at };
      });
      const outcome = await signAll(shifted);
      expect(outcome.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(conflicts(outcome)).toHaveLength(99);
    },
    120_000,
  );

  it('two that overlap by a minute are one, and two that touch are two', async () => {
    const { start_at, ...slot } = await aSlot();
    const at = (minutes: number) => later(start_at, minutes);
    const [first, second] = [
      await book({ ...slot, start_at }, { patient_id: patient(7), minutes: 15 }),
      await book({ ...slot, start_at: at(14) }, { patient_id: patient(8), minutes: 15 }),
    ];
    const answers = await Promise.all([sign(first.value.draft_id), sign(second.value.draft_id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const third = await book({ ...slot, start_at: at(answers[0]?.status === 200 ? 15 : -1) }, { patient_id: patient(9), minutes: 15 });
    expect(third.isError, third.body).toBe(false);
    expect((await sign(third.value.draft_id)).status).toBe(200);
  });

  it('and SQL that signs and then writes past the check is refused by the database', async () => {
    const { admin } = calendar.attending;
    const { slot, appointment_id } = await aVisit(10);
    const { value } = await book(await aSlot(), { patient_id: patient(11) });
    const { payload_hash } = await draftOf(value.draft_id);
    const { token } = mintSecret(systemRandom, 'login');
    await admin.query(
      `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
       values (gen_random_uuid(), $1, 'login', $2, $3, 'test', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '1 hour')`,
      [hashOf(token), tenant_id, scheduler.user_id],
    );
    const insert = `insert into data.appointments (tenant_id, id, patient_id, practitioner_id, start_at, minutes, status, visit_type, modality, booked_at)
      values ($1, gen_random_uuid(), $2, $3, $4, 5, 'booked', 'Follow-up', 'in_person', now())`;
    const values = [tenant_id, patient(12), slot.practitioner_id, slot.start_at];
    const within = async (act: () => Promise<unknown>, { signed }: { signed: boolean }) => {
      await admin.query('begin');
      try {
        await admin.query('set local role app_api');
        await admin.query('select app.enter($1)', [hashOf(token)]);
        if (signed) await admin.query("select app.sign_draft($1, 1, decode($2, 'hex'))", [value.draft_id, payload_hash]);
        return await act();
      } finally {
        await admin.query('rollback');
      }
    };
    await expect(within(() => admin.query(insert, values), { signed: true })).rejects.toMatchObject({ code: '23P01' });
    await expect(within(() => admin.query(insert, values), { signed: false })).rejects.toThrow('row-level security');
    await expect(
      within(() => admin.query('select app.hold_calendar($1, $2)', [slot.practitioner_id, patient(12)]), { signed: false }),
    ).rejects.toThrow('not_permitted');
    const cancelled = await within(() => admin.query("update data.appointments set status = 'cancelled' where id = $1", [appointment_id]), {
      signed: false,
    });
    expect((cancelled as { rowCount: number }).rowCount).toBe(0);
  });
});
