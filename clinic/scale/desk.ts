// What comes over the desk for one patient: messages and their answers, tasks, intake forms.
import { dateOf } from '../days.ts';
import type { To, Visit } from './patient.ts';
import { KIND, ownerId } from './population.ts';
import { line } from './tables.ts';

const S = { message: 209, task: 260, form: 261 };

export function deskLines(to: To): void {
  messageLines(to);
  taskLines(to);
  for (const visit of to.visits) formLines(to, visit);
}

const WORDS = [
  'Could I move my visit to next week? Mornings are best.',
  'The pharmacy says they never got the refill. Can you send it again?',
  'I saw my results in the portal and have a question about one of them.',
  'Thanks for the call yesterday, I am feeling better.',
  'What is the balance on my account? I thought it was paid.',
];

/** A quarter has written; what is older than some days is answered, but for one in fifty. */
function messageLines(to: To): void {
  const { population, tenant, chance, person, tenant_id, practitioner_id, last_day, opened, id, lines } = to;
  if (chance.uniform(S.message) >= 0.25) return;
  const day = last_day - chance.int(S.message, 0, 700, 2);
  if (day < opened) return;
  const text = WORDS[chance.int(S.message, 0, WORDS.length - 1, 1)] as string;
  const category = chance.uniform(S.message, 3) < 0.5 ? 'clinical' : 'administrative';
  const answered = day + chance.int(S.message, 0, 4, 4);
  const isAnswered = answered <= last_day && chance.uniform(S.message, 5) < 0.98;
  const [asked, answer] = [id(KIND.message), id(KIND.message, 2)];
  const said = (words: string, origin: string) =>
    `[{"text":"${words}","origin":"${origin}"${origin === 'external' ? ',"kind":"patient_reported"' : ''}}]`;
  const add = (message: string, direction: 'inbound' | 'outbound', body: string, at: string, answered_by?: string) =>
    lines.messages.push(
      line(tenant_id, message, person.id, id(KIND.message, 1), direction, 'portal', category, practitioner_id, body, at, answered_by),
    );
  if (isAnswered)
    add(answer, 'outbound', said('Thank you for writing. We have taken care of it.', 'clinic'), `${dateOf(answered)}T20:15:00Z`);
  add(asked, 'inbound', said(text, 'external'), `${dateOf(day)}T18:30:00Z`, isAnswered ? answer : undefined);
  // The owner reads nearly all of it, a day later.
  if (day < last_day && chance.uniform(S.message, 6) < 0.95)
    lines.message_reads.push(line(tenant_id, asked, ownerId(population, tenant), `${dateOf(day + 1)}T13:20:00Z`));
}

const TASKS = [
  ['callback', true, 'Call back about a symptom'],
  ['lab_follow_up', true, 'Tell the patient the result'],
  ['paperwork', false, 'Fill in the form of the employer'],
  ['prior_authorization', true, 'Ask the payer for authorization'],
  ['outreach', false, 'Call about an overdue visit'],
  ['scheduling', false, 'Find an earlier appointment'],
  ['billing', false, 'Question about a statement'],
] as const;

/** A third has had one; those of the last weeks are partly open. */
function taskLines({ chance, person, tenant_id, practitioner_id, last_day, opened, id, lines }: To): void {
  const u = (i: number) => chance.uniform(S.task, i);
  for (let n = 0; n < (u(0) < 0.06 ? 2 : u(0) < 0.34 ? 1 : 0); n++) {
    const [kind, clinical, title] = TASKS[Math.floor(u(n * 8 + 1) * TASKS.length)] as (typeof TASKS)[number];
    const day = last_day - Math.floor(u(n * 8 + 2) * 728);
    if (day < opened) continue;
    const ended = day + Math.floor(u(n * 8 + 3) * 12);
    const isOpen = ended > last_day || u(n * 8 + 4) < 0.012;
    const status = isOpen ? (u(n * 8 + 5) < 0.15 ? 'on_hold' : u(n * 8 + 5) < 0.4 ? 'in_progress' : 'requested') : 'completed';
    const priority = u(n * 8 + 6) < 0.02 ? 'stat' : u(n * 8 + 6) < 0.1 ? 'urgent' : 'routine';
    lines.tasks.push(
      line(
        ...[
          tenant_id,
          id(KIND.task, n),
          person.id,
          kind,
          clinical,
          title,
          status,
          priority,
          u(n * 8 + 7) < 0.6 ? practitioner_id : undefined,
        ],
        ...[`${dateOf(day)}T16:05:00Z`, dateOf(day + 7), isOpen ? undefined : `${dateOf(ended)}T21:45:00Z`],
      ),
    );
  }
}

const FORMS = ['annual_update', 'medical_history', 'consent', 'phq9', 'financial'] as const;

/** One to three before a visit of the last and the next weeks; of older ones every third left one. A form stands for two weeks. */
function formLines({ chance, person, tenant_id, last_day, id, lines }: To, { n, day, status: visit }: Visit): void {
  const u = (i: number) => chance.uniform(S.form, n * 16 + i);
  const isNear = day > last_day - 28;
  if (day - 12 > last_day || visit === 'cancelled') return;
  const forms = isNear ? (u(0) < 0.12 ? 0 : 1 + Math.floor(u(1) * 3)) : u(0) < 0.33 ? 1 : 0;
  for (let k = 0; k < forms; k++) {
    const sent = day - 12 + Math.floor(u(2) * 3);
    if (sent > last_day) return;
    const done = sent + Math.floor(u(4 + k * 3) * 12);
    const isDone = done <= last_day && (!isNear || u(5 + k * 3) < 0.68);
    const status = isDone ? 'completed' : day < last_day ? 'expired' : u(6 + k * 3) < 0.25 ? 'started' : 'sent';
    lines.intake_forms.push(
      line(
        ...[
          tenant_id,
          id(KIND.intake_form, n * 4 + k),
          person.id,
          id(KIND.appointment, n),
          FORMS[k],
          u(3) < 0.7 ? 'portal' : 'sms',
          status,
        ],
        ...[`${dateOf(sent)}T13:00:00Z`, isDone ? `${dateOf(done)}T13:${10 + k}:00Z` : undefined, `${dateOf(day + 2)}T05:00:00Z`],
      ),
    );
  }
}
