// `npm start` as a newcomer runs it: first run, second start, kill -9 in the middle of traffic, the end.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { asSuperuser, startPrivatePostgres } from '../../src/db/postgres.ts';
import { ROLES } from '../../src/governance/roles.ts';
import type { FirstRun } from '../../src/start/first-run.ts';
import { freePort, ROOT, type Run, run as runIn, up as upIn } from '../builders/npm-start.ts';
import { callTool, listTools } from '../mcp.ts';
import { verifies } from '../promises.ts';
import { aSweptFolder } from '../sweep.ts';

const { folder, sweep } = aSweptFolder();
const data_folder = path.join(folder, 'data');
const started: ChildProcess[] = [];

afterAll(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  await sweep();
}, 30_000);

function run(command: string, args: string[], env: Record<string, string> = {}): Run {
  const made = runIn(command, args, { data_folder, env });
  started.push(made.child);
  return made;
}
const up = (start: Run) => upIn(start, data_folder);

const port = await freePort();
const PORT = { PORT: String(port) };
const servingPid = () => Number.parseInt(readFileSync(path.join(data_folder, 'attending.pid'), 'utf8'), 10);
const postgresPid = () => Number.parseInt(readFileSync(path.join(data_folder, 'pg/postmaster.pid'), 'utf8'), 10);
const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('npm start', () => {
  let first: Run;
  let told: FirstRun;

  verifies(
    'start:two-commands',
    async () => {
      first = run('npm', ['start'], PORT);
      told = await up(first);
      expect(told).toMatchObject({ mcp_url: `http://127.0.0.1:${port}/mcp`, rest_url: `http://127.0.0.1:${port}/api/v1` });
      expect(told.tenants).toHaveLength(2);
      for (const { source, credentials } of told.tenants)
        expect([source, credentials.map(({ role }) => role).sort()]).toEqual(['native', Object.keys(ROLES).sort()]);
      expect(statSync(path.join(data_folder, 'first-run.json')).mode & 0o777).toBe(0o600);
      expect(first.said()).toMatch(
        /claude mcp add --transport http attending http:\/\/127\.0\.0\.1:\d+\/mcp --header "Authorization: Bearer mscp_demo_/,
      );
      const tools = await listTools(`http://127.0.0.1:${port}`, tokenOf(told));
      expect(tools.map(({ name }) => name)).toContain('get_labs');
    },
    90_000,
  );

  verifies(
    'start:one-per-folder',
    async () => {
      const second = run('npm', ['start', '--silent'], { PORT: '0' });
      expect(await second.ended).not.toBe(0);
      expect(second.said().trim().split('\n')).toEqual([expect.stringContaining(`pid ${servingPid()}`)]);
      expect(await listTools(`http://127.0.0.1:${port}`, tokenOf(told))).not.toEqual([]);
    },
    60_000,
  );

  it('says in one line that the port is taken', async () => {
    const other = run('npm', ['start', '--silent'], { ...PORT, ATTENDING_DATA: path.join(folder, 'other') });
    expect(await other.ended).not.toBe(0);
    expect(other.said().trim().split('\n').at(-1)).toMatch(/^The port is taken\. Set PORT/);
    expect(existsSync(path.join(folder, 'other/pg/postmaster.pid'))).toBe(false);
  }, 60_000);

  it('answers the official client over stdio: on its own database, and as a bridge to the running server', async () => {
    for (const env of [{}, { ATTENDING_URL: told.mcp_url }]) {
      const client = new Client({ name: 'test', version: '1' });
      const [command, ...args] = [process.execPath, path.join(ROOT, 'src/main.ts'), 'stdio'];
      const here = { PATH: process.env.PATH ?? '', ATTENDING_DATA: data_folder, ATTENDING_TOKEN: tokenOf(told) };
      await client.connect(new StdioClientTransport({ command, args, env: { ...here, ...env }, cwd: ROOT, stderr: 'ignore' }));
      const { tools } = await client.listTools();
      const { structuredContent } = await client.callTool({ name: 'connection_status', arguments: {} });
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['get_labs', 'get_inbox', 'search_patients']));
      expect(structuredContent).toMatchObject({ source: 'native' });
      await client.close();
    }
  }, 60_000);

  verifies('start:loopback-only', () => {
    const listening = (file: string) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter((cells) => cells[3] === '0A');
    const inodes = new Set(
      [servingPid(), postgresPid()].flatMap(
        (pid) =>
          execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' })
            .match(/socket:\[(\d+)\]/g)
            ?.map((socket) => socket.slice(8, -1)) ?? [],
      ),
    );
    const ours = [...listening('/proc/net/tcp'), ...listening('/proc/net/tcp6')]
      .filter((cells) => inodes.has(cells[9] as string))
      .map((cells) => cells[1]);
    expect(ours).toEqual([`0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`]);
  });

  verifies(
    'start:survives-kill-9',
    async () => {
      const url = `http://127.0.0.1:${port}`;
      const postgres = postgresPid();
      const received: string[] = [];
      /** 16 callers of two clinics, until they have 2,000 answers between them or the server is gone. */
      const calling = () =>
        Promise.all(
          Array.from({ length: 16 }, async (_, n) => {
            const token = tokenOf(told, n % 2);
            while (received.length < 2000) {
              const answer = await callTool(url, token, 'search_patients', { query: 'smith' }).catch(() => undefined);
              if (answer?.result?.isError) continue; // too late on a busy machine: it has its row, of another status
              const id = answer?.result?._meta && Object.entries(answer.result._meta).find(([key]) => key.endsWith('audit_id'))?.[1];
              if (typeof id !== 'string') return;
              received.push(id);
            }
          }),
        );
      const callers = calling();
      await expect.poll(() => received.length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(1000);
      expect(received.length).toBeLessThan(2000);
      process.kill(servingPid(), 'SIGKILL');
      await callers;
      await first.ended;
      expect(isAlive(postgres)).toBe(true);

      first = run('npm', ['start'], PORT);
      const again = await up(first);
      expect(postgresPid()).toBe(postgres);
      expect(again.tenants).toEqual(told.tenants);
      await calling();
      expect(received.length).toBeGreaterThanOrEqual(2000);
      expect(new Set(received).size).toBe(received.length);
      const server = await startPrivatePostgres({ data_folder, log: () => {} });
      const admin = new pg.Client(asSuperuser(server));
      await admin.connect();
      const { rows } = await admin.query(
        'select count(*)::int as n from data.mcp_audit_log l join data.mcp_audit_intent i using (tenant_id, id) where l.id = any($1) and l.status = $2',
        [received, 'ok'],
      );
      expect(rows).toEqual([{ n: received.length }]);
      const orphans = async () =>
        (await admin.query('select from data.mcp_audit_intent i where not exists (select from data.mcp_audit_log l where l.id = i.id)'))
          .rowCount;
      await expect.poll(orphans, { timeout: 15_000, interval: 100 }).toBe(0);
      await admin.end();
    },
    120_000,
  );

  it('SIGTERM to npm alone ends the server and its PostgreSQL within 5 s, and the next start has the data', async () => {
    const [serving, postgres] = [servingPid(), postgresPid()];
    const begun = performance.now();
    first.child.kill('SIGTERM');
    await expect.poll(() => isAlive(serving) || isAlive(postgres), { timeout: 5_000, interval: 20 }).toBe(false);
    expect(performance.now() - begun).toBeLessThan(5_000);
    await first.ended;

    first = run('npm', ['start'], PORT);
    expect((await up(first)).tenants).toEqual(told.tenants);
    process.kill(servingPid(), 'SIGINT');
    process.kill(servingPid(), 'SIGINT');
    await first.ended;
    expect(existsSync(path.join(data_folder, 'attending.pid'))).toBe(false);
  }, 90_000);
});

function tokenOf({ tenants }: FirstRun, clinic = 0): string {
  return tenants[clinic]?.credentials.find(({ role }) => role === 'physician')?.token ?? '';
}
