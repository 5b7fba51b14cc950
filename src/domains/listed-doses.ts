// What a drug of the medication list is given in, by its name and its directions.
import type { NoteChart } from './note-chart.ts';

/** An amount of a drug in the unit of its kind: mg, [IU] (units with them), mEq, mL. */
export interface Amount {
  kind: 'mass' | 'units' | 'meq' | 'volume';
  value: number;
}
export const DOSE_UNIT = '(mg|mcg|µg|μg|ug|g|gm|grams?|units?|unt|iu|meq|ml)';
const WORTH: Readonly<Record<string, readonly [Amount['kind'], number]>> = {
  mg: ['mass', 1],
  mcg: ['mass', 0.001],
  µg: ['mass', 0.001],
  μg: ['mass', 0.001],
  ug: ['mass', 0.001],
  g: ['mass', 1000],
  gm: ['mass', 1000],
  gram: ['mass', 1000],
  unit: ['units', 1],
  unt: ['units', 1],
  iu: ['units', 1],
  meq: ['meq', 1],
  ml: ['volume', 1],
};
/** How many, in words. */
export const COUNTS: Readonly<Record<string, number>> = { half: 0.5, '½': 0.5, '1/2': 0.5, a: 1, an: 1, one: 1, two: 2, three: 3, four: 4 };
const COUNTED =
  /(?<![\d.])(\d(?:\.5)?|half|½|1\/2|one|two|three|four|a|an)(?:\s?(?:-|to)\s?(\d))?\s+(?:(?:of|an?)\s+)?(?:tabs?|tablets?|caps?|capsules?|pills?|gumm\w+|po|puffs?|softgels?)\b/gi;

/** The amounts that a drug of the list is given in. sure: what it says; perhaps: what it may mean, where the directions do not say how many. A strength by volume,
 *  weight or hour is no dose: with the directions' mL or g, or over a day, it becomes one. */
export function dosesOf({ name, sig = '' }: Pick<NoteChart['medications'][number], 'name' | 'sig'>): { sure: Amount[]; perhaps: Amount[] } {
  const written = amountsIn(name.replaceAll(/(?<=\d)\s?[-/]\s?(?=\d[\d.]*\s?m?c?g\b)/gi, ' MG '));
  const isMixed = written.some(({ per }) => per === 'ml' || per === 'g' || per === 'l');
  const strengths = isMixed ? [] : written.filter(({ per, kind }) => per === '' && kind !== 'volume');
  const hourly = written.filter(({ per }) => per === 'h' || per === 'hr').flatMap((it) => scaled(it, [1, 24]));
  const asked = amountsIn(sig).filter(({ per }) => per === '');
  // 4 mg/g: half a gram of it is 2 mg. A gram of cream is no gram of the drug.
  const mixed = isMixed
    ? asked.flatMap((it) => written.flatMap((part) => (isPart(part.per, it) ? [{ kind: part.kind, value: part.value * partsOf(it) }] : [])))
    : [];
  const directed = [...asked.filter(({ unit }) => !(isMixed && unit === 'g')), ...mixed];
  const counts = [...sig.matchAll(COUNTED)].flatMap(([, first = '', last]) => [
    COUNTS[first.toLowerCase()] ?? Number(first),
    ...(last === undefined ? [] : [Number(last)]),
  ]);
  const single = [...directed, ...hourly, ...strengths.flatMap((it) => scaled(it, directed.length === 0 ? [1, ...counts] : [1]))];
  const sure = [...single, ...single.flatMap((it) => scaled(it, timesOf(sig)))];
  const perhaps = directed.length > 0 || counts.length > 0 ? [] : strengths.flatMap((it) => scaled(it, [0.5, 2, 3, 4]));
  return { sure, perhaps };
}

/** Amounts as written, and what they are of: `per` is '' for a plain one. */
function amountsIn(text: string): (Amount & { unit: string; per: string })[] {
  const each = new RegExp(`(\\d[\\d,]*(?:\\.\\d+)?|\\.\\d+)\\s?${DOSE_UNIT}(?![a-z])(?:\\s?/\\s?(ml|l|g|hr|h|act\\w*)(?![a-z]))?`, 'gi');
  return [...text.matchAll(each)].flatMap(([, digits = '', unit = '', per = '']) => {
    const amount = doseIn(Number(digits.replaceAll(',', '')), unit);
    return amount === undefined ? [] : [{ ...amount, unit: unit.toLowerCase(), per: per.toLowerCase().replace(/^act.*/, '') }];
  });
}
const isPart = (per: string, { unit }: { unit: string }) => (per === 'ml' && unit === 'ml') || (per === 'g' && unit === 'g');
const partsOf = ({ unit, value }: Amount & { unit: string }) => (unit === 'g' ? value / 1000 : value);
const scaled = ({ kind, value }: Amount, by: readonly number[]): Amount[] => by.map((count) => ({ kind, value: value * count }));

function timesOf(sig: string): number[] {
  if (/\b(?:bid|b\.i\.d|twice|two\s+times|2\s?x|every\s+12|q\s?12)\b/i.test(sig)) return [2];
  if (/\b(?:tid|t\.i\.d|three\s+times|3\s?x|every\s+8|q\s?8)\b/i.test(sig)) return [3];
  return /\b(?:qid|four\s+times|every\s+6|q\s?6)\b/i.test(sig) ? [4] : [];
}

/** What an amount in `unit`, however spelled, is in the unit of its kind; undefined for a unit of no dose. */
export function doseIn(value: number, unit: string): Amount | undefined {
  const worth = WORTH[unit.toLowerCase().replace(/(?<=unit|gram)s$/, '')];
  return worth && { kind: worth[0], value: value * worth[1] };
}
