import * as z from 'zod';
import { clear, clinic, phi, recordId, shown, system } from './mark.ts';

export const UserId = clear(recordId('list_people gives it'));
export const LoginId = clear(recordId('list_logins gives it'));

/** What a person can be; a program (integration) is none. */
export const STAFF_ROLES = ['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'biller', 'quality', 'compliance'] as const;

export const Person = z.object({
  user_id: system('id'),
  email: shown(z.string()),
  display_name: clinic(),
  role: z.enum([...STAFF_ROLES, 'integration']),
  practitioner_id: system('id').optional(),
  active: z.boolean(),
  use_ai: z.boolean(),
  /** A licence on record holds today. */
  licensed: z.boolean(),
  login: z.enum(['ready', 'second_factor_reset', 'invited', 'none']),
  invited_until: system('instant').optional(),
  last_sign_in_at: system('instant').optional(),
});
export type Person = z.infer<typeof Person>;

export const Login = z.object({
  login_id: system('id'),
  user_id: system('id'),
  display_name: clinic(),
  email: shown(z.string()),
  role: system('code'),
  signed_in_at: system('instant'),
  seen_at: system('instant'),
  mfa_at: system('instant'),
  expires_at: system('instant'),
  ip: shown(z.string()).optional(),
  user_agent: shown(z.string()).optional(),
  /** The one that asks. */
  is_this: z.boolean(),
});
export type Login = z.infer<typeof Login>;

const day = clear(z.iso.date());
/** What a licence says of itself: kind, number and state name it. */
export const LicenceWords = z.object({
  user_id: UserId,
  kind: z.enum(['MD', 'DO', 'NP', 'PA', 'CNM', 'CRNA', 'CNS', 'RN', 'LPN', 'PharmD']),
  number: phi('licence', z.string().trim().min(1).max(40)),
  state: clear(z.string().regex(/^[A-Z]{2}$/, 'two letters: VA')),
  issued_on: day.optional(),
  expires_on: day.optional(),
  revoked_on: day.optional(),
});

export const Licence = z.object({
  licence_id: system('id'),
  user_id: system('id').optional(),
  practitioner_id: system('id').optional(),
  display_name: clinic().optional(),
  kind: system('code'),
  number: clinic(),
  state: system('code'),
  issued_on: system('partial_date').optional(),
  expires_on: system('partial_date').optional(),
  revoked_on: system('partial_date').optional(),
});
export type Licence = z.infer<typeof Licence>;

/** A link that works once, shown to who made it and to nobody again. */
export const Invited = z.object({ user_id: system('id'), invitation_url: shown(z.string()), expires_at: system('instant') });
export type Invited = z.infer<typeof Invited>;

export interface NewPerson {
  email: string;
  display_name: string;
  role: (typeof STAFF_ROLES)[number];
  practitioner_id?: string | undefined;
  use_ai: boolean;
}

/** Who works in the clinic, with which rights, licences and logins. Each act is refused by the database unless the login may (not_permitted) and gave a second
 *  factor lately (mfa_needed); what is not of this clinic is not_found. */
export interface People {
  list(): Promise<Person[]>;
  /** Throws Fault conflict for one who can sign in already. */
  invite(person: NewPerson): Promise<Invited>;
  /** What is left out stays. Throws Fault conflict where no owner would be left. */
  update(change: {
    user_id: string;
    role?: NewPerson['role'] | undefined;
    active?: boolean | undefined;
    use_ai?: boolean | undefined;
  }): Promise<Person>;
  logins(): Promise<Login[]>;
  revokeLogin(which: { login_id: string }): Promise<void>;
  licences(): Promise<Licence[]>;
  /** A new one, or what became of one. */
  recordLicence(words: z.output<typeof LicenceWords>): Promise<Licence>;
  /** Ends the logins; the link and the person's own password (or a recovery code) enrol a new factor. */
  resetSecondFactor(of: { user_id: string }): Promise<Invited>;
}
