// What can be known of another process on this machine, from /proc on Linux and from ps elsewhere (slim Linux images have no ps).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const HAS_PROC = process.platform === 'linux';

/** Whether the process runs. A zombie does not: in a container whose first process reaps nobody, a dead server stays one. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // EPERM: it runs, as another user
  }
  if (!HAS_PROC) return !(ps(pid, 'stat') ?? '').startsWith('Z');
  const state = statOf(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

/** When the process began, as an opaque text that no other process of this machine shares with its pid, also after a reboot. Undefined when it cannot be told. */
export function startOf(pid: number): string | undefined {
  if (!HAS_PROC) return ps(pid, 'lstart');
  const ticks = statOf(pid)?.[19]; // field 22 of proc(5), starttime
  return ticks === undefined ? undefined : `${readText('/proc/sys/kernel/random/boot_id')?.trim()}:${ticks}`;
}

/** Whether the process is the PostgreSQL that serves this cluster: a postmaster, as each of its children, stands in the data folder. */
export function servesCluster(pid: number, cluster_folder: string): boolean {
  if (!isAlive(pid)) return false;
  if (!HAS_PROC) return ps(pid, 'command')?.includes(cluster_folder) ?? false;
  return workingFolder(pid) === cluster_folder && /^(postgres|postmaster)$/.test(readText(`/proc/${pid}/comm`)?.trim() ?? '');
}

/** Every process of a server that stands in the cluster's folder, also without its postmaster. Linux only; elsewhere none is known. */
export function processesIn(cluster_folder: string): number[] {
  if (!HAS_PROC) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => servesCluster(pid, cluster_folder));
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** The fields of /proc/<pid>/stat from the third, `state`, on: the second is a name that may hold spaces and brackets. */
function statOf(pid: number): string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function ps(pid: number, column: 'stat' | 'lstart' | 'command'): string | undefined {
  try {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
    return (
      execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], {
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
