// What is kept of each charge is what its entries say, whatever is done to them and by how many at once.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anotherSession, atOnce } from '../../../test/at-once.ts';
import { aPatient, aPractitioner, type Row, TENANT } from '../../../test/builders/chart.ts';
import { wronglyKept } from '../../../test/builders/kept.ts';
import { aCharge, anAdjustment, aPayment, aRefund, aTransfer } from '../../../test/builders/money.ts';
import { at, DAYS, type Made, PARTIES, step, take } from '../../../test/builders/postings.ts';
import { type Asker, aRecord, type TestRecord } from '../../../test/builders/record.ts';
import type { Admin } from '../../db/pool.ts';
import { loadRows } from './load.ts';

const OTHER = '00000000-0000-4000-8000-000000000002';
const doctor = aPractitioner({});
const ada = aPatient();
const cora = aPatient({ tenant_id: OTHER });
const theirs = aCharge(cora, { amount_cents: 7_100 });

let record: TestRecord;
let other: Admin;
beforeAll(async () => {
  record = await aRecord({ practitioners: [doctor], patients: [ada] });
  await record.load({ tenant_id: OTHER, patients: [cora], charges: [theirs] });
  other = await anotherSession(record);
});
afterAll(async () => {
  await other.end();
  await record.close();
});

const wrong = (client: Admin = record.admin) => wronglyKept(client, { from: '2026-09-30', days: DAYS + 1 });

const emptied = () =>
  record.admin.query(
    ['refunds', 'responsibility_transfers', 'adjustments', 'payments', 'charges']
      .map((table) => `delete from data.${table} where tenant_id = '${TENANT}'`)
      .join(';'),
  );

describe('what is owed for a charge, and what it earns', () => {
  it('is what its entries say on every day, after each step of any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        await emptied();
        const made: Made = { charges: [], payments: [], adjustments: [], moves: [], refunds: [] };
        for (const one of steps) {
          await take(record.admin, ada, one, made);
          expect(await wrong()).toEqual([]);
        }
      }),
      { seed: 13, numRuns: 60 },
    );
  });

  it('stands for each day between two entries in one row', async () => {
    await emptied();
    const charge = aCharge(ada, { responsible: 'insurance', amount_cents: 10_000, service_on: at(0), posted_on: at(1) });
    await record.load({
      charges: [charge],
      payments: [aPayment(charge, { source: 'insurance', amount_cents: 8_000, posted_on: at(3) })],
      responsibility_transfers: [aTransfer(charge, { amount_cents: 2_000, moved_on: at(3) })],
    });
    await record.load({ payments: [aPayment(charge, { amount_cents: 2_500, posted_on: at(5) })] });
    const { rows } = await record.admin.query(
      `select party, from_on::text, until_on::text, since::text, cents from data.open_items where tenant_id = $1 order by from_on, party`,
      [TENANT],
    );
    expect(rows).toEqual([
      { party: 'insurance', from_on: at(1), until_on: at(3), since: at(0), cents: '10000' },
      { party: 'patient', from_on: at(3), until_on: at(5), since: at(3), cents: '2000' },
      { party: 'patient', from_on: at(5), until_on: 'infinity', since: at(3), cents: '-500' },
    ]);
  });

  it('holds through one import of thousands, by a session that has planned nothing for tables of ten rows', async () => {
    await emptied();
    const charges = Array.from({ length: 1500 }, (_, i) =>
      aCharge(ada, { responsible: PARTIES[i % 2], amount_cents: 1_000 + i, service_on: at(i % 5), posted_on: at(i % 6) }),
    );
    const payments = charges.map((row, i) => aPayment(row, { source: PARTIES[i % 2], amount_cents: 900, posted_on: at((i + 2) % DAYS) }));
    const importer = await anotherSession(record);
    await importer.query('begin');
    await loadRows(importer, {
      charges,
      payments,
      adjustments: charges.map((row, i) => anAdjustment(row, { amount_cents: 50 + i, posted_on: at((i + 3) % DAYS) })),
      refunds: payments.slice(0, 300).map((row, i) => aRefund(row, { amount_cents: 10, posted_on: at((i + 4) % DAYS), charge_id: null })),
      responsibility_transfers: charges.slice(0, 500).map((row) => aTransfer(row, { amount_cents: 40, moved_on: at(6) })),
    });
    await importer.query('commit');
    await importer.end();
    await record.admin.query('analyze data.open_items, data.charges, data.payments, data.adjustments, data.refunds');
    expect(await wrong()).toEqual([]);
  }, 60_000);
});

describe('two who post to one charge at once', () => {
  const adding = (table: string, row: Row) => (client: Admin) => loadRows(client, { [table]: [row] });
  const setting = (table: string, what: string, row: Row) => (client: Admin) =>
    client.query(`update data.${table} set ${what} where id = $1`, [row.id]);
  const POSTS: Record<string, (charge: Row, payment: Row) => (client: Admin) => Promise<unknown>> = {
    pays: (charge) => adding('payments', aPayment(charge, { amount_cents: 300, posted_on: at(3) })),
    'pays the same day': (charge) => adding('payments', aPayment(charge, { amount_cents: 400, posted_on: at(2) })),
    adjusts: (charge) => adding('adjustments', anAdjustment(charge, { amount_cents: 200, posted_on: at(4) })),
    moves: (charge) => adding('responsibility_transfers', aTransfer(charge, { amount_cents: 700, moved_on: at(1) })),
    'gives back': (_, payment) => adding('refunds', aRefund(payment, { amount_cents: 100, posted_on: at(5), charge_id: null })),
    voids: (charge) => setting('charges', `voided_on = '${at(5)}'`, charge),
    'charges more': (charge) => setting('charges', 'amount_cents = 2000', charge),
    'fails the payment': (_, payment) => setting('payments', "status = 'failed'", payment),
    'takes the payment off': (_, payment) => setting('payments', 'charge_id = null', payment),
  };
  const names = Object.keys(POSTS);

  it.each(names.flatMap((one) => names.map((another) => [one, another] as const)))('one %s, one %s', async (one, another) => {
    await emptied();
    const charge = aCharge(ada, { responsible: 'insurance', amount_cents: 1_000, posted_on: at(0), service_on: at(0) });
    const payment = aPayment(charge, { amount_cents: 250, posted_on: at(2) });
    await record.load({ charges: [charge], payments: [payment] });
    const post = (what: string) => (POSTS[what] as (typeof POSTS)[string])(charge, payment);
    await atOnce([record.admin, other], post(one), post(another));
    expect(await wrong()).toEqual([]);
  });
});

describe('who reads and writes it', () => {
  it.each(['open_items', 'earnings'])('nobody writes %s but the trigger', async (table) => {
    await record.admin.query('set role app_api');
    for (const sql of [
      `delete from data.${table}`,
      `insert into data.${table} default values`,
      `update data.${table} set charge_id = null`,
    ])
      await expect(record.admin.query(sql)).rejects.toThrow('permission denied');
    await record.admin.query('reset role');
  });

  it.each(['open_items', 'earnings'])('a clinic reads its own %s, and only who sees all of its money', async (table) => {
    await emptied();
    const charge = aCharge({ ...ada }, { practitioner_id: doctor.id });
    await record.load({ charges: [charge] });
    const seen = (tenant_id: string, as?: Asker) =>
      record.ask((_, tx) => tx.rows<{ charge_id: string }>(`select charge_id from ${table}`, []), { tenant_id, ...(as && { as }) });
    expect(await seen(TENANT)).toEqual([{ charge_id: charge.id }]);
    expect(await seen(OTHER)).toEqual([{ charge_id: theirs.id }]);
    expect(await seen(TENANT, { role: 'biller' })).toEqual([{ charge_id: charge.id }]);
    expect(await seen(TENANT, { role: 'physician', practitioner_id: doctor.id as string })).toEqual([]);
    expect(await seen(TENANT, { role: 'front_desk' })).toEqual([]);
  });

  it('an entry is refused where a transaction sees only what was there at its beginning', async () => {
    await other.query('begin isolation level repeatable read');
    await expect(loadRows(other, { charges: [aCharge(ada)] })).rejects.toThrow('READ COMMITTED');
    await other.query('rollback');
  });
});
