// The full product of roles × tools × doors: what is listed is what is not refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../src/governance/roles.ts';
import { catalogue } from '../../src/operations/index.ts';
import { type Attending, startAttending } from '../app.ts';
import { callTool, EVERY_TOOLSET, listTools } from '../mcp.ts';
import { verifies } from '../promises.ts';

let attending: Attending;
beforeAll(async () => {
  attending = await startAttending();
}, 60_000);
afterAll(() => attending?.close());

const roles = Object.keys(ROLES) as Role[];
/** The catalogue by toolset, written from mission.md ("The catalogue") and not from the code. */
const words = (list: string) => list.split(' ');
const PATIENTS = words('search_patients get_patient get_intake_status');
const SCHEDULING = words('get_appointments find_open_slots get_no_shows_and_cancellations list_practitioners');
const CHART = words('get_encounters get_chart_notes find_unsigned_notes');
const RESULTS = words(
  'get_labs get_lab_orders get_vitals get_medications get_prescriptions get_allergies get_problem_list find_abnormal_labs_across_panel find_lab_trend_outliers find_patients_due_for_labs',
);
const COVERAGE = words('get_coverage get_prior_authorizations get_authorizations get_referrals');
const BILLING = words('get_claims get_remittances find_denials get_patient_balance get_statements');
const FINANCE = words('get_billing_summary get_patient_profit get_lead_funnel get_membership_metrics');
const QUALITY = words('get_care_plans find_care_plan_items_due find_care_gaps get_quality_measures');
const PRACTICE = words('get_inbox draft_patient_message draft_message_batch draft_task_update');
const ALWAYS = words('connection_status read_untrusted list_changes get_draft get_operation');
const CLINICIANS = words('draft_vitals draft_order draft_task_update draft_referral draft_prior_authorization draft_care_plan_update');
/** What a role's AI may draft, from the same table. */
const BOOKING = words('draft_appointment draft_reschedule draft_cancellation');
const DOOR = words('draft_patient draft_contact_update draft_intake_form');
const DRAFTS: Partial<Record<Role, string[]>> = {
  owner: [...BOOKING, ...CLINICIANS, ...DOOR, ...words('draft_patient_message draft_message_batch draft_chart_note draft_payment_posting')],
  physician: [...BOOKING, ...CLINICIANS, ...words('draft_patient_message draft_message_batch draft_chart_note')],
  front_desk: [...BOOKING, ...DOOR, ...words('draft_patient_message draft_message_batch')],
  nurse: [...BOOKING, ...CLINICIANS, ...words('draft_patient_message draft_message_batch draft_chart_note')],
  scheduler: BOOKING,
  biller: words('draft_payment_posting draft_prior_authorization'),
  quality: words('draft_care_plan_update'),
};
const CLINICAL = [...ALWAYS, ...PATIENTS, ...SCHEDULING, ...CHART, ...RESULTS, ...COVERAGE, ...QUALITY, 'get_inbox'];
const EVERYTHING = [...CLINICAL, ...BILLING, ...FINANCE];
/** Who may read what, written from mission.md ("Roles") and not from roles.ts. */
const READ: Record<Role, string[]> = {
  owner: EVERYTHING,
  physician: [...CLINICAL, 'get_billing_summary'],
  nurse: CLINICAL,
  front_desk: [...ALWAYS, ...PATIENTS, ...SCHEDULING, ...COVERAGE, 'get_inbox'],
  scheduler: [...ALWAYS, ...PATIENTS, ...SCHEDULING, ...COVERAGE],
  biller: [...ALWAYS, ...PATIENTS, ...COVERAGE, ...BILLING, ...FINANCE],
  quality: [...ALWAYS, ...PATIENTS, ...CHART, ...RESULTS, ...QUALITY],
  compliance: ['connection_status'],
  integration: EVERYTHING,
};
/** And with what it drafts. */
const READS = Object.fromEntries(
  Object.entries(READ).map(([role, names]) => [role, [...names, ...(DRAFTS[role as Role] ?? [])]]),
) as Record<Role, string[]>;
/** Who may read a patient's page, which is no tool. */
const SUMMARIES: Role[] = ['owner', 'physician', 'nurse', 'quality', 'integration'];
/** The drafts of coverage and quality. */
const ASKED = words('draft_referral draft_prior_authorization draft_care_plan_update');
/** Not in tools/list unless the URL asks for it. */
const NOT_SHOWN: Partial<Record<Role, string[]>> = {
  owner: [...BILLING, ...COVERAGE, ...QUALITY, ...PRACTICE, ...ASKED, 'draft_payment_posting'],
  integration: [...BILLING, ...COVERAGE, ...QUALITY, ...PRACTICE],
  physician: [...COVERAGE, ...QUALITY, ...ASKED, 'get_billing_summary'],
  nurse: [...COVERAGE, ...QUALITY, ...ASKED],
};
const tools = [...new Set(Object.values(READS).flat())];

verifies(
  'tools:list-agrees-with-refusals',
  async () => {
    for (const role of roles) {
      const token = attending.tokens[role];
      expect(
        (await listTools(attending.url, token, EVERY_TOOLSET)).map(({ name }) => name),
        role,
      ).toEqual([...READS[role]].sort());
      expect(
        (await listTools(attending.url, token)).map(({ name }) => name),
        role,
      ).toEqual(READS[role].filter((name) => !NOT_SHOWN[role]?.includes(name)).sort());
      const index = await fetch(`${attending.url}/api/v1`, { headers: { authorization: `Bearer ${token}` } });
      expect(JSON.stringify(await index.json()).match(/"name":"\w+"/g)?.length, role).toBe(
        READS[role].length + (SUMMARIES.includes(role) ? 1 : 0),
      );
      for (const operation of catalogue) {
        const may = READS[role].includes(operation.name) || (operation.name === 'get_patient_summary' && SUMMARIES.includes(role));
        if ((operation.doors as readonly string[]).includes('mcp'))
          for (const [path, here] of [
            [EVERY_TOOLSET, may],
            ['/mcp', may && !NOT_SHOWN[role]?.includes(operation.name)],
          ] as const) {
            const over = await callTool(attending.url, token, operation.name, {}, path);
            expect(over.error === undefined, `${role} ${operation.name} over MCP: ${over.body}`).toBe(here);
          }
        // A path that an operation of people shares with one of programs answers a program with the latter.
        const doors = operation.doors as readonly string[];
        if (
          !doors.includes('rest') &&
          catalogue.some((other) => other.rest === operation.rest && (other.doors as readonly string[]).includes('rest'))
        )
          continue;
        const [method, template] = operation.rest.split(' ') as [string, string];
        const path = template.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
        const rest = await fetch(`${attending.url}/api/v1${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(method === 'POST' && { body: '{}' }),
        });
        const problem = await rest.text();
        expect(!problem.includes('no such operation'), `${role} ${operation.name} over REST: ${problem}`).toBe(may);
      }
    }
  },
  60_000,
);

verifies(
  'tools:unknown-and-forbidden-look-alike',
  async () => {
    for (const role of roles) {
      const token = attending.tokens[role];
      const unknown = await callTool(attending.url, token, 'get_nothing', {});
      expect(unknown.error?.code).toBe(-32602);
      for (const name of [...tools.filter((tool) => !READS[role].includes(tool)), '__proto__', 'constructor', 'toString', '']) {
        const { error, status } = await callTool(attending.url, token, name, {});
        expect([error, status], `${role} ${name}`).toEqual([unknown.error, unknown.status]);
      }
    }
  },
  60_000,
);

verifies('tools:no-tool-writes', () => {
  expect(catalogue.filter(({ effect, doors }) => effect === 'write' && (doors as readonly string[]).includes('mcp'))).toEqual([]);
  expect(catalogue.filter(({ effect, doors }) => effect === 'draft' && doors.some((door) => door === 'admin' || door === 'job'))).toEqual(
    [],
  );
});

describe('tools/list', () => {
  it('is the same bytes each time, and at most 1,000 bytes a tool on average', async () => {
    const [one, two] = await Promise.all([
      listTools(attending.url, attending.tokens.owner),
      listTools(attending.url, attending.tokens.owner),
    ]);
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(Buffer.byteLength(JSON.stringify(one)) / one.length).toBeLessThanOrEqual(1000);
  });
  it('an integration has what its owner granted and nothing else', async () => {
    await attending.admin.query(
      "update guard.grants set permissions = '{patients:read,not:a_permission}' where user_id in (select id from data.users where role = 'integration')",
    );
    expect((await listTools(attending.url, attending.tokens.integration)).map(({ name }) => name)).toEqual([
      'get_patient',
      'search_patients',
    ]);
  });
});
