// What Attending promises of the browser that shows a vendor's pages: where it may go, and what leaves it. The others stand in promises.ts, which takes these in.
export const WIRES_BROWSER_PROMISES = {
  'browser:reaches-only-listed-hosts': {
    source: 'security.md §7',
    behavior:
      'A page of a vendor that tries to reach any of more than four hundred spellings of other places, by picture, script, frame, redirect, socket, worker or name look-up, has no socket opened for it, by us or by the browser',
  },
  'browser:fence-before-first-byte': {
    source: 'connectors.md §1.3',
    behavior:
      'A form that is saved in a browser waits at our own gate until its connection stands and the right to write has been shown: where it is gone, not one byte of it reaches the vendor',
  },
  'browser:nothing-writes-by-accident': {
    source: 'connectors.md §1.3',
    behavior:
      'Whatever the pages and scripts of a vendor try in the browser, no request that could write leaves it but the one that was announced, and that one once',
  },
  'browser:sent-or-not-is-exact': {
    source: 'connectors.md §1.3',
    behavior:
      'What is told of a form that was saved in a browser is what the vendor saw, whether its line broke, its page hung or sent it twice',
  },
  'browser:signed-in-after-a-crash': {
    source: 'connectors.md §1.3',
    behavior:
      'An account that was signed in in a browser is still signed in after that process is killed: its cookies and all that its pages keep, sessionStorage too, are laid into another before the vendor is asked for anything',
  },
} as const;
