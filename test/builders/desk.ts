// A desk with something on it, and a person in front of it in a real browser.
import type { Browser, Page } from 'playwright-core';
import { plusDays } from '../../src/domains/days.ts';
import { type Attending, TODAY } from '../app.ts';
import { callTool } from '../mcp.ts';
import { drafting } from './drafting.ts';
import { aLogin } from './login.ts';
import { codeOf, forgetCodes } from './staff.ts';

/** A page of a person who has signed in with password and code. */
export async function signedIn(
  attending: Attending,
  browser: Browser,
  role: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const staff = attending.tenants[0]?.staff.find((person) => person.role === role);
  if (!staff) throw new Error(`nobody is ${role}`);
  await forgetCodes(attending.admin);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
  await page.goto(`${attending.url}/admin/`);
  await page.getByLabel('E-mail').fill(staff.email);
  await page.getByLabel('Password', { exact: true }).fill(staff.password);
  await page.keyboard.press('Enter');
  await page.getByText('code', { exact: false }).first().waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.type(codeOf(staff.totp_secret));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Good / }).waitFor();
  return page;
}

/** A draft of a note that gives the newest A1c, LDL and pressure of a patient who has had many, and a value that nobody measured. */
export async function aCitingNote(
  attending: Attending,
  as_of = TODAY,
): Promise<{ draft_id: string; patient_id: string; patient: string; a1c: string }> {
  const tenant_id = attending.tenants[0]?.tenant_id;
  const { rows } = await attending.admin.query(
    `select p.id, p.given_name || ' ' || p.family_name as name, a.newest as a1c, l.newest as ldl, b.systolic, b.diastolic
     from data.patients p
     cross join lateral (select count(*) as n, (array_agg(r.value::float8::text order by r.collected_at desc, r.id desc))[1] as newest, max(r.collected_at) as at
       from data.lab_results r where r.patient_id = p.id and r.loinc = '4548-4' and r.comparator is null and r.unit = '%' and r.status = 'final' and r.collected_at > $2::date - 720) a
     cross join lateral (select count(*) as n, (array_agg(r.value::float8::text order by r.collected_at desc, r.id desc))[1] as newest
       from data.lab_results r where r.patient_id = p.id and r.loinc = '13457-7' and r.comparator is null and r.status = 'final' and r.collected_at > $2::date - 720) l
     cross join lateral (select v.systolic::int, v.diastolic::int from data.vital_signs v
       where v.patient_id = p.id and v.systolic is not null and v.status = 'final' order by v.taken_at desc, v.id desc limit 1) b
     where p.tenant_id = $1 and p.active and p.replaced_by is null and p.deceased_on is null and a.n >= 4 and l.n >= 3 and a.at > $2::date - 330
     order by a.n desc, p.id limit 1`,
    [tenant_id, as_of],
  );
  const [found] = rows;
  if (!found) throw new Error('no patient of the clinic has had these results');
  const soap = {
    subjective: 'Feels well and walks every day.',
    objective: `A1c ${found.a1c}%, LDL ${found.ldl} mg/dL. BP ${found.systolic}/${found.diastolic}. Ferritin 4711 ng/mL. Exam: lungs clear.`,
    assessment: 'Type 2 diabetes, stable.',
    plan: 'Continue the current plan. Return in three months with an A1c.',
  };
  const { result, body } = await callTool(attending.url, attending.tokens.physician, 'draft_chart_note', { patient_id: found.id, soap });
  const draft_id = result?.structuredContent?.draft_id;
  if (typeof draft_id !== 'string') throw new Error(body);
  return { draft_id, patient_id: found.id, patient: found.name, a1c: found.a1c };
}

/** A rule that the front desk signed, what it booked, and one that was revoked. */
export async function aStandingApproval(
  attending: Attending,
  { books = 3, as_of = TODAY } = {},
): Promise<{ approval_id: string; booked: string[] }> {
  const tenant_id = attending.tenants[0]?.tenant_id as string;
  const desk = await aLogin(attending, { tenant_id, role: 'front_desk' });
  const rule = {
    kinds: ['appointment_draft'],
    modalities: ['in_person', 'telehealth'],
    roles: ['front_desk'],
    visit_types: [],
    practitioner_ids: [],
    horizon_days: 60,
    daily_limit: 40,
    expires_on: new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10),
  };
  const sign = async (change: object) =>
    (await desk.ask('POST', '/approvals', { ...rule, ...change })).json as unknown as { approval_id: string };
  const { rows: people } = await attending.admin.query(
    'select id from data.practitioners where tenant_id = $1 and active order by family_name, id limit 1',
    [tenant_id],
  );
  const gone = await sign({ kinds: ['cancellation_draft'], visit_types: ['Follow-up'], practitioner_ids: [people[0]?.id], daily_limit: 5 });
  await desk.ask('POST', `/approvals/${gone.approval_id}/revoke`, {});
  const { approval_id } = await sign({});

  const { rows: patients } = await attending.admin.query(
    'select id from data.patients where tenant_id = $1 and active and replaced_by is null and deceased_on is null order by id desc limit 20',
    [tenant_id],
  );
  const call = async (name: string, args: object) => (await callTool(attending.url, attending.tokens.front_desk, name, args)).result;
  const open = await call('find_open_slots', {
    date_range: { from: plusDays(as_of, 7), to: plusDays(as_of, 28) },
    minutes: 30,
    modality: 'in_person',
  });
  const slots = open?.structuredContent?.slots as { start_at: string; practitioner_id: string }[];
  const booked: string[] = [];
  for (const [n, { start_at, practitioner_id }] of slots.entries()) {
    if (booked.length === books) break;
    const visit = {
      patient_id: patients[n]?.id,
      provider_id: practitioner_id,
      visit_type: 'follow-up',
      start_at,
      modality: 'in_person',
      minutes: 30,
    };
    const made = (await call('draft_appointment', visit))?.structuredContent;
    if (made?.status === 'committed') booked.push(made.draft_id as string);
  }
  if (booked.length < books) throw new Error(`the rule booked ${booked.length} visits`);
  return { approval_id, booked };
}

/** Twenty drafts of seven kinds by the AI of a physician, in the order of the queue: each a patient's own but for the task. */
export async function twentyMixedDrafts(attending: Attending): Promise<{ draft_id: string; kind: string }[]> {
  const tenant_id = attending.tenants[0]?.tenant_id as string;
  const { draft, one, asked } = drafting(attending);
  const patients = await asked<{ id: string }>(
    'select id from data.patients where tenant_id = $1 and active and replaced_by is null and deceased_on is null order by id limit 40',
    [tenant_id],
  );
  let last = 0;
  const patient_id = () => {
    last += 1;
    return patients[last % patients.length]?.id;
  };
  const made: { draft_id: string; kind: string }[] = [];
  const make = async (kind: string, args: object) => {
    const { draft_id, text } = await draft(`draft_${kind}`, args);
    if (draft_id === '') throw new Error(text);
    made.push({ draft_id, kind });
  };
  const item_id = await one(
    `select t.id from data.tasks t where t.tenant_id = $1 and t.status in ('requested', 'in_progress', 'on_hold') order by t.id limit 1`,
    [tenant_id],
  );
  const aVisit = async (n: number) => {
    const date_range = { from: plusDays(TODAY, 10 + 7 * n), to: plusDays(TODAY, 16 + 7 * n) };
    const asked_for = { date_range, minutes: 30, modality: 'in_person', limit: 1 };
    const { result } = await callTool(attending.url, attending.tokens.physician, 'find_open_slots', asked_for);
    const [slot] = (result?.structuredContent?.slots ?? []) as { start_at: string; practitioner_id: string }[];
    if (!slot) throw new Error('no slot is open in this week');
    const { start_at, practitioner_id: provider_id } = slot;
    await make('appointment', { patient_id: patient_id(), provider_id, visit_type: 'follow-up', start_at, modality: 'in_person' });
  };
  for (const n of [0, 1, 2, 3, 4]) {
    await make('chart_note', { patient_id: patient_id(), soap: { assessment: 'Stable.', plan: `By keyboard ${n}.` } });
    await make('patient_message', { patient_id: patient_id(), body: `Please call us, ${n}.`, subject: 'Your visit' });
    const taken = { taken_at: `${TODAY}T09:0${n}:00-05:00`, measurements: [{ kind: 'pain', value: 3, unit: '/10' }] };
    if (n < 3) await make('vitals', { patient_id: patient_id(), ...taken });
    if (n < 3) await aVisit(n);
    if (n < 2) await make('order', { patient_id: patient_id(), lab: { test: 'CBC' }, indication: 'I10' });
  }
  const to = { name: 'Example Heart Group', specialty: 'Cardiology' };
  await make('referral', { patient_id: patient_id(), to, reason_icd10: 'R07.9', reason: 'Chest pain on exertion.' });
  await make('task_update', { item_id, note: 'Called; nothing else to do.' });
  return made;
}
