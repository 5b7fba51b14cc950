// What an owner does to the people of the clinic, and nobody else.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aClinicWithLogins, aVisit, type ClinicWithLogins, REFUSED, refusal } from '../../test/builders/clinic-with-logins.ts';
import { faultOf, managing } from '../../test/builders/enrolled.ts';
import { forgetCodes } from '../../test/builders/staff.ts';
import { verifies } from '../../test/promises.ts';
import { systemRandom as random } from '../base/random.ts';
import { openTenantTx } from '../db/tenant.ts';
import type { People } from '../domains/people.ts';
import { identify } from './audit.ts';
import { hashOf } from './credentials.ts';
import { mintCredential } from './issue.ts';
import { openPeople } from './people.ts';
import { permissionsOf, ROLES, type Role } from './roles.ts';

let clinic: ClinicWithLogins;
let { admin, pool, logins, ada, ben, tenant_id, signIn } = {} as ClinicWithLogins;
let { by, enrolled } = {} as ReturnType<typeof managing>;
let owner = '';
beforeAll(async () => {
  clinic = await aClinicWithLogins();
  ({ admin, pool, logins, ada, ben, tenant_id, signIn } = clinic);
  ({ by, enrolled } = managing(clinic, () => owner));
});
afterAll(() => clinic.close());
beforeEach(async () => {
  await admin.query('truncate guard.budgets');
  owner = (await signIn(ada)).token;
  await forgetCodes(admin);
});

verifies('login:people-by-owner-alone', async () => {
  const other = await clinic.another('Elsewhere', 'zoe@elsewhere.example', 'owner');
  const acts: [string, (people: People) => Promise<unknown>][] = [
    [
      'invite',
      (people) => people.invite({ email: `${randomUUID()}@clinic.example`, display_name: 'Eve Moss', role: 'owner', use_ai: true }),
    ],
    ['update', (people) => people.update({ user_id: ben.user_id, role: 'owner' })],
    ['licence', (people) => people.recordLicence({ user_id: ben.user_id, kind: 'MD', number: 'SYN-1', state: 'VA' })],
    ['reset', (people) => people.resetSecondFactor({ user_id: ben.user_id })],
  ];
  const reads: [string, (people: People) => Promise<unknown>][] = [
    ['list', (people) => people.list()],
    ['logins', (people) => people.logins()],
    ['licences', (people) => people.licences()],
  ];
  const tried = async (token: string, what: typeof acts) =>
    Promise.all(what.map(async ([name, act]) => [name, await faultOf(by(token, act))]));
  const all = (what: typeof acts, answer: string) => what.map(([name]) => [name, answer]);

  const physician = (await signIn(ben)).token;
  expect(await tried(physician, [...acts, ...reads])).toEqual(all([...acts, ...reads], 'not_permitted'));
  // A credential of the owner herself, whatever SQL it comes with, does none of it.
  const leaked = (await mintCredential(admin, random, { tenant_id, user_id: ada.user_id, name: 'leaked' })).token;
  expect(await tried(leaked, [...acts, ...reads])).toEqual(all([...acts, ...reads], 'not_permitted'));
  // An owner of another clinic finds nobody here.
  const foreign = (await signIn(other)).token;
  expect(await tried(foreign, acts.slice(1))).toEqual(all(acts.slice(1), 'not_found'));
  expect((await by(foreign, (people) => people.list())).map(({ user_id }) => user_id)).toEqual([other.user_id]);
  const { rows } = await admin.query('select id from guard.grants where hash = $1', [hashOf(physician)]);
  expect(await faultOf(by(foreign, (people) => people.revokeLogin({ login_id: rows[0].id })))).toBe('not_found');
  // The owner whose second factor is old reads and ends logins, and does nothing else.
  await admin.query("update guard.grants set mfa_at = mfa_at - interval '9 hours' where hash = $1", [hashOf(owner)]);
  expect(await tried(owner, acts)).toEqual(all(acts, 'mfa_needed'));
  expect(await tried(owner, [...reads, ['revoke', (people) => people.revokeLogin({ login_id: rows[0].id })]])).toEqual([
    ...all(reads, 'done'),
    ['revoke', 'done'],
  ]);
  expect(await identify(pool, hashOf(physician))).toBeUndefined();
});

describe('an owner', () => {
  it('lists people, logins and licences as they are', async () => {
    const people = await by(owner, (all) => all.list());
    expect(people.find(({ user_id }) => user_id === ben.user_id)).toMatchObject({
      email: ben.email,
      role: 'physician',
      active: true,
      use_ai: true,
      login: 'ready',
    });
    const at = aVisit({ ip: '192.0.2.9', user_agent: 'Firefox' });
    const { token } = await signIn(ben, at);
    const listed = await by(owner, (all) => all.logins());
    expect(listed.find(({ ip }) => ip === '192.0.2.9')).toMatchObject({ user_id: ben.user_id, user_agent: 'Firefox', is_this: false });
    expect(listed.filter(({ is_this }) => is_this)).toHaveLength(1);
    await logins.signOut(token, at);
    expect((await by(owner, (all) => all.logins())).find(({ ip }) => ip === '192.0.2.9')).toBeUndefined();
  });

  it('records a licence, and what became of it', async () => {
    const words = { user_id: ben.user_id, kind: 'MD' as const, number: 'SYN-7', state: 'VA', expires_on: '2999-06-30' };
    const licence = await by(owner, (people) => people.recordLicence(words));
    expect(licence).toMatchObject({ ...words, display_name: 'Ben Ruiz' });
    expect((await by(owner, (people) => people.list())).find(({ user_id }) => user_id === ben.user_id)?.licensed).toBe(true);
    const revoked = await by(owner, (people) => people.recordLicence({ ...words, revoked_on: '2026-01-01' }));
    expect(revoked).toMatchObject({ licence_id: licence.licence_id, revoked_on: '2026-01-01' });
    expect((await by(owner, (people) => people.list())).find(({ user_id }) => user_id === ben.user_id)?.licensed).toBe(false);
  });

  it('ends what a person has by making the person inactive; the credentials stay ended', async () => {
    const cora = await enrolled({ use_ai: true });
    const { token } = await signIn(cora);
    const bearer = (await mintCredential(admin, random, { tenant_id, user_id: cora.user_id, name: 'x' })).token;
    await by(owner, (people) => people.update({ user_id: cora.user_id, active: false }));
    expect([await identify(pool, hashOf(token)), await identify(pool, hashOf(bearer)), await refusal(signIn(cora))]).toEqual([
      undefined,
      undefined,
      REFUSED,
    ]);
    await by(owner, (people) => people.update({ user_id: cora.user_id, active: true }));
    expect([await identify(pool, hashOf(token)), await identify(pool, hashOf(bearer))]).toEqual([undefined, undefined]);
    expect(await refusal(signIn(cora))).toBe('let in');
  });

  it('says who may use an AI: without it there is no credential, and those there are end', async () => {
    const cora = await enrolled();
    const mint = () => mintCredential(admin, random, { tenant_id, user_id: cora.user_id, name: 'x' });
    await expect(mint()).rejects.toThrow('may use an AI');
    await by(owner, (people) => people.update({ user_id: cora.user_id, use_ai: true }));
    const { token } = await mint();
    await by(owner, (people) => people.update({ user_id: cora.user_id, use_ai: false }));
    expect(await identify(pool, hashOf(token))).toBeUndefined();
  });

  it('cannot leave the clinic without one, and makes no program of a person', async () => {
    for (const change of [{ active: false }, { role: 'nurse' as const }])
      expect(await faultOf(by(owner, (people) => people.update({ user_id: ada.user_id, ...change })))).toBe('conflict');
    expect((await by(owner, (people) => people.list())).find(({ user_id }) => user_id === ada.user_id)).toMatchObject({
      role: 'owner',
      active: true,
    });
    expect(await faultOf(by(owner, (people) => people.update({ user_id: ben.user_id, role: 'integration' as never })))).toBe(
      'not_permitted',
    );
    expect(await faultOf(by(owner, (people) => people.update({ user_id: randomUUID(), active: false })))).toBe('not_found');
  });
});

it('SQL and roles.ts agree on who reads of the people, and who manages them', async () => {
  for (const [act, permission] of [
    ['read', 'people:read'],
    ['manage', 'people:manage'],
    ['revoke', 'people:manage'],
    // Webhooks ask the same.
    ['read', 'webhooks:read'],
    ['manage', 'webhooks:manage'],
    ['manage', 'connections:manage'],
  ] as const) {
    const { rows } = await admin.query<{ roles: Role[] }>('select guard.people_roles($1) as roles', [act]);
    const said = (Object.keys(ROLES) as Role[]).filter((role) => permissionsOf(role, null, 'login').permissions.has(permission));
    expect([act, [...(rows[0]?.roles ?? [])].sort()]).toEqual([act, said.sort()]);
  }
});

it('an act that reads only cannot be made to write', async () => {
  const tx = openTenantTx(pool, hashOf(owner));
  await expect(openPeople({ tx, random, admin_url: '/admin' }).update({ user_id: ben.user_id, role: 'owner' })).rejects.toMatchObject({
    code: '25006',
  });
  await tx.abandon();
});
