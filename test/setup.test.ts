import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const trees: string[] = [];

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

type Entry = { version?: string; integrity?: string; dev?: boolean; optional?: boolean };
const RUNS: Record<string, Entry> = { 'node_modules/node': { version: '24.21.0', integrity: 'a' } };
const FOR_ELSEWHERE: Record<string, Entry> = { 'node_modules/elsewhere': { version: '1.0.0', integrity: 'b', optional: true } };
const TESTS: Record<string, Entry> = { 'node_modules/vitest': { version: '5.1.1', integrity: 'c', dev: true } };
const LOCKED = { '': {}, ...RUNS, ...FOR_ELSEWHERE, ...TESTS };

/** A tree with the lockfile, and as much installed as is said; `npm` in it is a stand-in that notes how it was called and installs what was asked. */
function aTree({ locked = LOCKED, installed }: { locked?: Record<string, Entry>; installed?: Record<string, Entry> }): string {
  const tree = mkdtempSync('/tmp/att-setup-');
  trees.push(tree);
  mkdirSync(path.join(tree, 'scripts'));
  copyFileSync(path.join(ROOT, 'scripts/setup.mjs'), path.join(tree, 'scripts/setup.mjs'));
  writeFileSync(path.join(tree, 'package.json'), '{"name":"attending","version":"0.1.0"}');
  writeFileSync(
    path.join(tree, 'package-lock.json'),
    JSON.stringify({ name: 'attending', version: '0.1.0', lockfileVersion: 3, packages: locked }),
  );
  if (installed) {
    mkdirSync(path.join(tree, 'node_modules/.bin'), { recursive: true });
    writeFileSync(path.join(tree, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    symlinkSync(process.execPath, path.join(tree, 'node_modules/.bin/node'));
  }
  mkdirSync(path.join(tree, 'npm'));
  writeFileSync(
    path.join(tree, 'npm/npm-cli.js'),
    `const fs = require('fs');
     fs.writeFileSync('npm/called.json', JSON.stringify({ args: process.argv.slice(2), env: process.env, by: process.execPath }));
     fs.mkdirSync('node_modules/.bin', { recursive: true });
     fs.rmSync('node_modules/.bin/node', { force: true });
     fs.symlinkSync(process.execPath, 'node_modules/.bin/node');`,
  );
  return tree;
}

function setup(tree: string, { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {}) {
  const { PATH = '', HOME = '/root' } = process.env;
  const ours = { npm_execpath: path.join(tree, 'npm/npm-cli.js'), npm_node_execpath: process.execPath };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs', ...args], {
    cwd: tree,
    encoding: 'utf8',
    env: { PATH, HOME, ...ours, ...env },
  });
  const note = path.join(tree, 'npm/called.json');
  const called: { args: string[]; env: Record<string, string>; by: string } | undefined = existsSync(note)
    ? JSON.parse(readFileSync(note, 'utf8'))
    : undefined;
  return { status, stdout, stderr, called };
}

describe('npm start and npm test bring what is missing', () => {
  it('where everything is there, nothing is said and npm is not called', () => {
    const all = aTree({ installed: { ...RUNS, ...TESTS } });
    expect(setup(all, { args: ['--test'] })).toEqual({ status: 0, stdout: '', stderr: '' });
    const production = aTree({ installed: RUNS });
    expect(setup(production)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('a bare machine gets what the server needs, and a person sees that it is being done', () => {
    const { status, stdout, stderr, called } = setup(aTree({}));
    expect(called?.args.slice(0, 2)).toEqual(['ci', '--omit=dev']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(/^Installing what Attending needs .*\nInstalled in \d+ s\.\n$/);
  });

  it('the tests on a machine that only served get the rest', () => {
    const { called } = setup(aTree({ installed: RUNS }), { args: ['--test'] });
    expect(called?.args.slice(0, 2)).toEqual(['ci', '--include=dev']);
  });

  it('a new lockfile is followed, and a tree that could test still can', () => {
    const locked = { ...LOCKED, 'node_modules/pg': { version: '8.23.1', integrity: 'd' } };
    expect(setup(aTree({ locked, installed: RUNS })).called?.args[1]).toBe('--omit=dev');
    expect(setup(aTree({ locked, installed: { ...RUNS, ...TESTS } })).called?.args[1]).toBe('--include=dev');
    const moved = { ...LOCKED, 'node_modules/node': { version: '24.21.0', integrity: 'another' } };
    expect(setup(aTree({ locked: moved, installed: RUNS })).called?.args[0]).toBe('ci');
  });

  it('what the outer npm was told stays with it, but for the way to the registry', () => {
    const outer = {
      npm_config_omit: 'dev',
      npm_config_dry_run: 'true',
      npm_config_global: 'true',
      npm_config_local_prefix: '/elsewhere',
      npm_package_name: 'x',
      npm_lifecycle_event: 'prestart',
    };
    const way = {
      npm_config_registry: 'https://npm.clinic.example',
      npm_config_cafile: '/etc/ca.pem',
      HTTPS_PROXY: 'http://proxy.example',
    };
    const tree = aTree({});
    const { called } = setup(tree, { env: { ...outer, ...way, PATH: `${tree}/node_modules/.bin:/usr/bin` } });
    expect(called?.env).toMatchObject({ ...way, PATH: '/usr/bin' });
    for (const name of Object.keys(outer)) expect(called?.env).not.toHaveProperty(name);
  });

  it('npm runs on another Node than the one it is about to replace', () => {
    const tree = aTree({ installed: {} });
    const pinned = path.join(tree, 'node_modules/.bin/node');
    const { called } = setup(tree, { env: { npm_node_execpath: pinned } });
    expect(called?.by).toBe(process.execPath);
  });
});

describe('the admin application is built where it is missing', () => {
  /** A tree with an admin folder; its Vite is a stand-in that writes the page, or fails. */
  function withAdmin({ installed, built, vite = "fs.writeFileSync('admin/dist/index.html', 'new');" }: AdminTree): string {
    const tree = aTree({ installed });
    mkdirSync(path.join(tree, 'admin/dist/assets'), { recursive: true });
    mkdirSync(path.join(tree, 'node_modules/vite/bin'), { recursive: true });
    writeFileSync(path.join(tree, 'node_modules/vite/bin/vite.js'), `const fs = require('fs'); ${vite}`);
    const at = (file: string, text: string, day: number) => {
      writeFileSync(path.join(tree, file), text);
      utimesSync(path.join(tree, file), day, day);
    };
    at('admin/index.html', 'source', 2_000);
    if (built !== undefined) at('admin/dist/index.html', 'old', built);
    at('admin/dist/assets/later.js', '', 9_000);
    return tree;
  }
  interface AdminTree {
    installed: Record<string, Entry>;
    built?: number;
    vite?: string;
  }
  const pageOf = (tree: string) => readFileSync(path.join(tree, 'admin/dist/index.html'), 'utf8');

  it('by npm start, which then brings the development packages too', () => {
    const tree = withAdmin({ installed: RUNS });
    const { status, called, stdout, stderr } = setup(tree);
    expect(called?.args[1]).toBe('--include=dev');
    expect([status, stdout, pageOf(tree)]).toEqual([0, '', 'new']);
    expect(stderr).toMatch(/Building the admin application …\nBuilt in \d+ s\.\n$/);
  });

  it('or older than a file of it; one that is newer is left alone, and needs no development package', () => {
    const old = withAdmin({ installed: { ...RUNS, ...TESTS }, built: 1_000 });
    expect(setup(old).called).toBeUndefined();
    expect(pageOf(old)).toBe('new');
    const fresh = withAdmin({ installed: RUNS, built: 3_000 });
    expect(setup(fresh)).toEqual({ status: 0, stdout: '', stderr: '', called: undefined });
    expect(pageOf(fresh)).toBe('old');
  });

  it('a build that fails is told; npm start goes on without the pages, npm test does not', () => {
    const broken = { installed: { ...RUNS, ...TESTS }, vite: "console.error('no such import'); process.exit(1);" };
    const told = expect.stringMatching(/no such import\nNot built: the admin application, for the reason above\. .*npm run build\.\n$/);
    expect(setup(withAdmin(broken))).toMatchObject({ status: 0, stderr: told });
    expect(setup(withAdmin(broken), { args: ['--test'] })).toMatchObject({ status: 1, stderr: told });
  });
});

describe('what it cannot bring is told in one line', () => {
  it('no network, by npm itself, and the lockfile stays as it was', () => {
    const resolved = 'http://127.0.0.1:9/nothing/-/nothing-1.0.0.tgz';
    const tree = aTree({
      locked: {
        '': { dependencies: { nothing: '1.0.0' } } as Entry,
        'node_modules/nothing': { version: '1.0.0', resolved, integrity: 'sha512-AAAA' } as Entry,
      },
    });
    writeFileSync(path.join(tree, 'package.json'), '{"name":"attending","version":"0.1.0","dependencies":{"nothing":"1.0.0"}}');
    const before = readFileSync(path.join(tree, 'package-lock.json'), 'utf8');
    const env = {
      npm_execpath: '',
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: path.join(tree, 'cache'),
    };
    const { status, stderr } = setup(tree, { env });
    expect(status).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^Not installed: npm cannot reach its registry \(ECONNREFUSED\)\. Connect this machine to the network/,
    );
    expect(readFileSync(path.join(tree, 'package-lock.json'), 'utf8')).toBe(before);
  });

  it('any other failure of npm, with its reason', () => {
    const tree = aTree({});
    writeFileSync(
      path.join(tree, 'npm/npm-cli.js'),
      `console.error('npm error package.json and package-lock.json are not in sync'); process.exit(1);`,
    );
    const { status, stderr } = setup(tree);
    expect(status).toBe(1);
    expect(stderr).toMatch(/not in sync\nNot installed: npm ci failed, for the reason above\. .*\n$/);
  });

  it('a Node that is too old, or does not run', () => {
    const tree = aTree({ installed: RUNS });
    const node = path.join(tree, 'node_modules/.bin/node');
    rmSync(node);
    expect(setup(tree)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^node_modules\/\.bin\/node does not run: .*Run: npm rebuild node --ignore-scripts=false\n$/),
    });
    writeFileSync(node, '#!/bin/sh\necho v22.1.0\n', { mode: 0o755 });
    expect(setup(tree)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^node_modules\/\.bin\/node is v22\.1\.0, older than 24\. .*\n$/),
    });
  });
});

describe('package.json', () => {
  it('allows the install scripts that the lockfile has, and no others: npm 12 blocks them silently', () => {
    const { allowScripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const { packages }: { packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }> } = JSON.parse(
      readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
    );
    const withScript = Object.keys(packages).filter((where) => packages[where]?.hasInstallScript);
    expect(Object.keys(allowScripts).toSorted()).toEqual(withScript.map((where) => where.replace(/^.*node_modules\//, '')).toSorted());
  });
});
