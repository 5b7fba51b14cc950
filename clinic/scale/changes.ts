// What was noted of the changes of one patient's record in the last sixty days, as guard.note_change notes them: read off the rows themselves.
import { dateOf } from '../days.ts';
import type { To } from './patient.ts';
import { KIND } from './population.ts';
import { COLUMNS, line, NONE, SCALE_TABLES, type ScaleTable } from './tables.ts';

/** kind → table, the time at which its rows are made, and the times at which they change. */
const TOLD: readonly (readonly [kind: string, table: ScaleTable, created: string, ...updated: string[]])[] = [
  ['patient', 'patients', 'created_at'],
  ['appointment', 'appointments', 'booked_at', 'cancelled_at'],
  ['encounter', 'encounters', 'start_at', 'end_at'],
  ['chart_note', 'chart_notes', 'created_at', 'signed_at'],
  ['lab_result', 'lab_results', 'resulted_at'],
  ['medication_request', 'medication_requests', 'authored_on'],
  ['vital_sign', 'vital_signs', 'taken_at'],
  ['condition', 'conditions', 'recorded_on'],
  ['allergy', 'allergies', 'recorded_on'],
  ['lab_order', 'lab_orders', 'ordered_at'],
  ['prescription', 'prescriptions', 'sent_at', 'last_filled_on'],
  ['message', 'messages', 'sent_at'],
  ['task', 'tasks', 'created_at', 'ended_at'],
  ['refill_request', 'refill_requests', 'requested_at', 'decided_at'],
  ['intake_form', 'intake_forms', 'sent_at', 'completed_at'],
  ['care_plan', 'care_plans', 'start_on', 'updated_at'],
  ['referral', 'referrals', 'created_on', 'scheduled_on', 'report_received_on'],
  ['prior_authorization', 'prior_authorizations', 'requested_at', 'decided_at'],
  ['authorization', 'authorizations', 'period_start'],
  ['charge', 'charges', 'posted_on'],
  ['claim', 'claims', 'submitted_on', 'first_adjudicated_on'],
  ['payment', 'payments', 'posted_on'],
  ['statement', 'statements', 'sent_on'],
];
const DAYS = 60;

interface Place {
  kind: string;
  table: ScaleTable;
  /** Its place among SCALE_TABLES. */
  at: number;
  times: readonly number[];
}
const PLACES: readonly Place[] = TOLD.map(([kind, table, ...times]) => ({
  kind,
  table,
  at: SCALE_TABLES.indexOf(table),
  times: times.map((column) => COLUMNS[table].split(' ').indexOf(column)),
}));

/** `from`: how many lines each table had before this patient. */
export function changeLines(to: To, from: readonly number[]): void {
  const { population, person, tenant_id, last_day, id, lines } = to;
  const first = dateOf(last_day - DAYS);
  let n = 0;
  for (const { kind, table, at, times } of PLACES) {
    const rows = lines[table];
    for (let row = from[at] as number; row < rows.length; row++) {
      const cells = (rows[row] as string).split('\t');
      for (const [i, column] of times.entries()) {
        const told = cells[column] as string;
        if (told === NONE || told < first || told >= population.as_of) continue;
        const instant = told.length === 10 ? `${told}T17:${10 + (n % 50)}:00Z` : told;
        lines.record_changes.push(
          line(
            ...[
              tenant_id,
              id(KIND.change, n),
              transactionOf(instant, first),
              kind,
              cells[1],
              person.id,
              i === 0 ? 'created' : 'updated',
              instant,
            ],
          ),
        );
        n += 1;
      }
    }
  }
}

/** Three hours are one transaction: in the order of time, and older than the load itself, behind which no reader would look. */
function transactionOf(instant: string, first: string): number {
  return 3 + Math.floor((Date.parse(instant) - Date.parse(`${first}T00:00:00Z`)) / 10_800_000);
}
