// A physician at /admin in a real browser: signs in, finds what her AI drafted a moment ago, mends a line, signs; and only then it is in the chart.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser } from '../browser.ts';
import { codeOf, forgetCodes } from '../builders/staff.ts';
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

/** The posting of a remittance that nobody has posted, with a denial in it. */
async function aPosting(): Promise<string> {
  const { rows } = await attending.admin.query(
    `select r.id from data.remittances r where r.tenant_id = $1 and r.amount_cents > 0 and not exists (
       select from data.remittance_claims k join data.payments p on p.remittance_claim_id = k.id where k.remittance_id = r.id) order by r.received_on desc limit 1`,
    [tenant_id],
  );
  const { result } = await callTool(attending.url, attending.tokens.biller, 'draft_payment_posting', { remittance_id: rows[0]?.id });
  return result?.structuredContent?.draft_id as string;
}

/** A page of a person who has signed in with password and code. */
async function signedIn(browser: Browser, role: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const staff = attending.tenants[0]?.staff.find((person) => person.role === role);
  if (!staff) throw new Error(`nobody is ${role}`);
  await forgetCodes(attending.admin);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
  await page.goto(`${attending.url}/admin/`);
  await page.getByLabel('E-mail').fill(staff.email);
  await page.getByLabel('Password', { exact: true }).fill(staff.password);
  await page.keyboard.press('Enter');
  await page.getByText('code', { exact: false }).first().waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.type(codeOf(staff.totp_secret));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Good / }).waitFor();
  return page;
}

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

  it('shows a posting as a table, what is left for a person above it, and lets nobody edit a figure', async () => {
    const posting_id = await aPosting();
    const page = await signedIn(browser(), 'biller');
    await page.goto(`${attending.url}/admin/ai-drafts/${posting_id}`);
    await page.getByRole('article', { name: 'The posting' }).waitFor();
    const text = (await page.getByRole('article', { name: 'The posting' }).textContent()) ?? '';
    expect(text.indexOf('left for a person and not posted')).toBeLessThan(text.indexOf('To the patient'));
    expect(text).toMatch(/The payer denied the claim\..*Posted by this signature\$65\.83/);
    expect(await page.getByRole('button', { name: /^Edit/ }).isDisabled()).toBe(true);
    await page.keyboard.press('s');
    await page.getByText('Signing posts $65.83 of this remittance to the ledger.').waitFor();
    await page.context().close();
  }, 60_000);

  it('has no accessibility violations on any page, light, dark or on a phone', async () => {
    const draft_id = await aDraft(1, 'To be looked at.');
    const posting_id = await aPosting();
    const views = [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'light', viewport: { width: 390, height: 844 } },
    ] as const;
    for (const view of views) {
      const page = await signedIn(browser(), 'owner', view);
      for (const path of ['', 'ai-drafts/', `ai-drafts/${draft_id}`, `ai-drafts/${posting_id}`, 'ai-drafts/holds/', 'ai-mcp/', 'people/']) {
        await page.goto(`${attending.url}/admin/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect([path, view, violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)]).toEqual([path, view, []]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
      await page.context().close();
    }
  }, 180_000);
});
