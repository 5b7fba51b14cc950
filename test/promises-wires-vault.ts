// What Attending promises of the vault, where vendors' passwords, seeds and sessions lie. The others stand in promises.ts, which takes these in.
export const WIRES_VAULT_PROMISES = {
  'vault:swap-refused': {
    source: 'security.md §7, G7',
    behavior:
      'Whatever is swapped in the database between secrets, versions and clinics, and whichever bit of it is turned, what was tampered with does not open, and says so',
  },
  'vault:old-value-refused': {
    source: 'security.md §7',
    behavior:
      'A value that was replaced does not open in the place of the one that replaced it, and of two who replace one value at once one is told so',
  },
  'vault:rotation-rewraps-only': {
    source: 'security.md §7, G7',
    behavior:
      'Ten thousand secrets get a new clinic key and a new master key while they are being read and written: no read fails, and what is sealed is the same byte for byte',
  },
  'vault:rotation-resumes': {
    source: 'security.md §7, §9',
    behavior: 'A rotation that is killed in the middle leaves every secret readable, and the next one ends it',
  },
  'vault:shred': {
    source: 'security.md §7',
    behavior:
      'After a clinic’s vault is shredded nothing in it opens and nothing new is kept, and both say so; every other clinic’s opens as before',
  },
  'vault:keeper-role-alone': {
    source: 'security.md §7, G3',
    behavior:
      'The serving and the sending role read nothing of the vault, not as ciphertext either; the keeping role calls its functions and reads no table',
  },
  'vault:no-secret-told': {
    source: 'security.md §7, G7',
    behavior:
      'Five hundred planted secrets, kept, opened, rotated and refused, stand in no log line, error, stack, inspection or other table',
  },
  'vault:key-file-guarded': {
    source: 'security.md §7',
    behavior:
      'A key file that is lost, damaged, of another database or readable by others is refused with what to do, and is never made anew over secrets that need it',
  },
} as const;
