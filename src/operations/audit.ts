import * as z from 'zod';
import { AuditedCall } from '../domains/audit.ts';
import { Day, plusDays } from '../domains/days.ts';
import { clear, recordId } from '../domains/mark.ts';
import { operation, pageOf, paging } from './operation.ts';

/** How far back is looked where nobody says. */
const DAYS = 30;

export const searchAuditLog = operation({
  name: 'search_audit_log',
  title: 'The audit log',
  description:
    'Every call of an AI, a program or a person, the newest first, with who, what, when and how it ended. Thirty days where nothing else is said.',
  toolset: 'always',
  rest: 'GET /audit',
  doors: ['admin'],
  permission: 'audit:read',
  effect: 'read',
  needs: ['audit.list'],
  page: { list: 'calls', id: 'audit_id' },
  input: z.object({
    from: Day.optional(),
    to: Day.optional(),
    user_id: clear(recordId('list_people gives it')).optional(),
    tool: clear(z.string().regex(/^[a-z_]{3,60}$/)).optional(),
    status: clear(z.enum(['ok', 'error', 'rate_limited', 'blocked_injection'])).optional(),
    ...paging(50),
  }),
  output: z.object({ calls: z.array(AuditedCall) }),
  run: ({ audit, today }, { from, to, user_id, tool, status, ...page }) =>
    audit.list({ from: from ?? plusDays(to ?? today, -DAYS), to: to ?? today, user_id, tool, status, ...pageOf(page) }),
});
