import * as z from 'zod';
import { shown, system } from './mark.ts';

/** One record system of the clinic, and how it stands. */
export const ConnectionStatus = z.object({
  source: system('code'),
  title: system('term'),
  state: z.enum(['connected', 'degraded', 'disconnected']),
  since: system('instant').optional(),
  domains: z.array(system('code')).describe('what can be asked of it'),
});
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;

/** kept_here: the clinic's own record, in this database. at_rest: nobody is signed in, and nobody needs to be. waiting: it passes by itself. needs_a_person: nothing more is tried
 *  before somebody acts. */
export const CONNECTION_HEALTH = ['kept_here', 'works', 'at_rest', 'signing_in', 'waiting', 'needs_a_person'] as const;

/** A connection as the clinic's people see it. */
export const ConnectionRow = z.object({
  connection_id: system('id'),
  vendor: system('code'),
  health: z.enum(CONNECTION_HEALTH),
  /** How it is and why, and what to do next, for somebody who has never heard of sessions. */
  says: shown(z.string()),
  next: shown(z.string()),
  /** Since when it is so. */
  changed_at: system('instant'),
  /** Of the writes to it. */
  waiting: z.number().int(),
  in_doubt: z.number().int(),
  parked: z.number().int(),
});
export type ConnectionRow = z.infer<typeof ConnectionRow>;

/** How the clinic's record systems stand. */
export interface Connections {
  status(): Promise<ConnectionStatus[]>;
  /** For a person's login; the oldest connection first. */
  list(): Promise<ConnectionRow[]>;
}
