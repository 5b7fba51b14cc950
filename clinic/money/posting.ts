// A remittance in the ledger: what was paid, what the contract takes off, what the patient owes now. A reversal posts the negative of what it takes back.
import { workdayFrom } from '../calendar.ts';
import type { ChargeRow, RemittanceClaimRow } from '../rows-money.ts';
import { type Account, adjust, pay, transfer } from './account.ts';
import type { Answered, Reason } from './adjudicate.ts';
import type { Sent } from './claims.ts';
import type { Remit } from './remits.ts';

interface Posted {
  remit: Remit;
  answers: readonly Answered[];
  sent: Sent;
  /** Tells the answers to one claim apart. */
  name: string;
  row: RemittanceClaimRow;
  /** What is left goes to the patient; not while a second payer is to be asked. */
  leaves: boolean;
}

export function post(account: Account, posted: Posted): void {
  const { remit, answers, sent, name, row } = posted;
  const day = remit.posted;
  if (day === undefined) return;
  for (const answer of answers) {
    const charge = sent.charges.find(({ id }) => id === answer.line.charge_id) as ChargeRow;
    const key = `${row.claim_number}.${name}.${answer.line.line_number}`;
    if (answer.paid !== 0)
      pay(account, key, { charge, day, source: 'insurance', method: remit.method, amount_cents: answer.paid, remittance_claim_id: row.id });
    for (const reason of answer.reasons) postReason(account, { ...posted, charge, reason, key });
  }
}

function postReason(
  account: Account,
  { remit, row, leaves, charge, reason: { group, reason, cents }, key }: Posted & { charge: ChargeRow; reason: Reason; key: string },
): void {
  const { as_of } = account.story.setting;
  const day = remit.posted as number;
  const off = (kind: 'contractual' | 'sequestration' | 'write_off', on = day) => {
    if (on < as_of)
      adjust(account, `${key}.${reason}`, { charge, day: on, kind, party: 'insurance', amount_cents: cents, remittance_claim_id: row.id });
  };
  if (group === 'PR') {
    if (!leaves) return;
    transfer(account, `${key}.${reason}`, { charge, day, amount_cents: cents, remittance_claim_id: row.id });
    if (cents > 0) account.debts.push({ charge, cents, since: day, isFromPayer: true });
  } else if (group === 'CO') {
    if (reason === '45') off('contractual');
    else if (reason === '253') off('sequestration');
    else if (reason === '29' || reason === '97') off('write_off');
    // What was not necessary in the payer's eyes is appealed first, and then given up.
    else if (reason === '50') off('write_off', workdayFrom(day + 46));
  }
}
