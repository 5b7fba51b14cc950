import type { Fault } from '../base/fault.ts';
import type { Door, Operation, Toolset } from '../operations/operation.ts';
import type { Knock } from './authenticate.ts';
import { beginCall, type Call, execute, type House, type Outcome } from './execute.ts';
import { permits } from './permit.ts';
import type { Principal } from './principal.ts';

/** What a door is given: everything it may ask of the house. */
export interface Gate {
  /** Who knocks. Throws Fault unauthenticated, and then there is an edge_log row. */
  identify(knock: Knock): Promise<Principal>;
  /** What this principal has at this door, by name, of the toolsets it narrowed itself to. */
  list(principal: Principal, door: Door, narrowed?: ReadonlySet<Toolset>): readonly Operation[];
  /** First half of a call: authenticated, intent committed. `name` may be of no operation, `input` anything. Throws Fault unauthenticated. */
  begin(knock: Knock, name: string, input: unknown): Promise<Call>;
  /** Second half. Rejects only where the audit row cannot be written: then the door gives no answer but a bare 500. `refusal` ends a call the door could not read. */
  execute(call: Call, refusal?: Fault): Promise<Outcome>;
}

export function openGate(house: House): Gate {
  const nowhere = { rows: refuse, end: refuse, abandon: refuse };
  return {
    identify: (knock) => house.doorkeeper.identify(knock),
    list(principal, door, narrowed) {
      const { source } = house.portsFor(principal, nowhere, house.clock.now());
      return house.catalogue.filter((operation) => permits(principal, operation, door, { source, narrowed }));
    },
    begin: (knock, name, input) => beginCall(house, knock, name, input),
    execute: (call, refusal) => execute(house, call, refusal),
  };
}

/** Listing reads no record. */
function refuse(): Promise<never> {
  return Promise.reject(new Error('a list reads no record'));
}
