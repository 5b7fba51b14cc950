// From what was done to what is asked for it: a line for each visit, injection, draw, vial and package, on the day it was done.
import { isWorkday, workdayFrom } from '../calendar.ts';
import { ageOn, type Day, dateOf } from '../days.ts';
import type { DrugKey } from '../medications/drugs.ts';
import { assumedBirthDate } from '../people/person.ts';
import { idOf } from '../random.ts';
import type { CoverageRow } from '../rows.ts';
import type { ChargeRow } from '../rows-money.ts';
import type { VisitFact } from '../visit.ts';
import type { Account } from './account.ts';
import { type Code, feeOf, TAX } from './fees.ts';
import { testsOf } from './tests.ts';

/** Days in the past from which money is in this record: the draws and visits before are the old system's. */
export const KEPT = 735;

/** The insurance that answers first for a day of service; undefined where the patient pays. */
export function payerOn({ story: { coverages } }: Account, day: Day): CoverageRow | undefined {
  const on = dateOf(day);
  const holds = ({ kind, period_start, period_end }: CoverageRow) =>
    kind !== 'self_pay' && (period_start === null || period_start <= on) && (period_end === null || on <= period_end);
  return coverages.filter(holds).sort((a, b) => a.rank - b.rank)[0];
}

/** The same of an insurance that pays what the first left. */
export function secondPayerOn(account: Account, day: Day): CoverageRow | undefined {
  const first = payerOn(account, day);
  const on = dateOf(day);
  return account.story.coverages.find((row) => first && row.rank > first.rank && row.period_start !== null && row.period_start <= on);
}

interface Line {
  code: Code;
  day: Day;
  /** Names the row. */
  name: string;
  visit?: VisitFact;
  units?: number;
}

/** Puts a charge into the account, a day or two after it was earned. */
export function charge(account: Account, { code, day, name, visit, units = 1 }: Line): ChargeRow {
  const { setting } = account.story;
  const fee = feeOf(code);
  const dice = setting.dice(`money.charge.${name}`);
  const amount = fee.cents * units;
  const isInsured = !fee.cash && payerOn(account, day) !== undefined;
  const isKnown = dice.chance(0.86);
  const lot = 0.93 + 0.15 * dice.uniform();
  const late = visit && dice.chance(0.3) ? dice.int(1, 3) : 0;
  const encounter = visit?.encounter;
  const minutes = encounter?.end_at ? (Date.parse(encounter.end_at) - Date.parse(encounter.start_at)) / 60_000 : 0;
  const row: ChargeRow = {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'charge', name),
    patient_id: setting.patient_id,
    practitioner_id: encounter?.practitioner_id ?? null,
    encounter_id: encounter?.id ?? null,
    kind: fee.kind,
    code,
    description: fee.description,
    units,
    amount_cents: amount,
    tax_cents: fee.taxed ? Math.round((amount * TAX[setting.options.clinic]) / 1000) : 0,
    responsible: isInsured ? 'insurance' : 'patient',
    service_on: dateOf(day),
    period_end: null,
    posted_on: dateOf(Math.min(late ? workdayFrom(day + late) : day, setting.as_of - 1)),
    voided_on: null,
    goods_cost_cents: fee.goods_cents && isKnown ? Math.round(fee.goods_cents * units * lot) : fee.goods_cents ? null : 0,
    lab_cost_cents: fee.lab_cents && isKnown ? fee.lab_cents * units : fee.lab_cents ? null : 0,
    clinician_minutes: fee.kind !== 'service' || fee.lab_cents ? 0 : isKnown ? Math.round(minutes) : null,
  };
  account.charges.push(row);
  if (row.responsible === 'patient') account.debts.push({ charge: row, cents: amount + row.tax_cents, since: day, isFromPayer: false });
  return row;
}

/** Everything that was done and sold, but memberships. */
export function chargesOf(account: Account): void {
  const { setting, visits } = account.story;
  const { as_of } = setting;
  for (const visit of visits) {
    const { encounter, day } = visit;
    if (encounter?.status !== 'finished' || day >= as_of || day < as_of - KEPT) continue;
    for (const [n, code] of codesOf(account, visit).entries()) charge(account, { code, day, name: `${encounter.id}.${n}`, visit });
  }
  vials(account);
}

function codesOf(account: Account, visit: VisitFact): Code[] {
  const { setting } = account.story;
  const { person, arc } = setting;
  const dice = setting.dice(`money.codes.${visit.encounter?.id}`);
  const isMedicare = payerOn(account, visit.day)?.kind === 'medicare';
  const shelf = (p: number): Code[] => (dice.chance(p) ? [dice.pick(['SUP-D3', 'SUP-OM3', 'SUP-PRO'] as const)] : []);
  const level = (codes: readonly (readonly [Code, number])[]) => [dice.weighted(codes)];
  switch (visit.kind) {
    case 'new':
      return [
        ...level([
          ['99203', 4],
          ['99204', 5],
          ['99205', 1],
        ]),
        ...shelf(0.1),
      ];
    case 'follow':
      if (person.arc === 'glp1.refund' || person.arc === 'glp1.compounded') return ['WGT-V'];
      if (person.arc === 'hrt.pellets' && dice.chance(0.45)) return ['PEL-F'];
      return [
        ...level([
          ['99213', 5],
          ['99214', 6],
          ['99215', 0.4],
        ]),
        ...shelf(arc.topic === 'diabetes' || arc.topic === 'kidney' ? 0.02 : 0.13),
      ];
    case 'acute':
      return level([
        ['99213', 6],
        ['99214', 3],
      ]);
    case 'annual': {
      const age = ageOn(visit.day, assumedBirthDate(person));
      return isMedicare ? ['G0439'] : [age < 40 ? '99395' : age < 65 ? '99396' : '99397'];
    }
    case 'labs':
      return ['36415', ...testsOf(setting, visit.draw)];
    case 'injection':
      return [arc.topic === 'glp1' ? 'INJ-W' : arc.topic === 'trt' ? 'INJ-T' : '96372'];
    case 'nurse':
      return dice.chance(0.6) ? ['99211'] : ['99211', '96372'];
    case 'phlebotomy':
      return ['99195'];
    case 'phone':
      return [];
    default:
      return visit.kind satisfies never;
  }
}

const SOLD: Partial<Record<DrugKey, Code>> = {
  sema_comp: 'SEMA-CMP',
  tirz_comp: 'TIRZ-CMP',
  hcg: 'PEP-SERM',
};

/** Drugs that the clinic dispenses itself, sold on the day they were ordered. */
function vials(account: Account): void {
  const { setting, medications } = account.story;
  for (const { row, drug } of medications) {
    const isTestosterone = drug.startsWith('tcyp') && account.story.coverages.every(({ kind }) => kind === 'self_pay');
    const code = SOLD[drug] ?? (isTestosterone ? 'TCYP-KIT' : undefined);
    if (!code || row.reported || !row.authored_on || ['draft', 'cancelled', 'entered_in_error'].includes(row.status)) continue;
    const ordered = Date.parse(row.authored_on) / 86_400_000;
    const day = isWorkday(ordered) ? ordered : workdayFrom(ordered, -1);
    if (day >= setting.as_of || day < setting.as_of - KEPT) continue;
    charge(account, { code, day, name: `vial.${row.id}` });
  }
}
