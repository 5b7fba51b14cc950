// The questions of a working day as staff ask them: each has a tool and arguments that answer it (answers.test.ts asks them), and the tool can be found by its words.
import { expect, it } from 'vitest';
import { answersOf } from '../../clinic/truth.ts';
import { toolOf } from '../../src/http/tool-schema.ts';
import { catalogue } from '../../src/operations/index.ts';
import { SEED } from '../../src/start/sandbox.ts';
import { TODAY } from '../app.ts';
import { verifies } from '../promises.ts';
import { ranked } from '../rank.ts';

const tools = catalogue.filter(({ doors }) => (doors as readonly string[]).includes('mcp')).map(toolOf);
/** What staff ask of a tool that drafts; its journeys have the answers. */
const DRAFTED: Record<string, readonly string[]> = {
  draft_chart_note: ['Draft a follow-up note for John Smith from today’s visit', 'Write a SOAP note for this patient that I can sign'],
  draft_patient_message: ['Draft a portal message to this patient', 'Write her a message that I can send'],
  draft_message_batch: [
    'Draft a follow-up message for everyone who missed their appointment last week',
    'Write the same message to several patients',
  ],
  draft_appointment: ['Book an appointment for this patient next Tuesday', 'Draft a telehealth appointment with Dr. Marchetti'],
  draft_reschedule: ['Reschedule her appointment to another day', 'Move this appointment to Friday morning'],
  draft_cancellation: ['Cancel this appointment', 'Draft the cancellation of his visit tomorrow'],
  draft_vitals: ['Chart these vitals: blood pressure 128/82, pulse 70', 'Draft vitals for this patient'],
  draft_order: ['Order a lab for this patient', 'Draft an order for a medication'],
  draft_referral: ['Draft a referral to a cardiologist', 'Refer this patient to nephrology'],
  draft_prior_authorization: ['Draft a prior authorization for the MRI', 'Write the PA request for this drug'],
  draft_care_plan_update: ['Add a goal to this care plan: A1c below 7', 'Record in the care plan that the activity was done on Monday'],
  draft_payment_posting: ['Post this remittance to the ledger', 'Draft the payment posting of the 835 from Medicare'],
  draft_task_update: ['Mark this task as done', 'Acknowledge the lab callback for this result'],
  draft_patient: ['Register a new patient', 'Draft the registration of a patient who called for the first time'],
  draft_contact_update: ['Change her phone and address', 'She confirmed her contact details are still right'],
  draft_intake_form: ['Send him the new patient form to fill in', 'Draft a consent form for this visit'],
  get_draft: ['Was my draft signed?', 'What is the state of the draft that I made?'],
  get_operation: ['Did the signed booking get into the vendor’s record?', 'What became of the write that was in doubt?'],
};
const questions = [
  ...new Map(
    answersOf({ options: { clinic: 'juniper', seed: SEED, as_of: TODAY } }).flatMap(({ ask, tool }) =>
      ask === undefined ? [] : [[ask, tool] as const],
    ),
  ),
].map(([ask, tool]) => ({ ask, tool }));

const asked_of_drafts = Object.entries(DRAFTED).flatMap(([tool, asks]) => asks.map((ask) => ({ ask, tool })));
const all = [...questions, ...asked_of_drafts];

it('there are 120 of them and more, and every tool answers at least two', () => {
  expect(questions.length).toBeGreaterThanOrEqual(120);
  const asked = new Map(tools.map(({ name }) => [name, all.filter(({ tool }) => tool === name).length]));
  expect([...asked].filter(([name, n]) => n < 2 && !['connection_status', 'read_untrusted'].includes(name))).toEqual([]);
});

verifies('tools:found-by-their-words', () => {
  const missed = all
    .map(({ ask, tool }) => ({ ask, tool, first: ranked(tools, ask).slice(0, 3) }))
    .filter(({ tool, first }) => !first.includes(tool));
  // 110 of 120.
  expect(missed.length / all.length, JSON.stringify(missed, null, 1)).toBeLessThanOrEqual(10 / 120);
});
