// What stands otherwise than it was at a clinic's vendors, as its people see it, and what of it one of them may clear. The law is in the database (migration 0034).

import { Fault } from '../base/fault.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import type { Connections, DriftAlert } from '../domains/connections.ts';
import { type ContractState, stepContract } from './contract.ts';
import { wordsOfDrift } from './drift-words.ts';

const NOT_HERE = 'There is no such alert here. It may have gone by itself.';
const REFUSALS: Refusals = {
  not_found: ['not_found', NOT_HERE],
  not_permitted: ['not_permitted', 'The owner clears this.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  not_suspect: [
    'conflict',
    'Only shifted values are cleared by a person. What is stopped opens by itself when the vendor’s page is as it was.',
  ],
  stale_write: ['stale_write', 'It changed since this page was opened. Nothing was cleared; look at it again.'],
};

interface Row {
  alert_id: string;
  vendor: string;
  surface: string;
  version: number;
  revision: number;
  state: ContractState;
  since: string;
  why_not: 'not_permitted' | 'mfa_needed' | null;
  now_ms: number;
}

export function openDriftAlerts(tx: Tx): Pick<Connections, 'drift' | 'clearDrift'> {
  const books = refusing(tx, REFUSALS);
  const rows = () => books.rows<Row>('select * from app.drift_alerts()');
  return {
    drift: async () => (await rows()).flatMap(alertsOf),
    async clearDrift({ alert_id, revision }) {
      const row = (await rows()).find((each) => each.alert_id === alert_id);
      if (!row) throw new Fault('not_found', NOT_HERE);
      await books.rows('select app.clear_drift($1, $2, $3)', [alert_id, revision, JSON.stringify(cleared(row))]);
    },
  };
}

/** What was shifted is not compared any more before there is a baseline of values from after this: else the same shift would be told again. */
function cleared({ state, now_ms }: Row): ContractState {
  const next = stepContract(state, { is: 'cleared' }, now_ms).state;
  const shifted = state.shifts.map(({ path }) => path);
  const baseline = Object.fromEntries(Object.entries(next.baseline).filter(([path]) => !shifted.includes(path)));
  return stepContract(next, { is: 'baseline', baseline }, now_ms).state;
}

/** None where all that is to be told is something that was left out, and nothing has shown it for long. */
function alertsOf({ alert_id, vendor, surface, version, revision, state, since, why_not, now_ms }: Row): DriftAlert[] {
  const words = wordsOfDrift(state, now_ms);
  if (words.state === 'left_out' && words.changes.length === 0) return [];
  const alert: DriftAlert = {
    ...{ alert_id, revision, vendor, surface: surface.replaceAll('_', ' '), version, changed_at: since, ...words },
    may_clear: words.state === 'shifted',
    ...(words.state === 'shifted' && why_not !== null && { why_not }),
  };
  return [alert];
}
