import type { RemittanceRow } from '../rows-money.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';
import { ago, type Money, moneyTold } from './money-told.ts';

const byText = (a: string, b: string) => (a < b ? -1 : 1);

export function remittances(told: Told): Question[] {
  const money = moneyTold(told);
  const range = { from: ago(told, 45), to: ago(told, 15) };
  const payer = money.remittances[0]?.payer ?? '';
  const holding = (test: (remittance_id: string) => boolean) => money.remittances.find(({ id }) => test(id)) as RemittanceRow;
  const reversal = holding((id) => money.remittance_claims.some((row) => row.remittance_id === id && row.status_code === '22'));
  const stray = holding((id) => money.remittance_claims.some((row) => row.remittance_id === id && row.claim_id === null));
  const recouped = holding((id) =>
    money.remittance_provider_adjustments.some((row) => row.remittance_id === id && row.reason_code === 'WO'),
  );
  const interest = holding((id) =>
    money.remittance_provider_adjustments.some((row) => row.remittance_id === id && row.reason_code === 'L6'),
  );
  const unposted = [...money.remittances]
    .sort((a, b) => byText(b.received_on, a.received_on))
    .find(({ id, amount_cents }) => amount_cents > 0 && postedOf(money, id) === 0);
  return [
    listed(money, {
      ask: 'Which payments came from insurers last month?',
      trap: 'by the day the payer paid',
      arguments: { date_range: range },
      which: ({ paid_on }) => paid_on >= range.from && paid_on <= range.to,
    }),
    listed(money, {
      ask: 'What has this payer sent us over the last year?',
      trap: 'one payer, by its name',
      arguments: { payer, date_range: { from: ago(told, 365), to: ago(told, 1) } },
      which: (row) => row.payer === payer && row.paid_on >= ago(told, 365) && row.paid_on <= ago(told, 1),
    }),
    one(
      money,
      reversal,
      'What is in this remittance?',
      'a reversal is the negative of an earlier payment, and the corrected claim follows',
    ),
    one(money, stray, 'Is there a claim in this remittance that we never sent?', 'it matches no claim of ours'),
    one(money, recouped, 'Why is this payment lower than its claims?', 'a recoupment is the provider’s, never a patient’s'),
    one(money, interest, 'Why is this payment higher than its claims?', 'interest is the provider’s'),
    ...(unposted ? [one(money, unposted, 'Has this payment been posted?', 'it has come, and nobody has posted it')] : []),
  ];
}

function postedOf(money: Money, remittance_id: string): number {
  const rows = new Set(money.remittance_claims.filter((row) => row.remittance_id === remittance_id).map(({ id }) => id));
  return money.payments
    .filter(({ remittance_claim_id, status }) => status === 'settled' && rows.has(remittance_claim_id ?? ''))
    .reduce((sum, { amount_cents }) => sum + amount_cents, 0);
}

function fieldsOf(money: Money, row: RemittanceRow) {
  const claims = money.remittance_claims.filter(({ remittance_id }) => remittance_id === row.id);
  const provider = money.remittance_provider_adjustments.filter(({ remittance_id }) => remittance_id === row.id);
  return {
    payer: row.payer,
    trace_number: row.trace_number,
    method: row.method,
    paid_on: row.paid_on,
    amount_cents: row.amount_cents,
    claims_paid_cents: claims.reduce((sum, { paid_cents }) => sum + paid_cents, 0),
    provider_adjustments_cents: provider.reduce((sum, { amount_cents }) => sum + amount_cents, 0),
    claims: claims.length,
    reversals: claims.filter(({ status_code }) => status_code === '22').length,
    unmatched_claims: claims.filter(({ claim_id }) => claim_id === null).length,
    posted_cents: postedOf(money, row.id),
    balanced: true,
  };
}

interface Wanted {
  ask: string;
  trap: string;
  arguments: Record<string, unknown>;
  which: (row: RemittanceRow) => boolean;
}

function listed(money: Money, { ask, trap, arguments: args, which }: Wanted): Question {
  const found = money.remittances
    .filter(which)
    .sort((a, b) => (a.paid_on === b.paid_on ? byText(a.id, b.id) : byText(b.paid_on, a.paid_on)));
  return {
    tool: 'get_remittances',
    as: 'biller',
    ask,
    trap,
    arguments: { ...args, limit: 200 },
    expect: {
      rows: {
        list: 'remittances',
        id: 'remittance_id',
        ids: found.map(({ id }) => id),
        fields: Object.fromEntries(found.map((row) => [row.id, fieldsOf(money, row)])),
      },
    },
  };
}

function one(money: Money, row: RemittanceRow, ask: string, trap: string): Question {
  return {
    tool: 'get_remittances',
    as: 'biller',
    ask,
    trap,
    arguments: { remittance_id: row.id },
    expect: { rows: { list: 'remittances', id: 'remittance_id', ids: [row.id], fields: { [row.id]: fieldsOf(money, row) } } },
  };
}
