// What a payer answers to a claim: for each line what is allowed, what is left to the patient, what is not paid and why.
import type { ClaimLineRow } from '../rows-money.ts';
import type { Account } from './account.ts';
import type { Sent } from './claims.ts';
import { DENIALS, type Fate } from './fates.ts';
import { allowedOf } from './fees.ts';

export interface Reason {
  group: 'CO' | 'PR' | 'OA';
  reason: string;
  cents: number;
}

/** A line answered: charged − Σ reasons = paid. */
export interface Answered {
  line: ClaimLineRow;
  allowed: number | null;
  paid: number;
  reasons: Reason[];
  remarks: string[];
}

/** What is left of the year's deductible; filled anew every year. */
export type Deductibles = Map<string, number>;

const MEDICARE_DEDUCTIBLE: Record<string, number> = { '2024': 24_000, '2025': 25_700, '2026': 28_300 };

/** The lines of a claim as its first payer answers them. */
export function adjudicate(account: Account, sent: Sent, deductibles: Deductibles): Answered[] {
  const { setting } = account.story;
  const { coverage, fate, lines, claim } = sent;
  const dice = setting.dice(`money.plan.${coverage.id}`);
  const copay = 1_500 + 500 * dice.int(1, 7);
  const isHigh = dice.chance(0.25);
  const coinsurance = dice.pick([0.1, 0.2, 0.2, 0.3]);
  const year = `${claim.payer} ${claim.service_from.slice(0, 4)}`;
  if (!deductibles.has(year))
    deductibles.set(year, coverage.kind === 'medicare' ? (MEDICARE_DEDUCTIBLE[year.slice(-4)] ?? 25_700) : isHigh ? 64_000 : 12_500);
  const visit = lines.find(({ code }) => /^99|^G0439/.test(code));
  return lines.map((line, n) => {
    const denied = deniedLine(fate, lines, n);
    if (denied) return denied;
    const allowed = Math.min(line.amount_cents, allowedOf(claim.payer, line.code, line.amount_cents));
    const reasons: Reason[] = [{ group: 'CO', reason: '45', cents: line.amount_cents - allowed }];
    let open = allowed;
    const leave = (reason: string, cents: number) => {
      if (cents > 0) reasons.push({ group: 'PR', reason, cents });
      open -= cents;
    };
    const isPrevention = /^9939|^G0439/.test(line.code);
    if (coverage.kind !== 'medicaid' && !isPrevention) {
      const left = deductibles.get(year) ?? 0;
      // A co-payment plan asks the co-payment for the visit and the deductible for the rest.
      const hasCopay = coverage.kind === 'commercial' && !isHigh && line === visit;
      const deductible = hasCopay ? 0 : Math.min(left, open);
      deductibles.set(year, left - deductible);
      leave('1', deductible);
      if (hasCopay) leave('3', Math.min(copay, open));
      else
        leave(
          '2',
          Math.round(open * (coverage.kind === 'medicare' && /^8/.test(line.code) ? 0 : coverage.kind === 'medicare' ? 0.2 : coinsurance)),
        );
    }
    // Since April 2013 Medicare keeps 2 % of what it pays (42 USC 1395w-111 note: sequestration).
    const kept = coverage.kind === 'medicare' ? Math.round(open * 0.02) : 0;
    if (kept > 0) reasons.push({ group: 'CO', reason: '253', cents: kept });
    return { line, allowed, paid: open - kept, reasons: reasons.filter(({ cents }) => cents !== 0), remarks: [] };
  });
}

/** A line that is not paid, for the reason of the claim's fate; a `line` fate denies the last line only. */
function deniedLine(fate: Fate, lines: readonly ClaimLineRow[], n: number): Answered | undefined {
  const denial = DENIALS[fate];
  const line = lines[n] as ClaimLineRow;
  if (!denial || (fate === 'line' && (lines.length < 2 || n !== lines.length - 1))) return undefined;
  return {
    line,
    allowed: null,
    paid: 0,
    reasons: [{ group: denial.group, reason: denial.reason, cents: line.amount_cents }],
    remarks: denial.remark ? [denial.remark] : [],
  };
}

/** The same lines as the second payer answers them: it pays what the first left but a Part B deductible. OA-23 is what the first did. */
export function adjudicateSecond(first: readonly Answered[]): Answered[] {
  return first.map(({ line, allowed, reasons }) => {
    const left = reasons.filter(({ group }) => group === 'PR').reduce((sum, { cents }) => sum + cents, 0);
    const deductible = reasons.filter(({ group, reason }) => group === 'PR' && reason === '1').reduce((sum, { cents }) => sum + cents, 0);
    const prior = line.amount_cents - left;
    return {
      line,
      allowed,
      paid: left - deductible,
      reasons: [
        { group: 'OA' as const, reason: '23', cents: prior },
        { group: 'PR' as const, reason: '1', cents: deductible },
      ].filter(({ cents }) => cents !== 0),
      remarks: [],
    };
  });
}
