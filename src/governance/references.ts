import { Fault } from '../base/fault.ts';
import type { Tx } from '../db/tx.ts';
import type { References } from '../domains/references.ts';
import type { Principal } from './principal.ts';

/** How long a reference can be read. */
export const REFERENCE_LIFE_MS = 24 * 60 * 60 * 1000;

/** The book of outside text for one principal: its own references, and only while it still may read what they came from. */
export function openReferences(tx: Tx, principal: Principal, now: Date): References {
  const found = async (ref: string) => {
    const [row] = await tx.rows<{ kind: 'patient_reported'; said_on: string | null; text: string; permission: string }>(
      'select kind, said_on, text, permission from text_refs where ref = $1 and expires_at > $2',
      [ref, now.toISOString()],
    );
    return row && (principal.permissions as ReadonlySet<string>).has(row.permission) ? row : undefined;
  };
  return {
    async quote({ ref }) {
      const row = await found(ref);
      if (!row)
        throw new Fault(
          'invalid_input',
          `{{${ref}}}: no such reference for this user, or it is older than 24 hours. Call the tool that gave it again.`,
        );
      return { ref, kind: row.kind, ...(row.said_on !== null && { said_on: row.said_on }), text: row.text };
    },
    async read({ ref }) {
      const row = await found(ref);
      if (!row)
        throw new Fault('not_found', 'No such reference for this user, or it is older than 24 hours. Call the tool that gave it again.');
      return { ref, kind: row.kind, ...(row.said_on !== null && { on: row.said_on }), characters: row.text.length, text: row.text };
    },
  };
}
