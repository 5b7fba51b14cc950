// A billing lead brings an account back from the words of the page alone: real browser, real server, a double of the vendor.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PRACTICE } from '../../emulators/web-vendor.ts';
import { systemClock } from '../../src/base/clock.ts';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser, tabTo } from '../browser.ts';
import { signedIn } from '../builders/desk.ts';
import { aPracticeAccount, type PracticeAccount } from '../builders/practice-account.ts';
import { practiceDealings } from '../builders/web-vendor.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
const accounts: PracticeAccount[] = [];
beforeAll(async () => {
  attending = await startAttending({ dealings: { practice: practiceDealings }, clock: systemClock });
});
afterAll(async () => {
  for (const { vendor } of accounts) vendor.close();
  await attending.close();
});

const anAccount = async (more: Parameters<typeof aPracticeAccount>[1] = {}) => {
  const account = await aPracticeAccount(attending, more);
  accounts.push(account);
  return account;
};
const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);

describeInBrowser('the cards of the record systems', (browser) => {
  verifies(
    'wires:restored-by-keyboard',
    async () => {
      const account = await anAccount({ password: 'the-password-of-last-year' });
      await account.sign('Amara');
      const page = await signedIn(attending, browser(), 'biller');
      await page.goto(`${attending.url}/admin/connections/`);
      const card = page.getByRole('listitem').filter({ has: page.getByLabel(/^Password of the account/) });
      await card.getByText('Needs a person').waitFor();
      expect(await card.textContent()).toContain('when that works, enter the same password here');
      expect(await violations(page)).toEqual([]);
      await tabTo(page, 'Password of the account at Practice');
      await page.keyboard.type(PRACTICE.password);
      await page.keyboard.press('Enter');
      await page.getByText('The connection works.').waitFor();
      expect(await page.getByLabel(/^Password of the account/).count()).toBe(0);
      await expect.poll(() => account.written(), { timeout: 20_000 }).toEqual({ Amara: 'confirmed' });
      expect(await account.vendor.seen()).toMatchObject({ wrong_passwords: 1, logins: 2 });
      await page.close();
    },
    90_000,
  );

  it('take a code, a press, a pause, and say what came of it', async () => {
    const [coded, unsure] = [await anAccount(), await anAccount()];
    await coded.vendor.door({ code: '482913' });
    await unsure.vendor.door({ unsure: true });
    await Promise.all([coded.sign('Bao'), unsure.sign('Chidi')]);
    const page = await signedIn(attending, browser(), 'front_desk');
    await page.goto(`${attending.url}/admin/connections/`);
    await page.getByLabel('Code that Practice sent').waitFor();
    await page.getByText('this password has not worked yet').waitFor();
    expect(await violations(page)).toEqual([]);
    // Wrong, with what the clipboard brought along; then right.
    await page.getByLabel('Code that Practice sent').fill('000000');
    await page.getByRole('button', { name: 'Enter', exact: true }).first().click();
    await expect.poll(async () => (await coded.vendor.seen()).wrong_codes).toBe(1);
    await page.getByLabel('Code that Practice sent').fill(' 482913 ');
    await page.getByRole('button', { name: 'Enter', exact: true }).first().click();
    await page.getByLabel('Code that Practice sent').waitFor({ state: 'detached' });

    await unsure.vendor.door({ unsure: false });
    await page.getByRole('button', { name: 'Try once' }).click();
    await page.getByText('this password has not worked yet').waitFor({ state: 'detached' });
    await expect.poll(async () => (await unsure.vendor.seen()).visits.length, { timeout: 20_000 }).toBe(1);

    await page.getByRole('button', { name: 'Pause' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Pause the connection to Practice?' });
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('A person has paused the connection.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('A person has paused the connection.').waitFor({ state: 'detached' });
    await page.close();
  }, 90_000);
});
