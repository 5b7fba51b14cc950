// The same read asked twice at once is sent once: whoever asks while it is under way, or shortly after it was answered, is answered with it. Only for the same role of the same
// clinic's connection: what one role may see says nothing of what another may. The answers themselves are kept by the interpreter, under the id of the call that got them.
import { type Machine, unmoved } from './machine.ts';

/** How long an answer serves who comes after it: an AI asks the same twice within a few seconds; a person who reloads a page wants it new. */
const SERVES_MS = 3000;

export interface Question {
  readonly tenant_id: string;
  readonly connection_id: string;
  /** Of the asker at the vendor: the account's role there, and what of it the asker's credential may see. */
  readonly role: string;
  /** Of the whole request: no part of it is kept. */
  readonly request_sha256: string;
}

interface Shared extends Question {
  /** Of the call that was sent. */
  readonly call_id: string;
  /** Who waits for it, besides. */
  readonly joined: readonly string[];
  /** null: under way. */
  readonly answered_at: number | null;
  /** Something was written since it was sent: who asks now is not answered with it. */
  readonly isOld: boolean;
}

export type CoalesceState = readonly Shared[];

export type CoalesceEvent =
  | { readonly type: 'asked'; readonly call_id: string; readonly question: Question }
  /** `isGood`: it may serve others. What went wrong is told to those who wait, and to nobody after them. */
  | { readonly type: 'answered'; readonly call_id: string; readonly isGood: boolean }
  /** Something was sent that may change what is read there. */
  | { readonly type: 'wrote'; readonly tenant_id: string; readonly connection_id: string }
  | { readonly type: 'woke' };

export type CoalesceEffect =
  | { readonly type: 'send'; readonly call_id: string }
  /** `call_id` has the answer that the call `of` got. */
  | { readonly type: 'answer'; readonly call_id: string; readonly of: string }
  /** The answer of that call is wanted no more. */
  | { readonly type: 'forget'; readonly call_id: string }
  | { readonly type: 'wake'; readonly at: number };

export const coalesce: Machine<CoalesceState, CoalesceEvent, CoalesceEffect> = (before, event, now) => {
  const { kept: state, forgotten } = forget(before, ({ answered_at }) => answered_at !== null && now - answered_at >= SERVES_MS);
  switch (event.type) {
    case 'asked': {
      const { call_id, question } = event;
      if (state.some((shared) => shared.call_id === call_id || shared.joined.includes(call_id))) return { state, effects: forgotten };
      const same = state.find((shared) => !shared.isOld && isSame(shared, question));
      if (!same) {
        const { tenant_id, connection_id, role, request_sha256 } = question;
        const sent = { tenant_id, connection_id, role, request_sha256, call_id, joined: [], answered_at: null, isOld: false };
        return { state: [...state, sent], effects: [...forgotten, { type: 'send', call_id }] };
      }
      if (same.answered_at !== null) return { state, effects: [...forgotten, { type: 'answer', call_id, of: same.call_id }] };
      return {
        state: state.map((shared) => (shared === same ? { ...same, joined: [...same.joined, call_id] } : shared)),
        effects: forgotten,
      };
    }
    case 'answered': {
      const shared = state.find(({ call_id, answered_at }) => call_id === event.call_id && answered_at === null);
      if (!shared) return { state, effects: forgotten };
      const others = state.filter((each) => each !== shared);
      const told = [shared.call_id, ...shared.joined].map((call_id) => ({ type: 'answer' as const, call_id, of: shared.call_id }));
      if (!event.isGood) return { state: others, effects: [...forgotten, ...told, { type: 'forget', call_id: shared.call_id }] };
      return {
        state: [...others, { ...shared, joined: [], answered_at: now }],
        effects: [...forgotten, ...told, { type: 'wake', at: now + SERVES_MS }],
      };
    }
    case 'wrote': {
      const isThere = ({ tenant_id, connection_id }: Shared) => tenant_id === event.tenant_id && connection_id === event.connection_id;
      const { kept, forgotten: outdated } = forget(state, (shared) => isThere(shared) && shared.answered_at !== null);
      return { state: kept.map((shared) => (isThere(shared) ? { ...shared, isOld: true } : shared)), effects: [...forgotten, ...outdated] };
    }
    case 'woke':
      return { state, effects: forgotten };
    default:
      event satisfies never;
      return unmoved(before);
  }
};

function forget(state: CoalesceState, isOver: (shared: Shared) => boolean): { kept: CoalesceState; forgotten: CoalesceEffect[] } {
  const over = state.filter(isOver);
  if (over.length === 0) return { kept: state, forgotten: [] };
  return { kept: state.filter((shared) => !over.includes(shared)), forgotten: over.map(({ call_id }) => ({ type: 'forget', call_id })) };
}

function isSame(one: Question, other: Question): boolean {
  return (
    one.tenant_id === other.tenant_id &&
    one.connection_id === other.connection_id &&
    one.role === other.role &&
    one.request_sha256 === other.request_sha256
  );
}
