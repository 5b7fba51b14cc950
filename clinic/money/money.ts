// All the money of a clinic: the accounts of its patients, and what holds several together: remittances, payouts, leads.
import type { Options } from '../rows.ts';
import type { AccountRows, MoneyRows } from '../rows-money.ts';
import type { Story } from '../story.ts';
import type { Account } from './account.ts';
import { leadsOf } from './leads.ts';
import { payoutsOf } from './payouts.ts';
import { remittancesOf } from './remittances.ts';

const TABLES = [
  'charges',
  'claims',
  'claim_lines',
  'remittance_claims',
  'payments',
  'adjustments',
  'refunds',
  'responsibility_transfers',
  'statements',
  'memberships',
  'membership_events',
] as const satisfies (keyof AccountRows)[];

/** The rows of one account, a replaced claim before the one that replaces it. */
export function rowsOf(account: Account): AccountRows {
  return Object.fromEntries(TABLES.map((table) => [table, account[table]])) as unknown as AccountRows;
}

export function moneyOf(options: Options, accounts: readonly Account[]): MoneyRows {
  const stories: Story[] = accounts.map(({ story }) => story);
  const all = Object.fromEntries(
    TABLES.map((table) => [table, accounts.flatMap((account) => account[table] as readonly object[])]),
  ) as unknown as AccountRows;
  const tenant_id = (stories[0] as Story).setting.tenant_id;
  const sent = remittancesOf(options, accounts);
  return {
    ...all,
    remittance_claims: [...all.remittance_claims, ...sent.claims],
    remittances: sent.remittances,
    remittance_lines: [...accounts.flatMap(({ remittance_lines }) => remittance_lines), ...sent.lines],
    remittance_adjustments: [...accounts.flatMap(({ remittance_adjustments }) => remittance_adjustments), ...sent.adjustments],
    remittance_provider_adjustments: sent.provider,
    payouts: payoutsOf(tenant_id, all.payments, all.refunds),
    leads: leadsOf(options, stories),
  };
}
