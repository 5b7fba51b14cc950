// What Attending promises of the sessions it keeps at a vendor.
export const WIRES_SESSIONS_PROMISES = {
  'wires:one-login': {
    source: 'connectors.md §1.5 T4',
    behavior:
      'A thousand callers on eight nodes who meet an expired session cause one sign-in; never are two of an account in flight, and none is left without an answer',
  },
  'wires:never-locked-by-us': {
    source: 'connectors.md §1.5 T5',
    behavior: 'No account is locked by our sign-ins, through crashes, restarts, pauses and lost answers',
  },
  'wires:wrong-password-once': {
    source: 'connectors.md §1.5 T5',
    behavior: 'A refused password is not sent again until a person acts; one that never worked is sent once, even where the answer is lost',
  },
  'wires:token-spent-once': {
    source: 'connectors.md §0.3',
    behavior:
      'A refresh token is spent once: after a crash, a lost answer or a change of owner a sign-in within the budget follows instead',
  },
  'wires:totp-step-once': {
    source: 'connectors.md §1.5 T6; RFC 6238',
    behavior: 'No code of a seed is used twice, by any node or retry, and 9,999 of 10,000 challenges are met whatever the clocks say',
  },
  'wires:recovers': {
    source: 'connectors.md §1.5 T7',
    behavior: 'Of sessions that a vendor ends, 95 of 100 are back within 5 s with a code of a seed, and within 60 s with a mailed one',
  },
  'wires:login-budget': {
    source: 'connectors.md §1.3, machine B',
    behavior:
      'An account is signed in to at most twice a quarter of an hour and six times a day, with at most half of the wrong answers that would lock it',
  },
  'wires:person-leaves-action-required': {
    source: 'connectors.md §1.3, machine A',
    behavior:
      'A connection that needs a person says why and what to do in plain words, and nothing but a person takes it out of that state',
  },
  'wires:simulator-of-sessions-can-fail': {
    source: 'connectors.md §1.5 T3',
    behavior: 'Each planted fault of the design of sessions is caught within 2,000 schedules, and a failing seed replays line by line',
  },
} as const;
