// A plain lexical ranking of tools by what they say of themselves: what a model that has seen nothing but tools/list has to go by, without its wits.

export interface Described {
  name: string;
  title: string;
  description: string;
}

const STOP = new Set(
  'get find list search read check a an and are as at be been by can could did do does for from had has have how i if in is it its last many me more most much my no not of on or our out show since some tell than that the their them there these they this to us was we were what when where which who whom why will with would you your any all any each only'.split(
    ' ',
  ),
);

/** Words without their commonest endings. */
export function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFKD')
      .match(/[a-z0-9]+/g) ?? []
  )
    .filter((word) => !STOP.has(word))
    .map((word) =>
      word
        .replace(/(ies)$/, 'y')
        .replace(/(sses)$/, 'ss')
        .replace(/([^s])s$/, '$1')
        .replace(/(ations?|ing|ed)$/, '')
        .replace(/e$/, ''),
    )
    .filter((word) => word.length > 0);
}

const K1 = 1.2;
const B = 0.5;

/** The names of the tools by BM25 over name, title and description, best first. Names count twice. */
export function ranked(tools: readonly Described[], question: string): string[] {
  const texts = tools.map(({ name, title, description }) =>
    wordsOf(`${name.replaceAll('_', ' ')} ${name.replaceAll('_', ' ')} ${title} ${description}`),
  );
  const mean = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  const asked = new Set(wordsOf(question));
  const scores = texts.map((words) => {
    let score = 0;
    for (const word of asked) {
      const times = words.filter((each) => each === word).length;
      if (times === 0) continue;
      const bearers = texts.filter((each) => each.includes(word)).length;
      const rarity = Math.log(1 + (texts.length - bearers + 0.5) / (bearers + 0.5));
      score += (rarity * times * (K1 + 1)) / (times + K1 * (1 - B + (B * words.length) / mean));
    }
    return score;
  });
  return tools
    .map(({ name }, i) => ({ name, score: scores[i] as number }))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}
