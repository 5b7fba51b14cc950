// What Attending promises of what people see of the wires, and decide.
export const WIRES_PAGE_PROMISES = {
  'wires:parked-is-a-persons': {
    source: 'connectors.md §1.3 machine G; N8',
    behavior:
      'A write that is parked stays as it is until the owner, or who signs drafts of its kind, decides with a fresh second factor on what she has seen: it is there, it is sent again, or it is given up; the first decision counts, the second is told',
  },
  'wires:sent-again-by-decision': {
    source: 'connectors.md §1.3 machine G',
    behavior: 'What a person decided to send again is sent once more by whoever has the account, with an attempt number of its own',
  },
  'wires:another-clinics-write': {
    source: 'M3, M37',
    behavior:
      'A write of another clinic, and one that does not exist, are answered alike, to people and to AIs, whether it is asked for or decided on',
  },
  'wires:model-does-not-repeat': {
    source: 'connectors.md §1.3 machine G 7; mission.md "The catalogue"',
    behavior:
      'A model asks get_operation what became of a signed draft at a vendor, of its own person’s drafts alone, and is told in each state that it is not to repeat the write, or only when the user asks, and when to ask again',
  },
  'wires:health-without-secrets': {
    source: 'connectors.md §1.3 machine A',
    behavior: 'Of a vendor account its people see how it stands, why, and what to do next, and no part of its session or of what is sealed',
  },
  'wires:page-by-keyboard': {
    source: 'connectors.md §1.3 machine G',
    behavior:
      'A person who has never seen the page decides on a parked write by keyboard alone, in a dialog that names the patient and says what the decision does',
  },
} as const;
