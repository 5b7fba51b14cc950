import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPatient, aPractitioner, type Row } from '../../../test/builders/chart.ts';
import { aClaim, anAnswer, answerRows, aRemittance } from '../../../test/builders/money.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';

let record: TestRecord;
beforeAll(async () => {
  record = await aRecord();
});
afterAll(() => record.close());

type Said = Parameters<typeof anAnswer>[2];
interface Told {
  claim?: Row;
  /** The answers of the payer, each on its day. */
  answers: readonly (readonly [string, Said])[];
}

/** The denials of a clinic of one patient with these claims. */
async function denialsOf(
  told: readonly Told[],
  query: { class?: 'coding'; state?: 'open'; payer?: string; limit?: number; after?: string; practitioner_id?: string } = {},
) {
  const tenant_id = randomUUID();
  const ada = aPatient({ tenant_id });
  const claims = told.map(({ claim }) => aClaim(ada, claim));
  const remittances: Row[] = [];
  const answers = told.flatMap(({ answers: said }, at) =>
    said.map(([paid_on, answer]) => {
      const remittance = aRemittance({ tenant_id, paid_on, payer: claims[at]?.payer });
      remittances.push(remittance);
      return anAnswer(remittance, claims[at] as Row, answer);
    }),
  );
  const clinicians = [...new Set(claims.flatMap(({ practitioner_id }) => practitioner_id ?? []))];
  await record.load({
    tenant_id,
    patients: [ada],
    practitioners: clinicians.map((id) => aPractitioner({ tenant_id, id })),
    claims,
    remittances,
    ...answerRows(answers),
  });
  return record.ask((native) => native.claims.denials({ from: '2026-10-01', to: '2026-10-31', limit: 20, ...query }), { tenant_id });
}

const ON = '2026-10-20';
const whole = (code: string, own: Said = {}): Told => ({ answers: [[ON, { lines: [[10_000, 0]], cas: [`${code} 10000 @1`], ...own }]] });
const states = async (told: readonly Told[]) => (await denialsOf(told)).denials.map(({ state }) => state);

describe('a denial', () => {
  it('is by its code in any group, whatever the status of the claim (trap 19)', async () => {
    const { denials } = await denialsOf([
      whole('CO-197'),
      whole('PR-27'),
      whole('PR-96'),
      whole('OA-18'),
      whole('PI-50', { status_code: '4' }),
    ]);
    expect(new Set(denials.flatMap(({ codes }) => codes))).toEqual(new Set(['CO-197', 'PR-27', 'PR-96', 'OA-18', 'PI-50']));
    expect(new Set(denials.map((row) => row.class))).toEqual(
      new Set(['authorization', 'eligibility', 'not_covered', 'duplicate', 'medical_necessity']),
    );
  });

  it('is not the contract, sequestration, deductible, coinsurance, copay or the payer before, even where nothing was paid (trap 19)', async () => {
    const none = ['CO-45', 'CO-253', 'PR-1', 'PR-2', 'PR-3', 'OA-23'].map((code) =>
      whole(code, { status_code: code === 'PR-1' ? '4' : '1' }),
    );
    expect((await denialsOf(none)).denials).toEqual([]);
  });

  it('is never a reversal (22), nor a predetermination (25) (trap 19)', async () => {
    const reversal = whole('CO-197', { status_code: '22', charged_cents: -10_000, paid_cents: -8_000 });
    expect((await denialsOf([reversal, whole('CO-197', { status_code: '25' })])).denials).toEqual([]);
  });

  it('is a line that was denied beside others that were paid', async () => {
    const { denials } = await denialsOf([
      {
        answers: [
          [
            ON,
            {
              paid_cents: 4_000,
              lines: [
                [5_000, 4_000],
                [5_000, 0],
              ],
              cas: ['CO-45 1000 @1', 'CO-97 5000 @2'],
            },
          ],
        ],
      },
    ]);
    expect(denials).toMatchObject([{ denied_cents: 5_000, partial: true, class: 'coding', codes: ['CO-97'], paid_cents: 4_000 }]);
  });

  it('is the denied part of a line that was paid for the rest', async () => {
    const { denials } = await denialsOf([{ answers: [[ON, { paid_cents: 6_000, lines: [[10_000, 6_000]], cas: ['CO-151 4000 @1'] }]] }]);
    expect(denials).toMatchObject([{ denied_cents: 4_000, partial: true }]);
  });

  it('may stand on the whole claim', async () => {
    const { denials } = await denialsOf([{ answers: [[ON, { status_code: '4', cas: ['CO-29 10000'] }]] }]);
    expect(denials).toMatchObject([{ denied_cents: 10_000, class: 'timely_filing' }]);
    expect(denials[0]).not.toHaveProperty('partial');
  });

  it('with a code that nobody knows is one where nothing was paid, else not', async () => {
    expect((await denialsOf([whole('CO-999')])).denials).toMatchObject([{ class: 'other' }]);
    expect(
      (await denialsOf([{ answers: [[ON, { paid_cents: 6_000, lines: [[10_000, 6_000]], cas: ['CO-999 4000 @1'] }]] }])).denials,
    ).toEqual([]);
  });

  it('has the class of its largest amount, and tells all its codes and remarks', async () => {
    const { denials } = await denialsOf([
      { answers: [[ON, { lines: [[10_000, 0]], cas: ['CO-16 7000 @1', 'CO-197 3000 @1'], remark_codes: ['N290', 'MA130'] }]] },
    ]);
    expect(denials).toMatchObject([
      { class: 'information', codes: ['CO-16', 'CO-197'], remark_codes: ['MA130', 'N290'], action: expect.stringContaining('remark') },
    ]);
  });
});

describe('what became of it', () => {
  const paid: Said = { paid_cents: 8_000, lines: [[10_000, 8_000]], cas: ['CO-45 2000 @1'] };
  const denied: Said = { lines: [[10_000, 0]], cas: ['CO-16 10000 @1'] };

  it('open until the payer is asked again; paid later where it then paid', async () => {
    expect(await states([{ answers: [[ON, denied]] }])).toEqual(['open']);
    expect(
      await states([
        {
          answers: [
            [ON, denied],
            ['2026-11-05', paid],
          ],
        },
      ]),
    ).toEqual(['paid_later']);
  });

  it('a reversal and the corrected claim after it are both counted', async () => {
    const back: Said = { status_code: '22', charged_cents: -10_000, paid_cents: -4_000 };
    const part: Said = { paid_cents: 4_000, lines: [[10_000, 4_000]], cas: ['CO-97 6000 @1'] };
    expect(
      await states([
        {
          answers: [
            [ON, part],
            ['2026-11-05', back],
            ['2026-11-05', paid],
          ],
        },
      ]),
    ).toEqual(['paid_later']);
    expect(
      await states([
        {
          answers: [
            [ON, part],
            ['2026-11-05', back],
            ['2026-11-05', part],
          ],
        },
      ]),
    ).toEqual(['resubmitted']);
  });

  it('resubmitted by a replacing claim (REF*F8), paid later where that one was', async () => {
    const id = randomUUID();
    const first = { claim: { id }, answers: [[ON, denied]] as const };
    const again = { claim: { replaces: id, frequency: '7' } };
    expect(await states([first, { ...again, answers: [] }])).toEqual(['resubmitted']);
    const other = randomUUID();
    const replaced = { claim: { id: other }, answers: [[ON, denied]] as const };
    expect(await states([replaced, { claim: { replaces: other, frequency: '7' }, answers: [['2026-11-02', paid]] }])).toEqual([
      'paid_later',
    ]);
  });

  it('voided with its claim', async () => {
    expect(await states([{ claim: { status: 'voided' }, answers: [[ON, denied]] }])).toEqual(['voided']);
  });
});

describe('the rate of first-pass denials', () => {
  const paid: Said = { paid_cents: 8_000, lines: [[10_000, 8_000]], cas: ['CO-45 2000 @1'] };
  const denied: Said = { lines: [[10_000, 0]], cas: ['CO-16 10000 @1'] };

  it('is of claims at their first adjudication, by count and by dollars', async () => {
    const { summary } = await denialsOf([
      { answers: [[ON, paid]] },
      { answers: [[ON, paid]] },
      { answers: [[ON, denied]] },
      {
        claim: { total_cents: 30_000 },
        answers: [
          [
            ON,
            {
              charged_cents: 30_000,
              lines: [
                [10_000, 8_000],
                [20_000, 0],
              ],
              cas: ['CO-45 2000 @1', 'CO-97 20000 @2'],
              paid_cents: 8_000,
            },
          ],
        ],
      },
    ]);
    expect(summary.first_pass_denial_rate).toEqual({ numerator: 2, denominator: 4, rate: 0.5 });
    expect(summary.first_pass_denied_dollars).toEqual({ numerator: 30_000, denominator: 60_000, rate: 0.5 });
  });

  it('a second answer and a resubmitted claim are no first pass', async () => {
    const id = randomUUID();
    const { summary } = await denialsOf([
      {
        answers: [
          ['2026-09-20', denied],
          [ON, paid],
        ],
      },
      { claim: { id }, answers: [['2026-09-20', denied]] },
      { claim: { replaces: id, frequency: '7' }, answers: [[ON, denied]] },
      { answers: [[ON, denied]] },
    ]);
    expect(summary.first_pass_denial_rate).toEqual({ numerator: 1, denominator: 1, rate: 1 });
    expect(summary).toMatchObject({ denials: 2, open: 2, denied_cents: 20_000, by_class: [{ class: 'information', denials: 2 }] });
  });

  it('of a month without adjudications there is none', async () => {
    expect((await denialsOf([])).summary.first_pass_denial_rate).toEqual({ numerator: 0, denominator: 0 });
  });
});

describe('a list of denials', () => {
  it('is narrowed by class, state, payer and clinician, with its figures', async () => {
    const practitioner_id = randomUUID();
    const told = [
      whole('CO-97'),
      { ...whole('CO-97'), claim: { payer: 'Other Mutual' } },
      { ...whole('CO-197'), claim: { practitioner_id } },
    ];
    expect((await denialsOf(told, { class: 'coding' })).summary.denials).toBe(2);
    expect((await denialsOf(told, { payer: 'other mutual' })).denials).toMatchObject([{ payer: 'Other Mutual' }]);
    expect(
      (
        await denialsOf(
          told.map(({ claim, ...rest }) => ({ ...rest, claim: { ...claim } })),
          { state: 'open' },
        )
      ).summary.open,
    ).toBe(3);
    await expect(denialsOf(told, { practitioner_id: randomUUID() })).rejects.toMatchObject({ type: 'invalid_input' });
  });

  it('is of the days of adjudication, newest first, in pages', async () => {
    const days = ['2026-09-30', '2026-10-01', '2026-10-15', '2026-10-31', '2026-11-01'];
    const told = days.map((on) => ({ answers: [[on, { lines: [[10_000, 0]], cas: ['CO-16 10000 @1'] }]] as const }));
    const all = await denialsOf(told);
    expect(all.denials.map(({ denied_on }) => denied_on)).toEqual(['2026-10-31', '2026-10-15', '2026-10-01']);
    const first = await denialsOf(told, { limit: 2 });
    expect([first.denials.length, first.more]).toEqual([2, true]);
  });
});
