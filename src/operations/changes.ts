import * as z from 'zod';
import { RecordChange, RecordKind } from '../domains/changes.ts';
import { isDay, plusDays } from '../domains/days.ts';
import { clear, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { type Caller, operation, type Permission, pageOf, paging, type Toolset } from './operation.ts';

/** Who may read a record may be told that it changed: with all of these permissions, and the toolset of the tool that shows it. */
const READ_BY: Record<RecordKind, readonly [Toolset, ...Permission[]]> = {
  patient: ['patients', 'patients:read'],
  practitioner: ['scheduling', 'practitioners:read'],
  coverage: ['coverage', 'coverages:read'],
  appointment: ['scheduling', 'appointments:read'],
  encounter: ['chart', 'encounters:read'],
  chart_note: ['chart', 'notes:read'],
  lab_result: ['results', 'labs:read'],
  medication_request: ['results', 'medications:read'],
  vital_sign: ['results', 'vitals:read'],
  condition: ['results', 'conditions:read'],
  allergy: ['results', 'allergies:read'],
  lab_order: ['results', 'lab_orders:read'],
  prescription: ['results', 'prescriptions:read'],
  // The front desk has the inbox, but not all of it: that a clinical message came is of the chart.
  message: ['practice', 'inbox:read', 'notes:read'],
  task: ['practice', 'inbox:read', 'notes:read'],
  refill_request: ['practice', 'inbox:read', 'notes:read', 'medications:read'],
  intake_form: ['patients', 'intake_forms:read'],
  care_plan: ['quality', 'care_plans:read'],
  referral: ['coverage', 'referrals:read'],
  prior_authorization: ['coverage', 'prior_authorizations:read'],
  authorization: ['coverage', 'authorizations:read'],
  charge: ['billing', 'balances:read'],
  claim: ['billing', 'claims:read'],
  payment: ['billing', 'balances:read'],
  statement: ['billing', 'statements:read'],
};

function mayKnow({ permissions, toolsets }: Caller, kind: RecordKind): boolean {
  const [toolset, ...needed] = READ_BY[kind];
  return toolsets?.has(toolset) !== false && needed.every((permission) => permissions.has(permission));
}

const DayOrInstant = clear(
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d))?$/, {
      error: 'a day, YYYY-MM-DD, or an instant like 2026-11-20T09:00:00-05:00',
      abort: true,
    })
    .refine((text) => isDay(text.slice(0, 10)), { error: 'not a day of the calendar', abort: true }),
);

const ChangeId = clear(recordId('use a change_id that an answer gave'));

export const listChanges = operation({
  name: 'list_changes',
  title: 'List what changed',
  description:
    'Which records were created, updated or deleted since a time (default a week ago; of one patient, ever), oldest first: ids only, no contents. To keep a copy in step, pass the last change_id as after next time. "deleted": remove it. To read a record use its own tool.',
  toolset: 'always',
  rest: 'GET /changes',
  doors: ['mcp', 'rest'],
  permission: 'changes:read',
  effect: 'read',
  needs: ['changes.list'],
  page: { list: 'changes', id: 'change_id' },
  input: z.object({
    updated_since: DayOrInstant.optional().describe('day or RFC 3339 instant, inclusive'),
    kinds: z.array(RecordKind).min(1).optional(),
    patient_id: PatientId.optional(),
    after: ChangeId.optional().describe('the last change_id you have'),
    ...paging(50),
  }),
  output: z.object({ changes: z.array(RecordChange) }),
  async run({ changes, caller, today }, { updated_since, kinds = RecordKind.options, patient_id, after, ...page }) {
    const allowed = kinds.filter((kind) => mayKnow(caller, kind));
    const { limit, after: cursor } = pageOf(page);
    const since = updated_since ?? (after === undefined && patient_id === undefined ? plusDays(today, -7) : undefined);
    return changes.list({ kinds: allowed, since, patient_id, limit, after: cursor ?? after });
  },
});
