// What people see of a vendor's changes, and what of them an owner clears: on the real server and in a real browser, with alerts as the keeper found them.
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, tabTo } from '../browser.ts';
import { aDriftedVendor } from '../builders/contracts.ts';
import { signedIn } from '../builders/desk.ts';
import { aLogin } from '../builders/login.ts';
import { ABSENT, aVendorDesk, type VendorDesk } from '../builders/vendor-desk.ts';
import { verifies } from '../promises.ts';

interface Alert {
  alert_id: string;
  revision: number;
  state: string;
  surface: string;
  why_not?: string;
  changes: { says: string; before: string; now: string }[];
}

let desk: VendorDesk;
beforeAll(async () => {
  desk = await aVendorDesk();
  await aDriftedVendor(desk.attending, desk.tenant_id);
});
afterAll(() => desk.attending.close());

const alerts = async (login: VendorDesk['owner']) => (await login.ask('GET', '/drift-alerts')).json.alerts as unknown as Alert[];
const clear = (login: VendorDesk['owner'], { alert_id, revision }: Pick<Alert, 'alert_id' | 'revision'>) =>
  login.ask('POST', `/drift-alerts/${alert_id}/clear`, { revision });
const shifted = async () => (await alerts(desk.owner)).find(({ state }) => state === 'shifted') as Alert;

it('a change is told as what it is, before and now, the gravest first, and holds no value of a record', async () => {
  const all = await alerts(desk.front_desk);
  expect(all.map(({ surface, state }) => [surface, state])).toEqual([
    ['book a visit', 'stopped'],
    ['weights', 'shifted'],
    ['vital signs', 'left_out'],
  ]);
  expect(all[0]?.changes).toContainEqual({ says: 'The field weights › id is gone.', before: 'always there', now: 'missing or empty' });
  expect(all[1]?.changes).toEqual([
    {
      says: 'The values of weights › kilograms are not what they were in the last 28 days.',
      before: 'spread as usual',
      now: 'spread in another way',
    },
  ]);
  expect(all[2]?.changes).toEqual([
    { says: 'The field weights › unit has a value that we do not know.', before: 'one of 2 values that we know', now: 'another one' },
  ]);
  expect(JSON.stringify(all)).not.toMatch(/1000|70\.5|154|"st"/);
});

it('what is left out is shown for as long as pages show it, however long ago it was told, and for a week after the last of them', async () => {
  const { admin } = desk.attending;
  const states = async () => (await alerts(desk.owner)).map(({ state }) => state);
  await admin.query("begin; set local app.migrating = 'on'; alter table data.drift_events disable trigger append_only");
  await admin.query("update data.drift_events set at = at - interval '30 days' where severity = 'warn'");
  await admin.query('alter table data.drift_events enable always trigger append_only; commit');
  expect(await states()).toEqual(['stopped', 'shifted', 'left_out']);
  const seenEarlier = (days: number) =>
    admin.query(
      `update data.contract_states set state = jsonb_set(state, '{left_out,0,seen_at}', to_jsonb((state #>> '{left_out,0,seen_at}')::float8 - $1::float8 * 86400000))
       where surface = 'vital_signs'`,
      [days],
    );
  await seenEarlier(6);
  expect(await states()).toContain('left_out');
  await seenEarlier(2);
  expect(await states()).toEqual(['stopped', 'shifted']);
  await seenEarlier(-8);
});

verifies('wires:drift-is-a-clinics-own', async () => {
  const { owner, elsewhere, front_desk, physician, attending, tenant_id } = desk;
  expect(await alerts(elsewhere)).toEqual([]);
  const alert = await shifted();
  // Another clinic's, and one that does not exist, are answered alike.
  const [theirs, absent] = [await clear(elsewhere, alert), await clear(elsewhere, { alert_id: ABSENT, revision: 1 })];
  expect([theirs.status, theirs.json.detail]).toEqual([404, absent.json.detail]);
  for (const login of [front_desk, physician]) expect((await clear(login, alert)).status).toBe(404);
  const late = await aLogin(attending, { tenant_id, role: 'owner', mfa_minutes_ago: 9 * 60 });
  expect((await clear(late, alert)).json.type).toContain('mfa_needed');
  const [stopped] = await alerts(owner);
  expect((await clear(owner, stopped as Alert)).status).toBe(409);
  expect((await clear(owner, { ...alert, revision: alert.revision + 1 })).status).toBe(409);
  // As the serving role, by SQL: the database refuses what is no clearing.
  expect((await alerts(owner)).map(({ alert_id, revision }) => [alert_id, revision])).toContainEqual([alert.alert_id, alert.revision]);
});

describeInBrowser('the page of connections when a vendor has changed something', (browser) => {
  verifies(
    'wires:drift-shown-and-cleared',
    async () => {
      const page = await signedIn(desk.attending, browser(), 'owner');
      await page.goto(`${desk.attending.url}/admin/connections/`);
      const card = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
      const stopped = card('eClinicalWorks: book a visit');
      await stopped.getByText('Nothing is written there. What was signed waits, and is not lost.').waitFor();
      expect(await stopped.textContent()).toMatch(/The field weights › id is gone\.beforealways therenowmissing or empty/);
      expect(await stopped.textContent()).toContain('after 20 times in a row it goes on by itself');
      expect(await stopped.getByRole('button').count()).toBe(0);
      expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

      await tabTo(page, 'I know why');
      await page.keyboard.press('Enter');
      await page.getByText('Not marked any more: eClinicalWorks, weights.').waitFor();
      await card('eClinicalWorks: weights').waitFor({ state: 'detached' });
      expect(await alerts(desk.owner)).toHaveLength(2);
      const { rows } = await desk.attending.admin.query(
        "select e.severity, e.user_id is not null as by_a_person, c.state -> 'baseline' as baseline from data.drift_events e join data.contract_states c on c.id = e.contract_id where c.surface = 'weights' order by e.at desc limit 1",
      );
      expect(rows[0]).toMatchObject({ severity: 'cleared', by_a_person: true });
      expect(rows[0]?.baseline).not.toHaveProperty(['$.weights[].kilograms']);
      await page.context().close();
    },
    90_000,
  );

  it('says nothing where all is as it was', async () => {
    const page = await signedIn({ ...desk.attending, tenants: desk.attending.tenants.slice(1) }, browser(), 'owner');
    await page.goto(`${desk.attending.url}/admin/connections/`);
    await page.getByRole('heading', { name: 'Record systems' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Changed at the vendor' }).count()).toBe(0);
    await page.context().close();
  }, 60_000);
});
