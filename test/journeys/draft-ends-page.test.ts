// Where a signed draft stands at a vendor, in a real browser: on its own page and in the list.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { describeInBrowser } from '../browser.ts';
import { aVendorsDesk, type VendorsDesk } from '../builders/carried.ts';
import { signedIn } from '../builders/desk.ts';
import { verifies } from '../promises.ts';

let at: VendorsDesk;
beforeAll(async () => {
  at = await aVendorsDesk();
});
afterAll(() => at.close());

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);

describeInBrowser('the page of a draft', (browser) => {
  verifies(
    'ends:page-says-where',
    async () => {
      const { attending, keeper, owner, physician, resolve } = at;
      const page = await signedIn(attending, browser(), 'physician');
      const opened = (draft_id: string) => page.goto(`${attending.url}/admin/ai-drafts/${draft_id}/`);
      const says = async (title: string, ...words: string[]) => {
        const alert = page.getByRole('alert').filter({ hasText: title });
        await alert.waitFor();
        for (const word of words) expect(await alert.textContent()).toContain(word);
        expect(await violations(page)).toEqual([]);
      };

      const first = await at.note();
      await opened(first);
      await page.getByRole('heading', { name: 'The patient' }).waitFor();
      await page.keyboard.press('s');
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press('Enter');
      await page.getByText('It is being written to eClinicalWorks.').waitFor();
      await opened(first);
      await says('Signed; being written to eClinicalWorks', 'It waits to be sent.', 'Signed by');
      expect(await page.getByRole('button', { name: /^(Sign|Edit|Reject)\b(?! out)/ }).count()).toBe(0);
      await keeper.turn({ send: { as: 'applied', vendor_id: 'V-1001' } });
      await opened(first);
      await says('Signed', 'It is in eClinicalWorks, as V-1001.');

      const refused = await at.signed();
      await keeper.turn({ send: { as: 'not_applied', trouble: 'VALIDATION' } });
      await opened(refused.draft_id);
      await says(
        'Could not be written to eClinicalWorks',
        'The vendor refused what was sent.',
        'It is not sent again: have it drafted anew if it is still wanted.',
      );

      const given_up = await at.parked();
      expect((await resolve(physician, given_up, { decision: 'give_up' })).status).toBe(200);
      await opened(given_up.draft_id);
      await says('Given up', 'Whether it is in eClinicalWorks is not known.', 'what stands there stays as it is.');

      const parked = await at.parked();
      await opened(parked.draft_id);
      await says('A person has to look at eClinicalWorks', 'somebody else may have changed it meanwhile');
      await page.goto(`${attending.url}/admin/ai-drafts/?status=parked`);
      await page.getByRole('list', { name: 'Drafts, oldest first' }).getByText('A person has to look').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('list', { name: 'Drafts, oldest first' }).getByRole('link').click();
      await page.getByRole('link', { name: 'Decide what is so' }).click();
      await page.getByRole('heading', { name: 'To be decided by a person' }).waitFor();
      expect((await resolve(owner, parked, { decision: 'send_again' })).status).toBe(200);
      await opened(parked.draft_id);
      await says('Signed; being written to eClinicalWorks', 'It waits to be sent again.');
      await page.getByText('Drafted').click();
      await page.getByText(/· Sent again/).waitFor();
      await page.goto(`${attending.url}/admin/ai-drafts/?status=committed`);
      await page.getByText('Signed, there as V-1001').waitFor();
      await page.context().close();
    },
    120_000,
  );
});
