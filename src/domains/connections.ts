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
export const CONNECTION_HEALTH = ['kept_here', 'works', 'at_rest', 'signing_in', 'waiting', 'needs_a_person', 'paused'] as const;

/** What a person can do about a connection. try_once: one sign-in, and no second by itself. */
export const CONNECTION_ACTS = ['try_once', 'enter_password', 'enter_code', 'pause', 'resume'] as const;

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
  /** What the caller can do about it, the likeliest first. */
  acts: z.array(z.enum(CONNECTION_ACTS)),
  /** Before then the account is left alone: the vendor keeps it locked, or somebody else is signed in. */
  try_at: system('instant').optional(),
  /** What a person did last. waits: not begun yet. not_now: it had no meaning any more, or was too much. too_late: nobody could begin it in time. */
  last_act: z
    .object({
      act: z.enum(CONNECTION_ACTS),
      by: shown(z.string()),
      at: system('instant'),
      outcome: z.enum(['waits', 'begun', 'done', 'not_now', 'too_late']),
    })
    .optional(),
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
  /** For a person's login; `entered` with a password or a code. It is begun soon after. Throws Fault not_found, not_permitted, mfa_needed, conflict. */
  act(wanted: { connection_id: string; act: (typeof CONNECTION_ACTS)[number]; entered?: string | undefined }): Promise<void>;
}
