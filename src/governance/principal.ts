import type { Caller } from '../operations/operation.ts';
import type { Role } from './roles.ts';

/** Who calls: one credential = one user = one clinic = one role (M3). Made only from what the database says of a live credential. */
export interface Principal extends Caller {
  readonly credential_id: string;
  readonly role: Role;
  readonly tenant_name: string;
  readonly time_zone: string;
  /** Present exactly where a person is signed in: at the door admin. */
  readonly login?: { readonly mfa_at: string | null; readonly mfa_fresh: boolean };
  readonly connections: readonly { id: string; vendor: string; settings: unknown; modules: readonly string[] }[];
}
