// Money by card arrives in payouts, two working days later, all of a clinic's day together.
import { workdayFrom } from '../calendar.ts';
import { idOf } from './chance.ts';
import type { Chart } from './patient.ts';
import { KIND, type Population } from './population.ts';

export const arrivalOf = (day: number): number => workdayFrom(workdayFrom(day + 1) + 1);

export const payoutIdOf = ({ seed }: Population, tenant: number, arrival: number) => idOf(seed, tenant, -1, KIND.payout, arrival);

/** The payout in which a card payment of a day comes; undefined while it has not come. */
export function payoutOf({ population, tenant, last_day }: Chart, day: number): string | undefined {
  const arrival = arrivalOf(day);
  return arrival > last_day ? undefined : payoutIdOf(population, tenant, arrival);
}
