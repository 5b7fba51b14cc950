// The order of a call: intent, read, final row, first byte.
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let patient_id: string;
beforeAll(async () => {
  attending = await startAttending();
  const { rows } = await attending.admin.query<{ patient_id: string }>(
    'select patient_id from data.lab_results where tenant_id = $1 limit 1',
    [attending.tenants[0]?.tenant_id],
  );
  patient_id = rows[0]?.patient_id as string;
}, 60_000);
afterAll(() => attending?.close());

const open = async () =>
  (
    await attending.admin.query<{ tool_name: string }>(
      'select i.tool_name from data.mcp_audit_intent i where not exists (select from data.mcp_audit_log l where l.id = i.id)',
    )
  ).rows.map(({ tool_name }) => tool_name);

verifies('audit:intent-before-read', async () => {
  const holder = new pg.Client(attending.database.admin);
  await holder.connect();
  await holder.query('begin; lock table data.lab_results in access exclusive mode');
  let answered = false;
  const call = callTool(attending.url, attending.tokens.physician, 'get_labs', { patient_id }).then((answer) => {
    answered = true;
    return answer;
  });
  // The read waits for the lock; the intent is committed already, and nothing has been answered.
  await expect.poll(open).toEqual(['get_labs']);
  await expect
    .poll(async () => (await attending.admin.query("select from pg_stat_activity where wait_event_type = 'Lock'")).rowCount)
    .toBeGreaterThan(0);
  expect(answered).toBe(false);
  await holder.query('rollback');
  await holder.end();
  expect((await call).result?.isError ?? false).toBe(false);
  expect(await open()).toEqual([]);
});

verifies('audit:no-row-no-answer', async () => {
  const refuse =
    "begin; set local app.migrating = 'on'; alter table data.mcp_audit_log add constraint no_row check (false) not valid; commit";
  const allow = "begin; set local app.migrating = 'on'; alter table data.mcp_audit_log drop constraint no_row; commit";
  await attending.admin.query(refuse);
  try {
    const { body, error } = await callTool(attending.url, attending.tokens.physician, 'get_labs', { patient_id });
    expect(error).toEqual({ code: -32603, message: 'Internal error' });
    expect(body).not.toMatch(/collected_at|loinc/);
    const rest = await fetch(`${attending.url}/api/v1/patients/${patient_id}/labs`, {
      headers: { authorization: `Bearer ${attending.tokens.physician}` },
    });
    expect(rest.status).toBe(500);
    expect(await rest.text()).not.toMatch(/collected_at|loinc/);
  } finally {
    await attending.admin.query(allow);
  }
  // What was begun is ended by the sweeper, and the next call is answered again.
  expect(await open()).toEqual(['get_labs', 'get_labs']);
  expect((await callTool(attending.url, attending.tokens.physician, 'get_labs', { patient_id })).result?.structuredContent).toBeDefined();
});
