// What can go wrong between us and a vendor, as data: closed, each with what may be done about it by itself and a sentence for the person who has to know.
// Source: connectors.md §1.3, error taxonomy.

/** `free`: once, at once, on a session that lives. `later`: again after a while, on its own. `person`: nothing happens until a person acts. `never`: the same will be answered again.
 *  `doubt`: it may have happened; only a look decides (write.ts). */
export type RetryClass = 'free' | 'later' | 'person' | 'never' | 'doubt';

export const TROUBLES = {
  AUTH_EXPIRED: { retry: 'free', says: 'The sign-in ended; a new one is made.', next: 'Nothing to do.' },
  AUTH_INVALID: {
    retry: 'person',
    says: 'The vendor refused the user name or the password, or no password is kept here. Nothing is tried again, so that the account is not locked.',
    next: 'Sign in at the vendor yourself; when that works, enter the same password here.',
  },
  AUTH_LOCKED: {
    retry: 'person',
    says: 'The vendor has locked the account.',
    next: 'Ask the vendor or your administrator there to unlock it, then press “Try once”.',
  },
  MFA_REQUIRED: {
    retry: 'person',
    says: 'The vendor asks for a code that only a person can get.',
    next: 'Enter the code here, or approve the sign-in on the phone.',
  },
  PASSWORD_CHANGE: {
    retry: 'person',
    says: 'The vendor wants a new password for the account.',
    next: 'Choose a new password at the vendor, then enter it here.',
  },
  ACTION_REQUIRED: {
    retry: 'person',
    says: 'The vendor shows a page that a person has to answer, such as new terms.',
    next: 'Sign in at the vendor yourself, answer the page, then press “Try once”.',
  },
  AUTOMATION_BLOCKED: {
    retry: 'person',
    says: 'The vendor takes us for a robot and lets nothing through. We do not try to get around that.',
    next: 'Ask the vendor to allow the account that you made for Attending, then press “Try once”.',
  },
  FORBIDDEN_ROLE: {
    retry: 'person',
    says: 'The vendor account may not do this.',
    next: 'Give the account that right at the vendor, or leave this out.',
  },
  NOT_FOUND: { retry: 'never', says: 'The vendor has no such record.', next: 'Look the record up again.' },
  AMBIGUOUS: { retry: 'never', says: 'The vendor has more than one record that fits.', next: 'Name the one that is meant.' },
  VALIDATION: {
    retry: 'never',
    says: 'The vendor refused what was sent. Nothing was changed there.',
    next: 'Correct it and propose it anew.',
  },
  CONFLICT: {
    retry: 'never',
    says: 'The record changed at the vendor meanwhile, or is locked. Nothing was changed there.',
    next: 'Read the record again and propose what fits it.',
  },
  DUPLICATE: { retry: 'never', says: 'The vendor has this already. Nothing was added.', next: 'Look at the record that is there.' },
  RATE_LIMITED: { retry: 'later', says: 'The vendor asks us to slow down.', next: 'Nothing to do.' },
  VENDOR_DOWN: {
    retry: 'later',
    says: 'The vendor does not answer, or answers that it is broken.',
    next: 'Nothing to do; the vendor’s own status page may say more.',
  },
  NETWORK: { retry: 'later', says: 'The vendor could not be reached.', next: 'Nothing to do.' },
  CONTRACT_DRIFT: {
    retry: 'person',
    says: 'The vendor’s page or answer is not what it was. Nothing is read from it or written to it until it is understood.',
    next: 'Nothing to do at the clinic; we look at the difference that is shown.',
  },
  INCOMPLETE: { retry: 'later', says: 'The vendor gave a part of the list, and the rest could not be had.', next: 'Ask again later.' },
  STALE: { retry: 'later', says: 'What is shown is from an earlier reading.', next: 'Look at when it was read.' },
  IN_DOUBT: {
    retry: 'doubt',
    says: 'The vendor’s answer was lost: it may have been done or not. It is looked for, and not sent again before that is known.',
    next: 'Wait; if it cannot be found out, it is shown here for you to decide.',
  },
} as const satisfies Record<string, { retry: RetryClass; says: string; next: string }>;

export type Trouble = keyof typeof TROUBLES;

export function isTrouble(word: string): word is Trouble {
  return Object.hasOwn(TROUBLES, word);
}
