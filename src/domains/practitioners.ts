import * as z from 'zod';
import { clear } from './mark.ts';

/** An input that names one clinician of the clinic. */
export const PractitionerId = clear(
  z
    .string()
    .regex(
      /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
      'not an id; call list_practitioners and use the practitioner_id it returns',
    ),
).describe('a practitioner_id');
