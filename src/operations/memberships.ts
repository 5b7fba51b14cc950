import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { MembershipMetrics, Month } from '../domains/memberships.ts';
import { operation } from './operation.ts';

export const getMembershipMetrics = operation({
  name: 'get_membership_metrics',
  title: 'Get membership metrics',
  description:
    'Members of the clinic’s membership plans: active, past due, paused, trialing, churned (cancelled), scheduled to end; MRR, ARR, ARPA; new, expansion, contraction, churn rate, retention of the month and the month before. month defaults to this month so far.',
  toolset: 'finance',
  rest: 'GET /memberships/metrics',
  doors: ['mcp', 'rest'],
  permission: 'memberships:read',
  effect: 'read',
  needs: ['memberships.metrics'],
  input: z.object({ month: Month.optional() }),
  output: MembershipMetrics,
  async run({ memberships, today }, { month = today.slice(0, 7) }) {
    if (month > today.slice(0, 7)) throw new Fault('invalid_input', 'month: it has not begun. Use this month or an earlier one.');
    return memberships.metrics({ month });
  },
});
