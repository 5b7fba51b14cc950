// What a text message is on the air: which letters it may hold, and how many parts it is sent in.

/** GSM 7 bit default alphabet. Source: 3GPP TS 23.038 §6.2.1. The escape itself (0x1B) is no letter. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** The extension table, each letter after an escape: two septets. Source: 3GPP TS 23.038 §6.2.1.1. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/** Typographic letters → plain ones. Letters of names (á, ç, ł) stay: a name is not ours to respell. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/\r\n?|[\u0085\u2028\u2029]/g, '\n'],
  [/[‘’‚‛′´`ʼ]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [/[•·]/g, '-'],
  [/[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' '],
  // Soft hyphen, zero-width space, word joiner, byte-order mark. The joiners U+200C and U+200D make letters and emoji, and stay.
  [/[\u00ad\u200b\u2060\ufeff]/g, ''],
];

/** The text that is sent: composed (NFC), its typographic quotes, dashes, dots and blanks made plain. Plain text stays as it is, and twice is once. */
export function plainText(text: string): string {
  // Once more in the end: what was parted by nothing may be composed now.
  return PLAIN.reduce((so_far, [what, by]) => so_far.replaceAll(what, by), text.normalize('NFC')).normalize('NFC');
}

export interface Segments {
  encoding: 'GSM-7' | 'UCS-2';
  /** Septets of GSM-7, 16-bit units of UCS-2. */
  units: number;
  segments: number;
}

/** How many parts `text`, exactly as given, is sent in: one of 160 septets or 70 units, or several of 153 or 67, the rest being the header that joins them.
 *  An escaped letter and a surrogate pair are never cut in two. An empty text is none. Source: 3GPP TS 23.038 §6.2, TS 23.040 §9.2.3.24.1. */
export function segmentsOf(text: string): Segments {
  const letters = [...text];
  const isGsm = letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter));
  const sizes = letters.map((letter) => (isGsm ? Number(EXTENSION.has(letter)) + 1 : letter.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [alone, joined] = isGsm ? [160, 153] : [70, 67];
  return { encoding: isGsm ? 'GSM-7' : 'UCS-2', units, segments: units <= alone ? Math.min(units, 1) : partsOf(sizes, joined) };
}

function partsOf(sizes: readonly number[], room: number): number {
  let [parts, used] = [1, 0];
  for (const size of sizes) {
    if (used + size > room) [parts, used] = [parts + 1, 0];
    used += size;
  }
  return parts;
}
