// One claim for each visit that an insurance covers, with a line a charge, sent one to six working days later.
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { CoverageRow } from '../rows.ts';
import type { ChargeRow, ClaimLineRow, ClaimRow } from '../rows-money.ts';
import type { Account } from './account.ts';
import { payerOn } from './charges.ts';
import { type Fate, FIXED } from './fates.ts';

export interface Sent {
  claim: ClaimRow;
  lines: ClaimLineRow[];
  charges: ChargeRow[];
  coverage: CoverageRow;
  fate: Fate;
  submitted: Day;
}

/** Claims are told apart by place of the patient, day of service and what comes after it. */
const numberOf = ({ story: { setting } }: Account, day: Day, tail: string): string =>
  `${setting.options.clinic === 'juniper' ? 'J' : 'C'}${String(setting.place + 1).padStart(2, '0')}${dateOf(day).replaceAll('-', '').slice(2)}${tail}`;

/** All claims of one patient, the earliest first; each waits for an answer. */
export function claimsOf(account: Account): Sent[] {
  const visits = Map.groupBy(
    account.charges.filter(({ responsible, encounter_id }) => responsible === 'insurance' && encounter_id !== null),
    ({ encounter_id }) => encounter_id as string,
  );
  const open = [...visits.values()]
    .map((charges) => ({ charges, day: dayOf(charges[0]?.service_on as string) }))
    .sort((a, b) => a.day - b.day);
  const fates = fatesOf(account, open);
  return open.map(({ charges, day }, n) => {
    const sent = claimOf(account, { charges, day, fate: fates.get(n) ?? 'usual', tail: tailOf(open, n) });
    account.claims.push(sent.claim);
    account.claim_lines.push(...sent.lines);
    return sent;
  });
}

const tailOf = (open: readonly { day: Day }[], n: number): string => (open[n - 1]?.day === open[n]?.day ? 'B' : '');

function fatesOf({ story: { setting } }: Account, open: readonly { charges: readonly ChargeRow[]; day: Day }[]): Map<number, Fate> {
  const fates = new Map<number, Fate>();
  for (const { fate, between, lines = 1 } of FIXED[setting.person.arc] ?? []) {
    const [oldest, newest] = between.map((ago) => setting.as_of - ago) as [Day, Day];
    const n = open.findIndex(({ charges, day }, i) => !fates.has(i) && day >= oldest && day <= newest && charges.length >= lines);
    if (n >= 0) fates.set(n, fate);
  }
  for (const [n] of open.entries()) {
    if (!fates.has(n) && setting.dice(`money.fate.${n}`).chance(0.02))
      fates.set(n, setting.dice(`money.fate.${n}.kind`).pick(['co16', 'line', 'pr204']));
  }
  return fates;
}

interface Drafted {
  charges: ChargeRow[];
  day: Day;
  fate: Fate;
  tail: string;
}

function claimOf(account: Account, { charges, day, fate, tail }: Drafted): Sent {
  const { setting } = account.story;
  const { as_of } = setting;
  const dice = setting.dice(`money.claim.${dateOf(day)}${tail}`);
  const coverage = payerOn(account, day) as CoverageRow;
  // Who sends it too late has lost it; what is posted first is sent first.
  const posted = Math.max(...charges.map(({ posted_on }) => dayOf(posted_on)));
  const submitted = workdayFrom(Math.max(day + (fate === 'co29' ? dice.int(191, 214) : dice.int(1, 6)), posted));
  const isSent = submitted < as_of;
  const first = charges[0] as ChargeRow;
  const claim: ClaimRow = {
    tenant_id: setting.tenant_id,
    id: idOf(setting.origin, 'claim', `${dateOf(day)}${tail}`),
    patient_id: setting.patient_id,
    practitioner_id: first.practitioner_id,
    encounter_id: first.encounter_id,
    coverage_id: coverage.id,
    payer: coverage.payer,
    form: coverage.kind === 'medicaid' ? 'institutional' : 'professional',
    claim_number: numberOf(account, day, tail),
    payer_control_number: null,
    frequency: '1',
    replaces: null,
    status: !isSent
      ? 'draft'
      : fate === 'rejected'
        ? 'rejected'
        : fate === 'pended'
          ? 'pended'
          : submitted < as_of - 2
            ? 'accepted'
            : 'submitted',
    service_from: dateOf(day),
    service_to: dateOf(day),
    submitted_on: isSent ? dateOf(submitted) : null,
    first_adjudicated_on: null,
    total_cents: charges.reduce((sum, { amount_cents }) => sum + amount_cents, 0),
  };
  return { claim, lines: linesOf(account, claim, charges), charges, coverage, fate, submitted };
}

function linesOf({ story: { setting } }: Account, claim: ClaimRow, charges: readonly ChargeRow[]): ClaimLineRow[] {
  const icd10 = setting.arc.conditions.slice(0, 2).map((code) => code);
  const isVisit = ({ code }: ChargeRow) => /^99[23]/.test(code ?? '');
  return charges.map((row, n) => ({
    tenant_id: claim.tenant_id,
    id: idOf(setting.origin, 'claim_line', `${claim.claim_number}.${n + 1}`),
    claim_id: claim.id,
    patient_id: claim.patient_id,
    practitioner_id: claim.practitioner_id,
    charge_id: row.id,
    line_number: n + 1,
    code: row.code as string,
    modifiers: isVisit(row) && charges.length > 1 ? ['25'] : [],
    icd10: icd10.length > 0 ? icd10 : ['Z00.00'],
    units: row.units,
    amount_cents: row.amount_cents,
    service_on: row.service_on,
  }));
}

/** The claim again, corrected: it names the one it replaces. */
export function correctedOf(account: Account, { claim, lines, charges, coverage }: Sent, submitted: Day): Sent {
  const { setting } = account.story;
  const isSent = submitted < setting.as_of;
  const again: ClaimRow = {
    ...claim,
    id: idOf(setting.origin, 'claim', `${claim.claim_number}.corrected`),
    claim_number: `${claim.claim_number}R`,
    payer_control_number: null,
    frequency: '7',
    replaces: claim.id,
    status: isSent ? (submitted < setting.as_of - 2 ? 'accepted' : 'submitted') : 'draft',
    submitted_on: isSent ? dateOf(submitted) : null,
    first_adjudicated_on: null,
  };
  const copies = lines.map((line) => ({
    ...line,
    id: idOf(setting.origin, 'claim_line', `${again.claim_number}.${line.line_number}`),
    claim_id: again.id,
  }));
  account.claims.push(again);
  account.claim_lines.push(...copies);
  return { claim: again, lines: copies, charges, coverage, fate: 'usual', submitted };
}
