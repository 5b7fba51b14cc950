// Questions about the clinic's money: the books, one patient's worth, members, leads, and what is owed.
import type { Told } from './answer.ts';
import { balances, statements } from './balances.ts';
import { billing, profits } from './books.ts';
import { claims, denials } from './claims.ts';
import type { Question } from './expectation.ts';
import { funnel, members } from './growth.ts';
import { remittances } from './remittances.ts';

export function money(told: Told): Question[] {
  return [
    ...billing(told),
    ...profits(told),
    ...funnel(told),
    ...members(told),
    ...claims(told),
    ...remittances(told),
    ...balances(told),
    ...statements(told),
    ...denials(told),
  ];
}
