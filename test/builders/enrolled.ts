// People whom the owner of a clinic with logins invites, as far as each test needs them.
import { randomUUID } from 'node:crypto';
import { systemRandom as random } from '../../src/base/random.ts';
import type { People } from '../../src/domains/people.ts';
import { openPeople } from '../../src/governance/people.ts';
import { aVisit, type ClinicWithLogins, refusal } from './clinic-with-logins.ts';
import { codeOf } from './staff.ts';

export const PASSWORD = 'four plain words here';

/** The type of a refusal, or 'done'. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  return ((await refusal(work)) as { type?: string }).type ?? 'done';
}

/** The secret of a link. */
export const tokenIn = (url: string) => url.split('#token=')[1] ?? '';

/** What a login does to people, and what the owner's (`owner` says which) makes of new ones. */
export function managing(clinic: ClinicWithLogins, owner: () => string) {
  const by = <T>(token: string, act: (people: People) => Promise<T>) =>
    clinic.asLogin(token, (tx) => act(openPeople({ tx, random, admin_url: '/admin' })));
  const invite = async (own: object = {}) => {
    const person = { email: `${randomUUID()}@clinic.example`, display_name: 'Cora Lind', role: 'nurse' as const, use_ai: false, ...own };
    const invited = await by(owner(), (people) => people.invite(person));
    return { ...person, ...invited, token: tokenIn(invited.invitation_url) };
  };
  return {
    by,
    invite,
    /** Invited, with a password and a second factor. */
    async enrolled(own: object = {}) {
      const person = await invite(own);
      const begun = await clinic.logins.enrol({ token: person.token, password: PASSWORD }, aVisit());
      const { user } = await clinic.logins.answer({ challenge: begun.challenge, code: codeOf(begun.totp_secret) }, aVisit());
      return { ...person, password: PASSWORD, totp_secret: begun.totp_secret, recovery_codes: begun.recovery_codes, user };
    },
  };
}
