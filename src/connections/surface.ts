// What must be known of a vendor's surface before it may be used: without one of these it does not compile, and a recipe from outside that lacks one is refused.
import * as z from 'zod';
import { TROUBLES, type Trouble } from './taxonomy.ts';
import type { WriteRules } from './write.ts';

const milliseconds = z
  .int()
  .min(0)
  .max(7 * 24 * 60 * 60_000);
const troubles = Object.keys(TROUBLES) as [Trouble, ...Trouble[]];

/** Something on an answer that says what it is, whatever its status says. */
const Sentinel = z.strictObject({
  name: z.string().min(1),
  /** Where it is looked for. */
  on: z.enum(['body', 'location', 'content_type']),
  /** Any of these, as they stand, whatever their case. */
  has: z.array(z.string().min(3)).min(1),
  means: z.enum(troubles),
  /** Whether such an answer proves that what was sent was not processed. */
  proves_not_applied: z.boolean(),
  /** The session ended because somebody signed in with the same account elsewhere: for a while it is theirs. */
  evicted: z.literal(true).optional(),
});
export type Sentinel = z.infer<typeof Sentinel>;

export const Surface = z.strictObject({
  vendor: z.string().regex(/^[a-z0-9_]+$/),
  name: z.string().regex(/^[a-z0-9_.]+$/),
  kind: z.enum(['read', 'create', 'update']),
  /** In the order of preference: what is documented before what is not. */
  transport: z.enum(['fhir', 'api', 'sftp', 'hl7v2', 'web']),
  /** The field that keeps our mark where a look can see it; `none`: there is none, and what is in doubt goes to a person rather than out again. */
  marker: z.union([z.strictObject({ field: z.string().min(1), longest: z.int().min(10) }), z.literal('none')]),
  /** The vendor's own key against repetitions, where it documents one. */
  idempotency_key: z.union([z.strictObject({ header: z.string().min(1) }), z.literal('none')]),
  /** What is read before something is changed. */
  before: z.enum(['version', 'list', 'none']),
  /** How long we wait for an answer. */
  request_ms: milliseconds.min(1_000),
  /** How long after a request left something may still come of it, and how long the vendor's lists may not show it. Until measured: connectors.md §1.6. */
  late_apply_ms: milliseconds,
  staleness_ms: milliseconds,
  sentinels: z.array(Sentinel).min(1),
  /** The fingerprint that its pages or answers are held to. */
  contract: z.strictObject({ id: z.string().min(1), version: z.int().min(1) }),
  lane: z.enum(['interactive', 'write', 'batch']),
  /** Which of the account's budgets a call counts against, and how much. */
  budget: z.strictObject({ name: z.string().min(1), calls: z.int().min(1) }),
});
export type Surface = z.infer<typeof Surface>;

/** A surface that may be used. Throws an Error that names the field where one is missing, or where two do not go together. */
export function surface(declared: Surface): Surface {
  const { success, data, error } = Surface.safeParse(declared);
  const named = `${declared?.vendor}.${declared?.name}`;
  if (!success)
    throw new Error(`The surface ${named} is not declared whole: ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`);
  const wrong = disagreement(data);
  if (wrong !== undefined) throw new Error(`The surface ${named} does not agree with itself: ${wrong}`);
  return data;
}

function disagreement({ kind, lane, marker, before, sentinels }: Surface): string | undefined {
  if (kind === 'update' && before !== 'version')
    return 'what is changed is read before, so that nothing is overwritten blindly (before: version)';
  if (kind === 'create' && marker === 'none' && before !== 'list')
    return 'without a mark the list before is what tells ours from others (before: list)';
  if (kind !== 'read' && lane !== 'write') return 'a write goes in the lane of writes';
  if (kind === 'read' && (marker !== 'none' || lane === 'write')) return 'a read leaves no mark and is in no lane of writes';
  if (sentinels.some(({ means, evicted }) => evicted && means !== 'AUTH_EXPIRED'))
    return 'who is evicted has no session any more (means: AUTH_EXPIRED)';
  if (!sentinels.some(({ means }) => means === 'AUTH_EXPIRED'))
    return 'a session can end: say what that looks like (a sentinel that means AUTH_EXPIRED)';
  return undefined;
}

/** The rules of the write machine for a surface under leases of `lease_ms`. Throws for a surface that is read. */
export function writeRules(
  { kind, marker, late_apply_ms, staleness_ms, request_ms, name }: Surface,
  { lease_ms }: { lease_ms: number },
): WriteRules & { request_ms: number } {
  if (kind === 'read') throw new Error(`${name} is read, not written`);
  return {
    ...{ kind, request_ms, marked: marker !== 'none', quiet_ms: late_apply_ms + staleness_ms + lease_ms },
    ...{ negatives_needed: 3, most_resends: 2, most_attempts: 12, look_for_ms: 4 * 60 * 60_000 },
  };
}
