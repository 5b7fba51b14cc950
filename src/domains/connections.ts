import * as z from 'zod';
import { clear, recordId, shown, system } from './mark.ts';

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

/** stopped: nothing is written there, or read from there. shifted: it is used, and its values are marked. left_out: it is used, but for what is not understood. */
export const DRIFT_STATES = ['stopped', 'shifted', 'left_out'] as const;

/** What a vendor changed without a word, at one of its pages or answers. It holds no value of a record. */
export const DriftAlert = z.object({
  alert_id: system('id'),
  /** As it was shown; to be given back where it is cleared. */
  revision: z.number().int(),
  vendor: system('code'),
  /** Which page or answer of the vendor. */
  surface: shown(z.string()),
  /** Of what we rely on there. */
  version: z.number().int(),
  state: z.enum(DRIFT_STATES),
  /** When it was found so. */
  changed_at: system('instant'),
  means: shown(z.string()),
  next: shown(z.string()),
  /** The gravest first. */
  changes: z.array(z.object({ says: shown(z.string()), before: shown(z.string()), now: shown(z.string()) })),
  /** Whether it is a person who ends it. */
  may_clear: z.boolean(),
  /** Why not this one. */
  why_not: z.enum(['not_permitted', 'mfa_needed']).optional(),
});
export type DriftAlert = z.infer<typeof DriftAlert>;

export const AlertId = clear(recordId('list_drift_alerts gives it'));

/** How the clinic's record systems stand. */
export interface Connections {
  status(): Promise<ConnectionStatus[]>;
  /** For a person's login; the oldest connection first. */
  list(): Promise<ConnectionRow[]>;
  /** For a person's login; `entered` with a password or a code. It is begun soon after. Throws Fault not_found, not_permitted, mfa_needed, conflict. */
  act(wanted: { connection_id: string; act: (typeof CONNECTION_ACTS)[number]; entered?: string | undefined }): Promise<void>;
  /** For a person's login; what is stopped first. */
  drift(): Promise<DriftAlert[]>;
  /** A person knows why the values of a surface have shifted, and that they are right. Throws Fault not_found, conflict, stale_write, not_permitted, mfa_needed. */
  clearDrift(seen: { alert_id: string; revision: number }): Promise<void>;
}
