// From an 835 as it came, and what the ledger holds, to what is posted of it. Pure: the same file and ledger give the same posting.
// Source: X12 835 (005010X221A1) balancing, CARC (code source 139); connectors.md §2.18.
import { outcomeOf } from './claims.ts';
import {
  type PaymentPosting,
  POSTING_EXCEPTIONS,
  type PostedClaim,
  type PostedLine,
  type PostingException,
  type PostingExceptionKind,
} from './payment-postings.ts';

export interface Cas {
  group: string;
  reason: string;
  cents: number;
}

export interface FileLine {
  remittance_line_id: string;
  line_number: number;
  code: string;
  charged_cents: number;
  paid_cents: number;
  /** The charge of the claim line that it answers; null where it answers none of this claim. */
  charge_id: string | null;
  adjustments: readonly Cas[];
}

export interface FileClaim {
  remittance_claim_id: string;
  claim_number: string;
  patient_id: string | null;
  status_code: string;
  charged_cents: number;
  paid_cents: number;
  /** Ours; null where it matches none. */
  claim: {
    claim_id: string;
    claim_number: string;
    patient_id: string;
    patient: string;
    is_void: boolean;
    has_second_payer: boolean;
  } | null;
  /** CAS of the claim as a whole. */
  adjustments: readonly Cas[];
  lines: readonly FileLine[];
  /** What the ledger holds of this very CLP. */
  standing: { entries: number; paid_cents: number };
}

export interface RemittanceFile
  extends Pick<PaymentPosting, 'remittance_id' | 'payer' | 'trace_number' | 'method' | 'paid_on' | 'amount_cents'> {
  claims: readonly FileClaim[];
  provider_adjustments: readonly { reason: string; reference: string | null; cents: number }[];
}

interface Amounts {
  paid_cents: number;
  contractual_cents: number;
  sequestration_cents: number;
  to_patient_cents: number;
}

/** What the ledger says of the charges of a file. */
export interface ChargesNow {
  /** By charge: whose it is, and what the insurers still owe for it. */
  charges: ReadonlyMap<string, { patient_id: string; is_void: boolean; open_cents: number }>;
  /** What was posted of this payer's answers to a claim until now, reversals taken off, by `${claim_id} ${charge_id}`. */
  earlier: ReadonlyMap<string, Amounts>;
}

/** What the contract takes off, and nothing that is worked: over the fee schedule, negotiated, several procedures (CARC, group CO). */
const CONTRACTUAL = ['42', '44', '45', '59', '131', '139', '172'];
const SEQUESTRATION = ['253'];
/** Deductible, coinsurance, co-payment and their kin (CARC, group PR). */
const PATIENT_SHARE = ['1', '2', '3', '66', '122', '142', '241', '247', '248'];
const PRIOR_PAYER = '23';
/** CLP02 that is posted. 19, 20, 21: the payer sent it on to the next one, so nothing is the patient's yet. */
const POSTED_STATUS = ['1', '2', '3', '19', '20', '21', '22'];
const SECONDARY = ['2', '3', '20', '21'];
const REVERSAL = '22';

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const centsOf = (adjustments: readonly Cas[]) => sum(adjustments.map(({ cents }) => cents));

/** What is posted of a file, reversals first, then by claim number: each claim is held against what the ones before it left open. */
export function postingOf(file: RemittanceFile, { charges, earlier }: ChargesNow): PaymentPosting {
  const open = new Map([...charges].map(([id, { open_cents }]) => [id, open_cents]));
  const claims: PostedClaim[] = [];
  const exceptions: PostingException[] = file.provider_adjustments.map(({ reason, reference, cents }) => ({
    ...said('provider_adjustment'),
    code: reference === null ? reason : `${reason} ${reference}`,
    amount_cents: 0,
    open_cents: cents,
  }));
  const claims_paid_cents = sum(file.claims.map(({ paid_cents }) => paid_cents));
  const provider_adjustments_cents = centsOf(file.provider_adjustments.map((each) => ({ group: '', ...each })));
  const already_posted_cents = sum(file.claims.map(({ standing }) => standing.paid_cents));
  if (file.amount_cents !== claims_paid_cents - provider_adjustments_cents)
    exceptions.unshift({ ...said('file_out_of_balance'), amount_cents: claims_paid_cents - already_posted_cents });
  else
    for (const claim of inOrder(file.claims)) {
      const judged = judge(claim, { charges, earlier, open });
      exceptions.push(...judged.exceptions);
      if (judged.posted) claims.push(judged.posted);
    }
  const total = (of: (claim: PostedClaim) => number) => sum(claims.map(of));
  const { claims: _, provider_adjustments: __, ...head } = file;
  return {
    ...head,
    claims_paid_cents,
    provider_adjustments_cents,
    posted_cents: total((claim) => claim.paid_cents),
    exceptions_cents: sum(exceptions.map(({ amount_cents }) => amount_cents)),
    already_posted_cents,
    contractual_cents: total((claim) => claim.contractual_cents),
    sequestration_cents: total((claim) => claim.sequestration_cents),
    to_patient_cents: total((claim) => claim.to_patient_cents),
    claims,
    exceptions,
  };
}

function inOrder(claims: readonly FileClaim[]): FileClaim[] {
  const key = ({ status_code, claim_number, remittance_claim_id }: FileClaim) =>
    `${status_code === REVERSAL ? 0 : 1} ${claim_number} ${remittance_claim_id}`;
  return [...claims].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function said(kind: PostingExceptionKind): Pick<PostingException, 'kind' | 'text' | 'next'> {
  const [text, next] = POSTING_EXCEPTIONS[kind];
  return { kind, text, next };
}

interface Books extends ChargesNow {
  /** What is left open by the claims before this one. */
  open: Map<string, number>;
}

function judge(it: FileClaim, books: Books): { posted?: PostedClaim; exceptions: PostingException[] } {
  const whose = { claim_number: it.claim_number, ...(it.claim && { patient: it.claim.patient }) };
  const held = whyHeld(it, books);
  if (held || !it.claim) {
    const refused = held === 'denied' && {
      code: codesOf([...it.adjustments, ...it.lines.flatMap((line) => line.adjustments)]),
      open_cents: it.charged_cents,
    };
    return {
      exceptions: [{ ...said(held ?? 'unmatched_claim'), ...whose, ...refused, amount_cents: it.paid_cents - it.standing.paid_cents }],
    };
  }
  const judged = it.lines.map((line) => judgeLine(line, it, books));
  const lines = judged.flatMap(({ posted }) => posted ?? []);
  const unfit = it.status_code === REVERSAL ? !takesBack(it.claim.claim_id, lines, books) : isOver(lines, books);
  if (unfit) {
    const kind = it.status_code === REVERSAL ? 'reversal_unmatched' : 'overpaid';
    return { exceptions: [{ ...said(kind), ...whose, amount_cents: it.paid_cents }] };
  }
  const exceptions = judged.flatMap((line) => line.exceptions.map((each) => ({ ...each, ...whose })));
  if (lines.length === 0) return { exceptions };
  for (const line of lines) books.open.set(line.charge_id, (books.open.get(line.charge_id) ?? 0) - settledBy(line));
  const { remittance_claim_id, claim_number, charged_cents } = it;
  const { patient_id, patient } = it.claim;
  const total = (of: (line: PostedLine) => number) => sum(lines.map(of));
  return {
    posted: {
      ...{ remittance_claim_id, claim_number, patient_id, patient, charged_cents },
      outcome: outcomeOf(it.status_code) as PostedClaim['outcome'],
      paid_cents: total((line) => line.paid_cents),
      contractual_cents: total((line) => line.contractual_cents),
      sequestration_cents: total((line) => line.sequestration_cents),
      to_patient_cents: total((line) => line.to_patient_cents),
      lines,
    },
    exceptions,
  };
}

/** What holds a claim as a whole, the first that is true. */
function whyHeld(it: FileClaim, { charges }: Books): PostingExceptionKind | undefined {
  const { claim, lines, status_code, standing } = it;
  if (standing.entries > 0) return standing.paid_cents === it.paid_cents ? 'already_posted' : 'partly_posted';
  if (claim === null) return 'unmatched_claim';
  if (claim.claim_number !== it.claim_number) return 'other_claim';
  const of = lines.map(({ charge_id }) => (charge_id === null ? undefined : charges.get(charge_id)));
  if (
    (it.patient_id !== null && it.patient_id !== claim.patient_id) ||
    of.some((charge) => charge && charge.patient_id !== claim.patient_id)
  )
    return 'other_patient';
  if (status_code === '4') return 'denied';
  if (status_code === '23') return 'not_ours';
  if (status_code === '25') return 'predetermination';
  if (!POSTED_STATUS.includes(status_code)) return 'unknown_status';
  if (!isBalanced(it)) return 'out_of_balance';
  if (it.adjustments.length > 0 || lines.length === 0) return 'not_by_line';
  if (of.includes(undefined) || new Set(lines.map(({ charge_id }) => charge_id)).size < lines.length) return 'unmatched_line';
  if ((claim.is_void && status_code !== REVERSAL) || of.some((charge) => charge?.is_void)) return 'voided';
  return hasItsSign(it) ? undefined : 'mixed_signs';
}

/** SVC02 − Σ CAS = SVC03, CLP03 − Σ CAS = CLP04, and the lines are the claim. */
function isBalanced({ charged_cents, paid_cents, adjustments, lines }: FileClaim): boolean {
  const whole = centsOf(adjustments);
  const lineAdds = (line: FileLine) => line.charged_cents - centsOf(line.adjustments) === line.paid_cents;
  return (
    lines.every(lineAdds) &&
    charged_cents - whole - sum(lines.map((line) => centsOf(line.adjustments))) === paid_cents &&
    (lines.length === 0 || sum(lines.map((line) => line.paid_cents)) - whole === paid_cents)
  );
}

function hasItsSign({ status_code, lines }: FileClaim): boolean {
  const sign = status_code === REVERSAL ? -1 : 1;
  return lines.every((line) =>
    [line.charged_cents, line.paid_cents, ...line.adjustments.map(({ cents }) => cents)].every((each) => each * sign >= 0),
  );
}

/** Each once, in the order of the file. */
const codesOf = (adjustments: readonly Cas[]) => [...new Set(adjustments.map(({ group, reason }) => `${group}-${reason}`))].join(' ');

type Share = 'contractual' | 'sequestration' | 'patient';

/** CR is how a reversal may name what it takes back, whatever group it was in. */
function shareOf({ group, reason }: Cas): Share | undefined {
  if (['CO', 'CR'].includes(group) && CONTRACTUAL.includes(reason)) return 'contractual';
  if (['CO', 'CR'].includes(group) && SEQUESTRATION.includes(reason)) return 'sequestration';
  return ['PR', 'CR'].includes(group) && PATIENT_SHARE.includes(reason) ? 'patient' : undefined;
}

function judgeLine(
  line: FileLine,
  it: FileClaim,
  books: Books,
): { posted?: PostedLine; exceptions: Omit<PostingException, 'claim_number'>[] } {
  const { remittance_line_id, line_number, code, charged_cents, paid_cents, charge_id } = line;
  if (charge_id === null) throw new Error('a line without a charge holds its claim');
  const share = (wanted: Share) => centsOf(line.adjustments.filter((cas) => shareOf(cas) === wanted));
  const worked = line.adjustments.filter(
    (cas) => shareOf(cas) === undefined && !isPriorPayer(cas, { line, it, open: books.open.get(charge_id) ?? 0 }),
  );
  if (paid_cents === 0 && worked.length > 0)
    return {
      exceptions: [{ ...said('denied_line'), line_number, code: codesOf(worked), amount_cents: 0, open_cents: charged_cents }],
    };
  const exceptions = worked.map((cas) => ({
    ...said('adjustment_code'),
    line_number,
    code: codesOf([cas]),
    amount_cents: 0,
    open_cents: cas.cents,
  }));
  const left = share('patient');
  const second = it.status_code === '1' && it.claim?.has_second_payer === true && left !== 0;
  const moves = outcomeOf(it.status_code) !== 'forwarded' && !second;
  const earlier = books.earlier.get(`${it.claim?.claim_id} ${charge_id}`);
  // What stayed with the insurers when it was paid is not taken back from the patient.
  const never_moved = it.status_code === REVERSAL && (earlier?.to_patient_cents ?? 0) === 0;
  return {
    posted: {
      ...{ remittance_line_id, line_number, code, charge_id, charged_cents, paid_cents },
      contractual_cents: share('contractual'),
      sequestration_cents: share('sequestration'),
      to_patient_cents: moves && !never_moved ? left : 0,
    },
    exceptions: second ? [...exceptions, { ...said('second_payer'), line_number, amount_cents: 0, open_cents: left }] : exceptions,
  };
}

/** OA-23 of a payer that comes after another: what was charged and is not open any more, as the ledger has it. It says nothing new. */
function isPriorPayer({ group, reason, cents }: Cas, { line, it, open }: { line: FileLine; it: FileClaim; open: number }): boolean {
  return group === 'OA' && reason === PRIOR_PAYER && SECONDARY.includes(it.status_code) && cents === line.charged_cents - open;
}

const settledBy = ({ paid_cents, contractual_cents, sequestration_cents, to_patient_cents }: Amounts) =>
  paid_cents + contractual_cents + sequestration_cents + to_patient_cents;

const isOver = (lines: readonly PostedLine[], { open }: Books) =>
  lines.some((line) => settledBy(line) > Math.max(0, open.get(line.charge_id) ?? 0));

/** A reversal is the negative copy of what stands: nothing less, and nothing that was never posted. */
function takesBack(claim_id: string, lines: readonly PostedLine[], { earlier }: Books): boolean {
  return lines.every((line) => {
    const {
      paid_cents = 0,
      contractual_cents = 0,
      sequestration_cents = 0,
      to_patient_cents = 0,
    } = earlier.get(`${claim_id} ${line.charge_id}`) ?? {};
    return (
      line.paid_cents === -paid_cents &&
      line.contractual_cents === -contractual_cents &&
      line.sequestration_cents === -sequestration_cents &&
      line.to_patient_cents === -to_patient_cents
    );
  });
}
