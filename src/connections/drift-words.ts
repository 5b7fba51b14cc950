// What a vendor has changed, in words for a person who has never seen its pages' insides: what it is, what was and what is, what it means, and what happens next.
import type { DriftAlert } from '../domains/connections.ts';
import { CONTRACT_LIMITS, type ContractState, LEFT_OUT_MS } from './contract.ts';
import type { Difference } from './differences.ts';
import { UNKNOWN_NAME } from './field-words.ts';
import type { Shift } from './value-drift.ts';

type Words = Pick<DriftAlert, 'state' | 'means' | 'next' | 'changes'>;

export function wordsOfDrift(state: ContractState, now_ms: number): Words {
  const isRead = state.effect === 'read';
  if (state.standing === 'quarantined')
    return {
      state: 'stopped',
      means: isRead
        ? 'Nothing is read from there into the record. What is shown is from the last good reading.'
        : 'Nothing is written there. What was signed waits, and is not lost.',
      next: nextOf(state),
      changes: state.differences.map(changeOf),
    };
  if (state.standing === 'suspect')
    return {
      state: 'shifted',
      means: `It is still used. Each value of ${state.shifts.length === 1 ? 'this field' : 'these fields'} is marked, because it may not mean what it meant before.`,
      next: 'Look at a few of these values in the vendor’s own screens. If you know why they changed, and they are right, press “I know why”. If they are wrong, leave it as it is and tell us.',
      changes: state.shifts.map(shiftOf),
    };
  return {
    state: 'left_out',
    means: 'What is not understood is left out, and not guessed. Everything else is used as before.',
    next: 'Nothing to do at the clinic; we look at the difference that is shown.',
    changes: state.left_out.filter(({ seen_at }) => now_ms - seen_at < LEFT_OUT_MS).map(({ difference }) => changeOf(difference)),
  };
}

function nextOf({ clean }: ContractState): string {
  const { clean_looks } = CONTRACT_LIMITS;
  const so_far = clean === 0 ? 'No look has found it as it was yet' : `It was found as it was ${clean} times in a row`;
  return `Attending looks every five minutes, and sends nothing. ${so_far}; after ${clean_looks} times in a row it goes on by itself. Nothing to do at the clinic: we look at the difference that is shown.`;
}

/** A path, an anchor or a form as a person may read it: `visits › id`. */
function nameOf(where: string): string {
  const steps = where
    .replace(/^\$\.?/, '')
    .split(/\.|\[\]/)
    .filter((step) => step !== '');
  return spoken(steps.length === 0 ? 'the whole answer' : steps.join(' › '));
}

const spoken = (text: string): string => text.replaceAll(UNKNOWN_NAME, 'a name that is not shown').replaceAll('_', ' ');

const SENTENCES: Record<Difference['kind'], (name: string) => string> = {
  added: (name) => `There is a new field: ${name}.`,
  new_value: (name) => `The field ${name} has a value that we do not know.`,
  new_format: (name) => `The field ${name} is written in another way.`,
  missing: (name) => `The field ${name} is gone.`,
  retyped: (name) => `The field ${name} holds something else.`,
  id_form: (name) => `The number in ${name} is of another form.`,
  count: (name) => `The list ${name} holds more or less than it may.`,
  list_moved: (name) => `The list ${name} is not where it was.`,
  paging: (name) => `How the list goes on (${name}) is told in another way.`,
  anchor: (name) => `The place “${name}” on the page is not found as it was.`,
  form: (name) => `The form “${name}” is not what it was.`,
  unreadable: () => 'The answer cannot be read at all.',
};

function changeOf({ kind, where, was, is, times }: Difference): DriftAlert['changes'][number] {
  return {
    says: SENTENCES[kind](nameOf(where)),
    before: spoken(was),
    now: spoken(is) + (times > 1 ? ` (${times} times on one page)` : ''),
  };
}

function shiftOf({ path, psi, emptier_points }: Shift): DriftAlert['changes'][number] {
  const points = Math.round(Math.abs(emptier_points));
  const isEmptier = points > 0 && psi <= 0.25;
  return {
    says: `The values of ${nameOf(path)} are not what they were in the last 28 days.`,
    before: isEmptier ? 'as often empty as usual' : 'spread as usual',
    now: isEmptier
      ? `${points} of a hundred ${emptier_points > 0 ? 'more' : 'fewer'} are empty`
      : `spread in another way${points > 0 ? `, and ${points} of a hundred ${emptier_points > 0 ? 'more' : 'fewer'} are empty` : ''}`,
  };
}
