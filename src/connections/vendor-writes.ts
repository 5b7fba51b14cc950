// The writes to vendors as a call of the clinic's people, or of one person's AI, sees and decides on them. The law is in the database (migration 0031); the write machine makes the next
// state of a decision, and its words are write-words.ts.

import { Fault } from '../base/fault.ts';
import { CURSOR_WANTED } from '../base/ids.ts';
import { present } from '../base/present.ts';
import { type Refusals, refusing } from '../db/refusals.ts';
import type { Tx } from '../db/tx.ts';
import {
  type DECISIONS,
  OPERATION_NOTES,
  type OpenWrites,
  type OperationState,
  type VendorWrite,
  type VendorWrites,
} from '../domains/vendor-writes.ts';
import { TROUBLES } from './taxonomy.ts';
import { type Decision, decided, type WriteState } from './write.ts';
import { choicesOf, saysOf, stepsOf } from './write-words.ts';

const NOT_HERE = 'There is no such write here.';
const REFUSALS: Refusals = {
  not_found: ['not_found', NOT_HERE],
  not_permitted: ['not_permitted', 'The owner decides on this, or who signs drafts of this kind.'],
  mfa_needed: ['mfa_needed', 'Your second factor was entered too long ago.'],
  stale_write: ['stale_write', 'Somebody decided on it, or it moved, since this page was opened. Your decision was not taken.'],
  stale_cursor: ['invalid_input', `cursor: ${CURSOR_WANTED}.`],
};

const STATUSES = { parked: ['parked'], in_doubt: ['in_doubt'], waiting: ['planned', 'sending'] } as const satisfies Record<
  OpenWrites,
  readonly VendorWrite['status'][]
>;
const ENDS = { there: 'there', send_again: 'send_again', give_up: 'given_up' } as const satisfies Record<
  (typeof DECISIONS)[number],
  Decision['is']
>;
const NAMES = { there: 'there', send_again: 'send_again', given_up: 'give_up' } as const satisfies Record<
  Decision['is'],
  (typeof DECISIONS)[number]
>;

/** A row of app.vendor_write. */
interface Row {
  write_id: string;
  version: number;
  connection_id: string;
  vendor: string;
  status: VendorWrite['status'];
  state: WriteState;
  draft_id: string | null;
  kind: string | null;
  patient_id: string | null;
  patient: string | null;
  birth_date: string | null;
  signed_by: string | null;
  signed_at: string | null;
  why_not: 'not_permitted' | 'mfa_needed' | null;
  created_at: string;
  updated_at: string;
  /** The database's time. */
  now_ms: number;
}

export function openVendorWrites(tx: Tx): VendorWrites {
  const books = refusing(tx, REFUSALS);
  const find = async (write_id: string): Promise<Row> => {
    const [row] = await books.rows<Row>('select * from app.vendor_write($1)', [write_id]);
    if (!row) throw new Fault('not_found', NOT_HERE);
    return row;
  };
  return {
    async list({ state, limit, after }) {
      const [rows, counted] = await Promise.all([
        books.rows<Row>('select * from app.vendor_writes($1, $2, $3)', [STATUSES[state], after ?? null, limit + 1]),
        books.rows<Record<OpenWrites, number>>(
          'select coalesce(sum(a.parked), 0)::int as parked, coalesce(sum(a.in_doubt), 0)::int as in_doubt, coalesce(sum(a.waiting), 0)::int as waiting from app.vendor_accounts() a',
        ),
      ]);
      return {
        writes: rows.slice(0, limit).map(writeOf),
        more: rows.length > limit,
        counts: counted[0] ?? { parked: 0, in_doubt: 0, waiting: 0 },
      };
    },
    async get({ write_id }) {
      const row = await find(write_id);
      const events = await books.rows<{ state: WriteState; at: string; by: string | null }>('select * from app.vendor_write_events($1)', [
        write_id,
      ]);
      const { state, why_not } = row;
      const steps = stepsOf(events.map(({ at, state, by }) => ({ at, state, ...(by !== null && { by }) })));
      return {
        ...writeOf(row),
        steps: steps.map(({ until_ms, ...step }) => ({ ...step, ...(until_ms !== undefined && { until: instantOf(until_ms) }) })),
        found: state.is === 'parked' ? [...state.found] : [],
        ...(state.is === 'confirmed' && { vendor_id: state.vendor_id }),
        choices: state.is === 'parked' ? choicesOf(state).map(({ by, ...choice }) => ({ decision: NAMES[by], ...choice })) : [],
        ...(state.is === 'parked' && why_not !== null && { why_not }),
      };
    },
    async resolve({ write_id, version, decision, vendor_id }) {
      const row = await find(write_id);
      // What is not parked is not decided on; the database says so, in the order of its law.
      const by: Decision = decision === 'there' ? { is: 'there', vendor_id: vendor_id ?? '' } : { is: ENDS[decision] };
      const state = row.state.is === 'parked' ? decided(row.state, by, row.now_ms) : row.state;
      await books.rows('select app.resolve_vendor_write($1, $2, $3)', [write_id, version, JSON.stringify(state)]);
      return writeOf(await find(write_id));
    },
    async state({ operation_id }) {
      return operationOf(await find(operation_id));
    },
    async ofDraft({ draft_id }) {
      const [row] = await tx.rows<Row>('select w.* from app.vendor_write_of($1) id cross join lateral app.vendor_write(id) w', [draft_id]);
      return row && { operation_id: row.write_id, vendor: row.vendor, status: operationOf(row).status, says: saysOf(row.state) };
    },
  };
}

/** Unix milliseconds as an instant; the database's clock gave them. */
const instantOf = (ms: number) => new Date(ms).toISOString();

function writeOf({ state, why_not: _, now_ms: __, updated_at, ...known }: Row): VendorWrite {
  return {
    ...present(known),
    attempts: 'attempts' in state ? state.attempts : 0,
    says: saysOf(state),
    changed_at: state.is === 'in_doubt' ? instantOf(state.since) : updated_at,
  } as VendorWrite;
}

const SOON_S = 15;
const LATER_S = 60;
/** A person is not asked every minute. */
const AT_THEIR_TIME_S = 900;

function operationOf({ write_id, draft_id, state }: Row): OperationState {
  const told = (status: OperationState['status'], more: Partial<OperationState> = {}): OperationState => ({
    ...{ operation_id: write_id, status, note: OPERATION_NOTES[status], ...more },
    ...(draft_id !== null && { draft_id }),
  });
  switch (state.is) {
    case 'planned':
      return state.waits_for === undefined
        ? told('pending', { poll_after_s: SOON_S })
        : told('pending', { poll_after_s: LATER_S, reason: TROUBLES[state.waits_for].says });
    case 'sending':
      return told('pending', { poll_after_s: SOON_S });
    case 'in_doubt':
      return told('pending', { poll_after_s: LATER_S });
    case 'parked':
      return told('needs_a_person', { poll_after_s: AT_THEIR_TIME_S });
    case 'confirmed':
      return told('confirmed', { vendor_id: state.vendor_id });
    case 'rejected':
      return told('rejected', { reason: TROUBLES[state.trouble].says });
    case 'cancelled':
      return told('cancelled');
    default:
      return state satisfies never;
  }
}
