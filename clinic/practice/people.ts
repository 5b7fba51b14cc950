// The people of a clinic as the front door sees them: their place in the profession, their mail and telephone, their user ids.
import { idOf } from '../random.ts';
import type { Options, PractitionerRow, StaffRow } from '../rows.ts';
import { NURSE, type Setting } from '../setting.ts';
import { type Clinician, SITES } from '../sites.ts';

const ROLES: Readonly<Record<string, PractitionerRow['role']>> = {
  MD: 'physician',
  DO: 'physician',
  'FNP-BC': 'nurse_practitioner',
  DNP: 'nurse_practitioner',
  'PA-C': 'physician_assistant',
  RN: 'nurse',
};
/** Places on the roster end at 35; the numbers of the next places of that series belong to nobody (patients.ts). */
const FIRST_FREE = 36;

/** What 0006 adds to a practitioner. Nobody has said whether the nurse takes new patients; the owner's panel is full. */
export function contactOf(
  options: Options,
  clinician: Clinician,
  at: number,
): Pick<PractitionerRow, 'role' | 'accepts_new_patients' | 'email' | 'phone'> {
  const site = SITES[options.clinic];
  const nn = ((FIRST_FREE + at) * 17 + options.seed * 5) % 50;
  return {
    role: ROLES[clinician.credentials] ?? 'other',
    accepts_new_patients: at === NURSE ? null : at !== 0,
    email: `${clinician.given}.${clinician.family}@${site.mail_domain}`.toLowerCase(),
    phone: `+1${site.area_code}55501${String(nn).padStart(2, '0')}`,
  };
}

/** The user id of a clinician, by place. */
export function userOf(options: Options, at: number): string {
  const { given, family } = SITES[options.clinic].clinicians[at] as Clinician;
  return idOf({ seed: options.seed, tenant: options.clinic, patient: '' }, 'user', `${given}.${family}`);
}

/** The user id of somebody at the desk, by role; undefined where nobody has it. */
export function deskOf(options: Options, role: StaffRow['role']): { user_id: string; given: string } | undefined {
  const found = SITES[options.clinic].desk.find(([, , each]) => each === role);
  if (!found) return undefined;
  const [given, family] = found;
  return { user_id: idOf({ seed: options.seed, tenant: options.clinic, patient: '' }, 'user', `${given}.${family}`), given };
}

/** The names that a text calls for in braces. */
export function named(setting: Setting, text: string): string {
  const { options, person } = setting;
  const clinician = setting.clinician(person.clinician);
  const isDoctor = ['MD', 'DO', 'DNP'].includes(clinician.credentials);
  const names: Record<string, string> = {
    dr: isDoctor ? `Dr. ${clinician.family}` : clinician.given,
    nurse: `${setting.clinician(NURSE).given}, RN`,
    desk: deskOf(options, 'front_desk')?.given ?? '',
    biller: deskOf(options, 'biller')?.given ?? '',
    me: person.preferred ?? person.given,
    family: person.family,
  };
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '');
}
