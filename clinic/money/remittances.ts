// The 835 files of a clinic: what came together, with the adjustments of the provider, and one claim that nobody here ever sent.
import { dateOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { Options } from '../rows.ts';
import type {
  RemittanceAdjustmentRow,
  RemittanceClaimRow,
  RemittanceLineRow,
  RemittanceProviderAdjustmentRow,
  RemittanceRow,
} from '../rows-money.ts';
import type { Account } from './account.ts';
import type { Remit } from './remits.ts';

interface Files {
  remittances: RemittanceRow[];
  claims: RemittanceClaimRow[];
  lines: RemittanceLineRow[];
  adjustments: RemittanceAdjustmentRow[];
  provider: RemittanceProviderAdjustmentRow[];
}

export function remittancesOf(options: Options, accounts: readonly Account[]): Files {
  const remits = new Map<string, Remit>(accounts.flatMap(({ remits }) => remits.map((remit) => [remit.id, remit] as const)));
  const paid = new Map<string, number>();
  for (const { remittance_claims } of accounts)
    for (const row of remittance_claims) paid.set(row.remittance_id, (paid.get(row.remittance_id) ?? 0) + row.paid_cents);
  const all = [...remits.values()].sort((a, b) => a.paid - b.paid || (a.payer < b.payer ? -1 : 1));
  const tenant_id = accounts[0]?.story.setting.tenant_id as string;
  const files: Files = { remittances: [], claims: [], lines: [], adjustments: [], provider: [] };
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  // Of a commercial payer somewhere in the middle: the claim of another practice.
  const commercial = all.filter(({ payer }) => !/Medicare|Medicaid|Senior/.test(payer));
  const stray = commercial[Math.floor(commercial.length * 0.6)];
  if (stray) paid.set(stray.id, (paid.get(stray.id) ?? 0) + addStray(files, { tenant_id, remit: stray, house }));
  const large = all.filter(({ id }) => (paid.get(id) ?? 0) > 12_000);
  const recouped = large[Math.floor(large.length * 0.55)];
  const late = large[Math.floor(large.length * 0.3)];
  for (const remit of all) {
    const sum = paid.get(remit.id) ?? 0;
    const plb = (reason_code: string, reference: string | null, amount_cents: number) => {
      files.provider.push({
        tenant_id,
        id: idOf(house, 'plb', `${remit.id}.${reason_code}`),
        remittance_id: remit.id,
        reason_code,
        reference,
        amount_cents,
      });
      return amount_cents;
    };
    let less = 0;
    if (remit === recouped) less += plb('WO', `OVP${remit.trace.slice(-7)}`, 6_417);
    if (remit === late) less += plb('L6', null, -183);
    // What would be less than nothing is carried on to the next payment.
    if (sum - less < 0) less += plb('FB', remit.trace, sum - less);
    files.remittances.push({
      tenant_id,
      id: remit.id,
      payer: remit.payer,
      trace_number: remit.trace,
      method: sum - less === 0 ? 'non_payment' : remit.method,
      paid_on: dateOf(remit.paid),
      received_on: dateOf(remit.received),
      amount_cents: sum - less,
    });
  }
  return files;
}

/** A claim of this remittance that matches none of the clinic's; answers what was paid for it. */
function addStray(
  files: Files,
  { tenant_id, remit, house }: { tenant_id: string; remit: Remit; house: Parameters<typeof idOf>[0] },
): number {
  const id = idOf(house, 'remittance_claim', 'stray');
  const line = idOf(house, 'remittance_line', 'stray');
  const [charged, off, paid] = [19_800, 7_425, 12_375];
  const base = { tenant_id, practitioner_id: null };
  files.claims.push({
    ...base,
    id,
    remittance_id: remit.id,
    claim_id: null,
    patient_id: null,
    claim_number: 'MX8841207',
    payer_control_number: `${remit.trace}07`,
    status_code: '1',
    charged_cents: charged,
    paid_cents: paid,
    patient_responsibility_cents: 0,
    remark_codes: [],
  });
  files.lines.push({
    ...base,
    id: line,
    remittance_claim_id: id,
    claim_line_id: null,
    line_number: 1,
    code: '99213',
    charged_cents: charged,
    paid_cents: paid,
    allowed_cents: paid,
    remark_codes: [],
  });
  files.adjustments.push({
    ...base,
    id: idOf(house, 'remittance_adjustment', 'stray'),
    remittance_claim_id: id,
    remittance_line_id: line,
    group_code: 'CO',
    reason_code: '45',
    amount_cents: off,
  });
  return paid;
}
