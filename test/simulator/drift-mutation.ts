import type { SURFACES } from './drift-surfaces.ts';
import type { Chance } from './world.ts';

/** What a vendor does to a page. What has to come of it is said by who wrote it, and not asked of the program. */
export interface Mutation {
  name: string;
  surface: keyof typeof SURFACES;
  /** `break`: nothing of it may be read or sent. `warn`: read, but for what is not understood. `info`: read. `shift`: read, and known within 400 records to lie otherwise. */
  outcome: 'break' | 'warn' | 'info' | 'shift';
  change: (body: string, chance: Chance) => string;
  /** Of a warning: what was put there, and must not be read. */
  planted?: string;
}
