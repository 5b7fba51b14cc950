import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { Day, Since } from '../domains/days.ts';
import { DefinitionId } from '../domains/definitions.ts';
import { LabAggregate, LabFigure, LabResult } from '../domains/labs.ts';
import { phi } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getLabs = operation({
  name: 'get_labs',
  title: 'Get lab results',
  description:
    'Lab results of one patient, newest collected first, with range and flag; aggregate gives one latest, average, count or change per analyte instead. Call search_patients first. flag "unknown" is not normal; "<" or ">": beyond the scale. unmapped: results no panel can select.',
  toolset: 'results',
  rest: 'GET /patients/{patient_id}/labs',
  doors: ['mcp', 'rest', 'admin'],
  permission: 'labs:read',
  effect: 'read',
  needs: ['labs.list', 'labs.summarize'],
  page: { list: 'labs', id: 'lab_result_id', hideId: ({ fields }) => fields === 'compact' },
  input: z.object({
    patient_id: PatientId,
    panel: phi('panel', z.string().min(1).max(40)).optional().describe('CMP, CBC, lipid, A1c, thyroid, TRT …, an analyte, or a LOINC'),
    codes: z
      .array(phi('panel', z.string().regex(/^\d{1,7}-\d$/, 'not a LOINC')))
      .min(1)
      .max(20)
      .optional()
      .describe('LOINC of analytes'),
    since: Since.optional(),
    until: Day.optional().describe('YYYY-MM-DD, inclusive'),
    aggregate: LabAggregate.optional(),
    fields: z.enum(['compact', 'full']).default('compact').describe('full: with ids, panel, specimen, lab, method, comment'),
    ...paging(40),
  }),
  output: z.object({
    labs: z.array(LabResult),
    definition: DefinitionId.optional(),
    figures: z.array(LabFigure).optional(),
    not_listed: z.number().int().optional().describe('figures left out: narrow by panel or codes'),
    preliminary: z.number().int().optional().describe('not final yet, in no figure'),
    unmapped: z.number().int().optional(),
  }),
  async run({ labs }, { patient_id, panel, codes, since, until, aggregate, fields, ...page }) {
    if (since !== undefined && until !== undefined && until < since)
      throw new Fault('invalid_input', 'until: is before since. Give the later day as until.');
    const query = { patient_id, panel, since, ...(codes && { codes }), ...(until && { until }) };
    if (aggregate !== undefined) return figuresOf(await labs.summarize({ ...query, aggregate }));
    const found = await labs.list({ ...query, ...pageOf(page) });
    return {
      labs: fields === 'full' ? found.labs : found.labs.map(compact),
      more: found.more,
      ...(found.unmapped > 0 && { unmapped: found.unmapped }),
    };
  },
});

/** More would not fit into an answer to a model. */
const MOST_FIGURES = 28;

function figuresOf({ figures, preliminary, unmapped }: { figures: LabFigure[]; preliminary: number; unmapped: number }) {
  return {
    labs: [],
    definition: 'lab_summary@1',
    figures: figures.slice(0, MOST_FIGURES),
    ...(figures.length > MOST_FIGURES && { not_listed: figures.length - MOST_FIGURES }),
    ...(preliminary > 0 && { preliminary }),
    ...(unmapped > 0 && { unmapped }),
  };
}

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
