// Issues, lists and revokes credentials: acts of the migrator's command line, each with its audit rows (M43).
import type { Random } from '../base/random.ts';
import type { Admin } from '../db/pool.ts';
import type { Permission, Toolset } from '../operations/operation.ts';
import { mintToken } from './credentials.ts';

export interface Issued {
  credential_id: string;
  /** Shown once: nothing that is kept leads back to it. */
  token: string;
}

/** Mints a bearer for one user, whom the clinic lets use an AI. `permissions` is for role integration: what its owner grants it. `toolsets`: what it is held to; left out, all of its role. */
export async function mintCredential(
  admin: Admin,
  random: Random,
  {
    tenant_id,
    user_id,
    name,
    permissions,
    toolsets,
  }: {
    tenant_id: string;
    user_id: string;
    name: string;
    permissions?: readonly Permission[] | undefined;
    toolsets?: readonly Toolset[] | undefined;
  },
): Promise<Issued> {
  const { token, hash } = mintToken(random);
  const [credential_id, audit_id] = [random.uuid(), random.uuid()];
  const { rowCount } = await admin.query(
    `with made as (
       insert into guard.grants (id, hash, kind, tenant_id, user_id, name, permissions, toolsets)
       select $3, $4, 'credential', u.tenant_id, u.id, $5, $6, $8 from data.users u where u.tenant_id = $1 and u.id = $2 and u.active and (u.use_ai or u.role = 'integration')
       returning id as credential_id, tenant_id, user_id
     ) ${recorded('made', '$7', 'mint_credential')}`,
    [tenant_id, user_id, credential_id, hash, name, permissions ?? null, audit_id, toolsets ?? null],
  );
  if (rowCount !== 1) throw new Error('There is no such active user in this clinic who may use an AI: no credential was made.');
  return { credential_id, token };
}

export interface Listed {
  credential_id: string;
  tenant: string;
  email: string;
  role: string;
  name: string;
  toolsets: string[] | null;
  state: 'live' | 'expired' | 'revoked';
  created_at: Date;
  last_call_at: Date | null;
}

/** Every credential, newest first; none of their secrets. */
export async function listCredentials(admin: Admin): Promise<Listed[]> {
  const { rows } = await admin.query<Listed>(
    `select g.id as credential_id, t.name as tenant, u.email, u.role, g.name, g.toolsets, g.created_at,
       case when g.revoked_at is not null then 'revoked' when g.expires_at <= now() then 'expired' else 'live' end as state,
       (select max(l.created_at) from data.mcp_audit_log l where l.tenant_id = g.tenant_id and l.credential_id = g.id and l.tool_name not in ('mint_credential', 'revoke_credential')) as last_call_at
     from guard.grants g join data.tenants t on t.tenant_id = g.tenant_id join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id
     where g.kind = 'credential' order by g.created_at desc, g.id`,
  );
  return rows;
}

/** Ends a credential: its next call answers 401, and so does one that has begun and not yet read. Answers false where there is no live one with this id. */
export async function revokeCredential(admin: Admin, random: Random, credential_id: string): Promise<boolean> {
  const { rowCount } = await admin.query(
    `with ended as (
       update guard.grants set revoked_at = clock_timestamp() where id = $1 and revoked_at is null returning id as credential_id, tenant_id, user_id
     ) ${recorded('ended', '$2', 'revoke_credential')}`,
    [credential_id, random.uuid()],
  );
  return rowCount === 1;
}

/** The rest of a statement that records what its CTE `of` did (credential_id, tenant_id, user_id), as a call by command: both or neither. */
function recorded(of: string, id: '$2' | '$7', act: string): string {
  return `, intent as (
       insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door)
       select tenant_id, ${id}::uuid, user_id, credential_id, '${act}', '{}', ${id}::uuid, 'command' from ${of}
     ), log as (
       insert into data.mcp_audit_log (id, tenant_id, user_id, credential_id, tool_name, args_redacted, response_bytes, latency_ms, status, created_at)
       select ${id}::uuid, tenant_id, user_id, credential_id, '${act}', '{}', 0, 0, 'ok', clock_timestamp() from ${of}
     )
     insert into data.mcp_audit_ext (tenant_id, audit_id, outcome) select tenant_id, ${id}::uuid, 'ok' from ${of}`;
}
