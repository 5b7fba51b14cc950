// The account of one patient from the first charge to the last statement.
import type { Story } from '../story.ts';
import { type Account, openAccount } from './account.ts';
import { chargesOf } from './charges.ts';
import { incidentsAfter, incidentsBefore } from './incidents.ts';
import { membershipOf } from './memberships.ts';
import { packagesOf } from './packages.ts';
import { paymentsOf } from './payments.ts';
import { payOut } from './payouts.ts';
import { settleInsurance } from './settle.ts';
import { statementsOf } from './statements.ts';

export function accountOf(story: Story): Account {
  const account = openAccount(story);
  if (story.setting.person.marks.includes('merged')) return account;
  chargesOf(account);
  membershipOf(account);
  settleInsurance(account);
  packagesOf(account);
  incidentsBefore(account);
  paymentsOf(account);
  incidentsAfter(account);
  statementsOf(account);
  payOut(account);
  return account;
}
