// Small trees with one fault each, for every wall of house.ts, and trees that only look faulty.
import { TABLES, type WALLS } from './house.ts';

export type Planted = Record<string, string>;
const everyTable = Object.keys(TABLES)
  .map((table) => `create table data.${table} ();`)
  .join('\n');
/** What each wall must find, and what looks like it and is right. */
export const PLANTED: Record<keyof typeof WALLS, { red: [Planted, string[]][]; green: Planted }> = {
  'every room is on the plan and has a purpose': {
    red: [
      [{ 'src/cache/redis.ts': '' }, ['src/cache/redis.ts']],
      [{ 'src/server.ts': '' }, ['src/server.ts']],
      [{ 'src/http/utils/x.ts': '' }, ['src/http/utils/x.ts a folder without a purpose']],
      [{ 'src/shared/x.ts': '' }, ['src/shared/x.ts', 'src/shared/x.ts a folder without a purpose']],
    ],
    green: { 'src/app.ts': '', 'src/config.ts': '', 'src/base/types.ts': '', 'src/app.test.ts': '', 'clinic/lib/x.ts': '' },
  },
  'imports run only where the plan lets them': {
    red: [
      [
        { 'src/operations/labs.ts': "import { list } from '../sources/native/labs.ts';" },
        ['src/operations/labs.ts:1 imports src/sources/native/labs.ts'],
      ],
      [
        { 'src/base/a.ts': "\nimport type {\n  Lab, // 'from'\n} from '../domains/labs.ts';" },
        ['src/base/a.ts:4 imports src/domains/labs.ts'],
      ],
      [{ 'src/base/a.ts': "export * from '../domains/labs.ts'" }, ['src/base/a.ts:1 imports src/domains/labs.ts']],
      [{ 'src/base/a.ts': "import '../db/pool.ts'" }, ['src/base/a.ts:1 imports src/db/pool.ts']],
      [{ 'src/base/a.ts': 'await import(`../db/pool.ts`)' }, ['src/base/a.ts:1 imports src/db/pool.ts']],
      [{ 'src/base/a.ts': "require('../db/pool.ts')" }, ['src/base/a.ts:1 imports src/db/pool.ts']],
      [{ 'src/base/a.ts': "type P = import('../db/pool.ts').Pool" }, ['src/base/a.ts:1 imports src/db/pool.ts']],
      [
        { 'src/base/a.ts': 'const url = `${`}`}`; const half = 1 / 2;\nimport { x } from "../db"', 'src/db/index.ts': '' },
        ['src/base/a.ts:2 imports src/db/index.ts'],
      ],
      [{ 'src/review/a.ts': "import { a } from '../governance/a.ts'" }, ['src/review/a.ts:1 imports src/governance/a.ts']],
      [{ 'src/http/a.ts': "import { pool } from '../db/pool.ts'" }, ['src/http/a.ts:1 imports src/db/pool.ts']],
      [{ 'src/http/a.ts': "import { config } from '../config.ts'" }, ['src/http/a.ts:1 imports src/config.ts']],
      [{ 'src/http/a.ts': "import { app } from '../app.ts'" }, ['src/http/a.ts:1 imports src/app.ts']],
      [{ 'src/db/a.ts': "import { people } from '../../clinic/people.ts'" }, ['src/db/a.ts:1 imports clinic/people.ts']],
      [{ 'src/app.ts': "import { aPatient } from '../test/builders/patient.ts'" }, ['src/app.ts:1 imports test/builders/patient.ts']],
      [{ 'src/app.ts': "import { gen } from '../scripts/gen.ts'" }, ['src/app.ts:1 imports scripts/gen.ts']],
      [{ 'src/app.ts': "import { a } from './base/a.test.ts'" }, ['src/app.ts:1 imports src/base/a.test.ts']],
      [{ 'src/app.ts': "import { a } from '../../elsewhere/a.ts'" }, ['src/app.ts:1 imports ../elsewhere/a.ts']],
      [{ 'src/base/a.ts': "import 'file:///etc/a.js'" }, ['src/base/a.ts:1 imports file:///etc/a.js']],
      [{ 'src/base/a.test.ts': "import { gen } from '../../scripts/gen.ts'" }, ['src/base/a.test.ts:1 imports scripts/gen.ts']],
      [{ 'emulators/ecw.ts': "import { parse } from '../src/formats/fhir/a.ts'" }, ['emulators/ecw.ts:1 imports src/formats/fhir/a.ts']],
      [
        { 'admin/a.tsx': "const a = <p>Don't</p>;\nimport type { Lab } from '../src/domains/labs.ts'" },
        ['admin/a.tsx:2 imports src/domains/labs.ts'],
      ],
      [{ 'clinic/a.ts': "import { pool } from '../src/db/pool.ts'" }, ['clinic/a.ts:1 imports src/db/pool.ts']],
    ],
    green: {
      'src/app.ts': "import { a } from './http/a.ts'; import { p } from '../clinic/people.ts'; import * as z from 'zod';",
      'src/main.ts': "import { app } from './app.ts'; import pkg from '../package.json' with { type: 'json' };",
      'src/base/a.ts':
        "// import { pool } from '../db/pool.ts'\nconst text = \"import x from '../db/pool.ts'\"; const re = /'/g; import { b } from './b.ts';",
      'src/base/b.ts': '',
      'src/base/a.test.ts': "import { pool } from '../db/pool.ts'; import { aPatient } from '../../test/builders/patient.ts';",
      'clinic/a.ts': "import type { Lab } from '../src/domains/labs.ts'",
      'scripts/gen.mjs': "import { catalogue } from '../src/operations/index.ts'",
    },
  },
  'an import can be read without running it': {
    red: [
      [
        { 'src/sources/index.ts': 'const open = (vendor: string) =>\n  import(`./${vendor}/connector.ts`)' },
        ['src/sources/index.ts:2 imports what only running tells'],
      ],
      [{ 'src/base/a.ts': "import('../d' + 'b/pool.ts')" }, ['src/base/a.ts:1 imports what only running tells']],
    ],
    green: {
      'src/domains/a.ts': 'interface A { import(from: string): Promise<void>; }',
      'src/base/a.ts': 'remittances.import(file)',
      'test/a.ts': 'import(file)',
    },
  },
  'no operation, vendor or format leans on its neighbour': {
    red: [
      [{ 'src/operations/labs.ts': "import { a } from './notes.ts'" }, ['src/operations/labs.ts:1 leans on src/operations/notes.ts']],
      [
        { 'src/sources/wellsky/labs.ts': "import { a } from '../eclinicalworks/labs.ts'" },
        ['src/sources/wellsky/labs.ts:1 leans on src/sources/eclinicalworks/labs.ts'],
      ],
      [
        { 'src/sources/native/labs.ts': "import { a } from '../wellsky/labs.ts'" },
        ['src/sources/native/labs.ts:1 leans on src/sources/wellsky/labs.ts'],
      ],
      [
        { 'src/sources/connector.ts': "import { a } from './native/labs.ts'" },
        ['src/sources/connector.ts:1 leans on src/sources/native/labs.ts'],
      ],
      [{ 'src/formats/fhir/a.ts': "import { a } from '../x12/a.ts'" }, ['src/formats/fhir/a.ts:1 leans on src/formats/x12/a.ts']],
    ],
    green: {
      'src/operations/labs.ts': "import { operation } from './operation.ts'",
      'src/operations/index.ts': "import * as labs from './labs.ts'",
      'src/sources/index.ts': "import { native } from './native/connector.ts'",
      'src/sources/wellsky/labs.ts':
        "import { land } from '../native/labs.ts'; import { a } from './session.ts'; import type { Connector } from '../connector.ts'",
      'src/formats/fhir/a.ts': "import { b } from './b.ts'",
    },
  },
  'time, chance, network, environment and PostgreSQL have one owner each': {
    red: [
      [{ 'src/http/a.ts': 'process.env.PORT' }, ['src/http/a.ts:1 touches the environment']],
      [
        { 'src/http/a.ts': 'const { env } = process;\nimport { env as e } from "node:process"' },
        ['src/http/a.ts:1 touches the environment', 'src/http/a.ts:2 touches the environment'],
      ],
      ...['Date.now()', 'new Date()', 'new Date', 'new Date( /* now */ )', 'Date()', 'performance.now()', 'process.hrtime.bigint()'].map(
        (now): [Planted, string[]] => [
          { 'src/sources/native/a.ts': `const now = ${now};` },
          ['src/sources/native/a.ts:1 touches the time'],
        ],
      ),
      ...['setTimeout(run, 1)', 'globalThis.setInterval(run, 1)', 'AbortSignal.timeout(1)', "import('node:timers/promises')"].map(
        (timer): [Planted, string[]] => [{ 'src/governance/a.ts': timer }, ['src/governance/a.ts:1 touches a timer']],
      ),
      [
        { 'src/governance/a.ts': 'Math.random(); crypto.randomUUID();' },
        ['src/governance/a.ts:1 touches chance', 'src/governance/a.ts:1 touches chance'],
      ],
      [{ 'src/db/a.ts': "import { createServer } from 'node:http'" }, ['src/db/a.ts:1 touches the network']],
      ...['await fetch(url)', 'const get = fetch;', 'send(globalThis.fetch)', 'x = ok ? fetch(a) : b', 'new WebSocket(url)'].map(
        (call): [Planted, string[]] => [{ 'src/sources/wellsky/a.ts': call }, ['src/sources/wellsky/a.ts:1 touches the network']],
      ),
      [{ 'src/governance/a.ts': "import type { Pool } from 'pg'" }, ['src/governance/a.ts:1 touches PostgreSQL']],
      [{ 'src/jobs/a.ts': "import { connect } from 'node:net'" }, ['src/jobs/a.ts:1 touches a socket']],
    ],
    green: {
      'src/config.ts': 'process.env',
      'src/base/clock.ts': 'new Date(); Date.now(); setTimeout(f, 1)',
      'src/base/random.ts': "import { randomUUID } from 'node:crypto'",
      'src/outbound/http.ts': 'fetch(url); setTimeout(f, 1)',
      'src/db/postgres.ts': "import { connect } from 'node:net'; import pg from 'pg'; setTimeout(f, 1)",
      'src/operations/a.ts':
        'run({ remittances }) { return remittances.fetch(); }, born: new Date(row.born_on), // Date.now()\nconst text = "Date.now()"',
      'src/domains/a.ts':
        'export interface Remittances { fetch(query: { since: string }): Promise<void>; list(): void; fetch(): Promise<void> }',
      'src/sources/native/a.ts':
        'export const remittances = { async fetch(query: { since: string }) { return rows(query); } }; socket.setTimeout(1); process.exit()',
      'src/governance/a.test.ts': 'Date.now(); process.env.X',
    },
  },
  'a table belongs to one room and is named in no other': {
    red: [
      [
        { 'src/db/migrations/0009_x.sql': 'CREATE TABLE IF NOT EXISTS data.secrets (id uuid)' },
        ['src/db/migrations/0009_x.sql makes secrets, which no room owns'],
      ],
      [
        { 'src/sources/native/a.ts': 'tx.rows(`select * from ${"x"} a\n join data.users u on true`)' },
        ['src/sources/native/a.ts:1 names users of governance'],
      ],
      [
        { 'src/sources/native/a.ts': "const more = ' from mcp_audit_log l'" },
        ['src/sources/native/a.ts:1 names mcp_audit_log of governance'],
      ],
      [
        { 'src/governance/a.ts': "'update patients set x = 1'; 'delete from only \"patients\"'" },
        ['src/governance/a.ts:1 names patients of sources', 'src/governance/a.ts:1 names patients of sources'],
      ],
      [{ 'src/db/tenant.ts': "'insert into guard.grants values ($1)'" }, ['src/db/tenant.ts:1 names grants of governance']],
      [{ 'src/operations/a.ts': "'select 1 from patients'" }, ['src/operations/a.ts:1 names patients of sources']],
      [{ 'src/main.ts': "'select * from data.a, data.tenants'" }, ['src/main.ts:1 names tenants of governance']],
    ],
    green: {
      'src/sources/native/patients.ts': "'select * from patients p join patient_tokens t using (patient_id)'",
      'src/governance/audit.ts': "'insert into mcp_audit_log (id) values ($1)'",
      'src/db/migrate.ts': "'insert into public.schema_migrations values ($1)'; 'select from pg_roles'",
      'src/operations/inbox.ts': "'Unread messages from patients, newest first.'; data.patients.list()",
      'src/governance/a.test.ts': "'select * from patients'",
    },
  },
  'the map of tables names no table that is gone': {
    red: [
      [{ 'src/db/migrations/1.sql': everyTable.replace('create table data.users ();', '') }, ['no migration makes users of governance']],
    ],
    green: { 'src/db/migrations/1.sql': everyTable },
  },
  'nothing is exported by default': {
    red: [
      [{ 'src/base/a.ts': '\nexport default {}' }, ['src/base/a.ts:2 exports by default']],
      [{ 'bench/a.ts': 'const a = 1; export { a as default }' }, ['bench/a.ts:1 exports by default']],
    ],
    green: { 'src/base/a.ts': "import pg from 'pg'; // export default" },
  },
  'there are no barrels': {
    red: [
      [{ 'src/formats/index.ts': "// all\nexport * from './a.ts';\nexport type { B } from './b.ts';" }, ['src/formats/index.ts']],
      [{ 'src/http/all.ts': "import { a } from './a.ts'\nexport { a }" }, ['src/http/all.ts']],
    ],
    green: {
      'src/operations/index.ts': "export * from './labs.ts'",
      'src/http/a.ts': "export { b } from './b.ts'; export const c = 1;",
      'bin/a.mjs': "import '../src/main.ts'",
    },
  },
  'there are no circles, of types neither': {
    red: [
      [
        {
          'src/base/a.ts': "import type { B } from './b.ts'",
          'src/base/b.ts': "import { c } from './c.ts'",
          'src/base/c.ts': "export * from './a.ts'",
        },
        ['src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts'],
      ],
      [{ 'src/base/a.ts': "import { a } from './a.ts'" }, ['src/base/a.ts -> src/base/a.ts']],
    ],
    green: { 'src/base/a.ts': "import './b.ts'; import './c.ts'", 'src/base/b.ts': "import './c.ts'", 'src/base/c.ts': '' },
  },
  'no file is over 400 lines': {
    red: [[{ 'test/a.ts': '//\n'.repeat(401) }, ['test/a.ts has 401 lines']]],
    green: {
      'clinic/a.ts': '//\n'.repeat(400),
      'src/db/migrations/1.sql': '--\n'.repeat(900),
      'admin/api/generated.ts': '//\n'.repeat(900),
    },
  },
  'any is written in one file': {
    red: ['const a: any = 1', 'b as any', 'Array<any>', 'type F = () => any', 'let c: string | any[]'].map((text) => [
      { 'src/base/a.ts': text },
      ['src/base/a.ts:1 says any'],
    ]),
    green: {
      'src/operations/operation.ts': 'O = any',
      'src/base/a.ts': 'await Promise.any([a]); // : any\nconst any = ["as any"]; const x: anything = 1',
    },
  },
};
