// The page of connections in a real browser: a person who has never seen it decides on what nobody can know without looking at the vendor.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser, focused, tabTo } from '../browser.ts';
import { aBusyVendor, type Parked } from '../builders/connections-page.ts';
import { signedIn } from '../builders/desk.ts';
import { aLogin } from '../builders/login.ts';
import { codeOf, forgetCodes } from '../builders/staff.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let parked: Awaited<ReturnType<typeof aBusyVendor>>;
beforeAll(async () => {
  attending = await startAttending();
  tenant_id = attending.tenants[0]?.tenant_id as string;
  parked = await aBusyVendor(attending);
});
afterAll(() => attending.close());

const stateOf = async ({ write_id }: Parked) =>
  (await attending.admin.query('select state from data.vendor_writes where id = $1', [write_id])).rows[0]?.state;
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);

describeInBrowser('the page of connections', (browser) => {
  verifies(
    'wires:page-by-keyboard',
    async () => {
      const page = await signedIn(attending, browser(), 'owner');
      const staff = attending.tenants[0]?.staff.find(({ role }) => role === 'owner');
      await attending.admin.query("update guard.grants set mfa_at = mfa_at - interval '9 hours' where kind = 'login'");
      await forgetCodes(attending.admin);
      await tabTo(page, 'Connections3 to be decided');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Send it again' }).nth(2).waitFor();
      const first = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: parked.visit.patient }) });
      expect(await first.textContent()).toContain('It was sent twice, no clear answer came, and it was never found there.');
      await page.getByText('The vendor has locked the account.').first().waitFor();

      // Nothing is decided before the page says what is so, and of whom.
      await tabTo(page, 'Send it again');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Send it again?' });
      await dialog.getByText(parked.visit.patient).waitFor();
      expect(await dialog.textContent()).toContain('If it is there after all, it will be there twice.');
      await page.waitForTimeout(300);
      expect(await focused(page)).toBe('I have looked at the vendor, and it is not there');
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await stateOf(parked.visit)).toMatchObject({ is: 'parked' });

      await first.getByRole('button', { name: 'It is there' }).focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('Its number in eClinicalWorks').waitFor();
      expect(await page.getByRole('dialog').getByRole('button', { name: 'It is there' }).isDisabled()).toBe(true);
      await page.waitForTimeout(300);
      await page.keyboard.type('V-1001');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Is it still you?' }).waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.type(codeOf(staff?.totp_secret ?? ''));
      await page.keyboard.press('Enter');
      await page.getByText(`It counts as done: appointment, ${parked.visit.patient}.`).waitFor();
      await first.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('To be decided by a person');
      expect(await stateOf(parked.visit)).toEqual({ is: 'confirmed', vendor_id: 'V-1001' });
      await page.getByRole('link', { name: 'Connections' }).getByText('2').waitFor();

      // Of two that fit, the number that was found is a key press away.
      const untold = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: parked.untold.patient }) });
      await untold.getByRole('button', { name: 'It is there' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForTimeout(300);
      await tabTo(page, 'V-2002');
      await page.keyboard.press('Enter');
      expect(await page.getByLabel('Its number in eClinicalWorks').inputValue()).toBe('V-2002');

      // A colleague is faster: who comes second is told, and her decision is not taken.
      const desk = await aLogin(attending, { tenant_id, role: 'front_desk' });
      const { write_id, version } = parked.untold;
      expect((await desk.ask('POST', `/vendor-writes/${write_id}/resolve`, { version, decision: 'give_up' })).status).toBe(200);
      await page.getByLabel('Its number in eClinicalWorks').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Your decision was not taken').waitFor();
      expect(await stateOf(parked.untold)).toEqual({ is: 'cancelled' });
      await page.keyboard.press('Escape');
      await untold.waitFor({ state: 'detached' });
      await page.context().close();
    },
    120_000,
  );

  it('shows a chart note to the front desk, whose it is not to decide: the buttons rest, and say why', async () => {
    const page = await signedIn(attending, browser(), 'front_desk');
    await page.goto(`${attending.url}/admin/connections/`);
    const note = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: parked.note.patient }) });
    await note.getByText('Your role sees this and does not decide on it.').waitFor();
    for (const name of ['It is there', 'Send it again', 'Give it up'])
      expect(await note.getByRole('button', { name }).isDisabled()).toBe(true);
    expect(await note.getByText('What was signed').count()).toBe(0);
    await page.context().close();
  }, 60_000);

  it('says to a clinic without a vendor account that its record is kept here, and nothing of writes', async () => {
    const page = await signedIn({ ...attending, tenants: attending.tenants.slice(1) }, browser(), 'owner');
    await page.goto(`${attending.url}/admin/connections/`);
    await page.getByText('There is no account at a vendor').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Record systems', 'Programs that are told']);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is not for compliance to read who is to be decided on: it sees the connections and the programs alone', async () => {
    const page = await signedIn(attending, browser(), 'compliance');
    await page.goto(`${attending.url}/admin/connections/`);
    await page.getByText('The vendor has locked the account.').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Record systems', 'Programs that are told']);
    await page.context().close();
  }, 60_000);
});
