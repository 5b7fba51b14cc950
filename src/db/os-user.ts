// Whom PostgreSQL runs as: it refuses root, so as root it is a system user of its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = 'attending';
/** useradd stands in /usr/sbin, which a PATH may lack. */
const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

export interface OsUser {
  uid: number;
  gid: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The system user `attending`, made where it is missing; else the `postgres` that a distribution's package made. Root only. Throws an Error of one plain line. */
export async function systemUser(): Promise<OsUser> {
  const found = await lookUp(NAME);
  if (found) return found;
  const shadow = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', NAME];
  const busybox = ['-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin', NAME];
  await run('useradd', shadow, { env }).catch(() => run('adduser', busybox, { env }).catch(() => undefined));
  const user = (await lookUp(NAME)) ?? (await lookUp('postgres'));
  if (!user)
    throw new Error(
      `PostgreSQL cannot run as root, and the system user "${NAME}" could not be made. Start Attending as an ordinary user, or make that user.`,
    );
  return user;
}

async function lookUp(name: string): Promise<OsUser | undefined> {
  const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name], { env }).then(({ stdout }) => Number(stdout)))).catch(
    () => [],
  );
  const [uid, gid] = ids;
  return uid && gid ? { uid, gid } : undefined; // 0 would be root again
}

/** Sends a signal with the rights of the user PostgreSQL runs as: a pid read from that user's folder must not let root signal anybody else. */
export async function signal(pid: number, name: 'INT' | 'QUIT' | 'KILL', user: OsUser | undefined): Promise<void> {
  if (user) await run('/bin/sh', ['-c', 'kill -s "$1" "$2"', 'sh', name, String(pid)], { env, ...user }).catch(() => undefined);
  else
    try {
      process.kill(pid, `SIG${name}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}
