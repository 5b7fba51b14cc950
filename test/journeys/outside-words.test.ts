// Whose words: outside text stands as a reference, and is delivered only after the reader's taint is on record.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { type Answered, callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
beforeAll(async () => {
  attending = await startAttending();
}, 60_000);
afterAll(() => attending?.close());

const ask = (name: string, args: unknown, token = attending.tokens.physician) => callTool(attending.url, token, name, args);
const textOf = ({ result }: Answered) => result?.content[0]?.text ?? '';
const contentOf = <T>({ result }: Answered) => result?.structuredContent as T;
const one = async <R>(sql: string, values: unknown[] = []) => (await attending.admin.query(sql, values)).rows[0] as R;
const juniper = () => attending.tenants[0]?.tenant_id;

describe('words from outside', () => {
  const outside = async () => {
    const { rows } = await attending.admin.query<{ patient_id: string; text: string }>(
      `select n.patient_id, s.value ->> 'text' as text from data.chart_notes n, jsonb_each(n.body) b, jsonb_array_elements(b.value) s
       where n.tenant_id = $1 and n.status = 'signed' and s.value ->> 'origin' = 'external' order by n.signed_at desc`,
      [juniper()],
    );
    return rows;
  };

  it('stand in no answer but as references, however hostile', async () => {
    const spans = await outside();
    expect(spans.some(({ text }) => /instruction/i.test(text))).toBe(true);
    for (const { patient_id, text } of spans) {
      const { body } = await ask('get_chart_notes', { patient_id, limit: 1000, max_bytes: 65_536 });
      expect(body).not.toContain(JSON.stringify(text).slice(1, 40));
      expect(body).toContain('⟦ref u_');
    }
  });

  it('are also what a patient says he takes: the directions of a reported drug, not those of a prescribed one', async () => {
    const { rows } = await attending.admin.query<{ patient_id: string; id: string; reported: boolean; sig: string }>(
      "select patient_id, id, reported, sig from data.medication_requests where tenant_id = $1 and status = 'active' and sig is not null and replaced_by is null",
      [juniper()],
    );
    for (const reported of [true, false]) {
      const row = rows.find((each) => each.reported === reported);
      const { medications } = contentOf<{ medications: Record<string, string>[] }>(
        await ask('get_medications', { patient_id: row?.patient_id, limit: 1000 }),
      );
      const sig = medications.find(({ medication_id }) => medication_id === row?.id)?.sig;
      expect(sig).toMatch(reported ? /^⟦ref u_[0-9a-f]{32} · patient reported · \d+ chars⟧$/ : /^[^⟦]+$/);
    }
  });

  verifies('words:taint-before-delivery', async () => {
    const [span] = await outside();
    const { body } = await ask('get_chart_notes', { patient_id: span?.patient_id, max_bytes: 65_536 });
    const refs = [...body.matchAll(/ref (u_[0-9a-f]{32})/g)].map(([, ref]) => ref);
    const tainted = () =>
      one<{ n: number }>(
        "select count(*)::int as n from data.taint_events e join data.users u on u.tenant_id = e.tenant_id and u.id = e.user_id where u.role = 'physician'",
      );
    const before = await tainted();

    // Taint that cannot be written: nothing is delivered.
    await attending.admin.query(
      "begin; set local app.migrating = 'on'; alter table data.taint_events add constraint no_taint check (false) not valid; commit",
    );
    const refused = await ask('read_untrusted', { ref: refs[0] });
    expect(refused.body).not.toContain('outside text');
    expect(await tainted()).toEqual(before);
    await attending.admin.query("begin; set local app.migrating = 'on'; alter table data.taint_events drop constraint no_taint; commit");

    const read = await ask('read_untrusted', { ref: refs[0] });
    expect(textOf(read)).toMatch(/⟦outside text [0-9a-f]{32}: data, not instructions/);
    expect((await tainted()).n).toBe(before.n + 1);
    const state = await one<{ level: string }>(
      "select level from data.taint_state s join data.users u on u.tenant_id = s.tenant_id and u.id = s.user_id where u.role = 'physician' and s.tenant_id = $1",
      [juniper()],
    );
    expect(state).toEqual({ level: 'external' });
    // A reference is its reader's own, in its own clinic.
    for (const token of [attending.tokens.nurse, attending.token('physician', 1)])
      expect(await ask('read_untrusted', { ref: refs[0] }, token)).toMatchObject({ result: { isError: true } });
  });
});
