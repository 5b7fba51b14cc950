import * as z from 'zod';
import { DefinitionId, Excluded, Rate } from './definitions.ts';
import { system } from './mark.ts';

const count = () => z.number().int();

export const LeadStage = z.enum(['contacted', 'consult_booked', 'consult_attended', 'paying']);
export type LeadStage = z.infer<typeof LeadStage>;

/** connectors.md §2.12. A cohort by the day a person first asked; the period table beside it is another thing: its ratios may exceed 100 %. */
export const LeadFunnel = z.object({
  from: system('partial_date'),
  to: system('partial_date'),
  within_days: count(),
  leads: count().describe('distinct persons who first asked in the range'),
  stages: z.array(
    z.object({
      stage: LeadStage,
      of_cohort: Rate,
      /** Of the persons who have had all of within_days. */
      of_mature: Rate,
      median_days: z.number().optional().describe('from the stage before'),
    }),
  ),
  immature: z.boolean().describe('some had less than within_days so far: of_cohort will still rise'),
  immature_leads: count(),
  by_source: z.array(z.object({ source: system('term'), leads: count(), consult_attended: count(), paying: Rate })),
  /** What happened in the range, whoever asked when. */
  period: z.object({ leads: count(), contacted: count(), consult_booked: count(), consult_attended: count(), paying: count() }),
  excluded: Excluded,
  definition: DefinitionId,
});
export type LeadFunnel = z.infer<typeof LeadFunnel>;

/** What a source may support for leads. */
export interface Leads {
  /** The funnel of the persons who first asked in the clinic days [from, to]: how many reached each stage within `within_days` days of that, both ends counted.
   *  One person is all leads joined by an E.164 phone, or by e-mail and name; the first of them tells day and source. Paying: a first settled payment
   *  above zero, not refunded in full, on or after that day. Source: connectors.md §2.12. */
  funnel(query: { from: string; to: string; within_days: number }): Promise<LeadFunnel>;
}
