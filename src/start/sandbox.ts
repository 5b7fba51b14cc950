import { generateClinic } from '../../clinic/clinic.ts';
import type { Random } from '../base/random.ts';
import type { Admin } from '../db/pool.ts';
import { mintCredential } from '../governance/issue.ts';
import { ROLES, type Role } from '../governance/roles.ts';
import { createSandboxTenant, tenantExists } from '../governance/users.ts';
import { beginBaseline, noteBaseline } from '../sources/native/baseline.ts';
import { loadRows } from '../sources/native/load.ts';

/** The synthetic clinics that a new folder begins with. */
const CLINICS = ['juniper', 'cedar'] as const;
export const SEED = 2026;

export interface SandboxTenant {
  tenant_id: string;
  name: string;
  source: 'native';
  credentials: { role: Role; token: string }[];
}

/** Seeds the sandbox clinics that are not there yet, each in one transaction with its people and one credential a role, and answers those it made:
 *  their tokens are shown now and never again. `as_of` is the day the two years of history end, YYYY-MM-DD. */
export async function seedSandbox(
  admin: Admin,
  { random, as_of, log }: { random: Random; as_of: string; log: (line: string) => void },
): Promise<SandboxTenant[]> {
  const made: SandboxTenant[] = [];
  for (const clinic of CLINICS) {
    const { tenant, staff, ...rows } = generateClinic({ clinic, seed: SEED, as_of });
    if (await tenantExists(admin, tenant.tenant_id)) continue;
    log(
      `seeding ${tenant.name}: ${rows.patients.length} synthetic patients, ${rows.appointments.length} appointments, ${rows.lab_results.length} lab results …`,
    );
    await admin.query('begin');
    try {
      await createSandboxTenant(admin, random, tenant, staff);
      await beginBaseline(admin);
      await loadRows(admin, rows);
      await noteBaseline(admin, tenant);
      const credentials: SandboxTenant['credentials'] = [];
      for (const { user_id, role } of staff) {
        if (credentials.some((made) => made.role === role)) continue;
        const permissions = role === 'integration' ? ROLES.owner.permissions : undefined;
        const { token } = await mintCredential(admin, random, { tenant_id: tenant.tenant_id, user_id, name: 'first run', permissions });
        credentials.push({ role, token });
      }
      await admin.query('commit');
      made.push({ tenant_id: tenant.tenant_id, name: tenant.name, source: 'native', credentials });
    } catch (error) {
      await admin.query('rollback');
      throw error;
    }
  }
  return made;
}
