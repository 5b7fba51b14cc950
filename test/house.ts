// The plan of the house as data, and its walls: each takes the tree (path → text) and answers what breaks the plan. Why: docs/ARCHITECTURE.md.
import path from 'node:path';
import { isDefinition, lineOf, scan } from './scan.ts';
import { arrows, circles, codeOf, found, importsIn, isMigration, isServer, isSource, isTest, type Tree } from './tree.ts';

/** Who may import whom in src/, besides itself. A room not named here may not exist. */
const ROOMS: Record<string, readonly string[]> = {
  base: [],
  domains: ['base'],
  db: ['base'],
  outbound: ['base'],
  formats: ['base', 'domains'],
  connections: ['base', 'domains', 'outbound', 'db'],
  operations: ['base', 'domains'],
  sources: ['base', 'domains', 'formats', 'outbound', 'connections', 'db'],
  review: ['base', 'domains', 'db', 'operations'],
  governance: ['base', 'domains', 'db', 'outbound', 'operations'],
  jobs: ['base', 'domains', 'operations', 'governance', 'db', 'outbound'],
  http: ['base', 'domains', 'operations', 'governance'],
  start: ['base', 'db', 'connections', 'governance', 'operations', 'sources', 'clinic'],
};
const EVERY_ROOM = Object.keys(ROOMS);
/** The three files above the rooms. */
const ROOF: Record<string, readonly string[]> = {
  'config.ts': ['base', 'package.json'],
  'app.ts': [...EVERY_ROOM, 'config.ts', 'clinic', 'package.json'],
  'main.ts': [...EVERY_ROOM, 'config.ts', 'app.ts', 'clinic', 'package.json'],
};
/** The houses beside src/. A test, wherever it stands, may look at everything. */
const EVERYTHING = [...EVERY_ROOM, ...Object.keys(ROOF), 'clinic', 'emulators', 'test', 'docs', 'package.json'];
const HOUSES: Record<string, readonly string[]> = {
  admin: [],
  emulators: [],
  clinic: ['base', 'domains'],
  bench: EVERYTHING,
  scripts: [...EVERYTHING, 'bench'],
  test: [...EVERYTHING, 'scripts', 'bench', 'bin'],
  bin: EVERYTHING,
};
/** Everything the plan has a place for. */
export const FOLDERS = ['src', ...Object.keys(HOUSES)];
const MAY_IMPORT = { ...ROOMS, ...ROOF, ...HOUSES };
/** A folder with such a name is a room without a purpose. */
const PURPOSELESS = /\/(shared|utils|helpers|common|lib|services|types)\//;
/** Indexes that are catalogues. Any other file that only hands on what others export is a barrel. */
const CATALOGUES = ['src/operations/index.ts', 'src/sources/index.ts', 'src/domains/index.ts'];
/** The erased `Operation<any, …>` of the catalogue (style.md 7). */
const ANY_ALLOWED = ['src/operations/operation.ts'];
/** A statement that imports or hands on; what is left of a barrel without them is nothing. */
const HANDED_ON = /\b(?:import|export)\b[^;=()]*?\bfrom\s*(['"])\s*\1(?:\s*with\s*\{[^}]*\})?|\bexport\s+(?:type\s+)?\{[^}]*\}/g;
const MOST_LINES = 400;
/** Nobody writes it, and it is as long as what it is made of: `npm run gen`. */
const GENERATED = ['admin/api/generated.ts'];

/** What only these files and rooms of src/ may touch; the others are handed it. */
const OWNERS: readonly { what: string; code?: RegExp; calls?: RegExp; module?: RegExp; only: readonly string[] }[] = [
  { what: 'the environment', code: /\bprocess\s*\??\.?\s*(?:\.\s*env\b|\[)|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g, only: ['config.ts'] },
  { what: 'the environment', module: /^(node:)?process$/, only: ['config.ts'] },
  {
    what: 'the time',
    code: /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|(?<!new\s+|[\w$.])Date\s*\(|\bperformance\s*\.\s*(?:now|timeOrigin)\b|\bprocess\s*\.\s*(?:hrtime|uptime)\b|\bTemporal\s*\.\s*Now\b/g,
    only: ['base/clock.ts'],
  },
  { what: 'the time', module: /^(node:)?perf_hooks$/, only: ['base/clock.ts'] },
  {
    what: 'a timer',
    code: /(?:(?<![\w$.])|\bglobalThis\s*\.\s*)set(?:Timeout|Interval|Immediate)\b|\bAbortSignal\s*\.\s*timeout\b/g,
    module: /^(node:)?timers(\/promises)?$/,
    only: ['base/clock.ts', 'http/', 'outbound/', 'db/', 'app.ts', 'main.ts'],
  },
  {
    what: 'chance',
    code: /\bMath\s*\.\s*random\b|\b(?:randomUUID(?:v7)?|randomBytes|randomInt|randomFill(?:Sync)?|getRandomValues)\b/g,
    only: ['base/random.ts', 'base/ids.ts'],
  },
  {
    what: 'the network',
    code: /\bglobalThis\s*\.\s*fetch\b|[=(]\s*fetch\s*[;,)]|\bnew\s+(?:WebSocket|EventSource)\b/g,
    calls: /(?<![\w$.])fetch\s*\(/g,
    module: /^((node:)?(http|https|http2|tls|dgram)|undici)$/,
    only: ['outbound/', 'http/'],
  },
  // db/ looks for a free port for the private PostgreSQL and knocks at it.
  { what: 'a socket', module: /^(node:)?net$/, only: ['outbound/', 'http/', 'db/'] },
  { what: 'PostgreSQL', module: /^pg($|\/|-)/, only: ['db/'] },
];

/** The room that owns a SQL table: the only one whose SQL names it. A new table needs its word here. */
export const TABLES: Record<string, string> = Object.fromEntries(
  Object.entries({
    db: 'schema_migrations',
    connections:
      'vault_keys vault_secrets leases vendor_sessions vendor_writes vendor_write_events connection_states connection_acts webhook_endpoints webhook_sequences webhook_events webhook_deliveries webhook_attempts vendor_budgets contract_states contract_days drift_events raw_bytes raw_blobs tapes recipe_keys recipe_bundles recipe_deliveries recipe_approvals',
    review: 'pending_actions held_proposals review_events standing_approvals approval_uses signing',
    governance:
      'tenants users mcp_audit_intent mcp_audit_log mcp_audit_ext edge_log taint_state taint_events text_refs grants seal_key tenant_keys sweeps licences login_key staff recovery_codes devices budgets attempts invitations challenges',
    sources:
      'connections practitioners patients patient_tokens coverages appointments encounters chart_notes lab_results last_lab_results medication_requests vital_signs conditions allergies procedures lab_orders lab_reviews prescriptions practitioner_hours schedule_blocks messages message_reads message_consents outgoing_messages deliveries delivery_events tasks refill_requests intake_forms charges claims claim_lines remittances remittance_claims remittance_lines remittance_adjustments remittance_provider_adjustments payouts payments adjustments refunds responsibility_transfers statements memberships membership_events leads open_items earnings care_plans care_plan_goals care_plan_activities care_plan_completions referrals prior_authorizations authorizations authorization_uses record_changes',
  }).flatMap(([owner, tables]) => tables.split(' ').map((table) => [table, owner])),
);

/** Each wall answers one line per breach: `file:line what`. */
export const WALLS = {
  'every room is on the plan and has a purpose': (tree: Tree) => [
    ...codeOf(tree, isSource).filter((file) => !(roomOf(file) in ROOMS) && !(roomOf(file) in ROOF) && !/^src\/[^/]+\.test\.ts$/.test(file)),
    ...[...tree.keys()].filter((file) => isSource(file) && PURPOSELESS.test(file)).map((file) => `${file} a folder without a purpose`),
  ],
  'imports run only where the plan lets them': (tree: Tree) =>
    arrows(tree)
      .filter(({ from, to }) => !mayImport(from, to))
      .map(({ from, at, to }) => `${from}:${at} imports ${to}`),
  'an import can be read without running it': (tree: Tree) =>
    codeOf(tree, isServer).flatMap((file) =>
      importsIn(tree, file).flatMap(({ to, at }) => (to === null ? [`${file}:${at} imports what only running tells`] : [])),
    ),
  'no operation, vendor or format leans on its neighbour': (tree: Tree) =>
    arrows(tree)
      .filter(({ from, to }) => !isTest(from) && areNeighbours(from, to))
      .map(({ from, at, to }) => `${from}:${at} leans on ${to}`),
  'time, chance, network, environment and PostgreSQL have one owner each': (tree: Tree) =>
    codeOf(tree, isServer).flatMap((file) =>
      OWNERS.filter(({ only }) => !only.some((owner) => isIn(file, owner))).flatMap(({ what, ...rule }) =>
        touches(tree, file, rule).map((at) => `${file}:${at} touches ${what}`),
      ),
    ),
  'a table belongs to one room and is named in no other': (tree: Tree) => [
    ...tablesMade(tree).flatMap(({ table, at }) => (Object.hasOwn(TABLES, table) ? [] : [`${at} makes ${table}, which no room owns`])),
    ...codeOf(tree, isServer).flatMap((file) =>
      tablesNamed(tree, file).flatMap(({ table, at }) =>
        TABLES[table] === roomOf(file) ? [] : [`${file}:${at} names ${table} of ${TABLES[table]}`],
      ),
    ),
  ],
  'the map of tables names no table that is gone': (tree: Tree) => {
    const made = new Set(tablesMade(tree).map(({ table }) => table));
    const gone = Object.entries(TABLES).filter(([table, owner]) => owner !== 'db' && !made.has(table)); // db/ makes its own without a migration
    return made.size === 0 ? [] : gone.map(([table, owner]) => `no migration makes ${table} of ${owner}`);
  },
  'nothing is exported by default': (tree: Tree) =>
    found(tree, /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g, 'exports by default'),
  'there are no barrels': (tree: Tree) =>
    codeOf(tree, (file) => !CATALOGUES.includes(file)).filter((file) => {
      const text = scan(tree.get(file) ?? '').code;
      return /\bexport\b/.test(text) && /^[\s;]*$/.test(text.replaceAll(HANDED_ON, ''));
    }),
  'there are no circles, of types neither': circles,
  'no file is over 400 lines': (tree: Tree) =>
    codeOf(tree, (file) => !GENERATED.includes(file)).flatMap((file) => {
      const lines = lineOf((tree.get(file) ?? '').trimEnd(), Number.POSITIVE_INFINITY);
      return lines > MOST_LINES ? [`${file} has ${lines} lines`] : [];
    }),
  'any is written in one file': (tree: Tree) =>
    found(tree, /(?:[:<,|&=]|=>|\bas|\bextends|\bkeyof)\s*any\b(?!\s*[(:]|\w)/g, 'says any', (file) => !ANY_ALLOWED.includes(file)),
} as const satisfies Record<string, (tree: Tree) => string[]>;

/** The operations whose permission speaks of another domain than their file: `operations/prior-authorizations.ts` has `prior_authorizations:read`. */
export function misfiled(operations: readonly { file: string; name: string; permission: string }[]): string[] {
  return operations
    .filter(({ file, permission }) => permission.split(':')[0]?.replaceAll('_', '-') !== path.basename(file, '.ts'))
    .map(({ file, name, permission }) => `${name} asks ${permission} in ${file}`);
}

const isIn = (file: string, owner: string) => file === `src/${owner}` || (owner.endsWith('/') && file.startsWith(`src/${owner}`));
/** `labs` of src/labs/x.ts, `app.ts` of src/app.ts; beside src/ the house, or the file at the root. */
const roomOf = (file: string) => file.split('/')[isSource(file) ? 1 : 0] ?? '';

function mayImport(from: string, to: string): boolean {
  const [here, there] = [roomOf(from), roomOf(to)];
  if (isTest(to)) return false;
  const allowed = isTest(from) && here !== 'test' ? EVERYTHING : MAY_IMPORT[here];
  return here === there || !allowed || allowed.includes(there); // a room that is not on the plan is told by its own wall
}

function areNeighbours(from: string, to: string): boolean {
  const [a, b] = [from.split('/').slice(1), to.split('/').slice(1)] as [string[], string[]];
  if (!isSource(from) || !isSource(to) || a[0] !== b[0] || from === to) return false;
  if (a[0] === 'operations') return !['operation.ts', 'index.ts'].some((file) => a[1] === file || b[1] === file);
  if (a[0] === 'formats') return a[1] !== b[1] && a.length > 2 && b.length > 2;
  if (a[0] === 'sources') return b.length > 2 && a[1] !== b[1] && a[1] !== 'index.ts' && !(b[1] === 'native' && a.length > 2);
  return false;
}

function touches(tree: Tree, file: string, rule: { code?: RegExp; calls?: RegExp; module?: RegExp }): number[] {
  const source = tree.get(file) ?? '';
  const { code: text, imports } = scan(source);
  return [
    ...(rule.code ? [...text.matchAll(rule.code)] : []).map(({ index }) => index),
    ...(rule.calls ? [...text.matchAll(rule.calls)] : []).map(({ index }) => index).filter((at) => !isDefinition(text, at)),
    ...imports.filter(({ to }) => to !== null && rule.module?.test(to)).map(({ at }) => at),
  ].map((at) => lineOf(source, at));
}

function tablesMade(tree: Tree): { table: string; at: string }[] {
  const create = /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\.)?"?(\w+)/gi;
  const migrations = [...tree].filter(([file]) => isMigration(file));
  return migrations.flatMap(([file, sql]) => {
    const made = sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\//gm, '').matchAll(create);
    return [...made].map(([, table = '']) => ({ table, at: file }));
  });
}

const BEGINS_AS_SQL = /^\s*(?:select|insert\s+into|update|delete\s+from|with|truncate|alter|create|drop|lock|copy|merge)\b/i;
const NAMED = /\b(?:from|join|into|update|table|truncate|using|copy)\s+(?:only\s+)?(?:"?(?:data|guard)"?\.)?"?(\w+)/gi;
const QUALIFIED = /\b(?:data|guard)"?\."?(\w+)\b(?!\s*\()/gi;

/** Rooms that reach a database write SQL in any piece of string. In the others a sentence may say "from patients", so only what begins as SQL counts. */
function tablesNamed(tree: Tree, file: string): { table: string; at: number }[] {
  const source = tree.get(file) ?? '';
  const reaches = roomOf(file) === 'db' || MAY_IMPORT[roomOf(file)]?.includes('db');
  return scan(source).strings.flatMap(({ text, at }) => {
    const named = reaches || BEGINS_AS_SQL.test(text) ? [...text.matchAll(NAMED)] : [];
    const tables = new Set([...named, ...text.matchAll(QUALIFIED)].map(([, table = '']) => table.toLowerCase()));
    return [...tables].filter((table) => Object.hasOwn(TABLES, table)).map((table) => ({ table, at: lineOf(source, at) }));
  });
}
