import * as z from 'zod';
import { plusDays, Since } from '../domains/days.ts';
import { DefinitionId, Excluded } from '../domains/definitions.ts';
import { LabOrder, LabOrderFilter } from '../domains/lab-orders.ts';
import { system } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { PractitionerId } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

/** What is not open comes from so many days back, unless a day is named: a clinic has years of it. */
const LOOK_BACK_DAYS = 31;
const WORK = ['open', 'overdue', 'on_hold'];

export const getLabOrders = operation({
  name: 'get_lab_orders',
  title: 'Get lab orders',
  description:
    'Lab tests that were ordered: open, overdue, on hold, completed or revoked, and whether results came. Of one patient (all of them), or without patient_id of the whole clinic (open ones, longest overdue first). Values are in get_labs; who needs labs that nobody ordered is another question.',
  toolset: 'results',
  rest: 'GET /lab-orders',
  doors: ['mcp', 'rest'],
  permission: 'lab_orders:read',
  effect: 'read',
  needs: ['lab_orders.list'],
  page: { list: 'lab_orders', id: 'lab_order_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    status: LabOrderFilter.optional().describe('default: all of a patient, open of the clinic'),
    since: Since.optional().describe('ordered since, YYYY-MM-DD'),
    provider_id: PractitionerId.optional(),
    ...paging(30),
  }),
  output: z.object({
    lab_orders: z.array(LabOrder),
    count: z.number().int().optional(),
    excluded: Excluded.optional(),
    since: system('partial_date').optional(),
    definition: DefinitionId,
  }),
  async run({ lab_orders, today }, { patient_id, status, since, provider_id, ...page }) {
    const asked = status ?? (patient_id === undefined ? 'open' : 'all');
    const from = since ?? (patient_id === undefined && !WORK.includes(asked) ? plusDays(today, -LOOK_BACK_DAYS) : undefined);
    const { excluded = [], ...found } = await lab_orders.list({
      patient_id,
      practitioner_id: provider_id,
      status: asked,
      since: from,
      ...pageOf(page),
    });
    return {
      ...found,
      ...(excluded.length > 0 && { excluded }),
      ...(from !== undefined && { since: from }),
      definition: 'lab_order_state@1',
    };
  },
});
