// The questions of the first six tools as a person of the staff would ask them, by their trap. {patient} is whom the question is about.
import type { Answer } from './answer.ts';

const SAID: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  search_patients: {
    'two people of one name are two candidates': 'Find the patient {query}',
    'the birth date tells the two apart': 'Which chart is {query}?',
    'the birth date as Americans write it': 'Look up {query}',
    'an MRN is one person': 'Pull up MRN {query}',
    'a shared phone is a household, not a person': 'Who called us from {query}?',
    'by what he is called': 'Find {query} in our patients',
    'by the name she had before': 'Search for {query}, she may have married',
    'nobody: not the nearest somebody': 'Do we have a patient named {query}?',
  },
  get_patient: {
    'an ordinary chart': 'What are the address, phone and insurance of {patient}?',
    'a birth year is a year, not January 1; no age from it': 'How old is {patient}, what is the birth date on file?',
    'died: status, date, and what insurance there was': 'Is {patient} still an active patient?',
    'an old policy is cancelled, the new one is active; prefers Spanish':
      'Which language does {patient} prefer, and what is the contact phone?',
    'insured through a spouse; previous family name': 'Show the demographics of {patient}',
  },
  get_labs: {
    'exactly forty results, none lost to a limit': 'Show all lab results of {patient}',
    'newest by collection, though an older draw was reported later': 'Latest testosterone labs of {patient}',
    'Hct belongs to TRT by what it is, whatever was ordered': 'What were the hematocrit results of {patient} on TRT?',
    'no flag from the lab is not normal: TSH below the range, censored': 'Thyroid lab results for {patient}, any flag?',
    'censored only where decidable; eGFR of one method': 'How did the eGFR results of {patient} develop?',
    'A1c in mmol/mol is not per cent': 'What is the A1c of {patient}?',
    "since counts the clinic's days of collection": 'Lab results of {patient} from the last draws',
    'preliminary results say so': 'Are the lab results of {patient} final?',
  },
  get_chart_notes: {
    'newest by signing: one was signed after a later one': 'Read me the last signed chart notes of {patient}',
    'a voided note is not there': 'What do the notes say about {patient}?',
    "orders in a patient's words stay outside text": 'Summarize the chart notes of {patient}',
    'an amended note is a signed one, and says so': 'Was a note of {patient} amended?',
    'since a signing day, inclusive': 'Chart notes of {patient} since {since}',
    'no notes is an empty list': 'Are there any signed notes in the chart of {patient}?',
  },
  get_appointments: {
    today: 'Who is on the schedule today?',
    'tomorrow; an empty day is an empty list': 'Which appointments are booked tomorrow?',
    'two weeks past, every clinician, in the order of their start': 'Show the appointments of the last two weeks',
    'one clinician': 'What was on the schedule of this clinician in the last weeks, which appointments?',
    'one patient; rescheduled names the one that took its place': 'When were the appointments of {patient}?',
    'what is booked for the next weeks': 'What appointments are booked for the next six weeks?',
  },
  get_medications: {
    'two active orders share an ingredient': 'What medications does {patient} take?',
    'active by name, but the supply ended long ago': 'Is {patient} still on the medications listed?',
    'unknown is shown as unknown: not hidden, not active': 'Current medication list of {patient}',
    'on hold is listed as such; testosterone is CIII': 'Does {patient} take a controlled medication?',
    'stopped, with reasons, only when all are asked for': 'Which medications were stopped for {patient}, and why?',
    'nothing current': 'Which active medications does {patient} have?',
  },
};

/** The answers, each with its question in words where it is written down. */
export function withWords(answers: readonly Answer[], nameOf: (patient_id: string) => string): Answer[] {
  return answers.map((answer) => {
    const words = SAID[answer.tool]?.[answer.trap];
    if (words === undefined || ('ask' in answer && answer.ask !== undefined)) return answer;
    const given = answer.arguments as Record<string, unknown>;
    const ask = words.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      name === 'patient' ? nameOf(String(given.patient_id)) : String(given[name] ?? ''),
    );
    return { ...answer, ask };
  });
}
