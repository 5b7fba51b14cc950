import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Since } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { clear, phi } from '../domains/mark.ts';
import { npiHolds } from '../domains/npi.ts';
import { Icd10, Term } from '../domains/order-drafts.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { AWAITING, Referral, ReferralStatus, type Referrals } from '../domains/referrals.ts';
import { draft, operation, pageOf, paging, repeatable } from './operation.ts';

export const getReferrals = operation({
  name: 'get_referrals',
  title: 'Get referrals',
  description:
    'Referrals to specialists (outgoing) and from others (incoming), of one patient or the whole clinic, newest first: sent, scheduled, report received, and what each still waits for. awaiting "report" finds open loops: seen, and no consult report came back.',
  toolset: 'coverage',
  rest: 'GET /referrals',
  doors: ['mcp', 'rest'],
  permission: 'referrals:read',
  effect: 'read',
  needs: ['referrals.list'],
  page: { list: 'referrals', id: 'referral_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    provider_id: PractitionerId.optional(),
    status: ReferralStatus.optional(),
    direction: z.enum(['outgoing', 'incoming']).optional(),
    awaiting: z.enum(AWAITING).optional(),
    since: Since.optional(),
    ...paging(20),
  }),
  output: z.object({ referrals: z.array(Referral), excluded: Excluded.optional() }),
  async run({ referrals }, { patient_id, provider_id, status, direction, awaiting, since, ...page }) {
    const query = { patient_id, practitioner_id: provider_id, status, direction, awaiting, since, ...pageOf(page) };
    const { excluded, ...found } = await referrals.list(query);
    return { ...found, ...(excluded.length > 0 && { excluded }) };
  },
});

/** Open referrals of one patient that are looked at: more than anybody has. */
const MOST = 200;
const To = z.object({
  name: Term('to').describe('clinician or practice'),
  specialty: Term('specialty'),
  npi: clear(z.string().regex(/^[12]\d{9}$/, 'ten digits')).optional(),
});
const Why = phi('reason', z.string().trim().min(5).max(1000));
const Urgency = Referral.shape.priority;

export const draftReferral = draft({
  name: 'draft_referral',
  title: 'Draft a referral',
  description:
    'Drafts a referral (refer one patient to a specialist) for a licensed clinician to sign: to whom, the ICD-10-CM reason, why in words, how urgent. An NPI must hold its check digit; leave it out where you do not know it. Look at get_referrals first: an open one to the same specialty is shown to the signer as a warning. Nothing is sent by it.',
  toolset: 'coverage',
  rest: 'POST /patients/{patient_id}/referral-drafts',
  doors: ['mcp', 'rest'],
  permission: 'referrals:draft',
  kind: 'referral_draft',
  sign: 'sign_referrals',
  needs: ['referrals.referable', 'referrals.list'],
  commits: ['referrals.referable', 'referrals.list', 'referrals.create'],
  input: z.object({
    patient_id: PatientId,
    to: To,
    reason_icd10: Icd10,
    reason: Why,
    urgency: Urgency.default('routine'),
    ...repeatable,
  }),
  payload: z.object({
    patient_id: z.string(),
    to: To,
    reason_icd10: Icd10,
    reason: Why,
    urgency: Urgency,
    warnings: z.array(z.string().max(300)),
  }),
  async run({ referrals }, { patient_id, to, reason_icd10, reason, urgency }) {
    return { patient_id, to, reason_icd10, reason, urgency, warnings: await checked(referrals, { patient_id, to }) };
  },
  async commit({ referrals, caller, today, draft_id }, { patient_id, to, reason_icd10, reason, urgency }) {
    if (caller.practitioner_id === undefined)
      throw new Fault('licence_needed', 'A referral has a referring clinician: you are no practitioner of this clinic.');
    await checked(referrals, { patient_id, to });
    await referrals.create({
      referral_id: draft_id,
      patient_id,
      practitioner_id: caller.practitioner_id,
      other_party: to.name,
      other_npi: to.npi,
      specialty: to.specialty,
      reason_icd10,
      reason,
      priority: urgency,
      created_on: today,
    });
    return { record_id: draft_id };
  },
});

/** What the signer is told: an open referral to the same specialty. Throws what cannot be: the patient, the NPI. */
async function checked(
  referrals: Pick<Referrals, 'referable' | 'list'>,
  { patient_id, to }: { patient_id: string; to: z.infer<typeof To> },
): Promise<string[]> {
  if (to.npi !== undefined && !npiHolds(to.npi))
    throw new Fault('invalid_input', 'to.npi: its check digit does not hold, so it is nobody. Ask the user for it, or leave it out.');
  const [, { referrals: open }] = await Promise.all([
    referrals.referable({ patient_id }),
    referrals.list({ patient_id, direction: 'outgoing', status: 'active', limit: MOST }),
  ]);
  return open
    .filter(({ specialty }) => specialty.toLowerCase() === to.specialty.toLowerCase())
    .map(
      ({ created_on, other_party }) =>
        `A referral to the same specialty is open: of ${created_on}${other_party === undefined ? '' : `, to ${other_party}`}.`,
    );
}
