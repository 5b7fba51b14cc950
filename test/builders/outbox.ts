// A clinic whose messages are signed already, and processes that send them: its outbox alone, on a database of its own.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openPool } from '../../src/db/pool.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { openPostman, type Postman } from '../../src/jobs/send-messages.ts';
import type { Outgoing, Transport } from '../../src/outbound/transport.ts';
import { loadRows } from '../../src/sources/native/load.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { aPatient, type Row } from './chart.ts';

/** Noon in New York. */
export const NOON = '2026-11-20T17:00:00Z';

export interface State {
  status: string;
  reason: string | null;
  attempts: number;
  not_before: Date | null;
  time_zone: string | null;
  events: string[];
}

export interface Outbox {
  database: TestDatabase;
  admin: pg.Client;
  tenant_id: string;
  /** A patient in Richmond with this number, who agreed to texts unless said otherwise. */
  patient(own?: Row, said?: 'given' | 'revoked' | 'never_asked'): Promise<Row>;
  say(number: unknown, decision: 'given' | 'revoked', patient_id?: unknown): Promise<void>;
  /** A text (an e-mail, where it has a subject) to the patient, signed. Answers its id. */
  signed(patient: Row, own?: Row): Promise<string>;
  stateOf(id: string): Promise<State>;
  /** A process that sends by this carrier; its clock stands at `now`. */
  postman(carrier: Transport, own?: { now?: string; log?: (line: string) => void; lost_after_ms?: number }): Postman;
  close(): Promise<void>;
}

export async function anOutbox(): Promise<Outbox> {
  const database = await aDatabase();
  const admin = new pg.Client(database.admin);
  await admin.connect();
  const tenant_id = randomUUID();
  const user_id = randomUUID();
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: 'Clinic', time_zone: 'America/New_York' }, [
    { user_id, email: 'ada@clinic.example', display_name: 'Ada Okafor', role: 'owner' },
  ]);
  const pool = openPool(database.sender, { max: 8, failed: () => {} });
  const postmen: Postman[] = [];
  let numbers = 1000;
  const add = async (table: string, row: Row) => {
    const columns = Object.keys(row).join(', ');
    await admin.query(`insert into data.${table} (${columns}) select ${columns} from jsonb_populate_record(null::data.${table}, $1)`, [
      JSON.stringify(row),
    ]);
  };
  const say: Outbox['say'] = (number, decision, patient_id) =>
    add('message_consents', {
      ...{ tenant_id, id: randomUUID(), number, purpose: 'informational', decision, source: 'in_person', patient_id: patient_id ?? null },
      ...{ said_at: new Date().toISOString(), recorded_at: new Date().toISOString() },
    });
  return {
    ...{ database, admin, tenant_id, say },
    async patient(own = {}, said = 'given') {
      numbers += 1;
      const patient = aPatient({
        tenant_id,
        phone: `+1804555${numbers}`,
        email: `p${numbers}@example.com`,
        state: 'VA',
        postal_code: '23220',
        ...own,
      });
      await loadRows(admin, { patients: [patient] });
      if (said !== 'never_asked') await say(patient.phone, 'given', patient.id);
      if (said === 'revoked') await say(patient.phone, 'revoked', patient.id);
      return patient;
    },
    async signed(patient, own = {}) {
      const id = randomUUID();
      const at = { created_at: NOON, expires_at: '2999-01-01T00:00:00Z' };
      await add('pending_actions', {
        ...{ tenant_id, id, operation: 'draft_patient_message', kind: 'message_draft', payload: {}, payload_hash: '\\x01', version: 1 },
        ...{
          proposed_payload: {},
          content_hash: '\\x01',
          request_key: id,
          status: 'committed',
          proposed_by: user_id,
          credential_id: user_id,
          ...at,
        },
      });
      const isEmail = own.subject !== undefined;
      await add('outgoing_messages', {
        ...{ tenant_id, id, draft_id: id, patient_id: patient.id, purpose: 'informational', category: 'administrative', sender: 'Clinic' },
        ...{
          channel: isEmail ? 'email' : 'sms',
          recipient: isEmail ? patient.email : patient.phone,
          body: `Clinic: please call us. ${id}`,
        },
        ...(!isEmail && { encoding: 'GSM-7', segments: 1 }),
        created_at: NOON,
        ...own,
      });
      return id;
    },
    async stateOf(id) {
      const { rows } = await admin.query<State>(
        `select d.status, d.reason, d.attempts, d.not_before, d.time_zone,
           (select array_agg(e.status order by e.at) from data.delivery_events e where e.message_id = d.id) as events
         from data.deliveries d where d.id = $1`,
        [id],
      );
      if (!rows[0]) throw new Error('no such message');
      return rows[0];
    },
    postman(carrier, { now = NOON, log = () => {}, lost_after_ms } = {}) {
      const clock: Clock = { ...systemClock, now: () => new Date(now) };
      const postman = openPostman(
        {
          pool,
          carriers: { sms: carrier, email: carrier },
          ...{ clock, random: systemRandom, log: pino({ level: 'debug' }, { write: log }) },
        },
        lost_after_ms === undefined ? {} : { lost_after_ms },
      );
      postmen.push(postman);
      return postman;
    },
    async close() {
      await Promise.all(postmen.map((postman) => postman.close()));
      await pool.end();
      await admin.end();
      await database.drop();
    },
  };
}

/** A carrier in this process, for what no network is needed to see: what came, in order. */
export function aCarrier(send: (message: Outgoing) => ReturnType<Transport['send']> = async () => ({ outcome: 'sent' })) {
  const taken: Outgoing[] = [];
  const carrier: Transport = {
    async send(message) {
      taken.push(message);
      return send(message);
    },
  };
  return { taken, carrier };
}
