// What makes demonstration data look fake (connectors.md §3.5), as far as these tables go. Each rule answers one line per offence.
import { HOURS, isWorkday } from './calendar.ts';
import { ageOn, dayOf } from './days.ts';
import { correlation, groupsOf, mean, variance } from './lint-figures.ts';
import type { Clinic } from './rows.ts';
import { SITES } from './sites.ts';

type Rule = (clinic: Clinic) => string[];

const dayIn = (instant: string) => dayOf(instant.slice(0, 10));
const minuteIn = (instant: string) => Number(instant.slice(11, 13)) * 60 + Number(instant.slice(14, 16));
const share = <T>(all: readonly T[], test: (each: T) => boolean) => all.filter(test).length / Math.max(1, all.length);
const offence = (isOne: boolean, text: string) => (isOne ? [text] : []);
const between = (x: number, low: number, high: number, what: string) =>
  offence(x < low || x > high, `${what}: ${x.toFixed(3)}, not in ${low}–${high}`);

function counted<T>(all: readonly T[], key: (each: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(key(each), (counts.get(key(each)) ?? 0) + 1);
  return counts;
}

export const RULES = {
  'nobody is seen on a weekend, a holiday, at lunch or at night': ({ appointments }) =>
    appointments
      .filter(({ start_at, minutes }) => {
        const minute = minuteIn(start_at);
        const isOpen = HOURS.some((hour) => minute >= hour && minute + minutes <= hour + 60);
        return !isWorkday(dayIn(start_at)) || !isOpen;
      })
      .map(({ start_at }) => `a visit at ${start_at}`),
  'visits do not begin at the same times of day': ({ appointments }) => {
    const times = counted(appointments, ({ start_at }) => start_at.slice(11, 16));
    return [
      ...offence(times.size < 60, `only ${times.size} times of day`),
      ...[...times].filter(([, n]) => n > appointments.length * 0.05).map(([time, n]) => `${n} visits at ${time}`),
    ];
  },
  'no clinician sees more than 30 a day, or two at once': ({ appointments }) => {
    const standing = appointments.filter(({ status }) => !['cancelled', 'rescheduled', 'entered_in_error'].includes(status));
    const perDay = [...counted(standing, ({ practitioner_id, start_at }) => `${practitioner_id} ${start_at.slice(0, 10)}`)]
      .filter(([, n]) => n > 30)
      .map(([day]) => `over 30 visits: ${day}`);
    const byStart = [...standing].sort((a, b) => Date.parse(a.start_at) - Date.parse(b.start_at));
    const clashes = byStart.flatMap((a, i) =>
      byStart
        .slice(i + 1, i + 12)
        .filter(
          (b) =>
            b.practitioner_id === a.practitioner_id &&
            b.status !== 'roomed' &&
            a.status !== 'roomed' &&
            Date.parse(b.start_at) < Date.parse(a.start_at) + a.minutes * 60_000,
        )
        .map((b) => `two at once: ${a.start_at} and ${b.start_at}`),
    );
    return [...perDay, ...clashes];
  },
  'some do not come, some cancel, some move': ({ appointments, options }) => {
    const past = appointments.filter(({ start_at }) => start_at.slice(0, 10) < options.as_of);
    const part = (...statuses: string[]) => share(past, ({ status }) => statuses.includes(status));
    return [
      ...between(part('no_show'), 0.05, 0.13, 'no-shows'),
      ...between(part('cancelled'), 0.07, 0.15, 'cancellations'),
      ...between(part('rescheduled'), 0.02, 0.09, 'moved'),
      ...between(part('booked'), 0.001, 0.03, 'unresolved'),
    ];
  },
  'a visit is booked before it is, and called off before it would have been': ({ appointments }) =>
    appointments.flatMap(({ id, booked_at, cancelled_at, start_at, status, rescheduled_to }) => [
      ...offence(Date.parse(booked_at) >= Date.parse(start_at), `${id} booked after its start`),
      ...offence(
        cancelled_at !== null && (Date.parse(cancelled_at) > Date.parse(start_at) || Date.parse(cancelled_at) < Date.parse(booked_at)),
        `${id} cancelled at ${cancelled_at}`,
      ),
      ...offence((status === 'rescheduled') !== (rescheduled_to !== null), `${id} moved to nowhere`),
      ...offence((status === 'cancelled') !== (cancelled_at !== null), `${id} cancelled without a time`),
    ]),
  'nothing lies in the future but appointments': ({ options, lab_results, chart_notes, encounters, medication_requests, patients }) => {
    const { as_of } = options;
    return [
      ...lab_results
        .filter(({ collected_at, resulted_at }) => collected_at.slice(0, 10) >= as_of || (resulted_at ?? '').slice(0, 10) >= as_of)
        .map(({ id }) => `lab result ${id}`),
      ...chart_notes
        .filter(({ signed_at, amended_at, created_at }) =>
          [signed_at, amended_at, created_at].some((at) => at !== null && at.slice(0, 10) >= as_of),
        )
        .map(({ id }) => `note ${id}`),
      ...encounters
        .filter(({ start_at, status }) => start_at.slice(0, 10) > as_of || (start_at.slice(0, 10) === as_of && status !== 'in_progress'))
        .map(({ id }) => `encounter ${id}`),
      ...medication_requests
        .filter(({ start_on, authored_on, end_on }) => [start_on, authored_on, end_on].some((on) => on !== null && on > as_of))
        .map(({ id }) => `medication ${id}`),
      ...patients
        .filter(({ created_at, contact_confirmed_at }) =>
          [created_at, contact_confirmed_at].some((at) => at !== null && at.slice(0, 10) >= as_of),
        )
        .map(({ id }) => `patient ${id}`),
    ];
  },
  'the record begins with the chart and ends with the life': (clinic) =>
    clinic.patients.flatMap(({ id, created_at, deceased_on }) => {
      const events = [
        ...clinic.lab_results.filter((row) => row.patient_id === id).map(({ collected_at }) => collected_at),
        ...clinic.encounters.filter((row) => row.patient_id === id).map(({ start_at }) => start_at),
        ...clinic.appointments.filter((row) => row.patient_id === id).map(({ booked_at }) => booked_at),
      ];
      const early = events.filter((at) => Date.parse(at) < Date.parse(created_at)).map((at) => `${at} before chart ${id}`);
      const late = deceased_on ? events.filter((at) => at.slice(0, 10) > deceased_on).map((at) => `${at} after the death of ${id}`) : [];
      return [...early, ...late];
    }),
  'laboratories print their own ranges, and sometimes no flag': ({ lab_results }) => {
    const ranges = new Map<string, Set<string>>();
    for (const { loinc, ref_low, ref_high, performing_lab } of lab_results) {
      if (loinc && (ref_low !== null || ref_high !== null))
        ranges.set(loinc, (ranges.get(loinc) ?? new Set()).add(`${performing_lab} ${ref_low}-${ref_high}`));
    }
    const alike = share([...ranges.values()], (printed) => new Set([...printed].map((each) => each.split(' ').at(-1))).size < 2);
    return [
      ...between(alike, 0, 0.6, 'ranges that never differ'),
      ...between(
        share(lab_results, ({ lab_flag }) => lab_flag === null),
        0.15,
        0.6,
        'missing flags',
      ),
    ];
  },
  'numbers have the decimals of their instrument, and are not all round': ({ lab_results }) => {
    const byCode = groupsOf(lab_results);
    return [...byCode].flatMap(([code, values]) => [
      ...offence(
        values.some((value) => String(value).split('.')[1] !== undefined && (String(value).split('.')[1] as string).length > 3),
        `${code} with more than three decimals`,
      ),
      ...offence(
        values.length > 20 && ['2823-3', '718-7', '4544-3', '2160-0', '4548-4', '3016-3'].includes(code) && values.every(Number.isInteger),
        `${code} in whole numbers only`,
      ),
    ]);
  },
  'each patient has a level of his own': ({ lab_results }) =>
    ['787-2', '777-3', '2085-9', '2160-0', '718-7', '788-0'].flatMap((code) => {
      const own = new Map<string, number[]>();
      for (const row of lab_results)
        if (row.loinc === code && row.value !== null) own.set(row.patient_id, [...(own.get(row.patient_id) ?? []), row.value]);
      const repeated = [...own.values()].filter((values) => values.length > 1);
      const within = mean(repeated.map(variance));
      return between(
        variance(repeated.map(mean)) / (variance(repeated.map(mean)) + within),
        0.6,
        0.995,
        `share of ${code} between patients`,
      );
    }),
  'what hangs together in the body hangs together on paper, though not perfectly': ({ lab_results }) =>
    [
      ['718-7', '4544-3', 0.9],
      ['2093-3', '13457-7', 0.6],
      ['1742-6', '1920-8', 0.3],
      ['2951-2', '2075-0', 0.2],
    ].flatMap(([a, b, least]) =>
      between(correlation(lab_results, a as string, b as string), least as number, 0.9995, `correlation of ${a} and ${b}`),
    ),
  'normal results are repeated, and not everybody gets better': ({ lab_results }) => {
    const series = new Map<string, number[]>();
    for (const row of [...lab_results].sort((x, y) => Date.parse(x.collected_at) - Date.parse(y.collected_at)))
      if ((row.loinc === '4548-4' || row.loinc === '17856-6') && row.value !== null && row.status === 'final')
        series.set(row.patient_id, [...(series.get(row.patient_id) ?? []), row.value]);
    const better = share(
      [...series.values()].filter((values) => values.length > 1),
      (values) => (values.at(-1) as number) < (values[0] as number),
    );
    return between(better, 0.2, 0.9, 'patients whose A1c fell');
  },
  'a drug has a reason, and some are stopped, missed or unknown': ({ medication_requests }) => {
    const statuses = counted(medication_requests, ({ status }) => status);
    return [
      ...medication_requests
        .filter(({ reported, reason_icd10 }) => !reported && reason_icd10 === null)
        .map(({ id }) => `no indication for ${id}`),
      ...['active', 'stopped', 'completed', 'on_hold', 'unknown', 'draft', 'cancelled', 'entered_in_error']
        .filter((status) => !statuses.has(status))
        .map((status) => `nothing is ${status}`),
      ...offence(
        medication_requests.every(({ sig }) => sig !== null),
        'every order has directions',
      ),
    ];
  },
  'no note is the copy of another': ({ chart_notes }) => {
    const whole = counted(chart_notes, ({ body }) => JSON.stringify(body));
    const told = counted(
      chart_notes.filter(({ body, status }) => body.assessment && status !== 'entered_in_error'),
      ({ body }) => JSON.stringify(body.subjective ?? []),
    );
    return [...whole, ...told].filter(([, n]) => n > 1).map(([text, n]) => `${n} × ${text.slice(0, 90)}`);
  },
  'names are names, and numbers reach nobody': ({ patients, options }) => {
    const site = SITES[options.clinic];
    const zips = new Map(site.towns.flatMap(({ city, postal_codes }) => postal_codes.map((code) => [code, city] as const)));
    return patients.flatMap((row) => [
      ...offence(
        /\d|^(test|demo|doe|foo)$/i.test(`${row.given_name} ${row.family_name}`) ||
          /\b(test|demo|doe|patient)\b/i.test(`${row.given_name} ${row.family_name}`),
        `name ${row.given_name} ${row.family_name}`,
      ),
      ...[row.phone, row.phone_alternate]
        .filter((phone) => phone !== null && !new RegExp(`^\\+1${site.area_code}55501\\d\\d$`).test(phone))
        .map((phone) => `phone ${phone}`),
      ...offence(row.email !== null && !/@([a-z]+\.)?example\.(com|net|org)$/.test(row.email), `e-mail ${row.email}`),
      ...offence(
        row.postal_code !== null && (zips.get(row.postal_code) !== row.city || row.state !== site.state),
        `${row.city} ${row.state} ${row.postal_code}`,
      ),
    ]);
  },
  'people are of all ages, and not everything is known of everyone': ({ patients, coverages, appointments, options }) => {
    const ages = patients.flatMap(({ birth_date }) => (birth_date?.length === 10 ? [ageOn(dayOf(options.as_of), birth_date)] : []));
    return [
      ...offence(Math.min(...ages) < 22 || Math.max(...ages) > 78, `ages ${Math.min(...ages)}–${Math.max(...ages)}`),
      ...between(
        share(ages, (age) => age < 30 || age >= 60),
        0.25,
        0.7,
        'young or old',
      ),
      ...offence(
        patients.every(({ email }) => email !== null) ||
          patients.every(({ phone }) => phone !== null) ||
          patients.every(({ middle_name }) => middle_name !== null),
        'everybody has everything',
      ),
      ...offence(counted(coverages, ({ kind }) => kind).size < 4, 'few kinds of insurance'),
      ...between(
        share(appointments, ({ reason }) => reason === null),
        0.35,
        0.7,
        'appointments without a reason',
      ),
    ];
  },
} as const satisfies Record<string, Rule>;
