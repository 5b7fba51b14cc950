// A synthetic clinic, whole or patient by patient: the same rows for the same clinic, seed and as_of, on any machine.
import { dayOf, instantOf } from './days.ts';
import { idOf } from './random.ts';
import { ROSTERS } from './roster.ts';
import type { AppointmentRow, Chart, Clinic, Options, PractitionerRow, StaffRow } from './rows.ts';
import { tenantIdOf } from './setting.ts';
import { SITES } from './sites.ts';
import { type Story, tellStory } from './story.ts';

/** The whole clinic. Its arrays go into their tables in the order of the fields of `Clinic`, row by row. */
export function generateClinic(options: Options): Clinic {
  const site = SITES[options.clinic];
  const tenant_id = tenantIdOf(options);
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  // A merged chart points to its survivor, which stands before it on the roster.
  const charts = ROSTERS[options.clinic].map(({ key }) => chartOf(tellStory(options, key)));
  return {
    options,
    tenant: { tenant_id, name: site.name, time_zone: site.zone },
    connections: [
      {
        tenant_id,
        id: idOf(house, 'connection', 0),
        vendor: 'native',
        settings: {},
        modules: ['patients', 'labs', 'notes', 'appointments', 'medications'],
        connected_at: instantOf(site.zone, dayOf(options.as_of) - 765, 556),
      },
    ],
    practitioners: practitionersOf(options),
    patients: charts.flatMap(({ patients }) => patients),
    coverages: charts.flatMap(({ coverages }) => coverages),
    appointments: charts.flatMap(({ appointments }) => appointments),
    encounters: charts.flatMap(({ encounters }) => encounters),
    chart_notes: charts.flatMap(({ chart_notes }) => chart_notes),
    lab_results: charts.flatMap(({ lab_results }) => lab_results),
    medication_requests: charts.flatMap(({ medication_requests }) => medication_requests),
    staff: staffOf(options),
  };
}

/** The rows of one patient, equal to that patient's rows in the whole clinic. */
export function generatePatient(options: Options, patient_key: string): Chart {
  return chartOf(tellStory(options, patient_key));
}

function chartOf({ patient, coverages, visits, medications, labs, notes }: Story): Chart {
  return {
    patients: [patient],
    coverages,
    appointments: successorsFirst(visits.flatMap(({ appointment }) => appointment ?? [])),
    encounters: visits.flatMap(({ encounter }) => encounter ?? []),
    chart_notes: notes.map(({ row }) => row),
    lab_results: labs.map(({ row }) => row),
    medication_requests: medications.map(({ row }) => row).reverse(),
  };
}

/** An appointment that was moved points to a later one: that one goes in before. */
function successorsFirst(appointments: readonly AppointmentRow[]): AppointmentRow[] {
  const byId = new Map(appointments.map((each) => [each.id, each]));
  const done = new Set<AppointmentRow>();
  const add = (appointment: AppointmentRow): void => {
    const next = appointment.rescheduled_to === null ? undefined : byId.get(appointment.rescheduled_to);
    if (next && !done.has(next)) add(next);
    done.add(appointment);
  };
  for (const appointment of appointments) if (!done.has(appointment)) add(appointment);
  return [...done];
}

function practitionersOf(options: Options): PractitionerRow[] {
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  return SITES[options.clinic].clinicians.map(({ family, given, credentials, specialty, npi }, at) => ({
    tenant_id: tenantIdOf(options),
    id: idOf(house, 'practitioner', at),
    family_name: family,
    given_name: given,
    credentials,
    npi: npi ? npiOf(npi) : null,
    specialty,
    active: true,
  }));
}

/** Nine digits and the check digit of the National Provider Identifier: Luhn over 80840 and the nine (45 CFR 162.406). */
function npiOf(nine: string): string {
  const sum = [...`80840${nine}`].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${nine}${(10 - (sum % 10)) % 10}`;
}

function staffOf(options: Options): StaffRow[] {
  const site = SITES[options.clinic];
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  const person = (given: string, family: string, role: StaffRow['role'], at?: number): StaffRow => ({
    user_id: idOf(house, 'user', `${given}.${family}`),
    email: `${given}.${family}@${site.mail_domain}`.toLowerCase(),
    display_name: `${given} ${family}`,
    role,
    ...(at !== undefined && { practitioner_id: idOf(house, 'practitioner', at) }),
  });
  const roles = ['owner', 'physician', 'physician', 'physician', 'nurse'] as const;
  return [
    ...site.clinicians.map(({ given, family }, at) => person(given, family, roles[at] ?? 'nurse', at)),
    ...site.desk.map(([given, family, role]) => person(given, family, role)),
    {
      user_id: idOf(house, 'user', 'integration'),
      email: `integration@${site.mail_domain}`,
      display_name: 'Nightly reports',
      role: 'integration',
    },
  ];
}
