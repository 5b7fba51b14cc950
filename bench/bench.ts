// `npm run bench`: get_labs and search_patients through the full path and through the baseline, in turns, in one run. Writes docs/bench.md.
// On one machine load, server and PostgreSQL share the cores: read the ratios, not the absolutes.
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { systemRandom } from '../src/base/random.ts';
import { migrate } from '../src/db/migrate.ts';
import { asSuperuser, startPrivatePostgres } from '../src/db/postgres.ts';
import { seedSandbox } from '../src/start/sandbox.ts';
import { aSweptFolder } from '../test/sweep.ts';
import { load, type Request } from './load.ts';
import { keep } from './page.ts';
import { type Row, report } from './report.ts';

if (process.argv.includes('--scale')) {
  const { benchScale } = await import('./scale.ts');
  await benchScale(process.argv.slice(2));
  process.exit(0);
}

const { values } = parseArgs({
  options: {
    ms: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '3' },
    callers: { type: 'string', default: '1,16,50' },
    write: { type: 'boolean', default: false },
  },
});
const [ms, rounds] = [Number(values.ms), Number(values.rounds)];
const CALLERS = values.callers.split(',').map(Number);

const { folder, sweep } = aSweptFolder();
const server = await startPrivatePostgres({ data_folder: path.join(folder, 'data'), log: () => {} });
const children: ChildProcess[] = [];
try {
  await run();
} finally {
  for (const child of children) child.kill();
  await sweep();
}

async function run(): Promise<void> {
  const password = readFileSync(server.password_file, 'utf8');
  const at = (database: string) => ({ host: server.socket_folder, port: server.port, database, user: server.superuser, password });
  await migrate({ admin: asSuperuser(server), api_password: 'bench' });
  const admin = new pg.Client(at(server.database));
  await admin.connect();
  const [tenant] = await seedSandbox(admin, { random: systemRandom, as_of: '2026-11-20', log: () => {} });
  const token = tenant?.credentials.find(({ role }) => role === 'physician')?.token ?? '';
  const { rows: patients } = await admin.query<{ id: string; family_name: string }>(
    `select p.id, p.family_name from data.patients p where tenant_id = $1 and (select count(*) from data.lab_results l where l.tenant_id = p.tenant_id and l.patient_id = p.id) >= 40`,
    [tenant?.tenant_id],
  );
  const { rows: settings } = await admin.query(
    "select current_setting('server_version') as version, current_setting('synchronous_commit') as synchronous_commit, current_setting('fsync') as fsync",
  );
  await admin.end();

  // The baseline has no tenant in its queries: its copy of the data has the same indexes without it.
  const maintenance = new pg.Client(at('postgres'));
  await maintenance.connect();
  await maintenance.query(`create database baseline template ${server.database}`);
  await maintenance.end();
  const copy = new pg.Client(at('baseline'));
  await copy.connect();
  await copy.query(
    `create index on data.lab_results (patient_id, collected_at desc, id desc);
     create index on data.lab_results (corrects);
     create index on data.patients (id);
     create index on data.patient_tokens (kind, token);
     create index on data.patient_tokens (patient_id);
     alter database baseline set search_path = data;
     alter database baseline set plan_cache_mode = force_generic_plan;
     alter database baseline set jit = off`,
  );
  await copy.query('vacuum analyze');
  await copy.end();

  const full = await begin('attending.ts', { ...at(server.database), user: 'app_api', password: 'bench' });
  const baseline = await begin('baseline.ts', at('baseline'));
  const results: Row[] = [];
  for (const tool of ['get_labs', 'search_patients'] as const) {
    for (const way of ['mcp modern', 'mcp initialize era', 'rest'] as const) {
      const requestOf = (n: number) => request(way, tool, patients[n % patients.length] as (typeof patients)[number], token);
      for (const callers of CALLERS) {
        const best: Record<string, Row['full']> = {};
        for (let round = 0; round < rounds; round++) {
          for (const [name, target] of [
            ['baseline', baseline],
            ['full', full],
          ] as const) {
            const [cpu, postgres] = [await target.cpu_us(), postgresCpu(server.pid)];
            const measured = await load(target.url, requestOf, { callers, ms, warm_ms: ms / 4 });
            const spent = {
              server_us: ((await target.cpu_us()) - cpu) / measured.calls,
              postgres_us: (postgresCpu(server.pid) - postgres) / measured.calls,
            };
            if (!best[name] || measured.calls_per_s > best[name].calls_per_s) best[name] = { ...measured, ...spent };
          }
        }
        const row = { tool, way, callers, full: best.full as Row['full'], baseline: best.baseline as Row['baseline'] };
        results.push(row);
        process.stdout.write(
          `${tool} ${way} x${callers}: ${row.full.calls_per_s.toFixed(0)}/s against ${row.baseline.calls_per_s.toFixed(0)}/s = ${(row.full.calls_per_s / row.baseline.calls_per_s).toFixed(2)} (server ${row.full.server_us.toFixed(0)} / ${row.baseline.server_us.toFixed(0)} µs, pg ${row.full.postgres_us.toFixed(0)} / ${row.baseline.postgres_us.toFixed(0)} µs)\n`,
        );
      }
    }
  }
  const text = report(results, {
    ...settings[0],
    cores: availableParallelism(),
    node: process.version,
    ms,
    rounds,
    patients: patients.length,
  });
  process.stdout.write(`\n${text}`);
  if (values.write) keep('calls', text);
}

async function begin(file: string, database: pg.ClientConfig): Promise<{ url: string; cpu_us(): Promise<number> }> {
  const child = fork(path.join(import.meta.dirname, file), [JSON.stringify(database)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  children.push(child);
  const told = () =>
    new Promise<Record<string, never>>((resolve, reject) => {
      child.once('message', resolve as never);
      child.once('exit', () => reject(new Error(`${file} ended`)));
    });
  const { url } = await told();
  return {
    url: url as unknown as string,
    async cpu_us() {
      const answer = told();
      child.send('cpu');
      return (await answer).cpu_us as unknown as number;
    },
  };
}

function request(
  way: 'mcp modern' | 'mcp initialize era' | 'rest',
  tool: string,
  patient: { id: string; family_name: string },
  token: string,
): Request {
  const authorization = `Bearer ${token}`;
  const args = tool === 'get_labs' ? { patient_id: patient.id } : { query: patient.family_name };
  if (way === 'rest' && tool === 'get_labs')
    return { method: 'GET', path: `/api/v1/patients/${patient.id}/labs`, headers: { authorization } };
  if (way === 'rest') {
    const body = JSON.stringify(args);
    const headers = { authorization, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    return { method: 'POST', path: '/api/v1/patients/search', headers, body };
  }
  const modern = way === 'mcp modern';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool, arguments: args, ...(modern && { _meta: meta }) },
  });
  const headers = {
    authorization,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': modern ? '2026-07-28' : '2025-06-18',
    ...(modern && { 'mcp-method': 'tools/call', 'mcp-name': tool }),
  };
  return { method: 'POST', path: '/mcp', headers, body };
}

/** CPU time of PostgreSQL so far, µs: the postmaster, its living children, and those that have ended. */
function postgresCpu(pid: number): number {
  const ticks = (stat: string[]) => Number(stat[11]) + Number(stat[12]);
  const read = (id: string) => {
    try {
      return readFileSync(`/proc/${id}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
    } catch {
      return undefined;
    }
  };
  const own = read(String(pid)) ?? [];
  let total = ticks(own) + Number(own[13]) + Number(own[14]);
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = read(id);
    if (stat?.[1] === String(pid)) total += ticks(stat);
  }
  return total * 10_000;
}
