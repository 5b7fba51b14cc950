// A write to a vendor in the words of somebody who has never heard of sessions or attempts: how it stands, what happened to it, and what each decision on it does.
import { TROUBLES } from './taxonomy.ts';
import type { Attempt, Decision, WriteState } from './write.ts';

type Parked = Extract<WriteState, { is: 'parked' }>;
/** One state that it was in. `by`: the person who decided so. */
export interface Was {
  readonly at: string;
  readonly state: WriteState;
  readonly by?: string;
}
/** `until_ms`: after this moment (Unix ms) nothing of an attempt left us any more. */
export interface Told {
  readonly at: string;
  readonly says: string;
  readonly by?: string;
  readonly until_ms?: number;
}

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);

/** How it stands, and why. */
export function saysOf(state: WriteState): string {
  switch (state.is) {
    case 'planned':
      if (state.waits_for !== undefined) return `It waits to be sent. ${TROUBLES[state.waits_for].says}`;
      return state.attempts === 0 ? 'It waits to be sent.' : 'It waits to be sent again.';
    case 'sending':
      return 'It is being sent now.';
    case 'in_doubt':
      return state.looks === 0
        ? 'No clear answer came, so it may be there or not. It is being looked for, and is not sent again before that is known.'
        : `No clear answer came, so it may be there or not. It was looked for ${times(state.looks)} and is looked for again; it is not sent again before that is known.`;
    case 'confirmed':
      return 'It is there.';
    case 'rejected':
      return TROUBLES[state.trouble].says;
    case 'cancelled':
      return 'It was ended, and nothing more is sent.';
    case 'parked':
      return whyParked(state);
    default:
      return state satisfies never;
  }
}

function whyParked({ why, attempts, found }: Parked): string {
  switch (why) {
    case 'never_found':
      return `It was sent ${times(attempts)}, no clear answer came, and it was never found there. It is not sent again by itself.`;
    case 'cannot_look':
      return 'It was sent and no clear answer came. Since then the list at the vendor could not be read, so nobody knows whether it is there.';
    case 'not_told_apart':
      return found.length === 0
        ? 'It was sent, no clear answer came, and nothing like it was found there. This vendor keeps no mark of ours by which it could be told for certain, so it is not sent again by itself.'
        : `It was sent and no clear answer came. ${found.length} new records there fit it, and none bears a mark that tells which one it is.`;
    case 'found_twice':
      return `It is there ${times(found.length)}: ${found.length} records bear its mark.`;
    case 'changed_by_another':
      return 'The record there reads neither as it did before nor as it was signed: somebody else may have changed it meanwhile.';
    default:
      return why satisfies never;
  }
}

export interface Choice {
  readonly by: Decision['is'];
  readonly does: string;
  /** What whoever decides so says that she has seen. */
  readonly seen?: string;
}

/** What each decision on a parked one does, in the order in which they are offered. */
export function choicesOf({ why }: Parked): Choice[] {
  const more = 'Nothing more is sent.';
  const stays = 'What stands at the vendor stays as it is.';
  switch (why) {
    case 'found_twice': {
      const seen = 'I have looked at the vendor, and none of them is there any more';
      return [
        {
          by: 'there',
          does: `Remove the ones too many at the vendor first; Attending removes nothing there. Then enter the number of the one that stays. ${more}`,
        },
        { by: 'send_again', does: 'Only when all of them were removed at the vendor and it is still wanted: it is sent once more.', seen },
        { by: 'given_up', does: `Only when all of them were removed at the vendor and it is no longer wanted. ${more}`, seen },
      ];
    }
    case 'changed_by_another':
      return [
        { by: 'there', does: `When the record at the vendor is as it should be now. Enter its number. ${more}` },
        {
          by: 'send_again',
          does: 'The record is read again first. Only if it still reads as it did when this was drafted is it written; otherwise this ends as refused.',
          seen: 'I have looked at the record at the vendor, and it may be written',
        },
        { by: 'given_up', does: `When this change is no longer wanted. ${more} ${stays}` },
      ];
    default:
      return [
        { by: 'there', does: `When you have found it at the vendor. Enter its number there: it counts as done. ${more}` },
        {
          by: 'send_again',
          does: 'Only when you have looked and it is not there: it is sent once more. If it is there after all, it will be there twice.',
          seen: 'I have looked at the vendor, and it is not there',
        },
        { by: 'given_up', does: `When it is no longer wanted. ${more} ${stays}` },
      ];
  }
}

/** What happened to it, oldest first, from the states that it was in, in their order. */
export function stepsOf(states: readonly Was[]): Told[] {
  let before: WriteState | undefined;
  return states.map(({ at, state, by }) => {
    const told = {
      at,
      says: stepOf(before, state),
      ...(by !== undefined && { by }),
      ...(state.is === 'sending' && { until_ms: state.attempt.sent_by }),
    };
    before = state;
    return told;
  });
}

function stepOf(before: WriteState | undefined, state: WriteState): string {
  switch (state.is) {
    case 'planned':
      if (before?.is === 'parked') return 'Decided: it is not there, and is sent again.';
      if (before?.is === 'in_doubt') return 'Looked for it once more, long after it could have come: not found. It is sent again.';
      if (state.waits_for === undefined) return saysOf(state);
      return before?.is === 'sending' ? `Nothing was taken. ${saysOf(state)}` : saysOf(state);
    case 'sending':
      return `Attempt ${state.attempt.n}: from now on it may have left.`;
    case 'in_doubt':
      return before?.is === 'in_doubt' ? lookOf(before, state) : 'No clear answer came: it may be there or not.';
    case 'confirmed':
      if (before?.is === 'parked') return `Decided: it is there, as ${state.vendor_id}.`;
      return before?.is === 'in_doubt' ? `Found there, as ${state.vendor_id}.` : `It is there, as ${state.vendor_id}.`;
    case 'rejected':
      return `Ended. ${saysOf(state)}`;
    case 'cancelled':
      return before?.is === 'parked' ? 'Decided: it is given up.' : 'Ended before anything was sent.';
    case 'parked':
      return `It waits for a person. ${saysOf(state)}`;
    default:
      return state satisfies never;
  }
}

type InDoubt = Extract<WriteState, { attempt: Attempt; looks: number }>;
/** What a look found, by what it left of the count of looks in vain. */
function lookOf(before: InDoubt, { negatives }: InDoubt): string {
  if (negatives > before.negatives) return 'Looked for it: not found.';
  return negatives < before.negatives
    ? 'Looked for it: something like it is there, and it is not certain yet.'
    : 'Looked for it: nothing certain could be read.';
}
