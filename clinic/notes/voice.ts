// How each author writes: the same facts, another hand.
import { dateOf } from '../days.ts';
import type { LabFact } from '../labs/fact.ts';
import type { Change } from '../medications/courses.ts';
import type { Drug } from '../medications/drug.ts';
import { drugOf } from '../medications/drugs.ts';
import type { Dice } from '../random.ts';
import type { Clinician } from '../sites.ts';
import { amountOf } from './facts.ts';

export type Voice = Clinician['voice'];

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/\btestosterone cypionate\b/gi, 'test cyp'],
  [/\bFollow-up\b/g, 'F/u'],
  [/\bfollow-up\b/g, 'f/u'],
  [/\bwithout\b/g, 'w/o'],
  [/\bwith\b/g, 'w/'],
  [/\bweeks\b/g, 'wk'],
  [/\bmonths\b/g, 'mo'],
  [/\bsymptoms\b/g, 'sx'],
  [/\bhistory\b/g, 'hx'],
  [/\bDenies\b/g, 'Neg for'],
  [/\bContinue\b/g, 'Cont'],
  [/\binjections?\b/g, 'inj'],
  [/\bevery\b/g, 'q'],
  [/\bbefore\b/g, 'b/f'],
  [/\bincrease\b/g, 'inc'],
  [/\bpatient\b/gi, 'pt'],
];

const day = (fact: LabFact) => {
  const [, month, of] = dateOf(fact.day).split('-').map(Number) as [number, number, number];
  return `${month}/${of}`;
};
const year = (fact: LabFact) => dateOf(fact.day).slice(2, 4);

/** Sentences as one paragraph, or one line each. */
export function written(voice: Voice, sentences: readonly string[], isNumbered = false): string {
  const said = sentences.filter((each) => each !== '').map((each) => `${each.slice(0, 1).toUpperCase()}${each.slice(1)}`);
  if (voice === 'list' && isNumbered) return said.map((each, i) => `${i + 1}. ${each}`).join('\n');
  if (voice === 'terse') return SHORT.reduce((text, [long, short]) => text.replaceAll(long, short), said.join(' '));
  if (voice === 'plain' && isNumbered) return said.map((each) => `- ${each}`).join('\n');
  return said.join(' ');
}

/** The results that an author quotes. */
export function quoted(voice: Voice, results: readonly { fact: LabFact; before?: LabFact; full: string; short: string }[]): string {
  const [first] = results;
  if (!first) return '';
  const was = (before?: LabFact, fact?: LabFact) =>
    before && fact && before.row.unit === fact.row.unit ? amountOf(before).split(' ')[0] : undefined;
  const number = ({ row }: LabFact) => `${row.comparator ?? ''}${row.value}`;
  if (voice === 'terse')
    return `${day(first.fact)}: ${results.map(({ fact, before, short }) => `${short} ${number(fact)}${was(before, fact) ? ` (${was(before, fact)})` : ''}`).join(', ')}.`;
  if (voice === 'list')
    return `Labs ${day(first.fact)}/${year(first.fact)}:\n${results.map(({ fact, before, full }) => `- ${full} ${amountOf(fact)}${was(before, fact) ? `, prior ${was(before, fact)}` : ''}`).join('\n')}`;
  if (voice === 'plain') return `Labs (${day(first.fact)}): ${results.map(({ fact, short }) => `${short} ${amountOf(fact)}`).join(', ')}.`;
  const [head, ...rest] = results.map(
    ({ fact, before, full }) => `${full} ${amountOf(fact)}${was(before, fact) ? ` (previously ${was(before, fact)})` : ''}`,
  );
  return `Results of ${day(first.fact)}/${year(first.fact)}: ${[head, ...rest].join('; ')}.`;
}

/** What was started, changed or stopped at a visit. */
export function decided(change: Change, dice: Dice): string {
  const name = (key: Change['to']) => (key ? drugOf(key).short : '');
  if (change.what === 'start')
    return dice.pick([`Start ${name(change.to)}.`, `Begin ${name(change.to)}, risks and benefits discussed.`, `Rx ${name(change.to)}.`]);
  if (change.what === 'stop')
    return dice.pick([`Stop ${name(change.from)}: ${change.reason}.`, `Discontinue ${name(change.from)} (${change.reason}).`]);
  if (change.what === 'hold') return `Hold ${name(change.from)} until repeat labs; resume at this dose when cleared.`;
  const dose = (key: Change['to']) => (key ? ((drugOf(key) as Drug).does?.[1] ?? 0) : 0);
  const isSame = change.from && change.to && drugOf(change.from).ingredient === drugOf(change.to).ingredient;
  if (!isSame) return `Switch from ${name(change.from)} to ${name(change.to)}.`;
  return dose(change.to) > dose(change.from)
    ? dice.pick([
        `Increase to ${name(change.to)}.`,
        `Go up from ${name(change.from)} to ${name(change.to)}.`,
        `Titrate to ${name(change.to)}.`,
      ])
    : dice.pick([`Reduce to ${name(change.to)}.`, `Decrease from ${name(change.from)} to ${name(change.to)}.`]);
}
