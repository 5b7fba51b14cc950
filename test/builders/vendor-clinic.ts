// A clinic whose record is a vendor's: what is signed there is planned as a write, and a keeper, as real as the program's, carries it out at a vendor who answers what the test says. What is
// read comes from this database all the same: the vendor's reads are no matter of these tests.
import * as z from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { planVendorWrite } from '../../src/connections/plan.ts';
import type { Attempt, Finding, Outcome } from '../../src/connections/write.ts';
import { openWriteBooks, type VendorRequest } from '../../src/connections/write-books.ts';
import { type Begun, workWrites } from '../../src/connections/write-keeper.ts';
import { openPool, query } from '../../src/db/pool.ts';
import type { Tx } from '../../src/db/tx.ts';
import type { Domains } from '../../src/domains/index.ts';
import type { Connector } from '../../src/sources/connector.ts';
import { native } from '../../src/sources/native/connector.ts';
import { type Attending, startAttending } from '../app.ts';
import { MARKED } from './vendor-writes.ts';

export const VENDOR = 'eclinicalworks';
/** Where a test steps in between the signature and the plan, or after it; and which account it is planned for, where not the call's own. */
export interface Within {
  before?(tx: Tx): Promise<void>;
  after?(tx: Tx): Promise<void>;
  connection_id?: string;
}

/** The clinic's own record, but for what is written: notes, visits and registrations go to the vendor. */
function connector(within: Within): Connector {
  return {
    ...{ vendor: VENDOR, title: 'eClinicalWorks', settings: z.object({}) },
    open(connection, around) {
      const own = native.open(connection, around);
      const plan = async (surface: string, request: object) => {
        await within.before?.(around.tx);
        const planned = { connection_id: within.connection_id ?? connection.id, surface, request: { ...request } };
        const { write_id } = await planVendorWrite(around.tx, planned);
        await within.after?.(around.tx);
        return write_id;
      };
      const notes: Partial<Domains['notes']> = {
        ...own.notes,
        create: async (note) => ({ note_id: await plan('notes.create', note) }),
      };
      const appointments: Partial<Domains['appointments']> = {
        ...own.appointments,
        book: async (booking) => ({ appointment_id: await plan('visits.create', booking) }),
      };
      const patients: Partial<Domains['patients']> = {
        ...own.patients,
        register: async (asked) => ({ patient_id: await plan('patients.create', asked) }),
      };
      return { ...own, notes, appointments, patients };
    },
  };
}

export interface VendorClinic {
  attending: Attending;
  tenant_id: string;
  connection_id: string;
  within: Within;
}

/** The first clinic's record is the vendor's, the second clinic's its own. */
export async function aVendorClinic(): Promise<VendorClinic> {
  const within: Within = {};
  const attending = await startAttending({ clock: systemClock, connectors: { [VENDOR]: connector(within) } });
  const tenant_id = attending.tenants[0]?.tenant_id as string;
  const { rows } = await attending.admin.query<{ id: string }>(
    'update data.connections set vendor = $2 where tenant_id = $1 returning id',
    [tenant_id, VENDOR],
  );
  return { attending, tenant_id, connection_id: rows[0]?.id as string, within };
}

export interface Keeper {
  /** Every attempt that left. */
  sent: Attempt[];
  /** Does what is due, at a vendor who answers this; each turn an hour after the one before. */
  turn(answers: { send?: Outcome; look?: Finding }): Promise<void>;
  books: ReturnType<typeof openWriteBooks>;
  fence: number;
  close(): Promise<void>;
}

/** Whoever has the account now. */
export async function aKeeper({ attending, tenant_id, connection_id }: Omit<VendorClinic, 'within'>): Promise<Keeper> {
  const pool = openPool(attending.database.keeper, { max: 3, failed: () => {} });
  const account = { tenant_id, connection_id };
  const [lease] = await query<{ fence: number }>(pool, 'select * from app.take_lease($1, $2, $3, 600000)', [
    ...[tenant_id, `account:${connection_id}`, 'this test'],
  ]);
  const fence = lease?.fence ?? 0;
  const books = openWriteBooks(pool, account);
  const sent: Attempt[] = [];
  let hours = 0;
  return {
    ...{ sent, books, fence, close: () => pool.end() },
    async turn({ send = { as: 'unknown' }, look = 'nothing' }) {
      hours += 1;
      const now = () => Date.now() + hours * 3_600_000;
      const ports = {
        ...{ books, rulesOf: () => MARKED, sha256Of: () => '1'.repeat(64), random: systemRandom, unsent: new Set<string>() },
        door: {
          session: async () => ({ epoch: 1 }),
          async send(_job: VendorRequest, begin: () => Promise<Begun | null>) {
            const begun = await begin();
            if (!begun) return { as: 'not_begun' as const };
            sent.push(begun.attempt);
            return send;
          },
          look: async () => look,
        },
      };
      await workWrites(ports, { fence, atLeast: now, atMost: now, left_ms: () => 60_000, elapsed: () => performance.now() });
    },
  };
}
