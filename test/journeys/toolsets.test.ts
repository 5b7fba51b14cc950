// What a credential carries and what a URL narrows to (D1); the prompts and resources that go with it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { mintCredential } from '../../src/governance/issue.ts';
import { ROLES, type Role } from '../../src/governance/roles.ts';
import { catalogue } from '../../src/operations/index.ts';
import { TOOLSETS, type Toolset } from '../../src/operations/operation.ts';
import { PROMPTS } from '../../src/operations/prompts.ts';
import { type Attending, startAttending } from '../app.ts';
import { EVERY_TOOLSET, rpc } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
beforeAll(async () => {
  attending = await startAttending();
}, 60_000);
afterAll(() => attending?.close());

const toolsetOf = new Map(catalogue.map(({ name, toolset }) => [name, toolset]));

async function listed(token: string, path = '/mcp'): Promise<string[]> {
  const { json } = await rpc(attending.url, token, 'tools/list', {}, path);
  return (json.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
}

async function isRefused(token: string, name: string, path = '/mcp'): Promise<boolean> {
  const { json } = await rpc(attending.url, token, 'tools/call', { name, arguments: {} }, path);
  return json.error !== undefined;
}

async function minted(role: Role, toolsets: Toolset[]): Promise<string> {
  const { rows } = await attending.admin.query<{ id: string }>('select id from data.users where tenant_id = $1 and role = $2 limit 1', [
    attending.tenants[0]?.tenant_id,
    role,
  ]);
  const { token } = await mintCredential(attending.admin, systemRandom, {
    tenant_id: attending.tenants[0]?.tenant_id ?? '',
    user_id: rows[0]?.id ?? '',
    name: 'narrow',
    toolsets,
  });
  return token;
}

verifies(
  'tools:toolsets-only-narrow',
  async () => {
    for (const role of ['owner', 'physician', 'front_desk', 'biller'] as const) {
      const whole = await listed(attending.tokens[role], EVERY_TOOLSET);
      for (const toolset of TOOLSETS) {
        const mine = whole.filter((name) => ['always', toolset].includes(toolsetOf.get(name) ?? ''));
        expect(await listed(attending.tokens[role], `/mcp?toolsets=${toolset}`), `${role} ${toolset}`).toEqual(mine);
      }
    }
    const held = await minted('owner', ['scheduling', 'patients']);
    const names = await listed(held);
    expect(new Set(names.map((name) => toolsetOf.get(name)))).toEqual(new Set(['always', 'scheduling', 'patients']));
    expect(await listed(held, '/mcp?toolsets=scheduling,finance')).toEqual(
      names.filter((name) => ['always', 'scheduling'].includes(toolsetOf.get(name) ?? '')),
    );
    for (const { name, doors } of catalogue) {
      if (!(doors as readonly string[]).includes('mcp')) continue;
      expect(await isRefused(held, name), name).toBe(!names.includes(name));
      expect(await isRefused(attending.tokens.owner, name, '/mcp?toolsets=results'), name).toBe(
        !['always', 'results'].includes(toolsetOf.get(name) ?? ''),
      );
    }
    const front_desk = await minted('front_desk', ['finance', 'chart']);
    expect(new Set((await listed(front_desk)).map((name) => toolsetOf.get(name)))).toEqual(new Set(['always']));
  },
  60_000,
);

verifies('tools:list-below-32-kb', async () => {
  const sizes: Record<string, number> = {};
  for (const role of Object.keys(ROLES) as Role[]) {
    const { body } = await rpc(attending.url, attending.tokens[role], 'tools/list', {});
    sizes[role] = Buffer.byteLength(body);
  }
  expect(Object.entries(sizes).filter(([, bytes]) => bytes >= 32_768)).toEqual([]);
});

describe('?toolsets=', () => {
  it('of a name that is none is refused, says which there are, and leaves its row', async () => {
    const before = await attending.admin.query('select count(*) as n from data.mcp_audit_log');
    const { status, body } = await rpc(attending.url, attending.tokens.owner, 'tools/list', {}, '/mcp?toolsets=labs');
    expect(status).toBe(400);
    expect(body).toContain('scheduling');
    expect(body).not.toContain('labs,');
    const after = await attending.admin.query('select count(*) as n from data.mcp_audit_log');
    expect(Number(after.rows[0]?.n) - Number(before.rows[0]?.n)).toBe(1);
  });
});

describe('prompts', () => {
  it('lead to tools that there are, and are shown to who has all of them', async () => {
    const names = new Set(catalogue.map(({ name }) => name));
    expect(PROMPTS.flatMap(({ tools }) => tools).filter((tool) => !names.has(tool))).toEqual([]);
    for (const prompt of PROMPTS) {
      const text = prompt.text(Object.fromEntries(prompt.arguments.map(({ name }) => [name, 'x'])));
      expect(
        prompt.tools.filter((tool) => !text.includes(tool) && tool !== 'search_patients'),
        prompt.name,
      ).toEqual([]);
    }
    for (const role of Object.keys(ROLES) as Role[]) {
      const { json } = await rpc(attending.url, attending.tokens[role], 'prompts/list', {}, EVERY_TOOLSET);
      const shown = (json.result as { prompts: { name: string }[] }).prompts.map(({ name }) => name);
      const tools = await listed(attending.tokens[role], EVERY_TOOLSET);
      expect(shown, role).toEqual(PROMPTS.filter((prompt) => prompt.tools.every((tool) => tools.includes(tool))).map(({ name }) => name));
    }
  });

  it('are filled with what was given, and refuse what lacks an argument or is not theirs', async () => {
    const get = async (token: string, params: Record<string, unknown>) => (await rpc(attending.url, token, 'prompts/get', params)).json;
    const visit = await get(attending.tokens.physician, { name: 'prepare_visit', arguments: { patient: 'Ada Okafor, 1950-02-01' } });
    expect(JSON.stringify(visit)).toContain('Prepare my visit with: Ada Okafor, 1950-02-01');
    expect(await get(attending.tokens.physician, { name: 'prepare_visit' })).toMatchObject({
      error: { code: -32602, message: 'This prompt needs: patient.' },
    });
    expect(await get(attending.tokens.physician, { name: 'denials_to_work' })).toMatchObject({ error: { code: -32602 } });
  });
});

describe('a patient on one page, by URI', () => {
  const read = async (token: string, uri: string) => (await rpc(attending.url, token, 'resources/read', { uri })).json;
  const patientOf = async (clinic: 0 | 1) => {
    const { rows } = await attending.admin.query<{ id: string }>(
      'select id from data.patients where tenant_id = $1 and active and replaced_by is null order by mrn limit 1',
      [attending.tenants[clinic]?.tenant_id],
    );
    return rows[0]?.id ?? '';
  };

  it('is offered to who may read charts, and to nobody else', async () => {
    for (const [role, offered] of [
      ['owner', 1],
      ['nurse', 1],
      ['quality', 1],
      ['front_desk', 0],
      ['biller', 0],
      ['compliance', 0],
    ] as const) {
      const { json } = await rpc(attending.url, attending.tokens[role], 'resources/templates/list', {});
      expect((json.result as { resourceTemplates: object[] }).resourceTemplates.length, role).toBe(offered);
    }
  });

  it('is answered with its audit row, and says the same as over REST', async () => {
    const id = await patientOf(0);
    const answer = await read(attending.tokens.physician, `attending://patients/${id}/summary`);
    const { contents, _meta } = answer.result as { contents: { text: string; mimeType: string }[]; _meta: Record<string, string> };
    const page = JSON.parse(contents[0]?.text ?? '') as { patient: { patient_id: string } };
    expect(page.patient.patient_id).toBe(id);
    expect(Buffer.byteLength(contents[0]?.text ?? '')).toBeLessThanOrEqual(6144);
    const over_rest = await fetch(`${attending.url}/api/v1/patients/${id}/summary`, {
      headers: { authorization: `Bearer ${attending.tokens.physician}` },
    });
    expect({ ...((await over_rest.json()) as object), as_of: '' }).toEqual({ ...page, as_of: '' });
    const { rows } = await attending.admin.query(
      'select l.tool_name, l.status, i.door from data.mcp_audit_log l join data.mcp_audit_intent i on i.id = l.id where l.id = $1',
      [_meta['attending/audit_id']],
    );
    expect(rows).toEqual([{ tool_name: 'get_patient_summary', status: 'ok', door: 'resource' }]);
  });

  it('of another clinic, of nobody, without the right, and at a URI that is none, is not found, and leaves a row each', async () => {
    const count = async () => Number((await attending.admin.query('select count(*) as n from data.mcp_audit_log')).rows[0]?.n);
    const before = await count();
    const refusals = [
      await read(attending.tokens.physician, `attending://patients/${await patientOf(1)}/summary`),
      await read(attending.tokens.physician, 'attending://patients/00000000-0000-4000-8000-00000000dead/summary'),
      await read(attending.tokens.front_desk, `attending://patients/${await patientOf(0)}/summary`),
      await read(attending.tokens.physician, 'attending://patients/John Smith/summary'),
      await read(attending.tokens.physician, 'file:///etc/passwd'),
    ];
    expect(new Set(refusals.map(({ error }) => (error as { message: string }).message)).size).toBe(1);
    expect((await count()) - before).toBe(refusals.length);
  });
});
