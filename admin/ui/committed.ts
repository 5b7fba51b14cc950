/** What a signature did, as a sentence: where what was signed stands now. Of a kind that is not known here, that it is in the record. */
const DONE: Record<string, (whose: string, payload: Record<string, unknown>) => string | undefined> = {
  chart_note_draft: (whose) => `The note is in ${whose} chart.`,
  vitals_draft: (whose) => `The vital signs are in ${whose} chart.`,
  order_draft: (whose) => `The order is in ${whose} chart.`,
  referral_draft: (whose) => `The referral is in ${whose} chart.`,
  message_draft: (whose, { channel }) => (channel === 'portal' ? `The message is in ${whose} portal.` : undefined),
  appointment_draft: (whose) => `${begun(whose)} visit is booked.`,
  reschedule_draft: (whose) => `${begun(whose)} visit is at its new time.`,
  cancellation_draft: (whose) => `${begun(whose)} visit is cancelled.`,
  task_update_draft: () => 'The inbox says so now.',
};

const begun = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

export function committedWord({ kind, patient, payload }: { kind: string; patient?: string; payload: Record<string, unknown> }): string {
  const whose = patient === undefined ? 'the patient’s' : `${patient}’s`;
  return (Object.hasOwn(DONE, kind) ? DONE[kind]?.(whose, payload) : undefined) ?? 'What was signed is in the record.';
}
