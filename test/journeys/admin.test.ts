// The desk in a real browser: by keyboard alone, batches, and no accessibility violations. The first draft on `npm start` is in desk-start.test.ts.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser } from '../browser.ts';
import { aBusyVendor } from '../builders/connections-page.ts';
import { aCitingNote, aStandingApproval, signedIn as signIn, twentyMixedDrafts } from '../builders/desk.ts';
import { callTool } from '../mcp.ts';

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

const signedIn = (browser: Browser, role: string, options?: Parameters<Browser['newContext']>[0]) =>
  signIn(attending, browser, role, options);

describeInBrowser('the desk in a browser', (browser) => {
  it('twenty drafts of seven kinds by keyboard alone, one of them edited and one rejected', async () => {
    const made = await twentyMixedDrafts(attending);
    expect([made.length, new Set(made.map(({ kind }) => kind)).size]).toEqual([20, 7]);
    const ids = made.map(({ draft_id }) => draft_id);
    const edited = made.findIndex(({ kind }) => kind === 'patient_message');
    const rejected = made.findIndex(({ kind }) => kind === 'vitals');
    const page = await signedIn(browser(), 'physician');
    await page.goto(`${attending.url}/admin/ai-drafts/`);
    await page.locator('.row-link').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const statuses = async () => {
      const { rows } = await attending.admin.query('select id, status from data.pending_actions where id = any($1)', [ids]);
      return ids.map((id) => rows.find((row) => row.id === id)?.status as string);
    };
    const dialog = page.getByRole('dialog');
    for (const [n, draft_id] of ids.entries()) {
      await page.waitForURL((url) => url.pathname.endsWith(draft_id));
      await page.getByRole('button', { name: /^Sign(?! out)/ }).waitFor();
      if (n === edited) {
        await page.keyboard.press('e');
        const words = page.getByLabel('Message');
        await words.waitFor();
        await page.keyboard.press('Tab');
        await page.keyboard.press('End');
        await page.keyboard.type(' Thank you.');
        await page.keyboard.press('Control+Enter');
        await page.getByText('Changed from what the AI wrote').waitFor();
      }
      await page.keyboard.press(n === rejected ? 'r' : 's');
      await dialog.waitFor();
      if (n === rejected) await page.keyboard.type('Not what was measured');
      await page.keyboard.press('Enter');
      const done = ids.map((_, at) => (at > n ? 'pending' : at === rejected ? 'rejected' : 'committed'));
      await expect.poll(statuses, { timeout: 10_000 }).toEqual(done);
      await dialog.waitFor({ state: 'detached' });
    }
    const { rows } = await attending.admin.query('select body from data.messages where id = $1', [ids[edited]]);
    expect(rows[0]?.body).toMatchObject([{ text: 'Please call us, 0. Thank you.' }]);
    const { rows: charted } = await attending.admin.query('select from data.vital_signs where id = $1', [ids[rejected]]);
    expect(charted).toEqual([]);
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

  it('a batch is one row of the queue, is read as one page, and is signed by keys but for who is left out', async () => {
    const made = await call('draft_message_batch', {
      patient_ids: patients.slice(0, 5).map(({ id }) => id),
      body: 'Hello {first_name}, we missed you. Please book another time in the portal.',
    });
    const batch_id = made?.structuredContent?.batch_id as string;
    const page = await signedIn(browser(), 'physician');
    await page.goto(`${attending.url}/admin/ai-drafts/?kind=message_draft`);
    await page.getByText('and 4 more').click();
    await page.getByRole('heading', { name: 'Message to the patient: 5 patients' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('s');
    await page.getByRole('dialog', { name: 'Sign 4 drafts?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Signed: 4 drafts.').waitFor();
    const { rows } = await attending.admin.query(
      'select patient_id, status from data.pending_actions where batch_id = $1 order by created_at, id',
      [batch_id],
    );
    expect(rows.map(({ status }) => status)).toEqual(['committed', 'pending', 'committed', 'committed', 'committed']);
    await page.getByRole('button', { name: 'Sign 1 of 1' }).waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('has no accessibility violations on any page, light, dark or on a phone', async () => {
    const batch = await call('draft_message_batch', { patient_ids: patients.slice(0, 3).map(({ id }) => id), body: 'We moved.' });
    const batch_id = batch?.structuredContent?.batch_id as string;
    const { draft_id } = await aCitingNote(attending);
    const posting_id = await aPosting();
    const { approval_id, booked } = await aStandingApproval(attending);
    await aBusyVendor(attending);
    const pages = [
      '',
      'ai-drafts/',
      `ai-drafts/${draft_id}`,
      `ai-drafts/${booked[0]}`,
      `ai-drafts/together/${batch_id}`,
      `ai-drafts/${posting_id}`,
      'ai-drafts/holds/',
      'ai-drafts/approvals/',
      `ai-drafts/approvals/${approval_id}`,
      'ai-drafts/approvals/new',
      'connections/',
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
