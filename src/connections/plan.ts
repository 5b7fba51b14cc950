// A write to a vendor, planned in the transaction of the signature that it carries out: both are there, or neither. The law is in the database (migration 0035).
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';

/** What a connector has written in place of committing at once. */
export interface PlannedWrite {
  /** The account that it goes to; one of the clinic's own, at a vendor. */
  readonly connection_id: string;
  /** The surface by whose recipe it is sent: `name` of what surface.ts declares. */
  readonly surface: string;
  /** What is sent, made of the signed payload and of nothing else. */
  readonly request: Readonly<Record<string, unknown>>;
}

const REFUSALS: Refusals = {
  bundled: [
    'conflict',
    'This record system has to register the patient first, and other drafts wait for her. Reject those, sign the registration alone, and have them drafted again once she is in the record.',
  ],
};

/** Called by a method of a vendor's source, within the `commit` of a draft that this transaction has signed: has that draft carried out by the write machine, exactly once. The draft stays
 *  signed until the write has ended. `write_id` is what get_operation calls the operation_id; the method answers it where its port wants the id of the record, which nobody knows yet (the
 *  desk does not keep it). Throws Fault conflict; the database's own error where nothing was signed here, for an account of another clinic, and for a second write of one draft. */
export async function planVendorWrite(tx: Tx, { connection_id, surface, request }: PlannedWrite): Promise<{ write_id: string }> {
  const [row] = await refusing(tx, REFUSALS).rows<{ write_id: string }>('select app.plan_vendor_write($1, $2, $3) as write_id', [
    connection_id,
    surface,
    JSON.stringify(request),
  ]);
  if (!row) throw new Error('a planned write answers its id');
  return row;
}
