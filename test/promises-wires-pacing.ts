// What Attending promises of how often it calls a vendor, and of what it reads there.
export const WIRES_PACING_PROMISES = {
  'wires:paced-below-the-limit': {
    source: 'connectors.md §1.2, §1.5 T8',
    behavior:
      'All accounts of a clinic at a practice, on all nodes together, stay below the calls that the vendor allows in each minute of its clock',
  },
  'wires:interactive-first': {
    source: 'connectors.md §1.3 E, §1.5 T8',
    behavior: 'However much a nightly batch has to do, what a person or an AI asks for is sent within a second, nineteen times in twenty',
  },
  'wires:no-silent-gap': {
    source: 'connectors.md §1.3 F',
    behavior: 'A list read from a vendor holds every record that was there all the while, or says that it is incomplete',
  },
} as const;
