// Logins that the migrator gives: to the people of a sandbox clinic, whose password and TOTP secret stand in first-run.json; and by a link from the command line.
import type { Random } from '../base/random.ts';
import type { Admin } from '../db/pool.ts';
import { mintSecret } from './credentials.ts';
import { newFactor, newRecoveryCodes } from './logins-codes.ts';
import { openPasswords, PASSWORD_COST } from './logins-passwords.ts';

export interface GivenLogin {
  password: string;
  totp_secret: string;
}

export interface ToGive {
  tenant_id: string;
  user_id: string;
  email: string;
  clinic: string;
}

/** Makes the accounts of these people, with random passwords of 120 bits. Answers in the same order; nothing that is kept leads back to a password. */
export async function giveLogins(admin: Admin, random: Random, people: readonly ToGive[], cost = PASSWORD_COST): Promise<GivenLogin[]> {
  const { derive } = openPasswords();
  const { rows: salts } = await admin.query<{ salt: Buffer }>(
    'select guard.salt_of(lower(email)) as salt from unnest($1::text[]) with ordinality e (email, at) order by at',
    [people.map(({ email }) => email)],
  );
  const made = await Promise.all(
    people.map(async (person, at) => {
      const salt = salts[at]?.salt as Buffer;
      const password = random.bytes(15).toString('base64url');
      return { ...person, password, salt, key: await derive(password, salt, cost), factor: newFactor(random, person) };
    }),
  );
  for (const { tenant_id, user_id, email, salt, key, factor } of made)
    await admin.query(
      `with made as (
         insert into guard.staff (tenant_id, user_id, email, salt, cost, verifier, totp_seed) values ($1, $2, lower($3), $4, $5, sha256($6), $7)
       )
       insert into guard.recovery_codes (tenant_id, user_id, hash) select $1, $2, unnest($8::bytea[])`,
      [tenant_id, user_id, email, salt, cost, key, factor.seed, newRecoveryCodes(random).hashes],
    );
  return made.map(({ password, factor }) => ({ password, totp_secret: factor.secret }));
}

/** A link for a person who has none to ask: the first owner, or one who lost everything. It sets a new password and a new second factor, within 7 days, and is
 *  recorded as an act by command. Answers its secret; throws for nobody. */
export async function inviteByCommand(
  admin: Admin,
  random: Random,
  { tenant_id, user_id }: { tenant_id: string; user_id: string },
): Promise<string> {
  const { token, hash } = mintSecret(random, 'invitation');
  const { rowCount } = await admin.query(
    `with who as (
       select u.tenant_id, u.id as user_id from data.users u where u.tenant_id = $1 and u.id = $2 and u.active and u.role <> 'integration'
     ), intent as (
       insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door)
       select tenant_id, $3, user_id, $3, 'invite_person', '{}', $3, 'command' from who
     ), log as (
       insert into data.mcp_audit_log (id, tenant_id, user_id, credential_id, tool_name, args_redacted, response_bytes, latency_ms, status, created_at)
       select $3, tenant_id, user_id, $3, 'invite_person', '{}', 0, 0, 'ok', clock_timestamp() from who
     ), ext as (
       insert into data.mcp_audit_ext (tenant_id, audit_id, outcome) select tenant_id, $3, 'ok' from who
     )
     select guard.invite(tenant_id, user_id, 'join', $4, user_id) from who`,
    [tenant_id, user_id, random.uuid(), hash],
  );
  if (rowCount !== 1) throw new Error('There is no such active person in this clinic: no link was made.');
  return token;
}

export interface Licence {
  user_id: string;
  practitioner_id: string | undefined;
  kind: string;
  state: string;
  issued_on: string;
  expires_on: string;
}

/** A licence record of each of these clinicians: as synthetic as they are. */
export async function giveLicences(admin: Admin, random: Random, tenant_id: string, licences: readonly Licence[]): Promise<void> {
  for (const { user_id, practitioner_id, kind, state, issued_on, expires_on } of licences) {
    const number = `SYN-${random.bytes(4).toString('hex').toUpperCase()}`;
    await admin.query(
      'insert into data.licences (tenant_id, id, practitioner_id, user_id, kind, number, state, issued_on, expires_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [tenant_id, random.uuid(), practitioner_id ?? null, user_id, kind, number, state, issued_on, expires_on],
    );
  }
}
