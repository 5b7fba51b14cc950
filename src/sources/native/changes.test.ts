import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aNote, anAppointment, aPatient, aPractitioner, type Row, TENANT } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { settled } from '../../../test/pg.ts';
import { verifies } from '../../../test/promises.ts';
import { openAdmin } from '../../db/pool.ts';
import type { RecordKind } from '../../domains/changes.ts';

const KINDS: readonly RecordKind[] = ['patient', 'appointment', 'chart_note', 'lab_order', 'claim'];
const OTHER = '00000000-0000-4000-8000-000000000002';
const doctor = aPractitioner({});
const ada = aPatient();
const ben = aPatient({ family_name: 'Ruiz', given_name: 'Ben' });
const note = aNote(ada, { author_id: doctor.id });

let record: TestRecord;
beforeAll(async () => {
  record = await aRecord({ practitioners: [doctor], patients: [ada, ben], chart_notes: [note] });
});
afterAll(() => record.close());

const toldNow = (
  query: Partial<Parameters<Parameters<Parameters<TestRecord['ask']>[0]>[0]['changes']['list']>[0]> = {},
  tenant_id = TENANT,
) => record.ask(({ changes }) => changes.list({ kinds: KINDS, limit: 100, ...query }), { tenant_id });
const told = async (...asked: Parameters<typeof toldNow>) => {
  await settled(record.admin);
  return toldNow(...asked);
};
const bare = ({ kind, record_id, change }: Row) => `${kind} ${record_id} ${change}`;

describe('list_changes', () => {
  it('tells what was written, oldest first, of whom', async () => {
    const { changes, more } = await told();
    expect([changes.map(bare), more]).toEqual([
      [`patient ${ada.id} created`, `patient ${ben.id} created`, `chart_note ${note.id} created`],
      false,
    ]);
    expect(changes.map(({ patient_id }) => patient_id)).toEqual([ada.id, ben.id, ada.id]);
  });

  it('goes on after a change, and misses none that comes later', async () => {
    const first = await told({ limit: 2 });
    expect([first.changes.length, first.more]).toEqual([2, true]);
    const rest = await told({ after: first.changes[1]?.change_id });
    expect(rest.changes.map(bare)).toEqual([`chart_note ${note.id} created`]);
    const last = rest.changes.at(-1)?.change_id;
    expect((await told({ after: last })).changes).toEqual([]);
    await record.admin.query("update data.patients set city = 'Richmond' where id = $1", [ada.id]);
    expect((await told({ after: last })).changes.map(bare)).toEqual([`patient ${ada.id} updated`]);
  });

  it('tells a record that was entered in error, and one that is gone, as deleted', async () => {
    const [wrong, gone] = [
      anAppointment(ben, { practitioner_id: doctor.id }),
      anAppointment(ben, { practitioner_id: doctor.id, start_at: '2026-11-20T11:00:00-05:00' }),
    ];
    await record.load({ appointments: [wrong, gone] });
    await record.admin.query("update data.appointments set status = 'entered_in_error' where id = $1", [wrong.id]);
    await record.admin.query('delete from data.appointments where id = $1', [gone.id]);
    const { changes } = await told({ kinds: ['appointment'] });
    expect(changes.map(bare)).toEqual(
      [
        [wrong, 'created'],
        [gone, 'created'],
        [wrong, 'deleted'],
        [gone, 'deleted'],
      ].map(([row, change]) => `appointment ${(row as Row).id} ${change}`),
    );
  });

  // A transaction that began earlier and has not ended would put its changes before what was told.
  verifies('changes:none-missed', async () => {
    const slow = await openAdmin(await addressOf(record));
    const last = (await told()).changes.at(-1)?.change_id;
    try {
      await slow.query('begin');
      await slow.query("update data.patients set city = 'Henrico' where id = $1", [ada.id]);
      await record.admin.query("update data.patients set city = 'Ashland' where id = $1", [ben.id]);
      expect((await toldNow({ after: last })).changes).toEqual([]);
      await slow.query('commit');
      expect((await told({ after: last })).changes.map(bare)).toEqual([`patient ${ada.id} updated`, `patient ${ben.id} updated`]);
    } finally {
      await slow.end();
    }
  });

  it('is of one patient, of some kinds, since a time; a clinic’s day begins at its own midnight', async () => {
    await record.admin.query("update data.record_changes set changed_at = '2026-11-19T23:59:59-05:00' where record_id = $1", [note.id]);
    expect((await told({ kinds: ['chart_note'], since: '2026-11-20' })).changes).toEqual([]);
    expect((await told({ kinds: ['chart_note'], since: '2026-11-19' })).changes).toHaveLength(1);
    expect((await told({ kinds: ['chart_note'], since: '2026-11-20T04:59:59Z' })).changes).toHaveLength(1);
    expect((await told({ patient_id: ben.id as string })).changes.every(({ patient_id }) => patient_id === ben.id)).toBe(true);
    expect((await told({ kinds: [] })).changes).toEqual([]);
  });

  it('refuses a patient and a cursor that are not this clinic’s', async () => {
    const theirs = aPatient({ tenant_id: OTHER });
    await record.load({ tenant_id: OTHER, patients: [theirs] });
    await expect(told({ patient_id: theirs.id as string })).rejects.toMatchObject({ type: 'not_found' });
    const foreign = (await told({}, OTHER)).changes[0]?.change_id;
    await expect(told({ after: foreign })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(told({ after: randomUUID() })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});

async function addressOf({ admin }: TestRecord): Promise<Parameters<typeof openAdmin>[0]> {
  const { host, port, user, password, database } = admin as unknown as Record<string, never>;
  return { host, port, user, password, database };
}
