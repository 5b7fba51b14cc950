// What `npm ci` brings onto a clinic's machine is what was reviewed: exact versions, known hosts, and no install script that nobody named.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const run = promisify(execFile);

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}
interface Manifest {
  allowScripts?: Record<string, boolean>;
  [group: string]: unknown;
}

const manifest: Manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
const lock: { packages: Record<string, Locked> } = JSON.parse(await readFile(path.join(ROOT, 'package-lock.json'), 'utf8'));
const installed = Object.entries(lock.packages).filter(([folder]) => folder !== '');

describe('the installation', () => {
  it('names every package that runs a script when it is installed, on any platform, and no other', () => {
    expect(named(manifest)).toEqual(scripted(lock.packages));
  });

  it('pins every direct dependency to one version', () => {
    expect(unpinned(manifest)).toEqual([]);
  });

  it('comes from the registry, each package with its hash', () => {
    expect(foreign(installed)).toEqual([]);
  });

  it('passes npm ci in a clean folder, without a network', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'attending-install-'));
    try {
      for (const file of ['package.json', 'package-lock.json', '.npmrc']) await copyFile(path.join(ROOT, file), path.join(folder, file));
      expect(await cleanInstall(folder)).toBe('');
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});

/** The packages that `allowScripts` names; npm writes `name` or `name@version`. */
function named({ allowScripts = {} }: Manifest): string[] {
  return Object.keys(allowScripts)
    .map((name) => name.replace(/(?<=.)@.*$/, ''))
    .sort();
}

function scripted(packages: Record<string, Locked>): string[] {
  const scripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  return [...new Set(scripts.map(([folder]) => folder.replace(/^.*node_modules\//, '')))].sort();
}

function unpinned(of: Manifest): string[] {
  const groups = ['dependencies', 'optionalDependencies', 'devDependencies', 'overrides'].map(
    (group) => (of[group] ?? {}) as Record<string, unknown>,
  );
  const ranges = groups
    .flatMap(Object.entries)
    .filter(([, version]) => typeof version !== 'string' || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  return ranges.map(([name, version]) => `${name} ${version}`);
}

/** A lockfile without `resolved` (omit-lockfile-registry-resolved) leaves the host to the installing side; the hash says what it must be. */
function foreign(packages: readonly (readonly [string, Locked])[]): string[] {
  return packages
    .filter(([, { resolved, integrity, link }]) => link || !integrity?.startsWith('sha512-') || resolved !== undefined)
    .map(([folder, { resolved = 'no host' }]) => `${folder} from ${resolved}`);
}

/** What npm complains of, or ''. Offline with an empty cache: the lockfile alone must do, and no registry is asked. */
async function cleanInstall(folder: string): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD)/i.test(name));
  const env = { ...Object.fromEntries(inherited), npm_config_userconfig: path.join(folder, 'nobody.npmrc') };
  const flags = [
    '--dry-run',
    '--ignore-scripts',
    '--offline',
    '--no-audit',
    '--no-fund',
    `--cache=${path.join(folder, 'cache')}`,
    '--loglevel=error',
  ];
  return run('npm', ['ci', ...flags], { cwd: folder, env }).then(
    () => '',
    (error: { stderr?: string; message: string }) => (error.stderr ?? error.message).split('\nnpm error Clean install')[0] ?? '',
  );
}

describe('a faulty installation', () => {
  it('is told when a script came that nobody reviewed', () => {
    const packages = { 'node_modules/a/node_modules/@x/b': { hasInstallScript: true }, 'node_modules/c': {} };
    expect(scripted(packages)).toEqual(['@x/b']);
    expect(named({ allowScripts: { '@x/b@1.2.3': true, a: false } })).toEqual(['@x/b', 'a']);
  });

  it('is told when a version may drift', () => {
    expect(
      unpinned({
        dependencies: { a: '1.2.3', b: '^1.2.3' },
        devDependencies: { c: '~1.0.0', d: '1.0.0-beta.17', e: 'latest', f: 'file:../f' },
      }),
    ).toEqual(['b ^1.2.3', 'c ~1.0.0', 'e latest', 'f file:../f']);
  });

  it('is told when a package comes from elsewhere or without a hash', () => {
    const integrity = 'sha512-abc';
    expect(foreign([['a', { integrity }]])).toEqual([]);
    expect(
      foreign([
        ['a', { integrity, resolved: 'https://npm.example/a.tgz' }],
        ['b', {}],
        ['c', { integrity, link: true }],
        ['d', { integrity: 'sha1-x' }],
      ]),
    ).toEqual(['a from https://npm.example/a.tgz', 'b from no host', 'c from no host', 'd from no host']);
  });

  it('is told when package.json and the lockfile disagree', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'attending-install-'));
    try {
      await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { zod: '4.6.7' } }));
      const root = { name: 'x', version: '1.0.0' };
      await writeFile(
        path.join(folder, 'package-lock.json'),
        JSON.stringify({ ...root, lockfileVersion: 3, requires: true, packages: { '': root } }),
      );
      expect(await cleanInstall(folder)).toMatch(/EUSAGE|ENOTCACHED/);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
