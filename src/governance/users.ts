import type { Random } from '../base/random.ts';
import type { Admin } from '../db/pool.ts';
import type { Role } from './roles.ts';

export interface NewTenant {
  tenant_id: string;
  name: string;
  time_zone: string;
}

export interface NewUser {
  user_id: string;
  email: string;
  display_name: string;
  role: Role;
  practitioner_id?: string | undefined;
  /** Whether the person may have credentials. Left out, yes: a sandbox is for trying. */
  use_ai?: boolean | undefined;
}

/** Makes a sandbox clinic with its people and its own audit key. The database refuses any other tier until the addendum exists. */
export async function createSandboxTenant(admin: Admin, random: Random, tenant: NewTenant, users: readonly NewUser[]): Promise<void> {
  await admin.query('insert into data.tenants (tenant_id, name, time_zone) values ($1, $2, $3)', [
    tenant.tenant_id,
    tenant.name,
    tenant.time_zone,
  ]);
  await admin.query("insert into guard.tenant_keys (tenant_id, purpose, version, key) values ($1, 'audit', 1, $2)", [
    tenant.tenant_id,
    random.bytes(32),
  ]);
  await admin.query(
    `insert into data.users (tenant_id, id, email, display_name, role, practitioner_id, use_ai)
     select $1, user_id, email, display_name, role, practitioner_id, coalesce(use_ai, true)
     from jsonb_to_recordset($2) u (user_id uuid, email text, display_name text, role text, practitioner_id uuid, use_ai boolean)`,
    [tenant.tenant_id, JSON.stringify(users)],
  );
}

/** Whether a clinic is there already. */
export async function tenantExists(admin: Admin, tenant_id: string): Promise<boolean> {
  const { rowCount } = await admin.query('select from data.tenants where tenant_id = $1', [tenant_id]);
  return rowCount === 1;
}

export interface Listed {
  tenant_id: string;
  tenant: string;
  user_id: string;
  email: string;
  role: Role;
}

/** The people of a clinic (by its id), for the command line. */
export async function listUsers(admin: Admin): Promise<Listed[]> {
  const { rows } = await admin.query(
    `select t.tenant_id, t.name as tenant, u.id as user_id, u.email, u.role from data.users u join data.tenants t on t.tenant_id = u.tenant_id
     where u.active order by t.name, u.role, u.email`,
  );
  return rows;
}
