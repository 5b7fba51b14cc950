import * as z from 'zod';
import { Fault } from '../base/fault.ts';
import { afterChanges, CONTACT, CONTACT_FIELDS, ContactChange, ContactConfirmation, ContactField } from '../domains/contacts.ts';
import { PatientId } from '../domains/patients.ts';
import { draft, repeatable } from './operation.ts';

export const draftContactUpdate = draft({
  name: 'draft_contact_update',
  title: 'Draft a contact update',
  description:
    'Drafts a change of one patient’s phone, e-mail, address or other contact details, or their confirmation as still right; a person signs it. Give only what changes; remove takes details out; confirmed_by: who said that all of them are right now. Never name, birth date or sex.',
  toolset: 'patients',
  rest: 'POST /patients/{patient_id}/contact-drafts',
  doors: ['mcp', 'rest'],
  permission: 'contacts:draft',
  kind: 'contact_update_draft',
  sign: 'sign_contacts',
  needs: ['patients.contact'],
  commits: ['patients.changeContact'],
  input: z.object({
    patient_id: PatientId,
    preferred_name: CONTACT.preferred_name.optional(),
    phone: CONTACT.phone.optional(),
    phone_alternate: CONTACT.phone_alternate.optional(),
    email: CONTACT.email.optional(),
    address_line: CONTACT.address_line.optional(),
    city: CONTACT.city.optional(),
    state: CONTACT.state.optional(),
    postal_code: CONTACT.postal_code.optional(),
    language: CONTACT.language.optional(),
    remove: z.array(ContactField).max(CONTACT_FIELDS.length).optional(),
    confirmed_by: ContactConfirmation.shape.by.optional(),
    ...repeatable,
  }),
  payload: z.object({
    patient_id: z.string(),
    patient: z.string().max(200),
    birth_date: z.string().optional(),
    changes: z.array(ContactChange).max(CONTACT_FIELDS.length),
    confirmed: ContactConfirmation.optional(),
  }),
  async run({ patients, now }, { patient_id, remove = [], confirmed_by, request_key: _, ...given }) {
    const twice = remove.find((field) => given[field] !== undefined);
    if (twice) throw new Fault('invalid_input', `remove: ${twice} is given a new value too. Do one of them.`);
    const { details, ...who } = await patients.contact({ patient_id });
    const changes = CONTACT_FIELDS.flatMap((field) => {
      const before = details[field];
      const after = remove.includes(field) ? undefined : (given[field] ?? before);
      return after === before ? [] : [{ field, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
    });
    if (changes.length === 0 && confirmed_by === undefined)
      throw new Fault(
        'invalid_input',
        'Nothing would change: the chart says so already. Say confirmed_by where somebody confirmed the details as they stand.',
      );
    const after = afterChanges(details, changes);
    if (confirmed_by !== undefined && !after.phone && !after.phone_alternate && !after.email && !after.address_line)
      throw new Fault('invalid_input', 'confirmed_by: the chart has no phone, e-mail or address that could be right. Give one.');
    const said = CONTACT_FIELDS.flatMap((field) => (after[field] === undefined ? [] : [{ field, value: after[field] }]));
    return {
      patient_id,
      ...who,
      changes,
      ...(confirmed_by !== undefined && { confirmed: { by: confirmed_by, at: now.toISOString(), details: said } }),
    };
  },
  async commit({ patients }, update) {
    if (update.changes.length === 0 && update.confirmed === undefined)
      throw new Fault('conflict', 'Nothing is left of this draft. Reject it.');
    await patients.changeContact(update);
    return { record_id: update.patient_id };
  },
});
