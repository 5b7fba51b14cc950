// What a draft of a payment posting says: a payer's whole 835 as it will stand in the ledger, and what a person has to work instead.
import * as z from 'zod';

const cents = () => z.number().int();

/** Why something of an 835 is not posted, in plain words, and what to do next. Of the file, of a claim as a whole, or of one line of a claim that is posted. */
export const POSTING_EXCEPTIONS = {
  file_out_of_balance: [
    'The file does not add up: its payment is not the sum of its claims less the provider adjustments. Nothing of it is posted.',
    'Compare it with the deposit, and ask the payer for a corrected file.',
  ],
  provider_adjustment: [
    'The payer changed the payment of the practice itself. It belongs to no patient, so it is in no account.',
    'Book it in the practice’s own accounts: what is taken back, carried on, or paid as interest.',
  ],
  already_posted: ['It stands in the ledger already, so it is not posted again.', 'Nothing, unless it was posted by mistake.'],
  partly_posted: [
    'A part of it stands in the ledger already, and not what the payer paid.',
    'Compare the postings with the file, and mend them by hand.',
  ],
  unmatched_claim: [
    'It matches no claim of this clinic.',
    'Look for the claim by its number and day. If it is not ours, tell the payer and give the money back.',
  ],
  other_claim: ['Its claim number is not that of the claim it was matched to.', 'Match it by hand, with the paper of the payer.'],
  other_patient: [
    'It names another patient than the claim or a charge it was matched to.',
    'Find out whose it is before anything is posted, and tell the payer where its member is wrong.',
  ],
  denied: ['The payer denied the claim.', 'Read the codes; correct, appeal, bill the patient or write off.'],
  not_ours: ['The payer says that the claim is for another payer.', 'Check the coverage on the day of service, and bill that payer.'],
  predetermination: ['It is a prediction of what would be paid, and no payment.', 'Post nothing. Keep it for the estimate.'],
  unknown_status: ['Its claim status is none that is posted.', 'Read the file, and ask the payer what the status means.'],
  out_of_balance: [
    'The claim or one of its lines does not add up: charged less the adjustments is not what was paid.',
    'Ask the payer for a corrected file, or post it by hand with the explanation of benefits.',
  ],
  not_by_line: [
    'The payer answered the claim as a whole, so what goes to which charge is not said.',
    'Share it out over the lines by hand, with the explanation of benefits.',
  ],
  unmatched_line: ['A line matches no charge of the claim, or two lines match one.', 'Match the lines to the charges by hand.'],
  voided: ['The claim or a charge of it was voided here.', 'Find out why. The money may have to go back to the payer.'],
  mixed_signs: [
    'It has amounts below zero where there are none, or above where all are taken back.',
    'Read the file, and post it by hand.',
  ],
  overpaid: [
    'It pays or takes off more than the insurer still owes for a charge.',
    'Look for a payment that was posted twice, or for another payer’s. What is too much goes back.',
  ],
  reversal_unmatched: [
    'It takes back what does not stand in the ledger as it says.',
    'Find the first payment of this claim, and post the reversal by hand.',
  ],
  denied_line: [
    'The payer denied this line; the other lines are posted.',
    'Read the code; correct, appeal, bill the patient or write off.',
  ],
  adjustment_code: [
    'This adjustment is no contractual one and no share of the patient. The payment is posted; this amount stays open with the insurer.',
    'Read the code: correct, appeal, bill the patient or write off.',
  ],
  second_payer: [
    'The patient had a second plan on that day, so the patient’s share stays open with the insurers.',
    'Bill the second plan with the adjustments of this one.',
  ],
} as const satisfies Record<string, readonly [text: string, next: string]>;
export type PostingExceptionKind = keyof typeof POSTING_EXCEPTIONS;
const KINDS = Object.keys(POSTING_EXCEPTIONS) as [PostingExceptionKind, ...PostingExceptionKind[]];

export const PostingException = z.object({
  kind: z.enum(KINDS),
  claim_number: z.string().optional(),
  patient: z.string().optional(),
  line_number: z.number().int().optional(),
  /** CAS as group and reason, CO-96; of a provider adjustment its reason. */
  code: z.string().optional(),
  /** What was paid and is not posted because of it: a part of Σ CLP04. */
  amount_cents: cents(),
  /** What stays open with the insurer, or is for the practice to book: no part of Σ CLP04. */
  open_cents: cents().optional(),
  text: z.string(),
  next: z.string(),
});
export type PostingException = z.infer<typeof PostingException>;

const Amounts = {
  paid_cents: cents(),
  contractual_cents: cents(),
  sequestration_cents: cents(),
  to_patient_cents: cents(),
};

/** SVC with what its CAS do to the charge. Negative in a reversal. */
export const PostedLine = z.object({
  remittance_line_id: z.string(),
  line_number: z.number().int(),
  code: z.string(),
  charge_id: z.string(),
  charged_cents: cents(),
  ...Amounts,
});
export type PostedLine = z.infer<typeof PostedLine>;

/** CLP as it will be posted: the sums are those of its lines. */
export const PostedClaim = z.object({
  remittance_claim_id: z.string(),
  claim_number: z.string(),
  patient_id: z.string(),
  patient: z.string(),
  outcome: z.enum(['processed', 'forwarded', 'reversed']),
  charged_cents: cents(),
  ...Amounts,
  lines: z.array(PostedLine),
});
export type PostedClaim = z.infer<typeof PostedClaim>;

/** posted + exceptions + already posted = Σ CLP04; BPR02 = Σ CLP04 − Σ PLB, unless the file is out of balance. */
export const PaymentPosting = z.object({
  remittance_id: z.string(),
  payer: z.string(),
  trace_number: z.string(),
  method: z.enum(['ach', 'check', 'non_payment']),
  paid_on: z.string(),
  /** BPR02. */
  amount_cents: cents(),
  /** Σ CLP04. */
  claims_paid_cents: cents(),
  /** Σ PLB; positive lowers the payment. */
  provider_adjustments_cents: cents(),
  posted_cents: cents(),
  exceptions_cents: cents(),
  already_posted_cents: cents(),
  contractual_cents: cents(),
  sequestration_cents: cents(),
  to_patient_cents: cents(),
  claims: z.array(PostedClaim),
  exceptions: z.array(PostingException),
});
export type PaymentPosting = z.infer<typeof PaymentPosting>;

/** One entry of the ledger that a posting makes. */
export interface LedgerEntry {
  kind: 'payment' | 'contractual' | 'sequestration' | 'transfer';
  remittance_line_id: string;
  remittance_claim_id: string;
  charge_id: string;
  amount_cents: number;
}

/** The entries of a posting; what is nothing is none. */
export function entriesOf({ claims }: Pick<PaymentPosting, 'claims'>): LedgerEntry[] {
  return claims.flatMap(({ remittance_claim_id, lines }) =>
    lines.flatMap(({ remittance_line_id, charge_id, paid_cents, contractual_cents, sequestration_cents, to_patient_cents }) => {
      const of = (kind: LedgerEntry['kind'], amount_cents: number) => ({
        kind,
        remittance_line_id,
        remittance_claim_id,
        charge_id,
        amount_cents,
      });
      return [
        of('payment', paid_cents),
        of('contractual', contractual_cents),
        of('sequestration', sequestration_cents),
        of('transfer', to_patient_cents),
      ].filter(({ amount_cents }) => amount_cents !== 0);
    }),
  );
}
