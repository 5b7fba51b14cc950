// What payers granted to whom, by arc, and how it is used.
import type { AuthorizationRow } from '../rows-practice.ts';

export interface PlannedGrant {
  service: string;
  code: string;
  modifier?: string;
  unit: AuthorizationRow['unit_type'];
  total: number;
  per_week?: number;
  /** Days before as_of on which the period begins, and how long it is. */
  from: number;
  days: number;
  status?: AuthorizationRow['status'];
  /** A visit every so many days from the beginning of the period, of so many units, until so many days before as_of (negative: ahead). */
  every: number;
  units: readonly number[];
  until: number;
  /** Days before as_of since when nobody has verified. */
  unverified?: number;
  /** The prior authorization's place, where it came from one. */
  prior?: number;
}

export const GRANTS: Readonly<Record<string, readonly PlannedGrant[]>> = {
  // Nearly used up: the grandson asks every week.
  'ckd.decline': [
    {
      service: 'Home health nursing',
      code: 'G0299',
      unit: 'visit',
      total: 24,
      per_week: 2,
      from: 255,
      days: 120,
      every: 6,
      units: [1],
      until: 140,
      prior: 0,
    },
    {
      service: 'Home health nursing',
      code: 'G0299',
      unit: 'visit',
      total: 36,
      per_week: 2,
      from: 100,
      days: 120,
      every: 3,
      units: [1],
      until: -12,
      unverified: 6,
    },
    // The next period begins before this one ends.
    {
      service: 'Home health nursing',
      code: 'G0299',
      unit: 'visit',
      total: 24,
      per_week: 2,
      from: -5,
      days: 120,
      every: 7,
      units: [1],
      until: -40,
    },
  ],
  // Booked beyond what is left.
  'gen.prediabetes': [
    {
      service: 'Personal care services',
      code: 'T1019',
      modifier: 'U1',
      unit: '15_min',
      total: 400,
      per_week: 28,
      from: 82,
      days: 110,
      every: 2,
      units: [8, 12, 8, 10],
      until: -26,
      unverified: 9,
      prior: 0,
    },
  ],
  'dm.improving': [
    {
      service: 'Diabetes self-management training',
      code: 'G0108',
      unit: 'visit',
      total: 10,
      from: 620,
      days: 365,
      every: 30,
      units: [2, 1],
      until: 400,
    },
  ],
  'dm.controlled': [
    {
      service: 'Medical nutrition therapy',
      code: '97803',
      unit: '15_min',
      total: 12,
      from: 120,
      days: 365,
      every: 41,
      units: [2, 1],
      until: -60,
      unverified: 10,
    },
  ],
  'dm.ifcc': [
    {
      service: 'Medical nutrition therapy',
      code: '97802',
      unit: '15_min',
      total: 12,
      from: 300,
      days: 365,
      every: 90,
      units: [3],
      until: 90,
    },
  ],
  'gen.checkup': [
    {
      service: 'Physical therapy',
      code: '97110',
      modifier: 'GP',
      unit: '15_min',
      total: 48,
      per_week: 6,
      from: 152,
      days: 90,
      every: 4,
      units: [2, 3, 2],
      until: 74,
    },
    {
      service: 'Physical therapy',
      code: '97110',
      modifier: 'GP',
      unit: '15_min',
      total: 24,
      per_week: 6,
      from: 20,
      days: 60,
      every: 5,
      units: [3, 2],
      until: -15,
      unverified: 8,
    },
    {
      service: 'Physical therapy',
      code: '97110',
      unit: '15_min',
      total: 12,
      from: 20,
      days: 60,
      every: 60,
      units: [1],
      until: 30,
      status: 'entered_in_error',
    },
  ],
  'hrt.stopped': [
    {
      service: 'Psychotherapy',
      code: '90834',
      unit: 'visit',
      total: 12,
      from: 72,
      days: 365,
      every: 14,
      units: [1],
      until: -45,
      unverified: 15,
    },
  ],
  'gen.deceased': [
    {
      service: 'Cardiac rehabilitation',
      code: '93798',
      unit: 'visit',
      total: 36,
      per_week: 3,
      from: 190,
      days: 90,
      every: 4,
      units: [1],
      until: 179,
    },
  ],
  'trt.titrating_late': [
    {
      service: 'Nutrition counseling',
      code: '97802',
      unit: '15_min',
      total: 8,
      from: 60,
      days: 180,
      every: 60,
      units: [2],
      until: 70,
      status: 'cancelled',
    },
  ],
};
