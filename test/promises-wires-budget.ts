// What Attending promises of the budgets of vendors, as they are kept over PostgreSQL and real sockets.
export const WIRES_BUDGET_PROMISES = {
  'wires:paced-over-all-processes': {
    source: 'connectors.md §1.2, §1.3 E',
    behavior:
      'Processes that call a vendor as fast as they may share one budget by the vendor’s clock: it refuses none of their calls, also where one is killed and another takes its place',
  },
  'wires:people-before-batches': {
    source: 'connectors.md §1.3 E',
    behavior:
      'While batches use up what a vendor allows, what a person or an AI asks for is sent before more than one of their pages, and is not refused',
  },
  'wires:refused-once-told-to-all': {
    source: 'connectors.md §1.3 E',
    behavior:
      'A call that a vendor refuses for there having been too many stops every process until that minute of the vendor’s is over, whether or not the process heard of it when it was told',
  },
  'wires:not-its-turn-not-sent': {
    source: 'N8; connectors.md §1.3 E',
    behavior: 'A signed write that the pace holds back waits for its turn: no byte of it left, and it counts as no attempt',
  },
} as const;
