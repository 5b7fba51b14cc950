// A person comes to the clinic, and goes: invited, enrolled, licensed, signed out, over the doors that the pages use.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { aBrowser, codeOf } from '../builders/staff.ts';

let attending: Attending;
let owner: Login;
let tenant_id: string;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id ?? '';
  owner = await aLogin(attending, { tenant_id, role: 'owner' });
});
afterAll(() => attending.close());

type Answer = { status: number; json: Record<string, unknown> };
const ask = (...asked: Parameters<Login['ask']>) => owner.ask(...asked) as Promise<Answer>;
const invite = async (email: string, own: object = {}) => {
  const { status, json } = await ask('POST', '/people', { email, display_name: 'Cora Lind', role: 'nurse', ...own });
  expect(status).toBe(200);
  return json as { user_id: string; invitation_url: string; expires_at: string };
};

describe('a new nurse', () => {
  it('comes by a link, signs in, is licensed, and is gone at once when her login is ended', async () => {
    const { user_id, invitation_url } = await invite('cora.new@juniper.example');
    expect(invitation_url).toMatch(/^\/admin\/invitation#token=msci_/);
    const token = invitation_url.split('=')[1];
    const browser = aBrowser(attending.url);
    const begun = await (await browser.post('/admin/invitation', { token, password: 'six plain words of one nurse' })).json();
    const { challenge, totp_secret, recovery_codes } = begun as { challenge: string; totp_secret: string; recovery_codes: string[] };
    expect(recovery_codes).toHaveLength(10);
    const { user } = (await (await browser.post('/admin/session/totp', { challenge, code: codeOf(totp_secret) })).json()) as {
      user: object;
    };
    expect(user).toMatchObject({ user_id, role: 'nurse', licensed: false });

    const licence = { user_id, kind: 'RN', number: 'SYN-0042', state: 'VA', expires_on: '2999-06-30' };
    expect((await ask('POST', '/licences', licence)).json).toMatchObject({ ...licence, display_name: 'Cora Lind' });
    expect((await (await browser.send('/admin/session')).json()) as object).toMatchObject({ user: { licensed: true } });
    const { people } = (await ask('GET', '/people')).json as { people: { user_id: string }[] };
    expect(people.find((person) => person.user_id === user_id)).toMatchObject({
      email: 'cora.new@juniper.example',
      login: 'ready',
      licensed: true,
      use_ai: false,
    });

    const { logins } = (await ask('GET', '/logins')).json as { logins: { login_id: string; user_id: string; is_this: boolean }[] };
    expect(logins.find(({ is_this }) => is_this)?.login_id).toBe(owner.login_id);
    const hers = logins.find((login) => login.user_id === user_id)?.login_id;
    expect((await ask('POST', `/logins/${hers}/revoke`, {})).json).toMatchObject({ login_id: hers, status: 'revoked' });
    expect((await browser.send('/admin/session')).status).toBe(401);
    expect((await ask('POST', `/logins/${hers}/revoke`, {})).status).toBe(404);
  });

  it('changes rights by the owner alone, and the books say by whom', async () => {
    const { user_id } = await invite('dan.new@juniper.example');
    const nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
    expect((await nurse.ask('POST', `/people/${user_id}`, { role: 'owner' })).status).toBe(404);
    expect((await nurse.ask('GET', '/people')).status).toBe(404);
    expect((await ask('POST', `/people/${user_id}`, { role: 'scheduler', use_ai: true })).json).toMatchObject({
      role: 'scheduler',
      use_ai: true,
    });
    const { rows } = await attending.admin.query(
      `select i.tool_name, i.door, i.args_redacted, l.status from data.mcp_audit_intent i join data.mcp_audit_log l on l.id = i.id where i.credential_id = $1 and i.tool_name in ('update_person', 'invite_person') order by i.created_at desc limit 2`,
      [owner.login_id],
    );
    expect(rows).toMatchObject([
      { tool_name: 'update_person', door: 'admin', status: 'ok', args_redacted: { user_id, role: 'scheduler', use_ai: true } },
      { tool_name: 'invite_person', door: 'admin', status: 'ok', args_redacted: { email: expect.stringMatching(/^h2:/), role: 'nurse' } },
    ]);
  });

  it('loses the second factor by a reset, which needs a fresh one of the owner', async () => {
    const { people } = (await ask('GET', '/people')).json as { people: { user_id: string; role: string; login: string }[] };
    const biller = people.find(({ role, login }) => role === 'biller' && login === 'ready')?.user_id;
    const old = await aLogin(attending, { tenant_id, role: 'owner', mfa_minutes_ago: 481 });
    expect((await old.ask('POST', `/people/${biller}/second-factor/reset`, {})).json).toMatchObject({
      type: expect.stringContaining('mfa_needed'),
      status: 403,
    });
    const { json, status } = await ask('POST', `/people/${biller}/second-factor/reset`, {});
    expect([status, Object.keys(json).filter((field) => ['user_id', 'invitation_url', 'expires_at'].includes(field)).length]).toEqual([
      200, 3,
    ]);
  });

  it('cannot be invited with a misspelt field, or twice once enrolled', async () => {
    expect((await ask('POST', '/people', { email: 'x', display_name: 'Cora Lind', role: 'nurse' })).status).toBe(400);
    expect((await ask('POST', '/people', { email: 'a@b.example', display_name: 'Cora Lind', role: 'integration' })).status).toBe(400);
    const nurse = attending.tenants[0]?.staff.find(({ role }) => role === 'nurse')?.email;
    expect((await ask('POST', '/people', { email: nurse, display_name: 'Cora Lind', role: 'nurse' })).json).toMatchObject({ status: 409 });
  });
});
