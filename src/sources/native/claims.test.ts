import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, type Row } from '../../../test/builders/chart.ts';
import { aClaim, aClaimLine, anAnswer, answerRows, aRemittance } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

describe('the claims of a clinic', () => {
  const [ada, ben] = [aPatient(), aPatient({ given_name: 'Ben' })];
  const on = (day: string, own: Row = {}) => aClaim(ada, { service_from: day, service_to: day, submitted_on: day, ...own });
  const paid = on('2026-10-05', { status: 'paid' });
  const line = aClaimLine(paid, { modifiers: ['25'], icd10: ['E11.9'] });
  const [old, rejected] = [on('2026-07-01'), on('2026-09-15', { status: 'rejected', submitted_on: null, payer: 'Other Mutual' })];
  const replacing = on('2026-10-02', { replaces: paid.id, frequency: '7' });
  const bens = aClaim(ben, { service_from: '2026-11-01', service_to: '2026-11-03' });
  const [first, second] = [aRemittance({ paid_on: '2026-10-20' }), aRemittance({ paid_on: '2026-11-10' })];
  const answers = [
    anAnswer(first, paid, { paid_cents: 6_000, lines: [[10_000, 6_000]], cas: ['CO-45 4000 @1'] }),
    anAnswer(second, paid, {
      status_code: '22',
      charged_cents: -10_000,
      paid_cents: -6_000,
      lines: [[-10_000, -6_000]],
      cas: ['CR-45 -4000 @1'],
    }),
    anAnswer(second, paid, {
      paid_cents: 7_000,
      patient_responsibility_cents: 1_000,
      lines: [[10_000, 7_000]],
      cas: ['CO-45 1900 @1', 'PR-2 1000 @1', 'CO-253 100'],
      remark_codes: ['N381'],
    }),
  ];
  for (const { svc } of answers) for (const row of svc) Object.assign(row, { claim_line_id: line.id, allowed_cents: 8_000 });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada, ben],
      claims: [paid, old, rejected, replacing, bens],
      claim_lines: [line],
      remittances: [first, second],
      ...answerRows(answers),
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) => record.ask(({ claims }) => claims.list({ lines: false, limit: 20, ...query }));
  const idsOf = async (query = {}) => (await list(query)).claims.map(({ claim_id }) => claim_id);

  it('come by day of service, newest first, in pages that leave nothing out', async () => {
    const all = [bens, paid, replacing, rejected, old].map(({ id }) => id);
    expect(await idsOf()).toEqual(all);
    const pages: unknown[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await list({ limit: 2, after });
      pages.push(...page.claims.map(({ claim_id }) => claim_id));
      after = page.claims.at(-1)?.claim_id;
      more = page.more;
    }
    expect(pages).toEqual(all);
  });

  it('have the payer’s last word, a corrected claim before the reversal of its file, and all that was paid', async () => {
    const [claim] = (await list({ status: 'paid' })).claims;
    expect(claim).toMatchObject({
      paid_cents: 7_000,
      adjudication: {
        on: '2026-11-10',
        outcome: 'processed',
        paid_cents: 7_000,
        patient_responsibility_cents: 1_000,
        remark_codes: ['N381'],
      },
    });
    expect(claim).not.toHaveProperty('lines');
    expect((await list({ patient_id: ben.id })).claims[0]).not.toHaveProperty('adjudication');
  });

  it('in full have their lines with the last answer to each, and what was adjusted', async () => {
    const [claim] = (await list({ status: 'paid', lines: true })).claims;
    expect(claim?.adjudication).toMatchObject({ remittance_id: second.id, adjustments: [{ group: 'CO', reason: '253', cents: 100 }] });
    expect(claim?.lines).toEqual([
      {
        line_number: 1,
        code: '99213',
        modifiers: ['25'],
        icd10: ['E11.9'],
        units: 1,
        service_on: '2026-10-05',
        charged_cents: 10_000,
        allowed_cents: 8_000,
        paid_cents: 7_000,
        adjustments: [
          { group: 'CO', reason: '45', cents: 1_900 },
          { group: 'PR', reason: '2', cents: 1_000 },
        ],
      },
    ]);
  });

  it('are narrowed by patient, status, payer, number and any day of service', async () => {
    expect(await idsOf({ patient_id: ben.id })).toEqual([bens.id]);
    expect(await idsOf({ status: 'rejected' })).toEqual([rejected.id]);
    expect(await idsOf({ payer: 'other mutual' })).toEqual([rejected.id]);
    expect(await idsOf({ claim_number: old.claim_number })).toEqual([old.id]);
    expect(await idsOf({ from: '2026-11-02', to: '2026-11-02' })).toEqual([bens.id]);
    expect(await idsOf({ from: '2026-10-02', to: '2026-10-05' })).toEqual([paid.id, replacing.id]);
  });

  it('outstanding are those that no payer has decided, by the day they were sent, else served', async () => {
    expect(await idsOf({ older_than_days: 60 })).toEqual([rejected.id, old.id]);
    expect(await idsOf({ older_than_days: 66 })).toEqual([old.id]);
    expect((await list({ claim_number: old.claim_number })).claims[0]?.age_days).toBe(142);
    expect((await list({ status: 'paid' })).claims[0]).not.toHaveProperty('age_days');
  });

  it('a replacement says what it replaces', async () => {
    expect((await list({ from: '2026-10-02', to: '2026-10-02' })).claims[0]).toMatchObject({ frequency: 'replacement', replaces: paid.id });
  });

  it('of a patient who is not there are not found; a cursor of another list is none', async () => {
    await expect(list({ patient_id: first.id })).rejects.toMatchObject({ type: 'not_found' });
    await expect(list({ patient_id: ben.id, after: old.id })).rejects.toMatchObject({ type: 'invalid_input' });
  });
});
