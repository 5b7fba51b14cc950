// What the machines of a connection are: pure functions. Nothing here or in a machine waits, draws lots, asks the time or speaks to anybody; the interpreter does, by its ports.

/** What a machine has decided: the state that is stored, and what is to be done once it is. State and effects are stored in one transaction, before any effect runs. */
export interface Step<State, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** `now` is Unix time in milliseconds, by the clock of whoever asks. An event that has no meaning in a state changes nothing and never throws: it answers the very same state
 *  and no effect. */
export type Machine<State, Event, Effect> = (state: State, event: Event, now: number) => Step<State, Effect>;

/** The event has no meaning here. */
export function unmoved<State>(state: State): Step<State, never> {
  return { state, effects: [] };
}
