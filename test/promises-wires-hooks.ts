// What is promised of webhooks to the people who look after them.

export const WIRES_HOOKS_PROMISES = {
  'webhooks:managed-on-the-page': {
    source: 'E57; connectors.md §1.3 machine J',
    behavior:
      'By keyboard alone the owner adds a program on /admin/connections/, copies its secret once, sees a test arrive, reads why a message was given up, sends it again, and disables, enables and removes the program; whoever may not see webhooks sees nothing of them there',
  },
  'webhooks:each-attempt-on-record': {
    source: 'E57; connectors.md §1.3 machine J',
    behavior:
      'What came of each attempt of a message stands on record in order and for good, also where it was sent again or the sending process ended, and a clinic reads its own alone',
  },
  'webhooks:address-not-shown': {
    source: 'security.md §7 Webhooks',
    behavior: 'Of the address of an endpoint people are shown the host: its path and its query, which may hold a token, stand in no answer',
  },
  'webhooks:removed-for-good': {
    source: 'E57',
    behavior:
      'An endpoint that is disabled can be removed: nobody is shown it or its messages again, nothing is sent to it, and what is under way to it at that moment ends without harm',
  },
  'webhooks:dead-letter-again': {
    source: 'E57; connectors.md §1.3 machine J',
    behavior:
      'The dead letter of an endpoint is sent again as a whole, each message once however many ask at a time, under its id and in the order of its object',
  },
} as const;
