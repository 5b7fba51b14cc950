// The money of a synthetic clinic without its charts' notes and results: quick to make, for tests that need many clinics.

import { medicationsOf } from '../../clinic/medications/courses.ts';
import { accountOf } from '../../clinic/money/account-of.ts';
import { moneyOf } from '../../clinic/money/money.ts';
import { coveragesOf, patientOf } from '../../clinic/patients.ts';
import { ROSTERS } from '../../clinic/roster.ts';
import type { AppointmentRow, Clinic, Options } from '../../clinic/rows.ts';
import type { AccountRows } from '../../clinic/rows-money.ts';
import { settingOf, tenantIdOf } from '../../clinic/setting.ts';
import { SITES } from '../../clinic/sites.ts';
import type { Story } from '../../clinic/story.ts';
import { visitsOf } from '../../clinic/visits.ts';

/** The tables that money is told from, and those that it refers to. */
export type MoneyClinic = Omit<
  Clinic,
  Exclude<
    keyof Clinic,
    keyof AccountRows | keyof ReturnType<typeof moneyOf> | 'options' | 'tenant' | 'patients' | 'coverages' | 'appointments' | 'encounters'
  >
> & { practitioners: { tenant_id: string; id: string; family_name: string; given_name: string; active: boolean }[] };

export function moneyClinic(options: Options): MoneyClinic {
  const site = SITES[options.clinic];
  const tenant_id = tenantIdOf(options);
  const stories = ROSTERS[options.clinic].map(({ key }): Story => {
    const setting = settingOf(options, key);
    const visits = visitsOf(setting);
    const { facts: medications } = medicationsOf(setting, visits);
    return { setting, patient: patientOf(setting), coverages: coveragesOf(setting), visits, medications } as unknown as Story;
  });
  const accounts = stories.map(accountOf);
  const { setting } = stories[0] as Story;
  return {
    options,
    tenant: { tenant_id, name: site.name, time_zone: site.zone },
    practitioners: site.clinicians.map(({ family, given }, at) => ({
      tenant_id,
      id: setting.practitioner_id(at),
      family_name: family,
      given_name: given,
      active: true,
    })),
    patients: stories.map(({ patient }) => patient),
    coverages: stories.flatMap(({ coverages }) => coverages),
    appointments: stories.flatMap(({ visits }) =>
      visits.flatMap(({ appointment }): AppointmentRow[] => (appointment ? [appointment] : [])),
    ),
    encounters: stories.flatMap(({ visits }) => visits.flatMap(({ encounter }) => encounter ?? [])),
    ...moneyOf(options, accounts),
  };
}
