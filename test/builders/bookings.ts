// Visits that are drafted and signed through the doors, for tests of the calendar.
import { plusDays } from '../../src/domains/days.ts';
import { type Attending, startAttending } from '../app.ts';
import { callTool } from '../mcp.ts';
import { aLogin, type Login } from './login.ts';

export type Answer = Record<string, string>;
export interface Slot {
  start_at: string;
  practitioner_id: string;
  modalities: string[];
}
type More = Record<string, unknown>;
/** The instant `minutes` after `start_at`, in UTC. */
export const later = (start_at: string, minutes: number) =>
  new Date(Date.parse(start_at) + minutes * 60_000).toISOString().replace(/\.000Z$/, 'Z');

export interface Calendar {
  attending: Attending;
  tenant_id: string;
  /** The person who signs. */
  scheduler: Login;
  /** One of those who can have a visit; another for each number. */
  patient(n?: number): string;
  /** $1 is the clinic. */
  rows<R extends object>(sql: string, ...values: unknown[]): Promise<R[]>;
  /** Asks a tool as the scheduler's AI. */
  ask(tool: string, args: More): Promise<{ isError: boolean; value: Answer; body: string }>;
  /** An open half hour from 2 December on, another one each time: an hour after the last at least. */
  aSlot(): Promise<Slot>;
  /** Open half hours of other clinicians that overlap it. */
  beside(slot: Slot): Promise<Slot[]>;
  /** Drafts a booking. */
  book(slot: Pick<Slot, 'start_at' | 'practitioner_id'>, more?: More): ReturnType<Calendar['ask']>;
  draftOf(draft_id: string | undefined): Promise<Answer>;
  sign(draft_id: string | undefined, login?: Login): ReturnType<Login['ask']>;
  /** Its row. */
  visit(id: string | undefined): Promise<More | undefined>;
  /** A visit that was drafted and signed. */
  aVisit(n: number): Promise<{ slot: Slot; appointment_id: string; patient_id: string }>;
}

export async function aCalendar(): Promise<Calendar> {
  const attending = await startAttending();
  const tenant_id = attending.tenants[0]?.tenant_id as string;
  const scheduler = await aLogin(attending, { tenant_id, role: 'scheduler' });
  const rows = async <R extends object>(sql: string, ...values: unknown[]): Promise<R[]> =>
    (await attending.admin.query(sql, [tenant_id, ...values])).rows as R[];
  const patients = await rows<{ id: string }>(
    'select id from data.patients where tenant_id = $1 and active and replaced_by is null and deceased_on is null order by id',
  );
  const patient = (n = 0) => patients[n % patients.length]?.id as string;
  const ask: Calendar['ask'] = async (tool, args) => {
    const { result, body } = await callTool(attending.url, attending.tokens.scheduler, tool, args);
    return { isError: result?.isError === true, value: (result?.structuredContent ?? {}) as Answer, body };
  };
  let slots: Slot[] | undefined;
  let last = 0;
  const openBetween = async (from: string, to: string) => {
    const days = new URLSearchParams({ 'date_range[from]': from, 'date_range[to]': to, limit: '1000' });
    const response = await fetch(`${attending.url}/api/v1/open-slots?${days}`, {
      headers: { authorization: `Bearer ${attending.tokens.scheduler}` },
    });
    const { slots: found } = (await response.json()) as { slots: Slot[] };
    // Whoever of the clinic it is booked for is free then.
    const busy = await rows<{ start_at: Date }>('select start_at from data.appointments where tenant_id = $1 and start_at >= $2', from);
    const isQuiet = (at: string) => busy.every(({ start_at }) => Math.abs(start_at.getTime() - Date.parse(at)) > 3_600_000);
    return found.filter(({ modalities, start_at }) => modalities.length === 2 && isQuiet(start_at));
  };
  // A page of a program ends at a thousand.
  const open = async () => {
    const days = ['2026-12-02', '2026-12-12', '2026-12-22', '2027-01-01', '2027-01-11'];
    return (await Promise.all(days.map((from) => openBetween(from, plusDays(from, 9))))).flat();
  };
  const aSlot = async () => {
    slots ??= await open();
    const next = slots.find(({ start_at }) => Date.parse(start_at) >= last + 3_600_000);
    if (!next) throw new Error(`no slot is left after ${new Date(last).toISOString()}`);
    last = Date.parse(next.start_at);
    return next;
  };
  const beside: Calendar['beside'] = async ({ start_at, practitioner_id }) => {
    slots ??= await open();
    return slots.filter(
      (other) => other.practitioner_id !== practitioner_id && Math.abs(Date.parse(other.start_at) - Date.parse(start_at)) < 1_800_000,
    );
  };
  const book: Calendar['book'] = ({ practitioner_id, start_at }, more = {}) =>
    ask('draft_appointment', {
      patient_id: patient(),
      provider_id: practitioner_id,
      visit_type: 'follow-up',
      start_at,
      modality: 'in_person',
      minutes: 30,
      ...more,
    });
  const draftOf = async (draft_id: string | undefined) => (await scheduler.ask('GET', `/drafts/${draft_id}`)).json as unknown as Answer;
  const sign: Calendar['sign'] = async (draft_id, login = scheduler) => {
    const { version, payload_hash } = await draftOf(draft_id);
    return login.ask('POST', `/drafts/${draft_id}/sign`, { version, payload_hash });
  };
  return {
    attending,
    tenant_id,
    scheduler,
    patient,
    rows,
    ask,
    aSlot,
    beside,
    book,
    draftOf,
    sign,
    visit: async (id) =>
      (
        await rows<More>(
          'select status, patient_id, practitioner_id, start_at, minutes, modality, visit_type, cancelled_by, cancelled_at, cancellation_reason, rescheduled_to from data.appointments where tenant_id = $1 and id = $2',
          id,
        )
      )[0],
    async aVisit(n) {
      const slot = await aSlot();
      const { value, body } = await book(slot, { patient_id: patient(n) });
      const { status } = await sign(value.draft_id);
      if (status !== 200) throw new Error(`not booked: ${status} ${body}`);
      return { slot, appointment_id: value.draft_id as string, patient_id: patient(n) };
    },
  };
}
