// A million patients into PostgreSQL: COPY into bare tables, then keys, indexes and foreign keys again, which is also the check that no row is an orphan.
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { cliniciansOf, type Population, practitionerId, tenantId } from '../clinic/scale/population.ts';
import { SCALE_TABLES } from '../clinic/scale/tables.ts';
import type { Filled, Share } from './scale-worker.ts';

const FILLED = [...SCALE_TABLES, 'patient_tokens'] as const;
/** What a trigger keeps: none fires during the load. */
const KEPT = 'last_lab_results';
/** As many as there are cores here; each makes rows while the other's are written. */
const WORKERS = 2;

export interface Loaded {
  rows: Record<string, number>;
  copy_s: number;
  index_s: number;
  rss_mb: number;
}

/** Fills the tables of every clinic of the population. The clinics and their clinicians are there already. */
export async function loadPopulation(
  admin: pg.Client,
  { database, population, log }: { database: pg.ClientConfig; population: Population; log: (line: string) => void },
): Promise<Loaded> {
  await admin.query("set app.migrating = 'on'");
  const { keys, indexes, foreign } = await strip(admin);
  const began = performance.now();
  const parts = await Promise.all(Array.from({ length: WORKERS }, (_, part) => fill({ database, population, part, of: WORKERS }, log)));
  const copied = performance.now();
  const at = () => `  ${((performance.now() - copied) / 1000).toFixed(0)} s`;
  await admin.query("set work_mem = '1GB'");
  await admin.query(
    `insert into data.${KEPT} (tenant_id, loinc, patient_id, lab_result_id, collected_at, value, unit)
     select distinct on (r.tenant_id, r.loinc, r.patient_id) r.tenant_id, r.loinc, r.patient_id, r.id, r.collected_at, r.value, r.unit
     from data.lab_results r
     where r.status in ('final', 'amended', 'corrected') and r.value is not null and r.loinc is not null
       and not exists (select from data.lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
     order by r.tenant_id, r.loinc, r.patient_id, r.collected_at desc, r.id desc`,
  );
  log(`${at()} the last result of each patient and code`);
  const build = async (waiting: string[]) => {
    const client = new pg.Client(database);
    await client.connect();
    await client.query("set app.migrating = 'on'; set maintenance_work_mem = '1500MB'");
    for (let sql = waiting.shift(); sql; sql = waiting.shift()) {
      await client.query(sql);
      log(`${at()} ${sql.slice(0, 90)}`);
    }
    await client.end();
  };
  // A key locks its table: two builders take keys and indexes from opposite ends of one list.
  const waiting = [...keys, ...indexes];
  await Promise.all(Array.from({ length: WORKERS }, () => build(waiting)));
  await build([...foreign]);
  log(`${at()} foreign keys hold`);
  const unkept = tenantsOf(population);
  await Promise.all(Array.from({ length: WORKERS }, () => keepOpenItems(database, unkept)));
  log(`${at()} open items and earnings`);
  await admin.query('vacuum analyze');
  return {
    rows: Object.fromEntries(FILLED.map((table) => [table, parts.reduce((sum, { rows }) => sum + (rows[table] ?? 0), 0)])),
    copy_s: (copied - began) / 1000,
    index_s: (performance.now() - copied) / 1000,
    rss_mb: parts[0]?.rss_mb ?? 0,
  };
}

const tenantsOf = (population: Population) => [...population.clinics.keys()].map((tenant) => tenantId(population, tenant));

/** What the triggers on charges and entries would have kept, of the waiting clinics one after another. */
async function keepOpenItems(database: pg.ClientConfig, waiting: string[]): Promise<void> {
  const client = new pg.Client(database);
  await client.connect();
  for (let tenant = waiting.shift(); tenant; tenant = waiting.shift())
    await client.query(
      `select guard.keep_open_items_of(array_agg(c.tenant_id), array_agg(c.id))
       from (select c.tenant_id, c.id, (row_number() over (order by c.id) - 1) / 5000 as part from data.charges c where c.tenant_id = $1) c group by c.part`,
      [tenant],
    );
  await client.end();
}

/** One worker's share of the blocks. */
function fill(share: Share, log: (line: string) => void): Promise<Filled> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./scale-worker.ts', import.meta.url), { workerData: share });
    worker.on('message', (told: Filled | string) => (typeof told === 'string' ? log(told) : resolve(told)));
    worker.once('error', reject);
  });
}

/** Takes keys, indexes and foreign keys off the tables; answers the SQL that puts them back. */
async function strip(admin: pg.Client): Promise<{ keys: string[]; indexes: string[]; foreign: string[] }> {
  const tables = `array[${[...FILLED, KEPT].map((table) => `'data.${table}'::regclass`).join(', ')}]`;
  const { rows: foreign } = await admin.query<{ name: string; table: string; def: string }>(
    `select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as def from pg_constraint
     where contype = 'f' and (conrelid = any (${tables}) or confrelid = any (${tables}))`,
  );
  const { rows: keys } = await admin.query<{ name: string; table: string; def: string }>(
    `select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as def from pg_constraint
     where contype in ('p', 'u') and conrelid = any (${tables}) order by contype desc`,
  );
  const { rows: indexes } = await admin.query<{ name: string; def: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as def from pg_index
     where indrelid = any (${tables}) and not exists (select from pg_constraint k where k.conindid = indexrelid)`,
  );
  for (const { table, name } of foreign) await admin.query(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) await admin.query(`drop index ${name}`);
  for (const { table, name } of keys) await admin.query(`alter table ${table} drop constraint ${name}`);
  const added = (all: typeof keys) => all.map(({ table, name, def }) => `alter table ${table} add constraint ${name} ${def}`);
  return { keys: added(keys), indexes: indexes.map(({ def }) => def), foreign: added(foreign) };
}

/** Clinicians of one clinic, in their order. */
export async function addClinicians(admin: pg.Client, population: Population, tenant: number): Promise<void> {
  const n = cliniciansOf(population.clinics[tenant] as number);
  await admin.query(
    `insert into data.practitioners (tenant_id, id, family_name, given_name, credentials, role)
     select $1, id, 'Clinician ' || chr(65 + (n - 1)::int % 26), 'Scale', 'MD', 'physician' from unnest($2::uuid[]) with ordinality x (id, n)`,
    [tenantId(population, tenant), Array.from({ length: n }, (_, i) => practitionerId(population, tenant, i))],
  );
  // Eight to noon and one to five, Monday to Friday.
  await admin.query(
    `insert into data.practitioner_hours (tenant_id, id, practitioner_id, weekday, start_minute, end_minute, from_on)
     select p.tenant_id, gen_random_uuid(), p.id, weekday, h.start, h.start + 240, '2024-01-01'
     from data.practitioners p, generate_series(1, 5) weekday, (values (480), (780)) h (start) where p.tenant_id = $1`,
    [tenantId(population, tenant)],
  );
}
