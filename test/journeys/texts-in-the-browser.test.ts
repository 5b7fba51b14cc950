// A nurse at /admin: she sees to which number a text goes and what it says, signs it, and reads what became of it.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../browser.ts';
import { codeOf, forgetCodes } from '../builders/staff.ts';
import { startTexting, type Texting } from '../builders/texting.ts';

let house: Texting;
beforeAll(async () => {
  house = await startTexting();
});
afterAll(() => house.close());

async function signIn(page: Page): Promise<void> {
  const { attending } = house;
  const staff = attending.tenants[0]?.staff.find(({ role }) => role === 'nurse');
  if (!staff) throw new Error('nobody is nurse');
  await forgetCodes(attending.admin);
  await page.goto(`${attending.url}/admin/`);
  await page.getByLabel('E-mail').fill(staff.email);
  await page.getByLabel('Password', { exact: true }).fill(staff.password);
  await page.keyboard.press('Enter');
  await page.getByText('code', { exact: false }).first().waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.type(codeOf(staff.totp_secret));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Good / }).waitFor();
}

describeInBrowser('a text in a browser', (browser) => {
  it('shows its number and parts before the signature, and what became of it after', async () => {
    const { attending, carriers, aChart, drafted, text, please, clinic } = house;
    const going = await aChart();
    const broken = await aChart();
    await carriers.behave(broken.phone, 'drop_after');
    const [one, two] = [await drafted(text(going.patient_id, please())), await drafted(text(broken.patient_id, please()))];
    const page = await (await browser().newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await signIn(page);
    const shows = async (words: string | RegExp) => page.getByText(words).first().waitFor();
    const accessible = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    };
    for (const [draft_id, { phone }] of [
      [one, going],
      [two, broken],
    ] as const) {
      await page.goto(`${attending.url}/admin/ai-drafts/${draft_id}`);
      await shows(`By text message to ${phone}, from ${clinic} · 1 part, ${please().length} characters`);
      await page.keyboard.press('s');
      await shows(`Signing sends it as a text message to ${phone}`);
      await page.getByRole('button', { name: 'Sign for Ada Zellweger' }).click();
      await shows(/^Signed:/);
      await page.goto(`${attending.url}/admin/ai-drafts/${draft_id}`);
      await shows(`The text to the number ending in ${phone.slice(-4)} waits to be sent.`);
    }
    await attending.app.send();
    await page.goto(`${attending.url}/admin/ai-drafts/${one}`);
    await shows(/was sent Nov 20, 2026, 10:00\sAM\./);
    await accessible();
    await page.getByRole('link', { name: 'Messages not gone' }).click();
    await shows(/may have gone or not: the carrier did not answer/);
    await accessible();
    await page.getByText('Ada Zellweger').first().click();
    await shows(/may have gone or not/);
    expect(page.url()).toContain(two);
    await page.context().close();
  }, 120_000);
});
