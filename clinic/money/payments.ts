// How patients pay: at the desk, by statement, in parts, late, or not at all.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import type { Dice } from '../random.ts';
import type { PaymentRow } from '../rows-money.ts';
import { type Account, adjust, type Debt, owed, pay } from './account.ts';
import { isMember, plusMonths } from './memberships.ts';

/** Days after which nobody asks any more. */
const GIVEN_UP = 168;

const HABITS = {
  well: { desk: 0.97, partial: 0.02, never: 0 },
  usual: { desk: 0.83, partial: 0.1, never: 0.02 },
  badly: { desk: 0.5, partial: 0.25, never: 0.22 },
};

/** Pays what is owed, debt by debt, in the order in which it came up. */
export function paymentsOf(account: Account): void {
  copayments(account);
  const open = [...account.debts].sort((a, b) => a.since - b.since || (a.charge.id < b.charge.id ? -1 : 1));
  for (const [n, debt] of open.entries()) settle(account, debt, n);
}

/** The co-payment asked for at the desk, before the insurance says what it is; sometimes too much. */
function copayments(account: Account): void {
  const { setting, coverages } = account.story;
  const plan = coverages.find(({ kind, rank }) => kind === 'commercial' && rank === 1);
  if (!plan) return;
  const copay = 1_500 + 500 * setting.dice(`money.plan.${plan.id}`).int(1, 7);
  for (const charge of account.charges) {
    if (charge.responsible !== 'insurance' || !/^992[01]/.test(charge.code ?? '') || charge.code === '99211' || charge.voided_on) continue;
    const dice = setting.dice(`money.copay.${charge.id}`);
    if (dice.chance(0.4) && dayOf(charge.posted_on) < setting.as_of)
      pay(account, `copay.${charge.id}`, { charge, day: dayOf(charge.posted_on), source: 'patient', ...atDesk(dice), amount_cents: copay });
  }
}

const atDesk = (dice: Dice): Pick<PaymentRow, 'method'> => ({
  method: dice.weighted([
    ['card', 84],
    ['cash', 11],
    ['check', 5],
  ] as const),
});

function settle(account: Account, debt: Debt, n: number): void {
  const { setting } = account.story;
  const dice = setting.dice(`money.debt.${debt.charge.id}.${n}`);
  const habit = HABITS[setting.person.keeps ?? 'usual'];
  if (!debt.isFromPayer) discount(account, debt, dice);
  const posted = dayOf(debt.charge.posted_on);
  if (!debt.isFromPayer && dice.chance(habit.desk)) {
    atTheDesk(account, debt, { day: posted, dice });
    return;
  }
  if (dice.chance(habit.never)) {
    giveUp(account, debt);
    return;
  }
  const day = statementDay(Math.max(debt.since, posted) + 1) + dice.int(3, 39);
  const part = dice.chance(habit.partial) ? 0.35 + 0.3 * dice.uniform() : 1;
  payOpen(account, debt, { name: `${n}.a`, day, part, dice });
  if (part < 1 && dice.chance(0.6)) payOpen(account, debt, { name: `${n}.b`, day: statementDay(day + 1) + dice.int(4, 44), part: 1, dice });
}

/** Members pay less for visits, and who pays on the spot without insurance sometimes does. */
function discount(account: Account, { charge, since }: Debt, dice: Dice): void {
  if (charge.kind !== 'service' || charge.code === 'NOSHOW') return;
  const share = isMember(account, since)
    ? 0.25
    : account.story.coverages.every(({ kind }) => kind === 'self_pay') && dice.chance(0.3)
      ? 0.1
      : 0;
  if (share === 0) return;
  const amount_cents = Math.round(charge.amount_cents * share);
  adjust(account, `discount.${charge.id}`, { charge, day: dayOf(charge.posted_on), kind: 'discount', party: 'patient', amount_cents });
}

function atTheDesk(account: Account, { charge }: Debt, { day, dice }: { day: Day; dice: Dice }): void {
  const { setting } = account.story;
  const amount_cents = owed(account, charge, 'patient', day);
  if (amount_cents <= 0) return;
  const isGift =
    setting.person.arc === 'trt.steady' && !account.payments.some(({ source }) => source === 'gift_card') && day > setting.as_of - 400;
  if (isGift) {
    pay(account, `desk.${charge.id}`, { charge, day, source: 'gift_card', method: 'transfer', amount_cents });
    return;
  }
  const { method } = atDesk(dice);
  if (method === 'card' && dice.chance(0.03))
    pay(account, `declined.${charge.id}`, { charge, day, source: 'patient', method, status: 'failed', amount_cents });
  pay(account, `desk.${charge.id}`, { charge, day, source: 'patient', method, amount_cents });
}

function payOpen(
  account: Account,
  { charge }: Debt,
  { name, day, part, dice }: { name: string; day: Day; part: number; dice: Dice },
): void {
  if (day >= account.story.setting.as_of) return;
  const amount_cents = Math.round(owed(account, charge, 'patient', day) * part);
  const method = dice.weighted([
    ['card', 74],
    ['check', 15],
    ['ach', 11],
  ] as const);
  if (amount_cents > 0)
    pay(account, `open.${charge.id}.${name}`, {
      charge,
      day: method === 'check' ? workdayFrom(day, -1) : day,
      source: 'patient',
      method,
      amount_cents,
    });
}

function giveUp(account: Account, { charge, since }: Debt): void {
  const day = workdayFrom(since + GIVEN_UP);
  if (day >= account.story.setting.as_of) return;
  const amount_cents = owed(account, charge, 'patient', day);
  if (amount_cents > 0) adjust(account, `bad.${charge.id}.${since}`, { charge, day, kind: 'bad_debt', party: 'patient', amount_cents });
}

/** The first day on or after `day` on which statements are sent: the fifth of a month, or the working day after it. */
export function statementDay(day: Day): Day {
  const fifth = dayOf(`${dateOf(day).slice(0, 7)}-05`);
  const sent = workdayFrom(fifth);
  return sent >= day ? sent : workdayFrom(plusMonths(fifth, 1));
}
