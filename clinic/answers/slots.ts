// find_open_slots: minute by minute from the hours, the blocks and the book as they are told, not from intervals in SQL.
import { isHoliday } from '../calendar.ts';
import { type Day, dateOf, dayOf, instantOf, weekdayOf } from '../days.ts';
import { BOOKABLE, blocksOf } from '../practice/blocks.ts';
import { hoursOf } from '../practice/hours.ts';
import type { PractitionerHoursRow, ScheduleBlockRow } from '../rows-practice.ts';
import type { Story } from '../story.ts';
import type { VisitFact } from '../visit.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

type Modality = 'in_person' | 'telehealth';
const MODALITIES: readonly Modality[] = ['in_person', 'telehealth'];
const PARTS = { morning: [0, 720], afternoon: [720, 1020], evening: [1020, 1440] } as const;

interface Book {
  told: Told;
  hours: readonly PractitionerHoursRow[];
  blocks: readonly ScheduleBlockRow[];
  visits: readonly VisitFact[];
}
interface Asked {
  ask: string;
  trap: string;
  from: Day;
  to: Day;
  clinician: number;
  minutes?: number;
  modality?: Modality;
  part?: keyof typeof PARTS;
}

export function slots(told: Told): Question[] {
  const { options, all } = told;
  const today = dayOf(options.as_of);
  const visits = all.flatMap((story) => story.visits);
  const book: Book = {
    told,
    hours: hoursOf(options),
    blocks: blocksOf(
      options,
      visits.flatMap(({ appointment }) => appointment ?? []),
    ),
    visits,
  };
  const ahead = Array.from({ length: BOOKABLE - 2 }, (_, i) => today + 1 + i);
  const on = (weekday: number, from: Day) => ahead.find((day) => day >= from && weekdayOf(day) === weekday && !isHoliday(day)) as Day;
  const booked = visits.find(
    ({ appointment, day, with: who }) => day > today && appointment?.status !== 'cancelled' && appointment !== undefined && who < 4,
  );
  const freed = visits.find(
    ({ appointment, day, kind }) =>
      day > today && kind !== 'phone' && (appointment?.status === 'cancelled' || appointment?.status === 'rescheduled'),
  );
  const holiday = ahead.find((day) => isHoliday(day));
  const leave = book.blocks.find(({ reason, start_at }) => reason === 'leave' && start_at > options.as_of);
  const training = book.blocks.find(({ reason, start_at }) => reason === 'training' && start_at > options.as_of);
  const away = leave && [0, 1, 2, 3].find((at) => leave.practitioner_id === practitionerOf(all, at));
  const monday = today - ((weekdayOf(today) + 6) % 7);
  const asked: (Asked | undefined)[] = [
    booked === undefined
      ? undefined
      : {
          ask: 'When can I get a 20 minute slot with this provider on that day?',
          trap: 'what is booked is not free, lunch is not free',
          from: booked.day,
          to: booked.day,
          clinician: booked.with,
          minutes: 20,
        },
    freed === undefined
      ? undefined
      : {
          ask: 'The cancelled one that day: is the time open again?',
          trap: 'a cancelled or moved visit gives its time back',
          from: freed.day,
          to: freed.day,
          clinician: freed.with,
          minutes: 15,
        },
    holiday === undefined
      ? undefined
      : {
          ask: 'Anything open on the holiday?',
          trap: 'the clinic is closed, whatever the weekly hours say',
          from: holiday,
          to: holiday,
          clinician: 0,
          minutes: 60,
        },
    leave && away !== undefined
      ? {
          ask: 'Find me an hour in the week that provider is off.',
          trap: 'away for a week: nothing is open',
          from: dayOf(leave.start_at.slice(0, 10)),
          to: dayOf(leave.start_at.slice(0, 10)) + 8,
          clinician: away,
          minutes: 60,
        }
      : undefined,
    training === undefined
      ? undefined
      : {
          ask: 'Any opening on the training afternoon?',
          trap: 'one half of a day is blocked for everybody',
          from: dayOf(training.start_at.slice(0, 10)),
          to: dayOf(training.start_at.slice(0, 10)),
          clinician: 1,
          minutes: 30,
        },
    {
      ask: 'Which evening video slots are there in the next two weeks?',
      trap: 'evenings are by video only, and on one day of the week',
      from: today + 1,
      to: today + 14,
      clinician: 2,
      minutes: 30,
      modality: 'telehealth',
      part: 'evening',
    },
    {
      ask: 'Does the nurse have open video slots next week?',
      trap: 'hours in person are no hours by video',
      from: today + 3,
      to: today + 9,
      clinician: 4,
      minutes: 15,
      modality: 'telehealth',
    },
    {
      ask: 'What is the first free early time for a blood draw with the nurse in four weeks?',
      trap: 'hours that begin later do not hold before; on the day they begin they do',
      from: on(4, monday + 21),
      to: on(4, monday + 28),
      clinician: 4,
      minutes: 60,
      part: 'morning',
    },
  ];
  return asked.flatMap((each) => (each ? [question(book, each)] : []));
}

const practitionerOf = (all: readonly Story[], at: number) => (all[0] as Story).setting.practitioner_id(at);

function question(book: Book, { ask, trap, from, to, clinician, minutes = 30, modality, part }: Asked): Question {
  const { told } = book;
  const days = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const found = days.flatMap((day) => openOn(book, day, { clinician, minutes, modalities: modality ? [modality] : MODALITIES, part }));
  return {
    tool: 'find_open_slots',
    ask,
    trap,
    arguments: {
      date_range: { from: dateOf(from), to: dateOf(to) },
      provider_id: practitionerOf(told.all, clinician),
      minutes,
      ...(modality && { modality }),
      ...(part && { part_of_day: part }),
      limit: 100,
    },
    expect: {
      rows: {
        list: 'slots',
        id: 'start_at',
        ids: found.map(({ start_at }) => start_at),
        fields: Object.fromEntries(found.map(({ start_at, modalities }) => [start_at, { modalities }])),
      },
    },
  };
}

/** The openings of one clinician on one day: as early as possible, then back to back. */
function openOn(
  book: Book,
  day: Day,
  {
    clinician,
    minutes,
    modalities,
    part,
  }: { clinician: number; minutes: number; modalities: readonly Modality[]; part: keyof typeof PARTS | undefined },
): { start_at: string; modalities: Modality[] }[] {
  const { all } = book.told;
  const { zone } = (all[0] as Story).setting.site;
  const free = modalities.map((modality) => ({ modality, minutes: freeMinutes(book, day, { clinician, modality, part }) }));
  const found: { start_at: string; modalities: Modality[] }[] = [];
  for (let minute = 0; minute + minutes <= 1440; ) {
    const held = free.filter((each) => each.minutes.slice(minute, minute + minutes).every(Boolean)).map(({ modality }) => modality);
    if (held.length === 0) {
      minute++;
      continue;
    }
    found.push({ start_at: instantOf(zone, day, minute), modalities: held });
    minute += minutes;
  }
  return found;
}

/** For each minute of the day whether it can be booked. */
function freeMinutes(
  { told, hours, blocks, visits }: Book,
  day: Day,
  { clinician, modality, part }: { clinician: number; modality: Modality; part: keyof typeof PARTS | undefined },
): boolean[] {
  const id = practitionerOf(told.all, clinician);
  const date = dateOf(day);
  const weekday = ((weekdayOf(day) + 6) % 7) + 1;
  const [from, to] = part ? PARTS[part] : [0, 1440];
  const minutes = Array.from({ length: 1440 }, () => false);
  for (const each of hours) {
    const holds =
      each.practitioner_id === id && each.weekday === weekday && each.from_on <= date && (each.to_on === null || each.to_on >= date);
    if (holds && (each.modality === 'any' || each.modality === modality))
      minutes.fill(true, Math.max(each.start_minute, from), Math.max(Math.min(each.end_minute, to), from));
  }
  for (const { practitioner_id, start_at, end_at } of blocks) {
    if (practitioner_id !== null && practitioner_id !== id) continue;
    minutes.fill(false, minuteOn(day, start_at), minuteOn(day, end_at));
  }
  for (const { appointment, with: who, day: on, minute } of visits)
    if (
      appointment &&
      who === clinician &&
      on === day &&
      !['cancelled', 'rescheduled', 'no_show', 'entered_in_error'].includes(appointment.status)
    )
      minutes.fill(false, minute, minute + appointment.minutes);
  return minutes;
}

/** The minute of that day at which an instant lies, by the wall clock; its first or last where it lies on another day. */
function minuteOn(day: Day, instant: string): number {
  const on = dayOf(instant.slice(0, 10));
  if (on !== day) return on < day ? 0 : 1440;
  return Number(instant.slice(11, 13)) * 60 + Number(instant.slice(14, 16));
}
