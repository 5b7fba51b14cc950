// get_referrals: which loop is open, and for how long.
import { type Day, dateOf, dayOf } from '../days.ts';
import type { ReferralRow } from '../rows-practice.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

interface Asked {
  ask: string;
  trap: string;
  args?: {
    patient_id?: string;
    status?: ReferralRow['status'];
    direction?: ReferralRow['direction'];
    awaiting?: string;
    since?: string;
    provider_id?: string;
  };
}

export function referrals({ options, all, story }: Told): Question[] {
  const { clinic } = options;
  const today = dayOf(options.as_of);
  const of = (key: string) => story(key).patient.id;
  const { setting } = all[0] as Story;
  const asked: Asked[] = [
    {
      ask: 'Which referrals are we still waiting on a consult report for?',
      trap: 'seen and nobody wrote back, also where somebody closed it',
      args: { awaiting: 'report' },
    },
    {
      ask: 'Which referrals went out but the patient has no appointment yet?',
      trap: 'sent, and no day',
      args: { awaiting: 'appointment' },
    },
    {
      ask: 'Any referral that was never sent?',
      trap: 'a draft awaits nothing; an active one that lies here does',
      args: { awaiting: 'sending' },
    },
    { ask: 'Which incoming referrals did other doctors send us?', trap: 'incoming only', args: { direction: 'incoming' } },
    {
      ask: 'All open referrals, newest first.',
      trap: 'active; expired ones say so; revoked, on hold and of the dead are out',
      args: { status: 'active' },
    },
    {
      ask: 'What referrals does this patient have?',
      trap: 'two of one patient, one of them long over',
      args: { patient_id: of(`${clinic}-06`) },
    },
    { ask: 'Referral history for the kidney patient.', trap: 'entered in error is not there', args: { patient_id: of(`${clinic}-29`) } },
    {
      ask: 'Is there a cardiology referral for the patient who died?',
      trap: 'asked by name, the dead are answered for',
      args: { patient_id: of(`${clinic}-33`) },
    },
    {
      ask: 'Referrals the owner made in the last three months?',
      trap: 'one clinician, since a day',
      args: { since: dateOf(today - 90), provider_id: setting.practitioner_id(0) },
    },
  ];
  return asked.map((each) => question(all, today, each));
}

const isWithUs = ({ patient }: Story) => patient.active && patient.deceased_on === null && patient.replaced_by === null;

function question(all: readonly Story[], today: Day, { ask, trap, args = {} }: Asked): Question {
  const charts = args.patient_id ? all.filter(({ patient }) => patient.id === args.patient_id) : all.filter(isWithUs);
  const rows = charts.flatMap(({ care }) => care.referrals);
  const found = rows
    .filter((row) => row.status !== 'entered_in_error')
    .filter((row) => args.status === undefined || row.status === args.status)
    .filter((row) => args.direction === undefined || row.direction === args.direction)
    .filter((row) => args.since === undefined || row.created_on >= args.since)
    .filter((row) => args.provider_id === undefined || row.practitioner_id === args.provider_id)
    .filter((row) => args.awaiting === undefined || awaitedOf(row, today) === args.awaiting)
    .sort((a, b) => (a.created_on === b.created_on ? (a.id < b.id ? 1 : -1) : a.created_on < b.created_on ? 1 : -1));
  return {
    tool: 'get_referrals',
    ask,
    trap,
    arguments: { ...args, limit: 100 },
    expect: {
      rows: {
        list: 'referrals',
        id: 'referral_id',
        ids: found.map(({ id }) => id),
        fields: Object.fromEntries(
          found.map((row) => [
            row.id,
            {
              specialty: row.specialty,
              status: row.status,
              awaiting: awaitedOf(row, today),
              expired: row.status === 'active' && row.expires_on !== null && row.expires_on < dateOf(today) ? true : undefined,
              report_received_on: row.report_received_on ?? undefined,
            },
          ]),
        ),
      },
      absent: rows.filter(({ status }) => status === 'entered_in_error').map(({ id }) => id),
    },
  };
}

/** The next step that has not happened. */
function awaitedOf({ status, direction, sent_on, scheduled_on, report_received_on }: ReferralRow, today: Day): string | undefined {
  const isSeen = scheduled_on !== null && dayOf(scheduled_on) < today;
  if (isSeen && direction === 'outgoing' && report_received_on === null && (status === 'active' || status === 'completed')) return 'report';
  if (status !== 'active') return undefined;
  if (scheduled_on === null) return sent_on === null && direction === 'outgoing' ? 'sending' : 'appointment';
  return !isSeen && report_received_on === null ? 'visit' : undefined;
}
