// A physician on `npm start`, in a real browser: signs in with the second factor, finds what her AI drafted a moment ago, mends a line, signs; and only then it is in the
// chart. The owner reads in the log who drafted and who signed what, and ends the AI's credential: its very next call is refused.
import path from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import type { FirstRun } from '../../src/start/first-run.ts';
import { describeInBrowser } from '../browser.ts';
import { freePort, type Run, run, up } from '../builders/npm-start.ts';
import { codeOf } from '../builders/staff.ts';
import { listTools } from '../mcp.ts';
import { verifies } from '../promises.ts';
import { aSweptFolder } from '../sweep.ts';

const { folder, sweep } = aSweptFolder();
const data_folder = path.join(folder, 'data');
let start: Run | undefined;
afterAll(async () => {
  start?.child.kill('SIGTERM');
  await start?.ended;
  await sweep();
}, 30_000);

interface Answer {
  isError?: boolean;
  structuredContent?: Record<string, never>;
}

async function anAi(told: FirstRun, role: string) {
  const token = told.tenants[0]?.credentials.find((credential) => credential.role === role)?.token ?? '';
  const client = new Client({ name: 'chat', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(told.mcp_url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  );
  const call = async (name: string, args: Record<string, unknown>) => {
    const { isError, structuredContent } = (await client.callTool({ name, arguments: args })) as Answer;
    if (isError || !structuredContent) throw new Error(`${name} was refused`);
    return structuredContent;
  };
  return { token, call };
}

async function signedIn(browser: Browser, told: FirstRun, role: string): Promise<Page> {
  const staff = told.tenants[0]?.staff.find((person) => person.role === role);
  if (!staff) throw new Error(`nobody is ${role}`);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(`${told.admin_url}/`);
  await page.getByLabel('E-mail').fill(staff.email);
  await page.getByLabel('Password', { exact: true }).fill(staff.password);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /code/i }).first().waitFor();
  await page.keyboard.type(codeOf(staff.totp_secret));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Good / }).waitFor();
  return page;
}

describeInBrowser('the desk of npm start', (browser) => {
  let told: FirstRun;
  let ai: Awaited<ReturnType<typeof anAi>>;

  verifies(
    'desk:signed-in-the-browser',
    async () => {
      start = run('npm', ['start'], { data_folder, env: { PORT: String(await freePort()), ATTENDING_CALL_TIMEOUT_MS: '20000' } });
      told = await up(start, data_folder);
      ai = await anAi(told, 'physician');
      const { patients } = await ai.call('search_patients', { query: 'John Smith' });
      const [patient] = patients as unknown as [{ patient_id: string; given_name: string; family_name: string }];
      const { patient_id } = patient;
      const soap = { assessment: 'Stable.', plan: 'Return in six weeks.' };
      const { draft_id, review_url } = await ai.call('draft_chart_note', { patient_id, soap });
      expect(review_url).toBe(`${told.admin_url}/ai-drafts/${draft_id}`);

      const page = await signedIn(browser(), told, 'physician');
      await page.getByRole('link', { name: /AI drafts/ }).click();
      await page.getByText(`${patient.given_name} ${patient.family_name}`).first().click();
      await page.getByText('Return in six weeks.', { exact: true }).waitFor();
      const before = await ai.call('get_chart_notes', { patient_id, limit: 1 });
      expect(JSON.stringify(before)).not.toContain('Return in');

      await page.keyboard.press('e');
      await page.getByLabel('Plan').fill('Return in eight weeks.');
      await page.getByRole('button', { name: 'Keep the edit' }).click();
      await page.getByRole('form', { name: 'Edit the draft' }).waitFor({ state: 'detached' });
      await page.getByText('Return in eight weeks.', { exact: true }).waitFor();
      await page.keyboard.press('s');
      await page.getByRole('button', { name: /^Sign for / }).click();
      await page.getByText(/^Signed:/).waitFor();
      const after = await ai.call('get_chart_notes', { patient_id, limit: 1 });
      expect(JSON.stringify(after)).toContain('Return in eight weeks.');
      await page.context().close();
    },
    120_000,
  );

  verifies(
    'audit:who-drafted-who-signed',
    async () => {
      const page = await signedIn(browser(), told, 'owner');
      const physician = told.tenants[0]?.staff.find(({ role }) => role === 'physician');
      const hashes: Record<string, unknown> = {};
      for (const [tool, by] of [
        ['draft_chart_note', 'mcp'],
        ['sign_draft', 'admin'],
      ] as const) {
        await page.goto(`${told.admin_url}/ai-mcp/?tab=log&tool=${tool}`);
        const row = page.getByRole('row').filter({ has: page.getByText(tool, { exact: true }) });
        await row.waitFor();
        expect(await row.count()).toBe(1);
        await row.getByText(`by ${by}`).waitFor();
        await row.getByText('Physician').first().waitFor();
        await row.getByText('Arguments').click();
        hashes[tool] = JSON.parse((await row.locator('.arguments').textContent()) ?? '{}');
      }
      expect(physician).toBeDefined();
      expect(hashes.sign_draft).toMatchObject({ payload_hash: expect.stringMatching(/^[0-9a-f]{64}$/), version: 2 });
      expect(JSON.stringify(hashes.draft_chart_note)).not.toContain('Return in');

      await page.goto(`${told.admin_url}/ai-mcp/`);
      expect(await listTools(told.mcp_url.replace(/\/mcp$/, ''), ai.token)).not.toEqual([]);
      const row = page.getByRole('row').filter({ hasText: 'Physician' });
      await row.getByRole('button', { name: /Revoke/ }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Revoke/ })
        .click();
      await row.getByText(/revoked/i).waitFor();
      const refused = await fetch(told.mcp_url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ai.token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/list',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      });
      expect(refused.status).toBe(401);
      await page.context().close();
    },
    120_000,
  );
});
