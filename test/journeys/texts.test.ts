// A text’s way: an AI drafts it, a person reads, mends and signs it, and only then, when it may go, it reaches the carrier; and everything that stops it on the way.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aLabResult, aMedication } from '../builders/chart.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { startTexting, TEN, type Texting } from '../builders/texting.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Texting['attending'];
let carriers: Texting['carriers'];
let desk: Texting['desk'];
let people: Texting['people'];
let aChart: Texting['aChart'];
let record: Texting['record'];
let text: Texting['text'];
let please: Texting['please'];
let drafted: Texting['drafted'];
let deliveriesOf: Texting['deliveriesOf'];
let tenant_id: string;
let clinic: string;
let house: Texting;
beforeAll(async () => {
  house = await startTexting();
  ({ attending, carriers, desk, people, aChart, record, text, please, drafted, deliveriesOf, tenant_id, clinic } = house);
});
afterEach(() => house.setNow(TEN));
afterAll(() => house.close());

verifies('outbox:nothing-before-a-signature', async () => {
  const { patient_id, phone } = await aChart();
  const draft_id = await drafted(text(patient_id, `${clinic}: we’ve moved – please call…`));
  expect(await attending.app.send()).toBe(0);
  expect(await desk.asked('select from data.outgoing_messages where draft_id = $1', [draft_id])).toEqual([]);
  expect(await carriers.taken(phone)).toEqual([]);

  // The signer sees the number, the words as they will be, and how many parts.
  const shown = await desk.shownTo(people.nurse, draft_id);
  expect(shown.payload).toEqual({
    ...{ patient_id, channel: 'sms', category: 'administrative', to: phone, sender: clinic },
    ...{ body: `${clinic}: we've moved - please call...`, encoding: 'GSM-7', segments: 1 },
  });
  // An edit is counted anew and made plain, whatever the page says of it.
  const { status, json } = await desk.revise(people.nurse, draft_id, {
    body: `  ${clinic}: please call us “today” 🙂. ${'Thank you. '.repeat(4)}`,
    encoding: 'GSM-7',
    segments: 1,
  });
  const signedBody = `${clinic}: please call us "today" 🙂. ${'Thank you. '.repeat(4)}`.trim();
  expect([status, (json as { payload?: unknown }).payload]).toEqual([
    200,
    expect.objectContaining({ body: signedBody, encoding: 'UCS-2', segments: 2 }),
  ]);
  expect(await attending.app.send()).toBe(0);
  expect((await desk.sign(people.nurse, draft_id)).status).toBe(200);
  expect(await deliveriesOf(draft_id)).toMatchObject([{ status: 'waiting', channel: 'sms', to_last4: phone.slice(-4), attempts: 0 }]);
  expect(await carriers.taken(phone)).toEqual([]);

  expect(await attending.app.send()).toBe(1);
  expect(await carriers.taken(phone)).toEqual([{ by: 'spruce', recipient: phone, text: signedBody, key: draft_id }]);
  expect(await deliveriesOf(draft_id)).toMatchObject([{ status: 'sent', attempts: 1 }]);
  expect(await attending.app.send()).toBe(0);
  const { result } = await callTool(attending.url, attending.tokens.nurse, 'get_draft', { draft_id }, EVERY_TOOLSET);
  expect(result?.structuredContent).toMatchObject({ status: 'committed', record_id: draft_id });
});

verifies('outbox:minimum-necessary', async () => {
  const { patient_id } = await aChart({}, 'given', (patient) => ({
    medication_requests: [aMedication(patient, { name: 'Quiblomar 20 mg oral tablet', ingredient: 'quiblomar' })],
    conditions: [
      {
        tenant_id,
        id: randomUUID(),
        patient_id: patient.id,
        category: 'problem',
        name: 'Fictitious zebra disease',
        icd10: 'Q99.8',
        clinical_status: 'active',
      },
    ],
    lab_results: [aLabResult(patient, { name_raw: 'Plumbagin', loinc: null })],
  }));
  const said: [string, RegExp][] = [
    ['your A1c came back at 7.2', /result.*link to the portal/],
    ['your results are normal', /result.*link to the portal/],
    ['your plumbagin is back', /result.*link to the portal/],
    ['time to refill your metformin', /drug.*link to the portal/],
    ['your quiblomar is ready', /drug.*link to the portal/],
    ['let us talk about your diabetes', /diagnosis.*link to the portal/],
    ['about your zebra visit', /diagnosis.*link to the portal/],
    ['see bit.ly/abc', /shortened link/],
    ['dear {first_name}, call us', /blank is not filled in/],
    ['please call us. '.repeat(21), /takes \d parts; at most 2/],
  ];
  for (const [words, why] of said) await desk.refused('draft_patient_message', text(patient_id, `${clinic}: ${words}`), why);
  const draft_id = await drafted(text(patient_id, please()));
  for (const [words, why] of said) {
    const revised = await desk.revise(people.nurse, draft_id, { body: `${clinic}: ${words}` });
    expect((revised.json as { marks?: { level: string; text: string }[] }).marks).toEqual(
      expect.arrayContaining([expect.objectContaining({ level: 'error', path: 'body', text: expect.stringMatching(why) })]),
    );
    expect([words, (await desk.sign(people.nurse, draft_id)).status]).toEqual([words, 400]);
  }
  expect(await desk.asked('select from data.outgoing_messages where draft_id = $1', [draft_id])).toEqual([]);
  // The clinic's own portal may be linked to.
  await desk.revise(people.nurse, draft_id, { body: `${clinic}: sign in at https://portal.juniper-street.example.com/messages` });
  expect((await desk.sign(people.nurse, draft_id)).status).toBe(200);
  expect(await attending.app.send()).toBe(1);
});

describe('a text is refused, in words', () => {
  it('where nobody may be written to', async () => {
    const { patient_id: never } = await aChart({}, 'never_asked');
    await desk.refused('draft_patient_message', text(never, please()), /Nobody has recorded.*channel portal/s);
    const { patient_id: ended } = await aChart();
    await record(people.nurse, ended, { decision: 'revoked', source: 'phone' });
    await desk.refused('draft_patient_message', text(ended, please()), /Texts to this number were ended/);
    for (const phone of [null, '+18005550117', '+442071838750', '+14165550117', '+1804555'])
      await desk.refused('draft_patient_message', text((await aChart({ phone }, 'never_asked')).patient_id, please()), /no US number/);
    for (const birth_date of ['2010-03-04', '2008-11-21', '2008-11', '2008'])
      await desk.refused('draft_patient_message', text((await aChart({ birth_date })).patient_id, please()), /a minor.*channel portal/s);
    await drafted(text((await aChart({ birth_date: '2008-11-20' })).patient_id, please()));
    await desk.refused('draft_patient_message', text((await aChart({ deceased_on: '2026-10-01' })).patient_id, please()), /has died/);
    const { patient_id: gone } = await aChart({ replaced_by: never });
    await desk.refused('draft_patient_message', text(gone, please()), /was merged/);
  });
  it('where it is none', async () => {
    const { patient_id } = await aChart();
    await desk.refused('draft_patient_message', text(patient_id, please(), { subject: 'Hello' }), /subject: a text message has none/);
    await desk.refused('draft_patient_message', text(patient_id, please(), { reply_to: randomUUID() }), /reply_to: .*portal/);
    await desk.refused('draft_patient_message', text(patient_id, ' \n '), /body/);
    await desk.refused('draft_patient_message', { ...text(patient_id, please()), channel: 'email' }, /channel/);
  });
  it('at the signature, where it was all right before', async () => {
    const changes: [(patient_id: string) => Promise<unknown>, RegExp][] = [
      [(id) => record(people.nurse, id, { decision: 'revoked', source: 'in_person' }), /were ended/],
      [(id) => attending.admin.query("update data.patients set phone = '+18045559999' where id = $1", [id]), /another number now/],
      [(id) => attending.admin.query("update data.patients set deceased_on = '2026-11-19' where id = $1", [id]), /has died/],
      [(id) => attending.admin.query("update data.patients set birth_date = '2015-01-01' where id = $1", [id]), /minor/],
    ];
    for (const [change, why] of changes) {
      const { patient_id } = await aChart();
      const draft_id = await drafted(text(patient_id, please()));
      await change(patient_id);
      const shown = (await desk.shownTo(people.nurse, draft_id)) as unknown as { marks: { level: string; text: string }[] };
      expect(
        shown.marks
          .filter(({ level }) => level === 'error')
          .map(({ text: said }) => said)
          .join(' '),
      ).toMatch(why);
      const { status, json } = await desk.sign(people.nurse, draft_id);
      expect([status, (json as { detail?: string }).detail]).toEqual([409, expect.stringMatching(why)]);
      expect(await desk.asked('select status from data.pending_actions where id = $1', [draft_id])).toEqual([{ status: 'pending' }]);
    }
  });
  it('where a page would send it elsewhere, or in another name', async () => {
    const { patient_id } = await aChart();
    const draft_id = await drafted(text(patient_id, please()));
    for (const change of [{ to: '+18045550199' }, { sender: 'Another Clinic' }]) {
      const { json } = await desk.revise(people.nurse, draft_id, change);
      expect(json).toMatchObject({ marks: [expect.objectContaining({ level: 'error' })] });
      expect((await desk.sign(people.nurse, draft_id)).status).toBe(409);
      await desk.revise(people.nurse, draft_id, {
        to: (await desk.asked<{ phone: string }>('select phone from data.patients where id = $1', [patient_id]))[0]?.phone,
        sender: clinic,
      });
    }
    expect((await desk.revise(people.nurse, draft_id, { channel: 'portal' })).status).toBe(400);
    expect((await desk.revise(people.nurse, draft_id, { to: undefined })).status).toBe(400);
  });
  it('warns of a text that does not say who writes, and of a number that another chart has', async () => {
    const { patient_id, phone } = await aChart();
    await aChart({ phone }, 'never_asked');
    const draft_id = await drafted(text(patient_id, 'Please call us about your next visit.'));
    const { marks } = (await desk.shownTo(people.nurse, draft_id)) as unknown as { marks: { level: string; text: string }[] };
    expect(marks.map(({ level, text: said }) => `${level}: ${said}`).sort()).toEqual([
      'warn: Another chart has this number: somebody else may read the text.',
      'warn: The text does not say which clinic writes.',
    ]);
  });
  it('tells no AI of the front desk what a patient takes: only the signer, who may know', async () => {
    const { patient_id } = await aChart({}, 'given', (patient) => ({
      medication_requests: [aMedication(patient, { name: 'Obscurol gel', ingredient: 'obscurol' })],
    }));
    const words = text(patient_id, `${clinic}: your obscurol question`);
    const { result } = await callTool(attending.url, attending.tokens.front_desk, 'draft_patient_message', words, EVERY_TOOLSET);
    expect(result?.isError ?? false).toBe(false);
    const draft_id = String(result?.structuredContent?.draft_id);
    const marksFor = async (login: Login) => ((await desk.shownTo(login, draft_id)) as unknown as { marks: object[] }).marks;
    expect(await marksFor(people.front_desk)).toEqual([]);
    expect(await marksFor(people.nurse)).toMatchObject([{ level: 'error', quote: 'obscurol' }]);
    expect((await desk.sign(people.nurse, draft_id)).status).toBe(400);
    await desk.refused('draft_patient_message', words, /drug/);
  });
});

describe('a signed text', () => {
  it('waits for the morning where the patient is, and says so', async () => {
    house.setNow('2026-11-21T02:30:00Z');
    const { patient_id, phone } = await aChart({ state: 'CA', postal_code: '94110' });
    const draft_id = await drafted(text(patient_id, please()));
    await desk.sign(people.nurse, draft_id);
    expect(await attending.app.send()).toBe(0);
    const [waits] = await deliveriesOf(draft_id);
    expect(waits).toMatchObject({ status: 'waiting', reason: 'quiet_hours', time_zone: 'America/Los_Angeles' });
    expect(new Date(String(waits?.not_before)).toISOString()).toBe('2026-11-21T16:00:00.000Z');
    house.setNow('2026-11-21T16:00:00Z');
    expect(await attending.app.send()).toBe(1);
    expect(await carriers.taken(phone)).toHaveLength(1);
  });
  it('that a carrier refused, or that may have gone or not, is in the list of those that did not go', async () => {
    const before = ((await people.nurse.ask('GET', '/deliveries')).json.deliveries as unknown as object[]).length;
    const drafts: string[] = [];
    let at = Date.parse(TEN);
    for (const manner of ['refuse', 'drop_after'] as const) {
      const { patient_id, phone } = await aChart();
      await carriers.behave(phone, manner);
      const draft_id = await drafted(text(patient_id, please()));
      await desk.sign(people.nurse, draft_id);
      drafts.push(draft_id);
      at += 1000; // newest first
      house.setNow(new Date(at).toISOString());
      await attending.app.send();
    }
    const { json } = await people.nurse.ask('GET', '/deliveries');
    const listed = json.deliveries as unknown as { message_id: string; status: string; reason: string }[];
    expect(listed).toHaveLength(before + 2);
    expect(drafts.map((id) => listed.find(({ message_id }) => message_id === id))).toMatchObject([
      { status: 'failed', reason: 'refused' },
      { status: 'unknown', reason: 'no_answer' },
    ]);
    const [newest] = listed;
    const { json: page } = await people.nurse.ask('GET', '/deliveries?limit=1');
    const { json: rest } = await people.nurse.ask('GET', `/deliveries?cursor=${String(page.cursor)}`);
    expect([...(page.deliveries as unknown as object[]), ...(rest.deliveries as unknown as object[])]).toEqual(listed);
    expect(page.deliveries).toEqual([newest]);
  });
  it('that nobody has sent for a day though it is due is in that list too, once it is so long', async () => {
    const { patient_id } = await aChart();
    const draft_id = await drafted(text(patient_id, please()));
    await desk.sign(people.nurse, draft_id);
    const isListed = async () => {
      const { json } = await people.nurse.ask('GET', '/deliveries');
      return (json.deliveries as unknown as { message_id: string }[]).some(({ message_id }) => message_id === draft_id);
    };
    const waitsSince = (at: string) => attending.admin.query('update data.deliveries set created_at = $2 where id = $1', [draft_id, at]);
    house.setNow(TEN);
    await waitsSince(new Date(Date.parse(TEN) - 23 * 3_600_000).toISOString());
    expect(await isListed()).toBe(false);
    await waitsSince(new Date(Date.parse(TEN) - 25 * 3_600_000).toISOString());
    expect(await isListed()).toBe(true);
    await attending.app.send();
    expect(await isListed()).toBe(false);
  });
  it('is nobody else’s: not another clinic’s, not an AI’s', async () => {
    const { patient_id } = await aChart();
    const draft_id = await drafted(text(patient_id, please()));
    await desk.sign(people.nurse, draft_id);
    const other = await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'nurse' });
    expect(await deliveriesOf(draft_id, other)).toEqual([]);
    const bearer = await fetch(`${attending.url}/api/v1/drafts/${draft_id}/deliveries`, {
      headers: { authorization: `Bearer ${attending.tokens.owner}` },
    });
    expect(bearer.status).toBe(404);
    await attending.app.send();
  });
});

describe('a message in the portal', () => {
  it('is told by an e-mail that says nothing of it; a patient without an address gets none', async () => {
    const email = 'zellweger.portal@example.com';
    const { patient_id } = await aChart({ email }, 'never_asked');
    const draft_id = await drafted({ patient_id, subject: 'Your metformin', body: 'Your A1c is 7.2, so please take more metformin.' });
    expect(await attending.app.send()).toBe(0);
    await desk.sign(people.nurse, draft_id);
    expect(await attending.app.send()).toBe(1);
    const [mail, ...more] = await carriers.taken(email);
    expect(more).toEqual([]);
    expect(mail?.text).toMatch(/^Subject: You have a new message$/m);
    expect(mail?.text).toContain('https://portal.juniper-street.example.com/');
    for (const word of ['metformin', 'A1c', '7.2', 'Ada', 'Zellweger<', patient_id])
      expect(mail?.text.replaceAll(email, '')).not.toContain(word);
    expect(await deliveriesOf(draft_id)).toMatchObject([{ channel: 'email', status: 'sent' }]);

    const { patient_id: without } = await aChart({}, 'never_asked');
    const silent = await drafted({ patient_id: without, body: 'Please call us.' });
    expect((await desk.sign(people.nurse, silent)).status).toBe(200);
    expect(await deliveriesOf(silent)).toEqual([]);
  });
});

verifies('outbox:no-phi-in-logs', async () => {
  const { patient_id: stopping } = await aChart();
  await desk.sign(people.nurse, await drafted(text(stopping, please())));
  await record(people.nurse, stopping, { decision: 'revoked', source: 'phone' });
  await attending.app.send();
  // Every ending there is has been seen above: sent, waiting, refused, broken off, cancelled.
  const { rows } = await attending.admin.query<{ status: string }>('select distinct status from data.deliveries order by 1');
  expect(rows.map(({ status }) => status)).toEqual(expect.arrayContaining(['cancelled', 'failed', 'sent', 'unknown']));
  const logged = attending.logged();
  expect(logged).toContain('a message did not go');
  const { rows: sent } = await attending.admin.query<{ recipient: string; body: string; patient_id: string }>(
    'select recipient, body, patient_id from data.outgoing_messages',
  );
  for (const { recipient, body, patient_id } of sent)
    for (const word of [recipient, recipient.slice(2), body, patient_id]) expect(logged.includes(word)).toBe(false);
  expect(logged).not.toMatch(/Zellweger|please call|metformin/i);
});
