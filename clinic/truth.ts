// What every tool must answer about a synthetic clinic: a list of questions with their answers.
import type { Answer, Told } from './answers/answer.ts';
import { appointments } from './answers/appointments.ts';
import { clinical } from './answers/clinical.ts';
import { labs } from './answers/labs.ts';
import { medications } from './answers/medications.ts';
import { money } from './answers/money.ts';
import { notes } from './answers/notes.ts';
import { charts, searches } from './answers/patients.ts';
import { practice } from './answers/practice.ts';
import { withWords } from './answers/said.ts';
import { ROSTERS } from './roster.ts';
import type { Clinic, Options } from './rows.ts';
import { type Story, tellStory } from './story.ts';

/** At least five questions for each tool of this milestone, with the traps of connectors.md §2.20. The stories are told again: rows and tools have no part in it. */
export function answersOf({ options }: Pick<Clinic, 'options'>): Answer[] {
  const told = toldOf(options);
  const answers: Answer[] = [
    ...searches(told),
    ...charts(told),
    ...labs(told),
    ...notes(told),
    ...appointments(told),
    ...medications(told),
    ...clinical(told),
    ...practice(told),
    ...money(told),
  ];
  const names = new Map(told.all.map(({ patient: { id, given_name, family_name } }) => [id, `${given_name} ${family_name}`]));
  return withWords(answers, (patient_id) => names.get(patient_id) ?? '');
}

function toldOf(options: Options): Told {
  const stories = new Map<string, Story>(ROSTERS[options.clinic].map(({ key }) => [key, tellStory(options, key)]));
  const story = (key: string): Story => {
    const found = stories.get(key);
    if (!found) throw new Error(`no ${key} on the roster of ${options.clinic}`);
    return found;
  };
  return { options, story, all: [...stories.values()] };
}
