// What a function of the database refuses on purpose (guard.refuse), as what its caller may read.
import { Fault, type FaultType } from '../base/fault.ts';
import type { Tx } from './tx.ts';

/** SQLSTATE of guard.refuse; the message is the word of the refusal. */
const REFUSED = 'AT001';

/** The words that a function may refuse with, each as a Fault and what to say. */
export type Refusals = Readonly<Record<string, readonly [FaultType, string]>>;

/** Asks such functions: a refusal that has its words here is thrown as that Fault, anything else as it came. */
export function refusing(tx: Tx, refusals: Refusals): Tx {
  return {
    async rows<R extends object>(sql: string, values: readonly unknown[] = []) {
      try {
        return await tx.rows<R>(sql, values);
      } catch (error) {
        const refusal = error instanceof Error && 'code' in error && error.code === REFUSED ? refusals[error.message] : undefined;
        throw refusal ? new Fault(...refusal) : error;
      }
    },
  };
}
