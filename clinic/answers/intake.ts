// get_intake_status: which forms came back before which visit.
import { dateOf, dayOf } from '../days.ts';
import type { FormFact } from '../practice/intake.ts';
import { knownKey } from '../roster.ts';
import type { Story } from '../story.ts';
import type { VisitFact } from '../visit.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

interface Asked {
  ask: string;
  trap: string;
  from: number;
  to: number;
  key?: string;
  clinician?: number;
  missing_only?: true;
}

export function intake(told: Told): Question[] {
  const { clinic, as_of } = told.options;
  const today = dayOf(as_of);
  const again = knownKey(clinic, 'duplicate')[1] as string;
  const first = told.story(again).visits.find(({ appointment }) => appointment?.status === 'completed')?.day ?? today - 73;
  const asked: Asked[] = [
    {
      ask: 'Who has paperwork to finish before tomorrow and next week?',
      trap: 'visits that stand; a form that was never sent is not complete',
      from: 1,
      to: 7,
      missing_only: true,
    },
    { ask: 'Intake status of everybody coming in the next month?', trap: 'called off visits are not asked about', from: 1, to: 30 },
    {
      ask: 'Were the forms in for the visits two months ago?',
      trap: 'a link that ran out is expired, whatever it was before',
      from: -75,
      to: -45,
    },
    {
      ask: 'Did we ever send new patient paperwork to this one?',
      trap: 'a first visit without any form: none sent, which is not complete',
      from: first - today,
      to: first - today,
      key: again,
    },
    {
      ask: 'Forms of the titrating patient over the last two months?',
      trap: 'one patient; forms of cancelled visits are left out',
      from: -60,
      to: 0,
      key: `${clinic}-04`,
    },
    {
      ask: 'Which of the owner’s patients still have forms open this month?',
      trap: 'one provider',
      from: 1,
      to: 28,
      clinician: 0,
      missing_only: true,
    },
    {
      ask: 'Has this patient confirmed the contact details?',
      trap: 'who confirmed, and a chart without visits',
      from: 0,
      to: 30,
      key: knownKey(clinic, 'inactive'),
    },
  ];
  return asked.map((each) => question(told, each));
}

const isWithUs = ({ patient }: Story) => patient.active && patient.deceased_on === null && patient.replaced_by === null;

function question({ options, all, story }: Told, { ask, trap, from, to, key, clinician, missing_only }: Asked): Question {
  const today = dayOf(options.as_of);
  const charts = key ? [story(key)] : all.filter(isWithUs);
  const found = charts
    .flatMap((chart) => chart.visits.map((visit) => ({ chart, visit })))
    .filter(
      ({ visit }) =>
        stands(visit) && visit.day >= today + from && visit.day <= today + to && (clinician === undefined || visit.with === clinician),
    )
    .map(({ chart, visit }) => ({ chart, visit, forms: formsOf(chart, visit, today) }))
    .filter(({ forms }) => !missing_only || forms.length === 0 || forms.some(({ status }) => status !== 'completed'))
    .sort((a, b) => startOf(a.visit) - startOf(b.visit) || (idOf(a.visit) < idOf(b.visit) ? -1 : 1));
  const { contact_confirmed_by } = (charts[0] as Story).patient;
  return {
    tool: 'get_intake_status',
    ask,
    trap,
    arguments: {
      date_range: { from: dateOf(today + from), to: dateOf(today + to) },
      ...(key && { patient_id: story(key).patient.id }),
      ...(clinician !== undefined && { provider_id: (all[0] as Story).setting.practitioner_id(clinician) }),
      ...(missing_only && { missing_only: true }),
      limit: 200,
    },
    expect: {
      rows: {
        list: 'intakes',
        id: 'appointment_id',
        ids: found.map(({ visit }) => idOf(visit)),
        fields: Object.fromEntries(
          found.map(({ chart, visit, forms }) => [
            idOf(visit),
            {
              patient_id: chart.patient.id,
              state: forms.length === 0 ? 'none_sent' : forms.every(({ status }) => status === 'completed') ? 'complete' : 'incomplete',
              missing: forms.filter(({ status }) => status !== 'completed').map(({ kind }) => kind),
              contact_confirmed_by: chart.patient.contact_confirmed_by ?? undefined,
            },
          ]),
        ),
      },
      ...(key && { same: { 'contact.contact_confirmed_by': contact_confirmed_by ?? undefined } }),
    },
  };
}

function stands({ appointment }: VisitFact): boolean {
  return appointment !== undefined && !['cancelled', 'rescheduled', 'no_show', 'entered_in_error'].includes(appointment.status);
}

const idOf = ({ appointment }: VisitFact) => appointment?.id ?? '';
const startOf = ({ appointment }: VisitFact) => Date.parse(appointment?.start_at ?? '');

/** The forms of a visit by when they were sent, without those called off. */
function formsOf({ practice }: Story, visit: VisitFact, today: number): { kind: string; status: string }[] {
  return practice.forms
    .filter(({ row }) => row.appointment_id === idOf(visit) && row.status !== 'cancelled')
    .sort((a, b) => Date.parse(a.row.sent_at) - Date.parse(b.row.sent_at) || (a.row.kind < b.row.kind ? -1 : 1))
    .map(({ row }) => ({ kind: row.kind, status: isOver(row, today) ? 'expired' : row.status }));
}

/** Past its last day and not completed. */
function isOver({ status, expires_at }: FormFact['row'], today: number): boolean {
  return (status === 'sent' || status === 'started') && expires_at !== null && dayOf(expires_at.slice(0, 10)) < today;
}
