// `npm run gen`: renews what is generated and committed: docs/openapi.json, docs/tools.md, admin/api/generated.ts, src/db/schema.sql. Twice gives the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { VERSION } from '../src/app.ts';
import { migrate } from '../src/db/migrate.ts';
import { asSuperuser, startPrivatePostgres } from '../src/db/postgres.ts';
import { printSchema } from '../src/db/print-schema.ts';
import { supports } from '../src/domains/index.ts';
import { permissionsOf, ROLES, type Role } from '../src/governance/roles.ts';
import { openApi } from '../src/http/openapi.ts';
import { answerSchemaOf, type JsonSchema, jsonSchemaOf, toolOf } from '../src/http/tool-schema.ts';
import { catalogue } from '../src/operations/index.ts';
import { type Door, needsOf, type Operation } from '../src/operations/operation.ts';
import { CONNECTORS } from '../src/sources/index.ts';
import { aSweptFolder } from '../test/sweep.ts';
import { adminClient } from './admin-client.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** What the house itself answers, whatever the record system. */
const HOUSE = ['references', 'drafts', 'approvals', 'credentials', 'audit', 'people', 'webhooks', 'vendor_writes'];

write('docs/openapi.json', `${JSON.stringify(openApi(catalogue, { version: VERSION }), null, 2)}\n`);
write('docs/tools.md', toolsPage());
write('admin/api/generated.ts', adminClient(catalogue));
write('src/db/schema.sql', await freshSchema());

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
  writeFileSync(path.join(ROOT, file), text);
  console.log(`${file} ${Buffer.byteLength(text)} bytes`);
}

/** The schema of a database that the migrations made just now. */
async function freshSchema(): Promise<string> {
  const { folder, sweep } = aSweptFolder();
  const server = await startPrivatePostgres({ data_folder: path.join(folder, 'data'), log: () => {}, settings: { fsync: 'off' } });
  const client = new pg.Client(asSuperuser(server));
  try {
    await migrate({
      admin: asSuperuser(server),
      api_password: 'of a server that lives for a second',
      sender_password: 'as long',
      keeper_password: 'as long',
    });
    await client.connect();
    return await printSchema(client);
  } finally {
    await client.end().catch(() => {});
    await sweep();
  }
}

function toolsPage(): string {
  const listed = catalogue.filter(isTool);
  const others = catalogue.filter((operation) => !isTool(operation));
  const total = listed.reduce((sum, operation) => sum + bytesOf(operation), 0);
  return `<!-- Made by \`npm run gen\` from src/operations/. Names and arguments are a published contract: a change here is told in the CHANGELOG. -->
# Tools

${listed.length} MCP tools, ${total} bytes of \`tools/list\`. Each answers the same JSON over REST, and each call leaves one row in the clinic's audit log.
A credential is listed what its role may and what its clinic's record systems can. Every answer holds \`source\`, \`as_of\` and \`time_zone\` besides its own fields;
a list also \`truncated\` and \`cursor\` when there is more.

| tool | toolset | effect | roles | bytes |
|---|---|---|---|---|
${listed.map((operation) => `| [\`${operation.name}\`](#${operation.name}) | ${operation.toolset} | ${operation.effect} | ${rolesOf(operation).join(', ')} | ${bytesOf(operation)} |`).join('\n')}

${listed.map(section).join('\n')}
# What is no tool

What MCP reads as a resource, and what people do at the desk: these stand at \`/admin/v1\`, for a login and for no credential.

| operation | doors | effect | roles |
|---|---|---|---|
${others.map((operation) => `| [\`${operation.name}\`](#${operation.name}) | ${operation.doors.join(', ')} | ${operation.effect} | ${rolesOf(operation).join(', ')} |`).join('\n')}

${others.map(section).join('\n')}`;
}

function isTool({ doors }: Operation): boolean {
  return (doors as readonly Door[]).includes('mcp');
}

function section(operation: Operation): string {
  const { name, title, description, toolset, permission, effect, rest, doors, input } = operation;
  return `## ${name}
**${title}.** ${description}

- REST: \`${rest}\`; doors: ${doors.join(', ')}
- toolset \`${toolset}\`, permission \`${permission}\`, effect \`${effect}\`
- roles: ${rolesOf(operation).join(', ')}
- record systems: ${sourcesOf(operation).join(', ')} (needs ${needsOf(operation)
    .map((need) => `\`${need}\``)
    .join(', ')})
${isTool(operation) ? `- ${bytesOf(operation)} bytes in \`tools/list\`\n` : ''}
Arguments:
${fieldsOf(jsonSchemaOf(input, { io: 'input', detail: 'full' }), 'argument') || 'none\n'}
Answer:
${fieldsOf(withoutEnvelope(answerSchemaOf(operation, 'full')), 'answer')}`;
}

function bytesOf(operation: Operation): number {
  return Buffer.byteLength(JSON.stringify(toolOf(operation)));
}

/** Who has it: by a credential, or, what is for people alone, by a login. An integration has what its owner grants it, out of what an owner's credential may. */
function rolesOf({ permission, doors }: Operation): string[] {
  const way = (doors as readonly Door[]).every((door) => door === 'admin') ? 'login' : 'credential';
  const has = (role: Role) => permissionsOf(role, null, way).permissions.has(permission);
  const roles = (Object.keys(ROLES) as Role[]).filter((role) => role !== 'integration' && has(role));
  return way === 'credential' && has('owner') ? [...roles, 'integration (where granted)'] : roles;
}

/** The vendors whose source, with the house's own books, has every need. Opening does no I/O. */
function sourcesOf(operation: Operation): string[] {
  const needs = needsOf(operation).filter((need) => !HOUSE.includes(need.split('.')[0] ?? ''));
  if (needs.length === 0) return ['every one'];
  const nothing = () => Promise.reject(new Error('a page reads no record'));
  return Object.values(CONNECTORS)
    .filter(({ vendor, open }) => {
      const around = { tx: { rows: nothing }, now: new Date(0), today: '1970-01-01', time_zone: 'UTC' };
      const source = open({ id: '', vendor, settings: {}, modules: [] }, around);
      return needs.every((need) => supports(source, need));
    })
    .map(({ vendor }) => vendor);
}

function withoutEnvelope({ properties, ...schema }: JsonSchema): JsonSchema {
  const own = Object.entries(properties as JsonSchema).filter(
    ([field]) => !['source', 'as_of', 'time_zone', 'truncated', 'cursor'].includes(field),
  );
  return { ...schema, properties: Object.fromEntries(own) };
}

/** One line a field; those of rows below it. */
function fieldsOf(schema: JsonSchema, of: 'argument' | 'answer', indent = ''): string {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)
    .map(([field, sub]) => {
      const below = (sub.type === 'array' ? sub.items : sub) as JsonSchema;
      const told = [typeOf(sub), presence(of, required.includes(field)), limitsOf(sub), sub.description].filter(Boolean).join('; ');
      return `${indent}- \`${field}\`: ${told}\n${fieldsOf(below, of, `${indent}  `)}`;
    })
    .join('');
}

function presence(of: 'argument' | 'answer', required: boolean): string {
  if (of === 'argument') return required ? 'required' : '';
  return required ? '' : 'where known';
}

function typeOf({ type, items, anyOf }: JsonSchema): string {
  if (Array.isArray(anyOf)) return anyOf.map((option) => typeOf(option as JsonSchema)).join(' or ');
  return type === 'array' ? `list of ${typeOf((items ?? {}) as JsonSchema)}` : String(type ?? 'any');
}

function limitsOf({ enum: choices, items, minimum, maximum, default: usual }: JsonSchema): string {
  const one_of = (choices ?? (items as JsonSchema | undefined)?.enum) as string[] | undefined;
  const range = minimum === undefined && maximum === undefined ? undefined : `${minimum ?? ''}…${maximum ?? ''}`;
  return [
    one_of?.map((choice) => `\`${choice}\``).join(' '),
    range,
    usual === undefined ? undefined : `default \`${JSON.stringify(usual)}\``,
  ]
    .filter(Boolean)
    .join('; ');
}
