// A person's login, as the cookie of a sign-in leaves it; the sign-in itself has tests of its own.
import { randomUUID } from 'node:crypto';
import { systemRandom } from '../../src/base/random.ts';
import type { Admin } from '../../src/db/pool.ts';
import { hashOf, mintSecret } from '../../src/governance/credentials.ts';

export interface Login {
  login_id: string;
  user_id: string;
  /** Asks the admin door, and answers the status and the JSON. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; json: Record<string, never> }>;
}

/** Signs the person of a role in who has the credential of the first run; `mfa_minutes_ago`: when the second factor was entered. */
export async function aLogin(
  at: { admin: Pick<Admin, 'query'>; url: string },
  { tenant_id, role, mfa_minutes_ago = 1 }: { tenant_id: string; role: string; mfa_minutes_ago?: number },
): Promise<Login> {
  const { admin } = at;
  const { rows } = await admin.query<{ id: string }>(
    `select u.id from data.users u where u.tenant_id = $1 and u.role = $2
     order by exists (select from guard.grants g where g.user_id = u.id and g.kind = 'credential' and g.name = 'first run') desc, u.id limit 1`,
    [tenant_id, role],
  );
  const user_id = rows[0]?.id;
  if (user_id === undefined) throw new Error(`nobody is ${role} here`);
  const { token } = mintSecret(systemRandom, 'login');
  const login_id = randomUUID();
  await admin.query(
    `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
     values ($1, $2, 'login', $3, $4, 'test', clock_timestamp() - $5 * interval '1 minute', clock_timestamp(), clock_timestamp() + interval '12 hours')`,
    [login_id, hashOf(token), tenant_id, user_id, mfa_minutes_ago],
  );
  return {
    login_id,
    user_id,
    async ask(method, path, body) {
      const response = await fetch(`${at.url}/admin/v1${path}`, {
        method,
        headers: {
          cookie: `attending_login=${token}`,
          'x-attending': '1',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as Record<string, never> };
    },
  };
}
