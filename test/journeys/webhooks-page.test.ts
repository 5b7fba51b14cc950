// The programs that are told, on the page of connections in a real browser: over a real socket to a receiver of its own process, which checks each signature.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, focused, tabTo } from '../browser.ts';
import { signedIn } from '../builders/desk.ts';
import { aReceiver, type Receiver } from '../builders/receiver.ts';
import { codeOf, forgetCodes } from '../builders/staff.ts';
import { aTellingClinic, type Telling } from '../builders/webhooks.ts';
import { verifies } from '../promises.ts';

let clinic: Telling;
let receiver: Receiver;
beforeAll(async () => {
  [clinic, receiver] = [await aTellingClinic(), await aReceiver()];
});
afterAll(async () => {
  receiver.close();
  await clinic.close();
});

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
const at = (page: Page) => page.goto(`${clinic.attending.url}/admin/connections/`);
const card = (page: Page, name = 'Practice portal') =>
  page
    .getByRole('list', { name: 'Programs that are told', exact: true })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
const soon = <T>(what: () => Promise<T>) => expect.poll(what, { timeout: 10_000 });
/** By the keys, to what is called so, and in. */
const press = async (page: Page, name: string) => {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
};
const endpoint = async () => {
  const [row] = await clinic.asked<{ endpoint_id: string }>(
    'select id as endpoint_id from data.webhook_endpoints where url = $1 and removed_at is null',
    [receiver.url],
  );
  return row as { endpoint_id: string };
};

describeInBrowser('the programs that are told, on the page of connections', (browser) => {
  verifies(
    'webhooks:managed-on-the-page',
    async () => {
      const { attending, told, touch, anAppointment, asked } = clinic;
      const page = await signedIn(attending, browser(), 'owner');
      const staff = attending.tenants[0]?.staff.find(({ role }) => role === 'owner');
      await at(page);
      await page.getByText('No program is told of anything yet.').waitFor();
      await attending.admin.query(
        "update guard.grants set mfa_at = mfa_at - interval '9 hours' where kind = 'login' and name is distinct from 'test'",
      );
      await forgetCodes(attending.admin);

      // Added, with a second factor on the way.
      await press(page, 'Add a program');
      const adding = page.getByRole('dialog', { name: 'Add a program' });
      await adding.waitFor();
      await soon(() => focused(page)).toBe('Name');
      expect(await violations(page)).toEqual([]);
      await page.keyboard.type('Practice portal');
      await tabTo(page, 'Address');
      await page.keyboard.type('http://hooks.example.com/');
      await tabTo(page, 'A visit was booked, moved, cancelled or corrected');
      await page.keyboard.press('Space');
      await press(page, 'Add it');
      await adding.getByText('must begin with https://').waitFor();
      await adding.getByLabel('Address').focus();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(receiver.url);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Is it still you?' }).waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.type(codeOf(staff?.totp_secret ?? ''));
      await page.keyboard.press('Enter');

      // Its secret, once: nothing leaves the dialog before it is kept.
      const shown = page.getByRole('dialog', { name: 'Copy it now: it is shown once' });
      await shown.waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await shown.getByText('It will not be shown again.').isVisible()).toBe(true);
      const secret = (await shown.getByRole('region', { name: 'Signing secret' }).textContent()) ?? '';
      expect(secret).toMatch(/^whsec_/);
      await receiver.trusts(secret);
      await tabTo(page, 'I have kept it');
      await page.keyboard.press('Space');
      await press(page, 'Done');
      await shown.waitFor({ state: 'detached' });
      await soon(() => focused(page)).toBe('Add a program');
      await card(page).getByText('Not tried yet').waitFor();
      expect(await page.content()).not.toContain(secret);
      expect(await card(page).textContent()).toContain(new URL(receiver.url).host);
      expect(await page.content()).not.toContain(receiver.url);

      // A test arrives, and is verified by that secret.
      await press(page, 'Send a test');
      await card(page).getByText('The test arrived').waitFor();
      expect(await receiver.came()).toMatchObject([{ genuine: true, body: expect.stringContaining('webhook.test') }]);
      await card(page).getByText('Works', { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);

      // It breaks, until two messages are given up.
      const appointment = await anAppointment();
      await receiver.behave({ manner: 'break' });
      await touch(appointment);
      await touch(appointment);
      await told(await endpoint());
      await page.reload();
      await card(page).getByText('Takes nothing').waitFor();
      expect(await card(page).textContent()).toMatch(
        /It has taken nothing since .* It answered 500: it broke\..*if nothing arrives before .*, it is disabled\./,
      );
      const dead = card(page).getByRole('list', { name: 'Given up, to Practice portal, newest first' });
      await dead.getByText('Given up after 8 attempts. It answered 500: it broke.').nth(1).waitFor();
      await tabTo(page, 'Attempts and ids');
      await page.keyboard.press('Enter');
      await dead.getByRole('list', { name: 'Attempts, the earliest first' }).getByText('It answered 500: it broke.').nth(7).waitFor();
      const [row] = await asked<{ event_id: string }>(
        "select event_id from data.webhook_deliveries where status = 'dead' order by seq desc limit 1",
      );
      expect(await dead.textContent()).toContain(row?.event_id);
      expect(await violations(page)).toEqual([]);

      // It works again: one is sent again, then what is left.
      await receiver.behave({ manner: 'take' });
      await dead
        .getByRole('button', { name: /^Send it again: A visit was/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      await page.getByText('It is sent to Practice portal again.').waitFor();
      await soon(() => focused(page)).toMatch(/^Given up, in the dead letter: \d$/);
      await soon(() => dead.getByRole('button', { name: /^Send it again/ }).count()).toBe(1);
      await told(await endpoint());
      expect((await receiver.came()).at(-1)).toMatchObject({ genuine: true, headers: { 'webhook-id': row?.event_id } });
      await page.reload();
      await card(page).getByText('Given up, in the dead letter: 1').waitFor();
      await press(page, 'What it took');
      await card(page)
        .getByText(/^Taken .* answered 204\.$/)
        .first()
        .waitFor();

      // Told of something else as well; its secret changed, and both count.
      await press(page, 'Name and events');
      await soon(() => focused(page)).toBe('Name');
      await tabTo(page, 'A clinician’s record changed');
      await page.keyboard.press('Space');
      await press(page, 'Change it');
      await card(page).getByText('Is told of 2 kinds of events').waitFor();
      await soon(() => focused(page)).toBe('Name and events');
      await press(page, 'Change the secret');
      await page.getByRole('dialog', { name: 'Change the secret of Practice portal?' }).waitFor();
      await press(page, 'Change it');
      await shown.getByText('until then the one before counts too').waitFor();
      await tabTo(page, 'I have kept it');
      await page.keyboard.press('Space');
      await press(page, 'Done');
      await card(page).getByText('Its secret was changed.').waitFor();
      expect(await card(page).getByRole('button', { name: 'Change the secret' }).isDisabled()).toBe(true);

      // Disabled only after a question; what is in its dead letter then waits for it to be enabled.
      await press(page, 'Disable');
      await page.getByRole('dialog', { name: 'Disable Practice portal?' }).waitFor();
      await page.keyboard.press('Escape');
      await soon(() => focused(page)).toBe('Disable');
      await press(page, 'Disable');
      await press(page, 'Disable it');
      await card(page)
        .getByText(/Disabled .* by a person of the clinic\./)
        .waitFor();
      await soon(() => focused(page)).toBe('Practice portal');
      expect(
        await card(page)
          .getByRole('button', { name: /^Send it again/ })
          .isDisabled(),
      ).toBe(true);
      expect(await violations(page)).toEqual([]);
      await press(page, 'Enable');
      await page.getByText('Practice portal is enabled.').waitFor();
      await soon(() => focused(page)).toBe('Practice portal');
      await card(page).getByRole('button', { name: 'Send a test' }).waitFor();
      await card(page)
        .getByRole('button', { name: /^Send it again/ })
        .focus();
      await page.keyboard.press('Enter');
      await soon(() => focused(page)).toBe('Practice portal');
      await told(await endpoint());

      // Removed, it leaves the page as it was.
      await press(page, 'Disable');
      await press(page, 'Disable it');
      await card(page).getByRole('button', { name: 'Remove' }).waitFor();
      await press(page, 'Remove');
      await press(page, 'Remove it');
      await page.getByText('No program is told of anything yet.').waitFor();
      await soon(() => focused(page)).toBe('Programs that are told');
      await page.context().close();
    },
    120_000,
  );

  it('says of a test that was not taken why not, and what comes next', async () => {
    const { anEndpoint, attending } = clinic;
    const refusing = await anEndpoint(['draft.signed']);
    await refusing.receiver.behave({ manner: 'refuse' });
    const page = await signedIn(attending, browser(), 'owner');
    await at(page);
    await card(page).getByRole('button', { name: 'Send a test' }).click();
    await card(page).getByText('The test was not taken').waitFor();
    await card(page)
      .getByText('It answered 401: it did not believe the signature, or wants a sign-in. It is tried again by itself.')
      .waitFor();
    await card(page).getByText('check that it has the newest secret').waitFor();
    await card(page).getByText('On the way: 1').click();
    await card(page)
      .getByText(/After (one attempt|\d attempts) it is tried again/)
      .waitFor();
    await refusing.off();
    await page.context().close();
  }, 60_000);

  it('shows a program by the name that it has, whatever that is', async () => {
    const { attending, owner } = clinic;
    const name = `<img src=x onerror=alert(1)> “Ω” {{name}} %s ${'W'.repeat(35)}`;
    const made = await owner.ask('POST', '/webhooks', { name, url: 'https://hooks.example.com/?key=of-theirs', events: ['draft.signed'] });
    await owner.ask('POST', `/webhooks/${(made.json as Record<string, unknown>).endpoint_id}/test`, {});
    await expect
      .poll(
        () =>
          clinic.asked(
            "select reason from data.webhook_deliveries d join data.webhook_endpoints e on e.id = d.endpoint_id where e.name = $1 and d.status = 'dead'",
            [name],
          ),
        {
          timeout: 20_000,
        },
      )
      .toEqual([{ reason: 'not_allowed_outside' }]);
    const page = await signedIn(attending, browser(), 'owner');
    await at(page);
    await card(page, name).getByText('no signed addendum covers a program outside').first().waitFor();
    expect(await page.content()).not.toContain('of-theirs');
    // Nor does it push the page aside where it is narrow, in its card or in a question about it.
    await page.setViewportSize({ width: 390, height: 844 });
    await card(page, name).getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog', { name: `Disable ${name}?` }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.keyboard.press('Escape');
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('lets compliance read and change nothing, and shows nothing of it to the front desk or a biller', async () => {
    const { attending, anEndpoint } = clinic;
    const open = await anEndpoint(['draft.signed']);
    const reader = await signedIn(attending, browser(), 'compliance');
    await at(reader);
    await reader.getByText('An owner of the clinic adds and changes these.').waitFor();
    expect(await reader.getByRole('button', { name: 'Add a program' }).isDisabled()).toBe(true);
    for (const name of ['Send a test', 'Disable', 'Enable', 'Change the secret', 'Remove'])
      expect(await reader.getByRole('button', { name }).count()).toBe(0);
    await reader.context().close();
    for (const role of ['front_desk', 'biller']) {
      const page = await signedIn(attending, browser(), role);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await at(page);
      await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.getByText('Programs that are told').count()).toBe(0);
      expect(asked.some((url) => url.includes('webhook'))).toBe(false);
      await page.context().close();
    }
    await open.off();
  }, 60_000);
});
