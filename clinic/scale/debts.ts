// What a patient owes and how it ends: paid late, given up, or open; and the statements that ask for it.
import { workdayFrom } from '../calendar.ts';
import { dateOf } from '../days.ts';
import { adjust, pay } from './ledger.ts';
import type { To } from './patient.ts';
import { KIND } from './population.ts';
import { line } from './tables.ts';

export interface Debt {
  charge: string;
  cents: number;
  since: number;
  /** Owed to begin with, or left by a payer. */
  from: 'clinic' | 'payer';
}

interface Ended extends Debt {
  /** First day on which nothing is owed. */
  until: number;
  isLost: boolean;
}

const S = { debt: 290, statement: 291 };
const OPEN = Number.POSITIVE_INFINITY;
/** Less than this is not asked for by mail. */
const LEAST = 500;
const MOST_MONTHS = 24;

export function debtLines(to: To, debts: readonly Debt[]): void {
  if (debts.length > 0)
    statementLines(
      to,
      debts.map((debt, i) => endOf(to, debt, i)),
    );
}

function endOf(to: To, debt: Debt, i: number): Ended {
  const { chance, last_day } = to;
  const u = chance.uniform(S.debt, i * 4);
  const isSoon = debt.from === 'payer';
  const paid = debt.since + (isSoon ? chance.int(S.debt, 3, 60, i * 4 + 1) : chance.int(S.debt, 20, 120, i * 4 + 1));
  const { charge, cents } = debt;
  if (u < (isSoon ? 0.8 : 0.6)) {
    if (paid > last_day) return { ...debt, until: OPEN, isLost: false };
    pay(to, { n: 1_000 + i, charge, method: u < 0.4 ? 'card' : u < 0.6 ? 'check' : 'ach', cents, day: paid });
    return { ...debt, until: paid, isLost: false };
  }
  const lost = debt.since + chance.int(S.debt, 150, 210, i * 4 + 2);
  if (chance.uniform(S.debt, i * 4 + 3) > 0.65 || lost > last_day) return { ...debt, until: OPEN, isLost: false };
  adjust(to, { n: 3_000 + i, charge, kind: 'bad_debt', party: 'patient', cents, day: lost });
  return { ...debt, until: lost, isLost: true };
}

/** Once a month, three times at most: what stands open a week after it was left. */
function statementLines({ chance, tenant, patient, person, tenant_id, last_day, id, lines }: To, debts: readonly Ended[]): void {
  for (let month = MOST_MONTHS; month >= 0; month--) {
    const day = workdayFrom(last_day - 9 - 30 * month);
    const open = debts.filter(({ since, until }) => since <= day - 7 && until > day && day - since < 98);
    const balance = open.reduce((sum, { cents }) => sum + cents, 0);
    if (balance < LEAST) continue;
    const rest = open.reduce((sum, { cents, until, isLost }) => sum + (until === OPEN || isLost ? cents : 0), 0);
    const isCollected = open.some(({ isLost, since }) => isLost && day - since > 66);
    const paid = rest === 0 ? 'paid' : rest < balance ? 'partially_paid' : 'sent';
    const channel = chance.uniform(S.statement, month) < 0.4 ? 'portal' : chance.uniform(S.statement, month) < 0.7 ? 'paper' : 'email';
    const number = `S${tenant}-${String(patient).padStart(7, '0')}-${MOST_MONTHS - month}`;
    lines.statements.push(
      line(
        ...[tenant_id, id(KIND.statement, month), person.id, number, channel, isCollected ? 'in_collections' : paid, balance],
        ...[dateOf(day), dateOf(day + 25)],
      ),
    );
  }
}
