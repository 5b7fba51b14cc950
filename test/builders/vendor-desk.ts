// A clinic with an account at a vendor on the real server, and the people who look at its writes and decide on them.
import type { Attempt, WriteState } from '../../src/connections/write.ts';
import { type Attending, startAttending } from '../app.ts';
import { aLogin, type Login } from './login.ts';
import { aVendorAccount, aVendorWrite, NEVER_FOUND, statesOf } from './vendor-writes.ts';

const HOUR_MS = 3_600_000;
/** What no answer may hold. */
export const JAR = 'a-jar-that-nobody-reads';
export const ABSENT = '00000000-0000-4000-8000-00000000dead';

type Answer = ReturnType<Login['ask']>;

export interface VendorDesk {
  attending: Attending;
  tenant_id: string;
  connection_id: string;
  owner: Login;
  front_desk: Login;
  physician: Login;
  /** The owner of another clinic. */
  elsewhere: Login;
  /** A write that was never found, two hours after it began. */
  parked(more?: { draft_id?: string; connection_id?: string }): ReturnType<typeof aVendorWrite>;
  resolve(login: Login, write_id: string, body: object): Answer;
  get(login: Login, write_id: string): Answer;
  rowOf(write_id: string): Promise<{ version: number; status: string; state: WriteState & { attempt: Attempt } }>;
  eventsOf(write_id: string): Promise<Record<string, unknown>[]>;
}

export const began = () => Date.now() - 2 * HOUR_MS;

export async function aVendorDesk(): Promise<VendorDesk> {
  const attending = await startAttending();
  const [here, there] = attending.tenants;
  const tenant_id = here?.tenant_id as string;
  const live = {
    at: 'live',
    since: Date.now() - HOUR_MS,
    used_at: 0,
    jar: JAR,
    ttl_ms: HOUR_MS,
    idle_limit_ms: HOUR_MS,
    can_refresh: false,
  } as const;
  const connection_id = await aVendorAccount(attending, { stage: live });
  const { admin } = attending;
  return {
    ...{ attending, tenant_id, connection_id },
    owner: await aLogin(attending, { tenant_id, role: 'owner' }),
    front_desk: await aLogin(attending, { tenant_id, role: 'front_desk' }),
    physician: await aLogin(attending, { tenant_id, role: 'physician' }),
    elsewhere: await aLogin(attending, { tenant_id: there?.tenant_id as string, role: 'owner' }),
    parked: (more = {}) => aVendorWrite(attending, { connection_id, ...more, states: statesOf(NEVER_FOUND, { began: began() }) }),
    resolve: (login, write_id, body) => login.ask('POST', `/vendor-writes/${write_id}/resolve`, body),
    get: (login, write_id) => login.ask('GET', `/vendor-writes/${write_id}`),
    rowOf: async (write_id) =>
      (await admin.query('select version, status, state from data.vendor_writes where id = $1', [write_id])).rows[0],
    eventsOf: async (write_id) =>
      (
        await admin.query('select version, fence, user_id, state from data.vendor_write_events where write_id = $1 order by version', [
          write_id,
        ])
      ).rows,
  };
}
