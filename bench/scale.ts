// `npm run bench -- --scale`: a million patients and twenty million laboratory rows in forty clinics; how long search, a patient's tools and the sweeps across
// patients take in clinics of four sizes, through the whole path. Writes its part of docs/bench.md.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { idOf } from '../clinic/scale/chance.ts';
import { KIND, ownerId, type Person, type Population, population, tenantId } from '../clinic/scale/population.ts';
import { systemRandom } from '../src/base/random.ts';
import { migrate } from '../src/db/migrate.ts';
import { asSuperuser, startPrivatePostgres } from '../src/db/postgres.ts';
import { mintCredential } from '../src/governance/issue.ts';
import { createSandboxTenant } from '../src/governance/users.ts';
import { catalogue } from '../src/operations/index.ts';
import { callTool, EVERY_TOOLSET } from '../test/mcp.ts';
import { aSweptFolder } from '../test/sweep.ts';
import { keep } from './page.ts';
import { addClinicians, type Loaded, loadPopulation } from './scale-load.ts';
import { plainSearch, searches, someOf, type Timed, timed, WAYS } from './scale-questions.ts';
import { type Clinic, scaleReport } from './scale-report.ts';
import { waysOf } from './scale-sweeps.ts';

const AS_OF = '2026-11-20';

export async function benchScale(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      patients: { type: 'string', default: '1000000' },
      tenants: { type: 'string', default: '40' },
      asked: { type: 'string', default: '200' },
      write: { type: 'boolean', default: false },
      // Keeps the database here, and asks the one that is here already.
      keep: { type: 'string' },
    },
    strict: false,
  });
  const of = population({ seed: 2026, as_of: AS_OF, patients: Number(values.patients), tenants: Number(values.tenants) });
  const kept = typeof values.keep === 'string' ? values.keep : undefined;
  const { folder, sweep } = kept === undefined ? aSweptFolder() : { folder: kept, sweep: async () => server.stop() };
  const note = path.join(folder, 'loaded.json');
  const server = await startPrivatePostgres({ data_folder: path.join(folder, 'data'), log: () => {} });
  let child: ChildProcess | undefined;
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const password = readFileSync(server.password_file, 'utf8');
    const at = (database: string) => ({ host: server.socket_folder, port: server.port, database, user: server.superuser, password });
    const known = existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as Loaded) : undefined;
    if (!known) await migrate({ admin: asSuperuser(server), api_password: 'bench' });
    const admin = new pg.Client(at(server.database));
    await admin.connect();
    if (!known) await makeClinics(admin, of);
    const loaded = known ?? (await loadPopulation(admin, { database: at(server.database), population: of, log: print }));
    if (!known) writeFileSync(note, JSON.stringify(loaded));
    print(`loaded: ${JSON.stringify(loaded)}`);
    const { rows: sizes } = await admin.query<{ table: string; mb: number; index_mb: number }>(
      `select relname as table, round(pg_table_size(oid) / 1048576.0)::int as mb, round(pg_indexes_size(oid) / 1048576.0)::int as index_mb
       from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r' and pg_table_size(oid) > 10 * 1048576 order by pg_total_relation_size(oid) desc`,
    );
    child = fork(
      path.join(import.meta.dirname, 'attending.ts'),
      [JSON.stringify({ ...at(server.database), user: 'app_api', password: 'bench' })],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, NODE_ENV: 'production' } },
    );
    const url = await new Promise<string>((resolve, reject) => {
      child?.once('message', (told) => resolve((told as { url: string }).url));
      child?.once('exit', () => reject(new Error('the server ended')));
    });
    const clinics: Clinic[] = [];
    for (const tenant of fourSizes(of)) {
      const user_id = ownerId(of, tenant);
      const { token } = await mintCredential(admin, systemRandom, { tenant_id: tenantId(of, tenant), user_id, name: 'bench' });
      const ask = asker(url, token);
      clinics.push(await measure({ of, tenant, admin, ask, asked: Number(values.asked), print }));
    }
    await admin.end();
    const text = scaleReport({ population: of, loaded, sizes, clinics });
    print(text);
    if (values.write) keep('scale', text);
  } finally {
    child?.kill();
    await sweep();
  }
}

async function makeClinics(admin: pg.Client, of: Population): Promise<void> {
  for (const tenant of of.clinics.keys()) {
    const tenant_id = tenantId(of, tenant);
    const user_id = ownerId(of, tenant);
    await createSandboxTenant(admin, systemRandom, { tenant_id, name: `Scale Clinic ${tenant + 1}`, time_zone: 'America/New_York' }, [
      { user_id, email: `owner@clinic-${tenant + 1}.example.com`, display_name: 'Owner', role: 'owner' },
    ]);
    await admin.query("insert into data.connections (tenant_id, id, vendor) values ($1, $2, 'native')", [
      tenant_id,
      idOf(of.seed, tenant, -1, KIND.connection),
    ]);
    await addClinicians(admin, of, tenant);
  }
}

/** The largest clinic, the smallest, and two between. */
function fourSizes({ clinics }: Population): number[] {
  const n = clinics.length;
  return [...new Set([0, Math.round(n / 10), Math.round(n / 3), n - 1])];
}

type Ask = (tool: string, args: Record<string, unknown>) => Promise<{ value: Record<string, unknown>; bytes: number }>;

function asker(url: string, token: string): Ask {
  return async (tool, args) => {
    const { result, body } = await callTool(url, token, tool, args, EVERY_TOOLSET);
    if (!result || result.isError) throw new Error(`${tool}: ${body.slice(0, 300)}`);
    return { value: result.structuredContent ?? {}, bytes: Buffer.byteLength(result.content[0]?.text ?? '') };
  };
}

async function measure({
  of,
  tenant,
  admin,
  ask,
  asked,
  print,
}: {
  of: Population;
  tenant: number;
  admin: pg.Client;
  ask: Ask;
  asked: number;
  print: (line: string) => void;
}): Promise<Clinic> {
  const people = someOf(of, tenant, asked);
  const clinic: Clinic = { patients: of.clinics[tenant] as number, search: [], plain: [], patient: [], sweeps: [] };
  const note = (into: Timed[], result: Timed) => {
    into.push(result);
    print(
      `${clinic.patients} ${result.what}: p50 ${result.p50_ms.toFixed(1)} p95 ${result.p95_ms.toFixed(1)} max ${result.max_ms.toFixed(0)} ms${result.recall === undefined ? '' : ` recall ${result.recall.toFixed(3)}`} ${result.bytes} B`,
    );
  };
  await timed('warm-up', searches(people.slice(0, 20), 'as it is'), ask);
  for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    note(clinic.search, await timed(way, searches(way.includes('rare') ? rare(people, of, tenant) : people, way), ask));
    note(clinic.plain, await plainSearch(admin, tenantId(of, tenant), people.slice(0, 20), way));
  }
  for (const { name, input, doors } of catalogue) {
    if (!(doors as readonly string[]).includes('mcp') || ['search_patients', 'read_untrusted'].includes(name)) continue;
    const shape = input.shape as Record<string, { isOptional(): boolean }>;
    const takes_patient = shape.patient_id !== undefined && !shape.patient_id.isOptional();
    if (takes_patient) {
      const questions = people.slice(0, 100).map(({ id }) => ({ tool: name, args: { patient_id: id } }));
      note(clinic.patient, await timed(name, questions, ask));
    } else {
      for (const { what, args } of waysOf(name)) {
        const question = { tool: name, args };
        const fails = await ask(name, args).then(
          () => undefined,
          (error: Error) => error,
        );
        if (fails) print(`  ${what}: ${fails.message}`);
        else note(clinic.sweeps, await timed(what, [question, question, question, question, question], ask));
      }
    }
  }
  return clinic;
}

/** Those whose full name nobody else bears: without a birth date only they can be found by name. */
function rare(people: readonly Person[], of: Population, tenant: number): Person[] {
  const bearers = new Map<string, number>();
  const sample = someOf(of, tenant, Math.min(20_000, of.clinics[tenant] as number));
  for (const { family } of sample) bearers.set(family, (bearers.get(family) ?? 0) + 1);
  return people.filter(({ family }) => (bearers.get(family) ?? 0) <= 3);
}
