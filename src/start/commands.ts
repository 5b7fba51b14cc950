// What `attending <command>` does, but for start and stdio (main.ts): each prepares the database it needs, and leaves it as it found it.
import { parseArgs } from 'node:util';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import { localDay } from '../base/zone.ts';
import { lockHolder } from '../db/lock.ts';
import { type Admin, openAdmin } from '../db/pool.ts';
import { listCredentials, mintCredential, revokeCredential } from '../governance/issue.ts';
import { inviteByCommand } from '../governance/logins-given.ts';
import { ROLES } from '../governance/roles.ts';
import { type Listed, listUsers } from '../governance/users.ts';
import { TOOLSETS, type Toolset } from '../operations/operation.ts';
import { bringUp, type Database, type Where } from './database.ts';
import { keepTenants, readFirstRun } from './first-run.ts';
import { seedSandbox } from './sandbox.ts';

export interface Asked {
  where: Where;
  args: readonly string[];
  clock: Clock;
  random: Random;
  log: Log;
  print: (line: string) => void;
}

export const HELP = `attending <command>

  start                 serve: a private PostgreSQL (or DATABASE_URL), the sandbox clinics, MCP and REST
  stdio                 MCP over standard input and output, for ATTENDING_TOKEN; with ATTENDING_URL a bridge to a running Attending
  migrate               bring the database's schema up to date
  users                 list the people of every clinic
  credentials           list the credentials of every clinic (never their secrets)
  mint <email> [name]   make a credential for a person; shown once (add --tenant <id> where two clinics know the e-mail;
                        --toolsets patients,scheduling holds it to those)
  revoke <id>           end a credential: its next call answers 401
  invite <email>        make a link by which a person sets a password and a second factor for /admin; shown once, good for 7 days
  vault rotate          new keys for the vault of the vendor accounts: a new master key, and a new one for every clinic
  vault shred <clinic>  end a clinic's keys: nothing it kept can be read again (vault forget <clinic>: it may begin anew); both --for-good;
                        docs/vault.md
  recipes list          the recipes of vendors' surfaces that were delivered, and which is in force; deliver <file> takes one in,
                        approve <vendor>.<surface>@<version> tries it at one clinic (--clinic <id>; --although-it-breaks on the page as it was
                        seen last), take-back <vendor>.<surface> ends it,
                        pin <name>:<key> names who may sign them

Settings: PORT (8787), ATTENDING_DATA (.attending), DATABASE_URL with ATTENDING_API_URL,
ATTENDING_SENDER_URL and ATTENDING_KEEPER_URL, ATTENDING_HOST, ATTENDING_PUBLIC_URL; for messages ATTENDING_SMS, ATTENDING_MAIL (docs/messages.md).
`;

/** Migrates and seeds the sandbox: what has to be true before serving. Answers where the serving role connects. The private server is left running. */
export async function prepare({ where, clock, random, print }: Asked): Promise<Database> {
  const database = await bringUp(where, { random, log: print });
  const admin = await openAdmin(database.admin);
  try {
    keepTenants(where.data_folder, await seedSandbox(admin, { random, as_of: localDay(clock.now(), 'America/New_York'), log: print }));
  } finally {
    await admin.end();
  }
  return database;
}

export async function migrateCommand(asked: Asked): Promise<void> {
  await asAdmin(asked, async () => asked.print('The schema is up to date.'));
}

export async function usersCommand(asked: Asked): Promise<void> {
  await asAdmin(asked, async (admin) => {
    for (const { tenant, tenant_id, role, email } of await listUsers(admin))
      asked.print(`${role.padEnd(12)} ${email.padEnd(40)} ${tenant} (${tenant_id})`);
  });
}

export async function credentialsCommand(asked: Asked): Promise<void> {
  await asAdmin(asked, async (admin) => {
    for (const { credential_id, state, role, email, name, toolsets, created_at, last_call_at } of await listCredentials(admin))
      asked.print(
        `${credential_id}  ${state.padEnd(8)} ${role.padEnd(12)} ${email}  "${name}"${toolsets ? `  toolsets ${toolsets.join(',')}` : ''}  made ${created_at.toISOString()}  last call ${last_call_at?.toISOString() ?? 'never'}`,
      );
  });
}

export async function mintCommand(asked: Asked): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...asked.args],
    options: { tenant: { type: 'string' }, toolsets: { type: 'string' } },
    allowPositionals: true,
  });
  const [email, name = 'minted by command'] = positionals;
  if (email === undefined)
    throw new Error('Say for whom: attending mint <email> [name] [--tenant <id>] [--toolsets a,b]. attending users lists the people.');
  const toolsets = values.toolsets === undefined ? undefined : toolsetsOf(values.toolsets);
  await asAdmin(asked, async (admin) => {
    const user = await personOf(admin, email, values.tenant);
    const permissions = user.role === 'integration' ? ROLES.owner.permissions : undefined;
    const { credential_id, token } = await mintCredential(admin, asked.random, {
      tenant_id: user.tenant_id,
      user_id: user.user_id,
      name,
      permissions,
      toolsets,
    });
    asked.print(
      `${token}\n\nShown this once. Credential ${credential_id}, ${user.role} of ${user.tenant}. End it with: attending revoke ${credential_id}`,
    );
  });
}

export async function inviteCommand(asked: Asked): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...asked.args], options: { tenant: { type: 'string' } }, allowPositionals: true });
  const [email] = positionals;
  if (email === undefined) throw new Error('Say whom: attending invite <email> [--tenant <id>]. attending users lists the people.');
  await asAdmin(asked, async (admin) => {
    const user = await personOf(admin, email, values.tenant);
    const token = await inviteByCommand(admin, asked.random, user);
    const admin_url = readFirstRun(asked.where.data_folder)?.admin_url || '/admin';
    asked.print(
      `${admin_url}/invitation#token=${token}\n\nShown this once, good for 7 days: ${user.role} of ${user.tenant} sets a password and a second factor by it.`,
    );
  });
}

/** The one person with this e-mail. Throws for nobody, and where two clinics know it. */
async function personOf(admin: Admin, email: string, tenant_id: string | undefined): Promise<Listed> {
  const found = (await listUsers(admin)).filter(
    (user) => user.email === email && (tenant_id === undefined || user.tenant_id === tenant_id),
  );
  const [user] = found;
  if (!user) throw new Error(`Nobody here has the e-mail ${email}. attending users lists the people.`);
  if (found.length > 1) throw new Error(`More than one clinic knows ${email}. Add --tenant <id>; attending users lists them.`);
  return user;
}

/** The toolsets of a comma-separated list. Throws for a name that is none. */
function toolsetsOf(list: string): Toolset[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(TOOLSETS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`There is no toolset ${unknown.join(', ')}. There are: ${TOOLSETS.join(', ')}.`);
  return names as Toolset[];
}

export async function revokeCommand(asked: Asked): Promise<void> {
  const [credential_id = ''] = asked.args;
  if (!/^[0-9a-f-]{36}$/.test(credential_id)) throw new Error('Say which: attending revoke <id>. attending credentials lists them.');
  await asAdmin(asked, async (admin) => {
    if (!(await revokeCredential(admin, asked.random, credential_id)))
      throw new Error(`No live credential ${credential_id}. attending credentials lists them.`);
    asked.print(`Revoked ${credential_id}. Its next call answers 401.`);
  });
}

/** Runs `act` as the migrator. A private server that ran is left running; one that was started for this is stopped again. */
export async function asAdmin(asked: Asked, act: (admin: Admin, database: Database) => Promise<void>): Promise<void> {
  const database = await bringUp(asked.where, { random: asked.random, log: () => {} });
  try {
    const admin = await openAdmin(database.admin);
    try {
      await act(admin, database);
    } finally {
      await admin.end();
    }
  } finally {
    await leave(asked.where, database);
  }
}

/** Stops a private server that this process started, unless `start` has begun to serve from it meanwhile. */
export async function leave(where: Where, database: Database): Promise<void> {
  if (!database.adopted && lockHolder(where.data_folder) === undefined) await database.stop();
}
