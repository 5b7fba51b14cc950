// The figures that follow a name in a note: "BP today 148/92 (was 152/94 on 11/3)".
import { type Measure, type Quoted, unitsRead } from './note-chart.ts';
import type { Period, Span } from './note-dates.ts';
import { BETWEEN } from './note-words.ts';
import { canonicalOf, type VitalKind } from './vital-kinds.ts';

/** One figure of a name. `words`: what stands between it and the name, or the figure before. */
export interface Found extends Span {
  quoted: Quoted;
  words: string[];
  date?: Period;
}

const NUMBER = /^(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.\d{1,4})?(?![\d]|[/:-]\d|,\d{3}|\.\d)/;
const PAIR = /^(\d{2,3})\s?(?:\/|\bover\b)\s?(\d{2,3})(?![\d/]|\.\d)/;
const FEET = /^(\d)\s?(?:['’]|ft\.?|feet|foot)\s?-?(\d{1,2}(?:\.\d+)?)?\s?(?:["”]|''|in(?:ches)?(?![a-z]))?/;
const SIGN = /^(?:(<=|>=|<|>|≤|≥)|(less than|under|below)|(greater than|more than|above|over))\s*(?=\d)/i;
/** What is no value of a measure: doses, counts, times, changes. */
const FOREIGN =
  /^\s?-?(?:(?:mg|mcg|µg|g|gm|grams?|units?|iu|ml|meq|tabs?|tablets?|caps?|capsules?|pills?|puffs?|gtts?|mmol)(?![\w/])|(?:times?|x|weeks?|wks?|w|months?|mos?|mths?|days?|d|hours?|hrs?|h|years?|yrs?|y|yo|min(?:ute)?s?|sec(?:ond)?s?|visits?|episodes?|points?|pts?|of|out|st|nd|rd|th|am|pm|a\.m|p\.m|o'clock|fold|readings?|doses?|refills?|s|packs?|cups?|steps?|miles?|degrees?\s+of)(?!\w)|\/\s?(?:day|d|wk|week|mo|month|yr|year)\b|['’]?s\b|\+|-?\s?(?:oh|hydroxy\w*)\b|x\d|\s?(?:lbs?|kg|pounds?)\.?\s+(?:weight\s+)?(?:loss|gain|over|since|in\s+\d|heavier|lighter|lost|gained|more|less|down|up)\b)/i;
const RANGE = /^\s?(?:-|–|—|to)\s?\d/;
const LAB_UNIT =
  /^\s?(?:%|(?:mg|g|gm|mcg|ug|µg|μg|ng|pg|mmol|umol|µmol|nmol|pmol|meq|m?iu|miu|uiu|µiu|mciu|u|units?|k|m|cells|ml|thou|thousand|million|x?\s?10(?:\^|\*|e)?\d{1,2})\s?\/\s?(?:d?l|ml|ul|µl|mcl|mm3|mol|g|mg|min)(?:\s?\/\s?1\.73(?:\s?m(?:2|²|\^2)?)?)?(?![a-z])|fl(?![a-z])|pg(?![a-z/])|k(?![a-z/]))/i;
/** How the units of a body's measures are written, and the spelling that vital-kinds.ts knows. */
const VITAL_UNITS: Partial<Record<VitalKind, readonly (readonly [RegExp, string])[]>> = {
  weight: [
    [/^\s?(?:lbs?|pounds?|#)(?![a-z])/i, 'lb'],
    [/^\s?(?:kgs?|kilograms?|kilos?)(?![a-z])/i, 'kg'],
  ],
  temperature: [
    [/^\s?(?:°|º|deg(?:rees)?)?\s?f(?:ahrenheit)?(?![a-z])/i, '[degF]'],
    [/^\s?(?:°|º|deg(?:rees)?)?\s?c(?:elsius)?(?![a-z])/i, 'Cel'],
  ],
  height: [
    [/^\s?(?:in(?:ches)?\.?(?=\s*(?:[,;.()/]|$|\s\p{L}{2,4}[:.\s]))|["”])/iu, 'in'],
    [/^\s?cms?(?![a-z])/i, 'cm'],
    [/^\s?m(?:eters?)?(?![a-z])/i, 'm'],
  ],
  waist: [
    [/^\s?(?:in(?:ches)?\.?(?![a-z])|["”])/i, 'in'],
    [/^\s?cms?(?![a-z])/i, 'cm'],
  ],
  head_circumference: [
    [/^\s?cms?(?![a-z])/i, 'cm'],
    [/^\s?in(?:ches)?(?![a-z])/i, 'in'],
  ],
  blood_pressure: [[/^\s?mm\s?\[?hg\]?/i, 'mm[Hg]']],
  heart_rate: [[/^\s?(?:bpm|beats\s?(?:\/|per)\s?min(?:ute)?|\/\s?min(?:ute)?)(?![a-z])/i, '/min']],
  respiratory_rate: [[/^\s?(?:breaths\s?(?:\/|per)\s?min(?:ute)?|\/\s?min(?:ute)?)(?![a-z])/i, '/min']],
  bmi: [[/^\s?kg\s?\/\s?m\s?(?:\^?2|²)/i, 'kg/m2']],
  spo2: [[/^\s?%/, '%']],
  bmi_percentile: [[/^\s?%(?:ile)?|^(?:st|nd|rd|th)\s+percentile/, '%']],
  pain: [[/^\s?\/\s?10(?!\d)/, '/10']],
};
const NEXT_WORD = /^[\p{L}][\p{L}'’-]*/u;

/** The figures of `measure` in text[from, until): the first that follows, and those that go on from it ("from 9.2 to 8.1", "210 lb (95.3 kg)"). What is written
 *  as a range, a count, a dose or a change of unit that the measure never has, ends the reading. UTF-16 offsets. */
export function figuresAfter(
  text: string,
  { measure, from, until, dates }: { measure: Measure; from: number; until: number; dates: readonly Period[] },
): Found[] {
  const found: Found[] = [];
  let words: string[] = [];
  let comparator: Quoted['comparator'];
  let date: Period | undefined;
  let at = from;
  while (at < until) {
    const rest = text.slice(at, until);
    const day = dates.find(({ start, end }) => start === at && end <= until);
    if (day) {
      const last = found.at(-1);
      if (last && words.every((word) => /^(?:\(|on|in|from|of|drawn|collected|dated|taken|at|back|the|as|checked)$/.test(word))) {
        last.date ??= day;
        words = [];
      } else date = day;
      at = day.end;
      continue;
    }
    const blank = /^(?:[\s:=]|\.(?=\s)|[-–—](?=\s)|,(?=\s)|\))+/.exec(rest)?.[0];
    if (blank !== undefined) {
      if (blank.includes('.') && at !== from) return found;
      at += blank.length;
      continue;
    }
    const sign = SIGN.exec(rest);
    if (sign) {
      comparator = signOf(sign);
      at += sign[0].length;
      continue;
    }
    const arrow = /^(?:->|→|=>|-->|➔|>>|←|<-)/.exec(rest)?.[0];
    if (arrow !== undefined || /^[(~≈/]/.test(rest)) {
      words.push(arrow === undefined ? (rest[0] as string) : arrow.replace(/^(?:←|<-)$/, '←').replace(/^(?:->|=>|-->|➔|>>)$/, '→'));
      at += arrow?.length ?? 1;
      continue;
    }
    const word = NEXT_WORD.exec(rest)?.[0];
    if (word !== undefined) {
      if (!BETWEEN.has(word.toLowerCase())) return found;
      words.push(word.toLowerCase());
      at += word.length;
      continue;
    }
    const figure = readFigure(rest, measure);
    if (figure === undefined || (found.length > 0 && words.length === 0 && figure.quoted.diastolic === undefined)) return found;
    if (RANGE.test(text.slice(at + figure.digits)) && !isJourney(text.slice(at + figure.digits), words)) return found;
    // A limit in brackets: "PSA 0.9 (<4)".
    if (found.length > 0 && comparator !== undefined && words.join('') === '(') return found;
    found.push({
      start: at,
      end: at + figure.length,
      quoted: { ...figure.quoted, ...(comparator && { comparator }) },
      words: isBefore(words, figure.quoted, found[0]?.quoted) ? [...words, '(was'] : words,
      ...(date && { date }),
    });
    at += figure.length;
    [words, comparator, date] = [[], undefined, undefined];
  }
  return found;
}

/** "from 9.2 to 8.1", "improved 9.2 to 8.1": two values, no range. */
const isJourney = (rest: string, words: readonly string[]) =>
  /^\s?to\s/.test(rest) && words.some((word) => /^(?:from|went|improved|dropped|fell|rose|increased|decreased)$/.test(word));

/** "8.1 (9.2)", "8.1 (was 9.2)": the one before; but "210 lb (95.3 kg)" is the same once more. */
function isBefore(words: readonly string[], quoted: Quoted, first: Quoted | undefined): boolean {
  const between = words.join(' ');
  if (first === undefined || !/^(?:\(|\( was|was|were)$/.test(between)) return false;
  return between !== '(' || quoted.unit === undefined || first.unit === undefined || quoted.unit === first.unit;
}

const signOf = ([, sign, less]: RegExpExecArray): NonNullable<Quoted['comparator']> =>
  (sign ?? (less === undefined ? '>' : '<')).replace('≤', '<=').replace('≥', '>=') as NonNullable<Quoted['comparator']>;

interface Figure {
  quoted: Quoted;
  /** With its unit. */
  length: number;
  digits: number;
}

/** The figure at the beginning of `rest`, as this measure is written; undefined for anything else. */
export function readFigure(rest: string, measure: Measure): Figure | undefined {
  if (measure.type === 'vital' && measure.kind === 'blood_pressure' && measure.part === undefined) return readPair(rest);
  if (measure.type === 'vital' && measure.kind === 'height') {
    const [feet, whole, inches] = FEET.exec(rest) ?? [];
    if (feet !== undefined)
      return {
        quoted: { value: 12 * Number(whole) + Number(inches ?? 0), half: halfOf(inches ?? ''), unit: 'in' },
        length: feet.trimEnd().length,
        digits: feet.length,
      };
  }
  const printed = (measure.type === 'vital' && measure.kind === 'pain' ? /^\d{1,2}(?=\/10)/ : NUMBER).exec(rest)?.[0];
  if (printed === undefined) return undefined;
  const after = rest.slice(printed.length);
  const quoted = { value: Number(printed.replaceAll(',', '')), half: halfOf(printed) };
  const unit = unitAfter(after, measure);
  if (
    unit === 'foreign' ||
    (unit === undefined && FOREIGN.test(after)) ||
    (unit !== undefined && /^\s?(?:weight\s+)?(?:loss|gain)\b|^\s?(?:heavier|lighter|down|up)\b/i.test(after.slice(unit.length)))
  )
    return undefined;
  // A year is no value.
  if (unit === undefined && /^(?:19|20)\d\d$/.test(printed)) return undefined;
  return { quoted: { ...quoted, ...(unit && { unit: unit.is }) }, length: printed.length + (unit?.length ?? 0), digits: printed.length };
}

function readPair(rest: string): Figure | undefined {
  const [pair, systolic, diastolic] = PAIR.exec(rest) ?? [];
  if (pair === undefined || FOREIGN.test(rest.slice(pair.length))) return undefined;
  const unit = unitAfter(rest.slice(pair.length), { type: 'vital', kind: 'blood_pressure' });
  if (unit === 'foreign') return undefined;
  return {
    quoted: { value: Number(systolic), diastolic: Number(diastolic), half: 0.5, ...(unit && { unit: unit.is }) },
    length: pair.length + (unit?.length ?? 0),
    digits: pair.length,
  };
}

const halfOf = (printed: string) => 0.5 * 10 ** -(printed.split('.')[1]?.length ?? 0);

function unitAfter(rest: string, measure: Measure): { is: string; length: number } | 'foreign' | undefined {
  if (measure.type === 'vital') {
    for (const [spelling, is] of VITAL_UNITS[measure.kind] ?? []) {
      const found = spelling.exec(rest)?.[0];
      if (found !== undefined && canonicalOf(measure.kind, 1, is) !== undefined) return { is, length: found.length };
    }
    return LAB_UNIT.test(rest) ? 'foreign' : undefined;
  }
  const found = LAB_UNIT.exec(rest)?.[0];
  if (found === undefined) return undefined;
  const is = found.trim().replaceAll(/\s+/g, '');
  return unitsRead(measure.group, is).length > 0 || !isKnown(measure.group) ? { is, length: found.length } : 'foreign';
}

/** Of an analyte that only the laboratory knows, any unit may be its own. */
const isKnown = (group: string) =>
  ['%', 'mg/dL', 'ng/mL', 'U/L', 'mmol/L', 'mL/min/1.73m2', 'ng/dL', 'K', 'fL', 'pg', 'mIU/L', 'mIU/mL', 'nmol/L', 'mg/g', 'g/dL'].some(
    (unit) => unitsRead(group, unit).length > 0,
  );
