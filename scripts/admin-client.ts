// What the admin application asks, as types: route, input and answer of every operation with the door `admin`, printed from the catalogue.
import { answerSchemaOf, type JsonSchema, jsonSchemaOf } from '../src/http/tool-schema.ts';
import type { Door, Operation } from '../src/operations/operation.ts';

const WIDEST = 120;
/** What execute puts around every answer. */
const ENVELOPE = ['source', 'as_of', 'time_zone', 'truncated'];

/** The text of admin/api/generated.ts. */
export function adminClient(catalogue: readonly Operation[]): string {
  const served = catalogue
    .filter(({ doors }) => (doors as readonly Door[]).includes('admin'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const routes = served.map(({ name, rest }) => `  ${name}: '${rest}',`);
  const inputs = served.map(
    ({ name, input }) => `  ${name}: ${written(jsonSchemaOf(input, { io: 'input', detail: 'full' }), ' | undefined')};`,
  );
  const outputs = served.map(
    (operation) => `  /** ${operation.title}. */\n  ${operation.name}: Answer & ${written(ownOf(answerSchemaOf(operation, 'full')))};`,
  );
  return `// Made by \`npm run gen\` from the operations with the door \`admin\` in src/operations/; client.ts asks by it.

/** Method, and path below /admin/v1. */
export const ROUTES = {
${routes.join('\n')}
} as const;

/** What stands around every answer. */
interface Answer {
  source: string;
  as_of: string;
  time_zone: string;
  truncated?: boolean;
}

export interface Inputs {
${inputs.join('\n')}
}

export interface Outputs {
${outputs.join('\n')}
}
`;
}

const ownOf = ({ properties, ...schema }: JsonSchema): JsonSchema => ({
  ...schema,
  properties: Object.fromEntries(Object.entries(properties as JsonSchema).filter(([field]) => !ENVELOPE.includes(field))),
});

/** An object, each of its own fields on a line where one line is too short for all. `absent` is what a field may be that need not be there. */
function written(schema: JsonSchema, absent = ''): string {
  const fields = membersOf(schema, absent);
  const line = `{ ${fields.join('; ')} }`;
  if (fields.length === 0) return 'Record<string, never>';
  return line.length <= WIDEST ? line : `{\n${fields.map((field) => `    ${field};\n`).join('')}  }`;
}

function membersOf({ properties = {}, required = [] }: JsonSchema, absent = ''): string[] {
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => {
    const field = /^\w+$/.test(name) ? name : JSON.stringify(name);
    return (required as string[]).includes(name) ? `${field}: ${typeOf(schema)}` : `${field}?: ${typeOf(schema)}${absent}`;
  });
}

/** A JSON schema as a TypeScript type, on one line. Throws where it says what has no type here. */
function typeOf(schema: JsonSchema): string {
  const options = optionsOf(schema);
  if (options) return options.join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array': {
      const items = schema.items as JsonSchema | undefined;
      if (schema.prefixItems || typeof items !== 'object') break;
      return (optionsOf(items)?.length ?? 1) > 1 ? `(${typeOf(items)})[]` : `${typeOf(items)}[]`;
    }
    case 'object':
      return schema.properties
        ? `{ ${membersOf(schema).join('; ')} }`
        : `Record<string, ${typeOf((schema.additionalProperties ?? {}) as JsonSchema)}>`;
    default:
      if (Object.keys(schema).every((word) => word === 'description')) return 'unknown';
  }
  throw new Error(`no type for ${JSON.stringify(schema).slice(0, 120)}`);
}

/** The types of which a value has one, where its schema lists them. */
function optionsOf(schema: JsonSchema): string[] | undefined {
  if ('const' in schema) return [literal(schema.const)];
  if (Array.isArray(schema.enum)) return schema.enum.map(literal);
  const options = Array.isArray(schema.type)
    ? schema.type.map((type) => ({ ...schema, type }))
    : (schema.anyOf as JsonSchema[] | undefined);
  return options && [...new Set(options.map(typeOf))];
}

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : JSON.stringify(value);
