// The messages of one chart, as they were sent, and which answer closed which.
import type { Span } from '../../../src/domains/mark.ts';
import { isGone } from '../../booking.ts';
import { isWorkday, workdayFrom } from '../../calendar.ts';
import { type Day, dayOf, instantOf } from '../../days.ts';
import type { LabFact } from '../../labs/fact.ts';
import { type Dice, idOf } from '../../random.ts';
import type { MessageRow } from '../../rows-practice.ts';
import { NURSE, type Setting } from '../../setting.ts';
import { named } from '../people.ts';
import { CHRONIC_WORDS } from './chronic.ts';
import { GENERAL_WORDS } from './general.ts';
import { MENOPAUSE_WORDS } from './menopause.ts';
import { TESTOSTERONE } from './testosterone.ts';
import { TESTOSTERONE_WATCHED } from './testosterone-watched.ts';
import type { Thread, Threads } from './thread.ts';
import { THYROID_WORDS } from './thyroid.ts';
import { WEIGHT } from './weight.ts';

const THREADS: Threads = {
  ...TESTOSTERONE,
  ...TESTOSTERONE_WATCHED,
  ...WEIGHT,
  ...MENOPAUSE_WORDS,
  ...THYROID_WORDS,
  ...CHRONIC_WORDS,
  ...GENERAL_WORDS,
};

/** A message with what its maker knows of it. */
export interface MessageFact {
  row: MessageRow;
  day: Day;
  minute: number;
  /** Who of the clinic it is for, or from: a clinician's place, or the desk. */
  hands: number | 'desk';
  /** The answer that closed it, where there is one. */
  answer?: MessageFact;
}

/** All messages of one patient, by time. */
export function messagesOf(setting: Setting, labs: readonly LabFact[]): MessageFact[] {
  const threads = THREADS[setting.person.arc] ?? [];
  return threads.flatMap((thread, n) => threadOf(setting, { thread, n, labs })).sort((a, b) => a.day - b.day || a.minute - b.minute);
}

/** What an arc calls `ago` was moved with the arc (arcs.ts). */
export function movedAgo({ dice }: Setting, ago: number): number {
  return ago > 12 ? ago + dice('shift').int(-4, 4) : ago;
}

function threadOf(setting: Setting, { thread, n, labs }: { thread: Thread; n: number; labs: readonly LabFact[] }): MessageFact[] {
  const { as_of, site, origin, person } = setting;
  const dice = setting.dice(`thread.${n}`);
  const clinical = thread.by === 'nurse' ? NURSE : person.clinician;
  const hands = thread.about === 'clinical' ? clinical : 'desk';
  const facts: MessageFact[] = [];
  let at = { day: firstDay(setting, thread, labs), minute: -1 };
  for (const [k, [from, days, text]] of thread.said.entries()) {
    at = from === 'in' ? fromPatient(thread, at, { days, dice }) : fromClinic(at, { days, dice });
    // What is not yet written is not in the record; nobody writes to the dead.
    if (at.day >= as_of || isGone(setting, at.day)) break;
    const row: MessageRow = {
      tenant_id: setting.tenant_id,
      id: idOf(origin, 'message', `${n}.${k}`),
      patient_id: setting.patient_id,
      thread_id: idOf(origin, 'thread', n),
      direction: from === 'in' ? 'inbound' : 'outbound',
      channel: thread.via,
      category: thread.about,
      practitioner_id: hands === 'desk' ? null : setting.practitioner_id(hands),
      subject: thread.subject ?? null,
      body: spansOf(setting, thread, { from, text, isFirst: k === 0 }),
      sent_at: instantOf(site.zone, at.day, at.minute, dice.int(0, 59)),
      answered_by: null,
    };
    const fact: MessageFact = { row, ...at, hands };
    if (from === 'out')
      for (const open of facts.filter((each) => each.row.direction === 'inbound' && !each.answer)) {
        open.answer = fact;
        open.row.answered_by = row.id;
      }
    facts.push(fact);
  }
  return facts;
}

function firstDay(setting: Setting, { ago, draw }: Thread, labs: readonly LabFact[]): Day {
  if (draw === undefined) return setting.as_of - movedAgo(setting, ago);
  const days = labs.filter((lab) => lab.draw === draw).map(({ row }) => dayOf((row.resulted_at ?? row.collected_at).slice(0, 10)));
  return Math.max(...days) + ago;
}

interface Moment {
  day: Day;
  minute: number;
}

/** At any hour, most in the evening; by telephone while somebody picks up. */
function fromPatient({ via }: Thread, before: Moment, { days, dice }: { days: number; dice: Dice }): Moment {
  const isLater = before.minute >= 0;
  if (via === 'phone') return { day: workdayFrom(before.day + days), minute: dice.int(490, 960) };
  if (isLater && days === 0) return { day: before.day, minute: Math.min(before.minute + dice.int(4, 95), 1436) };
  const minute = dice.weighted([
    [dice.int(1110, 1415), 48],
    [dice.int(690, 805), 16],
    [dice.int(395, 560), 20],
    [dice.int(560, 1110), 16],
  ] as const);
  return { day: before.day + days, minute };
}

/** On a working day, while the clinic is open; now and then a clinician after hours. */
function fromClinic(before: Moment, { days, dice }: { days: number; dice: Dice }): Moment {
  const isSameDay = days === 0 && isWorkday(before.day) && before.minute < 1030;
  if (isSameDay) return { day: before.day, minute: Math.min(before.minute + dice.int(11, 170), 1085) };
  const day = workdayFrom(before.day + Math.max(1, days));
  return { day, minute: dice.chance(0.88) ? dice.int(484, 1068) : dice.int(1125, 1250) };
}

function spansOf(
  setting: Setting,
  thread: Thread,
  { from, text, isFirst }: { from: 'in' | 'out'; text: string; isFirst: boolean },
): Span[] {
  const words = named(setting, text);
  if (from === 'out') return [{ text: words, origin: 'clinic' }];
  const said: Span = { text: words, origin: 'external', kind: 'patient_reported' };
  return isFirst && thread.taken ? [{ text: named(setting, thread.taken), origin: 'clinic' }, said] : [said];
}
