// Where every fact comes from: the bytes that a vendor sent, the place in them, and the mapping that read it. Source: connectors.md §1.3, provenance; FHIR R4 Provenance, meta.source.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Instant = z.iso.datetime({ offset: true });
const Pointer = z.string().regex(/^(\/([^~/]|~0|~1)*)*$/);

/** Bytes as a vendor sent them; they are kept sealed, under their own hash. */
export const RawBlob = z.strictObject({
  raw_sha256: Sha256,
  vendor: z.string(),
  surface: z.string(),
  recipe_version: z.int(),
  /** By our clock. */
  fetched_at: Instant,
  /** By the vendor's, as its `Date` header said; null where it said nothing. */
  http_date: z.string().nullable(),
  /** Of the web-session that fetched it. */
  epoch: z.int(),
  operation_id: z.string(),
});
export type RawBlob = z.infer<typeof RawBlob>;

export const Fact = z.strictObject({
  raw_sha256: Sha256,
  /** RFC 6901, within the raw answer. */
  json_pointer: Pointer,
  mapping_version: z.int(),
  /** When it was so, as the vendor says it; null where it does not. */
  source_time: z.string().nullable(),
  fetched_at: Instant,
  unit_raw: z.string().nullable(),
  code_raw: z.string().nullable(),
  display_raw: z.string().nullable(),
  assumptions: z.array(z.string()),
});
export type Fact = z.infer<typeof Fact>;

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function rawBlob(bytes: Uint8Array, from: Omit<RawBlob, 'raw_sha256'>): RawBlob {
  return RawBlob.parse({ raw_sha256: sha256Of(bytes), ...from });
}

/** RFC 6901 §3. */
export function pointerOf(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What stands there; undefined where nothing does. RFC 6901 §4. */
export function atPointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) return undefined;
  let value = document;
  for (const step of pointer.slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) value = (value as Record<string, unknown>)[name];
    else return undefined;
  }
  return value;
}

/** The pointers of everything an answer says: each text, number and truth value. Null says nothing. */
export function leavesOf(answer: unknown, at = ''): string[] {
  if (answer === null || answer === undefined) return [];
  if (typeof answer !== 'object') return [at];
  return Object.entries(answer).flatMap(([name, each]) => leavesOf(each, at + pointerOf([name])));
}

export interface Unresolved {
  leaf: string;
  why: 'no fact' | 'bytes are not kept' | 'bytes are not what they were' | 'nothing at the pointer' | 'mapping is not known';
}

/** The leaves of an answer that do not lead back to bytes of a vendor. `factsOf`: the facts that a leaf was made from; none is one too few. `isOurs`: leaves that we say
 *  ourselves, such as the moment of the answer. */
export function unresolvedLeaves(
  answer: unknown,
  {
    factsOf,
    rawOf,
    knowsMapping,
    isOurs = () => false,
  }: {
    factsOf: (leaf: string) => readonly Fact[];
    rawOf: (raw_sha256: string) => Uint8Array | undefined;
    knowsMapping: (mapping_version: number) => boolean;
    isOurs?: (leaf: string) => boolean;
  },
): Unresolved[] {
  const documents = new Map<string, Document>();
  const documentOf = (sha: string): Document => {
    const known = documents.get(sha) ?? readDocument(sha, rawOf(sha));
    documents.set(sha, known);
    return known;
  };
  return leavesOf(answer)
    .filter((leaf) => !isOurs(leaf))
    .flatMap((leaf): Unresolved[] => {
      const facts = factsOf(leaf);
      if (facts.length === 0) return [{ leaf, why: 'no fact' }];
      return facts.flatMap(({ raw_sha256, json_pointer, mapping_version }): Unresolved[] => {
        const document = documentOf(raw_sha256);
        if ('why' in document) return [{ leaf, why: document.why }];
        if (!knowsMapping(mapping_version)) return [{ leaf, why: 'mapping is not known' }];
        const value = atPointer(document.parsed, json_pointer);
        return value === undefined || value === null || typeof value === 'object' ? [{ leaf, why: 'nothing at the pointer' }] : [];
      });
    });
}

type Document = { parsed: unknown } | { why: Unresolved['why'] };

function readDocument(sha: string, bytes: Uint8Array | undefined): Document {
  if (!bytes) return { why: 'bytes are not kept' };
  if (sha256Of(bytes) !== sha) return { why: 'bytes are not what they were' };
  try {
    return { parsed: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return { why: 'nothing at the pointer' };
  }
}
