// What an invited person does with the link, and one whose second factor was reset.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aClinicWithLogins, aVisit, type ClinicWithLogins, REFUSED, refusal } from '../../test/builders/clinic-with-logins.ts';
import { faultOf, managing, PASSWORD, tokenIn } from '../../test/builders/enrolled.ts';
import { codeOf, forgetCodes, wrongCodeFor } from '../../test/builders/staff.ts';
import { verifies } from '../../test/promises.ts';
import { systemRandom as random } from '../base/random.ts';
import { identify } from './audit.ts';
import { hashOf } from './credentials.ts';
import { inviteByCommand } from './logins-given.ts';

let clinic: ClinicWithLogins;
let { admin, pool, logins, ada, ben, tenant_id, signIn } = {} as ClinicWithLogins;
let { by, enrolled, invite } = {} as ReturnType<typeof managing>;
let owner = '';
beforeAll(async () => {
  clinic = await aClinicWithLogins();
  ({ admin, pool, logins, ada, ben, tenant_id, signIn } = clinic);
  ({ by, enrolled, invite } = managing(clinic, () => owner));
});
afterAll(() => clinic.close());
beforeEach(async () => {
  await admin.query('truncate guard.budgets');
  owner = (await signIn(ada)).token;
  await forgetCodes(admin);
});

describe('an invitation', () => {
  it('sets the password, enrols the second factor and signs in, once', async () => {
    const cora = await enrolled();
    expect(cora.invitation_url).toMatch(/^\/admin\/invitation#token=msci_/);
    expect(cora.user).toMatchObject({ email: cora.email, role: 'nurse', user_id: cora.user_id, tenant_id });
    expect(await faultOf(logins.enrol({ token: cora.token, password: PASSWORD }, aVisit()))).toBe('unauthenticated');
    expect((await signIn(cora)).token).toMatch(/^mscl_/);
    expect((await by(owner, (people) => people.list())).find(({ user_id }) => user_id === cora.user_id)).toMatchObject({
      login: 'ready',
      use_ai: false,
    });
  });

  it('can be begun again until a code ends it, and then only the last beginning counts', async () => {
    const { token } = await invite();
    const first = await logins.enrol({ token, password: PASSWORD }, aVisit());
    const second = await logins.enrol({ token, password: 'another four plain words' }, aVisit());
    expect(await refusal(logins.answer({ challenge: first.challenge, code: codeOf(first.totp_secret) }, aVisit()))).toEqual(REFUSED);
    expect(await refusal(logins.answer({ challenge: second.challenge, code: wrongCodeFor(second.totp_secret) }, aVisit()))).toEqual(
      REFUSED,
    );
    expect(await refusal(logins.answer({ challenge: second.challenge, recovery_code: second.recovery_codes[0] }, aVisit()))).toEqual(
      REFUSED,
    );
    expect(await refusal(logins.answer({ challenge: second.challenge, code: codeOf(second.totp_secret) }, aVisit()))).toBe('let in');
  });

  it('is no longer good after seven days, after a newer one, or when the person was made inactive', async () => {
    const [late, twice, gone] = [await invite(), await invite(), await invite()];
    await admin.query('update guard.invitations set expires_at = clock_timestamp() where user_id = $1', [late.user_id]);
    const { expires_at } = await invite({ email: twice.email });
    await by(owner, (people) => people.update({ user_id: gone.user_id, active: false }));
    for (const { token } of [late, twice, gone])
      expect(await refusal(logins.enrol({ token, password: PASSWORD }, aVisit()))).toEqual(REFUSED);
    const days = (new Date(expires_at).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });

  it('takes a password of twelve characters or more that gives nothing away, and no other rule', async () => {
    const { token, email } = await invite({ email: 'dan.reyes@clinic.example' });
    for (const password of ['eleven char', `my ${email} is here`, 'dan.reyes2026!', 'The CLINIC 2026', 'x'.repeat(257)])
      expect([password, await faultOf(logins.enrol({ token, password }, aVisit()))]).toEqual([password, 'invalid_input']);
    for (const password of ['twelve chars', 'ééééééééééééé', 'no digits and no capitals', 'x'.repeat(256)])
      expect([password, await faultOf(logins.enrol({ token, password }, aVisit()))]).toEqual([password, 'done']);
  });

  it('goes to one who is here without a login, and not to one who has one', async () => {
    const user_id = randomUUID();
    await admin.query(
      "insert into data.users (tenant_id, id, email, display_name, role) values ($1, $2, 'Eve@clinic.example', 'Eve Moss', 'biller')",
      [tenant_id, user_id],
    );
    expect((await invite({ email: 'eve@clinic.example', role: 'scheduler' })).user_id).toBe(user_id);
    expect(await faultOf(invite({ email: ben.email }))).toBe('conflict');
    const [one, other] = await Promise.all([invite({ email: 'same@clinic.example' }), invite({ email: 'SAME@clinic.example' })]);
    expect(one.user_id).toBe(other.user_id);
  });

  it('leaves no secret behind', async () => {
    const { token, recovery_codes, totp_secret } = await enrolled();
    const { rows } = await admin.query<{ name: string }>(
      "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace in ('data'::regnamespace, 'guard'::regnamespace)",
    );
    let kept = '';
    for (const { name } of rows) kept += (await admin.query(`select string_agg(t::text, chr(10)) as all from ${name} t`)).rows[0].all ?? '';
    expect([token, token.slice(5), PASSWORD, totp_secret, ...recovery_codes].filter((secret) => kept.includes(secret))).toEqual([]);
    expect(kept).toContain(hashOf(token).toString('hex'));
  });
});

verifies('login:factor-reset-by-another', async () => {
  const cora = await enrolled();
  const { token } = await signIn(cora);
  const link = await by(owner, (people) => people.resetSecondFactor({ user_id: cora.user_id }));
  // At once: no login is left, and the old phone opens nothing.
  expect(await identify(pool, hashOf(token))).toBeUndefined();
  expect(await refusal(signIn(cora))).toEqual(REFUSED);
  // The link alone is not enough, and neither is a password alone.
  const reset = tokenIn(link.invitation_url);
  expect(await refusal(logins.enrol({ token: reset, password: 'not the password at all' }, aVisit()))).toEqual(REFUSED);
  const begun = await logins.enrol({ token: reset, password: PASSWORD }, aVisit());
  await logins.answer({ challenge: begun.challenge, code: codeOf(begun.totp_secret) }, aVisit());
  expect(await refusal(signIn({ ...cora, totp_secret: begun.totp_secret }))).toBe('let in');
  // The recovery codes of before are gone with the factor.
  const proven = await clinic.challenge(cora);
  expect(await refusal(logins.answer({ challenge: proven, recovery_code: cora.recovery_codes[0] }, aVisit()))).toEqual(REFUSED);
});

describe('a link by command', () => {
  it('lets in one who lost everything, is recorded, and ends what was there', async () => {
    const cora = await enrolled();
    const { token } = await signIn(cora);
    const link = await inviteByCommand(admin, random, { tenant_id, user_id: cora.user_id });
    const begun = await logins.enrol({ token: link, password: 'one more four words' }, aVisit());
    await logins.answer({ challenge: begun.challenge, code: codeOf(begun.totp_secret) }, aVisit());
    expect(await identify(pool, hashOf(token))).toBeUndefined();
    expect(await refusal(signIn(cora))).toEqual(REFUSED);
    const { rows } = await admin.query(
      "select l.status, i.door, l.user_id from data.mcp_audit_intent i join data.mcp_audit_log l on l.id = i.id where i.tool_name = 'invite_person'",
    );
    expect(rows).toEqual([{ status: 'ok', door: 'command', user_id: cora.user_id }]);
    await expect(inviteByCommand(admin, random, { tenant_id, user_id: randomUUID() })).rejects.toThrow('no link was made');
  });
});

describe('a reset', () => {
  it('with a recovery code also sets a new password', async () => {
    const cora = await enrolled();
    const token = tokenIn((await by(owner, (people) => people.resetSecondFactor({ user_id: cora.user_id }))).invitation_url);
    const password = 'a wholly new set of words';
    expect(await refusal(logins.enrol({ token, password, recovery_code: 'AAAA-AAAA-AAAA-AAAA' }, aVisit()))).toEqual(REFUSED);
    expect(await faultOf(logins.enrol({ token, password: 'short', recovery_code: cora.recovery_codes[0] }, aVisit()))).toBe(
      'invalid_input',
    );
    const begun = await logins.enrol({ token, password, recovery_code: cora.recovery_codes[0] }, aVisit());
    await logins.answer({ challenge: begun.challenge, code: codeOf(begun.totp_secret) }, aVisit());
    expect(await refusal(signIn({ ...cora, totp_secret: begun.totp_secret }))).toEqual(REFUSED);
    expect(await refusal(signIn({ ...cora, password, totp_secret: begun.totp_secret }))).toBe('let in');
  });

  it('gives twenty tries of the password and no more', async () => {
    const cora = await enrolled();
    const token = tokenIn((await by(owner, (people) => people.resetSecondFactor({ user_id: cora.user_id }))).invitation_url);
    for (let n = 0; n < 20; n += 1)
      expect(await refusal(logins.enrol({ token, password: `guess number ${n}` }, aVisit()))).toEqual(REFUSED);
    expect(await refusal(logins.enrol({ token, password: PASSWORD }, aVisit()))).toEqual(REFUSED);
  });
});
