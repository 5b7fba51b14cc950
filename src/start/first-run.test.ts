// What a first run leaves in its folder, and what it says on the screen.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { greeting, keepTenants, readFirstRun, writeUrls } from './first-run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'attending-first-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tenant = {
  tenant_id: '00000000-0000-4000-8000-000000000001',
  name: 'Clinic',
  source: 'native' as const,
  credentials: [{ role: 'physician' as const, token: 'mscp_demo_x' }],
  staff: [{ role: 'physician' as const, email: 'cora@clinic.example', password: 'secret-password', totp_secret: 'SECRETSECRETSECRET' }],
};

it('the logins of the sandbox stand in a file that its owner alone reads, with the address to use them at', () => {
  keepTenants(folder, [tenant]);
  const run = writeUrls(folder, 'http://127.0.0.1:8787');
  expect(readFirstRun(folder)).toEqual(run);
  expect(run).toMatchObject({ admin_url: 'http://127.0.0.1:8787/admin', tenants: [tenant] });
  const file = path.join(folder, 'first-run.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('secret-password');
});

it('the greeting names that file and says no password', () => {
  const said = greeting(writeUrls(folder, 'http://127.0.0.1:8787'), folder);
  expect(said).toContain('http://127.0.0.1:8787/admin');
  expect(said).toContain(path.join(folder, 'first-run.json'));
  expect(['secret-password', 'SECRETSECRETSECRET'].filter((secret) => said.includes(secret))).toEqual([]);
});
