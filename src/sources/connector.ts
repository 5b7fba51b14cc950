import type * as z from 'zod';
import type { Dealings } from '../connections/dealings.ts';
import type { Tx } from '../db/tx.ts';
import type { Source } from '../domains/index.ts';

/** One clinic's account with one record system, as the call's context brought it. */
export interface Connection {
  readonly id: string;
  readonly vendor: string;
  readonly settings: unknown;
  readonly modules: readonly string[];
}

/** What a source is opened with: the call's own transaction and calendar. `today` is the clinic's day, YYYY-MM-DD; `now` the instant of the call. */
export interface Surroundings {
  readonly tx: Tx;
  readonly now: Date;
  readonly today: string;
  readonly time_zone: string;
  /** Who has this id once a draft of the caller's is signed that registers her; without it, nobody is on the way. */
  readonly registering?: (patient_id: string) => Promise<{ name: string; birth_date?: string } | undefined>;
}

/** What a vendor folder exports. `open` does no I/O: it answers an object whose methods are the capabilities of this connection. */
export interface Connector<S extends z.ZodObject = z.ZodObject> {
  vendor: string;
  title: string;
  settings: S;
  open(connection: Connection, around: Surroundings): Source;
  /** How its accounts are kept, where it has any to sign in to. */
  dealings?: Dealings;
}
