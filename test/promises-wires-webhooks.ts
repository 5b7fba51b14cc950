// What is promised of webhooks (issue: the wires).

export const WIRES_WEBHOOKS_PROMISES = {
  'webhooks:delivered-or-dead-letter': {
    source: 'E57; connectors.md T13',
    behavior:
      'Over a network that loses a third, with two processes that are killed, every event is taken by each endpoint or in its dead letter, is known by its id when it comes twice, and stands in the order of its object',
  },
  'webhooks:with-the-change': {
    source: 'E57; connectors.md machine J',
    behavior: 'An event is written in the transaction of the change that it tells of: a change that is undone tells nothing',
  },
  'webhooks:through-crashes': {
    source: 'E57; connectors.md T13',
    behavior:
      'However often the telling processes are killed, a real receiver gets every event, and handles each once and in the order of its object',
  },
  'webhooks:no-phi': {
    source: 'E57; security.md §7 Webhooks',
    behavior:
      'A message holds its type, its time, one id and a number, and nothing of a patient; no log line holds an address, a secret or an answer',
  },
  'webhooks:signed': {
    source: 'E57; security.md §7 Webhooks; connectors.md T13',
    behavior:
      'Of messages with one bit changed, or sent again at once, late or as if of now, a receiver that does what the page says takes none',
  },
  'webhooks:secret-shown-once': {
    source: 'security.md §7 Webhooks',
    behavior:
      'The signing secret of an endpoint is shown when it is made and stands in no table, log, audit row or other answer; for a day after a change both count',
  },
  'webhooks:nothing-leaves-loopback': {
    source: 'D10; security.md §7 SSRF',
    behavior:
      'An endpoint that is no public https address is refused when it is named, and without a live addendum none outside this machine is dialled; a redirect is not followed',
  },
  'webhooks:given-up-in-words': {
    source: 'E57; connectors.md machine J',
    behavior:
      'An endpoint that answers 410, or nothing but failures for five days, is disabled and says why; what waited is in the dead letter, and a person sends it again',
  },
} as const;
