// From the tool list to an answer that is right, small, labelled and on record. Runs on both PostgreSQL versions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { revokeCredential } from '../../src/governance/issue.ts';
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

verifies(
  'answers:byte-budget',
  async () => {
    const { id } = await one<{ id: string }>(
      'select patient_id as id from data.lab_results where tenant_id = $1 group by patient_id having count(*) = 40 limit 1',
      [juniper()],
    );
    const forty = await ask('get_labs', { patient_id: id });
    expect(Buffer.byteLength(textOf(forty))).toBeLessThanOrEqual(6144);

    const { rows } = await attending.admin.query<{ id: string }>(
      'select id from data.patients where tenant_id = $1 and replaced_by is null',
      [juniper()],
    );
    const cut: string[] = [];
    for (const patient of rows) {
      for (const [name, args] of [
        ['get_labs', { fields: 'full', limit: 1000 }],
        ['get_chart_notes', { limit: 1000 }],
        ['get_medications', { active_only: false, limit: 1000 }],
        ['get_patient', {}],
      ] as const) {
        const answer = await ask(name, { patient_id: patient.id, ...args });
        expect(answer.result?.isError ?? false, textOf(answer)).toBe(false);
        expect(Buffer.byteLength(textOf(answer)), name).toBeLessThanOrEqual(6144);
        const { truncated, cursor } = answer.result?.structuredContent ?? {};
        if (truncated === true && name !== 'get_patient') expect(cursor, name).toEqual(expect.any(String));
        if (truncated === true) cut.push(name);
      }
    }
    expect(new Set(cut)).toContain('get_labs');
    const year = await ask('get_appointments', { date_range: { from: '2026-09-01', to: '2026-11-30' }, limit: 1000 });
    expect(year.result?.structuredContent).toMatchObject({ truncated: true, cursor: expect.any(String) });
  },
  60_000,
);

describe('a list that is cut', () => {
  it('gives every row exactly once when its cursors are followed, over MCP in parts as over REST at once', async () => {
    const { id } = await one<{ id: string }>(
      'select patient_id as id from data.lab_results where tenant_id = $1 group by patient_id order by count(*) desc limit 1',
      [juniper()],
    );
    const parts: unknown[] = [];
    let cursor: string | undefined;
    do {
      const part: { labs: unknown[]; cursor?: string } = contentOf(
        await ask('get_labs', { patient_id: id, fields: 'full', limit: 1000, ...(cursor && { cursor }) }),
      );
      parts.push(...part.labs);
      cursor = part.cursor;
    } while (cursor);
    const response = await fetch(`${attending.url}/api/v1/patients/${id}/labs?fields=full&limit=1000`, {
      headers: { authorization: `Bearer ${attending.tokens.physician}` },
    });
    const { labs, truncated } = (await response.json()) as { labs: unknown[]; truncated?: boolean };
    expect(truncated).toBeUndefined();
    expect(parts).toEqual(labs);
    expect(labs.length).toBeGreaterThan(60);
  });
});

verifies('answers:say-source-and-as-of', async () => {
  const { id } = await one<{ id: string }>('select id from data.patients where tenant_id = $1 and replaced_by is null limit 1', [
    juniper(),
  ]);
  for (const [name, args, source] of [
    ['search_patients', { query: 'smith' }, 'native'],
    ['get_patient', { patient_id: id }, 'native'],
    ['get_labs', { patient_id: id }, 'native'],
    ['get_chart_notes', { patient_id: id }, 'native'],
    ['get_medications', { patient_id: id }, 'native'],
    ['get_appointments', {}, 'native'],
    ['connection_status', {}, 'native'],
  ] as const) {
    const { result } = await ask(name, args);
    expect(result?.structuredContent, name).toMatchObject({ source, as_of: '2026-11-20T10:00:00-05:00', time_zone: 'America/New_York' });
  }
});

verifies('answers:candidates-never-first-match', async () => {
  const found = await ask('search_patients', { query: 'John Smith' });
  const { resolution, patients } = contentOf<{ resolution: string; patients: Record<string, string>[] }>(found);
  const smiths = patients.filter(({ family_name, given_name }) => family_name === 'Smith' && given_name === 'John');
  expect(resolution).toBe('ambiguous');
  expect(smiths.length).toBeGreaterThanOrEqual(2);
  expect(new Set(smiths.map(({ birth_date }) => birth_date)).size).toBe(smiths.length);
  expect(smiths.every(({ match }) => match !== 'certain')).toBe(true);
});

verifies('answers:missing-is-never-normal', async () => {
  const rows = (
    await attending.admin.query<{ id: string; patient_id: string }>(
      `select id, patient_id from data.lab_results where tenant_id = $1 and lab_flag is null and ref_low is null and ref_high is null and status = 'final' limit 20`,
      [juniper()],
    )
  ).rows;
  expect(rows.length).toBeGreaterThan(0);
  for (const { id, patient_id } of rows) {
    const response = await fetch(`${attending.url}/api/v1/patients/${patient_id}/labs?fields=full&limit=1000`, {
      headers: { authorization: `Bearer ${attending.tokens.physician}` },
    });
    const { labs } = (await response.json()) as { labs: Record<string, unknown>[] };
    const found = labs.find(({ lab_result_id }) => lab_result_id === id);
    if (!found) continue; // corrected since
    expect(found.flag).toBe('unknown');
    expect(Object.keys(found)).not.toContain('ref_low');
    expect(Object.values(found)).not.toContain(null);
  }
});

verifies('errors:say-what-to-do-next', async () => {
  const cases: [string, unknown, RegExp][] = [
    ['get_labs', {}, /patient_id: .*call again/i],
    ['get_labs', { patient_id: 'John Smith' }, /patient_id: not an id; call search_patients/],
    ['get_labs', { patient_id: '00000000-0000-4000-8000-000000000000' }, /No such patient in this clinic\. Search for the record first/],
    ['get_labs', { patient_id: '00000000-0000-4000-8000-000000000000', limit: 5000 }, /limit: .*1000/],
    ['get_labs', { patient: 'x' }, /arguments that do not exist here; there are patient_id/],
    ['get_appointments', { date_range: { from: '2026-02-31', to: '2026-03-01' } }, /date_range\.from: not a day of the calendar/],
    ['read_untrusted', { ref: 'u_1' }, /ref: not a reference; copy the u_/],
    ['search_patients', { query: 'x' }, /query: /],
    ['search_patients', { query: 'smith', cursor: '!!!' }, /cursor: not a cursor of this list/],
  ];
  for (const [name, args, words] of cases) {
    const answer = await ask(name, args);
    expect(answer.result?.isError, name).toBe(true);
    expect(textOf(answer)).toMatch(words);
  }
});

verifies('errors:no-phi', async () => {
  const secret = 'Zebedee Quillfeather 1931-03-04';
  for (const [name, args] of [
    ['get_labs', { patient_id: secret }],
    ['get_labs', { [secret]: secret }],
    ['get_labs', { patient_id: '00000000-0000-4000-8000-000000000000', panel: secret }],
    ['search_patients', { query: [secret] }],
    ['get_appointments', { date_range: secret }],
    [secret, { query: secret }],
    ['search_patients', { query: secret }],
  ] as const) {
    const { body } = await ask(name, args);
    expect(body).not.toMatch(/Zebedee|Quillfeather/);
  }
  await fetch(`${attending.url}/api/v1/patients/${encodeURIComponent(secret)}/labs?panel=${encodeURIComponent(secret)}`, {
    headers: { authorization: `Bearer ${attending.tokens.physician}` },
  });
  expect(attending.logged()).not.toMatch(/Zebedee|Quillfeather/);
  const { rows } = await attending.admin.query<{ told: string }>(
    'select concat(i.*, l.*, e.*) as told from data.mcp_audit_intent i left join data.mcp_audit_log l using (id) left join data.mcp_audit_ext e on e.audit_id = i.id',
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { told } of rows) expect(told).not.toMatch(/Zebedee|Quillfeather|1931-03-04/);
});

verifies('sandbox:only-synthetic', async () => {
  const { rows } = await attending.admin.query<{ name: string; n: number; odd: number }>(
    `select t.name, count(*)::int as n, count(*) filter (where p.phone !~ '^\\+1\\d{3}55501\\d\\d$' or p.email !~ '[@.]example\\.(com|org|net)$')::int as odd
     from data.patients p join data.tenants t using (tenant_id) group by t.name order by t.name`,
  );
  expect(rows).toEqual([
    { name: 'Cedar Hollow Family Health', n: 36, odd: 0 },
    { name: 'Juniper Street Clinic', n: 36, odd: 0 },
  ]);
  await expect(
    attending.admin.query(
      "insert into data.tenants (tenant_id, name, time_zone, tier) values (gen_random_uuid(), 'Real', 'America/New_York', 'production')",
    ),
  ).rejects.toMatchObject({ code: '23514' });
});

verifies('credential:revoked-next-call-401', async () => {
  const token = attending.tokens.nurse;
  expect((await ask('connection_status', {}, token)).status).toBe(200);
  const { id } = await one<{ id: string }>(
    "select g.id from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id where u.role = 'nurse' and g.tenant_id = $1",
    [juniper()],
  );
  expect(await revokeCredential(attending.admin, systemRandom, id)).toBe(true);
  expect((await ask('connection_status', {}, token)).status).toBe(401);
  expect((await fetch(`${attending.url}/api/v1/connections`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  await expect
    .poll(
      async () =>
        (await attending.admin.query('select from guard.edge_log where reason = $1 and credential_id = $2', ['revoked', id])).rowCount,
    )
    .toBe(2);
});
