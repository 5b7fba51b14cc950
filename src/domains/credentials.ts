import * as z from 'zod';
import { clinic, system } from './mark.ts';

/** A credential of an AI: who it acts for, and whether it still does. Never its secret. */
export const Credential = z.object({
  credential_id: system('id'),
  user_id: system('id'),
  person: clinic(),
  role: system('code'),
  name: clinic(),
  toolsets: z.array(system('code')).optional(),
  state: z.enum(['live', 'expired', 'revoked']),
  created_at: system('instant'),
  revoked_at: system('instant').optional(),
  last_call_at: system('instant').optional(),
});
export type Credential = z.infer<typeof Credential>;

/** The clinic's book of AI credentials; for a login. Throws Fault not_permitted, mfa_needed, not_found. */
export interface Credentials {
  list(): Promise<{ credentials: Credential[] }>;
  /** The token is shown once: only its hash is kept. Throws Fault conflict for a person without the grant `use_ai`. */
  mint(wanted: {
    user_id: string;
    name: string;
    toolsets?: readonly string[] | undefined;
  }): Promise<{ credential_id: string; token: string }>;
  revoke(which: { credential_id: string }): Promise<{ revoked_at: string }>;
}
