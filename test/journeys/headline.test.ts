// The headline questions as they are asked, each from the MCP call to the committed row: "Which patients are due for labs?" (M23) with the order that follows, and
// "Draft a follow-up note for John Smith from today's visit" (M24). M25 is in batches.test.ts.
import { afterAll, beforeAll, expect } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let physician: Login;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
});
afterAll(() => attending.close());

async function ask<T = Record<string, never>>(name: string, args: unknown): Promise<T> {
  const { result, body } = await callTool(attending.url, attending.tokens.physician, name, args);
  if (result?.isError || !result) throw new Error(`${name}: ${body}`);
  return result.structuredContent as T;
}
const rows = async (sql: string, values: unknown[]) => (await attending.admin.query(sql, values)).rows;

/** The physician reads it and signs what she read. */
async function sign(draft_id: string): Promise<{ record_id: string; marks: { text: string }[] }> {
  const { json: draft } = await physician.ask('GET', `/drafts/${draft_id}`);
  const signed = await physician.ask('POST', `/drafts/${draft_id}/sign`, { version: draft.version, payload_hash: draft.payload_hash });
  expect(signed.status).toBe(200);
  return { record_id: signed.json.record_id as unknown as string, marks: draft.marks as unknown as { text: string }[] };
}

interface Due {
  due: { patient_id: string; rule: string; analytes: string[]; order_pending?: true }[];
}

verifies('journey:due-for-labs', async () => {
  const asked = { limit: 100 };
  const { due } = await ask<Due>('find_patients_due_for_labs', asked);
  const first = due.find(({ analytes }) => analytes.length === 1);
  if (!first) throw new Error('nobody is due for a single test');
  const { patient_id, rule } = first;
  const { draft_id, note } = await ask<Record<string, string>>('draft_order', {
    patient_id,
    lab: { test: first.analytes[0] },
    indication: 'Z79.899',
  });
  expect(note).toContain('Nothing has changed');
  expect((await ask<Due>('find_patients_due_for_labs', asked)).due).toEqual(due);

  const { record_id } = await sign(draft_id as string);
  expect(
    await rows('select patient_id, status, reason_icd10 from data.lab_orders where tenant_id = $1 and id = $2', [tenant_id, record_id]),
  ).toEqual([{ patient_id, status: 'active', reason_icd10: 'Z79.899' }]);
  // Who has an open order is not nudged again, and is still counted.
  const isSame = (row: Due['due'][number]) => row.patient_id === patient_id && row.rule === rule;
  expect((await ask<Due>('find_patients_due_for_labs', asked)).due.filter(isSame)).toEqual([]);
  const counted = await ask<Due>('find_patients_due_for_labs', { ...asked, include_pending: true });
  expect(counted.due.filter(isSame)).toMatchObject([{ order_pending: true }]);
});

verifies('journey:follow-up-note', async () => {
  const [visit] = await rows(
    `select e.id, e.patient_id, p.given_name, p.family_name, p.birth_date from data.encounters e
     join data.patients p on p.tenant_id = e.tenant_id and p.id = e.patient_id
     where e.tenant_id = $1 and e.status in ('in_progress', 'finished') and p.given_name = 'John' and p.family_name = 'Smith' order by e.start_at desc limit 1`,
    [tenant_id],
  );
  const { patients } = await ask<{ patients: { patient_id: string }[] }>('search_patients', { query: `John Smith ${visit.birth_date}` });
  expect(patients[0]?.patient_id).toBe(visit.patient_id);
  const patient_id = visit.patient_id as string;
  const { encounters } = await ask<{ encounters: { encounter_id: string; start_at: string }[] }>('get_encounters', {
    patient_id,
    limit: 1,
  });
  expect(encounters[0]?.encounter_id).toBe(visit.id);

  const { vitals } = await ask<{ vitals: { kind: string; systolic?: number; diastolic?: number }[] }>('get_vitals', {
    patient_id,
    kind: 'blood_pressure',
    limit: 1,
  });
  const { medications } = await ask<{ medications: { name: string }[] }>('get_medications', { patient_id, active_only: true });
  const objective = vitals[0]?.systolic ? `Blood pressure ${vitals[0].systolic}/${vitals[0].diastolic} mmHg.` : 'Not documented.';
  const soap = {
    subjective: 'Follow-up. Review of systems not documented.',
    objective,
    assessment: 'Stable.',
    plan: medications[0] ? `Continue ${medications[0].name}. Return in three months.` : 'Return in three months.',
  };
  const before = await rows('select id from data.chart_notes where tenant_id = $1 and patient_id = $2', [tenant_id, patient_id]);
  const { draft_id } = await ask<Record<string, string>>('draft_chart_note', { patient_id, encounter_id: visit.id, soap });
  expect(await rows('select id from data.chart_notes where tenant_id = $1 and patient_id = $2', [tenant_id, patient_id])).toEqual(before);

  const { record_id, marks } = await sign(draft_id as string);
  expect(marks).toEqual([]);
  const [row] = await rows('select encounter_id, status, author_id, signed_at, body from data.chart_notes where id = $1', [record_id]);
  expect(row).toMatchObject({
    encounter_id: visit.id,
    status: 'signed',
    author_id: (await rows('select practitioner_id from data.users where id = $1', [physician.user_id]))[0].practitioner_id,
    body: { objective: [{ text: objective, origin: 'clinic' }] },
  });
  const { notes } = await ask<{ notes: { note_id: string }[] }>('get_chart_notes', { patient_id, limit: 1 });
  expect(notes[0]?.note_id).toBe(record_id);
});
