// What Attending promises of a vendor's pages: that a change stops us before harm, that every fact has its source, that tapes hold nobody, that recipes are signed.
export const WIRES_CONTRACT_PROMISES = {
  'wires:drift-stops-writes': {
    source: 'E31; connectors.md §1.5, T9',
    behavior:
      'When a vendor changes a page, nothing of it becomes a row and no form of it is sent; where only the answer changed, one write at most has gone before; it opens again by itself after twenty clean looks in a row',
  },
  'wires:drift-no-false-alarm': {
    source: 'connectors.md §1.5, T9',
    behavior: 'Of ten thousand pages on which nothing we rely on has changed, at most one stops anything',
  },
  'wires:drift-told-in-words': {
    source: 'E31; connectors.md §1.3, machine H',
    behavior: 'A difference is told as where it is, what was and what is, and neither it nor a fingerprint holds a value of a record',
  },
  'wires:tapes-hold-no-phi': {
    source: 'connectors.md §1.5, T10',
    behavior: 'Of a patient who stands in every place of an exchange with a vendor nothing is left on its tape, in any spelling',
  },
  'wires:tapes-only-scrubbed': {
    source: 'connectors.md §1.3, tapes',
    behavior: 'What was said with a vendor can be written down only after it was scrubbed',
  },
  'wires:recipes-signed': {
    source: 'E31',
    behavior:
      'A recipe that is unsigned, altered, signed by a key that is not pinned, older than one that was taken back or not plain data is refused, with the reason',
  },
  'wires:recipes-roll-back': {
    source: 'E31',
    behavior:
      'A new recipe is tried by a cohort first, and when it breaks there or a person takes it back the one before is in force at once',
  },
  'wires:facts-lead-to-bytes': {
    source: 'connectors.md §1.3, provenance',
    behavior:
      'Every value read from a vendor leads back to a place in bytes that are kept under their hash, and a value without one is found',
  },
} as const;
