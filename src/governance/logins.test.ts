// Signing in, on the database: what proves a person, what is refused, what is left of it.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aClinicWithLogins, aVisit, type ClinicWithLogins, REFUSED, refusal } from '../../test/builders/clinic-with-logins.ts';
import { codeOf, forgetCodes, wrongCodeFor } from '../../test/builders/staff.ts';
import { verifies } from '../../test/promises.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom as random } from '../base/random.ts';
import { query } from '../db/pool.ts';
import { openTenantTx } from '../db/tenant.ts';
import { identify, openBooks } from './audit.ts';
import { openDoorkeeper } from './authenticate.ts';
import { hashOf, mintSecret, mintToken } from './credentials.ts';
import { mintCredential } from './issue.ts';
import { prefixOf } from './logins.ts';

let clinic: ClinicWithLogins;
let { admin, pool, logins, ada, ben, tenant_id, challenge, signIn } = {} as ClinicWithLogins;
beforeAll(async () => {
  clinic = await aClinicWithLogins();
  ({ admin, pool, logins, ada, ben, tenant_id, challenge, signIn } = clinic);
});
afterAll(() => clinic.close());
beforeEach(async () => {
  await forgetCodes(admin);
  await admin.query('truncate guard.budgets');
});

const visit = aVisit;
const begin = (token: string, door: 'admin' | 'mcp' | 'rest' = 'admin') => {
  const id = randomUUID();
  return openBooks(pool).begin(hashOf(token), { id, request_id: id, tool_name: 'x', args_redacted: {}, door, client: {} });
};
const one = async <T extends object>(sql: string, values: unknown[] = []) => (await admin.query<T>(sql, values)).rows[0] as T;

describe('signing in', () => {
  verifies('login:second-factor', async () => {
    const proven = await challenge(ada);
    expect(await refusal(logins.whoIs(proven))).toMatchObject({ type: 'unauthenticated' });
    expect(await begin(proven)).toBeUndefined();
    expect(await refusal(logins.answer({ challenge: proven, code: wrongCodeFor(ada.totp_secret) }, visit()))).toEqual(REFUSED);
    const code = codeOf(ada.totp_secret);
    const { token, user } = await logins.answer({ challenge: proven, code }, visit());
    expect(user).toMatchObject({
      email: 'ada@clinic.example',
      role: 'owner',
      clinic: 'Clinic',
      mfa_fresh: true,
      mfa_minutes: 480,
      licensed: false,
    });
    expect(user.permissions).toContain('people:manage');
    expect(await begin(token)).toMatchObject({ kind: 'login', user_id: ada.user_id, mfa_fresh: true });
    // The challenge is used up, and so is the code, for whoever saw it.
    expect(await refusal(logins.answer({ challenge: proven, code }, visit()))).toEqual(REFUSED);
    expect(await refusal(logins.answer({ challenge: await challenge(ada), code }, visit()))).toEqual(REFUSED);
    expect(await refusal(logins.renew(token, { code }, visit()))).toEqual(REFUSED);
    await forgetCodes(admin);
    expect(await refusal(logins.answer({ challenge: proven, code }, visit()))).toEqual(REFUSED);
  });

  it('takes a code of the step before and of the one after, and none older', async () => {
    for (const steps of [-1, 1]) {
      await forgetCodes(admin);
      const proven = await challenge(ada);
      // Not in the last second of a step: the code of the one before would be of two before when it comes.
      while (Date.now() % 30_000 > 29_000) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await refusal(logins.answer({ challenge: proven, code: codeOf(ada.totp_secret, steps) }, visit()))).toBe('let in');
    }
    await forgetCodes(admin);
    expect(await refusal(logins.answer({ challenge: await challenge(ada), code: codeOf(ada.totp_secret, -3) }, visit()))).toEqual(REFUSED);
  });

  it('lets one of eight in who show the same code at once', async () => {
    const proven: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      await clinic.pass(600); // eight passwords in a row are as many as one may try
      proven.push(await challenge(ada));
    }
    const code = codeOf(ada.totp_secret);
    const shown = await Promise.all(
      proven.map((each) => refusal(logins.answer({ challenge: each, code }, visit({ ip: `198.51.${proven.indexOf(each)}.1` })))),
    );
    expect(shown.filter((each) => each === 'let in')).toHaveLength(1);
  });

  it('says the same whatever is wrong, and derives a key for an e-mail that nobody has', async () => {
    await admin.query('update data.users set active = false where id = $1', [ben.user_id]);
    const wrong = [
      { email: ada.email, password: 'not the password' },
      { email: 'nobody@clinic.example', password: ada.password },
      { email: ben.email, password: ben.password },
      { email: ada.email, password: ada.password, clinic: randomUUID() },
    ];
    for (const given of wrong) expect(await refusal(logins.signIn(given, visit()))).toEqual(REFUSED);
    await admin.query('update data.users set active = true where id = $1', [ben.user_id]);
    const ask = (email: string) =>
      query<{ salt: Buffer; cost: number }>(pool, 'select * from app.try_password($1, $2, null, $3, $4)', [
        email,
        'x',
        random.bytes(32),
        8,
      ]);
    const [[known], [nobody], [again]] = [await ask(ada.email), await ask('nobody@clinic.example'), await ask('nobody@clinic.example')];
    expect(known?.cost).toBe(nobody?.cost);
    expect(nobody?.salt).toHaveLength(16);
    expect(nobody).toEqual(again);
    expect(nobody?.salt).not.toEqual(known?.salt);
  });

  it('ends a challenge after five minutes, and after five wrong codes', async () => {
    const old = await challenge(ada);
    await admin.query("update guard.challenges set expires_at = clock_timestamp() - interval '1 ms'");
    expect(await refusal(logins.answer({ challenge: old, code: codeOf(ada.totp_secret) }, visit()))).toEqual(REFUSED);
    const tried = await challenge(ada);
    for (let n = 0; n < 5; n += 1) {
      await admin.query('truncate guard.budgets');
      expect(await refusal(logins.answer({ challenge: tried, code: wrongCodeFor(ada.totp_secret) }, visit()))).toEqual(REFUSED);
    }
    await admin.query('truncate guard.budgets');
    expect(await refusal(logins.answer({ challenge: tried, code: codeOf(ada.totp_secret) }, visit()))).toEqual(REFUSED);
  });

  it('asks which clinic where the e-mail and the password fit two', async () => {
    const { user_id, tenant_id: other } = await clinic.another('Another', 'Ada@clinic.example', 'nurse');
    await admin.query('update guard.staff set verifier = (select verifier from guard.staff where user_id = $1) where user_id = $2', [
      ada.user_id,
      user_id,
    ]);
    expect(await logins.signIn({ email: ada.email, password: ada.password }, visit())).toEqual({
      clinics: [
        { tenant_id: other, name: 'Another' },
        { tenant_id, name: 'Clinic' },
      ],
    });
    const chosen = await logins.signIn({ email: ada.email, password: ada.password, clinic: tenant_id }, visit());
    const { user } = await logins.answer(
      { challenge: (chosen as { challenge: string }).challenge, code: codeOf(ada.totp_secret) },
      visit(),
    );
    expect(user).toMatchObject({ tenant_id, role: 'owner' });
    await admin.query('delete from guard.staff where user_id = $1', [user_id]);
  });

  it('leaves its two audit rows; what was refused stands in the edge log, without the e-mail', async () => {
    const { token } = await signIn(ada);
    await logins.signOut(token, visit());
    const { grant_id } = await one<{ grant_id: string }>('select id as grant_id from guard.grants where hash = $1', [hashOf(token)]);
    const { rows } = await admin.query(
      `select l.tool_name, i.door, l.status, e.outcome, l.user_id from data.mcp_audit_log l join data.mcp_audit_intent i on i.id = l.id join data.mcp_audit_ext e on e.audit_id = l.id
       where l.credential_id = $1 order by l.created_at`,
      [grant_id],
    );
    const row = { door: 'admin', status: 'ok', outcome: 'ok', user_id: ada.user_id };
    expect(rows).toEqual([
      { tool_name: 'sign_in', ...row },
      { tool_name: 'sign_out', ...row },
    ]);
    await refusal(logins.signIn({ email: 'someone@clinic.example', password: 'wrong' }, visit()));
    const { rows: edge } = await admin.query(
      'select reason, fingerprint, ip, door, t::text as whole from guard.edge_log t order by at desc limit 1',
    );
    expect(edge[0]).toMatchObject({
      reason: 'wrong_password',
      ip: '203.0.113.7',
      door: 'admin',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(edge[0].whole).not.toContain('someone');
  });
});

describe('a login', () => {
  it('is good at the door admin alone, and a credential never there', async () => {
    const { token } = await signIn(ada);
    const bearer = (await mintCredential(admin, random, { tenant_id, user_id: ada.user_id, name: 'x' })).token;
    expect([await begin(token, 'mcp'), await begin(token, 'rest'), await begin(bearer, 'admin')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([(await begin(token))?.kind, (await begin(bearer, 'mcp'))?.kind]).toEqual(['login', 'credential']);
  });

  it('is told from a credential by what the database says, not by the form of its secret', async () => {
    const { token } = await signIn(ada);
    const bearer = mintToken(random);
    await admin.query('update guard.grants set hash = $1 where hash = $2', [bearer.hash, hashOf(token)]);
    const keeper = openDoorkeeper({ pool, clock: systemClock, log: pino({ level: 'silent' }) });
    const knock = { authorization: `Bearer ${bearer.token}`, door: 'rest' as const, ip: '', request_id: randomUUID(), client: {} };
    expect(await refusal(keeper.identify(knock))).toMatchObject({ type: 'unauthenticated' });
    expect(await refusal(keeper.auditKey(knock, bearer.hash))).toMatchObject({ type: 'unauthenticated' });
  });

  it('ends when it is revoked, an hour after its last call, and twelve after it began', async () => {
    const { token } = await signIn(ada);
    const enter = async () => {
      const tx = openTenantTx(pool, hashOf(token));
      return tx.rows('select 1').finally(() => tx.abandon());
    };
    const ways = async () =>
      [await begin(token), await identify(pool, hashOf(token)), await enter().catch(() => undefined)].map((each) => each !== undefined);
    expect(await ways()).toEqual([true, true, true]);
    for (const end of [
      "seen_at = clock_timestamp() - interval '61 minutes'",
      'expires_at = clock_timestamp()',
      'revoked_at = clock_timestamp()',
    ]) {
      await admin.query(`begin; update guard.grants set ${end} where hash = '\\x${hashOf(token).toString('hex')}'; commit`);
      expect([end, ...(await ways())]).toEqual([end, false, false, false]);
      await admin.query(
        "update guard.grants set seen_at = clock_timestamp(), revoked_at = null, expires_at = clock_timestamp() + interval '12 hours' where kind = 'login'",
      );
    }
    const { hours } = await one<{ hours: number }>(
      'select extract(epoch from expires_at - created_at)::int / 3600 as hours from guard.grants where hash = $1',
      [hashOf((await signIn(ada)).token)],
    );
    expect(hours).toBe(12);
  });

  it('is marked as seen by a call, at most once a minute', async () => {
    const { token } = await signIn(ada);
    const seen = async () =>
      (await one<{ seen_at: Date }>('select seen_at from guard.grants where hash = $1', [hashOf(token)])).seen_at.getTime();
    const at_first = await seen();
    await begin(token);
    expect(await seen()).toBe(at_first);
    await admin.query("update guard.grants set seen_at = seen_at - interval '2 minutes' where hash = $1", [hashOf(token)]);
    await begin(token);
    expect(await seen()).toBeGreaterThan(at_first);
  });

  it('has a second factor that grows old, and that a new code renews', async () => {
    const { token } = await signIn(ada);
    const { mfa_at: before } = await logins.whoIs(token);
    await admin.query("update guard.grants set mfa_at = mfa_at - interval '481 minutes' where hash = $1", [hashOf(token)]);
    expect((await logins.whoIs(token)).mfa_fresh).toBe(false);
    expect(await begin(token)).toMatchObject({ mfa_fresh: false });
    await forgetCodes(admin);
    expect(await refusal(logins.renew(token, { code: wrongCodeFor(ada.totp_secret) }, visit()))).toEqual(REFUSED);
    const { mfa_at } = await logins.renew(token, { code: codeOf(ada.totp_secret) }, visit());
    expect(new Date(mfa_at).getTime()).toBeGreaterThan(new Date(before as string).getTime());
    expect((await logins.whoIs(token)).mfa_fresh).toBe(true);
    const { n } = await one<{ n: number }>("select count(*)::int as n from data.mcp_audit_log where tool_name = 'renew_mfa'");
    expect(n).toBe(1);
  });
});

verifies('login:not-forged', async () => {
  const { token } = await signIn(ada);
  const bearer = (await mintCredential(admin, random, { tenant_id, user_id: ada.user_id, name: 'leaked' })).token;
  const tables = 'grants staff recovery_codes devices budgets attempts invitations challenges login_key'.split(' ');
  for (const table of tables) await expect(query(pool, `select * from guard.${table}`)).rejects.toMatchObject({ code: '42501' });
  await expect(
    query(pool, "insert into guard.grants (id, hash, kind) values (gen_random_uuid(), sha256('x'), 'login')"),
  ).rejects.toMatchObject({ code: '42501' });
  const forged = mintSecret(random, 'login');
  const signs = 'select app.sign_in($1, $2, $3, $4, gen_random_uuid(), null, $5, $6, $6, $6, gen_random_uuid(), gen_random_uuid()) as ok';
  const step = Math.floor(Date.now() / 30_000);
  // What a bearer, the cookie of another, a guess or nothing proves: nothing.
  for (const proof of [hashOf(bearer), hashOf(token), forged.hash, null]) {
    expect(await query(pool, signs, [proof, step, null, forged.hash, random.bytes(32), 'x'])).toEqual([{ ok: false }]);
    if (proof !== null && !proof.equals(hashOf(token)))
      expect(await query(pool, 'select * from app.try_code($1, $2, null)', [proof, 'x'])).toEqual([]);
  }
  expect(
    await query(pool, 'select * from app.prove_password($1, $2, null, $3, $4)', [random.bytes(32), random.bytes(32), forged.hash, '']),
  ).toEqual([]);
  expect(await begin(forged.token)).toBeUndefined();
  // A statement that a read was tricked into writes no login either: its transaction reads only.
  const tx = openTenantTx(pool, hashOf(bearer));
  await expect(tx.rows(signs, [forged.hash, step, null, forged.hash, random.bytes(32), 'x'])).rejects.toMatchObject({ code: '25006' });
  await tx.abandon();
});

describe('an address counts with its neighbours', () => {
  it.each([
    ['203.0.113.7', '203.0.113'],
    ['::ffff:203.0.113.250', '203.0.113'],
    ['2001:db8:42:1::7', '2001:db8:42'],
    ['2001:DB8::7', '2001:db8:0'],
    ['::1', '0:0:0'],
    ['', '0:0:0'],
  ])('%s as %s', (ip, prefix) => expect(prefixOf(ip)).toBe(prefix));
});
