import type { Allergies } from './allergies.ts';
import type { Appointments } from './appointments.ts';
import type { Approvals } from './approvals.ts';
import type { Audit } from './audit.ts';
import type { Authorizations } from './authorizations.ts';
import type { Balances } from './balances.ts';
import type { Billing } from './billing.ts';
import type { CarePlans } from './care-plans.ts';
import type { Changes } from './changes.ts';
import type { Claims } from './claims.ts';
import type { Conditions } from './conditions.ts';
import type { Connections } from './connections.ts';
import type { Consents } from './consents.ts';
import type { Contacts } from './contacts.ts';
import type { Coverages } from './coverages.ts';
import type { Credentials } from './credentials.ts';
import type { Deliveries } from './deliveries.ts';
import type { Drafts } from './drafts.ts';
import type { Encounters } from './encounters.ts';
import type { Inbox } from './inbox.ts';
import type { IntakeForms } from './intake-forms.ts';
import type { LabOrders } from './lab-orders.ts';
import type { LabSurveys } from './lab-surveys.ts';
import type { Labs } from './labs.ts';
import type { Leads } from './leads.ts';
import type { Measures } from './measures.ts';
import type { Medications } from './medications.ts';
import type { Memberships } from './memberships.ts';
import type { Messages } from './messages.ts';
import type { Notes } from './notes.ts';
import type { Patients } from './patients.ts';
import type { People } from './people.ts';
import type { Practitioners } from './practitioners.ts';
import type { Prescriptions } from './prescriptions.ts';
import type { PriorAuthorizations } from './prior-authorizations.ts';
import type { Profits } from './profits.ts';
import type { References } from './references.ts';
import type { Referrals } from './referrals.ts';
import type { Registrations } from './registrations.ts';
import type { Remittances } from './remittances.ts';
import type { Statements } from './statements.ts';
import type { VendorWrites } from './vendor-writes.ts';
import type { Vitals } from './vitals.ts';
import type { Webhooks } from './webhooks.ts';

/** The map of the clinic: domain name → what can be asked of it. */
export interface Domains {
  patients: Patients & Registrations & Contacts;
  people: People;
  labs: Labs;
  lab_surveys: LabSurveys;
  notes: Notes;
  appointments: Appointments;
  practitioners: Practitioners;
  inbox: Inbox;
  messages: Messages;
  consents: Consents;
  deliveries: Deliveries;
  intake_forms: IntakeForms;
  care_plans: CarePlans;
  referrals: Referrals;
  prior_authorizations: PriorAuthorizations;
  authorizations: Authorizations;
  medications: Medications;
  encounters: Encounters;
  vitals: Vitals;
  conditions: Conditions;
  allergies: Allergies;
  lab_orders: LabOrders;
  prescriptions: Prescriptions;
  coverages: Coverages;
  measures: Measures;
  billing: Billing;
  profits: Profits;
  leads: Leads;
  memberships: Memberships;
  claims: Claims;
  remittances: Remittances;
  balances: Balances;
  statements: Statements;
  connections: Connections;
  vendor_writes: VendorWrites;
  changes: Changes;
  references: References;
  drafts: Drafts;
  approvals: Approvals;
  credentials: Credentials;
  audit: Audit;
  webhooks: Webhooks;
}

export type Domain = keyof Domains;

/** 'labs.list', 'notes.list', … */
export type Capability = { [D in Domain]: `${D}.${keyof Domains[D] & string}` }[Domain];

/** What a tenant's source answers: every domain and every method is optional; presence is the capability. */
export type Source = { readonly [D in Domain]?: Partial<Domains[D]> };

/** The part of the map that the capabilities `C` name. */
export type Needed<C extends Capability> = {
  readonly [D in Domain as Extract<C, `${D}.${string}`> extends never ? never : D]: {
    readonly [M in keyof Domains[D] as `${D}.${M & string}` extends C ? M : never]: Domains[D][M];
  };
};

/** Whether `source` has the method that `capability` names. */
export function supports(source: Source, capability: Capability): boolean {
  const [domain, method] = capability.split('.') as [Domain, string];
  return Object.hasOwn(source[domain] ?? {}, method);
}

/** Hands an operation what it named and nothing else. The caller has checked `supports` for each. */
export function only<C extends Capability>(source: Source, needs: readonly C[]): Needed<C> {
  const picked: Record<string, Record<string, unknown>> = {};
  for (const need of needs) {
    const [domain, method] = need.split('.') as [Domain, string];
    picked[domain] ??= {};
    picked[domain][method] = (source[domain] as Record<string, unknown>)[method];
  }
  return picked as Needed<C>;
}

/** Lays `over` on `under`, method by method. */
export function merge(over: Source, under: Source): Source {
  const domains = new Set([...Object.keys(over), ...Object.keys(under)]) as Set<Domain>;
  return Object.fromEntries([...domains].map((domain) => [domain, { ...under[domain], ...over[domain] }]));
}
