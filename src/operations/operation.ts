import * as z from 'zod';
import { CURSOR_WANTED, idOfCursor } from '../base/ids.ts';
import type { Capability, Needed } from '../domains/index.ts';
import { phi } from '../domains/mark.ts';

/** The eight toolsets of mission.md D1, finance and knowledge: what a credential carries, and what a URL narrows to. */
export const TOOLSETS = [
  'patients',
  'scheduling',
  'chart',
  'results',
  'coverage',
  'billing',
  'quality',
  'practice',
  'finance',
  'knowledge',
] as const;
/** `always`: what every credential has, whatever it carries. */
export type Toolset = (typeof TOOLSETS)[number] | 'always';

/** domain:verb; the domain is the name of the operation's file. */
export type Permission =
  | `${'patients' | 'intake_forms' | 'appointments' | 'practitioners' | 'encounters' | 'notes' | 'summaries'}:read`
  | `${'labs' | 'lab_surveys' | 'lab_orders' | 'vitals' | 'medications' | 'prescriptions' | 'allergies' | 'conditions'}:read`
  | `${'coverages' | 'prior_authorizations' | 'authorizations' | 'referrals'}:read`
  | `${'claims' | 'remittances' | 'balances' | 'statements'}:read`
  | `${'billing' | 'profits' | 'leads' | 'memberships'}:read`
  | `${'care_plans' | 'measures' | 'inbox'}:read`
  | `${'changes' | 'connections' | 'references'}:read`;

/** mcp: a tool; resource: what MCP reads by URI; rest; admin: a person's login; job: the clock. */
export type Door = 'mcp' | 'resource' | 'rest' | 'admin' | 'job';

/** Who asks, as far as an operation may know. */
export interface Caller {
  readonly tenant_id: string;
  readonly user_id: string;
  /** The caller's own practitioner record, where there is one. */
  readonly practitioner_id?: string;
  /** What the caller may ask for, where an answer holds more for one who may ask more (the inbox, the list of changes). */
  readonly permissions: ReadonlySet<Permission>;
  /** The toolsets that the credential carries; undefined: all that its role has. */
  readonly toolsets?: ReadonlySet<Toolset>;
  /** Whose money the caller may see (M33). */
  readonly finance: 'own' | 'all' | 'none';
}

export type Context<C extends Capability> = Needed<C> & {
  readonly caller: Caller;
  readonly now: Date /** The clinic's calendar day, YYYY-MM-DD. */;
  readonly today: string;
};

interface Described<I extends z.ZodObject, O extends z.ZodObject, C extends Capability> {
  /** snake_case; the MCP tool name and the OpenAPI operationId. */
  name: string;
  title: string;
  /** For a model: what it gives back, when to use it, what to call first, limits. At most 400 characters. */
  description: string;
  toolset: Toolset;
  rest: `${'GET' | 'POST'} /${string}`;
  doors: readonly Door[];
  permission: Permission;
  needs: readonly C[];
  input: I;
  output: O;
}

/** The answer is a list: execute cuts it to `limit` and to the byte budget, says `truncated`, and gives the cursor. The input holds `paging`. */
export interface Paged {
  list: string;
  /** The field of a row that is its id; a cursor is made of it. */
  id: string;
  /** Whether the id leaves the rows once the cursor is made: where rows must stay small and nothing is done with their id. */
  hideId?(input: Record<string, unknown>): boolean;
}

export interface Read<I extends z.ZodObject, O extends z.ZodObject, C extends Capability> extends Described<I, O, C> {
  effect: 'read';
  page?: Paged;
  /** The outside text is the point of this tool: it is delivered delimited, after taint, instead of by reference. */
  delivers?: 'external';
  /** Where MCP reads it as a resource: `attending://patients/{patient_id}/summary`, with arguments of the input. Its doors hold `resource`. */
  uri?: `attending://${string}`;
  run(ctx: Context<C>, input: z.output<I>): Promise<z.input<O> & { more?: boolean }>;
}
/** Proposes a change: `run` answers the payload to review; `commit` applies it after a human signed. */
export interface Draft<I extends z.ZodObject, O extends z.ZodObject, C extends Capability> extends Described<I, O, C> {
  effect: 'draft';
  sign: Permission;
  run(ctx: Context<C>, input: z.output<I>): Promise<z.input<O>>;
  commit(ctx: Context<C>, payload: z.output<O>): Promise<{ record_id: string }>;
}
/** Changes our own books. Never an MCP tool. */
export interface Write<I extends z.ZodObject, O extends z.ZodObject, C extends Capability> extends Described<I, O, C> {
  effect: 'write';
  doors: readonly Exclude<Door, 'mcp' | 'resource'>[];
  run(ctx: Context<C>, input: z.output<I>): Promise<z.input<O>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the erased operation of the catalogue (style.md 7); each definition is checked where it is written.
export type Operation<I extends z.ZodObject = any, O extends z.ZodObject = any, C extends Capability = any> =
  | Read<I, O, C>
  | Draft<I, O, C>
  | Write<I, O, C>;

/** Identity, for inference: the object is the definition. */
export function operation<I extends z.ZodObject, O extends z.ZodObject, const C extends Capability>(
  definition: Operation<I, O, C>,
): Operation<I, O, C> {
  return definition;
}

/** The two arguments of every list. `limit` up to 1,000 is for programs; what a model gets ends at the byte budget. */
export const paging = (default_limit: number) => ({
  limit: z.number().int().min(1).max(1000).default(default_limit),
  // It holds the id of a record, which may be a patient's.
  cursor: phi('cursor', z.string().regex(/^[\w-]{22}$/, CURSOR_WANTED)).optional(),
});

/** What a port's `list` is asked for a page. Throws Fault invalid_input for what is no cursor. */
export function pageOf({ limit, cursor }: { limit: number; cursor?: string | undefined }): { limit: number; after: string | undefined } {
  return { limit, after: cursor === undefined ? undefined : idOfCursor(cursor) };
}
