import * as z from 'zod';
import { clinic, shown, system } from './mark.ts';

/** One call, by whatever door, with the arguments as the audit keeps them: what tells of a person is a keyed hash. */
export const AuditedCall = z.object({
  audit_id: system('id'),
  at: system('instant'),
  user_id: system('id'),
  person: clinic().optional(),
  role: system('code').optional(),
  credential_id: system('id'),
  credential: clinic().optional(),
  tool: shown(z.string()),
  door: system('code'),
  /** Absent while the call runs. */
  status: z.enum(['ok', 'error', 'rate_limited', 'blocked_injection']).optional(),
  outcome: system('code').optional(),
  latency_ms: z.number().int().optional(),
  response_bytes: z.number().int().optional(),
  args_redacted: shown(z.record(z.string(), z.unknown())),
});
export type AuditedCall = z.infer<typeof AuditedCall>;

/** The clinic's audit log; for a login. Throws Fault not_permitted, not_found (cursor). */
export interface Audit {
  /** Calls from `from` until before `to` (clinic days), the newest first, from after the call `after`. */
  list(query: {
    from: string;
    to: string;
    user_id?: string | undefined;
    tool?: string | undefined;
    status?: string | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<{ calls: AuditedCall[]; more: boolean }>;
}
