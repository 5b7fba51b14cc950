// What Attending promises of contracts where they run: in two processes on one database, with recipes that were delivered, and for the people who see a drift.
export const WIRES_CONTRACTS_PROMISES = {
  'wires:drift-stops-both-processes': {
    source: 'E31; connectors.md §1.3, machine H',
    behavior:
      'When a vendor changes its form, no process of ours sends the next write, whichever of them has the account; after twenty clean looks in a row what was held is sent, once',
  },
  'wires:drift-never-denies-a-write': {
    source: 'E31; connectors.md §1.3, machines G and H',
    behavior:
      'A write that is answered in another shape is looked for and found, never taken for one that was not done, and the next one is held before it leaves',
  },
  'wires:drift-is-a-clinics-own': {
    source: 'M3, M37',
    behavior: 'What was found to be otherwise at the vendor of one clinic is seen and cleared by people of that clinic alone',
  },
  'wires:drift-shown-and-cleared': {
    source: 'E31; issue 5, what to build 6',
    behavior:
      'A person reads on the page what a vendor changed, as before and now in plain words, what it means and what happens next, and an owner clears shifted values that she knows the reason of',
  },
  'wires:raw-bytes-rehash': {
    source: 'connectors.md §1.3, provenance',
    behavior:
      'Bytes that came from a vendor are kept sealed for their clinic and give their own hash again; bytes in the place of others are refused',
  },
  'wires:recipes-delivered': {
    source: 'E31',
    behavior:
      'A signed recipe is delivered, tried by the clinics that were named, and in force for all once it has stood its trial there; a refused bundle leaves nothing, and what was taken back never returns',
  },
} as const;
