// Brings what npm start and npm test need and do not find: the packages of package-lock.json, with the Node they pin, and the admin application, built. Quiet when
// nothing is missing. Runs on any Node from 20 on and imports nothing that would have to be installed first. `--test`: the development packages in any case;
// otherwise only to build the admin application, where what lies in admin/dist is older than admin/ or not there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');
const OLDEST_NODE = 24;
/** What an outer npm was told for itself (`npm start --dry-run`, `npm --prefix … test`) and must not tell ours. Registry, proxy, certificates and cache stay. */
const OUTER_ONLY =
  /^npm_(lifecycle_.*|package_.*|command|config_(omit|include|only|production|also|optional|dev|dry_run|global|location|prefix|local_prefix|workspaces?|include_workspace_root|package_lock|package_lock_only|install_strategy|install_links|save.*|json|parseable|silent|loglevel|long|foreground_scripts|call|package))$/i;
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|FETCH_ERROR)\b/;

const isTest = process.argv.includes('--test');
const toBuild = !isBuilt();
/** Vite and React are development packages: a machine that brings admin/dist with it needs none of them. */
const wantsDev = isTest || toBuild;
const lock = readJson(path.join(ROOT, 'package-lock.json'));
if (!lock) fail('package-lock.json is missing: take it from the repository again.');
// What npm wrote last, after everything was in place; an install that broke off leaves none.
const installed = readJson(path.join(MODULES, '.package-lock.json'));

if (!isInstalled({ withDev: wantsDev })) {
  // A tree that had the development packages keeps them.
  await install({ withDev: wantsDev || hasSomeDev() });
}
checkNode();
if (toBuild) build();
if (isTest) bringBrowser();

/** Whether admin/dist is there and no file of the admin application is newer. */
function isBuilt() {
  const admin = path.join(ROOT, 'admin');
  if (!existsSync(path.join(admin, 'index.html'))) return true;
  const page = path.join(admin, 'dist/index.html');
  if (!existsSync(page)) return false;
  const files = readdirSync(admin, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const sources = files.map(({ parentPath, path: folder, name }) => path.join(parentPath ?? folder, name));
  const built = statSync(page).mtimeMs;
  return [...sources, path.join(ROOT, 'vite.config.ts')]
    .filter((file) => !file.startsWith(path.join(admin, 'dist') + path.sep) && existsSync(file))
    .every((file) => statSync(file).mtimeMs <= built);
}

/** Without its pages Attending still serves MCP and REST: npm start goes on, npm test does not. */
function build() {
  const begun = Date.now();
  say('Building the admin application …');
  const { status, stdout, stderr } = spawnSync(
    path.join(MODULES, '.bin/node'),
    [path.join(MODULES, 'vite/bin/vite.js'), 'build', '--logLevel=warn'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  if (status === 0) return say(`Built in ${Math.round((Date.now() - begun) / 1000)} s.`);
  const told = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-12);
  const text = [...told, 'Not built: the admin application, for the reason above. Mend it, and run npm run build.'].join('\n');
  if (isTest) fail(text);
  say(text);
}

/** The pages are tested in a Chromium of this machine, and what it asks of the network is watched by strace. As root on Debian both are installed; elsewhere the tests say in one line what
 *  is missing (and fail where CI is set). */
function bringBrowser() {
  const onPath = (name) =>
    (process.env.PATH ?? '').split(path.delimiter).some((folder) => folder !== '' && existsSync(path.join(folder, name)));
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
  const missing = [
    ...(process.env.CHROMIUM || names.some(onPath) ? [] : ['chromium']),
    ...(process.platform !== 'linux' || onPath('strace') ? [] : ['strace']),
  ];
  if (missing.length === 0 || process.getuid?.() !== 0 || !onPath('apt-get')) return;
  const packages = missing.join(' and ');
  say(`Installing ${packages} for the tests (apt-get) …`);
  const apt = (...args) =>
    spawnSync('apt-get', [...args, '-qq'], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  if (!(apt('update') && apt('install', '-y', '--no-install-recommends', ...missing)))
    say(`${packages} could not be installed: apt-get install ${missing.join(' ')}.`);
}

/** Whether every package that the lockfile asks for is there in its version. Optional ones may be missing: they are for another system, or were left out. */
function isInstalled({ withDev }) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([where, wanted]) => {
    if (where === '' || (isDev(wanted) && !withDev)) return true;
    const found = installed.packages[where];
    if (!found) return Boolean(wanted.optional || wanted.devOptional || wanted.peer);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function hasSomeDev() {
  return Object.values(installed?.packages ?? {}).some(isDev);
}

function isDev({ dev }) {
  return dev === true;
}

async function install({ withDev }) {
  const args = ['ci', withDev ? '--include=dev' : '--omit=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  say(
    `Installing what Attending needs${withDev ? ', its development packages too' : ''} (npm ${args[0]}; about a minute the first time) …`,
  );
  const ticking = setInterval(() => say(`… still installing (${seconds()} s)`), 20_000);
  const { code, output } = await npm(args);
  clearInterval(ticking);
  if (code === 0) return say(`Installed in ${seconds()} s.`);
  const [unreachable] = UNREACHABLE.exec(output) ?? [];
  if (unreachable)
    fail(
      `Not installed: npm cannot reach its registry (${unreachable}). Connect this machine to the network, or tell npm its proxy or registry, and run this again.`,
    );
  const told = output.split('\n').filter((line) => line.trim() !== '' && !/A complete log of this run|npm-cache|_logs/.test(line));
  fail([...told.slice(-12), 'Not installed: npm ci failed, for the reason above. Mend it, and run this again.'].join('\n'));
}

/** Runs the npm that runs us, else the one on PATH. Never by the Node in node_modules, which npm ci takes away first. */
function npm(args) {
  const isOurs = (file) => file.startsWith(MODULES + path.sep);
  const cli = process.env.npm_execpath;
  const node =
    [process.env.npm_node_execpath, process.execPath].find(
      (file) => file && existsSync(file) && !isOurs(file) && !isOurs(realpathSync(file)),
    ) ?? 'node';
  const command = cli && path.basename(cli) === 'npm-cli.js' && existsSync(cli) ? [node, cli] : ['npm'];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OUTER_ONLY.test(name)));
  env.PATH = (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== MODULES && !isOurs(folder))
    .join(path.delimiter);
  return new Promise((resolve) => {
    const child = spawn(command[0], [...command.slice(1), ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-20_000);
      });
    }
    child.on('error', () => fail('npm was not found: install Node.js with npm (https://nodejs.org), and run this again.'));
    child.on('close', (code, signal) => (signal ? process.exit(130) : resolve({ code, output })));
  });
}

function checkNode() {
  const { stdout } = spawnSync(path.join(MODULES, '.bin/node'), ['--version'], { encoding: 'utf8' });
  const version = (stdout ?? '').trim();
  if (Number(/^v(\d+)\./.exec(version)?.[1]) >= OLDEST_NODE) return;
  const what =
    version === ''
      ? 'does not run: npm did not run its install script, or this system has no such Node'
      : `is ${version}, older than ${OLDEST_NODE}`;
  fail(`node_modules/.bin/node ${what}. Run: npm rebuild node --ignore-scripts=false`);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** On standard error: standard output belongs to what runs next. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
