import type { Permission } from '../operations/operation.ts';

/** What a role may do, as an allow list (mission.md, "Roles"): what is not written here is not permitted. `finance` is whose money the role sees (M33). */
interface Rights {
  readonly permissions: readonly Permission[];
  readonly finance: 'own' | 'all' | 'none';
}

const record = [
  'patients:read',
  'labs:read',
  'notes:read',
  'appointments:read',
  'medications:read',
] as const satisfies readonly Permission[];
const everyone = ['connections:read', 'references:read'] as const satisfies readonly Permission[];

export const ROLES = {
  owner: { permissions: [...everyone, ...record], finance: 'all' },
  physician: { permissions: [...everyone, ...record], finance: 'own' },
  nurse: { permissions: [...everyone, ...record], finance: 'none' },
  front_desk: { permissions: [...everyone, 'patients:read', 'appointments:read'], finance: 'none' },
  scheduler: { permissions: [...everyone, 'patients:read', 'appointments:read'], finance: 'none' },
  biller: { permissions: [...everyone, 'patients:read'], finance: 'all' },
  quality: { permissions: [...everyone, 'patients:read', 'notes:read', 'labs:read', 'medications:read'], finance: 'none' },
  /** Sees no record, so it has no reference to read either. */
  compliance: { permissions: ['connections:read'], finance: 'none' },
  /** A program: what the owner granted it, row by row, out of what an owner may read. */
  integration: { permissions: [], finance: 'none' },
} as const satisfies Record<string, Rights>;

export type Role = keyof typeof ROLES;

/** The rights of a credential: its role's; an integration's are those granted to it and no others. */
export function permissionsOf(
  role: Role,
  granted: readonly string[] | null,
): { permissions: ReadonlySet<Permission>; finance: Rights['finance'] } {
  const { permissions, finance } = ROLES[role];
  if (role !== 'integration') return { permissions: new Set<Permission>(permissions), finance };
  return { permissions: new Set<Permission>(ROLES.owner.permissions.filter((permission) => granted?.includes(permission))), finance };
}
