// What Attending promises of the wires: a vendor account stays alive, and every write to it is exact. The others stand in promises.ts, which takes these in.
export const WIRES_PROMISES = {
  'wires:write-once': {
    source: 'N8; connectors.md §1.5 T1',
    behavior:
      'A signed write to a vendor that knows no idempotency key is there exactly once, or is plainly not there, or a person is asked; whoever crashes, sleeps or loses an answer',
  },
  'wires:write-once-through-kill': {
    source: 'N8, E29, E55',
    behavior:
      'Two processes share one vendor account: it is never signed in to twice at once, and a write whose process is killed before the answer came is at the vendor exactly once',
  },
  'wires:wall-ends-in-a-person': {
    source: 'D15, E56',
    behavior:
      'Where a vendor takes Attending for a robot nothing more is sent: the sign-in is blocked until a person has acted, and what was signed waits',
  },
  'wires:rarely-asks-a-person': {
    source: 'N8; connectors.md §1.5 T2',
    behavior: 'Of a thousand writes, with a quarter of all requests going wrong, at most one has to be decided by a person',
  },
  'wires:surface-declared': {
    source: 'E58; connectors.md §1.6',
    behavior:
      'A vendor surface that does not say its transport, marker, bounds of lateness and staleness, sentinels, contract, lane and budget does not compile, and is refused when it comes from outside',
  },
} as const;
