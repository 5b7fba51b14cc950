// Statements: once a month, what the patient owes when every payer has said its word.
import { type Day, dateOf, dayOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { StatementRow } from '../rows-money.ts';
import type { Account } from './account.ts';
import { KEPT } from './charges.ts';
import { openAt } from './ledger-of.ts';
import { statementDay } from './payments.ts';

/** Less than this is not asked for by mail. */
const LEAST = 500;

export function statementsOf(account: Account): void {
  const { setting } = account.story;
  if (account.charges.length === 0) return;
  const rest = new Map(openAt(account, dateOf(setting.as_of)).map(({ charge, patient }) => [charge?.id, Math.max(0, patient)]));
  for (let day = statementDay(setting.as_of - KEPT); day < setting.as_of; day = statementDay(day + 20)) addStatement(account, day, rest);
}

function addStatement(account: Account, day: Day, left: ReadonlyMap<string | undefined, number>): void {
  const { setting } = account.story;
  const { site, place } = setting;
  const open = openAt(account, dateOf(day)).flatMap(({ charge, patient }) => (charge && patient > 0 ? [{ charge, cents: patient }] : []));
  const balance = open.reduce((sum, { cents }) => sum + cents, 0);
  if (balance < LEAST) return;
  const dice = setting.dice(`money.statement.${day}`);
  const rest = open.reduce((sum, { charge, cents }) => sum + Math.min(cents, left.get(charge.id) ?? 0), 0);
  const given = account.adjustments.some(
    ({ kind, charge_id, posted_on }) =>
      kind === 'bad_debt' && dayOf(posted_on) > day && dayOf(posted_on) <= day + 62 && open.some(({ charge }) => charge.id === charge_id),
  );
  const status: StatementRow['status'] = given ? 'in_collections' : rest === 0 ? 'paid' : rest < balance ? 'partially_paid' : 'sent';
  account.statements.push({
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'statement', dateOf(day)),
    patient_id: setting.patient_id,
    statement_number: `${site.mrn_prefix[0]}${dateOf(day).slice(2, 7).replace('-', '')}-${String(place + 1).padStart(3, '0')}`,
    channel: dice.weighted([
      ['paper', 4],
      ['email', 3],
      ['portal', 5],
    ] as const),
    status: isVoid(account, day) ? 'voided' : status,
    balance_cents: balance,
    sent_on: dateOf(day),
    due_on: dateOf(day + 25),
  });
}

/** One was sent for a line that had been keyed twice. */
function isVoid(account: Account, day: Day): boolean {
  return account.charges.some(
    ({ voided_on, posted_on, kind }) => kind === 'service' && voided_on !== null && dayOf(posted_on) <= day && day < dayOf(voided_on),
  );
}
