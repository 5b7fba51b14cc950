// Who of the clinic has read which message, and when. Unread is each user's own: a message that nobody opened has no row at all.
import { workdayFrom } from '../../calendar.ts';
import { instantOf } from '../../days.ts';
import type { Dice } from '../../random.ts';
import type { MessageReadRow } from '../../rows-practice.ts';
import { NURSE, type Setting } from '../../setting.ts';
import { deskOf, userOf } from '../people.ts';
import type { MessageFact } from './messages.ts';

/** A reader, how likely he opens what is not his, and how many days he is behind. */
interface Reader {
  user_id: string;
  opens: number;
  behind: number;
}

/** Days after which the clinicians have caught up with each other's messages. */
const CAUGHT_UP = 45;

/** The reads of one patient's inbound messages, by message. */
export function readsOf(setting: Setting, messages: readonly MessageFact[]): MessageReadRow[] {
  return messages.filter(({ row }) => row.direction === 'inbound').flatMap((message) => readBy(setting, message));
}

function readBy(setting: Setting, message: MessageFact): MessageReadRow[] {
  const { as_of, site, tenant_id } = setting;
  const dice = setting.dice(`read.${message.row.id}`);
  const answerer = answererOf(setting, message);
  const rows = readersOf(setting, message).flatMap(({ user_id, opens, behind }): MessageReadRow[] => {
    const isOpened = dice.chance(opens);
    const at = openedAt(message, behind, dice);
    if (user_id === answerer || !isOpened || at.day >= as_of) return [];
    return [{ tenant_id, message_id: message.row.id, user_id, read_at: instantOf(site.zone, at.day, at.minute, dice.int(0, 59)) }];
  });
  const { answer } = message;
  if (!answer || answerer === undefined) return rows;
  // Who answered has read it, minutes before.
  const earliest = answer.day === message.day ? message.minute + 1 : 0;
  const minute = Math.max(earliest, answer.minute - dice.int(2, 9));
  return [...rows, { tenant_id, message_id: message.row.id, user_id: answerer, read_at: instantOf(site.zone, answer.day, minute, 0) }];
}

function answererOf({ options }: Setting, { answer, hands, row }: MessageFact): string | undefined {
  if (!answer) return undefined;
  if (hands !== 'desk') return userOf(options, hands);
  return deskOf(options, row.category === 'billing' ? 'biller' : 'front_desk')?.user_id;
}

function readersOf({ options, person, as_of }: Setting, { row, day }: MessageFact): Reader[] {
  const desk = deskOf(options, row.category === 'billing' ? 'biller' : 'front_desk')?.user_id;
  // Who covers for others reads on, and in time has seen most of it.
  const isOld = day < as_of - CAUGHT_UP;
  const own: Reader = { user_id: userOf(options, person.clinician), opens: isOld ? 0.97 : 0.72, behind: 1 };
  const others = [0, 1, 2, 3]
    .filter((at) => at !== person.clinician)
    .map((at): Reader => ({ user_id: userOf(options, at), opens: isOld ? 0.9 : 0.12, behind: isOld ? 9 : 2 }));
  if (row.category === 'clinical') return [{ user_id: userOf(options, NURSE), opens: isOld ? 0.98 : 0.9, behind: 0 }, own, ...others];
  return [
    ...(desk === undefined ? [] : [{ user_id: desk, opens: isOld ? 0.98 : 0.9, behind: 0 }]),
    { ...own, opens: isOld ? 0.9 : 0.2 },
    ...others,
  ];
}

/** When the clinic is next open, or `behind` working days later. */
function openedAt({ day, minute }: MessageFact, behind: number, dice: Dice): { day: number; minute: number } {
  if (behind === 0 && minute < 1000 && workdayFrom(day) === day) return { day, minute: Math.max(minute + dice.int(3, 75), 483) };
  return { day: workdayFrom(day + Math.max(1, behind)), minute: dice.int(483, 1040) };
}
