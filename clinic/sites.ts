// The two sandbox clinics: where they are, who works there, which laboratories they use.
import type { Zone } from './days.ts';
import type { Options } from './rows.ts';

export interface Clinician {
  /** 'marchetti': names the streams of this person's calendar. */
  key: string;
  family: string;
  given: string;
  credentials: string;
  specialty: string;
  /** Nine digits of an NPI that nobody has; the tenth is computed. Nurses without one have none. */
  npi?: string;
  /** 1 Monday … 5 Friday. */
  off?: number;
  voice: 'prose' | 'terse' | 'list' | 'plain' | 'nurse';
}

interface Town {
  city: string;
  postal_codes: readonly string[];
}

export interface Site {
  name: string;
  zone: Zone;
  state: string;
  area_code: string;
  mrn_prefix: string;
  mrn_base: number;
  towns: readonly Town[];
  streets: readonly string[];
  mail: readonly string[];
  payers: { commercial: readonly [string, string][]; medicaid: string; supplement: string };
  /** The first four see patients, the last is the nurse. */
  clinicians: readonly [Clinician, Clinician, Clinician, Clinician, Clinician];
  desk: readonly (readonly [given: string, family: string, role: 'front_desk' | 'scheduler' | 'biller' | 'quality' | 'compliance'])[];
  mail_domain: string;
  /** The clinic's usual laboratory, the other one, and the hospital's. */
  labs: { A: string; B: string; C: string };
  hospital: string;
}

export const SITES: Record<Options['clinic'], Site> = {
  juniper: {
    name: 'Juniper Street Clinic',
    zone: 'America/New_York',
    state: 'VA',
    area_code: '804',
    mrn_prefix: 'JSC-',
    mrn_base: 100_200,
    towns: [
      { city: 'Richmond', postal_codes: ['23220', '23221', '23223', '23225', '23227', '23230'] },
      { city: 'Henrico', postal_codes: ['23228', '23229', '23233', '23238'] },
      { city: 'Glen Allen', postal_codes: ['23059', '23060'] },
      { city: 'Midlothian', postal_codes: ['23112', '23113', '23114'] },
      { city: 'Mechanicsville', postal_codes: ['23111', '23116'] },
    ],
    streets: [
      'Juniper St',
      'Semmes Ave',
      'Grove Ave',
      'Hanover Ave',
      'Old Gun Rd',
      'Staples Mill Rd',
      'Patterson Ave',
      'Lakeside Ave',
      'Hungary Rd',
      'Chamberlayne Ave',
      'Cold Harbor Rd',
      'Riverside Dr',
      'Westover Hills Blvd',
      'Robious Rd',
      'Laburnum Ave',
      'Monument Ave',
    ],
    mail: ['example.com', 'example.net', 'example.org', 'mail.example.com', 'post.example.net'],
    payers: {
      commercial: [
        ['Blue Ridge Health Plan', 'HealthKeepers PPO'],
        ['Tidewater Mutual', 'Choice POS'],
        ['Old Dominion Employers Trust', 'Open Access'],
        ['Piedmont Care', 'HSA 3500'],
      ],
      medicaid: 'Virginia Medicaid',
      supplement: 'Commonwealth Senior Supplement',
    },
    clinicians: [
      {
        key: 'marchetti',
        family: 'Marchetti',
        given: 'Elena',
        credentials: 'MD',
        specialty: 'Internal Medicine',
        npi: '199999901',
        off: 5,
        voice: 'prose',
      },
      {
        key: 'whitaker',
        family: 'Whitaker',
        given: 'Samuel',
        credentials: 'DO',
        specialty: 'Family Medicine',
        npi: '199999902',
        off: 3,
        voice: 'list',
      },
      {
        key: 'thibodeaux',
        family: 'Thibodeaux',
        given: 'Renee',
        credentials: 'FNP-BC',
        specialty: "Women's Health",
        npi: '199999903',
        off: 1,
        voice: 'plain',
      },
      {
        key: 'bell',
        family: 'Bell',
        given: 'Marcus',
        credentials: 'PA-C',
        specialty: "Men's Health",
        npi: '199999904',
        off: 2,
        voice: 'terse',
      },
      { key: 'pruitt', family: 'Pruitt', given: 'Joanne', credentials: 'RN', specialty: 'Nursing', voice: 'nurse' },
    ],
    desk: [
      ['Keisha', 'Bolden', 'front_desk'],
      ['Ramon', 'Alvarez', 'scheduler'],
      ['Theresa', 'Lund', 'biller'],
      ['Owen', 'Castellano', 'quality'],
      ['Grace', 'Pemberton', 'compliance'],
    ],
    mail_domain: 'juniper-street.example.com',
    labs: { A: 'Northgate Reference Laboratory', B: 'Tidewater Clinical Laboratories', C: 'St Brendan Hospital Laboratory' },
    hospital: 'St Brendan ED',
  },
  cedar: {
    name: 'Cedar Hollow Family Health',
    zone: 'America/Chicago',
    state: 'WI',
    area_code: '608',
    mrn_prefix: 'CH',
    mrn_base: 9_140,
    towns: [
      { city: 'Madison', postal_codes: ['53703', '53704', '53705', '53711', '53713', '53714', '53719'] },
      { city: 'Middleton', postal_codes: ['53562'] },
      { city: 'Sun Prairie', postal_codes: ['53590'] },
      { city: 'Verona', postal_codes: ['53593'] },
      { city: 'Stoughton', postal_codes: ['53589'] },
      { city: 'Waunakee', postal_codes: ['53597'] },
    ],
    streets: [
      'Cedar Hollow Ln',
      'Atwood Ave',
      'Williamson St',
      'Monroe St',
      'Old Sauk Rd',
      'Speedway Rd',
      'Raymond Rd',
      'Cottage Grove Rd',
      'Milwaukee St',
      'Sherman Ave',
      'Windsor St',
      'Nine Mound Rd',
      'Century Ave',
      'Nakoma Rd',
      'Buckeye Rd',
      'Tokay Blvd',
    ],
    mail: ['example.org', 'example.com', 'example.net', 'inbox.example.org', 'mail.example.com'],
    payers: {
      commercial: [
        ['Four Lakes Health Cooperative', 'Badger HMO'],
        ['Driftless Mutual', 'Select PPO'],
        ['Great Plains Employers Trust', 'Silver 4000'],
        ['Isthmus Care', 'Focus EPO'],
      ],
      medicaid: 'Wisconsin Medicaid',
      supplement: 'Yahara Senior Supplement',
    },
    clinicians: [
      {
        key: 'halvorsen',
        family: 'Halvorsen',
        given: 'Ingrid',
        credentials: 'MD',
        specialty: 'Family Medicine',
        npi: '199999911',
        off: 4,
        voice: 'prose',
      },
      {
        key: 'menon',
        family: 'Menon',
        given: 'Rajiv',
        credentials: 'MD',
        specialty: 'Internal Medicine',
        npi: '199999912',
        off: 2,
        voice: 'list',
      },
      {
        key: 'vue',
        family: 'Vue',
        given: 'Tou',
        credentials: 'PA-C',
        specialty: 'Family Medicine',
        npi: '199999913',
        off: 5,
        voice: 'terse',
      },
      {
        key: 'fitzgerald',
        family: 'Fitzgerald',
        given: 'Colleen',
        credentials: 'DNP',
        specialty: "Women's Health",
        npi: '199999914',
        off: 1,
        voice: 'plain',
      },
      { key: 'price', family: 'Price', given: 'Darnell', credentials: 'RN', specialty: 'Nursing', voice: 'nurse' },
    ],
    desk: [
      ['Mallory', 'Jensen', 'front_desk'],
      ['Xavier', 'Torres', 'scheduler'],
      ['Beverly', 'Stauffer', 'biller'],
      ['Nhia', 'Moua', 'quality'],
      ['Gordon', 'Ashby', 'compliance'],
    ],
    mail_domain: 'cedar-hollow.example.org',
    labs: { A: 'Lakeland Reference Laboratory', B: 'Driftless Diagnostics', C: 'Our Lady of the Lakes Hospital Laboratory' },
    hospital: 'Our Lady of the Lakes ED',
  },
};
