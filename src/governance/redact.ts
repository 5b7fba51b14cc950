import { createHmac, type KeyObject } from 'node:crypto';
import * as z from 'zod';

/** A keyed hash of one value, 128 bits: the same person hashes alike in every row of one clinic, and no table of birth dates reverses it (mission.md D6). */
export function keyed(key: KeyObject, kind: string, value: string): string {
  const normal = value.normalize('NFC').toLowerCase().trim().replaceAll(/\s+/g, ' ');
  return `h2:${createHmac('sha256', key).update(`${kind}\0${normal}`).digest('hex').slice(0, 32)}`;
}

/** The arguments of a call as the audit row keeps them: enums, numbers, booleans and strings marked clear as they are; every other string as a keyed hash;
 *  what the schema does not know as a count. Takes anything a caller may send, bad input too; the answer is small, whatever came in. */
export function redact(schema: z.ZodObject | undefined, input: unknown, key: KeyObject): Record<string, unknown> {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return { not_an_object: shapeOf(input) };
  const shape: Record<string, unknown> = schema?.shape ?? {};
  const kept: Record<string, unknown> = {};
  let unknown_fields = 0;
  for (const [field, value] of Object.entries(input)) {
    if (Object.hasOwn(shape, field)) kept[field] = redactValue(shape[field] as z.ZodType, value, field, key);
    else unknown_fields += 1;
  }
  return unknown_fields > 0 ? { ...kept, unknown_fields } : kept;
}

function redactValue(schema: z.ZodType, value: unknown, field: string, key: KeyObject): unknown {
  const inner = unwrap(schema);
  const { phi, clear, secret } = inner.meta() ?? {};
  if (secret) return 'secret';
  if (typeof value === 'string') {
    if (phi === undefined && (clear || inner instanceof z.ZodEnum) && isStorable(value) && inner.safeParse(value).success) return value;
    return keyed(key, phi ?? field, value);
  }
  if (phi !== undefined) return shapeOf(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : shapeOf(value);
  if (Array.isArray(value) && inner instanceof z.ZodArray && value.length <= 20)
    return value.map((item) => redactValue(inner.element as z.ZodType, item, field, key));
  if (inner instanceof z.ZodObject && value !== null && typeof value === 'object' && !Array.isArray(value))
    return redact(inner, value, key);
  return shapeOf(value);
}

/** What jsonb takes: no NUL, no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The schema below optional, default and nullable. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable)
    inner = inner.unwrap() as z.ZodType;
  return inner;
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `array of ${value.length}`;
  return value === null ? 'null' : typeof value;
}
