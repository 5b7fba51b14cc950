// A synthetic clinic, whole or patient by patient: the same rows for the same clinic, seed and as_of, on any machine.
import { careRows } from './care/care.ts';
import { clinicalRows } from './clinical/clinical.ts';
import { dayOf, instantOf } from './days.ts';
import type { Account } from './money/account.ts';
import { accountOf } from './money/account-of.ts';
import { moneyOf, rowsOf } from './money/money.ts';
import { npiOf } from './npi.ts';
import { houseOf } from './practice/house.ts';
import { contactOf } from './practice/people.ts';
import { practiceRows } from './practice/practice.ts';
import { idOf } from './random.ts';
import { ROSTERS } from './roster.ts';
import type { AppointmentRow, Chart, Clinic, Options, PractitionerRow, StaffRow } from './rows.ts';
import { tenantIdOf } from './setting.ts';
import { SITES } from './sites.ts';
import { tellStory } from './story.ts';

/** The whole clinic. Its arrays go into their tables in the order of the fields of `Clinic`, row by row. */
export function generateClinic(options: Options): Clinic {
  const site = SITES[options.clinic];
  const tenant_id = tenantIdOf(options);
  const house = { seed: options.seed, tenant: options.clinic, patient: '' };
  // A merged chart points to its survivor, which stands before it on the roster.
  const accounts = ROSTERS[options.clinic].map(({ key }) => accountOf(tellStory(options, key)));
  const charts = accounts.map(chartOf);
  return {
    options,
    tenant: { tenant_id, name: site.name, time_zone: site.zone },
    connections: [
      {
        tenant_id,
        id: idOf(house, 'connection', 0),
        vendor: 'native',
        settings: { portal_url: `https://portal.${site.mail_domain}/` },
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
    vital_signs: charts.flatMap(({ vital_signs }) => vital_signs),
    conditions: charts.flatMap(({ conditions }) => conditions),
    allergies: charts.flatMap(({ allergies }) => allergies),
    procedures: charts.flatMap(({ procedures }) => procedures),
    lab_orders: charts.flatMap(({ lab_orders }) => lab_orders),
    lab_reviews: charts.flatMap(({ lab_reviews }) => lab_reviews),
    prescriptions: charts.flatMap(({ prescriptions }) => prescriptions),
    ...houseOf(options, { charts, practices: accounts.map(({ story }) => story.practice) }),
    ...moneyOf(options, accounts),
    staff: staffOf(options),
  };
}

/** The rows of one patient, equal to that patient's rows in the whole clinic. */
export function generatePatient(options: Options, patient_key: string): Chart {
  return chartOf(accountOf(tellStory(options, patient_key)));
}

function chartOf(account: Account): Chart {
  const { patient, coverages, visits, medications, labs, notes, clinical, practice, care } = account.story;
  return {
    patients: [patient],
    coverages,
    appointments: successorsFirst(visits.flatMap(({ appointment }) => appointment ?? [])),
    encounters: visits.flatMap(({ encounter }) => encounter ?? []),
    chart_notes: notes.map(({ row }) => row),
    lab_results: labs.map(({ row }) => row),
    medication_requests: medications.map(({ row }) => row).reverse(),
    ...clinicalRows(clinical),
    ...practiceRows(practice),
    ...careRows(care),
    ...rowsOf(account),
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
  return SITES[options.clinic].clinicians.map((clinician, at) => ({
    tenant_id: tenantIdOf(options),
    id: idOf(house, 'practitioner', at),
    family_name: clinician.family,
    given_name: clinician.given,
    credentials: clinician.credentials,
    npi: clinician.npi ? npiOf(clinician.npi) : null,
    specialty: clinician.specialty,
    active: true,
    ...contactOf(options, clinician, at),
  }));
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
