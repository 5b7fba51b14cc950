// Staff logins: a password, then a code, then a cookie that is good at the door admin only. What proves a person is compared and counted in the database
// (migration 0014); here passwords are derived, codes computed and secrets minted.
import { Fault } from '../base/fault.ts';
import type { Random } from '../base/random.ts';
import { type Pool, query } from '../db/pool.ts';
import type { Permission } from '../operations/operation.ts';
import { identify } from './audit.ts';
import { principalOf } from './authenticate.ts';
import { hashOf, isSecret, mintSecret, type SecretKind } from './credentials.ts';
import { hashOfRecovery, newFactor, newRecoveryCodes, stepOf } from './logins-codes.ts';
import { openPasswords, PASSWORD_COST, weakness } from './logins-passwords.ts';
import type { Role } from './roles.ts';

/** Where a request comes from. `device`: the cookie of a browser that signed in before. */
export interface Visit {
  ip: string;
  user_agent: string;
  request_id: string;
  device: string | undefined;
}

/** Who is signed in. */
export interface Me {
  user_id: string;
  email: string;
  display_name: string;
  role: Role;
  tenant_id: string;
  clinic: string;
  time_zone: string;
  practitioner_id?: string;
  mfa_at: string | null;
  mfa_fresh: boolean;
  mfa_minutes: number;
  permissions: Permission[];
  licensed: boolean;
}

export interface Code {
  code?: string | undefined;
  recovery_code?: string | undefined;
}

/** Every refusal is Fault unauthenticated in the same words, or too_many_attempts with the seconds to wait. */
export interface Logins {
  /** First half: a challenge that a code answers; or the clinics to choose from, where the e-mail and the password fit more than one. */
  signIn(
    given: { email: string; password: string; clinic?: string | undefined },
    visit: Visit,
  ): Promise<{ challenge: string; needs: 'totp' } | { clinics: { tenant_id: string; name: string }[] }>;
  /** Second half: a login, and the device's new name. Also ends an enrolment. */
  answer(given: Code & { challenge: string }, visit: Visit): Promise<{ token: string; device: string; user: Me }>;
  /** The second factor once more, under a live login. */
  renew(token: string | undefined, given: { code: string }, visit: Visit): Promise<{ mfa_at: string }>;
  whoIs(token: string | undefined): Promise<Me>;
  signOut(token: string | undefined, visit: Visit): Promise<void>;
  /** Begins an enrolment. `password` is the one to have from now on; after a reset of the second factor the one that the person has, unless a recovery code
   *  sets a new one. Throws Fault invalid_input for a weak one. */
  enrol(
    given: { token: string; password: string; recovery_code?: string | undefined },
    visit: Visit,
  ): Promise<{ challenge: string; totp_uri: string; totp_secret: string; recovery_codes: string[] }>;
}

const refused = () => new Fault('unauthenticated', 'That did not fit: the e-mail, the password, the code or the link. Begin again.');
const signedOut = () => new Fault('unauthenticated', 'This needs a login: sign in at /admin.');

/** `cost`: of the passwords that are set here, and of the e-mails that nobody has. */
export function openLogins({ pool, random, cost = PASSWORD_COST }: { pool: Pool; random: Random; cost?: number }): Logins {
  const passwords = openPasswords();

  /** The step that a code is of, paid for. Throws where there is nothing to answer, or not now. */
  const tryCode = async (proof: Buffer, { code }: Code, visit: Visit): Promise<number | null> => {
    const [tried] = await query<{ seed: Buffer | null; now_s: number; retry_after_s: number }>(
      pool,
      'select * from app.try_code($1, $2, $3)',
      [proof, prefixOf(visit.ip), deviceHash(visit)],
    );
    if (!tried) throw refused();
    paid(tried.retry_after_s);
    return (code !== undefined && tried.seed !== null && stepOf(tried.seed, code, tried.now_s)) || null;
  };

  const whoIs = async (hash: Buffer): Promise<Me> => {
    const [identity, rows] = await Promise.all([
      identify(pool, hash),
      query<Pick<Me, 'email' | 'display_name' | 'mfa_minutes' | 'licensed'>>(pool, 'select * from app.whoami($1)', [hash]),
    ]);
    if (!identity || !rows[0]) throw signedOut();
    const { user_id, tenant_id, tenant_name, time_zone, role, practitioner_id, permissions } = principalOf(identity);
    return {
      ...{ user_id, tenant_id, role, time_zone, clinic: tenant_name },
      ...rows[0],
      ...(practitioner_id !== undefined && { practitioner_id }),
      mfa_at: identity.mfa_at,
      mfa_fresh: identity.mfa_fresh,
      permissions: [...permissions].sort(),
    };
  };

  return {
    async signIn({ email, password, clinic }, visit) {
      const ticket = random.bytes(32);
      const [tried] = await query<{ salt: Buffer; cost: number; retry_after_s: number }>(
        pool,
        'select * from app.try_password($1, $2, $3, $4, $5)',
        [normalEmail(email), prefixOf(visit.ip), deviceHash(visit), ticket, cost],
      );
      if (!tried) throw refused();
      paid(tried.retry_after_s);
      const key = await passwords.derive(password, tried.salt, tried.cost);
      const challenge = mintSecret(random, 'challenge');
      const fits = await query<{ tenant_id: string; name: string }>(pool, 'select * from app.prove_password($1, $2, $3, $4, $5)', [
        ...[ticket, key, clinic ?? null, challenge.hash, visit.ip],
      ]);
      if (fits.length === 0) throw refused();
      return fits.length > 1 ? { clinics: fits } : { challenge: challenge.token, needs: 'totp' };
    },

    async answer({ challenge, ...given }, visit) {
      const proof = secretHash(challenge, 'challenge');
      const step = await tryCode(proof, given, visit);
      const recovery = given.recovery_code === undefined ? null : hashOfRecovery(given.recovery_code);
      const [login, device] = [mintSecret(random, 'login'), mintSecret(random, 'device')];
      const [made] = await query<{ ok: boolean }>(pool, 'select app.sign_in($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as ok', [
        ...[proof, step, recovery, login.hash, random.uuid()],
        ...[deviceHash(visit), device.hash, prefixOf(visit.ip), visit.ip, visit.user_agent],
        ...[random.uuid(), visit.request_id],
      ]);
      if (!made?.ok) throw refused();
      return { token: login.token, device: device.token, user: await whoIs(login.hash) };
    },

    async renew(token, given, visit) {
      const login = loginHash(token);
      const step = await tryCode(login, given, visit);
      const [renewed] = await query<{ mfa_at: string | null }>(pool, 'select app.renew_mfa($1, $2, $3, $4, $5, $6, $7) as mfa_at', [
        ...[login, step, deviceHash(visit), prefixOf(visit.ip), visit.ip, random.uuid(), visit.request_id],
      ]);
      if (!renewed?.mfa_at) throw refused();
      return { mfa_at: renewed.mfa_at };
    },

    whoIs: async (token) => whoIs(loginHash(token)),

    async signOut(token, visit) {
      await query(pool, 'select app.sign_out($1, $2, $3)', [loginHash(token), random.uuid(), visit.request_id]);
    },

    async enrol({ token, password, recovery_code }, visit) {
      const invitation = secretHash(token, 'invitation');
      const [invited] = await query<{ kind: 'join' | 'factor'; email: string; clinic: string; salt: Buffer; cost: number }>(
        pool,
        'select * from app.open_invitation($1, $2)',
        [invitation, cost],
      );
      if (!invited) throw refused();
      const weak = invited.kind === 'join' || recovery_code !== undefined ? weakness(password, invited) : undefined;
      if (weak !== undefined) throw new Fault('invalid_input', `${weak}.`);
      const key = await passwords.derive(password, invited.salt, invited.cost);
      const [challenge, factor, recovery] = [mintSecret(random, 'challenge'), newFactor(random, invited), newRecoveryCodes(random)];
      const [begun] = await query<{ ok: boolean }>(pool, 'select app.begin_enrolment($1, $2, $3, $4, $5, $6, $7, $8) as ok', [
        ...[invitation, key, invited.cost, recovery_code === undefined ? null : hashOfRecovery(recovery_code)],
        ...[challenge.hash, factor.seed, recovery.hashes, visit.ip],
      ]);
      if (!begun?.ok) throw refused();
      return { challenge: challenge.token, totp_uri: factor.uri, totp_secret: factor.secret, recovery_codes: recovery.codes };
    },
  };
}

function paid(retry_after_s: number): void {
  if (retry_after_s > 0)
    throw new Fault('too_many_attempts', `There were too many attempts. The next one is in ${retry_after_s} s.`, { retry_after_s });
}

function secretHash(token: string, kind: SecretKind): Buffer {
  if (!isSecret(token, kind)) throw refused();
  return hashOf(token);
}

function loginHash(token: string | undefined): Buffer {
  if (token === undefined || !isSecret(token, 'login')) throw signedOut();
  return hashOf(token);
}

function deviceHash({ device }: Visit): Buffer | null {
  return device !== undefined && isSecret(device, 'device') ? hashOf(device) : null;
}

/** As it stands in guard.staff. */
export function normalEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** The neighbourhood of an address, which one person may have all of: /24 of IPv4, /48 of IPv6. */
export function prefixOf(ip: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(ip)?.[1];
  if (v4 !== undefined) return v4;
  const groups = (ip.split('::')[0] ?? '').split(':').filter(Boolean);
  return [...groups, '0', '0', '0'].slice(0, 3).join(':').toLowerCase().slice(0, 20);
}
