// One worker of the load: every so-manieth block of patients, made and copied in.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { dateOf } from '../clinic/days.ts';
import { chartOf } from '../clinic/scale/chart.ts';
import { clinicOf } from '../clinic/scale/clinic.ts';
import { type Population, personOf, tenantId } from '../clinic/scale/population.ts';
import { COLUMNS, type Lines, noLines, SCALE_TABLES, type ScaleTable } from '../clinic/scale/tables.ts';
import { tokensOf } from '../src/sources/native/patient-tokens.ts';

export interface Share {
  database: pg.ClientConfig;
  population: Population;
  part: number;
  of: number;
}
export interface Filled {
  rows: Record<string, number>;
  rss_mb: number;
}

type AllLines = Lines & { patient_tokens: string[] };
const TABLES: readonly (ScaleTable | 'patient_tokens')[] = [...SCALE_TABLES, 'patient_tokens'];
const BLOCK = 2_000;

const { database, population, part, of } = workerData as Share;
const client = new pg.Client(database);
await client.connect();
// No trigger and no foreign key while the tables are bare: the keys are made, and checked, afterwards.
await client.query("set app.baseline = 'on'; set session_replication_role = replica; set synchronous_commit = off");
const rows: Record<string, number> = {};
let [block, rss] = [0, 0];
const began = performance.now();
for (const [tenant, patients] of population.clinics.entries()) {
  for (let from = 0; from < patients; from += BLOCK) {
    block += 1;
    if (block % of !== part) continue;
    const lines = linesOf(tenant, from, Math.min(patients, from + BLOCK));
    for (const table of TABLES) {
      rows[table] = (rows[table] ?? 0) + lines[table].length;
      await copy(table, lines[table]);
    }
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  if (part === 0)
    parentPort?.postMessage(`  clinic ${tenant + 1}: ${patients} patients, ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
await client.end();
parentPort?.postMessage({ rows, rss_mb: rss / 2 ** 20 } satisfies Filled);

function linesOf(tenant: number, from: number, to: number): AllLines {
  const lines: AllLines = { ...noLines(), patient_tokens: [] };
  // Whoever makes the first block makes what the clinic has but once.
  if (from === 0) clinicOf(population, tenant, lines);
  const tenant_id = tenantId(population, tenant);
  for (let patient = from; patient < to; patient++) {
    chartOf(population, tenant, patient, lines);
    const { id, mrn, family, given, middle, born, phone, email } = personOf(population, tenant, patient);
    const searched = {
      mrn,
      family_name: family,
      given_name: given,
      middle_name: middle ?? null,
      birth_date: dateOf(born),
      phone,
      email: email ?? null,
    };
    for (const { kind, token } of tokensOf(searched)) lines.patient_tokens.push(`${tenant_id}\t${kind}\t${token}\t${id}`);
  }
  return lines;
}

async function copy(table: (typeof TABLES)[number], lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const columns = table === 'patient_tokens' ? 'tenant_id kind token patient_id' : COLUMNS[table];
  const stream = client.query(copyFrom(`copy data.${table} (${columns.replaceAll(' ', ', ')}) from stdin`));
  const done = once(stream, 'finish');
  stream.end(`${lines.join('\n')}\n`);
  await done;
}
