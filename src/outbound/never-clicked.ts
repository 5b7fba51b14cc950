// What no recipe may press, however it is called in it: what ends the session that other work stands on, and what locks a record for everybody.

const NEVER = [
  /\b(log|sign|logging|signing) ?(me |us |you |yourself )?(out|off)\b/,
  /\b(logout|logoff|signout|signoff)\b/,
  /\b(un)?(lock|locks|locking)\b/,
  /\blockscreen\b/,
  /\bend (my |the |this )?session\b/,
  /\b(switch|change) user\b/,
];

/** Whether something of that name is left alone. Spelling is not: case, dashes, wide letters, what is not seen. */
export function isNeverClicked(name: string): boolean {
  const plain = name
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return NEVER.some((pattern) => pattern.test(plain));
}
