import * as z from 'zod';
import { CURSOR_WANTED, idOfCursor } from '../base/ids.ts';
import { DRAFT_STATES, DraftNote, type Mark } from '../domains/drafts.ts';
import type { Capability, Domains, Needed } from '../domains/index.ts';
import { clear, once, phi, system } from '../domains/mark.ts';

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
  | `${'changes' | 'connections' | 'references' | 'drafts' | 'vendor_writes'}:read`
  | Drafting
  | Signing
  | `${'people' | 'credentials' | 'audit' | 'holds' | 'approvals' | 'consents' | 'deliveries' | 'webhooks'}:read`
  | 'consents:record'
  | `${'people' | 'credentials' | 'approvals' | 'webhooks' | 'connections'}:manage`
  | 'connections:restore'
  | 'vendor_writes:resolve'
  | `${'drafts' | 'holds'}:review`;

/** What a credential may draft. */
export type Drafting =
  | `${'notes' | 'messages' | 'vitals' | 'orders' | 'inbox' | 'referrals' | 'appointments' | 'patients' | 'contacts' | 'intake_forms'}:draft`
  | `${'remittances' | 'prior_authorizations' | 'care_plans'}:draft`;

/** What a person may sign: as published where published, one for each further kind of draft. Only a login holds any of them. */
export type Signing =
  | 'edit_charts'
  | 'send_messages'
  | 'sign_vitals'
  | 'sign_orders'
  | 'sign_tasks'
  | 'sign_referrals'
  | 'sign_prior_authorizations'
  | 'sign_care_plans'
  | 'sign_payment_postings'
  | 'sign_appointments'
  | 'sign_patients'
  | 'sign_contacts'
  | 'sign_intake_forms';

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
/** Proposes a change: `run` answers the payload that a person reviews; `commit` applies it, in the transaction in which that person signed. */
export interface Draft<I extends z.ZodObject, O extends z.ZodObject, C extends Capability> extends Described<I, O, C> {
  effect: 'draft';
  /** The published `kind` of the row in pending_actions. */
  kind: string;
  sign: Signing;
  payload: z.ZodObject;
  /** What `commit` needs of the record system, besides `needs`. */
  commits: readonly Capability[];
  run(ctx: Context<C>, input: z.output<I>): Promise<Record<string, unknown>>;
  /** What the signer must look at, as the record stands now: asked each time the draft is opened. */
  review?(ctx: Context<C>, payload: Record<string, unknown>): Promise<Mark[]>;
  commit(ctx: Signed, payload: Record<string, unknown>): Promise<{ record_id: string }>;
}
/** The same draft for each of several patients, in one call: `each` answers what `of` is asked for every one of them; an input may throw a Fault, and there is no draft
 *  for that patient. They are read together, and each is committed by `of`. */
export interface Batch<I extends z.ZodObject, O extends z.ZodObject, C extends Capability> extends Described<I, O, C> {
  effect: 'batch';
  of: AnyDraft;
  each(ctx: Context<C>, input: z.output<I>): { patient_id: string; input(): Promise<Record<string, unknown>> }[];
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
  | Batch<I, O, C>
  | Write<I, O, C>;

/** What a draft is committed with: what it `commits`, the signer, and the draft's id, which makes a repeated commit one. */
export interface Signed extends Partial<Domains> {
  readonly caller: Caller;
  readonly now: Date;
  readonly today: string;
  readonly draft_id: string;
}

/** What a draft answers to the model that made it. */
export const Filed = z.object({
  draft_id: system('id'),
  kind: system('code'),
  status: z.enum(DRAFT_STATES),
  /** The same was proposed before and still waits. */
  repeated: z.boolean().optional(),
  review_url: system('url'),
  expires_at: system('instant'),
  note: DraftNote,
});
export type Filed = z.infer<typeof Filed>;

/** What a batch answers to the model that made it: a draft for each patient, or why there is none. */
export const FiledBatch = z.object({
  batch_id: system('id').optional(),
  kind: system('code'),
  drafts: z.array(
    z.object({ patient_id: system('id'), draft_id: system('id'), status: z.enum(DRAFT_STATES), repeated: z.boolean().optional() }),
  ),
  refused: z.array(z.object({ reason: system('advice'), patient_ids: z.array(system('id')) })).optional(),
  review_url: system('url'),
  expires_at: system('instant'),
  note: DraftNote,
});

/** What every draft may carry so that a repetition is known as one (D18). */
export const repeatable = {
  request_key: once(
    'your own key: the same key is the same draft, however often you send it',
    clear(z.string().regex(/^[\w.:-]{8,64}$/, '8 to 64 letters, digits or . : _ -')),
  ).optional(),
};

/** The definition of a draft: `payload` is what is reviewed, `Filed` what the model gets. */
export function draft<I extends z.ZodObject, P extends z.ZodObject, const C extends Capability, const K extends Capability>(
  definition: Omit<Draft<I, typeof Filed, C>, 'effect' | 'output' | 'payload' | 'commits' | 'run' | 'review' | 'commit'> & {
    payload: P;
    commits: readonly K[];
    run(ctx: Context<C>, input: z.output<I>): Promise<z.input<P>>;
    review?(ctx: Context<C>, payload: z.output<P>): Promise<Mark[]>;
    commit(ctx: Signed & Needed<K>, payload: z.output<P>): Promise<{ record_id: string }>;
  },
): Draft<I, typeof Filed, C> {
  return { ...definition, effect: 'draft', output: Filed } as unknown as Draft<I, typeof Filed, C>;
}

/** The definition of a batch of `of`. */
export function batch<I extends z.ZodObject, const C extends Capability>(
  definition: Omit<Batch<I, typeof FiledBatch, C>, 'effect' | 'output' | 'permission' | 'toolset'>,
): Batch<I, typeof FiledBatch, C> {
  const { permission, toolset } = definition.of;
  return { ...definition, permission, toolset, effect: 'batch', output: FiledBatch };
}

/** A draft of the catalogue. */
export type AnyDraft = Extract<Operation, { effect: 'draft' }>;

/** All that must be there for this operation to be of use: of a draft, what commits it too. */
export function needsOf(operation: Operation): readonly Capability[] {
  if (operation.effect === 'draft') return [...operation.needs, ...operation.commits];
  return operation.effect === 'batch' ? [...operation.needs, ...needsOf(operation.of)] : operation.needs;
}

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
