// What Attending promises of the people who bring a vendor account back. promises.ts takes these in.
export const WIRES_ACTS_PROMISES = {
  'wires:restored-from-the-page': {
    source: 'E56; connectors.md §1.3, machines A and B',
    behavior:
      'Whoever restores a connection does so from the page alone: it says what is wrong and what to do, takes the password or the code that is asked for, and what was signed meanwhile is then carried out',
  },
  'wires:restored-by-keyboard': {
    source: 'E56',
    behavior: 'A billing lead restores a sign-in that the vendor refused from the words of the page, with the keyboard alone',
  },
  'wires:entered-is-seen-by-nobody': {
    source: 'N5; security.md §7',
    behavior: 'A password or a code that a person enters stands in no table, log, audit row or answer: it is sealed in the vault',
  },
  'wires:pressed-twice-signs-in-once': {
    source: 'N8; connectors.md §1.3, machine B',
    behavior: 'A sign-in that a person asks for is made once, however often and by however many people at once it is asked for',
  },
  'wires:paused-is-left-alone': {
    source: 'E56; connectors.md §1.3, machine A',
    behavior: 'A connection that a person has paused is neither signed in to, read nor written to until a person resumes it',
  },
  'wires:handed-back-after-its-answer': {
    source: 'N8; connectors.md §1.3, machines B and D',
    behavior:
      'A process that ends or pauses hands an account back only when the answer to its sign-in has come, so that no other begins one beside it',
  },
  'wires:connection-told': {
    source: 'E57; connectors.md §1.3, machine A',
    behavior:
      'When a connection begins to work, stops, is paused or resumed, the clinic’s programs that want to know are told so, once for each change and without a word of the account',
  },
} as const;
