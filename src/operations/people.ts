import * as z from 'zod';
import { clear, phi, recordId, system } from '../domains/mark.ts';
import { Invited, Licence, LicenceWords, Login, LoginId, Person, STAFF_ROLES, UserId } from '../domains/people.ts';
import { operation } from './operation.ts';

export const listPeople = operation({
  name: 'list_people',
  title: 'The people of the clinic',
  description: 'Who works here: role, whether active, whether an AI may be used, licence, and whether the person can sign in.',
  toolset: 'always',
  rest: 'GET /people',
  doors: ['admin'],
  permission: 'people:read',
  effect: 'read',
  needs: ['people.list'],
  input: z.object({}),
  output: z.object({ people: z.array(Person) }),
  run: async ({ people }) => ({ people: await people.list() }),
});

export const invitePerson = operation({
  name: 'invite_person',
  title: 'Invite a person',
  description:
    'Makes a link that works once, within 7 days: it sets the password and enrols the second factor. It is shown now and never again.',
  toolset: 'always',
  rest: 'POST /people',
  doors: ['admin'],
  permission: 'people:manage',
  effect: 'write',
  needs: ['people.invite'],
  input: z.object({
    email: phi('email', z.email().max(254)),
    display_name: phi('person', z.string().trim().min(2).max(80)),
    role: z.enum(STAFF_ROLES),
    practitioner_id: clear(recordId('list_practitioners gives it')).optional(),
    use_ai: z.boolean().default(false),
  }),
  output: Invited,
  run: ({ people }, person) => people.invite(person),
});

export const updatePerson = operation({
  name: 'update_person',
  title: 'Change a person’s rights',
  description:
    'Role, whether active, whether an AI may be used. Who is no longer active, or may no longer use one, loses the credentials at once.',
  toolset: 'always',
  rest: 'POST /people/{user_id}',
  doors: ['admin'],
  permission: 'people:manage',
  effect: 'write',
  needs: ['people.update'],
  input: z.object({
    user_id: UserId,
    role: z.enum(STAFF_ROLES).optional(),
    active: z.boolean().optional(),
    use_ai: z.boolean().optional(),
  }),
  output: Person,
  run: ({ people }, change) => people.update(change),
});

export const listLogins = operation({
  name: 'list_logins',
  title: 'Who is signed in',
  description: 'The live logins: who, since when, last seen when, from where.',
  toolset: 'always',
  rest: 'GET /logins',
  doors: ['admin'],
  permission: 'people:read',
  effect: 'read',
  needs: ['people.logins'],
  input: z.object({}),
  output: z.object({ logins: z.array(Login) }),
  run: async ({ people }) => ({ logins: await people.logins() }),
});

export const revokeLogin = operation({
  name: 'revoke_login',
  title: 'End a login',
  description: 'The next request of that browser answers 401.',
  toolset: 'always',
  rest: 'POST /logins/{login_id}/revoke',
  doors: ['admin'],
  permission: 'people:manage',
  effect: 'write',
  needs: ['people.revokeLogin'],
  input: z.object({ login_id: LoginId }),
  output: z.object({ login_id: system('id'), status: z.literal('revoked') }),
  async run({ people }, { login_id }) {
    await people.revokeLogin({ login_id });
    return { login_id, status: 'revoked' as const };
  },
});

export const listLicences = operation({
  name: 'list_licences',
  title: 'Licences on record',
  description: 'What the clinic recorded of its clinicians’ licences. A chart is signed under a live one.',
  toolset: 'always',
  rest: 'GET /licences',
  doors: ['admin'],
  permission: 'people:read',
  effect: 'read',
  needs: ['people.licences'],
  input: z.object({}),
  output: z.object({ licences: z.array(Licence) }),
  run: async ({ people }) => ({ licences: await people.licences() }),
});

export const recordLicence = operation({
  name: 'record_licence',
  title: 'Record a licence',
  description: 'A new licence of a person, or what became of one: kind, number and state say which.',
  toolset: 'always',
  rest: 'POST /licences',
  doors: ['admin'],
  permission: 'people:manage',
  effect: 'write',
  needs: ['people.recordLicence'],
  input: LicenceWords,
  output: Licence,
  run: ({ people }, words) => people.recordLicence(words),
});

export const resetSecondFactor = operation({
  name: 'reset_second_factor',
  title: 'Reset a second factor',
  description:
    'Takes the second factor away and ends the logins. The link, with the person’s own password or a recovery code, enrols a new one.',
  toolset: 'always',
  rest: 'POST /people/{user_id}/second-factor/reset',
  doors: ['admin'],
  permission: 'people:manage',
  effect: 'write',
  needs: ['people.resetSecondFactor'],
  input: z.object({ user_id: UserId }),
  output: Invited,
  run: ({ people }, who) => people.resetSecondFactor(who),
});
