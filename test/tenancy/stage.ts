// Two clinics with a row in every table, and what each knows of the other's ids.
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { systemRandom } from '../../src/base/random.ts';
import { hashOf } from '../../src/governance/credentials.ts';
import { mintCredential } from '../../src/governance/issue.ts';
import { createSandboxTenant } from '../../src/governance/users.ts';
import { aDatabase, type TestDatabase } from '../pg.ts';
import { chart } from './chart.ts';
import { aLogin, type Draft, desk, drafts } from './desk.ts';

type Json = Record<string, unknown>;

export interface Bearer {
  credential_id: string;
  user_id: string;
  token: string;
  hash: Buffer;
  /** `'\x…'`: the hash as SQL. */
  sql: string;
}

export interface Clinic {
  tenant_id: string;
  /** Stands in every text of the clinic's record, and nowhere else. */
  canary: string;
  live: Bearer;
  colleague: Bearer;
  revoked: Bearer;
  expired: Bearer;
  /** The owner's, with a fresh second factor. */
  login: Bearer;
  /** One of every kind, waiting: she may sign each. */
  drafts: Draft[];
  /** One row of each table. */
  rows: Record<string, Json>;
}

export interface Table {
  name: string;
  columns: string[];
  /** Columns that are computed from others: no insert names them. */
  computed: string[];
  /** The primary key, and its part beside tenant_id. */
  primary: string[];
  key: string[];
  /** Columns besides tenant_id that a foreign key holds, with the table each points at. */
  references: { column: string; to: string; its: string }[];
}

export interface Stage {
  database: TestDatabase;
  admin: pg.Client;
  a: Clinic;
  b: Clinic;
  tables: Table[];
  connect(config?: pg.ClientConfig): Promise<pg.Client>;
  close(): Promise<void>;
}

export async function aStage(): Promise<Stage> {
  const database = await aDatabase();
  const opened: pg.Client[] = [];
  const connect = async (config: pg.ClientConfig = database.api) => {
    const client = new pg.Client(config);
    client.on('error', () => {});
    await client.connect();
    opened.push(client);
    return client;
  };
  const admin = await connect(database.admin);
  const tables = await readTables(admin);
  const [a, b] = [await aClinic(admin, 'Clinic A', tables), await aClinic(admin, 'Clinic B', tables)];
  const close = async () => {
    await Promise.all(opened.map((client) => client.end().catch(() => {})));
    await database.drop();
  };
  return { database, admin, a, b, tables, connect, close };
}

/** A role with more than the serving one has: every DML on every table, and row security as its only bound. */
export async function aProbe({ admin, database }: Stage): Promise<{ config: pg.ClientConfig; drop(): Promise<void> }> {
  const role = `probe_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await admin.query(`create role ${role} login noinherit nobypassrls password '${password}';
    grant connect on database ${database.name} to ${role};
    grant usage on schema data, app to ${role};
    grant select, insert, update, delete on all tables in schema data to ${role};
    grant execute on function app.enter(bytea) to ${role}`);
  // And every function that a policy asks.
  await admin.query(`do $$ declare f regprocedure; begin
    for f in select distinct refobjid from pg_depend where classid = 'pg_policy'::regclass and refclassid = 'pg_proc'::regclass loop
      execute format('grant execute on function %s to ${role}', f);
    end loop; end $$`);
  return {
    config: { ...database.api, user: role, password },
    drop: async () => void (await admin.query(`drop owned by ${role}; drop role ${role}`)),
  };
}

async function readTables(admin: pg.Client): Promise<Table[]> {
  const { rows } = await admin.query<Omit<Table, 'key'>>(`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select coalesce(array_agg(a.attname::text), '{}') from pg_attribute a where a.attrelid = c.oid and a.attgenerated <> '') as computed,
      (select array_agg(a.attname::text order by u.place) from pg_index i, unnest(i.indkey) with ordinality u (attnum, place), pg_attribute a
       where i.indrelid = c.oid and i.indisprimary and u.place <= i.indnkeyatts and a.attrelid = c.oid and a.attnum = u.attnum) as primary,
      coalesce((select jsonb_agg(jsonb_build_object('column', a.attname, 'to', t.relname, 'its', b.attname))
       from pg_constraint k join pg_class t on t.oid = k.confrelid, unnest(k.conkey, k.confkey) u (mine, its), pg_attribute a, pg_attribute b
       where k.conrelid = c.oid and k.contype = 'f' and a.attrelid = c.oid and a.attnum = u.mine and b.attrelid = t.oid and b.attnum = u.its
         and a.attname <> 'tenant_id'), '[]') as references
    from pg_class c where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p') order by c.relname`);
  return rows.map((table) => ({
    ...table,
    key: table.name === 'tenants' ? ['tenant_id'] : table.primary.filter((column) => column !== 'tenant_id'),
  }));
}

async function aClinic(admin: pg.Client, name: string, tables: Table[]): Promise<Clinic> {
  const tenant_id = randomUUID();
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  const [user_id, colleague_id] = [randomUUID(), randomUUID()];
  await createSandboxTenant(admin, systemRandom, { tenant_id, name: `${name} ${canary}`, time_zone: 'America/New_York' }, [
    { user_id, email: `ada@${canary}.example`, display_name: canary, role: 'owner' },
    { user_id: colleague_id, email: `ben@${canary}.example`, display_name: canary, role: 'physician' },
  ]);
  const issue = async (who: string): Promise<Bearer> => {
    const { credential_id, token } = await mintCredential(admin, systemRandom, { tenant_id, user_id: who, name: canary });
    const hash = hashOf(token);
    return { credential_id, token, hash, user_id: who, sql: `'\\x${hash.toString('hex')}'` };
  };
  const [live, colleague, revoked, expired] = [await issue(user_id), await issue(colleague_id), await issue(user_id), await issue(user_id)];
  await admin.query('update guard.grants set revoked_at = clock_timestamp() where id = $1', [revoked.credential_id]);
  await admin.query("update guard.grants set expires_at = clock_timestamp() - interval '1 second' where id = $1", [expired.credential_id]);
  for (const [table, row] of Object.entries(record({ tenant_id, canary, user_id }))) await insert(admin, table, { tenant_id, ...row });
  const login = await aLogin(admin, { tenant_id, user_id });
  const rows: Record<string, Json> = {};
  for (const { name } of tables) {
    const found = await admin.query<{ row: Json }>(
      `select to_jsonb(t) as row from data.${name} t where tenant_id = $1 order by t::text limit 1`,
      [tenant_id],
    );
    const [first] = found.rows;
    if (!first) throw new Error(`data.${name} has no row here: what is proved of it? Give it one in test/tenancy/stage.ts.`);
    rows[name] = first.row;
  }
  const clinic = { tenant_id, canary, live, colleague, revoked, expired, login, rows };
  return { ...clinic, drafts: await drafts(admin, { ...clinic, patient_id: String(rows.patients?.id) }) };
}

async function insert(admin: pg.Client, table: string, row: Json): Promise<void> {
  const columns = Object.keys(row).join(', ');
  await admin.query(`insert into data.${table} (${columns}) select ${columns} from jsonb_populate_record(null::data.${table}, $1)`, [
    JSON.stringify(row),
  ]);
}

/** A row for each table that the making of a clinic leaves empty, in the order of their foreign keys. */
function record({ canary, user_id }: { tenant_id: string; canary: string; user_id: string }): Record<string, Json> {
  const [practitioner_id, patient_id, appointment_id, encounter_id] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const [connection_id, write_id, contract_id] = [randomUUID(), randomUUID(), randomUUID()];
  const [coverage_id, lab_result_id, medication_request_id] = [randomUUID(), randomUUID(), randomUUID()];
  const ground = { canary, user_id, practitioner_id, patient_id, appointment_id, encounter_id };
  const at = '2026-11-20T09:00:00-05:00';
  const of = { id: randomUUID(), patient_id };
  return {
    connections: { id: connection_id, vendor: 'native', settings: { canary } },
    vault_keys: { version: 1, kms_key_id: canary, wrapped: '\\x01' },
    vault_secrets: {
      ...{ id: randomUUID(), kind: canary, purpose: canary, version: 1, kek_version: 1, wrapped_dek: '\\x02' },
      ...{ nonce: `\\x${'03'.repeat(12)}`, ciphertext: `\\x${'04'.repeat(16)}` },
    },
    leases: { key: 'account:1', owner: canary, fence: 1, expires_at: at },
    vendor_sessions: { key: 'account:1', revision: 1, state: { canary }, effects: [] },
    vendor_budgets: { name: 'practice:1', kind: 'minute', revision: 1, state: { canary } },
    connection_states: { connection_id, revision: 1, state: { at: 'suspended', canary } },
    connection_acts: { id: randomUUID(), connection_id, act: 'try_once', user_id },
    vendor_writes: { id: write_id, connection_id, surface: 'canary', request: { canary }, request_key: canary, state: { is: 'planned' } },
    vendor_write_events: { id: randomUUID(), write_id, version: 1, state: { canary } },
    contract_states: {
      id: contract_id,
      vendor: 'canary',
      surface: 'canary',
      version: 1,
      revision: 1,
      state: { standing: 'active', canary },
    },
    contract_days: { id: randomUUID(), contract_id, day: '2026-11-20', counts: { canary } },
    drift_events: { id: randomUUID(), contract_id, revision: 1, severity: 'info', differences: [canary], shifts: [] },
    raw_bytes: { secret_id: randomUUID(), raw_sha256: '0'.repeat(64) },
    raw_blobs: {
      ...{ id: randomUUID(), raw_sha256: '0'.repeat(64), vendor: 'canary', surface: 'canary', recipe_version: 1 },
      ...{ fetched_at: at, http_date: canary, epoch: 1, operation_id: canary },
    },
    tapes: { page: 'looked_at', id: randomUUID(), vendor: 'canary', surface: 'canary', version: 1, tape: canary },
    practitioners: { id: practitioner_id, family_name: canary, given_name: 'Cora' },
    patients: {
      id: patient_id,
      mrn: canary,
      family_name: canary,
      given_name: 'Ada',
      sex: 'female',
      phone: canary,
      practitioner_id,
      birth_date: '1950-02-01',
      created_at: at,
    },
    patient_tokens: { kind: 'family', token: canary, patient_id },
    coverages: { ...of, id: coverage_id, rank: 1, status: 'active', kind: 'other', payer: canary, relationship: 'self' },
    appointments: {
      ...of,
      id: appointment_id,
      practitioner_id,
      start_at: at,
      minutes: 20,
      status: 'booked',
      visit_type: canary,
      modality: 'in_person',
      booked_at: at,
    },
    encounters: { ...of, id: encounter_id, practitioner_id, appointment_id, class: 'ambulatory', status: 'finished', start_at: at },
    chart_notes: {
      ...of,
      encounter_id,
      author_id: practitioner_id,
      title: canary,
      status: 'unsigned',
      body: { plan: [{ text: canary, origin: 'clinic' }] },
      created_at: at,
    },
    // last_lab_results is made from it.
    lab_results: {
      ...of,
      id: lab_result_id,
      loinc: '2345-7',
      name_raw: canary,
      value: 96,
      unit: canary,
      status: 'final',
      collected_at: at,
    },
    medication_requests: { ...of, id: medication_request_id, name: canary, status: 'active' },
    ...chart({ ...ground, coverage_id, lab_result_id, medication_request_id }),
    ...desk(ground),
    licences: { id: randomUUID(), user_id, kind: 'MD', number: canary, state: 'VA' },
    taint_state: { user_id, level: 'external' },
    taint_events: { user_id, audit_id: randomUUID(), source: { canary } },
    text_refs: {
      ref: `u_${canary}`,
      user_id,
      permission: 'notes:read',
      kind: 'patient_reported',
      text: canary,
      expires_at: '2999-01-01T00:00:00Z',
    },
  };
}
