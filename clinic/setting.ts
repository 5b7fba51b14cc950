// Everything that holds for one chart before anything happens in it.

import type { Arc } from './arcs/arc.ts';
import { arcOf } from './arcs/arcs.ts';
import { type Day, dayOf } from './days.ts';
import type { Person } from './people/person.ts';
import { type Dice, diceOf, idOf, type Origin } from './random.ts';
import { personOf, rankOf } from './roster.ts';
import type { Options } from './rows.ts';
import { type Clinician, SITES, type Site } from './sites.ts';

export interface Setting {
  options: Options;
  site: Site;
  person: Person;
  arc: Arc;
  origin: Origin;
  tenant_id: string;
  patient_id: string;
  as_of: Day;
  /** Place in the panel of the usual clinician, and on the roster. */
  rank: number;
  place: number;
  dice: (stream: string) => Dice;
  /** Of the clinic, not of the patient: what its people are like. */
  clinician: (at: number) => Clinician;
  practitioner_id: (at: number) => string;
}

/** The place of the nurse among the clinicians. */
export const NURSE = 4;

export function tenantIdOf(options: Options): string {
  return idOf({ seed: options.seed, tenant: options.clinic, patient: '' }, 'tenant', 0);
}

export function patientIdOf(options: Options, key: string): string {
  return idOf({ seed: options.seed, tenant: options.clinic, patient: key }, 'patient', 0);
}

export function settingOf(options: Options, key: string): Setting {
  const person = personOf(options.clinic, key);
  const origin = { seed: options.seed, tenant: options.clinic, patient: key };
  const house = { ...origin, patient: '' };
  const site = SITES[options.clinic];
  return {
    options,
    site,
    person,
    arc: arcOf(person, diceOf(origin)('shift').int(-4, 4)),
    origin,
    tenant_id: tenantIdOf(options),
    patient_id: patientIdOf(options, key),
    as_of: dayOf(options.as_of),
    rank: rankOf(options.clinic, person, ({ clinician }) => clinician === person.clinician),
    place: rankOf(options.clinic, person, () => true),
    dice: diceOf(origin),
    clinician: (at) => site.clinicians[at] as Clinician,
    practitioner_id: (at) => idOf(house, 'practitioner', at),
  };
}
