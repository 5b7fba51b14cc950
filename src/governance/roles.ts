import { type Permission, TOOLSETS, type Toolset } from '../operations/operation.ts';

/** What a role may do, as an allow list (mission.md, "Roles"): what is not written here is not permitted. `finance` is whose money the role sees (M33). */
interface Rights {
  readonly permissions: readonly Permission[];
  readonly finance: 'own' | 'all' | 'none';
  /** What a model is shown where neither the credential nor the URL says it: left out, everything. With all of it, tools/list would pass 32 KB (D1). */
  readonly shown?: readonly Toolset[];
}

// The toolsets of mission.md D1, each with what it asks for.
const patients = ['patients:read', 'intake_forms:read'] as const;
const scheduling = ['appointments:read', 'practitioners:read'] as const;
const chart = ['encounters:read', 'notes:read', 'summaries:read'] as const;
const results = [
  'labs:read',
  'lab_surveys:read',
  'lab_orders:read',
  'vitals:read',
  'medications:read',
  'prescriptions:read',
  'allergies:read',
  'conditions:read',
] as const;
const coverage = ['coverages:read', 'prior_authorizations:read', 'authorizations:read', 'referrals:read'] as const;
const billing = ['claims:read', 'remittances:read', 'balances:read', 'statements:read'] as const;
const finance = ['billing:read', 'profits:read', 'leads:read', 'memberships:read'] as const;
const quality = ['care_plans:read', 'measures:read'] as const;
const practice = ['inbox:read'] as const;
const everyone = ['connections:read', 'references:read', 'changes:read'] as const;
const clinical = [...everyone, ...patients, ...scheduling, ...chart, ...results, ...coverage, ...quality, ...practice] as const;

/** The claims desk is asked for by name: ?toolsets=billing. */
const all_but_billing = TOOLSETS.filter((toolset) => toolset !== 'billing');

export const ROLES = {
  owner: { permissions: [...clinical, ...billing, ...finance], finance: 'all', shown: all_but_billing },
  physician: { permissions: [...clinical, 'billing:read'], finance: 'own' },
  nurse: { permissions: clinical, finance: 'none' },
  /** Of the inbox, what is not clinical: get_inbox sees to it. */
  front_desk: { permissions: [...everyone, ...patients, ...scheduling, ...coverage, ...practice], finance: 'none' },
  scheduler: { permissions: [...everyone, ...patients, ...scheduling, ...coverage], finance: 'none' },
  biller: { permissions: [...everyone, ...patients, ...coverage, ...billing, ...finance], finance: 'all' },
  quality: { permissions: [...everyone, ...patients, ...chart, ...results, ...quality], finance: 'none' },
  /** Sees no record, so it has no reference and no change to read either. */
  compliance: { permissions: ['connections:read'], finance: 'none' },
  /** A program: what the owner granted it, row by row, out of what an owner may read. */
  integration: { permissions: [], finance: 'none', shown: all_but_billing },
} as const satisfies Record<string, Rights>;

export type Role = keyof typeof ROLES;

/** What a model is shown of a role's tools where nobody says which. */
export function shownTo(role: Role): ReadonlySet<Toolset> | undefined {
  const { shown }: Rights = ROLES[role];
  return shown && new Set(shown);
}

/** The rights of a credential: its role's; an integration's are those granted to it and no others. */
export function permissionsOf(
  role: Role,
  granted: readonly string[] | null,
): { permissions: ReadonlySet<Permission>; finance: Rights['finance'] } {
  const rights: Rights = ROLES[role];
  if (role !== 'integration') return { permissions: new Set<Permission>(rights.permissions), finance: rights.finance };
  const permitted = ROLES.owner.permissions.filter((permission) => granted?.includes(permission));
  const tells_of_money = permitted.some((permission) => ([...billing, ...finance] as readonly Permission[]).includes(permission));
  return { permissions: new Set<Permission>(permitted), finance: tells_of_money ? 'all' : 'none' };
}
