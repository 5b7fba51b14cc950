// Claims of one patient as rows, what the payer sent back, and how it was posted.
import { dateOf } from '../days.ts';
import type { Answer, Claim, Reason, Sent } from './claims.ts';
import type { Debt } from './debts.ts';
import { adjust, charge, pay, transfer } from './ledger.ts';
import type { To } from './patient.ts';
import { PAYERS, remittanceId } from './payers.ts';
import { KIND } from './population.ts';
import { problemsOf } from './problems.ts';
import { line } from './tables.ts';

/** Of the places of a claim's parts: `k` of two sendings, `l` of four lines, `r` of four reasons. */
const sending = (n: number, k: number) => n * 2 + k;
const lineAt = (n: number, k: number, l: number) => sending(n, k) * 4 + l;
const reasonAt = (n: number, k: number, l: number, r: number) => lineAt(n, k, l) * 4 + r;

/** What is denied and not sent again is worked on for so long. */
const WORKED_ON = 75;

/** Answers what payers left to the patient. */
export function claimLines(to: To, claim: Claim): Debt[] {
  const charges = chargesOf(to, claim);
  const debts: Debt[] = [];
  for (const sent of claim.sent) {
    claimLine(to, claim, sent);
    serviceLines(to, claim, sent, charges);
    if (!sent.answer) continue;
    const remitted = answerLines(to, claim, sent, sent.answer);
    if (sent.answer.remit.posted <= to.last_day) debts.push(...postLines(to, claim, { sent, answer: sent.answer, charges, remitted }));
  }
  return debts;
}

function chargesOf(to: To, { visit: { n, day }, services }: Claim): string[] {
  const encounter = to.id(KIND.encounter, n);
  return services.map(({ code, what, cents, lab_cents }, l) =>
    charge(to, {
      ...{ n: l === 0 ? n : 100 + n * 4 + l, encounter, code, what, cents, by: 'insurance', day, lab_cents },
      goods_cents: l === 0 ? Math.round(cents * 0.03) : 0,
      minutes: l === 0 ? 30 : 0,
    }),
  );
}

function numberOf({ tenant, patient }: To, { visit }: Claim, k: number): string {
  return `C${String(tenant).padStart(2, '0')}-${String(patient).padStart(7, '0')}-${visit.n}${k === 0 ? '' : 'R'}`;
}

/** The payer's own number of a claim (CLP07). */
const controlOf = ({ remit }: Answer, { patient }: To, n: number) =>
  `${dateOf(remit.paid).replaceAll('-', '')}${1_000_000 + ((patient * 31 + n * 7) % 8_999_999)}`;

const totalOf = ({ services }: Claim) => services.reduce((sum, { cents }) => sum + cents, 0);

function claimLine(to: To, claim: Claim, { k, status, submitted, answer }: Sent): void {
  const { person, tenant_id, practitioner_id, id, lines } = to;
  const { n, day } = claim.visit;
  lines.claims.push(
    line(
      ...[tenant_id, id(KIND.claim, sending(n, k)), person.id, practitioner_id, id(KIND.encounter, n), id(KIND.coverage)],
      ...[PAYERS[claim.kind].name, 'professional', numberOf(to, claim, k), answer && controlOf(answer, to, n), k === 0 ? '1' : '7'],
      ...[k === 0 ? undefined : id(KIND.claim, sending(n, 0)), status, dateOf(day), dateOf(day)],
      ...[status === 'draft' ? undefined : dateOf(submitted), answer && dateOf(answer.remit.paid), totalOf(claim)],
    ),
  );
}

function serviceLines(to: To, claim: Claim, { k }: Sent, charges: readonly string[]): void {
  const { person, tenant_id, practitioner_id, id, lines } = to;
  const { n, day } = claim.visit;
  const icd10 = problemsOf(to).slice(0, 2);
  const diagnoses = `{${icd10.length > 0 ? icd10.map((problem) => problem.icd10).join(',') : 'Z00.00'}}`;
  for (const [l, { code, cents }] of claim.services.entries())
    lines.claim_lines.push(
      line(
        ...[tenant_id, id(KIND.claim_line, lineAt(n, k, l)), id(KIND.claim, sending(n, k)), person.id, practitioner_id, charges[l]],
        ...[l + 1, code, l === 0 && claim.services.length > 1 ? '{25}' : '{}', diagnoses, 1, cents, dateOf(day)],
      ),
    );
}

/** CLP, SVC and CAS. Answers the id of the claim as it was remitted. */
function answerLines(to: To, claim: Claim, { k, status }: Sent, answer: Answer): string {
  const { population, tenant, person, tenant_id, practitioner_id, id, lines } = to;
  const { n } = claim.visit;
  const remitted = id(KIND.remittance_claim, sending(n, k));
  const paid = answer.lines.reduce((sum, each) => sum + each.paid, 0);
  const left = answer.lines.flatMap(({ reasons }) => reasons).reduce((sum, { group, cents }) => sum + (group === 'PR' ? cents : 0), 0);
  const { denial } = answer;
  lines.remittance_claims.push(
    line(
      ...[tenant_id, remitted, remittanceId(population, tenant, answer.remit), id(KIND.claim, sending(n, k)), person.id, practitioner_id],
      ...[numberOf(to, claim, k), controlOf(answer, to, n), status === 'denied' ? '4' : '1', totalOf(claim), paid, left],
      denial?.reason === '16' ? '{MA130}' : '{}',
    ),
  );
  if (denial?.of === 'whole') {
    reasonLine(to, { n, k, l: 0, r: 0, remitted, reason: { group: denial.group, reason: denial.reason, cents: totalOf(claim) } });
    return remitted;
  }
  for (const [l, { paid, allowed, reasons }] of answer.lines.entries()) {
    const { code, cents } = claim.services[l] as Claim['services'][number];
    const remark = allowed === undefined && denial?.remark ? `{${denial.remark}}` : '{}';
    const service = id(KIND.remittance_line, lineAt(n, k, l));
    lines.remittance_lines.push(
      line(
        ...[tenant_id, service, remitted, id(KIND.claim_line, lineAt(n, k, l)), practitioner_id, l + 1, code, cents, paid, allowed],
        remark,
      ),
    );
    for (const [r, reason] of reasons.entries()) reasonLine(to, { n, k, l, r, remitted, service, reason });
  }
  return remitted;
}

interface Told {
  n: number;
  k: number;
  l: number;
  r: number;
  remitted: string;
  /** Absent: of the whole claim. */
  service?: string;
  reason: Reason;
}

function reasonLine({ tenant_id, practitioner_id, id, lines }: To, { n, k, l, r, remitted, service, reason }: Told): void {
  const { group, reason: code, cents } = reason;
  lines.remittance_adjustments.push(
    line(tenant_id, id(KIND.remittance_adjustment, reasonAt(n, k, l, r)), remitted, service, practitioner_id, group, code, cents),
  );
}

interface Posted {
  sent: Sent;
  answer: Answer;
  charges: readonly string[];
  remitted: string;
}

function postLines(to: To, claim: Claim, { sent: { k }, answer, charges, remitted }: Posted): Debt[] {
  const { n } = claim.visit;
  const day = answer.remit.posted;
  const isSentAgain = k + 1 < claim.sent.length;
  const debts: Debt[] = [];
  for (const [l, { paid, allowed, reasons }] of answer.lines.entries()) {
    const of = { charge: charges[l] as string, remittance_claim: remitted };
    if (paid > 0) pay(to, { n: 100 + lineAt(n, k, l), ...of, source: 'insurance', method: answer.remit.payer.method, cents: paid, day });
    for (const [r, { group, reason, cents }] of reasons.entries()) {
      const entry = { n: reasonAt(n, k, l, r), ...of, cents, day };
      if (group === 'PR') {
        transfer(to, entry);
        debts.push({ charge: of.charge, cents, since: day, from: 'payer' });
      } else if (allowed !== undefined)
        adjust(to, { ...entry, kind: reason === '253' ? 'sequestration' : 'contractual', party: 'insurance' });
      else if (!isSentAgain) giveUp(to, { ...entry, day: answer.denial?.lost ? day : day + WORKED_ON });
    }
  }
  return debts;
}

function giveUp(to: To, entry: { n: number; charge: string; remittance_claim: string; cents: number; day: number }): void {
  if (entry.day <= to.last_day) adjust(to, { ...entry, kind: 'write_off', party: 'insurance' });
}
