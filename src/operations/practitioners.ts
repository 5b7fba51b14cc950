import * as z from 'zod';
import { phi } from '../domains/mark.ts';
import { Practitioner, PractitionerRole } from '../domains/practitioners.ts';
import { operation, pageOf, paging } from './operation.ts';

export const listPractitioners = operation({
  name: 'list_practitioners',
  title: 'List practitioners',
  description:
    'Who works here: clinicians (providers, doctors, nurses) with credentials, NPI, role, specialty (family medicine …), whether they take new patients. Call it for the provider_id that other tools ask for. An absent NPI is not on file; npi_invalid: its check digit is wrong.',
  toolset: 'scheduling',
  rest: 'GET /practitioners',
  doors: ['mcp', 'rest', 'admin'],
  permission: 'practitioners:read',
  effect: 'read',
  needs: ['practitioners.list'],
  page: { list: 'practitioners', id: 'practitioner_id' },
  input: z.object({
    active_only: z.boolean().default(true),
    role: PractitionerRole.optional(),
    specialty: phi('specialty', z.string().min(2).max(60)).optional().describe('or a part of it'),
    name: phi('name', z.string().min(2).max(60)).optional().describe('or a part of it'),
    ...paging(40),
  }),
  output: z.object({ practitioners: z.array(Practitioner) }),
  async run({ practitioners }, { active_only, role, specialty, name, ...page }) {
    return practitioners.list({ active_only, role, specialty, name, ...pageOf(page) });
  },
});
