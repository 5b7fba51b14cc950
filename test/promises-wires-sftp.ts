// What Attending promises of files that go to a partner and come from one by SFTP.
export const WIRES_SFTP_PROMISES = {
  'wires:sftp-never-half': {
    source: 'N8; connectors.md §1.3 I',
    behavior:
      'Wherever the line to a partner’s server is cut, and whenever the process is killed, no half of a file stands there under its name, and what is told of it is true: it is there, nothing of it is, or nobody knows',
  },
  'wires:sftp-never-replaced': {
    source: 'N8; connectors.md §1.3 I',
    behavior:
      'A file that a partner has is never replaced: of two of one name at once one is there whole, and the other is told that the name is taken',
  },
  'wires:sftp-pinned-host': {
    source: 'security.md §7; connectors.md §1.3 I',
    behavior: 'A server of files that shows another key than those that were written down for it is told no user and no credential',
  },
  'wires:sftp-modern-only': {
    source: 'security.md §7; RFC 9142',
    behavior: 'With a server that knows only SHA-1 or CBC nothing is spoken, and no key is used that would be signed with by SHA-1',
  },
  'wires:sftp-read-whole': {
    source: 'connectors.md §1.3 I',
    behavior: 'A file is handed on only whole, as long as the server says, and unchanged while it was read',
  },
} as const;
