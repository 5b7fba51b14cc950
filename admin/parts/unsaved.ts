/** Edits that were not kept yet survive a walk to another page or a new login, in the memory of this window and nowhere else. */
import type { Payload } from '../api/types.ts';

interface Edit {
  user_id: string;
  version: number;
  payload: Payload;
}
const edits = new Map<string, Edit>();

export const keepEdit = (draft_id: string, edit: Edit) => void edits.set(draft_id, edit);
export const dropEdit = (draft_id: string) => void edits.delete(draft_id);
export const forgetEdits = () => edits.clear();

/** The edit of this person to this version; one of another person or version is never shown. */
export function keptEdit(draft_id: string, of: { user_id: string; version: number }): Payload | undefined {
  const edit = edits.get(draft_id);
  return edit?.user_id === of.user_id && edit.version === of.version ? edit.payload : undefined;
}

/** What this person had written into a version that is no longer there: to be copied, never to be signed. */
export function lostEdit(draft_id: string, of: { user_id: string; version: number }): Payload | undefined {
  const edit = edits.get(draft_id);
  return edit?.user_id === of.user_id && edit.version < of.version ? edit.payload : undefined;
}
