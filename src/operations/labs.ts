import * as z from 'zod';
import { Since } from '../domains/days.ts';
import { LabResult } from '../domains/labs.ts';
import { phi } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getLabs = operation({
  name: 'get_labs',
  title: 'Get lab results',
  description:
    'Lab results of one patient, newest collected first, with range and flag. Call search_patients first for the patient_id. flag "unknown" is not normal; comparator "<" or ">" means beyond what was measured. panel selects by analyte; unmapped counts results that no panel can select. fields "full" adds ids, panel, specimen, lab, method, comment.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/labs',
  doors: ['mcp', 'rest'],
  permission: 'labs:read',
  effect: 'read',
  needs: ['labs.list'],
  page: { list: 'labs', id: 'lab_result_id', hideId: ({ fields }) => fields === 'compact' },
  input: z.object({
    patient_id: PatientId,
    panel: phi('panel', z.string().min(1).max(40)).optional().describe('CMP, CBC, lipid, A1c, thyroid, TRT …, an analyte, or a LOINC'),
    since: Since.optional(),
    fields: z.enum(['compact', 'full']).default('compact'),
    ...paging(40),
  }),
  output: z.object({ labs: z.array(LabResult), unmapped: z.number().int().optional() }),
  async run({ labs }, { patient_id, panel, since, fields, ...page }) {
    const found = await labs.list({ patient_id, panel, since, ...pageOf(page) });
    return {
      labs: fields === 'full' ? found.labs : found.labs.map(compact),
      more: found.more,
      ...(found.unmapped > 0 && { unmapped: found.unmapped }),
    };
  },
});

/** What a reader of values needs. The id stays for the cursor. */
function compact({
  panel,
  specimen,
  performing_lab,
  method,
  lab_flag,
  computed_flag,
  resulted_at,
  order_id,
  comment,
  ...row
}: LabResult): LabResult {
  return row;
}
