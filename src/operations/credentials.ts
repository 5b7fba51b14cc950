import * as z from 'zod';
import { Credential } from '../domains/credentials.ts';
import { clear, phi, recordId, shown, system } from '../domains/mark.ts';
import { operation, TOOLSETS } from './operation.ts';

const CredentialId = clear(recordId('list_credentials gives it'));
const UserId = clear(recordId('list_people gives it'));

export const listCredentials = operation({
  name: 'list_credentials',
  title: 'Credentials',
  description:
    'Every AI credential of the clinic, the newest first: whose it is, what it is held to, when it was last used. Never its secret.',
  toolset: 'always',
  rest: 'GET /credentials',
  doors: ['admin'],
  permission: 'credentials:read',
  effect: 'read',
  needs: ['credentials.list'],
  input: z.object({}),
  output: z.object({ credentials: z.array(Credential) }),
  run: ({ credentials }) => credentials.list(),
});

export const mintCredential = operation({
  name: 'mint_credential',
  title: 'Make a credential',
  description: 'Makes a credential for a person who may use an AI. Its token is shown once.',
  toolset: 'always',
  rest: 'POST /credentials',
  doors: ['admin'],
  permission: 'credentials:manage',
  effect: 'write',
  needs: ['credentials.mint'],
  input: z.object({
    user_id: UserId,
    name: phi('credential_name', z.string().trim().min(1).max(80)),
    toolsets: z.array(z.enum(TOOLSETS)).min(1).optional(),
  }),
  output: z.object({ credential_id: system('id'), token: shown(z.string()) }),
  run: ({ credentials }, wanted) => credentials.mint(wanted),
});

export const revokeCredential = operation({
  name: 'revoke_credential',
  title: 'Revoke a credential',
  description: 'Ends a credential at once: its next call answers 401.',
  toolset: 'always',
  rest: 'POST /credentials/{credential_id}/revoke',
  doors: ['admin'],
  permission: 'credentials:manage',
  effect: 'write',
  needs: ['credentials.revoke'],
  input: z.object({ credential_id: CredentialId }),
  output: z.object({ credential_id: system('id'), revoked_at: system('instant') }),
  async run({ credentials }, { credential_id }) {
    return { credential_id, ...(await credentials.revoke({ credential_id })) };
  },
});
