// What makes the clinic's day look made up (connectors.md §3.5): one rule a line, each answers one line per offence. The rules of the chart are in lint.ts.
import { isHoliday } from './calendar.ts';
import { type Day, dayOf, weekdayOf } from './days.ts';
import type { AppointmentRow, Clinic } from './rows.ts';
import type { MessageRow } from './rows-practice.ts';

type Rule = (clinic: Clinic) => string[];

const dayIn = (instant: string): Day => dayOf(instant.slice(0, 10));
const minuteIn = (instant: string) => Number(instant.slice(11, 13)) * 60 + Number(instant.slice(14, 16));
const at = (instant: string) => Date.parse(instant);
const offence = (isOne: boolean, text: string) => (isOne ? [text] : []);
const DAY = 86_400_000;
const isOff = ({ status }: AppointmentRow) => status === 'cancelled' || status === 'rescheduled' || status === 'entered_in_error';

/** Of the inbound messages, hours until the answer; undefined where there is none. */
function waits(messages: readonly MessageRow[]): { message: MessageRow; hours: number | undefined }[] {
  const by = new Map(messages.map((each) => [each.id, each]));
  return messages
    .filter(({ direction }) => direction === 'inbound')
    .map((message) => {
      const answer = message.answered_by === null ? undefined : by.get(message.answered_by);
      return { message, hours: answer ? (at(answer.sent_at) - at(message.sent_at)) / 3_600_000 : undefined };
    });
}

export const PRACTICE_RULES = {
  'nobody is booked outside the hours of the clinician, or over what is blocked': ({ appointments, practitioner_hours, schedule_blocks }) =>
    appointments.flatMap((visit) => {
      const { start_at, minutes, practitioner_id, modality } = visit;
      const [date, minute] = [start_at.slice(0, 10), minuteIn(start_at)];
      const weekday = ((weekdayOf(dayIn(start_at)) + 6) % 7) + 1;
      const isWithin = practitioner_hours.some(
        (hours) =>
          hours.practitioner_id === practitioner_id &&
          hours.weekday === weekday &&
          hours.from_on <= date &&
          (hours.to_on === null || hours.to_on >= date) &&
          (hours.modality === 'any' || hours.modality === modality) &&
          hours.start_minute <= minute &&
          hours.end_minute >= minute + minutes,
      );
      const over = schedule_blocks.find(
        (block) =>
          (block.practitioner_id === null || block.practitioner_id === practitioner_id) &&
          at(block.start_at) < at(start_at) + minutes * 60_000 &&
          at(block.end_at) > at(start_at),
      );
      return [
        ...offence(!isWithin, `${start_at} outside hours`),
        ...offence(over !== undefined && !isOff(visit), `${start_at} over ${over?.reason}`),
      ];
    }),
  'every holiday is closed, somebody is away, and the next weeks can be booked': ({
    schedule_blocks,
    practitioners,
    practitioner_hours,
    options,
  }) => {
    const closed = new Set(schedule_blocks.filter(({ reason }) => reason === 'holiday').map(({ start_at }) => dayIn(start_at)));
    const today = dayOf(options.as_of);
    const open = Array.from({ length: 790 }, (_, i) => today - 730 + i).filter(
      (day) => isHoliday(day) && weekdayOf(day) % 6 !== 0 && !closed.has(day),
    );
    return [
      ...open.map((day) => `open on a holiday, day ${day}`),
      ...(['leave', 'training'] as const)
        .filter((reason) => schedule_blocks.filter((block) => block.reason === reason).length < 2)
        .map((reason) => `hardly any ${reason}`),
      ...practitioners
        .filter(({ id }) => !practitioner_hours.some((hours) => hours.practitioner_id === id && hours.to_on === null))
        .map(({ id }) => `${id} never works`),
    ];
  },
  'some messages are answered late, a few never, and none before it came': ({ messages, options }) => {
    const all = waits(messages);
    const answered = all.flatMap(({ hours }) => (hours === undefined ? [] : [hours]));
    const never = all.filter(
      ({ message, hours }) => hours === undefined && at(message.sent_at) < at(`${options.as_of}T00:00:00Z`) - 8 * DAY,
    );
    return [
      ...answered.filter((hours) => hours <= 0).map((hours) => `answered ${hours} h before it came`),
      ...offence(answered.filter((hours) => hours > 72).length < 5, 'nothing is answered late'),
      ...offence(answered.filter((hours) => hours < 4).length < 3, 'nothing is answered at once'),
      ...offence(never.length < 2 || never.length > 0.1 * all.length, `${never.length} never answered`),
      ...offence(new Set(answered.map((hours) => Math.round(hours))).size < 20, 'all answered after the same time'),
    ];
  },
  'no message is the copy of another': ({ messages }) => {
    const seen = new Map<string, number>();
    for (const { body } of messages) seen.set(JSON.stringify(body), (seen.get(JSON.stringify(body)) ?? 0) + 1);
    return [...seen].filter(([, n]) => n > 1).map(([text, n]) => `${n} × ${text.slice(0, 90)}`);
  },
  'patients write at night and on Sundays, the clinic while it is open': ({ messages }) => {
    const inbound = messages.filter(({ direction, channel }) => direction === 'inbound' && channel !== 'phone');
    const evening = inbound.filter(({ sent_at }) => minuteIn(sent_at) > 1080 || minuteIn(sent_at) < 480);
    const lengths = inbound.map(({ body }) => body.reduce((sum, { text }) => sum + text.length, 0));
    return [
      ...messages
        .filter(({ direction, sent_at }) => direction === 'outbound' && (weekdayOf(dayIn(sent_at)) % 6 === 0 || isHoliday(dayIn(sent_at))))
        .map(({ sent_at }) => `the clinic wrote at ${sent_at}`),
      ...offence(evening.length < inbound.length * 0.3, 'patients write in office hours only'),
      ...offence(Math.max(...lengths) < 400 || Math.min(...lengths) > 60, 'all messages are of one length'),
      ...offence(!inbound.some(({ sent_at }) => weekdayOf(dayIn(sent_at)) === 0), 'nobody writes on a Sunday'),
    ];
  },
  'nothing is written before the chart was opened, after the death, or tomorrow': (clinic) => {
    const { messages, tasks, refill_requests, intake_forms, message_reads, options } = clinic;
    const told = [
      ...messages.map(({ patient_id, sent_at }) => ({ patient_id, at: sent_at })),
      ...tasks.flatMap(({ patient_id, created_at, ended_at }) =>
        [created_at, ended_at ?? created_at].map((each) => ({ patient_id, at: each })),
      ),
      ...refill_requests.flatMap(({ patient_id, requested_at, decided_at }) =>
        [requested_at, decided_at ?? requested_at].map((each) => ({ patient_id, at: each })),
      ),
      ...intake_forms.flatMap(({ patient_id, sent_at, completed_at }) =>
        [sent_at, completed_at ?? sent_at].map((each) => ({ patient_id, at: each })),
      ),
    ];
    const patients = new Map(clinic.patients.map((each) => [each.id, each]));
    return [
      ...told.flatMap(({ patient_id, at: when }) => {
        const patient = patients.get(patient_id ?? '');
        return [
          ...offence(when.slice(0, 10) >= options.as_of, `${when} is not yet`),
          ...offence(patient !== undefined && at(when) < at(patient.created_at), `${when} before the chart of ${patient?.family_name}`),
        ];
      }),
      ...messages
        .filter(({ patient_id, sent_at }) => (patients.get(patient_id)?.deceased_on ?? '9') < sent_at.slice(0, 10))
        .map(({ sent_at }) => `a message from the dead at ${sent_at}`),
      ...message_reads.filter(({ read_at }) => read_at.slice(0, 10) >= options.as_of).map(({ read_at }) => `read at ${read_at}`),
    ];
  },
  'nobody has read everything, and nobody reads what has not come': ({ messages, message_reads, staff }) => {
    const by = new Map(messages.map((each) => [each.id, each]));
    const inbound = messages.filter(({ direction }) => direction === 'inbound').length;
    const counts = staff
      .filter(({ role }) => ['owner', 'physician', 'nurse', 'front_desk'].includes(role))
      .map(({ user_id }) => message_reads.filter((read) => read.user_id === user_id).length);
    return [
      ...message_reads
        .filter(({ message_id, read_at }) => at(read_at) <= at(by.get(message_id)?.sent_at ?? ''))
        .map(({ read_at }) => `read at ${read_at}, before it came`),
      ...offence(
        counts.some((count) => count === 0 || count >= inbound),
        'somebody reads all or nothing',
      ),
      ...offence(new Set(counts).size < 4, 'all have read as much'),
    ];
  },
  'a form is filled in after it was sent, and not all are': ({ intake_forms, appointments }) => {
    const visits = new Map(appointments.map((each) => [each.id, each]));
    const statuses = new Set(intake_forms.map(({ status }) => status));
    return [
      ...intake_forms.flatMap(({ id, sent_at, completed_at, appointment_id, expires_at }) => {
        const visit = visits.get(appointment_id ?? '');
        return [
          ...offence(completed_at !== null && at(completed_at) <= at(sent_at), `${id} completed before it was sent`),
          ...offence(
            visit !== undefined && (at(sent_at) < at(visit.booked_at) || at(sent_at) > at(visit.start_at)),
            `${id} not sent between booking and visit`,
          ),
          ...offence(
            visit !== undefined && completed_at !== null && at(completed_at) > at(visit.start_at),
            `${id} completed after the visit`,
          ),
          ...offence(expires_at !== null && at(expires_at) < at(sent_at), `${id} expired before it was sent`),
        ];
      }),
      ...(['sent', 'started', 'completed', 'expired', 'cancelled'] as const)
        .filter((status) => !statuses.has(status))
        .map((status) => `no form is ${status}`),
    ];
  },
  'tasks are of all kinds, and some are overdue': ({ tasks, options }) => {
    const open = tasks.filter(({ status }) => ['requested', 'in_progress', 'on_hold'].includes(status));
    return [
      ...tasks
        .filter(({ created_at, ended_at }) => ended_at !== null && at(ended_at) <= at(created_at))
        .map(({ title }) => `done before it was asked: ${title}`),
      ...tasks
        .filter(({ status, ended_at }) => (status === 'completed') !== (ended_at !== null) && status !== 'cancelled')
        .map(({ title, status }) => `${title}: ${status}`),
      ...offence(!open.some(({ due_on }) => due_on !== null && due_on < options.as_of), 'nothing is overdue'),
      ...offence(!open.some(({ due_on }) => due_on === null || due_on > options.as_of), 'everything is overdue'),
      ...offence(new Set(tasks.map(({ kind }) => kind)).size < 7, 'few kinds of tasks'),
      ...offence(!tasks.some(({ patient_id }) => patient_id === null), 'every task is about a patient'),
    ];
  },
} as const satisfies Record<string, Rule>;
