// From claim to cash: the answer of the payer, its posting, the second payer, the corrected claim, the payment taken back.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import type { Account } from './account.ts';
import { type Answered, adjudicate, adjudicateSecond, type Deductibles } from './adjudicate.ts';
import { secondPayerOn } from './charges.ts';
import { claimsOf, correctedOf, type Sent } from './claims.ts';
import { post } from './posting.ts';
import { record } from './record.ts';
import { type Remit, remitOf } from './remits.ts';

const LAG = { medicare: [14, 17], medicaid: [18, 34], commercial: [8, 33] } as const;

/** Sends every claim of the account and lets it come to what its fate is. */
export function settleInsurance(account: Account): void {
  const deductibles: Deductibles = new Map();
  for (const sent of claimsOf(account)) settle(account, sent, deductibles);
}

const isUnanswered = ({ fate, claim }: Sent) => ['silent', 'rejected', 'pended'].includes(fate) || claim.submitted_on === null;

function settle(account: Account, sent: Sent, deductibles: Deductibles): void {
  if (isUnanswered(sent)) return;
  const remit = answerTo(account, sent);
  if (!remit) return;
  const answers = adjudicate(account, sent, deductibles);
  const isDenied = answers.every(({ allowed }) => allowed === null);
  const second = isDenied ? undefined : secondPayerOn(account, dayOf(sent.claim.service_from));
  const status_code = isDenied ? '4' : second ? '19' : '1';
  finish(sent, remit, answers);
  post(account, {
    remit,
    answers,
    sent,
    name: '1',
    row: record(account, { remit, answers, sent, status_code }),
    leaves: second === undefined,
  });
  if (second) secondAnswer(account, { sent, remit, answers, payer: second.payer });
  if (sent.fate === 'co16') correctDenied(account, sent, remit, deductibles);
  if (sent.fate === 'reversal') takeBack(account, { sent, remit, answers, hasSecond: second !== undefined });
}

function answerTo(account: Account, { claim, coverage, submitted }: Sent): Remit | undefined {
  const { setting } = account.story;
  const [least, most] = LAG[coverage.kind as keyof typeof LAG] ?? LAG.commercial;
  return remitOf(setting, claim.payer, submitted + setting.dice(`money.lag.${claim.claim_number}`).int(least, most));
}

/** The claim as it stands when its payer has answered. */
function finish({ claim }: Sent, remit: Remit, answers: readonly Answered[]): void {
  const denied = answers.filter(({ allowed }) => allowed === null).length;
  claim.status = denied === 0 ? 'paid' : denied === answers.length ? 'denied' : 'partially_paid';
  claim.first_adjudicated_on = dateOf(remit.paid);
  claim.payer_control_number = controlNumber(claim.claim_number, remit);
}

/** The payer's own number of a claim (CLP07). */
function controlNumber(claim_number: string, { paid, payer }: Remit): string {
  const letters = [...`${payer}${claim_number}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_000_000, 7);
  return `${dateOf(paid).replaceAll('-', '')}${String(letters + 1_000_000)}`;
}

interface Answer {
  sent: Sent;
  remit: Remit;
  answers: Answered[];
}

function secondAnswer(account: Account, { sent, remit: first, answers, payer }: Answer & { payer: string }): void {
  const { setting } = account.story;
  const remit = remitOf(setting, payer, first.paid + setting.dice(`money.second.${sent.claim.claim_number}`).int(11, 21));
  if (!remit) return;
  const second = adjudicateSecond(answers);
  const row = record(account, {
    remit,
    answers: second,
    sent,
    status_code: '2',
    name: 'second',
    control: controlNumber(sent.claim.claim_number, remit),
  });
  post(account, { remit, answers: second, sent, name: '2', row, leaves: true });
}

function correctDenied(account: Account, sent: Sent, remit: Remit, deductibles: Deductibles): void {
  const days = account.story.setting.dice(`money.correct.${sent.claim.claim_number}`).int(9, 26);
  settle(account, correctedOf(account, sent, workdayFrom(remit.received + days)), deductibles);
}

/** The payer takes back what it paid and pays the corrected claim in the same remittance: half of what it left to the patient is the payer's after all. */
function takeBack(account: Account, { sent, remit: first, answers, hasSecond }: Answer & { hasSecond: boolean }): void {
  if (hasSecond) return;
  const { setting } = account.story;
  const days = setting.dice(`money.correct.${sent.claim.claim_number}`).int(12, 33);
  const submitted: Day = workdayFrom(Math.max(first.received, first.posted ?? 0) + days);
  if (submitted >= setting.as_of || first.posted === undefined) return;
  const again = correctedOf(account, sent, submitted);
  const remit = answerTo(account, again);
  if (!remit) return;
  const back = answers.map((each) => ({
    ...each,
    paid: -each.paid,
    reasons: each.reasons.map((reason) => ({ ...reason, cents: -reason.cents })),
  }));
  const reversal = record(account, { remit, answers: back, sent, status_code: '22', name: 'reversal' });
  post(account, { remit, answers: back, sent, name: '22', row: reversal, leaves: true });
  sent.claim.status = 'voided';
  const lines = answers.map((each, n) => ({ ...halved(each), line: again.lines[n] ?? each.line }));
  finish(again, remit, lines);
  post(account, {
    remit,
    answers: lines,
    sent: again,
    name: '7',
    row: record(account, { remit, answers: lines, sent: again, status_code: '1' }),
    leaves: true,
  });
}

function halved(answer: Answered): Answered {
  const left = answer.reasons.find(({ group, reason }) => group === 'PR' && /^[123]$/.test(reason));
  if (!left) return answer;
  const half = Math.floor(left.cents / 2);
  const reasons = answer.reasons.map((each) => (each === left ? { ...each, cents: each.cents - half } : each));
  return { ...answer, paid: answer.paid + half, reasons };
}
