// Referrals to others and from them, as rows: what was sent, when the other side answered, and what nobody followed up.
import { workdayFrom } from '../calendar.ts';
import { dateOf } from '../days.ts';
import { npiOf } from '../npi.ts';
import { movedAgo } from '../practice/messages/messages.ts';
import { idOf } from '../random.ts';
import type { Options } from '../rows.ts';
import type { ReferralRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';

interface Planned {
  ago: number;
  specialty: string;
  icd10: string;
  status: ReferralRow['status'];
  from?: 'elsewhere';
  priority?: ReferralRow['priority'];
  /** Days after it was made: sent, seen or to be seen there, and back with a report. */
  sent?: number;
  seen?: number;
  report?: number;
  /** Days that it is good for. */
  good?: number;
  visits?: number;
}

const PLANNED: Readonly<Record<string, readonly Planned[]>> = {
  'trt.psa': [
    { ago: 33, specialty: 'Urology', icd10: 'R97.20', status: 'active', priority: 'urgent', sent: 3, seen: 52, good: 180, visits: 3 },
  ],
  'trt.hct': [
    { ago: 22, specialty: 'Hematology', icd10: 'D75.1', status: 'active', sent: 2 },
    { ago: 380, specialty: 'Sleep Medicine', icd10: 'G47.33', status: 'completed', sent: 1, seen: 41, report: 49, good: 365 },
  ],
  'trt.stopped': [{ ago: 450, specialty: 'Reproductive Urology', icd10: 'Z31.69', status: 'revoked', sent: 2 }],
  'trt.steady': [
    { ago: 640, specialty: 'Sleep Medicine', icd10: 'G47.33', status: 'completed', from: 'elsewhere', sent: 0, seen: 20, report: 24 },
  ],
  'trt.titrating': [
    { ago: 227, specialty: "Men's Health", icd10: 'R53.83', status: 'completed', from: 'elsewhere', sent: 0, seen: 6, report: 8 },
  ],
  'glp1.plateau': [{ ago: 58, specialty: 'Bariatric Surgery', icd10: 'E66.812', status: 'draft' }],
  'glp1.gi': [{ ago: 70, specialty: 'Gastroenterology', icd10: 'R11.0', status: 'active', sent: 1, seen: 46, good: 90 }],
  'glp1.compounded': [{ ago: 375, specialty: 'Nutrition', icd10: 'E66.813', status: 'active', sent: 1, good: 180, visits: 6 }],
  'hrt.stopped': [
    {
      ago: 296,
      specialty: 'Breast Imaging',
      icd10: 'R92.8',
      status: 'completed',
      priority: 'asap',
      sent: 0,
      seen: 9,
      report: 16,
      visits: 2,
    },
    { ago: 100, specialty: 'Behavioral Health', icd10: 'F32.A', status: 'active', sent: 1, seen: 30, good: 365, visits: 12 },
  ],
  'thyroid.biotin': [
    { ago: 288, specialty: 'Endocrinology', icd10: 'R94.6', status: 'revoked', sent: 1 },
    { ago: 150, specialty: 'Dermatology', icd10: 'L65.9', status: 'completed', sent: 2, seen: 60 },
  ],
  'thyroid.over': [{ ago: 345, specialty: 'Bone Density', icd10: 'M81.0', status: 'active', sent: 4, good: 365 }],
  'dm.improving': [
    { ago: 300, specialty: 'Ophthalmology', icd10: 'E11.65', status: 'completed', sent: 1, seen: 86, report: 92, visits: 1 },
  ],
  'dm.none': [{ ago: 520, specialty: 'Ophthalmology', icd10: 'E11.9', status: 'active', sent: 2, good: 365, visits: 1 }],
  'dm.ifcc': [{ ago: 12, specialty: 'Gastroenterology', icd10: 'D50.9', status: 'active', sent: 1, seen: 31 }],
  'ckd.decline': [
    { ago: 24, specialty: 'Nephrology', icd10: 'N18.32', status: 'active', priority: 'urgent', sent: 1, seen: 45, good: 180 },
    { ago: 260, specialty: 'Home Health', icd10: 'N18.32', status: 'active', sent: 0, seen: 4, report: 9 },
  ],
  'ckd.equation': [{ ago: 200, specialty: 'Nephrology', icd10: 'N18.31', status: 'entered_in_error' }],
  'gen.checkup': [
    { ago: 160, specialty: 'Physical Therapy', icd10: 'M54.50', status: 'completed', sent: 0, seen: 8, report: 71, visits: 12 },
    { ago: 9, specialty: 'Gastroenterology', icd10: 'K21.9', status: 'active' },
  ],
  'gen.deceased': [{ ago: 195, specialty: 'Cardiology', icd10: 'I50.22', status: 'active', priority: 'stat', sent: 0, seen: 7 }],
  'gen.prediabetes': [{ ago: 80, specialty: 'Personal Care Services', icd10: 'R73.03', status: 'on_hold', sent: 1 }],
};

/** The other side in each town. */
const PARTIES: Readonly<Record<string, Record<Options['clinic'], string>>> = {
  Urology: { juniper: 'James River Urology', cedar: 'Four Lakes Urology' },
  Hematology: { juniper: 'Tidewater Blood and Cancer Care', cedar: 'Isthmus Hematology' },
  'Sleep Medicine': { juniper: 'Fan District Sleep Center', cedar: 'Monona Sleep Clinic' },
  Gastroenterology: { juniper: 'Richmond Digestive Associates', cedar: 'Yahara Digestive Health' },
  Nephrology: { juniper: 'Commonwealth Kidney Center', cedar: 'Badger Nephrology' },
  Ophthalmology: { juniper: 'Shockoe Eye Physicians', cedar: 'Capitol Square Eye Care' },
  'Breast Imaging': { juniper: 'St Brendan Breast Center', cedar: 'Our Lady of the Lakes Breast Center' },
  'Physical Therapy': { juniper: 'Westover Physical Therapy', cedar: 'Atwood Physical Therapy' },
  'Home Health': { juniper: 'Old Dominion Home Health', cedar: 'Driftless Home Health' },
  Cardiology: { juniper: 'St Brendan Cardiology', cedar: 'Our Lady of the Lakes Cardiology' },
  Endocrinology: { juniper: 'Monument Endocrinology', cedar: 'Arboretum Endocrinology' },
};
/** What is done at the hospital where the town has nobody else. */
const partyOf = ({ options, site }: Setting, specialty: string) =>
  PARTIES[specialty]?.[options.clinic] ?? `${site.hospital.replace(/ ED$/, '')} ${specialty}`;

export function referralsOf(setting: Setting): ReferralRow[] {
  const { as_of, person, origin } = setting;
  return (PLANNED[person.arc] ?? []).map((planned, n) => {
    const made = workdayFrom(as_of - movedAgo(setting, planned.ago), -1);
    const dice = setting.dice(`referral.${n}`);
    // What lies ahead of today has not happened, but for a day that was agreed.
    const past = (days: number | undefined) => (days === undefined || made + days >= as_of ? null : dateOf(workdayFrom(made + days, -1)));
    const knowsNpi = planned.status !== 'draft' && dice.chance(0.6);
    return {
      tenant_id: setting.tenant_id,
      id: idOf(origin, 'referral', n),
      patient_id: setting.patient_id,
      direction: planned.from ? 'incoming' : 'outgoing',
      status: planned.status,
      priority: planned.priority ?? 'routine',
      specialty: planned.specialty,
      reason_icd10: planned.icd10,
      practitioner_id: setting.practitioner_id(person.clinician),
      other_party: partyOf(setting, planned.specialty),
      other_npi: knowsNpi ? npiOf(`19999${dice.int(2000, 8999)}`) : null,
      created_on: dateOf(made),
      sent_on: past(planned.sent),
      scheduled_on: planned.seen === undefined ? null : dateOf(workdayFrom(made + planned.seen)),
      report_received_on: past(planned.report),
      expires_on: planned.good === undefined ? null : dateOf(made + planned.good),
      visits_allowed: planned.visits ?? null,
    };
  });
}
