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
  'browser:proxy-is-nobody-elses': {
    source: 'security.md §7',
    behavior:
      'The way out of a browser serves the one context that was told its credential: another process of the machine, and another account, are answered 407 and get nothing through',
  },
  'browser:never-logs-out-or-locks': {
    source: 'connectors.md §1.3',
    behavior: 'Nothing that is called “Log out”, “Lock” or the like is ever pressed, however it is spelled and whatever a recipe calls it',
  },
  'browser:link-opens-alone': {
    source: 'vendors.md A7',
    behavior:
      'A link out of a mail is opened where nothing of the account is known, reaches the listed hosts alone, has pressed on it what the recipe names and nothing else, and leaves nothing behind',
  },
  'browser:crash-is-told-exactly': {
    source: 'connectors.md §1.3',
    behavior:
      'A browser that is killed before, while or after a form leaves is told as gone, and the form as sent or not sent by what is known at our own gate, with the vendor’s answer where it came',
  },
} as const;
