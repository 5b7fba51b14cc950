import * as z from 'zod';
import { CONSENT_DECISIONS, CONSENT_PURPOSES, CONSENT_SOURCES, ConsentOfNumber } from '../domains/consents.ts';
import { clear, phi, recordId } from '../domains/mark.ts';
import { PatientId } from '../domains/patients.ts';
import { operation } from './operation.ts';

export const listMessageConsents = operation({
  name: 'list_message_consents',
  title: 'What was said of text messages',
  description: 'The numbers of a patient’s chart, what holds for texts to each, and the ledger of what was said, newest first.',
  toolset: 'always',
  rest: 'GET /patients/{patient_id}/message-consents',
  doors: ['admin'],
  permission: 'consents:read',
  effect: 'read',
  needs: ['consents.list'],
  input: z.object({ patient_id: PatientId }),
  output: z.object({ numbers: z.array(ConsentOfNumber) }),
  run: async ({ consents }, query) => ({ numbers: await consents.list(query) }),
});

export const recordMessageConsent = operation({
  name: 'record_message_consent',
  title: 'Record what a patient said of text messages',
  description: 'Writes down that texts may go to a number of the chart, or that they end. Nothing is ever taken out of the ledger.',
  toolset: 'always',
  rest: 'POST /patients/{patient_id}/message-consents',
  doors: ['admin'],
  permission: 'consents:record',
  effect: 'write',
  needs: ['consents.record'],
  input: z
    .object({
      /** Made by the page: the same id is the same entry. */
      consent_id: clear(recordId('make a new UUID')),
      patient_id: PatientId,
      number: phi('phone', z.string().max(30)).optional().describe('default: the first of the chart'),
      purpose: clear(z.enum(CONSENT_PURPOSES)).default('informational'),
      decision: clear(z.enum(CONSENT_DECISIONS)),
      source: clear(z.enum(CONSENT_SOURCES)),
      said_at: clear(z.iso.datetime({ offset: true, error: 'RFC 3339 with the offset' }))
        .optional()
        .describe('default: now'),
    })
    .refine(({ decision, source }) => decision === 'revoked' || source !== 'staff', {
      error: 'a consent is the patient’s own; staff can record an end only',
      path: ['source'],
    }),
  output: ConsentOfNumber,
  run: ({ consents }, entry) => consents.record(entry),
});
