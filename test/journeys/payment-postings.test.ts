// A payer's 835: from the AI of a biller to the ledger, once, and what the money tools say of it afterwards.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRows } from '../../src/sources/native/load.ts';
import { type Attending, startAttending } from '../app.ts';
import { aPatient, type Row } from '../builders/chart.ts';
import { drafting } from '../builders/drafting.ts';
import { wronglyKept } from '../builders/kept.ts';
import { aLogin, type Login } from '../builders/login.ts';
import { answerRows, aRemittance } from '../builders/money.ts';
import { aBilled, answered, aProviderAdjustment, billedRows, type Said } from '../builders/remitted.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
let tenant_id: string;
let elsewhere: string;
let biller: Login;
let owner: Login;
let desk: ReturnType<typeof drafting>;
let ada: Row;
beforeAll(async () => {
  attending = await startAttending();
  desk = drafting(attending);
  [tenant_id, elsewhere] = attending.tenants.map((tenant) => tenant.tenant_id) as [string, string];
  biller = await aLogin(attending, { tenant_id, role: 'biller' });
  owner = await aLogin(attending, { tenant_id, role: 'owner' });
  ada = aPatient({ tenant_id, mrn: 'SYN-9100' });
  await loadRows(attending.admin, { patients: [ada] });
});
afterAll(() => attending.close());

const PAID: Said = [6_000, 'CO-45 3000', 'PR-2 1000'];
/** A remittance of so many claims of Ada's, which all are as they should be; `odd`: one claim more that matches none. */
async function aFile(claims: number, { odd = false, plb = 0 } = {}) {
  const remittance = aRemittance({ tenant_id });
  const billed = Array.from({ length: claims }, () => aBilled(ada, [10_000]));
  const answers = [...billed.map((each) => answered(remittance, each, [PAID])), ...(odd ? [answered(remittance, 'MX-404', [PAID])] : [])];
  await loadRows(attending.admin, {
    ...billedRows(billed),
    remittances: [{ ...remittance, amount_cents: answers.length * 6_000 - plb }],
    ...answerRows(answers),
    remittance_provider_adjustments: plb === 0 ? [] : [aProviderAdjustment(remittance, plb)],
  });
  return { remittance_id: remittance.id as string, billed };
}
const propose = (remittance_id: string, more: object = {}, role: 'biller' | 'owner' = 'biller') =>
  desk.draft('draft_payment_posting', { remittance_id, ...more }, role);
const asked = async (tool: string, args: object) => {
  const { result } = await callTool(attending.url, attending.tokens.biller, tool, args, EVERY_TOOLSET);
  return result?.structuredContent as Record<string, never>;
};
const remittance = async (remittance_id: string) => (await asked('get_remittances', { remittance_id })).remittances?.[0] as unknown as Row;
const balance = () => asked('get_patient_balance', { patient_id: ada.id }) as Promise<Record<string, number>>;
const books = () =>
  asked('get_billing_summary', { date_range: { from: '2026-11-20', to: '2026-11-20' } }) as unknown as Promise<
    Record<string, Record<string, number>>
  >;
const ledger = (remittance_id: string) =>
  desk.asked<{ what: string; n: number; cents: number }>(
    `select 'payments' as what, count(*)::int as n, coalesce(sum(x.amount_cents), 0)::int as cents from data.payments x join data.remittance_claims k on k.id = x.remittance_claim_id where k.remittance_id = $1
     union all select 'adjustments', count(*)::int, coalesce(sum(x.amount_cents), 0)::int from data.adjustments x join data.remittance_claims k on k.id = x.remittance_claim_id where k.remittance_id = $1
     union all select 'transfers', count(*)::int, coalesce(sum(x.amount_cents), 0)::int from data.responsibility_transfers x join data.remittance_claims k on k.id = x.remittance_claim_id where k.remittance_id = $1`,
    [remittance_id],
  );
const NOTHING = ['payments', 'adjustments', 'transfers'].map((what) => ({ what, n: 0, cents: 0 }));

describe('draft_payment_posting', () => {
  verifies('posting:to-the-cent', async () => {
    const { remittance_id } = await aFile(2, { odd: true, plb: 500 });
    expect(await remittance(remittance_id)).toMatchObject({ posted: 'not_posted' });
    const [owed, earned] = [await balance(), await books()];
    const { draft_id, text } = await propose(remittance_id);
    // The model is told that it waits, and no amount that it could have made up.
    expect(JSON.parse(text)).toMatchObject({ status: 'pending', kind: 'payment_posting_draft' });
    expect(text).not.toMatch(/cents|12000/);
    const { payload } = await desk.shownTo(biller, draft_id);
    expect(payload).toMatchObject({
      remittance_id,
      amount_cents: 17_500,
      claims_paid_cents: 18_000,
      posted_cents: 12_000,
      exceptions_cents: 6_000,
      already_posted_cents: 0,
    });
    expect((payload.exceptions as { kind: string }[]).map(({ kind }) => kind)).toEqual(['provider_adjustment', 'unmatched_claim']);
    expect(await ledger(remittance_id)).toEqual(NOTHING);
    expect(await desk.sign(biller, draft_id)).toMatchObject({ status: 200, json: { status: 'committed', record_id: remittance_id } });
    expect(await ledger(remittance_id)).toEqual([
      { what: 'payments', n: 2, cents: 12_000 },
      { what: 'adjustments', n: 2, cents: 6_000 },
      { what: 'transfers', n: 2, cents: 2_000 },
    ]);
    expect(await remittance(remittance_id)).toMatchObject({ posted: 'partly', posted_cents: 12_000 });
    const [owes, earns] = [await balance(), await books()];
    expect((owes.insurance_cents ?? 0) - (owed.insurance_cents ?? 0)).toBe(-20_000);
    expect((owes.patient_cents ?? 0) - (owed.patient_cents ?? 0)).toBe(2_000);
    const moved = (group: string, field: string) => (earns[group]?.[field] ?? 0) - (earned[group]?.[field] ?? 0);
    expect(moved('payments', 'insurance_cents')).toBe(12_000);
    expect(moved('adjustments', 'contractual_cents')).toBe(6_000);
    expect(earns.identity?.difference_cents).toBe(0);
    expect(await wronglyKept(attending.admin, { from: '2026-10-01', days: 52 })).toEqual([]);
  });

  it('says posted where nothing was left, and has nothing to post afterwards', async () => {
    const { remittance_id } = await aFile(1);
    const { draft_id } = await propose(remittance_id, {}, 'owner');
    expect((await desk.shownTo(owner, draft_id)).payload.exceptions).toEqual([]);
    expect((await desk.sign(owner, draft_id)).status).toBe(200);
    expect(await remittance(remittance_id)).toMatchObject({ posted: 'posted' });
    await desk.refused(
      'draft_payment_posting',
      { remittance_id },
      /nothing of this remittance can be posted \(1 already posted\)/,
      'biller',
    );
  });

  verifies('posting:once', async () => {
    const { remittance_id } = await aFile(3);
    const drafts = await Promise.all([
      propose(remittance_id, { request_key: 'first-draft' }),
      propose(remittance_id, { request_key: 'second-draft' }),
    ]);
    const shown = await Promise.all(drafts.map(async ({ draft_id }) => ({ draft_id, ...(await desk.shownTo(biller, draft_id)) })));
    const signed = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const { draft_id, version, payload_hash } = shown[n % 2] as (typeof shown)[0];
        return (n % 4 < 2 ? biller : owner).ask('POST', `/drafts/${draft_id}/sign`, { version, payload_hash });
      }),
    );
    expect(signed.map(({ status }) => status).sort()).toEqual([200, ...Array(49).fill(409)]);
    expect(await ledger(remittance_id)).toEqual([
      { what: 'payments', n: 3, cents: 18_000 },
      { what: 'adjustments', n: 3, cents: 9_000 },
      { what: 'transfers', n: 3, cents: 3_000 },
    ]);
    const states = await desk.asked<{ status: string }>('select status from data.pending_actions where id = any ($1) order by 1', [
      drafts.map(({ draft_id }) => draft_id),
    ]);
    expect(states.map(({ status }) => status)).toEqual(['committed', 'pending']);
  });

  it('is the same draft while it waits, and with the same key ever after', async () => {
    const { remittance_id } = await aFile(1);
    const [one, two] = [await propose(remittance_id), await propose(remittance_id)];
    expect(two.draft_id).toBe(one.draft_id);
    const [three, four] = [
      await propose(remittance_id, { request_key: 'remit-001' }),
      await propose(remittance_id, { request_key: 'remit-001' }),
    ];
    expect(four.draft_id).toBe(three.draft_id);
  });

  it('is refused at the signature where the record changed since, and nothing of it stays', async () => {
    const { remittance_id, billed } = await aFile(2);
    const { draft_id } = await propose(remittance_id);
    await attending.admin.query("update data.charges set voided_on = '2026-11-19' where id = $1", [billed[1]?.charges[0]?.id]);
    expect(await desk.sign(biller, draft_id)).toMatchObject({ status: 409, json: { type: expect.stringContaining('conflict') } });
    expect(await ledger(remittance_id)).toEqual(NOTHING);
    expect(await desk.asked('select status from data.pending_actions where id = $1', [draft_id])).toEqual([{ status: 'pending' }]);
  });

  it('posts what the record says, whatever a signer writes into the draft', async () => {
    const { remittance_id } = await aFile(1);
    const { draft_id } = await propose(remittance_id);
    await desk.revise(biller, draft_id, { posted_cents: 600_000 });
    expect((await desk.sign(biller, draft_id)).status).toBe(409);
    expect(await ledger(remittance_id)).toEqual(NOTHING);
  });

  it('is for billers and owners; of another clinic’s remittance it says what it says of none', async () => {
    const { remittance_id } = await aFile(1);
    for (const role of ['physician', 'nurse', 'front_desk'] as const)
      expect(
        (await callTool(attending.url, attending.tokens[role], 'draft_payment_posting', { remittance_id }, EVERY_TOOLSET)).error,
      ).toBeDefined();
    const { draft_id } = await propose(remittance_id);
    expect((await desk.sign(await aLogin(attending, { tenant_id, role: 'physician' }), draft_id)).status).toBe(404);
    const [theirs] = await desk.asked<{ id: string }>('select id from data.remittances where tenant_id = $1 limit 1', [elsewhere]);
    const unknown = await desk.refused('draft_payment_posting', { remittance_id: randomUUID() }, /no such remittance/, 'biller');
    expect(await desk.refused('draft_payment_posting', { remittance_id: theirs?.id }, /no such remittance/, 'biller')).toBe(unknown);
  });

  it('is held after the inbox was read', async () => {
    const { remittance_id } = await aFile(1);
    await callTool(attending.url, attending.tokens.owner, 'get_inbox', {}, EVERY_TOOLSET);
    const { isError, text } = await propose(remittance_id, {}, 'owner');
    expect([isError, text]).toEqual([true, expect.stringContaining('/admin/ai-drafts/holds/')]);
  });

  it('takes a file of hundreds of claims whole', async () => {
    const { remittance_id } = await aFile(400);
    const { draft_id } = await propose(remittance_id);
    const { payload } = await desk.shownTo(biller, draft_id);
    expect(payload.claims).toHaveLength(400);
    expect((await desk.sign(biller, draft_id)).status).toBe(200);
    expect((await ledger(remittance_id))[0]).toEqual({ what: 'payments', n: 400, cents: 2_400_000 });
  });
});

describe('the synthetic clinics', () => {
  it('have remittances that nobody has posted yet: one with something left for a person, and one without', async () => {
    const { rows } = await attending.admin.query<{ id: string; tenant_id: string }>(
      `select r.tenant_id, r.id from data.remittances r where r.amount_cents > 0 and r.received_on >= '2026-11-01' and r.trace_number !~ '^T1' and not exists (
         select from data.remittance_claims k join data.payments p on p.remittance_claim_id = k.id where k.remittance_id = r.id)`,
    );
    const left = await Promise.all(
      rows.map(async ({ id: remittance_id, tenant_id: of }) => {
        const token = attending.token('biller', of === tenant_id ? 0 : 1);
        const { result } = await callTool(attending.url, token, 'draft_payment_posting', { remittance_id }, EVERY_TOOLSET);
        const { draft_id } = (result?.structuredContent ?? {}) as { draft_id?: string };
        const { payload } = await desk.shownTo(await aLogin(attending, { tenant_id: of, role: 'biller' }), draft_id ?? '');
        return (payload.exceptions as { kind: string }[]).map(({ kind }) => kind);
      }),
    );
    expect(left).toContainEqual([]);
    expect(left).toContainEqual(['denied']);
  });
});
