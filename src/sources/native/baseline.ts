// The changes of a record that was brought as a whole: told with the record's own times, so that list_changes begins with its history and not with the load.
import type { Sql } from './load.ts';

/** kind → table, and each of its times with the change that it tells. A day stands for the clinic's midnight; a time that is not there tells nothing. */
const TOLD: Readonly<Record<string, { table: string; created: string; updated?: readonly string[]; patient?: 'itself' }>> = {
  patient: { table: 'patients', created: 'created_at', updated: ['contact_confirmed_at'], patient: 'itself' },
  appointment: { table: 'appointments', created: 'booked_at', updated: ['cancelled_at'] },
  encounter: { table: 'encounters', created: 'start_at', updated: ['end_at'] },
  chart_note: { table: 'chart_notes', created: 'created_at', updated: ['signed_at', 'amended_at'] },
  lab_result: { table: 'lab_results', created: 'coalesce(resulted_at, collected_at)' },
  vital_sign: { table: 'vital_signs', created: 'taken_at' },
  lab_order: { table: 'lab_orders', created: 'ordered_at', updated: ['ended_at'] },
  prescription: { table: 'prescriptions', created: 'sent_at' },
  message: { table: 'messages', created: 'sent_at' },
  task: { table: 'tasks', created: 'created_at', updated: ['ended_at'] },
  refill_request: { table: 'refill_requests', created: 'requested_at', updated: ['decided_at'] },
  intake_form: { table: 'intake_forms', created: 'sent_at', updated: ['completed_at'] },
  care_plan: { table: 'care_plans', created: 'updated_at' },
  referral: { table: 'referrals', created: 'created_on' },
  prior_authorization: { table: 'prior_authorizations', created: 'requested_at', updated: ['decided_at'] },
  charge: { table: 'charges', created: 'posted_on', updated: ['voided_on'] },
  claim: { table: 'claims', created: 'submitted_on', updated: ['first_adjudicated_on'] },
  payment: { table: 'payments', created: 'posted_on' },
  statement: { table: 'statements', created: 'sent_on' },
};

/** What has a status by which it never was. */
const WITH_ERRORS = [
  'appointments',
  'encounters',
  'chart_notes',
  'lab_results',
  'vital_signs',
  'lab_orders',
  'tasks',
  'care_plans',
  'referrals',
];

/** Loads rows without noting each as a change of now: within the transaction that is open. */
export async function beginBaseline(client: Sql): Promise<void> {
  await client.query("select set_config('app.baseline', 'on', true)", []);
}

/** Notes the history of one clinic's record, once its rows are loaded. */
export async function noteBaseline(client: Sql, { tenant_id, time_zone }: { tenant_id: string; time_zone: string }): Promise<void> {
  for (const [kind, { table, created, updated = [], patient }] of Object.entries(TOLD)) {
    const of = patient === 'itself' ? 't.id' : 't.patient_id';
    const change = WITH_ERRORS.includes(table) ? "case when t.status = 'entered_in_error' then 'deleted' else $3 end" : '$3';
    for (const [at, told] of [[created, 'created'], ...updated.map((column) => [column, 'updated'])] as [string, string][])
      await client.query(
        `insert into data.record_changes (tenant_id, tx, kind, record_id, patient_id, change, changed_at)
         select t.tenant_id, '0'::xid8, $2, t.id, ${of}, ${change}, t.at
         from (select x.*, ${instantOf(at)} as at from data.${table} x where x.tenant_id = $1 and $4::text is not null) t
         where t.at is not null and t.at <= now()`,
        [tenant_id, kind, told, time_zone],
      );
  }
}

/** A column as an instant: a date is the clinic's midnight. */
function instantOf(column: string): string {
  return column.endsWith('_on') ? `(x.${column}::timestamp at time zone $4)` : column.replaceAll(/\b(\w+_at)\b/g, 'x.$1');
}
