// Two clinics at once: none lost, none crossed, every call on record.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let patients: [string[], string[]];
beforeAll(async () => {
  attending = await startAttending();
  const { rows } = await attending.admin.query<{ tenant_id: string; id: string }>(
    'select tenant_id, id from data.patients where replaced_by is null order by id',
  );
  patients = [0, 1].map((clinic) =>
    rows.filter(({ tenant_id }) => tenant_id === attending.tenants[clinic]?.tenant_id).map(({ id }) => id),
  ) as [string[], string[]];
}, 60_000);
afterAll(() => attending?.close());

const TOOLS = ['get_patient', 'get_labs', 'get_chart_notes', 'get_medications', 'get_appointments', 'search_patients'] as const;
const argumentsOf = (tool: (typeof TOOLS)[number], patient_id: string) =>
  tool === 'search_patients'
    ? { query: 'smith' }
    : tool === 'get_appointments'
      ? { patient_id, date_range: { from: '2026-10-01', to: '2026-11-30' } }
      : { patient_id };

describe('2,000 calls from 16 clients of two clinics', () => {
  verifies(
    'audit:row-per-call',
    async () => {
      const before = await counted();
      const seen: string[] = [];
      const calls = Array.from({ length: 2000 }, (_, n) => n);
      await Promise.all(
        Array.from({ length: 16 }, async (_, client) => {
          const clinic = (client % 2) as 0 | 1;
          const mine = new Set(patients[clinic]);
          for (let n = calls.pop(); n !== undefined; n = calls.pop()) {
            const tool = TOOLS[n % TOOLS.length] as (typeof TOOLS)[number];
            const patient_id = patients[clinic][n % patients[clinic].length] as string;
            const { status, result, body } = await callTool(
              attending.url,
              attending.token('physician', clinic),
              tool,
              argumentsOf(tool, patient_id),
            );
            expect([status, result?.isError ?? false], body.slice(0, 300)).toEqual([200, false]);
            for (const [, id] of body.matchAll(/\\?"patient_id\\?":\\?"([0-9a-f-]{36})/g)) expect(mine.has(id as string)).toBe(true);
            seen.push(body.slice(0, 1));
          }
        }),
      );
      expect(seen).toHaveLength(2000);
      const after = await counted();
      expect({ intents: after.intents - before.intents, finals: after.finals - before.finals, orphans: after.orphans }).toEqual({
        intents: 2000,
        finals: 2000,
        orphans: 0,
      });
    },
    120_000,
  );
});

describe('an id of another clinic and an id of nobody', () => {
  verifies('tenancy:same-answer-for-foreign-and-absent', async () => {
    const foreign = patients[1][0] as string;
    const absent = '00000000-0000-4000-8000-000000000000';
    for (const tool of ['get_patient', 'get_labs', 'get_chart_notes', 'get_medications']) {
      const answers = await Promise.all(
        [foreign, absent].map((patient_id) => callTool(attending.url, attending.tokens.physician, tool, { patient_id })),
      );
      const [a, b] = answers.map(({ result }) => JSON.stringify({ ...result, _meta: undefined }));
      expect(a).toBe(b);
      expect(answers[0]?.result?.isError).toBe(true);
      const [x, y] = await Promise.all(
        [foreign, absent].map(async (patient_id) => {
          const path = { get_patient: '', get_labs: '/labs', get_chart_notes: '/notes', get_medications: '/medications' }[tool];
          const response = await fetch(`${attending.url}/api/v1/patients/${patient_id}${path}`, {
            headers: { authorization: `Bearer ${attending.tokens.physician}` },
          });
          return `${response.status} ${await response.text()}`;
        }),
      );
      expect(x).toBe(y);
      expect(x).toMatch(/^404 /);
    }
  });
  it('of another clinic does not open a page of this one: its cursor is refused like one of nobody', async () => {
    const cursors = ['AAAAAAAAAAAAAAAAAAAAAA', Buffer.from((patients[1][0] as string).replaceAll('-', ''), 'hex').toString('base64url')];
    const answers = await Promise.all(
      cursors.map((cursor) => callTool(attending.url, attending.tokens.physician, 'get_labs', { patient_id: patients[0][0], cursor })),
    );
    expect(answers.map(({ result }) => result?.content)).toEqual([answers[0]?.result?.content, answers[0]?.result?.content]);
    expect(answers[0]?.result).toMatchObject({ isError: true });
  });
});

async function counted(): Promise<{ intents: number; finals: number; orphans: number }> {
  const { rows } = await attending.admin.query(
    `select (select count(*)::int from data.mcp_audit_intent) as intents, (select count(*)::int from data.mcp_audit_log) as finals,
       (select count(*)::int from data.mcp_audit_intent i where not exists (select from data.mcp_audit_log l where l.id = i.id)) as orphans`,
  );
  return rows[0];
}
