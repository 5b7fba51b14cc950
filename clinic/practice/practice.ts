// The clinic's day around one patient: what was written, asked, wanted again and filled in.
import type { LabFact } from '../labs/fact.ts';
import type { MedicationFact } from '../medications/orders.ts';
import type { MessageConsentRow, MessageReadRow, PracticeChart, RefillRequestRow, TaskRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { consentsOf } from './consents.ts';
import { type FormFact, formsOf } from './intake.ts';
import { type MessageFact, messagesOf } from './messages/messages.ts';
import { readsOf } from './messages/reads.ts';
import { refillsOf } from './refills.ts';
import { tasksOf } from './tasks.ts';

export interface Practice {
  messages: MessageFact[];
  consents: MessageConsentRow[];
  reads: MessageReadRow[];
  tasks: TaskRow[];
  refills: RefillRequestRow[];
  forms: FormFact[];
}

interface Past {
  visits: readonly VisitFact[];
  medications: readonly MedicationFact[];
  labs: readonly LabFact[];
}

export function practiceOf(setting: Setting, { visits, medications, labs }: Past): Practice {
  const messages = messagesOf(setting, labs);
  return {
    messages,
    consents: consentsOf(setting),
    reads: readsOf(setting, messages),
    tasks: tasksOf(setting, labs),
    refills: refillsOf(setting, medications),
    forms: formsOf(setting, visits),
  };
}

/** The rows of it that are of one patient. */
export function practiceRows({
  messages,
  consents,
  tasks,
  refills,
  forms,
}: Practice): Pick<PracticeChart, 'messages' | 'message_consents' | 'tasks' | 'refill_requests' | 'intake_forms'> {
  return {
    // An answer goes in before what it answers.
    messages: messages.map(({ row }) => row).reverse(),
    message_consents: consents,
    tasks,
    refill_requests: refills,
    intake_forms: forms.map(({ row }) => row),
  };
}
