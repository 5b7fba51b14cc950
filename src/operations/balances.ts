import * as z from 'zod';
import { OpenCharge, PatientBalance } from '../domains/balances.ts';
import { PatientId } from '../domains/patients.ts';
import { operation, pageOf, paging } from './operation.ts';

export const getPatientBalance = operation({
  name: 'get_patient_balance',
  title: 'Get patient balance',
  description:
    'What is open on one patient’s account: past due, owed by the patient, expected from the payer, credit, charges still open, chargebacks, whether a statement may go. Call search_patients first. For bills already sent: get_statements.',
  toolset: 'billing',
  rest: 'GET /patients/{patient_id}/balance',
  doors: ['mcp', 'rest'],
  permission: 'balances:read',
  effect: 'read',
  needs: ['balances.get'],
  page: { list: 'charges', id: 'charge_id' },
  input: z.object({ patient_id: PatientId, ...paging(20) }),
  output: PatientBalance.extend({ charges: z.array(OpenCharge) }),
  async run({ balances }, { patient_id, ...page }) {
    return balances.get({ patient_id, ...pageOf(page) });
  },
});
