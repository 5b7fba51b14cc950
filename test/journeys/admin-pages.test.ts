import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser, focused, tabTo } from '../browser.ts';
import { aCitingNote, aStandingApproval, signedIn } from '../builders/desk.ts';
import { aLogin } from '../builders/login.ts';
import { codeOf, forgetCodes } from '../builders/staff.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
});
afterAll(() => attending.close());

describeInBrowser('rules that are signed ahead', (browser) => {
  verifies(
    'desk:rule-said-in-words',
    async () => {
      const page = await signedIn(attending, browser(), 'front_desk');
      const staff = attending.tenants[0]?.staff.find(({ role }) => role === 'front_desk');
      await attending.admin.query("update guard.grants set mfa_at = mfa_at - interval '9 hours' where kind = 'login'");
      await forgetCodes(attending.admin);
      await tabTo(page, 'Approvals');
      await page.keyboard.press('Enter');
      await page.getByText('No rule was signed here').waitFor();
      await tabTo(page, 'New rule');
      await page.keyboard.press('Enter');

      const said = page.getByRole('complementary', { name: 'What will be signed' });
      await said.waitFor();
      await tabTo(page, 'By telehealth');
      await page.keyboard.press('Space');
      await tabTo(page, 'Most in a day');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('Backspace');
      expect(await said.textContent()).not.toContain('bookings');
      expect(await page.getByRole('button', { name: 'Sign this rule' }).isDisabled()).toBe(true);
      await page.keyboard.type('40');
      expect(await said.textContent()).toMatch(
        /In-person and telehealth bookings by the front desk’s AI, at most 60 days ahead, 40 a day, until \w+ \d+, \d{4}\./,
      );
      expect(await said.textContent()).toContain('in your name, Keisha Bolden');
      await tabTo(page, 'Sign this rule');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByText('nobody reads it first').waitFor();
      expect(await focused(page)).toBe('Sign the rule');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Is it still you?' }).waitFor();
      const desk = await aLogin(attending, { tenant_id, role: 'front_desk' });
      const rules = async () => (await desk.ask('GET', '/approvals')).json.approvals as unknown as Record<string, unknown>[];
      expect(await rules()).toEqual([]);
      await page.keyboard.type(codeOf(staff?.totp_secret ?? ''));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Rule of Keisha Bolden' }).waitFor();
      expect(await rules()).toMatchObject([
        {
          state: 'live',
          kinds: ['appointment_draft'],
          modalities: ['in_person', 'telehealth'],
          roles: ['front_desk'],
          horizon_days: 60,
          daily_limit: 40,
        },
      ]);
      await page.getByText('Nothing yet.').waitFor();

      await tabTo(page, 'Revoke');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByText('From now on nothing more is signed by it').waitFor();
      await tabTo(page, 'Revoke it');
      await page.keyboard.press('Enter');
      await page.getByText('From now on a person signs.').waitFor();
      await page.getByText('Revoked', { exact: true }).first().waitFor();
      expect(await page.getByRole('button', { name: 'Revoke' }).count()).toBe(0);
      expect(await rules()).toMatchObject([{ state: 'revoked', revoked_by: 'Keisha Bolden' }]);
      await page.context().close();
    },
    120_000,
  );

  it('are listed with what they signed, each use leading to its draft, and the draft back to its rule', async () => {
    const { approval_id, booked } = await aStandingApproval(attending, { books: 2 });
    const page = await signedIn(attending, browser(), 'scheduler');
    await page.goto(`${attending.url}/admin/ai-drafts/approvals/`);
    const rows = page.locator('.row-link');
    await rows.first().waitFor();
    expect(await rows.first().textContent()).toContain('2 in all');
    expect(await rows.first().textContent()).toContain('Live');
    expect((await rows.allTextContents()).slice(1).every((row) => row.includes('Revoked'))).toBe(true);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Rule of / }).waitFor();
    await rows.nth(1).waitFor();
    expect(
      (await rows.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).map((href) => href?.slice(-36)).toSorted(),
    ).toEqual(booked.toSorted());
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('visit is booked.').waitFor();
    // Who holds the calendar sees the draft, and no chart.
    await page.getByText('Your role does not see this patient’s chart.').waitFor();
    expect(await page.getByRole('alert').allTextContents()).toEqual([expect.stringContaining('visit is booked.')]);
    await page.getByRole('link', { name: 'standing approval' }).click();
    await page.waitForURL(`**/approvals/${approval_id}`);
    await page.keyboard.press('u');
    await page.waitForURL(/\/approvals\/?$/);
    await page.context().close();
  }, 120_000);

  it('are not for a role that may not read them: no way there, and no form', async () => {
    const page = await signedIn(attending, browser(), 'quality');
    expect(await page.getByRole('link', { name: 'Approvals' }).count()).toBe(0);
    for (const path of ['', 'new', '00000000-0000-4000-8000-000000000000']) {
      await page.goto(`${attending.url}/admin/ai-drafts/approvals/${path}`);
      await page.getByText(/^Your role does not see/).waitFor();
      expect(await page.locator('main form').count()).toBe(0);
    }
    await page.context().close();
  }, 60_000);
});

describeInBrowser('what a draft cites', (browser) => {
  verifies(
    'desk:cited-values-over-time',
    async () => {
      const { draft_id, patient_id, a1c } = await aCitingNote(attending);
      const page = await signedIn(attending, browser(), 'physician');
      await page.goto(`${attending.url}/admin/ai-drafts/${draft_id}`);
      const figures = page.locator('.trend-figure');
      await page.locator('svg.trend').nth(2).waitFor();
      expect(await figures.locator('strong').allTextContents()).toEqual(['Hemoglobin A1c', 'LDL cholesterol', 'Blood pressure']);

      const { rows } = await attending.admin.query(
        "select value::float8 as value from data.lab_results where patient_id = $1 and loinc = '4548-4' and status = 'final' and collected_at >= '2024-11-20' order by collected_at desc",
        [patient_id],
      );
      const picture = figures.first().getByRole('img');
      const words = await picture.getAttribute('aria-label');
      expect(words).toContain(`Hemoglobin A1c in %, ${rows.length} values`);
      expect(words).toContain(`Cited: ${a1c} %`);
      expect(await picture.locator('.trend-cited').count()).toBe(1);
      expect(await picture.locator('.trend-band').count()).toBe(1);
      await figures.first().getByText('As a table').focus();
      await page.keyboard.press('Enter');
      const told = await figures.first().locator('tbody tr td:nth-child(2)').allTextContents();
      expect(told).toEqual(rows.map(({ value }) => `${value} %`));

      const owner = await aLogin(attending, { tenant_id, role: 'owner' });
      // The audit keeps real time, whatever day the test's clock stands on.
      const calls = async (tool: string) => {
        const { json } = await owner.ask('GET', `/audit?tool=${tool}&from=2020-01-01&to=2099-12-31`);
        const told = json.calls as unknown as Record<string, string>[];
        return told.filter(({ door }) => door === 'admin').map(({ person, status }) => `${person} ${status}`);
      };
      expect(await calls('list_draft_figures')).toEqual(['Samuel Whitaker ok']);
      expect(await calls('get_labs')).toEqual(['Samuel Whitaker ok', 'Samuel Whitaker ok']);
      expect(await calls('get_vitals')).toEqual(['Samuel Whitaker ok']);
      await page.context().close();
    },
    120_000,
  );

  it('says so where the chart has another value, and marks the newest', async () => {
    const { patient_id, a1c } = await aCitingNote(attending);
    const { result } = await callTool(attending.url, attending.tokens.physician, 'draft_patient_message', {
      patient_id,
      subject: 'Your results',
      body: 'Your A1c was 4.2% this time.',
    });
    const page = await signedIn(attending, browser(), 'physician');
    await page.goto(`${attending.url}/admin/ai-drafts/${result?.structuredContent?.draft_id}`);
    await page.getByText('The text says “4.2%”, and the chart does not.').waitFor();
    expect(await page.locator('.trend-figure').count()).toBe(1);
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain(`Cited: ${a1c} %`);
    await page.context().close();
  }, 60_000);

  it('is told to whom the chart is open, of a draft of the own clinic', async () => {
    const { draft_id, patient_id } = await aCitingNote(attending);
    const physician = await aLogin(attending, { tenant_id, role: 'physician' });
    const { json, status } = await physician.ask('GET', `/drafts/${draft_id}/figures`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      patient_id,
      measures: [{ name: 'Hemoglobin A1c' }, { name: 'LDL cholesterol' }, { kind: 'blood_pressure' }],
    });
    const elsewhere = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'physician' });
    expect((await elsewhere.ask('GET', `/drafts/${draft_id}/figures`)).status).toBe(404);
    for (const role of ['front_desk', 'scheduler', 'biller', 'compliance']) {
      const other = await aLogin(attending, { tenant_id, role });
      for (const path of [`/drafts/${draft_id}/figures`, `/patients/${patient_id}/labs`, `/patients/${patient_id}/vitals`])
        expect([role, path, (await other.ask('GET', path)).status]).toEqual([role, path, 404]);
    }
  });
});
