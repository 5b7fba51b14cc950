// What goes wrong with money on purpose (connectors.md §3.2), each in the chart of one patient: a line keyed twice, a fee taken back, a refund, a chargeback, a credit.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { ChargeRow } from '../rows-money.ts';
import { type Account, adjust, giveBack, owed, pay } from './account.ts';
import { charge } from './charges.ts';
import { GIVEN_BACK, packagePayment } from './packages.ts';
import { statementDay } from './payments.ts';

type Incident = (account: Account, as_of: Day) => void;

const BEFORE: Record<string, Incident> = {
  'trt.unit_switch': keyedTwice,
  'trt.overdue': missedFee,
};
const AFTER: Record<string, Incident> = {
  'glp1.refund': moneyBack,
  'hrt.oral': (account, as_of) => {
    pay(account, 'deposit', { charge: null, day: workdayFrom(as_of - 63), source: 'patient', method: 'card', amount_cents: 15_000 });
  },
  'trt.hct': (account, as_of) => {
    pay(account, 'pending', {
      charge: null,
      day: workdayFrom(as_of - 1, -1),
      source: 'patient',
      method: 'ach',
      status: 'pending',
      amount_cents: 9_375,
    });
  },
  'hrt.patch': (account, as_of) => overpay(account, as_of, false),
  'thyroid.biotin': (account, as_of) => overpay(account, as_of, true),
};

/** Before anybody paid. */
export const incidentsBefore = (account: Account): void => BEFORE[account.story.setting.person.arc]?.(account, account.story.setting.as_of);
/** When everything else was paid. */
export const incidentsAfter = (account: Account): void => AFTER[account.story.setting.person.arc]?.(account, account.story.setting.as_of);

/** A visit that was entered a second time; it came to light when the patient had the statement in his hand. */
function keyedTwice(account: Account, as_of: Day): void {
  const row = account.charges.filter(({ code, posted_on }) => code?.startsWith('9921') && dayOf(posted_on) < as_of - 60).at(-1);
  if (!row) return;
  const found = workdayFrom(statementDay(dayOf(row.posted_on) + 1) + 6);
  account.charges.push({ ...row, id: idOf(account.story.setting.origin, 'charge', 'twice'), voided_on: dateOf(found) });
}

/** The fee for an appointment that was missed, waived when the patient called. */
function missedFee(account: Account, as_of: Day): void {
  const missed = account.story.visits.filter(
    ({ appointment, day }) => appointment?.status === 'no_show' && day < as_of - 25 && day > as_of - 690,
  );
  const [first, ...rest] = missed;
  for (const { day } of [first, ...rest.slice(0, 2)].filter((visit) => visit !== undefined)) {
    const row = charge(account, { code: 'NOSHOW', day, name: `missed.${dateOf(day)}` });
    if (day !== first?.day) continue;
    account.debts = account.debts.filter((debt) => debt.charge !== row);
    adjust(account, 'missed', {
      charge: row,
      day: workdayFrom(day + 8),
      kind: 'write_off',
      party: 'patient',
      amount_cents: row.amount_cents,
    });
  }
}

/** What was not used of the package is given back; weeks later the bank takes back the price of a vial. */
function moneyBack(account: Account, as_of: Day): void {
  const payment = packagePayment(account);
  const used = account.payments.filter(({ source, posted_on }) => source === 'package' && dayOf(posted_on) <= as_of - GIVEN_BACK);
  const left = payment && payment.amount_cents - used.reduce((sum, { amount_cents }) => sum + amount_cents, 0);
  const row = account.charges.find(({ id }) => id === payment?.charge_id);
  if (payment && row && left) {
    const day = workdayFrom(as_of - GIVEN_BACK);
    giveBack(account, 'package', { payment, day, kind: 'refund', amount_cents: left });
    adjust(account, 'package', { charge: row, day, kind: 'write_off', party: 'patient', amount_cents: left });
  }
  const kinds = new Map(account.charges.map(({ id, kind }) => [id, kind]));
  const byCard = account.payments.filter(
    (each) => each.method === 'card' && each.status === 'settled' && each !== payment && dayOf(each.posted_on) < as_of - 96,
  );
  const vial = byCard.findLast(({ charge_id }) => kinds.get(charge_id ?? '') === 'product') ?? byCard.at(-1);
  if (vial) giveBack(account, 'vial', { payment: vial, day: workdayFrom(as_of - 95), kind: 'chargeback', amount_cents: vial.amount_cents });
}

/** Forty dollars too much for something that was paid, and perhaps given back. */
function overpay(account: Account, as_of: Day, isReturned: boolean): void {
  const row = account.charges
    .filter((each: ChargeRow) => each.voided_on === null && dayOf(each.posted_on) < as_of - 55)
    .findLast(
      (each) =>
        owed(account, each, 'patient', as_of) === 0 &&
        account.payments.some(({ charge_id, source }) => charge_id === each.id && source === 'patient'),
    );
  if (!row) return;
  const day = Math.max(...account.payments.filter(({ charge_id }) => charge_id === row.id).map(({ posted_on }) => dayOf(posted_on))) + 16;
  if (day >= as_of - 30) return;
  const payment = pay(account, 'overpaid', { charge: row, day, source: 'patient', method: 'card', amount_cents: 4_000 });
  if (isReturned) giveBack(account, 'overpaid', { payment, day: workdayFrom(day + 21), kind: 'refund', amount_cents: 4_000 });
}
