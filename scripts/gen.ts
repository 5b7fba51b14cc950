// `npm run gen`: renews what is generated and committed: docs/openapi.json, docs/tools.md, src/db/schema.sql. Twice gives the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { VERSION } from '../src/app.ts';
import { migrate } from '../src/db/migrate.ts';
import { asSuperuser, startPrivatePostgres } from '../src/db/postgres.ts';
import { printSchema } from '../src/db/print-schema.ts';
import { merge, type Source, supports } from '../src/domains/index.ts';
import { ROLES, type Role } from '../src/governance/roles.ts';
import { openApi } from '../src/http/openapi.ts';
import { answerSchemaOf, type JsonSchema, jsonSchemaOf, toolOf } from '../src/http/tool-schema.ts';
import { catalogue } from '../src/operations/index.ts';
import type { Door, Operation } from '../src/operations/operation.ts';
import { CONNECTORS } from '../src/sources/index.ts';
import { aSweptFolder } from '../test/sweep.ts';

const ROOT = path.join(import.meta.dirname, '..');

write('docs/openapi.json', `${JSON.stringify(openApi(catalogue, { version: VERSION }), null, 2)}\n`);
write('docs/tools.md', toolsPage());
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
    await migrate({ admin: asSuperuser(server), api_password: 'of a server that lives for a second' });
    await client.connect();
    return await printSchema(client);
  } finally {
    await client.end().catch(() => {});
    await sweep();
  }
}

function toolsPage(): string {
  const listed = catalogue.filter(({ doors }) => (doors as readonly Door[]).includes('mcp'));
  const total = listed.reduce((sum, operation) => sum + bytesOf(operation), 0);
  return `<!-- Made by \`npm run gen\` from src/operations/. Names and arguments are a published contract: a change here is told in the CHANGELOG. -->
# Tools

${listed.length} MCP tools, ${total} bytes of \`tools/list\`. Each answers the same JSON over REST, and each call leaves one row in the clinic's audit log.
A credential is listed what its role may and what its clinic's record systems can. Every answer holds \`source\`, \`as_of\` and \`time_zone\` besides its own fields;
a list also \`truncated\` and \`cursor\` when there is more.

| tool | toolset | effect | roles | bytes |
|---|---|---|---|---|
${catalogue.map((operation) => `| [\`${operation.name}\`](#${operation.name}) | ${operation.toolset} | ${operation.effect} | ${rolesOf(operation).join(', ')} | ${bytesOf(operation)} |`).join('\n')}

${catalogue.map(section).join('\n')}`;
}

function section(operation: Operation): string {
  const { name, title, description, toolset, permission, effect, rest, doors, needs, input } = operation;
  return `## ${name}
**${title}.** ${description}

- REST: \`${rest}\`; doors: ${doors.join(', ')}
- toolset \`${toolset}\`, permission \`${permission}\`, effect \`${effect}\`
- roles: ${rolesOf(operation).join(', ')}
- record systems: ${sourcesOf(operation).join(', ')} (needs ${needs.map((need: string) => `\`${need}\``).join(', ')})
- ${bytesOf(operation)} bytes in \`tools/list\`

Arguments:
${fieldsOf(jsonSchemaOf(input, { io: 'input', detail: 'full' }), 'argument') || 'none\n'}
Answer:
${fieldsOf(withoutEnvelope(answerSchemaOf(operation, 'full')), 'answer')}`;
}

function bytesOf(operation: Operation): number {
  return Buffer.byteLength(JSON.stringify(toolOf(operation)));
}

/** An integration has what its owner grants it, out of what an owner may. */
function rolesOf({ permission }: Operation): string[] {
  return (Object.keys(ROLES) as Role[])
    .filter((role) => (ROLES[role].permissions as readonly string[]).includes(permission) || role === 'integration')
    .map((role) => (role === 'integration' ? 'integration (where granted)' : role));
}

/** The vendors whose source, with the house's own books, has every need. Opening does no I/O. */
function sourcesOf({ needs }: Operation): string[] {
  const nothing = () => Promise.reject(new Error('a page reads no record'));
  const books: Source = { references: { read: nothing } };
  if (needs.every((need: Parameters<typeof supports>[1]) => supports(books, need))) return ['every one'];
  return Object.values(CONNECTORS)
    .filter(({ vendor, open }) => {
      const around = { tx: { rows: nothing }, now: new Date(0), today: '1970-01-01', time_zone: 'UTC' };
      const source = merge(open({ id: '', vendor, settings: {}, modules: [] }, around), books);
      return needs.every((need: Parameters<typeof supports>[1]) => supports(source, need));
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
