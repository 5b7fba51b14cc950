// The full product of roles × tools × doors: what is listed is what is not refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../src/governance/roles.ts';
import { catalogue } from '../../src/operations/index.ts';
import { type Attending, startAttending } from '../app.ts';
import { callTool, listTools } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
beforeAll(async () => {
  attending = await startAttending();
}, 60_000);
afterAll(() => attending?.close());

const roles = Object.keys(ROLES) as Role[];
/** Who may what, written from mission.md ("Roles") and not from roles.ts. */
const READS: Record<Role, string[]> = {
  owner: [
    'search_patients',
    'get_patient',
    'get_appointments',
    'get_chart_notes',
    'get_labs',
    'get_medications',
    'connection_status',
    'read_untrusted',
  ],
  physician: [
    'search_patients',
    'get_patient',
    'get_appointments',
    'get_chart_notes',
    'get_labs',
    'get_medications',
    'connection_status',
    'read_untrusted',
  ],
  nurse: [
    'search_patients',
    'get_patient',
    'get_appointments',
    'get_chart_notes',
    'get_labs',
    'get_medications',
    'connection_status',
    'read_untrusted',
  ],
  front_desk: ['search_patients', 'get_patient', 'get_appointments', 'connection_status', 'read_untrusted'],
  scheduler: ['search_patients', 'get_patient', 'get_appointments', 'connection_status', 'read_untrusted'],
  biller: ['search_patients', 'get_patient', 'connection_status', 'read_untrusted'],
  quality: ['search_patients', 'get_patient', 'get_chart_notes', 'get_labs', 'get_medications', 'connection_status', 'read_untrusted'],
  compliance: ['connection_status'],
  integration: [
    'search_patients',
    'get_patient',
    'get_appointments',
    'get_chart_notes',
    'get_labs',
    'get_medications',
    'connection_status',
    'read_untrusted',
  ],
};
const tools = [...new Set(Object.values(READS).flat())];

verifies(
  'tools:list-agrees-with-refusals',
  async () => {
    for (const role of roles) {
      const token = attending.tokens[role];
      expect(
        (await listTools(attending.url, token)).map(({ name }) => name),
        role,
      ).toEqual([...READS[role]].sort());
      const index = await fetch(`${attending.url}/api/v1`, { headers: { authorization: `Bearer ${token}` } });
      expect(JSON.stringify(await index.json()).match(/"name":"\w+"/g)?.length, role).toBe(READS[role].length);
      for (const operation of catalogue) {
        const may = READS[role].includes(operation.name);
        const over = await callTool(attending.url, token, operation.name, {});
        expect(over.error === undefined, `${role} ${operation.name} over MCP: ${over.body}`).toBe(may);
        const [method, template] = operation.rest.split(' ') as [string, string];
        const path = template.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
        const rest = await fetch(`${attending.url}/api/v1${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(method === 'POST' && { body: '{}' }),
        });
        const problem = await rest.text();
        expect(!problem.includes('no such operation'), `${role} ${operation.name} over REST: ${problem}`).toBe(may);
      }
    }
  },
  60_000,
);

verifies(
  'tools:unknown-and-forbidden-look-alike',
  async () => {
    for (const role of roles) {
      const token = attending.tokens[role];
      const unknown = await callTool(attending.url, token, 'get_nothing', {});
      expect(unknown.error?.code).toBe(-32602);
      for (const name of [...tools.filter((tool) => !READS[role].includes(tool)), '__proto__', 'constructor', 'toString', '']) {
        const { error, status } = await callTool(attending.url, token, name, {});
        expect([error, status], `${role} ${name}`).toEqual([unknown.error, unknown.status]);
      }
    }
  },
  60_000,
);

verifies('tools:no-tool-writes', () => {
  expect(catalogue.filter(({ effect, doors }) => effect === 'write' && (doors as readonly string[]).includes('mcp'))).toEqual([]);
  expect(catalogue.every(({ effect }) => effect === 'read')).toBe(true);
});

describe('tools/list', () => {
  it('is the same bytes each time, and at most 1,000 bytes a tool on average', async () => {
    const [one, two] = await Promise.all([
      listTools(attending.url, attending.tokens.owner),
      listTools(attending.url, attending.tokens.owner),
    ]);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(Buffer.byteLength(JSON.stringify(one)) / one.length).toBeLessThanOrEqual(1000);
  });
  it('an integration has what its owner granted and nothing else', async () => {
    await attending.admin.query(
      "update guard.grants set permissions = '{patients:read,not:a_permission}' where user_id in (select id from data.users where role = 'integration')",
    );
    expect((await listTools(attending.url, attending.tokens.integration)).map(({ name }) => name)).toEqual([
      'get_patient',
      'search_patients',
    ]);
  });
});
