// Orders of tests and drugs: what is refused whoever would sign it, what a signer is shown, and the row that a prescriber's signature writes.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attending, startAttending } from '../app.ts';
import { drafting } from '../builders/drafting.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { callTool } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let elsewhere: string;
let physician: Login;
let prescriber_id: string;
let desk: ReturnType<typeof drafting>;
beforeAll(async () => {
  attending = await startAttending();
  desk = drafting(attending);
  [tenant_id, elsewhere] = attending.tenants.map((tenant) => tenant.tenant_id) as [string, string];
  physician = await aLogin(attending, { tenant_id, role: 'physician' });
  prescriber_id = await desk.one('select practitioner_id as id from data.users where id = $1', [physician.user_id]);
});
afterAll(() => attending.close());

const withAllergy = (substance: string) =>
  desk.aPatientId(
    tenant_id,
    `exists (select from data.allergies a where a.patient_id = p.id and a.substance = '${substance}' and a.clinical_status = 'active' and a.verification_status = 'confirmed')`,
  );
const NKDA = 'No known drug allergies';
const LISINOPRIL = {
  drug: 'lisinopril 10 mg oral tablet',
  ingredient: 'lisinopril',
  sig: 'Take one tablet once a day.',
  quantity: 90,
  refills: 3,
  days_supply: 90,
};
/** An order of another drug, with the rest of LISINOPRIL's. */
const orderOf = (patient_id: string, drug: string, ingredient: string, indication = 'I10') => ({
  patient_id,
  medication: { ...LISINOPRIL, drug, ingredient },
  indication,
});
const drugRow = async (id: string) =>
  (
    await desk.asked(
      `select patient_id, name, ingredient, sig, status, reported, quantity::float, refills_left, days_supply, prescriber_id, reason_icd10, start_on, authored_on
       from data.medication_requests where id = $1`,
      [id],
    )
  )[0];

describe('draft_order of a test', () => {
  it('is of the test that its reader saw by name: another code under that name commits nothing', async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    const { draft_id } = await desk.draft('draft_order', { patient_id, lab: { test: 'TSH' }, indication: 'E03.9' });
    const { lab } = (await desk.shownTo(physician, draft_id)).payload as unknown as { lab: Record<string, string> };
    expect((await desk.revise(physician, draft_id, { lab: { ...lab, test: '24331-1' } })).status).toBe(200);
    expect(await desk.sign(physician, draft_id)).toMatchObject({ status: 409, json: { detail: expect.stringContaining('lab.name') } });
    expect(await desk.asked('select from data.lab_orders where id = $1', [draft_id])).toEqual([]);
  });

  it('writes an open order by the signer, which the list of orders shows', async () => {
    const patient_id = await desk.aPatientId(
      tenant_id,
      "not exists (select from data.lab_orders o where o.patient_id = p.id and o.status = 'active')",
    );
    const { draft_id } = await desk.draft('draft_order', {
      patient_id,
      lab: { test: 'lipids', priority: 'urgent', due_on: '2026-12-01' },
      indication: 'E78.5',
    });
    expect(await desk.asked('select from data.lab_orders where id = $1', [draft_id])).toEqual([]);
    expect((await desk.shownTo(physician, draft_id)).payload).toMatchObject({
      lab: { name: 'lipid panel', test: '24331-1' },
      warnings: [],
    });
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
    expect(
      await desk.asked(
        'select patient_id, practitioner_id, name, loinc, status, priority, due_on::text, reason_icd10 from data.lab_orders where id = $1',
        [draft_id],
      ),
    ).toEqual([
      {
        patient_id,
        practitioner_id: prescriber_id,
        name: 'lipid panel',
        loinc: '24331-1',
        status: 'active',
        priority: 'urgent',
        due_on: '2026-12-01',
        reason_icd10: 'E78.5',
      },
    ]);
    const read = await callTool(attending.url, attending.tokens.physician, 'get_lab_orders', { patient_id, status: 'open' });
    expect(read.body).toContain(draft_id);

    const again = await desk.draft('draft_order', { patient_id, lab: { test: '2093-3' }, indication: 'E78.5' });
    expect((await desk.shownTo(physician, again.draft_id)).payload.warnings).toEqual([
      'An open order brings this already: lipid panel, ordered 2026-11-20, due 2026-12-01.',
    ]);
  });

  it('refuses a test that is none, a code without a name, a day that is over, and two orders in one', async () => {
    const patient_id = await desk.aPatientId(tenant_id);
    const order = (lab: object) => ({ patient_id, lab, indication: 'E78.5' });
    await desk.refused('draft_order', order({ test: 'everything' }), /lab\.test: no test of this house.*BMP, CMP/);
    await desk.refused('draft_order', order({ test: '75622-1' }), /no name here/);
    await desk.refused('draft_order', order({ test: '75622-2', name: 'HIV screen' }), /no test of this house/);
    await desk.refused('draft_order', order({ test: 'CBC', due_on: '2026-11-19' }), /is over/);
    await desk.refused('draft_order', { ...order({ test: 'CBC' }), medication: LISINOPRIL }, /one order at a time/);
    await desk.refused('draft_order', { patient_id, indication: 'E78.5' }, /one order at a time/);
    await desk.refused('draft_order', { ...order({ test: 'CBC' }), indication: 'high cholesterol' }, /an ICD-10-CM code/);
    const { draft_id } = await desk.draft('draft_order', order({ test: '75622-1', name: 'HIV 1 and 2 Ag/Ab panel' }));
    expect((await desk.shownTo(physician, draft_id)).payload.warnings).toEqual([expect.stringContaining('check that it is this test')]);
  });
});

describe('draft_order of a drug', () => {
  it('writes an active order, authored today by the signer, which the medication list shows', async () => {
    const patient_id = await withAllergy(NKDA);
    const { draft_id } = await desk.draft('draft_order', { patient_id, medication: LISINOPRIL, indication: 'I10' });
    expect(await drugRow(draft_id)).toBeUndefined();
    expect((await desk.shownTo(physician, draft_id)).payload).toMatchObject({ allergies: ['No known drug allergies.'], warnings: [] });
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
    expect(await drugRow(draft_id)).toEqual({
      ...{
        patient_id,
        name: LISINOPRIL.drug,
        ingredient: 'lisinopril',
        sig: LISINOPRIL.sig,
        status: 'active',
        reported: false,
        quantity: 90,
      },
      ...{ refills_left: 3, days_supply: 90, prescriber_id, reason_icd10: 'I10', start_on: '2026-11-20', authored_on: '2026-11-20' },
    });
    const read = await callTool(attending.url, attending.tokens.physician, 'get_medications', { patient_id });
    expect(read.body).toContain(draft_id);

    const again = await desk.draft('draft_order', orderOf(patient_id, 'lisinopril 20 mg oral tablet', 'lisinopril'));
    expect((await desk.shownTo(physician, again.draft_id)).payload.warnings).toEqual([
      'An order of the same ingredient stands already: lisinopril 10 mg oral tablet, since 2026-11-20.',
    ]);
  });

  verifies('drafts:no-controlled-substance', async () => {
    const patient_id = await withAllergy(NKDA);
    const words = /controlled substance \(schedule \S+, 21 CFR 1308\.\d\d\).*prescriber orders it in the clinic's own e-prescribing/;
    const plain =
      'oxycodone 5 mg tablet,testosterone cypionate 200 mg/mL,ALPRAZOLAM 0.5 mg,pregabalin 75 mg,phentermine 37.5 mg,flubromazolam 1 mg';
    for (const drug of plain.split(',')) await desk.refused('draft_order', orderOf(patient_id, drug, drug), words);
    await desk.refused('draft_order', orderOf(patient_id, 'Xanax 0.5 mg', 'generic'), words);
    await desk.refused('draft_order', orderOf(patient_id, 'Tylenol 3', 'acetaminophen / codeine'), words);
    const sig = 'Take one, and tramadol 50 mg as needed.';
    await desk.refused('draft_order', { patient_id, medication: { ...LISINOPRIL, sig }, indication: 'I10' }, words);
    await desk.refused('draft_order', orderOf(patient_id, 'tram\u0430dol 50 mg', 'generic'), /plain letters/);

    // Nor by the hand of who signs.
    const { draft_id } = await desk.draft('draft_order', orderOf(patient_id, 'amlodipine 5 mg oral tablet', 'amlodipine'));
    await desk.revise(physician, draft_id, { medication: { ...LISINOPRIL, drug: 'diazepam 5 mg tablet', ingredient: 'diazepam' } });
    expect((await desk.sign(physician, draft_id)).status).toBe(403);
    expect(await drugRow(draft_id)).toBeUndefined();
  });

  verifies('drafts:allergy-stops-an-order', async () => {
    const patient_id = await withAllergy('penicillin G');
    const medication = { ...LISINOPRIL, drug: 'amoxicillin 500 mg oral capsule', ingredient: 'amoxicillin', refills: 0, quantity: 21 };
    const text = await desk.refused(
      'draft_order',
      { patient_id, medication, indication: 'J02.0' },
      /records an allergy or intolerance.*allergy_considered/,
    );
    expect(text).not.toMatch(/penicillin/i);

    const allergy_considered = 'Delabelled by challenge on 2026-11-02.';
    const { draft_id } = await desk.draft('draft_order', { patient_id, medication, indication: 'J02.0', allergy_considered });
    const { payload } = await desk.shownTo(physician, draft_id);
    expect(payload).toMatchObject({
      allergy_considered,
      allergies: expect.arrayContaining([expect.stringContaining('penicillin G (allergy; criticality high; hives')]),
    });
    expect(payload.warnings).toEqual(['Recorded allergy: penicillin G, of the same class (penicillins).']);
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
    expect(await drugRow(draft_id)).toMatchObject({ name: medication.drug });

    // A neighbour class is a warning; an unrelated drug is none.
    const { draft_id: beside } = await desk.draft('draft_order', orderOf(patient_id, 'cephalexin 500 mg', 'cephalexin', 'L03.1'));
    expect((await desk.shownTo(physician, beside)).payload.warnings).toEqual([
      'Recorded allergy: penicillin G; reactions to cephalosporins can cross.',
    ]);
  });

  it('is refused at the signature when the chart has come to speak against it', async () => {
    const patient_id = await withAllergy(NKDA);
    const { draft_id } = await desk.draft('draft_order', orderOf(patient_id, 'doxycycline 100 mg capsule', 'doxycycline', 'L70.0'));
    const { rows } = await attending.admin.query(
      `insert into data.allergies (tenant_id, id, patient_id, substance, category, type) values ($1, gen_random_uuid(), $2, 'Tetracyclines', 'medication', 'allergy') returning id`,
      [tenant_id, patient_id],
    );
    expect((await desk.sign(physician, draft_id)).status).toBe(409);
    await desk.revise(physician, draft_id, { allergy_considered: 'Rash in childhood, tolerated since.' });
    expect((await desk.sign(physician, draft_id)).status).toBe(409);
    expect(await drugRow(draft_id)).toBeUndefined();
    await attending.admin.query('delete from data.allergies where id = $1', [rows[0].id]);
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
  });

  it('says that nobody asked, where nobody asked', async () => {
    const patient_id = await desk.aPatientId(tenant_id, 'not exists (select from data.allergies a where a.patient_id = p.id)');
    const { draft_id } = await desk.draft('draft_order', orderOf(patient_id, 'amlodipine 5 mg', 'amlodipine'));
    expect((await desk.shownTo(physician, draft_id)).payload.warnings).toContain(
      'Nobody has recorded whether this patient has drug allergies.',
    );
  });

  it('is drafted by a nurse’s AI and signed by a licensed prescriber only', async () => {
    const patient_id = await withAllergy(NKDA);
    const { draft_id } = await desk.draft('draft_order', orderOf(patient_id, 'amlodipine 2.5 mg', 'amlodipine'), 'nurse');
    expect((await desk.sign(await aLogin(attending, { tenant_id, role: 'nurse' }), draft_id)).status).toBe(403);
    const owner = await aLogin(attending, { tenant_id, role: 'owner' });
    expect(await desk.sign(owner, draft_id)).toMatchObject({ status: 403, json: { type: expect.stringContaining('licence_needed') } });
    expect((await desk.sign(physician, draft_id)).status).toBe(200);
  });

  it('of another clinic’s patient is refused in the words for one that is not there', async () => {
    const order = orderOf('', 'amlodipine 5 mg', 'amlodipine');
    const unknown = await desk.refused('draft_order', { ...order, patient_id: randomUUID() }, /No such patient/);
    expect(await desk.refused('draft_order', { ...order, patient_id: await desk.aPatientId(elsewhere) }, /No such patient/)).toBe(unknown);
    const patient_id = await withAllergy(NKDA);
    const none = await desk.refused('draft_order', { ...order, patient_id, encounter_id: randomUUID() }, /no such visit/);
    const foreign = await desk.one('select id from data.encounters where tenant_id = $1 limit 1', [elsewhere]);
    expect(await desk.refused('draft_order', { ...order, patient_id, encounter_id: foreign }, /no such visit/)).toBe(none);
  });
});
