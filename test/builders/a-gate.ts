// The gate as a door's own test needs it: five small operations, one credential, and what was recorded.
import * as z from 'zod';
import { Fault } from '../../src/base/fault.ts';
import type { Call, Outcome } from '../../src/governance/execute.ts';
import type { Gate } from '../../src/governance/gate.ts';
import type { Principal } from '../../src/governance/principal.ts';
import { type Operation, operation } from '../../src/operations/operation.ts';

const base = {
  toolset: 'patients',
  doors: ['mcp', 'rest'],
  permission: 'patients:read',
  effect: 'read',
  needs: [],
  description: '',
} as const;
const rows = z.object({ patients: z.array(z.object({ id: z.string() })), count: z.number() });
export const catalogue = [
  operation({
    ...base,
    name: 'get_patient',
    title: 'One',
    rest: 'GET /patients/{patient_id}',
    input: z.object({ patient_id: z.string().max(40) }),
    output: rows,
    run: async () => ({ patients: [], count: 0 }),
  }),
  operation({
    ...base,
    name: 'list_patients',
    title: 'List',
    rest: 'GET /patients',
    page: { list: 'patients', id: 'id' },
    input: z.object({ limit: z.number().int().max(10).default(2), word: z.string().optional() }),
    output: rows,
    run: async (_, { limit }) => ({ patients: Array.from({ length: limit }, (_, n) => ({ id: `p${n}` })), count: limit }),
  }),
  operation({
    ...base,
    name: 'search_patients',
    title: 'Search',
    rest: 'POST /patients/{patient_id}/search',
    input: z.object({ patient_id: z.string(), query: z.string().min(2) }),
    output: rows,
    run: async (_, { query }) => {
      if (query === 'absent') throw new Fault('not_found', 'No such patient.');
      if (query === 'busy') throw new Fault('source_unavailable', 'The record system is down.', { retry_after_s: 4.2 });
      if (query === 'bug') throw new Fault('internal', 'Internal error r-1.', { request_id: 'r-1' });
      return { patients: [], count: query.length };
    },
  }),
  operation({
    ...base,
    name: 'get_secret',
    title: 'Secret',
    rest: 'GET /secrets/{id}',
    permission: 'labs:read',
    input: z.object({ id: z.string() }),
    output: rows,
    run: async () => ({ patients: [], count: 1 }),
  }),
  operation({
    ...base,
    name: 'only_mcp',
    title: 'Tool',
    rest: 'GET /tool',
    doors: ['mcp'],
    input: z.object({}),
    output: rows,
    run: async () => ({ patients: [], count: 1 }),
  }),
] as readonly Operation[];

/** The gate of one credential, `Bearer good`, that may read patients and nothing else. Its clock moves at every call. */
export function aGate(): { gate: Gate; audit: { name: string; outcome?: string }[] } {
  const audit: { name: string; outcome?: string }[] = [];
  let now = 0;
  const allowed = (o: Operation) => o.permission === 'patients:read' && o.doors.includes('rest');
  const identify: Gate['identify'] = async ({ authorization }) => {
    if (authorization !== 'Bearer good') throw new Fault('unauthenticated', 'This needs a live credential.');
    return {} as Principal;
  };
  const pass = async ({ operation: asked, input }: Call, refusal?: Fault): Promise<string | Fault> => {
    if (refusal) return refusal;
    if (!asked || !allowed(asked)) return new Fault('unknown_operation', 'There is no such operation for this credential.');
    const parsed = (asked.input as z.ZodObject).strict().safeParse(input);
    if (!parsed.success)
      return new Fault('invalid_input', parsed.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; '));
    const head = { source: 'native', as_of: `2026-11-20T09:00:0${now++ % 10}-05:00` };
    if (asked.effect === 'batch') return new Fault('unknown_operation', 'There is no batch at this gate.');
    return asked.run({} as never, parsed.data).then(
      (answer: object) => JSON.stringify({ ...head, ...answer }),
      (error: Fault) => error,
    );
  };
  const gate: Gate = {
    identify,
    list: () => catalogue.filter(allowed),
    async begin(knock, name, input) {
      const principal = await identify(knock);
      audit.push({ name });
      return { id: String(audit.length), knock, principal, operation: catalogue.find((o) => o.name === name), input } as Call;
    },
    async execute(call, refusal): Promise<Outcome> {
      const passed = await pass(call, refusal);
      const ok = typeof passed === 'string';
      Object.assign(audit[Number(call.id) - 1] as object, { outcome: ok ? 'ok' : passed.type });
      return ok ? { ok, value: JSON.parse(passed), text: passed, call_id: call.id } : { ok, fault: passed, text: '', call_id: call.id };
    },
  };
  return { gate, audit };
}
