import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SandboxTenant } from './sandbox.ts';

/** .attending/first-run.json: what to paste into a client, for a program. Sandbox tenants only. */
export interface FirstRun {
  mcp_url: string;
  rest_url: string;
  admin_url: string;
  tenants: SandboxTenant[];
}

const fileIn = (data_folder: string) => path.join(data_folder, 'first-run.json');

/** Keeps the tokens of clinics made just now with those of before; a token is written once and never made again. */
export function keepTenants(data_folder: string, made: readonly SandboxTenant[]): void {
  if (made.length === 0) return;
  const before = readFirstRun(data_folder);
  const others = (before?.tenants ?? []).filter(({ tenant_id }) => !made.some((tenant) => tenant.tenant_id === tenant_id));
  write(data_folder, {
    mcp_url: before?.mcp_url ?? '',
    rest_url: before?.rest_url ?? '',
    admin_url: before?.admin_url ?? '',
    tenants: [...others, ...made],
  });
}

/** Writes the URLs of this start. */
export function writeUrls(data_folder: string, url: string): FirstRun {
  const tenants = readFirstRun(data_folder)?.tenants ?? [];
  const run = { mcp_url: `${url}/mcp`, rest_url: `${url}/api/v1`, admin_url: `${url}/admin`, tenants };
  write(data_folder, run);
  return run;
}

export function readFirstRun(data_folder: string): FirstRun | undefined {
  return existsSync(fileIn(data_folder)) ? JSON.parse(readFileSync(fileIn(data_folder), 'utf8')) : undefined;
}

function write(data_folder: string, run: FirstRun): void {
  const draft = `${fileIn(data_folder)}.new`;
  writeFileSync(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(data_folder));
}

/** The same for a person: which clinics there are, and what to paste where. */
export function greeting(run: FirstRun, data_folder: string): string {
  const [first] = run.tenants;
  const physician = first?.credentials.find(({ role }) => role === 'physician')?.token;
  const lines = ['', 'Attending is up.', `  MCP   ${run.mcp_url}`, `  REST  ${run.rest_url}   (browse ${run.rest_url}/docs)`];
  lines.push(`  Staff ${run.admin_url}   (sign in: e-mail, password and TOTP secret of each role stand in the file below)`, '');
  for (const { name, credentials } of run.tenants) lines.push(`  ${name} (synthetic): ${credentials.map(({ role }) => role).join(', ')}`);
  lines.push(`  every role's token and login: ${fileIn(data_folder)}`, '');
  if (!first || !physician) return lines.join('\n');
  const cursor = { mcpServers: { attending: { url: run.mcp_url, headers: { Authorization: `Bearer ${physician}` } } } };
  lines.push(
    `Connect as the physician of ${first.name}:`,
    '',
    '  Claude Code',
    `    claude mcp add --transport http attending ${run.mcp_url} --header "Authorization: Bearer ${physician}"`,
    '',
    '  Cursor (~/.cursor/mcp.json)',
    ...JSON.stringify(cursor, null, 2)
      .split('\n')
      .map((line) => `    ${line}`),
    '',
    '  Then ask: "Which of my patients named John Smith was seen last, and what did his labs show?"',
    '',
  );
  return lines.join('\n');
}
