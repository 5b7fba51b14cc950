// Requests to payers: from what an AI proposes to the row that a licensed signature writes, and that nobody has sent.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/governance/roles.ts';
import { loadRows } from '../../src/sources/native/load.ts';
import { type Attending, startAttending, TODAY } from '../app.ts';
import { aCoverage, aPatient, type Row } from '../builders/chart.ts';
import { aCondition } from '../builders/clinical.ts';
import { drafting } from '../builders/drafting.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let elsewhere: string;
let physician: Login;
let nurse: Login;
let desk: ReturnType<typeof drafting>;
beforeAll(async () => {
  attending = await startAttending();
  desk = drafting(attending);
  [tenant_id, elsewhere] = attending.tenants.map((tenant) => tenant.tenant_id) as [string, string];
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  nurse = await aLogin(attending, { tenant_id, role: 'nurse' });
});
afterAll(() => attending.close());

let patients = 0;
const newPatient = (own: Row = {}): Row => {
  patients += 1;
  return aPatient({ tenant_id, mrn: `SYN-93${patients}`, birth_date: '1961-03-04', ...own });
};
const asked = async (tool: string, args: object, role: Role = 'physician') =>
  (await callTool(attending.url, attending.tokens[role], tool, args, EVERY_TOOLSET)).result?.structuredContent as Record<string, Row[]>;
const licence = (user_id: string, set: string) => attending.admin.query(`update data.licences set ${set} where user_id = $1`, [user_id]);

describe('draft_prior_authorization', () => {
  const MRI = {
    service_code: '72148',
    code_system: 'cpt',
    service_name: 'MRI lumbar spine',
    units: 1,
    date_range: { from: '2026-11-25', to: '2026-12-25' },
    reason_icd10: 'M54.16',
    reason: 'Six weeks of physical therapy without relief, new weakness of the left foot.',
  };
  async function aCovered(plan: Row = {}) {
    const patient = newPatient();
    const coverage = aCoverage(patient, { period_start: '2025-01-01', ...plan });
    const condition = aCondition(patient, { icd10: 'M54.16' });
    await loadRows(attending.admin, { patients: [patient], coverages: [coverage], conditions: [condition] });
    return { patient_id: patient.id as string, coverage_id: coverage.id as string, condition_id: condition.id as string };
  }
  const row = async (id: string) =>
    (
      await desk.asked(
        `select patient_id, coverage_id, practitioner_id, service_code, code_system, service_name, reason_icd10, reason, status, units_requested, requested_at,
           service_from::text, service_to::text, valid_from, valid_to from data.prior_authorizations where id = $1`,
        [id],
      )
    )[0];

  verifies('plans:nobody-was-asked', async () => {
    const who = await aCovered();
    const { draft_id } = await desk.draft('draft_prior_authorization', { ...who, ...MRI }, 'biller');
    expect(await row(draft_id)).toBeUndefined();
    const { payload } = await desk.shownTo(physician, draft_id);
    expect(payload).toMatchObject({
      payer: 'Example Health Plan',
      warnings: [],
      to_do: expect.stringContaining('No payer is asked by it'),
    });
    expect(await desk.sign(physician, draft_id)).toMatchObject({ status: 200, json: { record_id: draft_id } });
    const signer = await desk.one('select practitioner_id as id from data.users where id = $1', [physician.user_id]);
    const { date_range, units, ...told } = MRI;
    expect(await row(draft_id)).toEqual({
      ...{ patient_id: who.patient_id, coverage_id: who.coverage_id, practitioner_id: signer, units_requested: units },
      ...told,
      ...{
        status: 'draft',
        requested_at: null,
        service_from: date_range.from,
        service_to: date_range.to,
        valid_from: null,
        valid_to: null,
      },
    });
    const { prior_authorizations } = await asked('get_prior_authorizations', { patient_id: who.patient_id });
    expect(prior_authorizations).toMatchObject([{ status: 'draft', not_sent: true, service_from: '2026-11-25' }]);
    expect(prior_authorizations?.[0]).not.toHaveProperty('requested_at');
    expect((await asked('get_prior_authorizations', { patient_id: who.patient_id, status: 'pending' })).prior_authorizations).toEqual([]);
  });

  it('is signed by a physician or owner with a live licence, and by nobody who drafts it besides', async () => {
    const { draft_id } = await desk.draft('draft_prior_authorization', { ...(await aCovered()), ...MRI }, 'nurse');
    const owner = await aLogin(attending, { tenant_id, role: 'owner' });
    expect(await desk.shownTo(owner, draft_id)).toMatchObject({ may_sign: false, why_not: 'licence_needed' });
    // The nurse sees what her own AI proposed, and decides on none of it.
    expect((await desk.sign(nurse, draft_id)).status).toBe(403);
    expect((await desk.sign(await aLogin(attending, { tenant_id, role: 'biller' }), draft_id)).status).toBe(404);
    await licence(physician.user_id, "expires_on = '2026-11-01'");
    expect((await desk.sign(physician, draft_id)).status).toBe(403);
    await licence(physician.user_id, "expires_on = '2999-01-01'");
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
  });

  it('refuses a code that is none of its system, and writes an NDC as payers do', async () => {
    const who = await aCovered();
    const of = (code_system: string, service_code: string) => ({ ...who, ...MRI, code_system, service_code });
    await desk.refused('draft_prior_authorization', of('cpt', '7214'), /no cpt code.*like 72148/);
    await desk.refused('draft_prior_authorization', of('cpt', 'E0601'), /no cpt code/);
    await desk.refused('draft_prior_authorization', of('hcpcs', '72148'), /no hcpcs code/);
    await desk.refused('draft_prior_authorization', of('rxnorm', '0314076'), /an RxCUI/);
    await desk.refused('draft_prior_authorization', of('ndc', '0002-8215-011'), /no ndc code/);
    await desk.refused('draft_prior_authorization', { ...of('cpt', '72148'), reason_icd10: 'back pain' }, /an ICD-10-CM code/);
    const { draft_id } = await desk.draft('draft_prior_authorization', of('ndc', '0002-8215-01'));
    expect((await desk.shownTo(physician, draft_id)).payload.service_code).toBe('00002821501');
  });

  it('refuses a plan that is not the patient’s or not active on these days, days that nobody is asked about, and a problem that is another’s', async () => {
    const [who, other, ended, cancelled, cash] = await Promise.all([
      aCovered(),
      aCovered(),
      aCovered({ period_end: '2026-12-01' }),
      aCovered({ status: 'cancelled' }),
      aCovered({ kind: 'self_pay' }),
    ]);
    const wanted = (it: object) => ({ ...who, ...MRI, ...it });
    const none = await desk.refused('draft_prior_authorization', wanted({ coverage_id: randomUUID() }), /no such plan of this patient/);
    expect(await desk.refused('draft_prior_authorization', wanted({ coverage_id: other.coverage_id }), /no such plan/)).toBe(none);
    const [theirs] = await desk.asked<{ id: string; patient_id: string }>(
      'select id, patient_id from data.coverages where tenant_id = $1 limit 1',
      [elsewhere],
    );
    expect(await desk.refused('draft_prior_authorization', wanted({ coverage_id: theirs?.id }), /no such plan/)).toBe(none);
    await desk.refused('draft_prior_authorization', wanted({ patient_id: theirs?.patient_id }), /No such patient/);
    for (const it of [ended, cancelled]) await desk.refused('draft_prior_authorization', wanted(it), /not active on the days/);
    await desk.refused('draft_prior_authorization', wanted(cash), /no payer to ask/);
    await desk.refused('draft_prior_authorization', wanted({ condition_id: other.condition_id }), /no such problem of this patient/);
    await desk.refused(
      'draft_prior_authorization',
      wanted({ date_range: { from: '2026-08-01', to: '2026-12-01' } }),
      /more than 90 days ago/,
    );
    await desk.refused(
      'draft_prior_authorization',
      wanted({ date_range: { from: '2027-01-01', to: '2027-12-01' } }),
      /more than a year ahead/,
    );
  });

  it('names the open request for the same, tells of an approval, and of a diagnosis that is no problem of this patient', async () => {
    const who = await aCovered();
    const patient = { id: who.patient_id, tenant_id };
    const request = (own: Row) => ({
      tenant_id,
      id: randomUUID(),
      patient_id: patient.id,
      service_code: '72148',
      code_system: 'cpt',
      service_name: 'MRI',
      ...own,
    });
    await loadRows(attending.admin, {
      prior_authorizations: [
        request({ status: 'approved', valid_from: '2026-11-01', valid_to: '2026-12-01' }),
        request({ status: 'pended', requested_at: '2026-11-10T10:00:00-05:00', service_code: '70551' }),
        request({ status: 'denied', requested_at: '2026-11-10T10:00:00-05:00' }),
      ],
    });
    await desk.refused('draft_prior_authorization', { ...who, ...MRI, service_code: '70551' }, /is open: pended, asked 2026-11-10/);
    const { condition_id: _, ...without } = who;
    const { draft_id } = await desk.draft('draft_prior_authorization', { ...without, ...MRI, reason_icd10: 'G35' });
    expect((await desk.shownTo(physician, draft_id)).payload.warnings).toEqual([
      'This service stands approved for 2026-11-01 to 2026-12-01: is another request needed?',
      'G35 is not among this patient’s active problems: right patient, right diagnosis?',
    ]);
  });

  it('of twelve drafts for the same, signed at once, one is written; and what the record says since stops a signature', async () => {
    const who = await aCovered();
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, n) => desk.draft('draft_prior_authorization', { ...who, ...MRI, reason: `${MRI.reason} ${n}` })),
    );
    expect(
      await desk.signAtOnce(
        physician,
        many.map(({ draft_id }) => draft_id),
      ),
    ).toEqual([200, ...Array(11).fill(409)]);
    const late = await aCovered();
    const { draft_id } = await desk.draft('draft_prior_authorization', { ...late, ...MRI });
    await attending.admin.query("update data.coverages set period_end = '2026-11-21' where id = $1", [late.coverage_id]);
    expect((await desk.sign(physician, draft_id)).status).toBe(409);
    await attending.admin.query('update data.coverages set period_end = null, payer = $2 where id = $1', [
      late.coverage_id,
      'Other Mutual',
    ]);
    expect((await desk.sign(physician, draft_id)).status).toBe(409);
    await attending.admin.query("update data.coverages set payer = 'Example Health Plan' where id = $1", [late.coverage_id]);
    await attending.admin.query('update data.patients set deceased_on = $2 where id = $1', [late.patient_id, TODAY]);
    expect((await desk.sign(physician, draft_id)).status).toBe(409);
    expect(await row(draft_id)).toBeUndefined();
  });

  it('is held after the inbox was read', async () => {
    await desk.isHeldAfterTheInbox(physician, 'draft_prior_authorization', { ...(await aCovered()), ...MRI });
  });
});
