// Ten injections paid at once, and taken one by one.
import { charge, pay } from './ledger.ts';
import type { To } from './patient.ts';

const S = { package: 300 };
const PRICE = 34_900;

export function packageLines(to: To): void {
  const { chance, is, last_day, opened, person } = to;
  if (chance.uniform(S.package) >= (is.hypogonadism ? 0.2 : person.age >= 25 ? 0.004 : 0)) return;
  const bought = last_day - chance.int(S.package, 1, 640, 1);
  if (bought < opened) return;
  const bundle = charge(to, { n: 2_000, kind: 'package', code: 'PKG-INJ10', what: 'Package of ten injections', cents: PRICE, day: bought });
  pay(to, { n: 3_000, charge: bundle, cents: PRICE, day: bought });
  const gap = chance.int(S.package, 7, 15, 2);
  for (let k = 0; k < 10 && bought + k * gap <= last_day; k++) {
    const of = { cents: PRICE / 10, day: bought + k * gap };
    const taken = charge(to, { ...of, n: 2_001 + k, code: 'INJ-T', what: 'Injection, given', goods_cents: 412, lab_cents: 0, minutes: 5 });
    pay(to, { ...of, n: 3_001 + k, charge: taken, source: 'package', package_charge: bundle });
  }
}
