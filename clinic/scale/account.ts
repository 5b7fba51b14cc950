// All the money of one patient: visits, claims, packages, a membership; what is owed in the end, and the statements.
import { claimLines } from './claim-lines.ts';
import { claimsOf, isInsured } from './claims.ts';
import { debtLines } from './debts.ts';
import { membershipLines } from './members.ts';
import { packageLines } from './packages.ts';
import type { To } from './patient.ts';
import { selfPayLines } from './self-pay.ts';

export function billingLines(to: To): void {
  const own = to.visits.filter((visit) => visit.status === 'completed' && !isInsured(to, visit));
  const debts = [
    ...own.flatMap((visit) => selfPayLines(to, visit)),
    ...claimsOf(to).flatMap((claim) => claimLines(to, claim)),
    ...membershipLines(to),
  ];
  packageLines(to);
  debtLines(to, debts);
}
