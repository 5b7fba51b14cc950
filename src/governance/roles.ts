import type { Drafting, Permission, Signing, Toolset } from '../operations/operation.ts';

/** What a role may do, as an allow list (mission.md, "Roles"): what is not written here is not permitted. `finance` is whose money the role sees (M33). */
interface Rights {
  /** What it may read, by a credential and by a login. */
  readonly permissions: readonly Permission[];
  /** What its credentials may draft. */
  readonly drafts: readonly Drafting[];
  /** What its people may sign; guard.signing holds the same, with what needs a licence. */
  readonly signs: readonly Signing[];
  /** What else its people may do at the desk and in the house. */
  readonly desk: readonly Permission[];
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
const everyone = ['connections:read', 'references:read', 'changes:read', 'drafts:read', 'vendor_writes:read'] as const;
const clinical = [...everyone, ...patients, ...scheduling, ...chart, ...results, ...coverage, ...quality, ...practice] as const;

const clinician_drafts = [
  'notes:draft',
  'messages:draft',
  'vitals:draft',
  'orders:draft',
  'inbox:draft',
  'referrals:draft',
  'prior_authorizations:draft',
  'care_plans:draft',
  'appointments:draft',
] as const;
/** Who stands at the door: registers people, keeps their contact details, hands out forms. */
const door_drafts = ['patients:draft', 'contacts:draft', 'intake_forms:draft'] as const;
const door_signs = ['sign_patients', 'sign_contacts', 'sign_intake_forms'] as const;
const physician_signs = [
  'edit_charts',
  'send_messages',
  'sign_vitals',
  'sign_orders',
  'sign_tasks',
  'sign_referrals',
  'sign_prior_authorizations',
  'sign_care_plans',
  'sign_appointments',
] as const;
/** Whoever signs decides, of the kinds that she signs, on what could not be carried out for certain. */
const reviewer = ['drafts:review', 'holds:review', 'vendor_writes:resolve'] as const;
/** What patients said of text messages, and what became of those that were signed. */
const messenger = ['consents:read', 'consents:record', 'deliveries:read'] as const;
/** Whoever signs what can be approved ahead may sign a rule for it. */
const approver = [...reviewer, 'approvals:read', 'approvals:manage'] as const;
/** Who sits where the vendor's code arrives, and knows the account. guard.why_not_restore holds the same. */
const restorer = ['connections:restore'] as const;
const manager = [
  'people:read',
  'people:manage',
  'credentials:read',
  'credentials:manage',
  'audit:read',
  'webhooks:read',
  'webhooks:manage',
  'connections:manage',
] as const;

/** What is shown at first; the rest is asked for by name: ?toolsets=coverage,quality. */
const SHOWN = {
  owner: ['patients', 'scheduling', 'chart', 'results', 'finance'],
  clinician: ['patients', 'scheduling', 'chart', 'results', 'practice'],
} as const satisfies Record<string, readonly Toolset[]>;

export const ROLES = {
  owner: {
    permissions: [...clinical, ...billing, ...finance],
    drafts: [...clinician_drafts, ...door_drafts, 'remittances:draft'],
    signs: [...physician_signs, ...door_signs, 'sign_payment_postings'],
    desk: [...approver, ...messenger, ...restorer, ...manager],
    finance: 'all',
    shown: SHOWN.owner,
  },
  physician: {
    permissions: [...clinical, 'billing:read'],
    drafts: clinician_drafts,
    signs: physician_signs,
    desk: [...approver, ...messenger],
    finance: 'own',
    shown: SHOWN.clinician,
  },
  nurse: {
    permissions: clinical,
    drafts: clinician_drafts,
    signs: ['send_messages', 'sign_vitals', 'sign_tasks', 'sign_care_plans', 'sign_appointments'],
    desk: [...approver, ...messenger],
    finance: 'none',
    shown: SHOWN.clinician,
  },
  /** Of the inbox, what is not clinical: get_inbox sees to it. */
  front_desk: {
    permissions: [...everyone, ...patients, ...scheduling, ...coverage, ...practice],
    drafts: ['messages:draft', 'appointments:draft', ...door_drafts],
    signs: ['sign_appointments', ...door_signs],
    desk: [...approver, ...messenger, ...restorer],
    finance: 'none',
  },
  scheduler: {
    permissions: [...everyone, ...patients, ...scheduling, ...coverage],
    drafts: ['appointments:draft'],
    signs: ['sign_appointments'],
    desk: approver,
    finance: 'none',
  },
  biller: {
    permissions: [...everyone, ...patients, ...coverage, ...billing, ...finance],
    drafts: ['remittances:draft', 'prior_authorizations:draft'],
    signs: ['sign_payment_postings'],
    desk: [...approver, ...restorer],
    finance: 'all',
  },
  quality: {
    permissions: [...everyone, ...patients, ...chart, ...results, ...quality],
    drafts: ['care_plans:draft'],
    signs: [],
    desk: [],
    finance: 'none',
  },
  /** Sees no record, so it has no reference and no change to read either. */
  compliance: {
    permissions: ['connections:read'],
    drafts: [],
    signs: [],
    desk: ['audit:read', 'people:read', 'credentials:read', 'holds:review', 'webhooks:read'],
    finance: 'none',
  },
  /** A program: what the owner granted it, row by row, out of what an owner may read. */
  integration: { permissions: [], drafts: [], signs: [], desk: [], finance: 'none', shown: SHOWN.owner },
} as const satisfies Record<string, Rights>;

export type Role = keyof typeof ROLES;

/** What a model is shown of a role's tools where nobody says which. */
export function shownTo(role: Role): ReadonlySet<Toolset> | undefined {
  const { shown }: Rights = ROLES[role];
  return shown && new Set(shown);
}

/** Which way in: a credential never signs and manages nothing; a login drafts nothing. */
export type Way = 'credential' | 'login' | 'job';

/** The rights of a credential or a login: its role's; an integration's are those granted to it and no others. */
export function permissionsOf(
  role: Role,
  granted: readonly string[] | null,
  way: Way = 'credential',
): { permissions: ReadonlySet<Permission>; finance: Rights['finance'] } {
  const rights: Rights = ROLES[role];
  if (role !== 'integration') {
    const more = way === 'login' ? [...rights.signs, ...rights.desk] : rights.drafts;
    return { permissions: new Set<Permission>([...rights.permissions, ...more]), finance: rights.finance };
  }
  const { permissions, drafts } = ROLES.owner;
  const permitted = [...permissions, ...drafts].filter((permission) => granted?.includes(permission));
  const tells_of_money = permitted.some((permission) => ([...billing, ...finance] as readonly Permission[]).includes(permission));
  return { permissions: new Set<Permission>(permitted), finance: tells_of_money ? 'all' : 'none' };
}
