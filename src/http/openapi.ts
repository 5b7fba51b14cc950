// OpenAPI 3.1 of the REST door and of the desk, made from the catalogue: the routes, schemas and refusals that rest.ts serves, and nothing written twice.
import * as z from 'zod';
import { FAULTS, type FaultType } from '../base/fault.ts';
import { unwrap } from '../governance/redact.ts';
import type { Operation, Toolset } from '../operations/operation.ts';
import { exampleOf } from './examples.ts';
import { LOGIN_COOKIE, OURS } from './knock.ts';
import { PROBLEMS } from './problem.ts';
import { answerSchemaOf, type JsonSchema, jsonSchemaOf } from './tool-schema.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
  style?: 'deepObject';
  explode?: boolean;
}

export interface Described {
  operationId: string;
  summary: string;
  description: string;
  tags: [Tag];
  /** Of the desk; a program's is that of the document. */
  security?: Record<string, never[]>[];
  'x-permission': string;
  'x-effect': Operation['effect'];
  parameters: Parameter[];
  requestBody?: { required: true; content: { 'application/json': { schema: JsonSchema; example: unknown } } };
  responses: Record<string, JsonSchema>;
}

type Tag = Toolset | 'desk';
/** The desk's paths have a server of their own: there is a GET /drafts/{draft_id} at both doors, and they are not the same. */
type Path = { servers?: { url: string }[] } & Partial<Record<'get' | 'post', Described>>;

export interface OpenApi {
  openapi: string;
  jsonSchemaDialect: string;
  info: JsonSchema & { title: string; version: string; description: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  tags: { name: Tag; description: string }[];
  paths: Record<string, Path>;
  components: {
    securitySchemes: JsonSchema;
    responses: Record<string, JsonSchema>;
    schemas: Record<string, JsonSchema>;
    headers: Record<string, JsonSchema>;
  };
}

/** What each toolset is about, in the order in which a reader meets them. */
const TAGS: Record<Tag, string> = {
  patients: 'Find a patient; demographics, contact and insurance.',
  scheduling: 'Appointments, and who works when.',
  chart: 'What was written and signed.',
  results: 'Labs, vitals, medications, allergies and conditions.',
  coverage: 'Insurance, eligibility, authorizations and referrals.',
  billing: 'Claims, remittances and balances.',
  finance: 'What the clinic earns.',
  quality: 'Care plans and care gaps.',
  practice: 'The inbox and its tasks.',
  knowledge: "The clinic's own protocols.",
  always: 'What every credential has.',
  desk: 'What people do at /admin: for a login, and for no credential.',
};

const INTRODUCTION = `Every operation answers exactly the JSON that the MCP tool of the same name gives. What a credential may do, and what its record system can,
is listed at \`GET /api/v1\`; anything else is not there (404). Each call, refused ones too, leaves one row in the clinic's audit log, and \`X-Audit-Id\` names it.
What stands under \`/admin/v1\` is the desk's: people have it, by the cookie of their login.`;

/** The refusals that any operation may answer, by status. */
const REFUSALS = Object.entries(Object.groupBy(Object.keys(FAULTS) as FaultType[], (type) => FAULTS[type].status)) as [
  string,
  FaultType[],
][];

export function openApi(
  catalogue: readonly Operation[],
  { version, server_url = '/api/v1' }: { version: string; server_url?: string },
): OpenApi {
  const served = catalogue.filter(({ doors }) => doors.includes('rest'));
  const at_the_desk = catalogue.filter(({ doors }) => doors.includes('admin'));
  const used = new Set<Tag>([...served.map(({ toolset }) => toolset), ...(at_the_desk.length > 0 ? ['desk' as const] : [])]);
  const paths: OpenApi['paths'] = {};
  for (const operation of served) {
    const [method, path] = operation.rest.split(' ') as [string, string];
    paths[path] = { ...paths[path], [method.toLowerCase()]: described(operation, path) };
  }
  const servers = [{ url: server_url.replace(/\/api\/v1$/, '/admin') }];
  for (const operation of at_the_desk) {
    const [method, path] = operation.rest.split(' ') as [string, string];
    paths[`/v1${path}`] = { servers, ...paths[`/v1${path}`], [method.toLowerCase()]: ofTheDesk(described(operation, path), method) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Attending',
      version,
      summary: "A clinic's record, for programs.",
      description: INTRODUCTION.replaceAll('\n', ' '),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server_url }],
    security: [{ bearer: [] }],
    tags: (Object.entries(TAGS) as [Tag, string][])
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A credential of one user of one clinic: `Authorization: Bearer mscp_…`.' },
        login: { type: 'apiKey', in: 'cookie', name: LOGIN_COOKIE, description: 'The login of a person, from password and second factor.' },
        ours: {
          type: 'apiKey',
          in: 'header',
          name: OURS,
          description: 'Always `1`. A page of another site cannot set it, so what changes something is asked for by a page of ours.',
        },
      },
      headers: {
        AuditId: { description: "The row of the clinic's audit log that this call left.", schema: { type: 'string', format: 'uuid' } },
        ETag: {
          description:
            'Weak: of the answer without `as_of`, for this credential. Send it back as If-None-Match and an unchanged answer is a 304, audited like any other.',
          schema: { type: 'string' },
        },
      },
      schemas: { Problem },
      responses: {
        NotModified: {
          description: 'The answer is the one of this ETag, but for `as_of`.',
          headers: { ETag: { $ref: '#/components/headers/ETag' }, 'X-Audit-Id': AUDIT_ID },
        },
        ...Object.fromEntries(REFUSALS.map(([status, types]) => [`Problem${status}`, refusal(types)])),
      },
    },
  };
}

/** What an operation is at the door of people: another name where programs have it too, the cookie, and for a change the header. */
function ofTheDesk({ operationId, ...rest }: Described, method: string): Described {
  return {
    operationId: `admin_${operationId}`,
    ...rest,
    tags: ['desk'],
    security: [method === 'GET' ? { login: [] } : { login: [], ours: [] }],
  };
}

const AUDIT_ID = { $ref: '#/components/headers/AuditId' };

const Problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. Never a value of the request or of a record.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'what kind of refusal; the address explains it' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'which field, and what is allowed' },
    recover: { type: 'string', description: 'what to do next' },
    request_id: { type: 'string', format: 'uuid', description: 'of an internal error: what to tell us' },
    retry_after_s: { type: 'number' },
  },
  required: ['type', 'title', 'status'],
};

function refusal(types: readonly FaultType[]): JsonSchema {
  const example = (type: FaultType) => ({
    type: PROBLEMS + type,
    title: FAULTS[type].title,
    status: FAULTS[type].status,
    recover: FAULTS[type].recover,
  });
  const needs_bearer = types.includes('unauthenticated');
  return {
    description: types.map((type) => `\`${type}\`: ${FAULTS[type].title}.`).join(' '),
    ...(needs_bearer
      ? { headers: { 'WWW-Authenticate': { schema: { type: 'string', const: 'Bearer' } } } }
      : { headers: { 'X-Audit-Id': AUDIT_ID } }),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(types.map((type) => [type, { value: example(type) }])),
      },
    },
  };
}

function described(operation: Operation, path: string): Described {
  const { name, title, description, toolset, permission, effect, input, output } = operation;
  const in_path = [...path.matchAll(/\{(\w+)\}/g)].map(([, param = '']) => param);
  const is_get = operation.rest.startsWith('GET ');
  const {
    properties = {},
    required = [],
    ...rest
  } = jsonSchemaOf(input, { io: 'input', detail: 'full' }) as { properties?: Record<string, JsonSchema>; required?: string[] };
  const examples = exampleOf(input) as Record<string, unknown>;
  const fields = Object.keys(properties).filter((field) => is_get || in_path.includes(field));
  const parameters = fields.map((field) =>
    parameterOf(field, properties[field] as JsonSchema, { in_path, required, example: examples[field], schema: input.shape[field] }),
  );
  const left = Object.keys(properties).filter((field) => !fields.includes(field));
  const body = {
    schema: { ...rest, properties: pick(properties, left), required: required.filter((field) => left.includes(field)) },
    example: pick(examples, left),
  };

  const page = effect === 'read' ? operation.page : undefined;
  const schema = answerSchemaOf(operation, 'full');
  const example = {
    source: 'native',
    as_of: '2026-11-20T09:05:00-05:00',
    time_zone: 'America/New_York',
    ...(exampleOf(output) as Record<string, unknown>),
  };
  const rows = page && ((schema.properties as Record<string, JsonSchema>)[page.list]?.items as JsonSchema);
  return {
    operationId: name,
    summary: title,
    description,
    tags: [toolset],
    'x-permission': permission,
    'x-effect': effect,
    parameters,
    ...(!is_get && { requestBody: { required: true, content: { 'application/json': body } } }),
    responses: {
      200: {
        description: page
          ? `The answer; as NDJSON one row of \`${page.list}\` a line, and the rest of the answer in the last.`
          : 'The answer.',
        headers: { 'X-Audit-Id': AUDIT_ID, ...(is_get && { ETag: { $ref: '#/components/headers/ETag' } }) },
        content: {
          'application/json': { schema, example },
          ...(page && { 'application/x-ndjson': { schema: { anyOf: [rows, restOf(schema, page.list)] } } }),
        },
      },
      ...(is_get && { 304: { $ref: '#/components/responses/NotModified' } }),
      ...Object.fromEntries(
        REFUSALS.filter(([status]) => status !== '413' || !is_get).map(([status]) => [
          status,
          { $ref: `#/components/responses/Problem${status}` },
        ]),
      ),
    },
  };
}

function parameterOf(
  name: string,
  { description, ...schema }: JsonSchema,
  of: { in_path: string[]; required: string[]; example: unknown; schema: z.ZodType },
): Parameter {
  const is_object = unwrap(of.schema) instanceof z.ZodObject;
  return {
    name,
    in: of.in_path.includes(name) ? 'path' : 'query',
    required: of.in_path.includes(name) || of.required.includes(name),
    ...(typeof description === 'string' && { description }),
    schema,
    ...(of.example !== undefined && { example: of.example }),
    ...(is_object && { style: 'deepObject', explode: true }),
  };
}

/** A line of NDJSON that is no row. */
function restOf({ properties, required, ...schema }: JsonSchema, list: string): JsonSchema {
  const { [list]: _, ...others } = properties as JsonSchema;
  return { ...schema, properties: others, required: (required as string[]).filter((field) => field !== list) };
}

function pick<T>(from: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name] as T]])));
}
