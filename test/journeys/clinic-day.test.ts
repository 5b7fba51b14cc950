// A whole clinic day of one physician's AI: forty patients, the inbox opened at eight and no new conversation all day (security.md 2.4). Counted is what people do.
import { afterAll, beforeAll, expect } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

const PATIENTS = 40;
let attending: Attending;
let tenant_id: string;
let physician: Login;
let nurse: Login;
let patients: string[];
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
  const { rows } = await attending.admin.query(
    'select id from data.patients where tenant_id = $1 and replaced_by is null and deceased_on is null and active order by id',
    [tenant_id],
  );
  // The synthetic clinic has fewer who live and come: some are seen twice.
  patients = Array.from({ length: PATIENTS }, (_, n) => rows[n % rows.length].id);
});
afterAll(() => attending.close());

const call = async (role: 'physician' | 'nurse', name: string, args: unknown) =>
  (await callTool(attending.url, attending.tokens[role], name, args)).result;

interface Day {
  steps: number;
  drafts: { steps: number; record_id: string }[];
}

/** What becomes of one draft, by what a person does for it: a release where it is held, and the signature. */
async function decided(login: Login, result: Awaited<ReturnType<typeof call>>): Promise<{ steps: number; record_id: string }> {
  let steps = 0;
  let draft_id = result?.structuredContent?.draft_id as string | undefined;
  if (result?.isError) {
    const hold_id = /holds\/([0-9a-f-]{36})/.exec(result.content[0]?.text ?? '')?.[1];
    const { json: hold } = await login.ask('GET', `/holds/${hold_id}`);
    const released = await login.ask('POST', `/holds/${hold_id}/release`, { binding_hash: hold.binding_hash, confirm: true });
    expect(released.status).toBe(200);
    draft_id = released.json.draft_id;
    steps += 1;
  }
  const { json: draft } = await login.ask('GET', `/drafts/${draft_id}`);
  const signed = await login.ask('POST', `/drafts/${draft_id}/sign`, { version: draft.version, payload_hash: draft.payload_hash });
  expect(signed).toMatchObject({ status: 200, json: { status: 'committed' } });
  return { steps: steps + 1, record_id: signed.json.record_id as unknown as string };
}

verifies(
  'desk:a-clinic-day',
  async () => {
    const days: Record<'before' | 'after' | 'nurse', Day> = {
      before: { steps: 0, drafts: [] },
      after: { steps: 0, drafts: [] },
      nurse: { steps: 0, drafts: [] },
    };
    const keep = (day: Day, draft: Day['drafts'][number]) => {
      day.drafts.push(draft);
      day.steps += draft.steps;
    };
    const aNote = (n: number, when: string) =>
      call('physician', 'draft_chart_note', { patient_id: patients[n], soap: { assessment: 'Stable.', plan: `Return ${when}. (${n})` } });
    for (let n = 0; n < 3; n += 1) keep(days.before, await decided(physician, await aNote(n, 'tomorrow')));

    const inbox = await call('physician', 'get_inbox', {});
    expect(inbox?.content[0]?.text).toContain('outside text');

    for (const [n, patient_id] of patients.entries()) {
      for (const read of ['get_patient', 'get_medications', 'get_labs', 'get_chart_notes'])
        expect((await call('physician', read, { patient_id, ...(read === 'get_labs' && { limit: 5 }) }))?.isError ?? false).toBe(false);
      keep(days.after, await decided(physician, await aNote(n, 'in six months')));
      if (n % 4 === 0) {
        const message = await call('physician', 'draft_patient_message', { patient_id, body: `It was good to see you. (${n})` });
        keep(days.after, await decided(physician, message));
      }
      if (n % 2 === 0) {
        const vitals = await call('nurse', 'draft_vitals', {
          patient_id,
          taken_at: `2026-11-20T0${8 + Math.floor(n / 30)}:${String((n % 30) + 10)}:00-05:00`,
          measurements: [{ kind: 'heart_rate', value: 70, unit: '/min' }],
        });
        keep(days.nurse, await decided(nurse, vitals));
      }
    }

    expect(days.before.drafts.map(({ steps }) => steps)).toEqual(Array(3).fill(1));
    expect(days.nurse.drafts.map(({ steps }) => steps)).toEqual(Array(PATIENTS / 2).fill(1));
    expect(days.after.drafts.map(({ steps }) => steps)).toEqual(Array(PATIENTS + PATIENTS / 4).fill(2));
    const all = Object.values(days).flatMap(({ drafts }) => drafts);
    expect(new Set(all.map(({ record_id }) => record_id)).size).toBe(all.length);
    const { rows } = await attending.admin.query(
      "select count(*)::int as n from data.pending_actions where tenant_id = $1 and status = 'committed' and record_id = any ($2)",
      [tenant_id, all.map(({ record_id }) => record_id)],
    );
    expect(rows[0].n).toBe(all.length);
  },
  120_000,
);
