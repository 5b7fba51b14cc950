import { dayOf } from '../days.ts';
import { denialsOf, deniedCents } from '../money/books-denials.ts';
import type { ClaimRow } from '../rows-money.ts';
import type { Told } from './answer.ts';
import { leaves } from './books.ts';
import type { Question } from './expectation.ts';
import { ago, moneyTold, patientOn } from './money-told.ts';

const byText = (a: string, b: string) => (a < b ? -1 : 1);
const UNDECIDED: readonly string[] = ['draft', 'submitted', 'rejected', 'accepted', 'pended'];

interface Wanted {
  ask: string;
  trap: string;
  arguments: Record<string, unknown>;
  which: (claim: ClaimRow) => boolean;
}

export function claims(told: Told): Question[] {
  const money = moneyTold(told);
  const today = dayOf(told.options.as_of);
  const ask = (wanted: Wanted): Question => listed(told, wanted);
  const age = (claim: ClaimRow) => today - dayOf(claim.submitted_on ?? claim.service_from);
  const of = (arc: string) => patientOn(told, arc);
  const range = { from: ago(told, 60), to: ago(told, 30) };
  const corrected = money.claims.find(({ frequency }) => frequency === '7');
  const payer = money.claims[0]?.payer ?? '';
  return [
    ask({
      ask: 'Show me all claims of this patient.',
      trap: 'a payment taken back and the corrected claim: two claims, the first voided',
      arguments: { patient_id: of('dm.improving') },
      which: ({ patient_id }) => patient_id === of('dm.improving'),
    }),
    ask({
      ask: 'Which claims have we heard nothing about for two months?',
      trap: 'no payer has decided, and sent longer ago',
      arguments: { older_than_days: 60 },
      which: (claim) => UNDECIDED.includes(claim.status) && age(claim) > 60,
    }),
    ask({
      ask: 'Did the clearinghouse reject anything?',
      trap: 'rejected is not denied',
      arguments: { status: 'rejected' },
      which: ({ status }) => status === 'rejected',
    }),
    ask({
      ask: 'Claims for visits a month or two ago with this payer?',
      trap: 'by day of service, inclusive',
      arguments: { date_range: range, payer },
      which: (claim) => claim.payer === payer && claim.service_from >= range.from && claim.service_from <= range.to,
    }),
    ask({
      ask: `What happened to claim ${corrected?.claim_number}?`,
      trap: 'a corrected claim names the one it replaces',
      arguments: { claim_number: corrected?.claim_number ?? '', fields: 'full' },
      which: ({ id }) => id === corrected?.id,
    }),
    ask({
      ask: 'What has not been sent to the payer yet?',
      trap: 'drafts only',
      arguments: { status: 'draft' },
      which: ({ status }) => status === 'draft',
    }),
  ];
}

function listed(told: Told, { ask, trap, arguments: args, which }: Wanted): Question {
  const money = moneyTold(told);
  const found = money.claims.filter(which);
  found.sort((a, b) => (a.service_from === b.service_from ? byText(a.id, b.id) : byText(b.service_from, a.service_from)));
  const paid = (claim: ClaimRow) =>
    money.remittance_claims
      .filter(({ claim_id, status_code }) => claim_id === claim.id && status_code !== '25')
      .reduce((sum, row) => sum + row.paid_cents, 0);
  return {
    tool: 'get_claims',
    as: 'biller',
    ask,
    trap,
    arguments: { ...args, limit: 200 },
    expect: {
      rows: {
        list: 'claims',
        id: 'claim_id',
        ids: found.map(({ id }) => id),
        fields: Object.fromEntries(
          found.map((claim) => [
            claim.id,
            {
              claim_number: claim.claim_number,
              status: claim.status,
              payer: claim.payer,
              charged_cents: claim.total_cents,
              paid_cents: paid(claim),
              frequency: claim.frequency === '7' ? 'replacement' : undefined,
            },
          ]),
        ),
      },
    },
  };
}

export function denials(told: Told): Question[] {
  const ask = (ask: string, trap: string, more: { range?: { from: string; to: string }; patient_id?: string; payer?: string }): Question =>
    denied(told, { ask, trap, ...more });
  const payer = moneyTold(told).claims.find(({ status }) => status === 'denied')?.payer ?? '';
  return [
    ask('What did payers deny in the last three months?', 'without a range: 90 days; deductible and contract are no denials', {}),
    ask('Our denial rate over the last year?', 'first pass: resubmissions do not count', {
      range: { from: ago(told, 365), to: ago(told, 1) },
    }),
    ask('Was anything denied for this patient?', 'one line denied, the rest of the claim paid', {
      range: { from: ago(told, 735), to: ago(told, 1) },
      patient_id: patientOn(told, 'dm.improving'),
    }),
    ask('Why was her claim refused?', 'no coverage is a denial though the group is PR', {
      range: { from: ago(told, 735), to: ago(told, 1) },
      patient_id: patientOn(told, 'thyroid.twin'),
    }),
    ask('Denials by this payer, ever?', 'a reversal is no denial', { range: { from: ago(told, 735), to: ago(told, 1) }, payer }),
  ];
}

function denied(
  told: Told,
  {
    ask,
    trap,
    range,
    patient_id,
    payer,
  }: { ask: string; trap: string; range?: { from: string; to: string }; patient_id?: string; payer?: string },
): Question {
  const money = moneyTold(told);
  const { from, to } = range ?? { from: ago(told, 89), to: told.options.as_of };
  const files = new Map(money.remittances.map((row) => [row.id, row]));
  const of = ({ remittance_id }: { remittance_id: string }) => files.get(remittance_id);
  // The selection: the payer that answered, and the patient.
  const narrowed = {
    ...money,
    claims: money.claims.filter((row) => (!patient_id || row.patient_id === patient_id) && (!payer || row.payer === payer)),
    remittance_claims: money.remittance_claims.filter(
      (row) => (!patient_id || row.patient_id === patient_id) && (!payer || of(row)?.payer === payer),
    ),
  };
  const { ids, ...summary } = denialsOf(narrowed, { from, to });
  const rows = money.remittance_claims.filter(({ id }) => ids.includes(id));
  const on = (row: (typeof rows)[number]) => of(row)?.paid_on ?? '';
  rows.sort((a, b) => byText(`${on(b)} ${b.id}`, `${on(a)} ${a.id}`));
  return {
    tool: 'find_denials',
    as: 'biller',
    ask,
    trap,
    arguments: { ...(range && { date_range: range }), ...(patient_id && { patient_id }), ...(payer && { payer }), limit: 200 },
    expect: {
      rows: {
        list: 'denials',
        id: 'denial_id',
        ids: rows.map(({ id }) => id),
        fields: Object.fromEntries(
          rows.map((row) => [row.id, { denied_on: on(row), claim_number: row.claim_number, denied_cents: deniedCents(money, row) }]),
        ),
      },
      same: Object.fromEntries(Object.entries(summary).flatMap(([name, value]) => leaves(`summary.${name}`, value))),
    },
  };
}
