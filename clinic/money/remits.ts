// When a payer pays: once a week, all claims that are ready, with one trace number. The same for every patient of the clinic, so that each account can be made alone.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, weekdayOf } from '../days.ts';
import { diceOf, idOf } from '../random.ts';
import type { Setting } from '../setting.ts';

export interface Remit {
  id: string;
  payer: string;
  trace: string;
  method: 'ach' | 'check';
  paid: Day;
  received: Day;
  /** undefined: it has come, but nobody has posted it. */
  posted?: Day;
}

/** The remittance of `payer` in which a claim comes that is ready on `ready`; undefined while it has not come. */
export function remitOf({ options, as_of }: Pick<Setting, 'options' | 'as_of'>, payer: string, ready: Day): Remit | undefined {
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  const weekday = diceOf(house)(`money.payer.${payer}`).int(1, 5);
  const paid = workdayFrom(ready + ((weekday - weekdayOf(ready) + 7) % 7));
  const dice = diceOf(house)(`money.remit.${payer}.${paid}`);
  const received = workdayFrom(paid + dice.int(0, 2));
  if (received >= as_of) return undefined;
  const posted = workdayFrom(received + (dice.chance(0.03) ? 41 : dice.int(1, 8)));
  return {
    id: idOf(house, 'remittance', `${payer}.${paid}`),
    payer,
    trace: `${/Medicare/.test(payer) ? 'EFT' : ''}${dice.int(100_000_000, 999_999_999)}${dateOf(paid).slice(2, 4)}`,
    method: /Medicaid/.test(payer) ? 'check' : 'ach',
    paid,
    received,
    ...(posted < as_of && { posted }),
  };
}
