// Units that payers granted, and what became of them: booked, given, checked, billed. The units are the payer's own; no minutes are divided here.
import { isWorkday, workdayFrom } from '../calendar.ts';
import { type Day, dateOf } from '../days.ts';
import { movedAgo } from '../practice/messages/messages.ts';
import { type Dice, idOf } from '../random.ts';
import type { CoverageRow } from '../rows.ts';
import type { AuthorizationRow, AuthorizationUseRow, PriorAuthorizationRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';
import { GRANTS, type PlannedGrant } from './authorization-words.ts';
import { payerOf } from './prior-authorizations.ts';

/** One grant with its uses. */
export interface AuthorizationFact {
  row: AuthorizationRow;
  uses: AuthorizationUseRow[];
}

export function authorizationsOf(
  setting: Setting,
  { coverages, priors }: { coverages: readonly CoverageRow[]; priors: readonly PriorAuthorizationRow[] },
): AuthorizationFact[] {
  const { as_of, origin, person } = setting;
  const payer = payerOf(coverages);
  if (!payer) return [];
  return (GRANTS[person.arc] ?? []).map((planned, n) => {
    const begins = as_of - movedAgo(setting, planned.from);
    const row: AuthorizationRow = {
      tenant_id: setting.tenant_id,
      id: idOf(origin, 'authorization', n),
      patient_id: setting.patient_id,
      coverage_id: payer.id,
      prior_authorization_id: planned.prior === undefined ? null : (priors[planned.prior]?.id ?? null),
      payer: payer.payer,
      service_code: planned.code,
      modifier: planned.modifier ?? null,
      service_name: planned.service,
      unit_type: planned.unit,
      total_units: planned.total,
      units_per_week: planned.per_week ?? null,
      period_start: dateOf(begins),
      period_end: dateOf(begins + planned.days - 1),
      status: planned.status ?? 'active',
    };
    return { row, uses: usesOf(setting, { planned, n, row, begins }) };
  });
}

function usesOf(
  setting: Setting,
  { planned, n, row, begins }: { planned: PlannedGrant; n: number; row: AuthorizationRow; begins: Day },
): AuthorizationUseRow[] {
  const { as_of, origin } = setting;
  const dice = setting.dice(`uses.${n}`);
  const last = as_of - planned.until;
  const uses: AuthorizationUseRow[] = [];
  for (let day = begins + 1, k = 0; day <= last; day += planned.every, k++) {
    const on = workdayFrom(day);
    if (on > Math.min(last, begins + planned.days - 1) || !isWorkday(on)) break;
    const status = statusOf(setting, planned, { on, dice });
    const isBilled = status === 'verified' && on < as_of - 12 && dice.chance(0.9);
    uses.push({
      tenant_id: setting.tenant_id,
      id: idOf(origin, 'use', `${n}.${k}`),
      patient_id: setting.patient_id,
      authorization_id: row.id,
      appointment_id: null,
      service_on: dateOf(on),
      units: planned.units[k % planned.units.length] as number,
      status,
      billed: isBilled,
      paid: isBilled && on < as_of - 40 && dice.chance(0.88),
    });
  }
  return uses;
}

function statusOf({ as_of }: Setting, { unverified }: PlannedGrant, { on, dice }: { on: Day; dice: Dice }): AuthorizationUseRow['status'] {
  const isOff = dice.chance(0.09);
  if (isOff) return 'cancelled';
  if (on >= as_of) return 'scheduled';
  // Somebody forgot to say what became of it.
  if (on < as_of - 3 && dice.chance(0.02)) return 'scheduled';
  return unverified !== undefined && on >= as_of - unverified ? 'delivered' : 'verified';
}
