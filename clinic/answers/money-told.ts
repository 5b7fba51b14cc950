// The money of a clinic as its answers need it: the accounts of its stories, told again.
import { dateOf, dayOf } from '../days.ts';
import { accountOf } from '../money/account-of.ts';
import { moneyOf } from '../money/money.ts';
import type { Clinic, Options, PatientRow } from '../rows.ts';
import type { MoneyRows } from '../rows-money.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';

export interface Money extends MoneyRows {
  options: Options;
  patients: PatientRow[];
}

const known = new WeakMap<Told, Money>();

export function moneyTold(told: Told): Money {
  const found = known.get(told);
  if (found) return found;
  const { options, all } = told;
  const money = { ...moneyOf(options, all.map(accountOf)), options, patients: all.map(({ patient }) => patient) } satisfies Partial<Clinic>;
  known.set(told, money);
  return money;
}

/** The patient whose chart takes a course: `patientOn(told, 'glp1.refund')`. */
export function patientOn({ all }: Told, arc: string): string {
  const found = all.find(({ setting }) => setting.person.arc === arc);
  if (!found) throw new Error(`nobody takes the course ${arc}`);
  return found.patient.id;
}

/** The day `days` before as_of. */
export const ago = ({ options }: Pick<Told, 'options'>, days: number): string => dateOf(dayOf(options.as_of) - days);

/** Ten in the morning of as_of: nothing of the money depends on the hour. */
export function nowOf({ options, all }: Told): number {
  const [first] = all as [Story];
  return Date.parse(`${options.as_of}T${first.setting.site.zone === 'America/New_York' ? '15' : '16'}:00:00Z`);
}
