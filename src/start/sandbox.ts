import { generateClinic } from '../../clinic/clinic.ts';
import type { Clinic } from '../../clinic/rows.ts';
import { SITES } from '../../clinic/sites.ts';
import type { Random } from '../base/random.ts';
import type { Admin } from '../db/pool.ts';
import { mintCredential } from '../governance/issue.ts';
import { type GivenLogin, giveLicences, giveLogins, type Licence } from '../governance/logins-given.ts';
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
  /** Who can sign in at /admin: one person a role. The secret is what an authenticator app asks for. */
  staff: { role: Role; email: string; password: string; totp_secret: string }[];
}

/** Seeds the sandbox clinics that are not there yet, each in one transaction with its people, one credential and one login a role, and licences of the clinicians,
 *  and answers those it made: their tokens and passwords are shown now and never again. `as_of` is the day the two years of history end, YYYY-MM-DD;
 *  `password_cost` is for tests. */
export async function seedSandbox(
  admin: Admin,
  { random, as_of, log, password_cost }: { random: Random; as_of: string; log: (line: string) => void; password_cost?: number },
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
      const workers = staff.filter(({ role }, at) => role !== 'integration' && staff.findIndex((each) => each.role === role) === at);
      const { tenant_id, name } = tenant;
      const given = await giveLogins(
        admin,
        random,
        workers.map(({ user_id, email }) => ({ tenant_id, user_id, email, clinic: name })),
        password_cost,
      );
      const logins = workers.map(({ role, email }, at) => ({ role, email, ...(given[at] as GivenLogin) }));
      await giveLicences(
        admin,
        random,
        tenant_id,
        licencesOf({ staff, practitioners: rows.practitioners }, { state: SITES[clinic].state, as_of }),
      );
      await admin.query('commit');
      made.push({ tenant_id, name, source: 'native', credentials, staff: logins });
    } catch (error) {
      await admin.query('rollback');
      throw error;
    }
  }
  return made;
}

const LICENCE_OF: Record<string, string> = { 'FNP-BC': 'NP', DNP: 'NP', 'PA-C': 'PA' };

/** Physicians and nurses have one; the owner, who sees patients too, has what the clinic records of the owner: nothing yet. */
function licencesOf(
  { staff, practitioners }: Pick<Clinic, 'staff' | 'practitioners'>,
  { state, as_of }: { state: string; as_of: string },
): Licence[] {
  const year = Number(as_of.slice(0, 4));
  return staff
    .filter(({ role }) => role === 'physician' || role === 'nurse')
    .map(({ user_id, practitioner_id }) => {
      const credentials = practitioners.find(({ id }) => id === practitioner_id)?.credentials ?? 'RN';
      const kind = LICENCE_OF[credentials] ?? credentials;
      return { user_id, practitioner_id, kind, state, issued_on: `${year - 4}-07-01`, expires_on: `${year + 2}-06-30` };
    });
}
