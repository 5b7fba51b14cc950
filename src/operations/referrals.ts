import * as z from 'zod';
import { Since } from '../domains/days.ts';
import { Excluded } from '../domains/definitions.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { AWAITING, Referral, ReferralStatus } from '../domains/referrals.ts';
import { operation, pageOf, paging } from './operation.ts';

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
