// A nurse at /admin: she sees to which number a text goes and what it says, signs it, and reads what became of it.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../browser.ts';
import { signedIn } from '../builders/desk.ts';
import { startTexting, type Texting } from '../builders/texting.ts';

let house: Texting;
beforeAll(async () => {
  house = await startTexting();
});
afterAll(() => house.close());

const VIEWS = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { colorScheme: 'light', viewport: { width: 390, height: 844 } }] as const;
async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
}
/** Opens the question, answers it, confirms once. */
async function recorded(page: Page, what: string, how: string): Promise<void> {
  await page.getByRole('button', { name: 'Record what the patient said' }).click();
  await page.getByLabel('What was said').selectOption({ label: what });
  await page.getByLabel('How').selectOption({ label: how });
  await page.getByRole('button', { name: 'Record it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describeInBrowser('a text in a browser', (browser) => {
  it('shows its number and parts before the signature, and what became of it after', async () => {
    const { attending, carriers, aChart, drafted, text, please, clinic } = house;
    const going = await aChart();
    const broken = await aChart();
    await carriers.behave(broken.phone, 'drop_after');
    const [one, two] = [await drafted(text(going.patient_id, please())), await drafted(text(broken.patient_id, please()))];
    const page = await signedIn(attending, browser(), 'nurse');
    const shows = async (words: string | RegExp) => page.getByText(words).first().waitFor();
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
    await accessible(page);
    await page.getByRole('link', { name: 'Messages not gone' }).click();
    await shows(/may have gone or not: the carrier did not answer/);
    await accessible(page);
    await page.getByText('Ada Zellweger').first().click();
    await shows(/may have gone or not/);
    expect(page.url()).toContain(two);
    await page.context().close();
  }, 120_000);

  it('shows what was said of its number, and records what is said now; the draft is looked at again', async () => {
    const { attending, aChart, drafted, text, please, record, people, desk } = house;
    const { patient_id, phone } = await aChart();
    const draft_id = await drafted(text(patient_id, please()));
    const page = await signedIn(attending, browser(), 'nurse');
    await page.goto(`${attending.url}/admin/ai-drafts/${draft_id}`);
    const texts = page.getByRole('region', { name: 'Texts to this number' });
    await texts.getByText(/^Texts may go to this number\. Agreed \w+ \d+, 20\d\d, .* On a form; recorded by /).waitFor();
    const ended = page.getByText('Texts to this number were ended.', { exact: false });
    expect(await ended.count()).toBe(0);

    await page.getByRole('button', { name: 'Record what the patient said' }).click();
    const hows = () => page.getByLabel('How').locator('option').allTextContents();
    expect(await page.getByRole('button', { name: 'Record it' }).isDisabled()).toBe(true);
    await page.getByLabel('What was said').selectOption('revoked');
    expect(await hows()).toContain('Found out by the staff, such as a wrong number');
    await page.getByLabel('What was said').selectOption('given');
    expect(await hows()).not.toContain('Found out by the staff, such as a wrong number');
    await page.getByRole('button', { name: 'Cancel' }).click();

    await recorded(page, 'No more texts to this number', 'By phone');
    await texts.getByText(/^Texts to this number have ended: do not ask again.* By phone; recorded by /).waitFor();
    await ended.first().waitFor();
    await recorded(page, 'Texts may come to this number', 'In person');
    await texts.getByText(/^Texts may go to this number\. Agreed .* In person; recorded by /).waitFor();
    await ended.first().waitFor({ state: 'detached' });
    const [nurse] = await desk.asked<{ id: string }>('select id from data.users where email = $1', [
      attending.tenants[0]?.staff.find(({ role }) => role === 'nurse')?.email,
    ]);
    const ledger = await desk.asked(
      'select decision, source, recorded_by from data.message_consents where number = $1 order by recorded_at, id',
      [phone],
    );
    expect(ledger.slice(1)).toEqual([
      { decision: 'revoked', source: 'phone', recorded_by: nurse?.id },
      { decision: 'given', source: 'in_person', recorded_by: nurse?.id },
    ]);

    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Sign for Ada Zellweger' }).click();
    await page.getByText(/^Signed:/).waitFor();
    await record(people.nurse, patient_id, { decision: 'revoked', source: 'phone' });
    await attending.app.send();
    await page.context().close();
    for (const view of VIEWS) {
      const looking = await signedIn(attending, browser(), 'nurse', view);
      await looking.goto(`${attending.url}/admin/messages/`);
      await looking.getByText(/texts to this number were ended after it was signed/).waitFor();
      await accessible(looking);
      await looking.getByRole('link', { name: 'What was said of texts to this number' }).click();
      await looking.getByText(/^Texts to this number have ended/).waitFor();
      expect(looking.url()).toContain(draft_id);
      expect(await looking.evaluate('document.activeElement.textContent')).toBe(`Texts to ${phone}`);
      await looking.getByText('All 4 entries').click();
      await accessible(looking);
      await looking.getByRole('button', { name: 'Record what the patient said' }).click();
      await looking.getByLabel('How').waitFor();
      await accessible(looking);
      await looking.context().close();
    }
  }, 120_000);
});
