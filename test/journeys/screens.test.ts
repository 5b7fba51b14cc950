// `npm run screens` makes the pictures of docs/screens anew: each page in light, in dark and on a phone. Left out of `npm test`: a picture is looked at by a person.
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser } from '../browser.ts';
import { aCitingNote, aStandingApproval, signedIn } from '../builders/desk.ts';
import { callTool } from '../mcp.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/screens');
const WIDE = { width: 1280, height: 860 };
const VIEWS = {
  light: { colorScheme: 'light', viewport: WIDE },
  dark: { colorScheme: 'dark', viewport: WIDE },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const satisfies Record<string, Parameters<Browser['newContext']>[0]>;

/** Whose page it is, where it lies, and what is done there before the picture. */
interface Shot {
  name: string;
  as: 'owner' | 'physician' | 'front_desk';
  at: string;
  ready?(page: Page): Promise<unknown>;
}

describe.skipIf(!process.env.SCREENS)('the pictures of docs/screens', () => {
  describeInBrowser('are of pages as they are', (browser) => {
    let attending: Attending;
    let shots: Shot[];
    beforeAll(async () => {
      const as_of = new Date().toISOString().slice(0, 10);
      attending = await startAttending({ as_of, clock: systemClock });
      const { draft_id, patient_id } = await aCitingNote(attending, as_of);
      const { approval_id, booked } = await aStandingApproval(attending, { as_of });
      await callTool(attending.url, attending.tokens.physician, 'draft_patient_message', {
        patient_id,
        body: 'Your results are back, and we would like to talk about them at your next visit.',
        subject: 'Your results',
      });
      const { rows } = await attending.admin.query('select patient_id from data.messages where tenant_id = $1 limit 1', [
        attending.tenants[0]?.tenant_id,
      ]);
      await callTool(attending.url, attending.tokens.nurse, 'get_inbox', {});
      const { body } = await callTool(attending.url, attending.tokens.nurse, 'draft_patient_message', {
        patient_id: rows[0].patient_id,
        body: 'We have renewed your prescription as you asked.',
        subject: 'Your prescription',
      });
      const hold = /ai-drafts\/holds\/[0-9a-f-]{36}/.exec(body)?.[0];
      expect(hold).toBeDefined();
      const clinicians = (page: Page) =>
        page.getByRole('group', { name: 'Only with these clinicians' }).getByRole('checkbox').first().waitFor();
      shots = [
        { name: 'home', as: 'owner', at: '' },
        { name: 'queue', as: 'physician', at: 'ai-drafts/' },
        { name: 'draft', as: 'physician', at: `ai-drafts/${draft_id}`, ready: (page) => page.locator('svg.trend').nth(2).waitFor() },
        {
          name: 'trends',
          as: 'physician',
          at: `ai-drafts/${draft_id}`,
          ready: (page) =>
            page
              .locator('svg.trend')
              .nth(2)
              .waitFor()
              .then(() => page.locator('.trends').evaluate((section) => section.scrollIntoView())),
        },
        { name: 'holds', as: 'owner', at: 'ai-drafts/holds/' },
        { name: 'hold', as: 'owner', at: hold ?? '' },
        { name: 'signed', as: 'front_desk', at: `ai-drafts/${booked[0]}` },
        { name: 'approvals', as: 'front_desk', at: 'ai-drafts/approvals/' },
        { name: 'approval', as: 'front_desk', at: `ai-drafts/approvals/${approval_id}` },
        { name: 'new-approval', as: 'front_desk', at: 'ai-drafts/approvals/new', ready: clinicians },
        { name: 'access', as: 'owner', at: 'ai-mcp/' },
        { name: 'people', as: 'owner', at: 'people/' },
      ];
    }, 120_000);
    afterAll(() => attending?.close());

    it.each(Object.entries(VIEWS))(
      '%s',
      async (view, options) => {
        const picture = async (page: Page, name: string) => {
          await page.waitForLoadState('networkidle');
          await page.screenshot({ path: path.join(FOLDER, `${name}-${view}.png`), animations: 'disabled' });
        };
        const outside = await (await browser().newContext(options)).newPage();
        await outside.goto(`${attending.url}/admin/sign-in`);
        await outside.getByLabel('E-mail').waitFor();
        await picture(outside, 'sign-in');
        await outside.context().close();
        for (const as of ['owner', 'physician', 'front_desk'] as const) {
          const page = await signedIn(attending, browser(), as, options);
          for (const { name, at, ready } of shots.filter((shot) => shot.as === as)) {
            await page.goto(`${attending.url}/admin/${at}`);
            await page.getByRole('heading', { level: 1 }).waitFor();
            await ready?.(page);
            await picture(page, name);
          }
          await page.context().close();
        }
      },
      120_000,
    );
  });
});
