import type { KeyObject } from 'node:crypto';
import type * as z from 'zod';
import type { Clock } from '../base/clock.ts';
import { advice, Fault } from '../base/fault.ts';
import { cursorOf } from '../base/ids.ts';
import { type Log, shapeOf } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import { localDay, localInstant } from '../base/zone.ts';
import type { Pool } from '../db/pool.ts';
import { openTenantTx, type TenantTx } from '../db/tenant.ts';
import type { Drafts } from '../domains/drafts.ts';
import { only, type Source } from '../domains/index.ts';
import type { Door, Operation } from '../operations/operation.ts';
import { type Books, finishIn } from './audit.ts';
import { type Doorkeeper, type Knock, principalOf } from './authenticate.ts';
import { bound } from './bound.ts';
import { contain } from './contain.ts';
import { file, fileBatch, type Passed } from './file.ts';
import { permits } from './permit.ts';
import type { Principal } from './principal.ts';
import { keyed, redact } from './redact.ts';
import { REFERENCE_LIFE_MS } from './references.ts';

/** A call whose intent row is committed: it will get its final row, whatever happens to it. */
export interface Call {
  readonly id: string;
  readonly knock: Knock;
  readonly principal: Principal;
  readonly operation: Operation | undefined;
  readonly input: unknown;
  readonly hash: Buffer;
  readonly audit_key: KeyObject;
  readonly began: number;
}

/** `text` is the JSON of `value`, or the words of the refusal: what the audit row counted. */
export type Outcome =
  | { ok: true; value: Record<string, unknown>; text: string; call_id: string }
  | { ok: false; fault: Fault; text: string; call_id: string };

/** What a principal's clinic can answer: its record systems and the house's books, and the name of the system that answers each domain. */
export type PortsFor = (principal: Principal, tx: TenantTx, now: Date) => { source: Source; vendorOf(domain: string): string };

export interface House {
  pool: Pool;
  doorkeeper: Doorkeeper;
  books: Books;
  portsFor: PortsFor;
  catalogue: readonly Operation[];
  clock: Clock;
  random: Random;
  log: Log;
  call_timeout_ms: number;
  /** Where people work: /admin, with the address that this server is reached at where it is known. */
  admin_url: string;
}

/** An answer to a model holds at most this much text, unless the call asks otherwise (`max_bytes`); a program's page ends at its limit. */
const MODEL_BUDGET_BYTES = 6144;
const PROGRAM_BUDGET_BYTES = 16 * 1024 * 1024;

/** First half of a call: authenticates and commits the intent, before anything is read. Throws Fault unauthenticated; then there is an edge_log row and no call. */
export async function beginCall(house: House, knock: Knock, name: string, input: unknown): Promise<Call> {
  const { doorkeeper, clock, random } = house;
  const began = clock.elapsed();
  const hash = doorkeeper.hashFor(knock);
  const audit_key = await doorkeeper.auditKey(knock, hash);
  const operation = house.catalogue.find((candidate) => candidate.name === name);
  const id = random.uuid();
  const identity = await house.books.begin(hash, {
    id,
    request_id: knock.request_id,
    tool_name: operation?.name ?? (name === UNREADABLE ? UNREADABLE : 'unknown'),
    args_redacted: operation ? redact(operation.input, input, audit_key) : {},
    door: knock.door,
    client: knock.client,
  });
  if (!identity) throw doorkeeper.refuse(knock, 'unknown', hash);
  return { id, knock, principal: principalOf(identity), operation, input, hash, audit_key, began };
}

/** The name in the audit row of a request that could not be read as a call. */
export const UNREADABLE = 'unreadable';

/** Second half, and the one way through: every tool call, REST call, admin action and job. Answers, never throws, except where the final row cannot be
 *  written: no row, no answer. */
export async function execute(house: House, call: Call, refusal?: Fault): Promise<Outcome> {
  const { clock, log, books } = house;
  const changes = call.operation !== undefined && call.operation.effect !== 'read';
  const tx = openTenantTx(house.pool, call.hash, { writes: changes });
  try {
    const late = () => new Fault('timed_out', 'The record system did not answer in time.');
    const passed = await clock.within(house.call_timeout_ms, refusal ? Promise.reject(refusal) : pass(house, call, tx), late);
    const ending = { ...passed.ending, latency_ms: clock.elapsed() - call.began };
    if (changes) {
      // What was changed and the row that says so: both or neither.
      await finishIn(tx, call.hash, call.id, ending);
      await tx.end();
    } else {
      void tx.end();
      await books.finish(call.hash, call.id, ending);
    }
    const { text, fault } = passed;
    return fault ? { ok: false, fault, text, call_id: call.id } : { ok: true, value: passed.value, text, call_id: call.id };
  } catch (error) {
    const fault = error instanceof Fault ? error : hide(error, call, log);
    await tx.abandon(!(error instanceof Fault) || fault.type === 'timed_out');
    const text = advice(fault);
    const ending = {
      status: 'error',
      outcome: fault.type,
      response_bytes: Buffer.byteLength(text),
      subjects: [],
      refs: [],
      delivered: [],
    } as const;
    await books.finish(call.hash, call.id, { ...ending, latency_ms: clock.elapsed() - call.began });
    return { ok: false, fault, text, call_id: call.id };
  }
}

/** A bug's text may hold a patient: its shape goes to the log, and the caller gets a number. A credential revoked since `begin` is no bug. */
function hide(error: unknown, call: Call, log: Log): Fault {
  if (error instanceof Error && 'code' in error && error.code === '42501' && error.message === 'the credential is not live')
    return new Fault('unauthenticated', 'The credential was revoked.');
  if (error instanceof Error && 'code' in error && error.code === '57014')
    return new Fault('timed_out', 'The record system did not answer in time.');
  log.error({ request_id: call.knock.request_id, tool: call.operation?.name, ...shapeOf(error) }, 'bug');
  return new Fault('internal', `Internal error ${call.knock.request_id}.`, { request_id: call.knock.request_id });
}

/** permit → parse → run → check → contain → bound. The order is law. */
async function pass(house: House, call: Call, tx: TenantTx): Promise<Passed> {
  const { operation, principal, knock } = call;
  const now = house.clock.now();
  const ports = house.portsFor(principal, tx, now);
  if (!operation || !permits(principal, operation, knock.door, { source: ports.source, narrowed: knock.toolsets }))
    throw new Fault('unknown_operation', 'There is no such operation for this credential.');
  const parsed = exactly(operation.input).safeParse(call.input);
  if (!parsed.success) throw new Fault('invalid_input', describeIssues(parsed.error, operation.input));
  const input = parsed.data as Record<string, unknown>;

  const context = { ...only(ports.source, operation.needs), caller: principal, now, today: localDay(now, principal.time_zone) };
  const subjectsOf = (patient_ids: Iterable<string>) => {
    const asked = typeof input.patient_id === 'string' ? [input.patient_id] : [];
    return [...new Set([...asked, ...patient_ids])].map((patient_id) => keyed(call.audit_key, 'patient_id', patient_id));
  };
  if (operation.effect === 'draft') {
    const payload = operation.payload.parse(await operation.run(context, input)) as Record<string, unknown>;
    return file(proposeAt(ports.source), { operation, input, payload, subjects: subjectsOf([]), admin_url: house.admin_url });
  }
  if (operation.effect === 'batch') {
    const { of } = operation;
    const at_one = { ...context, ...only(ports.source, of.needs) };
    const each = operation.each(context, input).map(({ patient_id, input: asked }) => ({
      patient_id,
      async make() {
        const made = of.input.safeParse(await asked());
        if (!made.success) throw new Fault('invalid_input', describeIssues(made.error, of.input));
        const content = made.data as Record<string, unknown>;
        return { content, payload: of.payload.parse(await of.run(at_one, content)) as Record<string, unknown> };
      },
    }));
    return fileBatch(proposeAt(ports.source), {
      operation: of,
      each,
      request_key: input.request_key,
      batch_id: house.random.uuid(),
      subjects: subjectsOf(each.map(({ patient_id }) => patient_id)),
      admin_url: house.admin_url,
    });
  }
  const answer = (await operation.run(context, input)) as Record<string, unknown>;
  const checked = operation.output.parse(answer) as Record<string, unknown>;

  const contained = contain(operation.output, checked, {
    mode: knock.door === 'admin' ? 'show' : operation.effect === 'read' && operation.delivers === 'external' ? 'deliver' : 'refer',
    key: call.audit_key,
    user_id: principal.user_id,
    nonce: () => house.random.bytes(16).toString('hex'),
  });
  const { value, text } = bound(contained.value, {
    page: operation.effect === 'read' ? operation.page : undefined,
    hide_id: operation.effect === 'read' ? (operation.page?.hideId?.(input) ?? false) : false,
    limit: typeof input.limit === 'number' ? input.limit : Number.POSITIVE_INFINITY,
    more: answer.more === true,
    budget_bytes: budgetOf(knock.door, input),
    cursorOf,
    head: {
      source: ports.vendorOf(operation.needs[0]?.split('.')[0] ?? ''),
      as_of: localInstant(now, principal.time_zone),
      time_zone: principal.time_zone,
    },
  });

  const subjects = subjectsOf(contained.patient_ids);
  const expires_at = new Date(now.getTime() + REFERENCE_LIFE_MS).toISOString();
  const refs = contained.refs
    .filter(({ ref }) => text.includes(ref) || contained.delivered.some((given) => given.ref === ref && text.includes(given.nonce)))
    .map((made) => ({ ...made, permission: operation.permission, expires_at }));
  // What the bounds cut off is not delivered: its nonce is not in the answer.
  const delivered = contained.delivered
    .filter(({ nonce }) => text.includes(nonce))
    .map(({ path, characters, ref }) => ({ path, characters, ref }));
  return {
    value,
    text,
    ending: { status: 'ok', outcome: 'ok', response_bytes: Buffer.byteLength(text), subjects, refs, delivered },
  };
}

function proposeAt({ drafts }: Source): Drafts['propose'] {
  if (!drafts?.propose) throw new Error('a house without a desk');
  return drafts.propose;
}

function budgetOf(door: Door, input: Record<string, unknown>): number {
  if (door === 'rest' || door === 'admin') return PROGRAM_BUDGET_BYTES;
  return typeof input.max_bytes === 'number' ? input.max_bytes : MODEL_BUDGET_BYTES;
}

const strict = new WeakMap<z.ZodObject, z.ZodObject>();

/** The input, and no other arguments: a misspelt one that is silently dropped would answer another question. */
function exactly(input: z.ZodObject): z.ZodObject {
  const known = strict.get(input) ?? input.strict();
  strict.set(input, known);
  return known;
}

/** What is wrong with which field, and what is allowed; never the value that came in. */
function describeIssues(error: z.ZodError, input: z.ZodObject): string {
  const issues = error.issues.slice(0, 5).map((issue) => {
    const field = issue.path.length > 0 ? issue.path.slice(0, 4).map(String).join('.') : 'input';
    return issue.code === 'unrecognized_keys'
      ? `${field}: has arguments that do not exist here; there are ${Object.keys(input.shape).join(', ')}`
      : `${field}: ${issue.message}`;
  });
  return `${issues.join('; ')}.`;
}
