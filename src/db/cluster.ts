// Making a cluster: whole or not at all.
import { execFile } from 'node:child_process';
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

const run = promisify(execFile);
/** Nothing of our environment reaches PostgreSQL: PGDATA or LD_LIBRARY_PATH would change what it does. */
export const POSTGRES_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
export const SUPERUSER = 'attending_super';

/** The major version that made the cluster, or undefined where there is none yet. */
export function clusterMajor({ cluster_folder }: Place): number | undefined {
  const file = path.join(cluster_folder, 'PG_VERSION');
  if (existsSync(file)) return Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (existsSync(cluster_folder)) throw new Error(`${cluster_folder} is not a PostgreSQL cluster. Move it away, and start again.`);
  return undefined;
}

/** The superuser's password, made once: 32 random bytes in `<data_folder>/pg.password`, 0600. Throws when it is gone and a cluster is there. */
export function passwordFile({ data_folder }: Place, exists: boolean): string {
  const file = path.join(data_folder, 'pg.password');
  if (existsSync(file)) return file;
  if (exists) throw new Error(`${file} is missing: it holds the password of this folder's database. Bring it back from a backup.`);
  const aside = `${file}.new`;
  rmSync(aside, { force: true });
  writeFileSync(aside, systemRandom.bytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
  renameSync(aside, file);
  return file;
}

/** initdb beside the place, then a rename: what stands at the place is always a finished cluster. `sync: false` leaves the disk to itself (tests). */
export async function makeCluster({
  place,
  binaries,
  password_file,
  sync,
}: {
  place: Place;
  binaries: Binaries;
  password_file: string;
  sync: boolean;
}): Promise<void> {
  const { home, cluster_folder, runs_as, link } = place;
  for (const left of readdirSync(home).filter((name) => name.startsWith('pg.new-'))) rmSync(path.join(home, left), { recursive: true });
  const work = path.join(home, `pg.new-${systemRandom.bytes(6).toString('hex')}`);
  mkdirSync(work, { mode: 0o700 });
  if (runs_as) chownSync(work, runs_as.uid, runs_as.gid);
  const pwfile = path.join(work, 'password');
  writeOwned(pwfile, readFileSync(password_file, 'utf8'), place);
  const data = path.join(work, 'data');
  const args = [
    '-D',
    data,
    '-U',
    SUPERUSER,
    `--pwfile=${pwfile}`,
    '--auth-local=scram-sha-256',
    '--auth-host=reject',
    '--encoding=UTF8',
    '--data-checksums',
    ...locale(binaries.major),
  ];
  await run(path.join(binaries.bin_folder, 'initdb'), sync ? args : [...args, '--no-sync'], {
    cwd: '/',
    env: POSTGRES_ENV,
    ...runs_as,
  }).catch((error: { stderr?: string }) => {
    rmSync(work, { recursive: true, force: true });
    const reason = error.stderr?.split('\n').find((line) => /error|fatal|could not/i.test(line)) ?? String(error);
    throw new Error(`The database could not be made in ${home}: ${reason.trim()}`);
  });
  renameSync(data, cluster_folder);
  rmSync(work, { recursive: true });
  if (sync) syncFolder(home);
  if (link) linkCluster(place);
}

/** As root: `<data_folder>/pg` says where the cluster is. */
export function linkCluster({ cluster_folder, data_folder, link }: Place): void {
  if (!link) return;
  symlinkSync(cluster_folder, link);
  syncFolder(data_folder);
}

/** Somebody removed the data folder, password and link with it, and begins anew: the cluster of before is kept beside, under the instant of today. */
export function setAside({ cluster_folder }: Place): string {
  const aside = `${cluster_folder}.of-before-${systemClock.now().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(cluster_folder, aside);
  return aside;
}

/** The same binaries where the user PostgreSQL runs as can read them: as they are, or a copy in `home` (node_modules may stand below a 0700 folder). */
export async function readableBinaries(binaries: Binaries, { home, runs_as }: Place): Promise<Binaries> {
  if (!runs_as || (await runsAs(binaries.bin_folder, runs_as))) return binaries;
  const copy = path.join(home, `postgresql-${binaries.version}`);
  if (!existsSync(copy)) {
    const aside = `${copy}.new`;
    rmSync(aside, { recursive: true, force: true });
    cpSync(path.dirname(binaries.bin_folder), aside, { recursive: true, verbatimSymlinks: true });
    await run('/bin/sh', ['-c', 'chmod -R u=rwX,go=rX "$1"', 'sh', aside]);
    renameSync(aside, copy);
  }
  const bin_folder = path.join(copy, 'bin');
  if (!(await runsAs(bin_folder, runs_as)))
    throw new Error(`User ${runs_as.uid}, whom PostgreSQL runs as, cannot run ${bin_folder}/postgres.`);
  return { ...binaries, bin_folder };
}

function runsAs(bin_folder: string, user: { uid: number; gid: number }): Promise<boolean> {
  return run(path.join(bin_folder, 'postgres'), ['--version'], { cwd: '/', env: POSTGRES_ENV, ...user }).then(
    () => true,
    () => false,
  );
}

/** One order and one case folding on every version and system: code points, Unicode. */
function locale(major: number): string[] {
  const libc = process.platform === 'linux' ? ['--locale=C.UTF-8'] : ['--locale=C', '--lc-ctype=UTF-8']; // macOS has no C.UTF-8
  return major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', ...libc] : libc;
}

/** A new 0600 file of the user PostgreSQL runs as. `wx` follows no link that stands in its folder. */
function writeOwned(file: string, text: string, { runs_as }: Place): void {
  const opened = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(opened, text);
    if (runs_as) fchownSync(opened, runs_as.uid, runs_as.gid);
  } finally {
    closeSync(opened);
  }
}

function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
