// Marks live on the schemas, so that redaction, containment and the published JSON schemas read them from one place.
import * as z from 'zod';

/** Grammars of system text (label L0, security.md §2.3): a value that does not fit its grammar counts as outside text, whatever field it stands in. */
export const GRAMMARS = {
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  url: /^(https?:\/\/[A-Za-z0-9.\-[\]:]{1,200})?\/[A-Za-z0-9._~/-]{0,200}$/,
  hash: /^[0-9a-f]{64}$/,
  ref: /^u_[0-9a-f]{32}$/,
  code: /^[A-Za-z0-9][A-Za-z0-9._+/-]{0,31}$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d:\d\d|Z)$/,
  partial_date: /^\d{4}(-\d\d(-\d\d)?)?$/,
  time_zone: /^[A-Za-z_]+(\/[A-Za-z0-9_+-]+){0,2}$/,
  /** A part of a person's name: at most five words of letters. */
  person_name: /^\p{L}[\p{L}\p{M}'’.-]{0,39}( [\p{L}\p{M}'’.-]{1,40}){0,4}$/u,
  /** A term of a vocabulary (an analyte, a drug, a plan, a visit type): short, no sentence. */
  term: /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ,.'’%+&/()[\]:#*-]{0,79}$/u,
  mrn: /^[A-Z0-9-]{1,20}$/,
  phone: /^\+[1-9]\d{6,14}$/,
  email: /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}$/,
  address_line: /^[\p{L}\p{N}][\p{L}\p{N}\p{M} .,'’#/-]{0,79}$/u,
  postal_code: /^[A-Z0-9][A-Z0-9 -]{2,9}$/,
  language: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
  unit: /^[A-Za-z0-9%[\]{}._/*^'"()+-]{1,32}$/,
  digits: /^\d{1,20}$/,
  member_id: /^[A-Za-z0-9-]{1,32}$/,
  /** The formula by which a figure was made, and its version: no_show_rate@1. */
  definition: /^[a-z][a-z0-9_]{1,39}@\d{1,4}$/,
  /** A sentence of ours that says what to do. */
  advice: /^[\p{L}\p{N}][\p{L}\p{N} .,:;'’"()_/-]{0,299}$/u,
  range_text: /^[\p{L}\p{N} <>=≤≥.,%/()-]{1,48}$/u,
} as const satisfies Record<string, RegExp>;
export type Grammar = keyof typeof GRAMMARS;

/** An input that names a record: `next` says where the caller gets its id. */
export const recordId = (next: string) =>
  z
    .string()
    .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, `not an id; ${next}`)
    .toLowerCase();

/** Whose words a text field holds. system: codes, names and numbers with a grammar. clinic: written and signed by this clinic's workforce. external: anyone else's.
 *  shown: what a person reviews, whoever wrote it. */
export type Words = 'system' | 'clinic' | 'external' | 'shown';

declare module 'zod' {
  interface GlobalMeta {
    words?: Words;
    grammar?: Grammar;
    /** An array of spans that is delivered as one string (see Narrative). */
    narrative?: boolean;
    /** Identifies a person or tells of one: a keyed hash of this kind stands in the audit row. */
    phi?: string;
    /** A password or a code: nothing of it stands in the audit row, not even a hash. */
    secret?: boolean;
    /** Harmless in the audit row as it is. Strings of an input are hashed unless marked so. */
    clear?: boolean;
    /** What its description says stands in the server's instructions, once for all tools. */
    once?: boolean;
  }
}

/** A string of the house's or a vocabulary's own making, held to `grammar`. */
export const system = (grammar: Grammar) => z.string().meta({ words: 'system', grammar });
/** A string that the clinic's own people wrote and signed. */
export const clinic = () => z.string().meta({ words: 'clinic' });
/** A string from outside the clinic: delivered as a reference, or delimited after taint. */
export const external = () => z.string().meta({ words: 'external' });
/** Whatever stands in it, for a person to read: at the door admin only. */
export const shown = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), words: 'shown' }) as T;
/** An input that stands in the audit row as a keyed hash of its kind (the same person hashes alike in every tool). */
export const phi = <T extends z.ZodType>(kind: string, schema: T): T => schema.meta({ ...schema.meta(), phi: kind }) as T;
/** An input that nobody may read again, in the audit row neither. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), secret: true }) as T;
/** An input string that tells of no person: kept readable in the audit row. */
export const clear = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), clear: true }) as T;

/** An input of many tools: the documents describe it each time, to a model the server's instructions do, once. */
export const once = <T extends z.ZodType>(description: string, schema: T): T =>
  schema.meta({ ...schema.meta(), description, once: true }) as T;

/** One run of words and whose they are. `kind` says how outside text came in; `on` when. */
export const Span = z.object({
  text: z.string(),
  origin: z.enum(['clinic', 'external']),
  kind: z.enum(['patient_reported', 'outside_record', 'lab_comment', 'unsigned_draft', 'unrecognised']).optional(),
  on: z.string().optional(),
});
export type Span = z.infer<typeof Span>;
/** Free text by several hands. A source gives spans; a caller gets one string in which outside spans are references. */
export const Narrative = z.array(Span).meta({ narrative: true });
export type Narrative = z.infer<typeof Narrative>;
