// Chart notes that are signed in a clinic whose record is a vendor's, and what is read of them afterwards.
import type { WriteState } from '../../src/connections/write.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';
import { drafting } from './drafting.ts';
import { aLogin, type Login } from './login.ts';
import { aKeeper, aVendorClinic } from './vendor-clinic.ts';

export interface Row {
  status: string;
  vendor_id: string | null;
  record_id: string | null;
  decided_by: string;
}

/** The desk of such a clinic, with whoever signs there, whoever has the account, and the owner of another clinic. */
export async function aVendorsDesk() {
  const clinic = await aVendorClinic();
  const { attending, tenant_id } = clinic;
  const desk = drafting(attending, 'physician');
  const [physician, owner, elsewhere] = [
    await aLogin(attending, { tenant_id, role: 'physician' }),
    await aLogin(attending, { tenant_id, role: 'owner' }),
    await aLogin(attending, { tenant_id: attending.tenants[1]?.tenant_id as string, role: 'owner' }),
  ];
  const keeper = await aKeeper(clinic);
  const patient_id = await desk.aPatientId(tenant_id);
  let months = 0;

  /** A note that waits. */
  const note = async () => {
    months += 1;
    const { draft_id, text } = await desk.draft('draft_chart_note', { patient_id, soap: { plan: `Return in ${months} months.` } });
    if (!draft_id) throw new Error(text);
    return draft_id;
  };
  /** A note that was signed, and the write that carries it out. */
  const signed = async (by: Login = physician) => {
    const draft_id = await note();
    const { status, json } = await desk.sign(by, draft_id);
    if (status !== 200) throw new Error(JSON.stringify(json));
    return { draft_id, operation_id: String(json.operation_id) };
  };
  const rowOf = async (draft_id: string) =>
    (await desk.asked<Row>('select status, vendor_id, record_id, decided_by from data.pending_actions where id = $1', [draft_id]))[0];
  const writeOf = async (operation_id: string) =>
    (
      await desk.asked<{ version: number; status: string; state: WriteState }>(
        'select version, status, state from data.vendor_writes where id = $1',
        [operation_id],
      )
    )[0];
  return {
    ...{ ...clinic, desk, physician, owner, elsewhere, keeper, patient_id, note, signed, rowOf, writeOf },
    /** One whose answer was lost, and whose record reads otherwise by now: a person has to look. */
    async parked() {
      const made = await signed();
      await keeper.turn({ send: { as: 'unknown' } });
      await keeper.turn({ look: 'other' });
      const version = (await writeOf(made.operation_id))?.version as number;
      return { ...made, version };
    },
    writesOf: (draft_id: string) => desk.asked<{ id: string }>('select id from data.vendor_writes where draft_id = $1', [draft_id]),
    /** What the desk has on record of it, and who did it. */
    eventsOf: async (draft_id: string) =>
      (
        await desk.asked<{ what: string; user_id: string }>(
          'select what, user_id from data.review_events where subject_id = $1 order by created_at, id',
          [draft_id],
        )
      ).map(({ what, user_id }) => [what, user_id === owner.user_id ? 'owner' : user_id === physician.user_id ? 'physician' : user_id]),
    /** What the physician's AI is told. */
    asked: async (tool: string, args: object): Promise<Record<string, unknown> | undefined> =>
      (await callTool(attending.url, attending.tokens.physician, tool, args, EVERY_TOOLSET)).result?.structuredContent,
    resolve: (login: Login, { operation_id, version }: { operation_id: string; version: number }, decision: object) =>
      login.ask('POST', `/vendor-writes/${operation_id}/resolve`, { version, ...decision }),
    async close() {
      await keeper.close();
      await attending.close();
    },
  };
}
export type VendorsDesk = Awaited<ReturnType<typeof aVendorsDesk>>;
