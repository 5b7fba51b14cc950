import { Fault } from './fault.ts';

/** A cursor is the id of the last record given, in base64url: opaque, and no PHI where a URL carries it. */
export function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The record id in a cursor. Throws Fault invalid_input for anything that `cursorOf` did not make. */
export function idOfCursor(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== 16 || bytes.toString('base64url') !== cursor) throw staleCursor();
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const CURSOR_WANTED =
  'not a cursor of this list. Leave it out to begin again, or pass the cursor of the last answer with the same other arguments';

/** For a cursor that reads well but is of another list. */
export function staleCursor(): Fault {
  return new Fault('invalid_input', `cursor: ${CURSOR_WANTED}.`);
}
