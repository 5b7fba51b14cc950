// The questions about the clinic's day, and about what is planned with patients and asked of others.
import type { Told } from './answer.ts';
import { attendance } from './attendance.ts';
import { authorizations } from './authorizations.ts';
import { carePlans } from './care-plans.ts';
import { changes } from './changes.ts';
import { coverages } from './coverages.ts';
import type { Question } from './expectation.ts';
import { inbox } from './inbox.ts';
import { intake } from './intake.ts';
import { referrals } from './referrals.ts';
import { slots } from './slots.ts';

export function practice(told: Told): Question[] {
  return [
    ...attendance(told),
    ...slots(told),
    ...inbox(told),
    ...intake(told),
    ...coverages(told),
    ...carePlans(told),
    ...referrals(told),
    ...authorizations(told),
    ...changes(told),
  ];
}
