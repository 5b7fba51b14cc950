// A physician at /admin in a real browser: signs in, finds what her AI drafted a moment ago, mends a line, signs; and only then it is in the chart.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser } from '../browser.ts';
import { aCitingNote, aStandingApproval, signedIn as signIn } from '../builders/desk.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let patients: { id: string; name: string }[];
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  const { rows } = await attending.admin.query(
    "select id, given_name || ' ' || family_name as name from data.patients where tenant_id = $1 and replaced_by is null and deceased_on is null and active order by id limit 20",
    [tenant_id],
  );
  patients = rows;
});
afterAll(() => attending.close());

const call = async (name: string, args: unknown) => (await callTool(attending.url, attending.tokens.physician, name, args)).result;
async function aDraft(n: number, plan: string): Promise<string> {
  const result = await call('draft_chart_note', { patient_id: patients[n]?.id, soap: { assessment: 'Stable.', plan } });
  return result?.structuredContent?.draft_id as string;
}

const signedIn = (browser: Browser, role: string, options?: Parameters<Browser['newContext']>[0]) =>
  signIn(attending, browser, role, options);

describeInBrowser('the desk in a browser', (browser) => {
  verifies(
    'desk:signed-in-the-browser',
    async () => {
      const draft_id = await aDraft(0, 'Return in six weeks.');
      const page = await signedIn(browser(), 'physician');
      await page.getByRole('link', { name: /AI drafts/ }).click();
      await page
        .getByText(patients[0]?.name as string)
        .first()
        .click();
      await page.getByText('Return in six weeks.', { exact: true }).waitFor();

      await page.keyboard.press('e');
      await page.getByLabel('Plan').fill('Return in eight weeks.');
      await page.getByRole('button', { name: 'Keep the edit' }).click();
      await page.getByRole('form', { name: 'Edit the draft' }).waitFor({ state: 'detached' });
      await page.getByText('Return in eight weeks.', { exact: true }).waitFor();
      await page.keyboard.press('s');
      await page.getByRole('button', { name: `Sign for ${patients[0]?.name}` }).click();
      await page.getByText(/^Signed:/).waitFor();

      const notes = await call('get_chart_notes', { patient_id: patients[0]?.id, limit: 1 });
      expect(notes?.content[0]?.text).toContain('Return in eight weeks.');
      const { rows } = await attending.admin.query(
        "select what, version, encode(payload_hash, 'hex') as hash, user_id from data.review_events where subject_id = $1 order by created_at",
        [draft_id],
      );
      expect(rows.map(({ what }) => what)).toEqual(['proposed', 'revised', 'signed', 'committed']);
      expect(rows[2].hash).toBe(rows[1].hash);
      expect(rows[0].hash).not.toBe(rows[2].hash);
      await page.context().close();
    },
    120_000,
  );

  it('twenty drafts by keyboard alone', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, (_, n) => aDraft(n % patients.length, `By keyboard ${n}.`)));
    const page = await signedIn(browser(), 'physician');
    await page.goto(`${attending.url}/admin/ai-drafts/`);
    await page.locator('.row-link').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const left = async () => {
      const { rows } = await attending.admin.query(
        "select count(*)::int as n from data.pending_actions where id = any($1) and status = 'pending'",
        [made],
      );
      return rows[0].n as number;
    };
    for (let n = 20; n > 0; n -= 1) {
      await page
        .getByRole('button', { name: /^Sign(?! out)/ })
        .first()
        .waitFor();
      await page.keyboard.press('s');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(left, { timeout: 10_000 }).toBe(n - 1);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.context().close();
  }, 180_000);

  it('has no accessibility violations on any page, light, dark or on a phone', async () => {
    const { draft_id } = await aCitingNote(attending);
    const { approval_id, booked } = await aStandingApproval(attending);
    const pages = [
      '',
      'ai-drafts/',
      `ai-drafts/${draft_id}`,
      `ai-drafts/${booked[0]}`,
      'ai-drafts/holds/',
      'ai-drafts/approvals/',
      `ai-drafts/approvals/${approval_id}`,
      'ai-drafts/approvals/new',
      'ai-mcp/',
      'people/',
    ];
    const views = [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'light', viewport: { width: 390, height: 844 } },
    ] as const;
    for (const view of views) {
      const page = await signedIn(browser(), 'owner', view);
      for (const path of pages) {
        await page.goto(`${attending.url}/admin/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        if (path.endsWith(draft_id)) await page.locator('svg.trend').first().waitFor();
        // What is folded away is read too.
        await page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })");
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect([path, view, violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)]).toEqual([path, view, []]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
      await page.context().close();
    }
  }, 180_000);
});
