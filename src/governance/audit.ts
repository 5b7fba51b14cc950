import { grouped } from '../base/group.ts';
import { type Pool, query } from '../db/pool.ts';
import type { Tx } from '../db/tx.ts';
import type { Door } from '../operations/operation.ts';
import type { TextRef } from './contain.ts';

/** What the database says of a live credential, or of a live login. */
export interface Identity {
  grant_id: string;
  /** Of a login: when its person last gave a second factor, and whether that is within the clinic's mfa_minutes. */
  mfa_at: string | null;
  mfa_fresh: boolean;
  kind: 'credential' | 'login' | 'job';
  tenant_id: string;
  user_id: string;
  role: string;
  permissions: string[] | null;
  toolsets: string[] | null;
  practitioner_id: string | null;
  tenant_name: string;
  time_zone: string;
  connections: { id: string; vendor: string; settings: unknown; modules: string[] }[];
}

export interface Intent {
  id: string;
  request_id: string;
  tool_name: string;
  args_redacted: Record<string, unknown>;
  door: Door;
  /** Self-reported: kept for support, never evidence. */
  client: Record<string, string>;
}

export interface Ending {
  status: 'ok' | 'error' | 'rate_limited' | 'blocked_injection';
  /** `ok`, or the type of the refusal. */
  outcome: string;
  response_bytes: number;
  latency_ms: number;
  /** Keyed hashes of the patients whose data was asked or answered. */
  subjects: readonly string[];
  refs: readonly (TextRef & { permission: string; expires_at: string })[];
  delivered: readonly { path: string; characters: number; ref?: string }[];
}

/** Who a credential is, with its clinic's audit key; undefined for one that may not call. Writes nothing. */
export async function identify(pool: Pool, hash: Buffer): Promise<(Identity & { audit_key: Buffer }) | undefined> {
  const [row] = await query<Identity & { audit_key: Buffer }>(pool, 'select * from app.identify($1)', [hash]);
  return row;
}

/** The two rows of every call. Calls that arrive, or end, while a commit is under way share the next one. */
export interface Books {
  /** Authenticates a call and commits its intent row; undefined, and nothing written, for a credential that may not call. */
  begin(hash: Buffer, intent: Intent): Promise<Identity | undefined>;
  /** Commits the final row, the references made and the taint raised, all or nothing. Rejects when that did not happen: then there is no answer. */
  finish(hash: Buffer, id: string, ending: Ending): Promise<void>;
}

/** SQLSTATE classes of what one call's data can break: data, integrity, access and syntax. */
const isOfOne = (error: unknown) => error instanceof Error && 'code' in error && /^(22|23|42)/.test(String(error.code));

/** Opens the audit books. Each call is judged under its own credential, and one that the database refuses takes no other with it. */
export function openBooks(pool: Pool): Books {
  const begin = grouped(
    async (calls: readonly { hash: Buffer; intent: Intent }[]) => {
      const asked = calls.map(({ hash, intent: { tool_name, args_redacted, ...intent } }, n) => ({
        n,
        hash: hash.toString('hex'),
        ...intent,
        tool: tool_name,
        args: args_redacted,
      }));
      const rows = await query<Identity & { n: number }>(pool, 'select * from app.begin_many($1)', [JSON.stringify(asked)]);
      const found = new Map(rows.map((row) => [row.n, row]));
      return calls.map((_, n) => found.get(n));
    },
    { isOfOne },
  );
  const finish = grouped(
    async (calls: readonly { hash: Buffer; id: string; ending: Ending }[]) => {
      const ended = calls.map(({ hash, id, ending: { response_bytes, latency_ms, refs, delivered, ...ending } }) => ({
        hash: hash.toString('hex'),
        id,
        ...ending,
        bytes: response_bytes,
        latency_ms: Math.round(latency_ms),
        refs: refs.length > 0 ? refs : null,
        delivered: delivered.length > 0 ? delivered : null,
      }));
      await query(pool, 'select app.finish_many($1)', [JSON.stringify(ended)]);
      return calls.map(() => undefined);
    },
    { isOfOne },
  );
  return { begin: (hash, intent) => begin({ hash, intent }), finish: (hash, id, ending) => finish({ hash, id, ending }) };
}

/** The final row in the transaction of the call itself, for a call that changed something. */
export async function finishIn(tx: Tx, hash: Buffer, id: string, { refs, delivered, subjects, ...ending }: Ending): Promise<void> {
  await tx.rows('select app.finish($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    hash,
    id,
    ending.status,
    ending.outcome,
    ending.response_bytes,
    Math.round(ending.latency_ms),
    subjects,
    refs.length > 0 ? JSON.stringify(refs) : null,
    delivered.length > 0 ? JSON.stringify(delivered) : null,
  ]);
}

/** Notes a call that no clinic answers for, in edge_log: the first 64 bits of the token's hash, never the token. */
export async function noteAtEdge(
  pool: Pool,
  knock: { reason: 'missing' | 'malformed' | 'unknown' | 'suppressed'; hash?: Buffer; door: Door; ip: string; count?: number },
): Promise<void> {
  await query(pool, 'select app.note_at_edge($1, $2, $3, $4, $5)', [
    knock.reason,
    knock.hash ?? null,
    knock.door,
    knock.ip,
    knock.count ?? 1,
  ]);
}

/** Ends the intents older than `age_ms` that have no final row (a crash took their call). Answers how many. */
export async function sweepOrphans(pool: Pool, age_ms: number): Promise<number> {
  const [row] = await query<{ closed: number }>(pool, "select app.sweep($1 * interval '1 millisecond') as closed", [age_ms]);
  return row?.closed ?? 0;
}
