// The headline questions of a working day, as MCP prompts: each says which tools to call in which order, and what not to conclude.
import type { Operation } from './operation.ts';

export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly { name: string; description: string; required: boolean }[];
  /** The tools that it leads to: who lacks one of them is not shown the prompt. */
  tools: readonly string[];
  text(given: Readonly<Record<string, string>>): string;
}

const PATIENT = { name: 'patient', description: 'name, and birth date or MRN where the name is common', required: true } as const;
const FIND =
  'Call search_patients with that. If more than one patient could be meant, show me the candidates with birth date and MRN and stop: I will say which.';
const HONEST =
  'What an answer does not say is unknown, not normal and not zero. Say what was cut short or left out. Name dates, units and sources. Do not add what the record does not hold.';

export const PROMPTS: readonly Prompt[] = [
  {
    name: 'prepare_visit',
    title: 'Prepare a visit',
    description: 'One page on a patient before the visit: problems, medications, allergies, recent labs and vitals, the last notes.',
    arguments: [PATIENT],
    tools: [
      'search_patients',
      'get_patient',
      'get_problem_list',
      'get_medications',
      'get_allergies',
      'get_labs',
      'get_vitals',
      'get_chart_notes',
    ],
    text: ({ patient }) =>
      `Prepare my visit with: ${patient}\n\n${FIND}\n\nThen read get_patient, get_problem_list, get_medications (active_only), get_allergies, get_labs (aggregate latest), get_vitals and the last two of get_chart_notes. Write one page: who, why today, problems with their latest numbers and trend, medications with doubts (unverified, unknown, duplicated), allergies, what is overdue, questions to ask.\n\n${HONEST}`,
  },
  {
    name: 'patients_due_for_labs',
    title: 'Which patients are due for labs?',
    description: 'Who is due or overdue for which lab, and who already has an order.',
    arguments: [{ name: 'within_days', description: 'look ahead this many days; default 0', required: false }],
    tools: ['find_patients_due_for_labs'],
    text: ({ within_days = '0' }) =>
      `Which patients are due for labs${within_days === '0' ? '' : ` within ${within_days} days`}? Call find_patients_due_for_labs and follow its cursor to the end. Group by how long they are overdue; keep apart who already has an open order. Say by which rule each is due.\n\n${HONEST}`,
  },
  {
    name: 'missed_appointments',
    title: 'Who missed their appointment?',
    description: 'Who did not come in a span of days, and who of them has a new booking.',
    arguments: [
      { name: 'from', description: 'first day, YYYY-MM-DD', required: true },
      { name: 'to', description: 'last day, YYYY-MM-DD', required: true },
    ],
    tools: ['get_no_shows_and_cancellations'],
    text: ({ from, to }) =>
      `Who missed an appointment from ${from} to ${to}? Call get_no_shows_and_cancellations for these days. List no-shows and late cancellations apart, and say who is booked again. A status "unresolved" is not a no-show. Give the rate with its numerator and denominator.\n\n${HONEST}`,
  },
  {
    name: 'morning_huddle',
    title: 'Morning huddle',
    description: 'Today’s schedule with what each visit needs: open forms, labs due, unsigned notes.',
    arguments: [{ name: 'clinician', description: 'whose day; default everybody’s', required: false }],
    tools: ['get_appointments', 'list_practitioners', 'get_intake_status', 'find_unsigned_notes'],
    text: ({ clinician }) =>
      `Prepare the morning huddle${clinician ? ` for ${clinician} (call list_practitioners for the provider_id)` : ''}: get_appointments of today in order; get_intake_status of today; find_unsigned_notes. One line a visit: time, patient, why, what is missing before it. Then what is left open from earlier days.\n\n${HONEST}`,
  },
  {
    name: 'abnormal_labs_to_call',
    title: 'Abnormal labs nobody has dealt with',
    description: 'Abnormal and critical results that are not acknowledged, most urgent first.',
    arguments: [{ name: 'since', description: 'YYYY-MM-DD; default two weeks ago', required: false }],
    tools: ['find_abnormal_labs_across_panel'],
    text: ({ since }) =>
      `Which abnormal lab results${since ? ` since ${since}` : ' of the last two weeks'} has nobody acknowledged? Call find_abnormal_labs_across_panel and keep the rows that are not acknowledged: critical first, then by severity. Say where a later result is normal or a repeat is ordered. Make no diagnosis.\n\n${HONEST}`,
  },
  {
    name: 'month_in_numbers',
    title: 'The month in numbers',
    description: 'Charges, payments, refunds, receivables, members and leads of a month, each with its formula.',
    arguments: [{ name: 'month', description: 'YYYY-MM; default the current one', required: false }],
    tools: ['get_billing_summary', 'get_membership_metrics', 'get_lead_funnel'],
    text: ({ month }) =>
      `How did the clinic do in ${month || 'the current month'}? Call get_billing_summary, get_membership_metrics and get_lead_funnel for it. Keep charges, payments, refunds and recognized revenue apart: there is no single "revenue". Give every rate with numerator and denominator, and say which cohorts are still too young.\n\n${HONEST}`,
  },
  {
    name: 'denials_to_work',
    title: 'Denials to work',
    description: 'Open denials by reason, with what to do and how much is at stake.',
    arguments: [],
    tools: ['find_denials'],
    text: () =>
      `Which denials are open? Call find_denials and follow its cursor to the end. Group by class and payer, largest amount first, with the next step of each class. What was resubmitted or paid later is not open.\n\n${HONEST}`,
  },
  {
    name: 'care_gaps',
    title: 'Care gaps of a panel',
    description: 'Open care gaps (ecqm-like) by measure, with what would close each.',
    arguments: [{ name: 'clinician', description: 'whose panel; default everybody’s', required: false }],
    tools: ['find_care_gaps', 'get_quality_measures', 'list_practitioners'],
    text: ({ clinician }) =>
      `Which care gaps are open${clinician ? ` in the panel of ${clinician} (call list_practitioners for the provider_id)` : ''}? Call get_quality_measures for the rates and find_care_gaps for the patients. Say for each what would close it. These measures are ecqm-like, not HEDIS rates. "unknown" is a gap in the data, not in the care.\n\n${HONEST}`,
  },
];

/** The prompts whose every tool is among `permitted`. */
export function promptsFor(permitted: readonly Operation[]): readonly Prompt[] {
  const names = new Set(permitted.map(({ name }) => name));
  return PROMPTS.filter(({ tools }) => tools.every((tool) => names.has(tool)));
}
