// A recipe: what is read of one surface of a vendor and what it means, with the contract that it relies on. It is data, it is signed, and nothing in it can be run: it can be
// delivered to a clinic, tried and taken back without a release of the program. Source: E31; connectors.md §1.3, machine H.
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { Contract, FieldPath } from './contract-shape.ts';

const Word = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'is not a word like lab_results');
const RECIPE_SCHEMA = 1;

/** One field of a record of ours. Paths begin at the row. */
const MappedField = z.strictObject({
  from: FieldPath,
  /** Where the vendor says the unit, the code and the words for it; kept as they were. */
  unit_from: FieldPath.optional(),
  code_from: FieldPath.optional(),
  display_from: FieldPath.optional(),
  /** Where the vendor says when the fact was so. */
  time_from: FieldPath.optional(),
  /** What is taken for granted, in words that are listed: `unit_of_the_practice`. */
  assumptions: z.array(Word).max(10),
});

const Mapping = z.strictObject({
  version: z.int().min(1).max(1_000_000),
  /** The list whose elements are the records; null: the answer is one record. */
  rows: FieldPath.nullable(),
  fields: z.record(Word, MappedField),
});
export type Mapping = z.infer<typeof Mapping>;

export const Recipe = z
  .strictObject({
    schema: z.literal(RECIPE_SCHEMA),
    vendor: Word,
    surface: Word,
    /** Of this recipe: a higher one replaces a lower one. */
    version: z.int().min(1).max(1_000_000_000),
    effect: z.enum(['read', 'write']),
    contract: Contract,
    /** Null for a surface that is only written to. */
    mapping: Mapping.nullable(),
  })
  .refine(({ contract, mapping }) => mapping === null || uncontracted(mapping, contract).length === 0, {
    message: 'what is mapped stands in the contract',
    path: ['mapping'],
  });
export type Recipe = z.infer<typeof Recipe>;

const Bundle = z.strictObject({
  recipe: z.record(z.string(), z.unknown()),
  key_id: z.string().regex(/^[\w-]{1,40}$/),
  signature: z.base64url().length(86),
});

/** What of this surface is here already. */
export interface Held {
  /** The versions that are tried or in force. */
  in_use: readonly number[];
  /** The highest version that was ever taken back, 0 for none: what was taken back never returns, nor what is older. */
  taken_back: number;
}

/** The paths that are read though the contract does not speak of them: they could change and nobody would know. */
function uncontracted({ rows, fields }: Mapping, contract: Contract): string[] {
  if (contract.of !== 'json') return [...Object.keys(fields)];
  const row = rows === null ? '$' : `${rows}[]`;
  const read = Object.values(fields).flatMap(({ from, unit_from, code_from, display_from, time_from }) =>
    [from, unit_from, code_from, display_from, time_from].filter((path) => path !== undefined).map((path) => row + path.slice(1)),
  );
  return read.filter((path) => !Object.hasOwn(contract.fields, path));
}

const REFUSALS = {
  not_a_bundle: 'It is not a recipe bundle. Deliver the file as it was made.',
  too_large: 'It is larger than a recipe can be. Deliver the file as it was made.',
  unsigned: 'It has no signature. Nothing of it was read; deliver a signed bundle.',
  unknown_key: 'It is signed by a key that is not pinned here. Nothing of it was read; ask who made it.',
  altered:
    'Its signature does not fit its content: it was changed after it was signed. Nothing of it was read; deliver it again from where it was made.',
  unknown_schema: 'It is written for another version of the program. Update the program first.',
  not_closed: 'It holds something that a recipe cannot hold. It has to be made again.',
  taken_back: 'This version, or a newer one, was taken back here. Deliver one with a higher version.',
  not_newer: 'A version as new or newer is here already.',
} as const;
export type Refusal = keyof typeof REFUSALS;

export type Read = { recipe: Recipe } | { refused: Refusal; says: string; where?: string };

const MOST_BYTES = 1024 * 1024;
/** No signature made for anything else fits a recipe. */
const SIGNED_AS = 'attending recipe 1\n';

/** Reads a delivered bundle. Nothing of it is looked at before its signature fits; `keys`: the pinned Ed25519 public keys by their ids. Never throws. */
export function readBundle(
  bytes: Buffer,
  { keys, heldOf }: { keys: ReadonlyMap<string, KeyObject>; heldOf: (recipe: Pick<Recipe, 'vendor' | 'surface'>) => Held },
): Read {
  if (bytes.length > MOST_BYTES) return refused('too_large');
  const parsed = parsedJson(bytes);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refused('not_a_bundle');
  if (!('signature' in parsed) || !('key_id' in parsed) || parsed.signature === null || parsed.signature === '') return refused('unsigned');
  const bundle = Bundle.safeParse(parsed);
  if (!bundle.success) return refused('not_a_bundle');
  const key = keys.get(bundle.data.key_id);
  if (!key) return refused('unknown_key');
  const signed = canonicalBytes((parsed as unknown as { recipe: unknown }).recipe);
  if (!signed || !verify(null, signed, key, Buffer.from(bundle.data.signature, 'base64url'))) return refused('altered');

  const { recipe: content } = parsed as unknown as { recipe: { schema?: unknown } };
  if (content.schema !== RECIPE_SCHEMA) return refused('unknown_schema');
  const recipe = Recipe.safeParse(content);
  if (!recipe.success) return refused('not_closed', recipe.error.issues[0]?.path.join('.'));
  const { in_use, taken_back } = heldOf(recipe.data);
  if (recipe.data.version <= taken_back) return refused('taken_back');
  if (in_use.some((version) => version >= recipe.data.version)) return refused('not_newer');
  return { recipe: recipe.data };
}

/** `where`: the first place of a signed recipe that the schema does not know. */
function refused(refusal: Refusal, where?: string): Read {
  return { refused: refusal, says: REFUSALS[refusal], ...(where !== undefined && { where }) };
}

/** Signs a recipe: for those who make recipes, never in a clinic. Throws for a recipe that would be refused. */
export function signedBundle(recipe: Recipe, { key_id, key }: { key_id: string; key: KeyObject }): Buffer {
  const content = Recipe.parse(recipe);
  const signature = sign(null, canonicalBytes(content) as Buffer, key).toString('base64url');
  return Buffer.from(JSON.stringify({ recipe: content, key_id, signature }));
}

/** A pinned key from its 32 raw bytes in base64url (RFC 8037). Throws for anything else. */
export function pinnedKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** RFC 8785 for what a recipe may hold: names sorted, no white space, whole numbers. Undefined for anything else, or what lies too deep. */
export function canonicalBytes(value: unknown): Buffer | undefined {
  const text = canonical(value, 0);
  return text === undefined ? undefined : Buffer.from(SIGNED_AS + text);
}

const MOST_DEPTH = 32;

function canonical(value: unknown, depth: number): string | undefined {
  if (depth > MOST_DEPTH) return undefined;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : undefined;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'object') return undefined;
  const parts = Array.isArray(value)
    ? value.map((each) => canonical(each, depth + 1))
    : Object.keys(value)
        .sort()
        .map((name) => {
          const each = canonical((value as Record<string, unknown>)[name], depth + 1);
          return each === undefined || !name.isWellFormed() ? undefined : `${JSON.stringify(name)}:${each}`;
        });
  if (parts.includes(undefined)) return undefined;
  return Array.isArray(value) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}
