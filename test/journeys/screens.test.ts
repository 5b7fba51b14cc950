// `npm run screens` makes the pictures of docs/screens anew: each page in light, in dark and on a phone (those of the views: views.test.ts). Left out of `npm test`: a picture is looked at by a person.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { plusDays } from '../../src/domains/days.ts';
import { loadRows } from '../../src/sources/native/load.ts';
import { type Attending, startAttending } from '../app.ts';
import { describeInBrowser } from '../browser.ts';
import { type Carriers, reaching, startCarriers } from '../builders/carriers.ts';
import { aPatient } from '../builders/chart.ts';
import { aBusyVendor } from '../builders/connections-page.ts';
import { aCitingNote, aStandingApproval, signedIn } from '../builders/desk.ts';
import { drafting } from '../builders/drafting.ts';
import { aLogin } from '../builders/login.ts';
import { aFewPrograms } from '../builders/programs.ts';
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

/** What a tool answers. */
async function drafted(
  attending: Attending,
  role: 'physician' | 'front_desk',
  tool: string,
  args: object,
): Promise<Record<string, unknown>> {
  const { result, body } = await callTool(attending.url, attending.tokens[role], tool, args);
  if (result?.isError === true || !result?.structuredContent) throw new Error(body);
  return result.structuredContent;
}
const livingPatients = async (attending: Attending, limit: number) =>
  (
    await attending.admin.query(
      'select id from data.patients where tenant_id = $1 and active and replaced_by is null and deceased_on is null order by id limit $2',
      [attending.tenants[0]?.tenant_id, limit],
    )
  ).rows.map(({ id }) => id as string);

/** One message to three patients; the id of the batch. */
async function aBatch(attending: Attending): Promise<unknown> {
  const body = 'Hello {first_name}, we missed you. Please book another time in the portal.';
  const batch = { patient_ids: await livingPatients(attending, 3), body, subject: 'Your visit' };
  return (await drafted(attending, 'physician', 'draft_message_batch', batch)).batch_id;
}

const aSlot = async (attending: Attending, from: string) => {
  const asked = { date_range: { from, to: plusDays(from, 10) }, minutes: 30, modality: 'in_person', limit: 1 };
  const [slot] = (await drafted(attending, 'front_desk', 'find_open_slots', asked)).slots as {
    start_at: string;
    practitioner_id: string;
  }[];
  if (!slot) throw new Error(`no slot from ${from}`);
  return { provider_id: slot.practitioner_id, start_at: slot.start_at };
};

/** A new patient with a visit and a form; the id of the bundle. */
async function aBundle(attending: Attending, as_of: string): Promise<unknown> {
  const call = (tool: string, args: object) => drafted(attending, 'front_desk', tool, args);
  const person = { given_name: 'Octavia', family_name: 'Vanbrugh', birth_date: '1961-03-04', sex: 'female', phone: '(804) 555-0188' };
  const { draft_id: patient_id } = await call('draft_patient', person);
  const when = { ...(await aSlot(attending, plusDays(as_of, 30))), visit_type: 'follow-up', modality: 'in_person' };
  await call('draft_appointment', { patient_id, ...when });
  await call('draft_intake_form', { patient_id, kind: 'new_patient', channel: 'portal' });
  return patient_id;
}

/** A booked visit that is to be moved; the id of the draft. */
async function aMove(attending: Attending, appointment_id: string, as_of: string): Promise<unknown> {
  const { rows } = await attending.admin.query('select patient_id from data.appointments where id = $1', [appointment_id]);
  const to = { appointment_id, patient_id: rows[0]?.patient_id, ...(await aSlot(attending, plusDays(as_of, 40))) };
  return (await drafted(attending, 'front_desk', 'draft_reschedule', to)).draft_id;
}

/** A text to a number whose texts were ended after it was signed; the id of its draft. */
async function aTextThatEnded(attending: Attending): Promise<string> {
  const tenant_id = attending.tenants[0]?.tenant_id as string;
  const patient = aPatient({
    tenant_id,
    phone: '+18045550142',
    email: null,
    state: 'VA',
    postal_code: '23220',
    given_name: 'Ada',
    family_name: 'Okafor',
  });
  await loadRows(attending.admin, { patients: [patient] });
  const nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
  const said = (decision: string, source: string) =>
    nurse.ask('POST', `/patients/${patient.id}/message-consents`, { consent_id: randomUUID(), decision, source });
  await said('given', 'form');
  const desk = drafting(attending, 'front_desk');
  const body = `${attending.tenants[0]?.name}: please call us at (804) 555-0100 about your next visit.`;
  const { draft_id, text } = await desk.draft('draft_patient_message', { patient_id: patient.id, channel: 'sms', body });
  expect([text, (await desk.sign(nurse, draft_id)).status]).toEqual([expect.any(String), 200]);
  await said('revoked', 'phone');
  await attending.app.send();
  return draft_id;
}

describe.skipIf(!process.env.SCREENS)('the pictures of docs/screens', () => {
  describeInBrowser('are of pages as they are', (browser) => {
    let attending: Attending;
    let carriers: Carriers;
    let shots: Shot[];
    beforeAll(async () => {
      const as_of = new Date().toISOString().slice(0, 10);
      carriers = await startCarriers();
      const by = reaching(carriers.ports);
      attending = await startAttending({ as_of, clock: systemClock, carriers: { sms: by.spruce, email: by.smtp } });
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
      const together = await aBatch(attending);
      const bundle = await aBundle(attending, as_of);
      const moved = await aMove(attending, booked[1] ?? '', as_of);
      const sms = await aTextThatEnded(attending);
      await aBusyVendor(attending);
      await aFewPrograms(attending);
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
        { name: 'visit', as: 'front_desk', at: `ai-drafts/${moved}` },
        { name: 'together', as: 'physician', at: `ai-drafts/together/${together}` },
        { name: 'bundle', as: 'front_desk', at: `ai-drafts/together/${bundle}` },
        { name: 'messages', as: 'owner', at: 'messages/' },
        {
          name: 'consent',
          as: 'owner',
          at: `ai-drafts/${sms}#texts`,
          ready: (page) => page.getByRole('button', { name: 'Record what the patient said' }).waitFor(),
        },
        { name: 'holds', as: 'owner', at: 'ai-drafts/holds/' },
        { name: 'hold', as: 'owner', at: hold ?? '' },
        { name: 'signed', as: 'front_desk', at: `ai-drafts/${booked[0]}` },
        { name: 'approvals', as: 'front_desk', at: 'ai-drafts/approvals/' },
        { name: 'approval', as: 'front_desk', at: `ai-drafts/approvals/${approval_id}` },
        { name: 'new-approval', as: 'front_desk', at: 'ai-drafts/approvals/new', ready: clinicians },
        {
          name: 'connections',
          as: 'owner',
          at: 'connections/',
          ready: (page) => page.getByRole('button', { name: 'Send it again' }).nth(2).waitFor(),
        },
        {
          name: 'webhooks',
          as: 'owner',
          at: 'connections/',
          ready: (page) =>
            page
              .getByRole('button', { name: 'Send it again:' })
              .nth(2)
              .waitFor()
              .then(() => page.locator('#webhooks').evaluate((heading) => heading.scrollIntoView())),
        },
        { name: 'access', as: 'owner', at: 'ai-mcp/' },
        { name: 'people', as: 'owner', at: 'people/' },
      ];
    }, 120_000);
    afterAll(async () => {
      await attending?.close();
      carriers?.close();
    });

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
