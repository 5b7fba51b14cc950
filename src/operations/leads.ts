import * as z from 'zod';
import { dateRange, plusDays } from '../domains/days.ts';
import { LeadFunnel } from '../domains/leads.ts';
import { operation } from './operation.ts';

const DEFAULT_DAYS = 180;

export const getLeadFunnel = operation({
  name: 'get_lead_funnel',
  title: 'Get lead funnel',
  description:
    'Conversion of new leads (prospects): lead, contacted, consult booked, consult attended, paying, as distinct persons with rates, median days and by source (marketing channel). date_range is the day they first asked; default the last 180 days. immature: recent leads may still convert.',
  toolset: 'finance',
  rest: 'GET /leads/funnel',
  doors: ['mcp', 'rest'],
  permission: 'leads:read',
  effect: 'read',
  needs: ['leads.funnel'],
  input: z.object({
    date_range: dateRange(1_827).optional().describe('clinic days, inclusive'),
    within_days: z.number().int().min(1).max(730).default(90).describe('days a person has to reach a stage'),
  }),
  output: LeadFunnel,
  async run({ leads, today }, { date_range, within_days }) {
    const { from, to } = date_range ?? { from: plusDays(today, 1 - DEFAULT_DAYS), to: today };
    return leads.funnel({ from, to, within_days });
  },
});
