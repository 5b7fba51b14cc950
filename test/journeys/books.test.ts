// What the owner does at /admin/ai-mcp: makes a credential, ends it, and reads who did what.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let owner: Login;
let nurse: Login;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  owner = await aLogin(attending, { tenant_id, role: 'owner' });
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
});
afterAll(() => attending.close());

const made = async (login: Login, more: object = {}) =>
  login.ask('POST', '/credentials', { user_id: nurse.user_id, name: 'Claude', ...more });

describe('a credential', () => {
  verifies('credential:revoked-in-the-browser', async () => {
    const { status, json } = await made(owner, { toolsets: ['patients'] });
    expect(status).toBe(200);
    const token = json.token as unknown as string;
    const ask = () => callTool(attending.url, token, 'connection_status', {});
    expect((await ask()).status).toBe(200);
    const { json: list } = await owner.ask('GET', '/credentials');
    const entry = (list.credentials as unknown as { credential_id: string }[]).find(
      ({ credential_id }) => credential_id === json.credential_id,
    );
    expect(entry).toMatchObject({ user_id: nurse.user_id, role: 'nurse', toolsets: ['patients'], state: 'live' });
    expect(JSON.stringify(list)).not.toContain(token);
    expect((await owner.ask('POST', `/credentials/${json.credential_id}/revoke`, {})).status).toBe(200);
    expect((await ask()).status).toBe(401);
  });

  it('is made by an owner with a fresh second factor, for a person who may use an AI, of her own clinic', async () => {
    expect((await made(nurse)).status).toBe(404);
    const late = await aLogin(attending, { tenant_id, role: 'owner', mfa_minutes_ago: 9 * 60 });
    expect((await made(late)).status).toBe(403);
    await attending.admin.query('update data.users set use_ai = false where tenant_id = $1 and id = $2', [tenant_id, nurse.user_id]);
    expect((await made(owner)).status).toBe(409);
    await attending.admin.query('update data.users set use_ai = true where tenant_id = $1 and id = $2', [tenant_id, nurse.user_id]);
    const elsewhere = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'owner' });
    expect((await made(elsewhere)).status).toBe(404);
  });

  it('of another clinic is not there to be ended', async () => {
    const { json } = await made(owner);
    const elsewhere = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'owner' });
    expect((await elsewhere.ask('POST', `/credentials/${json.credential_id}/revoke`, {})).status).toBe(404);
  });
});

/** The audit keeps real time, whatever day the test's clock stands on. */
const ALL = 'from=2020-01-01&to=2099-12-31';

describe('the audit log', () => {
  verifies('audit:people-in-the-same-log', async () => {
    await callTool(attending.url, attending.tokens.nurse, 'search_patients', { query: 'Okafor' });
    await owner.ask('GET', '/drafts');
    const { json } = await owner.ask('GET', `/audit?${ALL}&limit=200`);
    const calls = json.calls as unknown as { tool: string; door: string; user_id: string; args_redacted: Record<string, string> }[];
    expect(calls).toContainEqual(expect.objectContaining({ tool: 'search_patients', door: 'mcp', user_id: nurse.user_id, status: 'ok' }));
    expect(calls).toContainEqual(expect.objectContaining({ tool: 'list_drafts', door: 'admin', user_id: owner.user_id, status: 'ok' }));
    expect(calls.find(({ tool }) => tool === 'search_patients')?.args_redacted.query).toMatch(/^h2:/);
  });

  it('is searched by tool, status and person, page by page, by who may', async () => {
    const pages = [];
    let cursor: string | undefined;
    do {
      const { json } = await owner.ask('GET', `/audit?${ALL}&tool=mint_credential&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      pages.push(...(json.calls as unknown as { tool: string; audit_id: string }[]));
      cursor = json.cursor as unknown as string | undefined;
    } while (cursor);
    expect(pages.length).toBeGreaterThan(3);
    expect(new Set(pages.map(({ tool }) => tool))).toEqual(new Set(['mint_credential']));
    expect(new Set(pages.map(({ audit_id }) => audit_id)).size).toBe(pages.length);
    const { json: refused } = await owner.ask('GET', `/audit?${ALL}&status=error`);
    expect(new Set((refused.calls as unknown as { status: string }[]).map(({ status }) => status))).toEqual(new Set(['error']));
    expect((await nurse.ask('GET', '/audit')).status).toBe(404);
    const compliance = await aLogin(attending, { tenant_id, role: 'compliance' });
    expect((await compliance.ask('GET', '/audit')).status).toBe(200);
    expect((await made(compliance)).status).toBe(404);
  });
});
