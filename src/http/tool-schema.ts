// The JSON schemas that callers are shown: compact for a model, which pays for every byte of tools/list; full for OpenAPI, which is read by programs.
import * as z from 'zod';
import type { Operation } from '../operations/operation.ts';

export type JsonSchema = Record<string, unknown>;
/** How much a schema says. compact: what a model needs to fill it in. full: formats, patterns, limits, descriptions. */
export type Detail = 'compact' | 'full';

/** Marks of domains/mark.ts, which are ours and nobody else's. */
const OURS = ['words', 'grammar', 'phi', 'secret', 'clear', 'narrative', 'once'];
const LONGEST_PATTERN = 24;
/** Of domains/days.ts. */
const DAY = '^\\d{4}-\\d\\d-\\d\\d$';
const MOST_CHOICES = 6;
/** One tool's entry in tools/list is at most this long where dropping detail of its answer can make it so: with the whole catalogue the list stays below 32 KB. */
const TOOL_BYTES = 600;

/** The JSON schema (2020-12) of what goes in or comes out. Of an answer it says nothing that containment and bounds (governance/) could make false:
 *  any string may be a reference or be cut short, a Narrative is one string, and nothing is closed to other fields. */
export function jsonSchemaOf(schema: z.ZodType, { io, detail }: { io: 'input' | 'output'; detail: Detail }): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema, path }) =>
      trim(zodSchema as unknown as z.ZodType, jsonSchema as JsonSchema, { io, detail, isRoot: path.length === 0 }),
  });
  return made as JsonSchema;
}

/** What execute puts around every answer. */
const ENVELOPE = {
  full: {
    source: { type: 'string', description: 'the record system that answered' },
    as_of: { type: 'string', format: 'date-time', description: 'when it was read' },
    time_zone: { type: 'string', description: 'IANA time zone of the clinic' },
    truncated: { type: 'boolean', description: 'present and true when something was left out' },
  },
  // Their names say enough: 85 bytes less a tool.
  compact: { source: {}, as_of: {}, time_zone: {} },
};
const PAGED = {
  full: { cursor: { type: 'string', description: 'pass it with the same other arguments for what was left out' } },
  compact: { truncated: {}, cursor: {} },
};

/** The schema of a whole answer of this operation, envelope and all. */
export function answerSchemaOf(operation: Operation, detail: Detail): JsonSchema {
  // Every draft answers the same few words; sixteen times in full they would take the place of tools.
  if (operation.effect === 'draft' || operation.effect === 'batch') {
    if (detail === 'full') return { ...jsonSchemaOf(operation.output, { io: 'output', detail }) };
    const required = operation.effect === 'draft' ? ['draft_id', 'status', 'review_url'] : ['batch_id', 'drafts', 'review_url'];
    return { type: 'object', properties: Object.fromEntries(required.map((field) => [field, {}])), required };
  }
  const { properties, required, ...rest } = jsonSchemaOf(operation.output, { io: 'output', detail }) as {
    properties?: JsonSchema;
    required?: string[];
  };
  const paged = operation.effect === 'read' ? operation.page : undefined;
  const shown =
    paged?.hideId && properties ? { ...properties, [paged.list]: withoutRequired(properties[paged.list], paged.id) } : properties;
  return {
    ...rest,
    type: 'object',
    properties: { ...ENVELOPE[detail], ...shown, ...(paged && PAGED[detail]) },
    required: [...(detail === 'full' ? ['source', 'as_of', 'time_zone'] : []), ...(required ?? [])],
  };
}

/** An entry of tools/list. */
export interface ToolEntry {
  name: string;
  title: string;
  description: string;
  inputSchema: JsonSchema & { type: 'object' };
  /** Absent where the tool's entry would be too long with it: the answer's JSON speaks for itself. */
  outputSchema?: JsonSchema & { type: 'object' };
  annotations: { readOnlyHint: boolean; openWorldHint: boolean; destructiveHint?: false };
}

const entries = new WeakMap<Operation, ToolEntry>();

/** The entry of an operation in tools/list: made once. Its answer is described in less detail until the entry fits. */
export function toolOf(operation: Operation): ToolEntry {
  const known = entries.get(operation);
  if (known) return known;
  const { name, title, description, input, effect } = operation;
  const entry = (outputSchema: JsonSchema | undefined): ToolEntry => ({
    name,
    title,
    description,
    inputSchema: { type: 'object', ...jsonSchemaOf(input, { io: 'input', detail: 'compact' }) },
    ...(outputSchema && { outputSchema: { type: 'object', ...outputSchema } }),
    annotations: {
      readOnlyHint: effect === 'read',
      // Destructive is what a reader assumes of a tool that writes; ours only propose.
      ...(effect !== 'read' && { destructiveHint: false }),
      openWorldHint: effect === 'read' && operation.delivers === 'external',
    },
  });
  const typed = answerSchemaOf(operation, 'compact');
  const candidates = [typed, mapRows(typed, named), mapRows(typed, opaque), undefined].map(entry);
  const made =
    candidates.find((candidate) => Buffer.byteLength(JSON.stringify(candidate)) <= TOOL_BYTES) ?? (candidates.at(-1) as ToolEntry);
  entries.set(operation, made);
  return made;
}

/** Rows by the names of their fields only. */
const named = ({ properties }: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.keys(properties as JsonSchema).map((field) => [field, {}])),
});
/** Rows as objects: their JSON speaks for itself. */
const opaque = (): JsonSchema => ({ type: 'object' });

/** `schema` with what stands below its own fields, objects and rows of objects, told in fewer words. */
function mapRows(schema: JsonSchema, told: (row: JsonSchema) => JsonSchema): JsonSchema {
  const tell = (field: JsonSchema): JsonSchema => {
    if (field.properties) return { ...told(field) };
    return field.items ? { ...field, items: tell(field.items as JsonSchema) } : field;
  };
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, field]) => [name, tell(field)]),
    ),
  };
}

function withoutRequired(list: unknown, field: string): JsonSchema {
  const { items, ...rest } = list as { items?: JsonSchema & { required?: string[] } };
  return items?.required
    ? { ...rest, items: { ...items, required: items.required.filter((name) => name !== field) } }
    : { ...rest, ...(items && { items }) };
}

/** One node, in place, as zod's override wants it. */
function trim(zod: z.ZodType, node: JsonSchema, { io, detail, isRoot }: { io: 'input' | 'output'; detail: Detail; isRoot: boolean }): void {
  if (zod.meta()?.narrative) {
    for (const key of Object.keys(node)) if (key !== 'description') delete node[key];
    node.type = 'string';
  }
  const without = (...keys: string[]) => {
    for (const key of keys) delete node[key];
  };
  if (detail === 'compact' && node.once) without('description');
  without(...OURS);
  if (node.additionalProperties === false) without('additionalProperties');
  // A cursor is handed back as it came: its form is nobody's business.
  if (detail === 'compact' && zod.meta()?.phi === 'cursor') without('pattern');
  if (node.maximum === Number.MAX_SAFE_INTEGER) without('maximum');
  if (node.minimum === Number.MIN_SAFE_INTEGER) without('minimum');
  if (io === 'output') {
    without('pattern', 'format', 'minLength', 'maxLength', 'default');
    if (detail === 'full') return;
    without('description');
    if (!isRoot) without('required');
    if (Array.isArray(node.enum) && node.enum.length > MOST_CHOICES) without('enum');
  } else if (detail === 'compact') {
    // Bounds are told when they are overstepped.
    without('maxLength', 'minLength', 'format', 'minimum', 'maximum', 'minItems', 'maxItems');
    // A description tells a model the form better than a pattern does.
    if (node.pattern === DAY && !node.description) node.format = 'date';
    if (node.description || node.pattern === DAY || String(node.pattern).length > LONGEST_PATTERN) without('pattern');
  }
}
