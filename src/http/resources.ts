// What MCP reads by URI: operations with a door `resource`. A URI names a record by its opaque id, never by a name or a birth date.
import { catalogue } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';

interface Template {
  name: string;
  uri: RegExp;
}

const templates: readonly Template[] = catalogue.flatMap((operation) => {
  const uri = uriTemplateOf(operation);
  return uri === undefined ? [] : [{ name: operation.name, uri: pattern(uri) }];
});

/** `attending://patients/{patient_id}/summary` of an operation that is a resource. */
export function uriTemplateOf(operation: Operation): string | undefined {
  return operation.effect === 'read' && (operation.doors as readonly string[]).includes('resource') ? operation.uri : undefined;
}

/** The operation that a URI asks, with its input; undefined for a URI that is none of ours. What its parts hold is parsed by the operation. */
export function askedBy(uri: unknown): { name: string; input: Record<string, string> } | undefined {
  if (typeof uri !== 'string') return undefined;
  for (const template of templates) {
    const found = template.uri.exec(uri);
    if (found) return { name: template.name, input: { ...found.groups } };
  }
  return undefined;
}

function pattern(template: string): RegExp {
  const escaped = template.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/?#]{1,100})')}$`);
}
