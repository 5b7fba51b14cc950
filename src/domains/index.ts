import type { Appointments } from './appointments.ts';
import type { Connections } from './connections.ts';
import type { Labs } from './labs.ts';
import type { Medications } from './medications.ts';
import type { Notes } from './notes.ts';
import type { Patients } from './patients.ts';
import type { References } from './references.ts';

/** The map of the clinic: domain name → what can be asked of it. */
export interface Domains {
  patients: Patients;
  labs: Labs;
  notes: Notes;
  appointments: Appointments;
  medications: Medications;
  connections: Connections;
  references: References;
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
