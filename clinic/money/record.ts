// What stands in an 835 for one claim: CLP, SVC and CAS as rows.
import { idOf } from '../random.ts';
import type { RemittanceClaimRow } from '../rows-money.ts';
import type { Account } from './account.ts';
import type { Answered } from './adjudicate.ts';
import type { Sent } from './claims.ts';
import type { Remit } from './remits.ts';

interface Recorded {
  remit: Remit;
  answers: readonly Answered[];
  sent: Sent;
  status_code: string;
  name?: string;
  /** CLP07 where it is not the first payer's. */
  control?: string;
}

export function record(account: Account, { remit, answers, sent, status_code, name = 'first', control }: Recorded): RemittanceClaimRow {
  const { setting } = account.story;
  const { claim, fate } = sent;
  const id = idOf(setting.origin, 'remittance_claim', `${claim.claim_number}.${name}`);
  const reasons = answers.flatMap((answer) => answer.reasons);
  // Who has no insurance is refused as a whole, without lines.
  const isWhole = fate === 'pr27';
  const row: RemittanceClaimRow = {
    tenant_id: claim.tenant_id,
    id,
    remittance_id: remit.id,
    claim_id: claim.id,
    patient_id: claim.patient_id,
    practitioner_id: claim.practitioner_id,
    claim_number: claim.claim_number,
    payer_control_number: control ?? claim.payer_control_number,
    status_code,
    charged_cents: sum(answers.map(({ line }) => line.amount_cents)) * (status_code === '22' ? -1 : 1),
    paid_cents: sum(answers.map(({ paid }) => paid)),
    patient_responsibility_cents: sum(reasons.filter(({ group }) => group === 'PR').map(({ cents }) => cents)),
    remark_codes: fate === 'co16' && status_code === '4' ? ['MA130'] : [],
  };
  account.remits.push(remit);
  account.remittance_claims.push(row);
  if (isWhole)
    addReasons(account, row, null, [{ ...(reasons[0] as Answered['reasons'][0]), cents: sum(reasons.map(({ cents }) => cents)) }]);
  else for (const answer of answers) addLine(account, row, answer);
  return row;
}

function addLine(account: Account, claim: RemittanceClaimRow, { line, allowed, paid, reasons, remarks }: Answered): void {
  const { setting } = account.story;
  const sign = claim.status_code === '22' ? -1 : 1;
  const id = idOf(setting.origin, 'remittance_line', `${claim.id}.${line.line_number}`);
  account.remittance_lines.push({
    tenant_id: claim.tenant_id,
    id,
    remittance_claim_id: claim.id,
    claim_line_id: line.id,
    practitioner_id: claim.practitioner_id,
    line_number: line.line_number,
    code: line.code,
    charged_cents: line.amount_cents * sign,
    paid_cents: paid,
    allowed_cents: allowed === null ? null : allowed * sign,
    remark_codes: remarks,
  });
  addReasons(account, claim, { id, n: line.line_number }, reasons);
}

function addReasons(
  account: Account,
  claim: RemittanceClaimRow,
  line: { id: string; n: number } | null,
  reasons: Answered['reasons'],
): void {
  const { setting } = account.story;
  for (const { group, reason, cents } of reasons)
    account.remittance_adjustments.push({
      tenant_id: claim.tenant_id,
      id: idOf(setting.origin, 'remittance_adjustment', `${claim.id}.${line?.n ?? 0}.${group}.${reason}`),
      remittance_claim_id: claim.id,
      remittance_line_id: line?.id ?? null,
      practitioner_id: claim.practitioner_id,
      group_code: group,
      reason_code: reason,
      amount_cents: cents,
    });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
