// What Attending promises of what leaves it for a vendor: where it may go, and at which moment. The others stand in promises.ts, which takes these in.
export const WIRES_EGRESS_PROMISES = {
  'outbound:loopback-until-addendum': {
    source: 'D10; security.md §7',
    behavior:
      'Until a clinic has a live addendum no socket is opened to any machine but this one, by no account, carrier, setting or environment, and nothing in the server could select otherwise',
  },
  'outbound:no-private-socket': {
    source: 'security.md §7',
    behavior:
      'Of more than four hundred spellings of addresses that are not public, as host, as redirect and as answer of a name server, none ever gets a socket opened to it',
  },
  'outbound:name-looked-up-once': {
    source: 'security.md §7',
    behavior: 'A name server that changes its answer gains nothing: the address that was looked at is the address that is dialled',
  },
  'outbound:fence-before-first-byte': {
    source: 'connectors.md §1.3',
    behavior:
      'The right to write is asked for after the connection stands and looked at again as the first byte is about to go: where it is gone, not one byte of the request reaches the vendor',
  },
  'outbound:sent-or-not-is-exact': {
    source: 'connectors.md §1.3',
    behavior:
      'What is told as not sent reached the vendor with no byte, and whatever may have reached it is told as sent, however the connection ends',
  },
} as const;
