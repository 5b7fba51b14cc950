import * as z from 'zod';
import { PatientId } from '../domains/patients.ts';
import { PatientProfit } from '../domains/profits.ts';
import { operation } from './operation.ts';

export const getPatientProfit = operation({
  name: 'get_patient_profit',
  title: 'Get patient profit',
  description:
    'What one patient has brought in over the years: lifetime value (LTV), total spend, insurance paid, earned revenue, direct costs, margin, membership months. Margin only where costs are known (cost_completeness). Call search_patients first. For what the patient owes: get_patient_balance.',
  toolset: 'finance',
  rest: 'GET /patients/{patient_id}/profit',
  doors: ['mcp', 'rest'],
  permission: 'profits:read',
  effect: 'read',
  needs: ['profits.get'],
  input: z.object({ patient_id: PatientId }),
  output: PatientProfit,
  async run({ profits }, { patient_id }) {
    return profits.get({ patient_id });
  },
});
