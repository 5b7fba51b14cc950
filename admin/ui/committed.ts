/** What a signature did, as a sentence: where what was signed stands now. Of a kind that is not known here, that it is in the record. */
const DONE: Record<string, (whose: string, payload: Record<string, unknown>) => string | undefined> = {
  chart_note_draft: (whose) => `The note is in ${whose} chart.`,
  vitals_draft: (whose) => `The vital signs are in ${whose} chart.`,
  order_draft: (whose) => `The order is in ${whose} chart.`,
  referral_draft: (whose) => `The referral is in ${whose} chart.`,
  message_draft: (whose, { channel }) => {
    if (channel === 'portal') return `The message is in ${whose} portal.`;
    return channel === 'sms' ? 'The text went to the outbox.' : undefined;
  },
  appointment_draft: (whose) => `${begun(whose)} visit is booked.`,
  reschedule_draft: (whose) => `${begun(whose)} visit is at its new time.`,
  cancellation_draft: (whose) => `${begun(whose)} visit is cancelled.`,
  task_update_draft: () => 'The inbox says so now.',
  patient_draft: () => 'The patient is in the record.',
  contact_update_draft: (whose) => `${begun(whose)} contact details say so now.`,
  intake_form_draft: (whose, { channel }) =>
    channel === 'paper' ? 'The form is asked for, on paper.' : `The form waits in ${whose} portal.`,
  payment_posting_draft: () => 'The payments are in the ledger.',
  prior_authorization_draft: (whose) => `The request is in ${whose} chart. Nobody has sent it to the payer yet.`,
  care_plan_update_draft: (whose) => `${begun(whose)} care plan says so now.`,
};
/** What a signature will do, as a sentence, where it is no writing into a chart. */
const DOES: Record<string, string> = {
  appointment_draft: 'Signing books the visit.',
  reschedule_draft: 'Signing books the new time and gives the old one back.',
  cancellation_draft: 'Signing cancels the visit and gives its time back.',
  task_update_draft: 'Signing says in the inbox that it is done.',
  patient_draft: 'Signing opens a chart.',
  contact_update_draft: 'Signing changes the contact details.',
  intake_form_draft: 'Signing asks the patient for the form.',
};
export const signingWord = (kind: string) => (Object.hasOwn(DOES, kind) ? DOES[kind] : undefined) ?? 'Signing writes it into the chart.';

const begun = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

export function committedWord({ kind, patient, payload }: { kind: string; patient?: string; payload: Record<string, unknown> }): string {
  const whose = patient === undefined ? 'the patient’s' : `${patient}’s`;
  return (Object.hasOwn(DONE, kind) ? DONE[kind]?.(whose, payload) : undefined) ?? 'What was signed is in the record.';
}
