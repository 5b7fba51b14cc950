// Fifty people sign two hundred drafts while the server is killed under them: every draft is in the chart once, or still waits.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

const DRAFTS = 200;
const SIGNERS = 50;
const KILLS = 4;

let attending: Attending;
let tenant_id: string;
/** The process that is killed, and where it listens. */
let child: ChildProcess | undefined;
const at = { url: '', admin: undefined as unknown as Attending['admin'] };

async function start(): Promise<void> {
  child = fork(path.join(import.meta.dirname, '../../bench/attending.ts'), [JSON.stringify(attending.database.api)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const started = child;
  at.url = await new Promise<string>((resolve, reject) => {
    started.once('message', (told) => resolve((told as { url: string }).url));
    started.once('exit', () => reject(new Error('the server ended')));
  });
}
const killed = () =>
  new Promise<void>((resolve) => {
    child?.once('exit', () => resolve());
    child?.kill('SIGKILL');
  });

beforeAll(async () => {
  attending = await startAttending();
  at.admin = attending.admin;
  tenant_id = attending.tenants[0]?.tenant_id as string;
  await start();
});
afterAll(async () => {
  await killed();
  await attending.close();
});

async function theDrafts(): Promise<string[]> {
  const { rows } = await attending.admin.query(
    'select id from data.patients where tenant_id = $1 and replaced_by is null and deceased_on is null order by id',
    [tenant_id],
  );
  const made = await Promise.all(
    Array.from({ length: DRAFTS }, async (_, n) => {
      const { result } = await callTool(attending.url, attending.tokens.physician, 'draft_chart_note', {
        patient_id: rows[n % rows.length].id,
        soap: { plan: `Return in six months. ${n}` },
      });
      return result?.structuredContent?.draft_id as string;
    }),
  );
  return made;
}

/** Signs every draft it finds pending, beginning at its own place; what a dead server did not answer is looked at again. */
async function signAll(login: Login, drafts: readonly string[], from: number): Promise<void> {
  const left = new Set([...drafts.slice(from), ...drafts.slice(0, from)]);
  for (let round = 0; left.size > 0 && round < 200; round += 1)
    for (const draft_id of left) {
      try {
        const { json: draft } = await login.ask('GET', `/drafts/${draft_id}`);
        if (draft.status !== undefined && (draft.status as unknown) !== 'pending') left.delete(draft_id);
        else if (draft.payload_hash) await login.ask('POST', `/drafts/${draft_id}/sign`, { version: 1, payload_hash: draft.payload_hash });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50)); // the server is away
      }
    }
}

verifies(
  'desk:committed-once-through-crashes',
  async () => {
    const drafts = await theDrafts();
    expect(new Set(drafts).size).toBe(DRAFTS);
    const { rows: before } = await attending.admin.query('select count(*)::int as n from data.chart_notes where tenant_id = $1', [
      tenant_id,
    ]);
    const signers: Login[] = [];
    for (let n = 0; n < SIGNERS; n += 1) signers.push(await aLogin(at, { tenant_id, role: 'physician' }));

    const signing = Promise.all(signers.map((login, n) => signAll(login, drafts, (n * DRAFTS) / SIGNERS)));
    for (let n = 0; n < KILLS; n += 1) {
      await committed((n + 1) * 30);
      await killed();
      await start();
    }
    await signing;

    const { rows } = await attending.admin.query(
      `select p.status, count(*)::int as n, count(c.id)::int as notes,
         sum((select count(*) from data.review_events e where e.tenant_id = p.tenant_id and e.subject_id = p.id and e.what = 'signed'))::int as signatures,
         sum((select count(*) from data.review_events e where e.tenant_id = p.tenant_id and e.subject_id = p.id and e.what = 'committed'))::int as commits
       from data.pending_actions p left join data.chart_notes c on c.tenant_id = p.tenant_id and c.id = p.id where p.tenant_id = $1 group by p.status`,
      [tenant_id],
    );
    expect(rows).toEqual([{ status: 'committed', n: DRAFTS, notes: DRAFTS, signatures: DRAFTS, commits: DRAFTS }]);
    const { rows: after } = await attending.admin.query('select count(*)::int as n from data.chart_notes where tenant_id = $1', [
      tenant_id,
    ]);
    expect(after[0].n - before[0].n).toBe(DRAFTS);
    const { rows: audited } = await attending.admin.query(
      "select count(*)::int as n from data.mcp_audit_log where tenant_id = $1 and tool_name = 'sign_draft' and status = 'ok'",
      [tenant_id],
    );
    expect(audited[0].n).toBe(DRAFTS);
  },
  120_000,
);

async function committed(n: number): Promise<void> {
  for (;;) {
    const { rows } = await attending.admin.query(
      "select count(*)::int as n from data.pending_actions where tenant_id = $1 and status = 'committed'",
      [tenant_id],
    );
    if (rows[0].n >= n) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
