// A person's name as an index and a typist see it: capitals without marks, split and joined.

/** Letters that NFKD leaves whole. */
const PLAIN: Readonly<Record<string, string>> = {
  Ø: 'O',
  Đ: 'D',
  Ð: 'D',
  Ł: 'L',
  Ħ: 'H',
  Æ: 'AE',
  Œ: 'OE',
  Þ: 'TH',
  ẞ: 'SS',
  ß: 'SS',
  ı: 'I',
};
/** Words that belong to the word after them. */
export const PARTICLES = new Set(
  'DE DEL DELLA DELA DA DI DO DOS DAS DU LA LAS LE LOS EL AL BIN IBN VAN VANDER VON DER DEN TER TEN MC MAC O ST SAN SANTA SAINT ABU'.split(
    ' ',
  ),
);
export const SUFFIXES = new Set(['JR', 'SR', 'II', 'III', 'IV', 'ESQ', 'MD', 'PHD']);

/** Upper case, marks stripped, dots dropped, every apostrophe '. 'Muñoz-Núñez' → 'MUNOZ-NUNEZ'. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[ØĐÐŁĦÆŒÞẞßı]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/['’‘ʼʻ`´]/g, "'")
    .replaceAll('.', '');
}

const lettersOf = (text: string) => text.replace(/[^\p{L}]/gu, '');

/** The forms of one part of a name, letters only, the whole first: 'de la Cruz-Vega' → DELACRUZVEGA, CRUZ, VEGA, DELACRUZ; "O'Brien" → OBRIEN, BRIEN. */
export function nameForms(name: string): string[] {
  const words = fold(name)
    .split(/[\s\-–—/,]+/)
    .filter((word) => lettersOf(word).length > 0 && !SUFFIXES.has(lettersOf(word)));
  const forms = [words.map(lettersOf).join('')];
  let particles = '';
  for (const word of words) {
    const letters = lettersOf(word);
    if (PARTICLES.has(letters)) {
      particles += letters;
      continue;
    }
    forms.push(letters);
    if (particles.length > 0) forms.push(particles + letters);
    forms.push(
      ...word
        .split("'")
        .map(lettersOf)
        .filter((piece) => piece.length >= 3),
    );
    particles = '';
  }
  // 'Le Van': what binds to nothing is a name itself.
  if (particles.length > 0) forms.push(...words.map(lettersOf));
  return [...new Set(forms)].filter((form) => form.length > 0);
}

/** JR, SR, II … where the name or its suffix field says one. */
export function suffixOf(text: string): string | undefined {
  return fold(text)
    .split(/[\s,]+/)
    .map(lettersOf)
    .find((word) => SUFFIXES.has(word));
}
