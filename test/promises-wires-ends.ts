// What Attending promises of a signed draft that is carried out at a vendor: what it becomes, and who is told.
export const WIRES_ENDS_PROMISES = {
  'ends:planned-with-its-signature': {
    source: 'house.md §6 B; D18',
    behavior:
      'A signature on a draft of a clinic whose record is a vendor’s plans one write, in the same transaction and of what was signed, and says that it is not there yet; where that transaction dies, there is neither signature nor write',
  },
  'ends:follows-its-write': {
    source: 'house.md §6 B; connectors.md §1.3 machine G',
    behavior:
      'A signed draft is in the record once its write is there, failed once that is proven not to be there or a person gave it up, parked while a person has to look, and signed again where it is sent again; nobody can sign, mend or reject it meanwhile, and it does not expire',
  },
  'ends:first-decision-counts': {
    source: 'connectors.md §1.3 machine G',
    behavior:
      'Of two decisions on a write, and of a decision and what a process stores late, the first one holds for the write and for its draft',
  },
  'ends:told-in-order': {
    source: 'E57; connectors.md §1.3 machine G 7',
    behavior:
      'A clinic’s program is told that a draft was signed, each time that what get_operation says of its write changes, and that it is in the record: once each, in this order, and of no other step',
  },
  'ends:approved-ahead-waits': {
    source: 'D2; D18',
    behavior:
      'What a standing approval signs for a vendor is signed and not yet in the record until the write is there, and the same asked for meanwhile, by one call or by ten at once, is that one draft',
  },
  'ends:page-says-where': {
    source: 'connectors.md §1.3 machine G; N8',
    behavior:
      'The page of a draft says where it stands at the vendor, why, and, where a person has to look, leads to where that is decided',
  },
} as const;
