// A small house behind the real doors, for what is about the wire alone: three tools, one live token, and a book of every call.
import { createSecretKey } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/clock.ts';
import { advice, Fault } from '../../src/base/fault.ts';
import type { Log } from '../../src/base/log.ts';
import { type Random, systemRandom } from '../../src/base/random.ts';
import { system } from '../../src/domains/mark.ts';
import type { Knock } from '../../src/governance/authenticate.ts';
import type { Call, Outcome } from '../../src/governance/execute.ts';
import type { Gate } from '../../src/governance/gate.ts';
import type { Principal } from '../../src/governance/principal.ts';
import { type Operation, paging } from '../../src/operations/operation.ts';

export const TOKEN = 'mscp_demo_wire';

const described = { toolset: 'always', doors: ['mcp', 'rest'], permission: 'connections:read', effect: 'read', needs: [] } as const;
const answered = () => Promise.resolve({});

export const CATALOGUE: readonly Operation[] = [
  {
    ...described,
    name: 'search_patients',
    title: 'Search patients',
    description: 'Candidates for a name, a birth date or an MRN, best first.',
    rest: 'GET /patients',
    input: z.object({ query: z.string().min(2).describe('Name, birth date or MRN'), ...paging(10) }),
    output: z.object({ patients: z.array(z.object({ patient_id: system('id'), name: system('person_name') })) }),
    page: { list: 'patients', id: 'patient_id', hideId: () => true },
    run: answered,
  },
  {
    ...described,
    name: 'connection_status',
    title: 'Connection status',
    description: 'Whether the record system answers.',
    rest: 'GET /connections',
    input: z.object({}),
    output: z.object({ status: z.enum(['up', 'down']) }),
    run: answered,
  },
  {
    ...described,
    name: 'read_untrusted',
    title: 'Read outside text',
    description: 'The text of a reference.',
    rest: 'GET /references/{ref}',
    input: z.object({ ref: z.string() }),
    output: z.object({ text: z.string() }),
    delivers: 'external',
    run: answered,
  },
];

const PRINCIPAL: Principal = {
  tenant_id: 't',
  user_id: 'u',
  credential_id: 'c',
  role: 'owner',
  permissions: new Set(['connections:read']),
  finance: 'all',
  tenant_name: 'Wire Clinic',
  time_zone: 'America/New_York',
  connections: [],
};

/** One call as the book keeps it: begun, and how it ended. */
export interface Row {
  name: string;
  input: unknown;
  knock: Knock;
  ended: string[];
}

export interface FakeGate extends Gate {
  rows: Row[];
  identified: number;
  /** What a live call answers; a test may hold it back or let it throw. */
  run: (name: string, input: unknown) => Promise<Record<string, unknown>>;
}

/** Remembers every begin and execute. A call that is executed twice, or never, shows in `rows`. */
export function fakeGate(): FakeGate {
  const begun = new Map<string, Row>();
  const live = ({ authorization }: Knock) => {
    if (authorization !== `Bearer ${TOKEN}`) throw new Fault('unauthenticated', 'This needs a live credential.');
  };
  const gate: FakeGate = {
    rows: [],
    identified: 0,
    run: async () => ({ status: 'up' }),
    async identify(knock) {
      live(knock);
      gate.identified += 1;
      return PRINCIPAL;
    },
    list: () => CATALOGUE,
    async begin(knock, name, input) {
      live(knock);
      const id = systemRandom.uuid();
      const row: Row = { name, input, knock, ended: [] };
      gate.rows.push(row);
      begun.set(id, row);
      const operation = CATALOGUE.find((candidate) => candidate.name === name);
      return {
        id,
        knock,
        principal: PRINCIPAL,
        operation,
        input,
        hash: Buffer.alloc(0),
        audit_key: createSecretKey(Buffer.alloc(32)),
        began: 0,
      } satisfies Call;
    },
    async execute(call, refusal): Promise<Outcome> {
      const row = begun.get(call.id);
      const end = (fault: Fault): Outcome => {
        row?.ended.push(fault.type);
        return { ok: false, fault, text: advice(fault), call_id: call.id };
      };
      if (refusal) return end(refusal);
      if (!call.operation) return end(new Fault('unknown_operation', 'There is no such operation for this credential.'));
      try {
        const content = await gate.run(call.operation.name, call.input);
        const value = { source: 'native', as_of: '2026-11-20T09:00:00-05:00', time_zone: 'America/New_York', ...content };
        row?.ended.push('ok');
        return { ok: true, value, text: JSON.stringify(value), call_id: call.id };
      } catch (error) {
        if (error instanceof Fault) return end(error);
        throw error;
      }
    },
  };
  return gate;
}

const quiet = () => {};
export const SILENT: Log = { info: quiet, warn: quiet, error: quiet, debug: quiet } as unknown as Log;
export const PORTS: { clock: Clock; random: Random; log: Log; version: string } = {
  clock: systemClock,
  random: systemRandom,
  log: SILENT,
  version: '0.1.0',
};
