import type { LabOrderFact } from '../clinical/lab-orders.ts';
import { knownKey } from '../roster.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

interface Stated extends LabOrderFact {
  story: Story;
  state: string;
  results: number;
  failed: number;
  preliminary: number;
}

export function labOrders(told: Told): Question[] {
  const { options, story, all } = told;
  const { clinic, as_of } = options;
  const of = (
    place: string,
    trap: string,
    narrow: Record<string, unknown> = {},
    pick: (order: Stated) => boolean = () => true,
    said?: string,
  ): Question => {
    const { patient } = story(`${clinic}-${place}`);
    const orders = statedOf(story(`${clinic}-${place}`), as_of).filter(pick);
    return {
      tool: 'get_lab_orders',
      ...(said && { ask: said }),
      trap,
      arguments: { patient_id: patient.id, limit: 200, ...narrow },
      expect: { rows: rowsOf(orders, newestFirst), absent: mistaken(story(`${clinic}-${place}`)) },
    };
  };
  const everybody = all.filter(({ patient }) => patient.active && patient.deceased_on === null && patient.replaced_by === null);
  const worklist = (trap: string, status: 'open' | 'overdue' | 'on_hold', clinician?: number): Question => {
    const who = clinician === undefined ? undefined : (all[0] as Story).setting.practitioner_id(clinician);
    const orders = everybody
      .flatMap((each) => statedOf(each, as_of))
      .filter(({ row, state }) =>
        status === 'on_hold' ? row.status === status : row.status === 'active' && (status === 'open' || state === status),
      )
      .filter(({ row }) => who === undefined || row.practitioner_id === who);
    return {
      tool: 'get_lab_orders',
      ask: {
        open: 'Which lab orders are still open?',
        overdue: 'Whose labs were ordered and never drawn?',
        on_hold: 'Which lab orders are on hold?',
      }[status],
      trap,
      arguments: { status, ...(who && { provider_id: who }), limit: 200 },
      expect: { rows: rowsOf(orders, longestDue), same: { count: orders.length } },
    };
  };
  const has =
    (...states: string[]) =>
    (order: Stated) =>
      states.includes(order.state);
  return [
    of('27', 'overdue: ordered, due long ago, never drawn; one declined', {}, undefined, 'Did anyone order his A1c?'),
    of('29', 'drawn and not back yet is not overdue', { status: 'open' }, ({ row }) => row.status === 'active'),
    of(
      knownKey(clinic, 'injection_note').slice(-2),
      'one test of a finished draw was not sufficient: results came, and the order is still open',
    ),
    of('16', 'preliminary results do not complete an order', { status: 'open' }, ({ row }) => row.status === 'active'),
    of('24', 'an order entered in error is not there'),
    of('19', 'revoked as a duplicate', { status: 'revoked' }, ({ row }) => row.status === 'revoked'),
    of('08', 'nothing was ordered again after the patient moved away', { status: 'open' }, ({ row }) => row.status === 'active'),
    of('06', 'what another order of the same draw contains was revoked', { status: 'revoked' }, has('revoked')),
    of('31', 'a draft is no order yet', { status: 'draft' }, has('draft')),
    worklist("the clinic's open orders, longest due first; results that are back do not close an order", 'open'),
    worklist('overdue only', 'overdue'),
    worklist("one clinician's", 'open', 0),
    worklist('on hold is not open', 'on_hold'),
  ];
}

/** Where each order stands: what the record says, then results, then the needle, then the day. */
function statedOf(story: Story, as_of: string): Stated[] {
  return story.clinical.lab_orders
    .filter(({ row }) => row.status !== 'entered_in_error')
    .map((order) => {
      const back = story.labs.filter(({ row, shown }) => row.order_id === order.row.id && shown);
      const failed = back.filter(({ row }) => row.status === 'cancelled' || row.value_text === 'QNS').length;
      const preliminary = back.filter(({ row }) => row.status === 'preliminary').length;
      const results = back.length - failed - preliminary;
      return { ...order, story, results, failed, preliminary, state: stateOf(order.row, results, as_of) };
    });
}

function stateOf({ status, collected_at, due_on }: LabOrderFact['row'], results: number, as_of: string): string {
  if (status !== 'active') return status;
  if (results > 0) return 'results_in';
  if (collected_at !== null) return 'collected';
  return due_on !== null && due_on < as_of ? 'overdue' : 'open';
}

const mistaken = ({ clinical }: Story) =>
  clinical.lab_orders.filter(({ row }) => row.status === 'entered_in_error').map(({ row }) => row.id);
const ordered = ({ row }: Stated) => Date.parse(row.ordered_at);
const newestFirst = (a: Stated, b: Stated) => ordered(b) - ordered(a) || (a.row.id < b.row.id ? 1 : -1);
const longestDue = (a: Stated, b: Stated) => {
  const [ours, theirs] = [a.row.due_on ?? '9999', b.row.due_on ?? '9999'];
  return ours < theirs ? -1 : ours > theirs ? 1 : ordered(a) - ordered(b) || (a.row.id < b.row.id ? -1 : 1);
};

function rowsOf(orders: readonly Stated[], order: (a: Stated, b: Stated) => number) {
  const sorted = [...orders].sort(order);
  const fields = ({ row, story, state, results, failed, preliminary }: Stated) => ({
    patient_id: story.patient.id,
    state,
    results,
    failed_results: failed > 0 ? failed : undefined,
    preliminary_results: preliminary > 0 ? preliminary : undefined,
    due_on: row.due_on ?? undefined,
    status_reason: row.status_reason ?? undefined,
    priority: row.priority === 'routine' ? undefined : row.priority,
  });
  return {
    list: 'lab_orders',
    id: 'lab_order_id',
    ids: sorted.map(({ row }) => row.id),
    fields: Object.fromEntries(sorted.map((each) => [each.row.id, fields(each)])),
  };
}

export function prescriptions({ options, story }: Told): Question[] {
  const { clinic } = options;
  const ask = (place: string, trap: string, narrow: Record<string, unknown> = {}, said?: string): Question => {
    const { clinical, patient } = story(`${clinic}-${place}`);
    const listed = clinical.prescriptions
      .filter(({ row }) => narrow.status === undefined || row.status === narrow.status)
      .filter(({ row }) => narrow.since === undefined || (row.sent_at ?? '').slice(0, 10) >= (narrow.since as string))
      .sort(({ row: a }, { row: b }) => Date.parse(b.sent_at ?? '') - Date.parse(a.sent_at ?? '') || (a.id < b.id ? 1 : -1));
    return {
      tool: 'get_prescriptions',
      ...(said && { ask: said }),
      trap,
      arguments: { patient_id: patient.id, limit: 200, ...narrow },
      expect: {
        rows: {
          list: 'prescriptions',
          id: 'prescription_id',
          ids: listed.map(({ row }) => row.id),
          fields: Object.fromEntries(
            listed.map(({ row, medication }) => [
              row.id,
              {
                medication_id: medication.row.id,
                message: row.message,
                status: row.status,
                last_filled_on: row.last_filled_on ?? undefined,
                quantity: row.quantity ?? undefined,
                controlled: medication.row.controlled ?? undefined,
              },
            ]),
          ),
        },
        // What a pharmacy's machine wrote is outside text: it comes by reference.
        absent: listed.flatMap(({ row }) => row.error_text ?? []),
      },
    };
  };
  const last = story(`${clinic}-25`).clinical.prescriptions.at(-3)?.row.sent_at?.slice(0, 10);
  return [
    ask('10', 'one came back with an error, and was sent again', {}, 'Did the phentermine go through?'),
    ask('05', 'sent and never answered is pending', { status: 'pending' }),
    ask('25', 'filled in part'),
    ask('23', 'accepted and never picked up: no fill is no fill'),
    ask(
      knownKey(clinic, 'inactive').slice(-2),
      'stopped drugs were cancelled at the pharmacy',
      {},
      'Were his testosterone refills cancelled at the pharmacy?',
    ),
    ask(knownKey(clinic, 'lapsed_supply').slice(-2), 'last filled long ago, though the order is still active'),
    ask('18', 'compounded: another pharmacy'),
    ask('25', 'since a day of sending, inclusive', { since: last }),
    ask('35', 'nothing was ever prescribed'),
  ];
}
