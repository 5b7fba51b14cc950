// One private PostgreSQL for each vitest project, with a migrated template that every test file's database is copied from.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { systemRandom } from '../src/base/random.ts';
import { findBinaries } from '../src/db/binaries.ts';
import { migrate } from '../src/db/migrate.ts';
import { asSuperuser, startPrivatePostgres } from '../src/db/postgres.ts';
import { aSweptFolder } from './sweep.ts';

const TEMPLATE = 'attending_template';
/** A test's data need not survive the machine's power cut. */
const IN_HASTE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '120', shared_buffers: '128MB' };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { bin_folder } = await findBinaries({ only: project.name === 'machine' ? 'machine' : 'bundled' });
  const { folder, sweep } = aSweptFolder();
  try {
    const server = await startPrivatePostgres({ data_folder: path.join(folder, 'data'), bin_folder, settings: IN_HASTE, log: () => {} });
    const api_password = systemRandom.bytes(24).toString('base64url');
    const sender_password = systemRandom.bytes(24).toString('base64url');
    const keeper_password = systemRandom.bytes(24).toString('base64url');
    await makeTemplate(asSuperuser(server, 'postgres'), asSuperuser(server, TEMPLATE), { api_password, sender_password, keeper_password });
    const password = readFileSync(server.password_file, 'utf8');
    project.provide('cluster', {
      host: server.socket_folder,
      port: server.port,
      user: server.superuser,
      password,
      api_password,
      sender_password,
      keeper_password,
      template: TEMPLATE,
      bin_folder,
    });
  } catch (error) {
    await sweep();
    throw error;
  }
  return sweep;
}

/** Nobody may connect to the template afterwards: it is copied, and a copy is refused while somebody is in it. */
async function makeTemplate(
  maintenance: pg.ClientConfig,
  template: pg.ClientConfig,
  passwords: { api_password: string; sender_password: string; keeper_password: string },
): Promise<void> {
  const client = new pg.Client(maintenance);
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE}`);
    await migrate({ admin: template, ...passwords });
    await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
  } finally {
    await client.end();
  }
}
