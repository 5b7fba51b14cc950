import * as z from 'zod';
import { dateRange } from '../domains/days.ts';
import { PatientId } from '../domains/patients.ts';
import { PatientStatement, StatementStatus } from '../domains/statements.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getStatements = operation({
  name: 'get_statements',
  title: 'Get statements',
  description:
    'Patient statements (bills sent), newest first: of one patient or the clinic, paid, overdue, in collections, sent in a date range. For what a patient owes now: get_patient_balance.',
  toolset: 'billing',
  rest: 'GET /statements',
  doors: ['mcp', 'rest'],
  permission: 'statements:read',
  effect: 'read',
  needs: ['statements.list'],
  page: { list: 'statements', id: 'statement_id' },
  input: z.object({
    patient_id: PatientId.optional(),
    status: StatementStatus.optional(),
    overdue: z.boolean().optional().describe('true: still to be paid and past due'),
    date_range: dateRange(1_827).optional().describe('days sent, inclusive'),
    ...paging(20),
  }),
  output: z.object({ statements: z.array(PatientStatement) }),
  async run({ statements }, { patient_id, status, overdue, date_range, ...page }) {
    return statements.list({ patient_id, status, overdue, ...date_range, ...pageOf(page) });
  },
});
