// The doses that a note gives of the patient's drugs, against the medication list.
import { type Amount, COUNTS, DOSE_UNIT, doseIn, dosesOf } from './listed-doses.ts';
import type { NoteChart } from './note-chart.ts';
import { type Span, sentencesIn } from './note-dates.ts';
import type { NoteFigure, SectionText } from './note-figures.ts';
import { namedIn } from './note-words.ts';

type Drug = NoteChart['medications'][number];

/** An amount as the text has it. */
interface Dose extends Span {
  amount: Amount;
  said: string;
}

/** Names that a product is also called by. */
const BRANDS: Readonly<Record<string, string>> = Object.fromEntries(
  'ozempic:semaglutide wegovy:semaglutide rybelsus:semaglutide mounjaro:tirzepatide zepbound:tirzepatide trulicity:dulaglutide victoza:liraglutide saxenda:liraglutide glucophage:metformin jardiance:empagliflozin farxiga:dapagliflozin januvia:sitagliptin lantus:insulin basaglar:insulin lipitor:atorvastatin crestor:rosuvastatin zocor:simvastatin norvasc:amlodipine prinivil:lisinopril zestril:lisinopril cozaar:losartan diovan:valsartan hctz:hydrochlorothiazide lasix:furosemide toprol:metoprolol lopressor:metoprolol coreg:carvedilol synthroid:levothyroxine levoxyl:levothyroxine zoloft:sertraline lexapro:escitalopram prozac:fluoxetine wellbutrin:bupropion cymbalta:duloxetine neurontin:gabapentin prilosec:omeprazole protonix:pantoprazole tylenol:acetaminophen advil:ibuprofen motrin:ibuprofen aleve:naproxen asa:aspirin eliquis:apixaban coumadin:warfarin plavix:clopidogrel arimidex:anastrozole clomid:clomiphene prometrium:progesterone zyloprim:allopurinol'
    .split(' ')
    .map((pair) => pair.split(':')),
);

const AMOUNT = new RegExp(
  `(?<![\\d.,/-])(\\d{1,3}(?:,\\d{3})+|\\d{1,6})?(\\.\\d{1,4})?\\s?-?${DOSE_UNIT}(?![a-z])(?:\\s?\\/\\s?(\\d*\\s?(?:ml|l|dl|actuation|act|hr|h|kg|m2|mg|g)))?`,
  'gi',
);
/** Words that may stand between a drug and its dose. */
const BETWEEN =
  /^[\s,:(]*(?:(?:er|xr|xl|sr|ir|dr|la|cd|odt|hcl|hydrochloride|sodium|potassium|succinate|tartrate|besylate|calcium|cypionate|enanthate|mesylate|sulfate|glycinate|oral|po|tabs?|tablets?|caps?|capsules?|pen|injections?|inj|patch|patches|cream|gel|ointment|drops|inhaler|spray|solution|ring|pellets?|subq|sq|sc|im|topical|generic|dose|dosing|dosage|doses|daily|weekly|nightly|monthly|bid|tid|qid|qd|qhs|qam|at|to|of|from|was|is|be|been|has|had|have|were|on|up|down|back|now|currently|started|start|starting|increased|increase|increasing|decreased|decrease|reduced|reduce|raised|raise|titrated|titrate|changed|change|lowered|lower|continued|continue|continues|taking|takes|took|the|a|her|his|their|previously|dose-?reduced|with|meals|food|breakfast|dinner|vs|versus|then|and|we|will|plan|can|may|should|after|weeks?|x|or|compounded)(?![\p{L}])[\s,:().+]*|(?:->|→|=>)\s*|\d{1,2}\s+(?=weeks?))*$/iu;
const PAST =
  /\b(?:previously|was\s+on|used\s+to|formerly|prior|stopped|discontinued|d\/c'?d?|tried|failed|before|allergic|allergy|could\s+not\s+tolerate|intoler\w+|in\s+the\s+past|history\s+of|years?\s+ago|initially)\b/i;
const FAMILY = /\b(?:mother|father|brother|sister|wife|husband|son|daughter|partner|friend)(?:'s)?\b[^.;,]{0,40}$/i;
const CHANGE =
  /\b(?:increas\w*|decreas\w*|reduc\w*|rais\w*|titrat\w*|chang\w*|lower\w*|start\w*|switch\w*|consider\w*|advance|uptitrat\w*|go\s+up|go\s+down|trial|move\s+to|step)\b/i;

/** The doses in one section, of the drugs of the list by their name, ingredient or brand, and of drugs that are not on it. Equal to a dose of the list is its
 *  strength, what the directions make one dose or one day of it, in any unit. Another dose of a drug contradicts the list in S and O (where the text does not tell
 *  of the past); in P, and in A beside a word of change, it is a plan: `changed_dose`, from the old to the new. Frequencies are not compared. */
export function doseFigures({ section, text, chart }: SectionText): NoteFigure[] {
  const drugs = drugNames(chart);
  const measures = namedIn(text, chart);
  return sentencesIn(text).flatMap((sentence) => {
    const told = text.slice(sentence.start, sentence.end);
    const named = drugs === undefined ? [] : [...told.matchAll(drugs.pattern)];
    const doses = dosesIn(told);
    return doses.flatMap((dose, nth): NoteFigure[] => {
      const drug = named.findLast((name) => name.index < dose.start);
      const from = drug && drug.index + drug[0].length;
      const gap = from === undefined ? undefined : unsaid(told, from, dose.start, doses.slice(0, nth));
      const at = { start: sentence.start + dose.start, end: sentence.start + dose.end };
      const before = told.slice(0, dose.start);
      if (FAMILY.test(before)) return [];
      if (drug !== undefined && gap !== undefined && BETWEEN.test(gap)) {
        const own = drugs?.byName.get(drug[0].toLowerCase()) ?? [];
        return [{ section, ...at, measure: drug[0], ...judge(own, { dose, before, section, text: told }) }];
      }
      const other = unlisted(before);
      const isMeasured = measures.some(({ start, end }) => start < at.start && at.start - end < 25);
      if (other === undefined || isMeasured || dose.amount.kind === 'volume') return [];
      return [
        {
          section,
          ...at,
          measure: other,
          verdict: 'not_in_chart',
          level: 'warn',
          text: 'No active drug of the list has this name; the dose is not in the chart.',
        },
      ];
    });
  });
}

/** What stands between a drug and a dose, less the doses between them ("from 500 mg to 1000 mg"). */
function unsaid(text: string, from: number, to: number, doses: readonly Dose[]): string {
  return doses
    .filter(({ start }) => start >= from)
    .reduceRight((gap, dose) => gap.slice(0, dose.start - from) + gap.slice(dose.end - from), text.slice(from, to))
    .replaceAll(/(?<=\bfrom\s)\d+(?:\.\d+)?(?=\s)/gi, '');
}

function judge(
  own: readonly Drug[],
  at: { dose: Dose; before: string; section: SectionText['section']; text: string },
): Pick<NoteFigure, 'verdict' | 'cites' | 'level' | 'text'> {
  const { dose, before, section } = at;
  const ladder = own.map((drug) => ({ drug, ...dosesOf(drug) }));
  const times = [1, ...countsBeside(at)];
  const hit = ladder.find(({ sure }) => sure.some((amount) => times.some((count) => isSame(amount, dose, count))));
  if (hit) return { verdict: 'cited', cites: { record: 'medication', id: hit.drug.medication_id } };
  const first = ladder[0];
  const cites = first && ({ record: 'medication', id: first.drug.medication_id } as const);
  const listed = own.map(({ name, sig }) => (sig === undefined || sig === '' ? name : `${name}: ${sig}`)).join('; ');
  const unknown = (text: string) => ({ verdict: 'not_in_chart', level: 'warn', text, ...(cites && { cites }) }) as const;
  // A list without amounts, or in an amount that this one cannot become, says nothing against it.
  if (!ladder.some(({ sure }) => sure.some(({ kind }) => kind === dose.amount.kind)))
    return unknown(`The list gives no dose to compare: ${listed}.`);
  const isPlan = section === 'plan' || (section === 'assessment' && CHANGE.test(at.text));
  if (isPlan)
    return { verdict: 'changed_dose', level: 'warn', text: `A new dose: ${dose.said}. The list has ${listed}.`, ...(cites && { cites }) };
  if (ladder.some(({ perhaps }) => perhaps.some((amount) => isSame(amount, dose))))
    return unknown(`The list does not say how many are taken: ${listed}.`);
  const isPast = PAST.test(before) || /\bfrom\s+$/i.test(before) || /^\s*(?:->|→|to\b)/.test(at.text.slice(dose.end));
  if (isPast) return unknown(`This dose is not the one of the list: ${listed}.`);
  return {
    verdict: 'contradicts',
    level: 'error',
    text: `The note's dose of this drug is not the list's: ${listed}.`,
    ...(cites && { cites }),
  };
}

/** How many of a strength are taken: "two of the 500 mg tablets", "500 mg, 2 tabs". */
function countsBeside({ dose, before, text }: { dose: Dose; before: string; text: string }): number[] {
  const ahead = /\b(half|½|1\/2|two|three|four|[234]|1\.5)\s+(?:x\s+|of\s+(?:the|her|his|their)\s+)?(?:[\p{L}-]+\s+)?$/iu.exec(before)?.[1];
  const behind =
    /^\W{0,3}(?:x\s?)?(half|½|1\/2|two|three|four|[234]|1\.5)\s?(?:tabs?|tablets?|caps?|capsules?|pills?)?\b(?!\s?(?:weeks?|days?|months?|times?|refills?))/i.exec(
      text.slice(dose.end),
    )?.[1];
  return [ahead, behind].flatMap((count) => (count === undefined ? [] : [COUNTS[count.toLowerCase()] ?? Number(count)]));
}

function isSame(amount: Amount, dose: Dose, count = 1): boolean {
  return amount.kind === dose.amount.kind && Math.abs(amount.value - count * dose.amount.value) <= 0.005 * count * dose.amount.value;
}

function dosesIn(text: string): Dose[] {
  return [...text.matchAll(AMOUNT)].flatMap((match): Dose[] => {
    const [said, whole, decimals, unit = '', per] = match;
    const amount = doseIn(Number(`${(whole ?? '0').replaceAll(',', '')}${decimals ?? ''}`), unit);
    if ((whole ?? decimals) === undefined || amount === undefined) return [];
    // 200 mg/mL is a strength, and mg/dL a laboratory's; a range of doses is no dose.
    if (
      per !== undefined ||
      /^\s?(?:\/|per)\s?d?l\b/i.test(text.slice(match.index + said.length)) ||
      /(?:\d\s?-\s?|\d\s+to\s+)$/.test(text.slice(0, match.index)) ||
      /^\s?(?:-|–)\s?\d/.test(text.slice(match.index + said.length))
    ) {
      const isJourney = /\bfrom\s+\d[\d.,]*\s+to\s+$/i.test(text.slice(0, match.index));
      if (!isJourney) return [];
    }
    return [{ start: match.index, end: match.index + said.length, said: said.trim(), amount }];
  });
}

/** Words of a product's name that are no drug. */
const NO_DRUG = new Set(
  'oral tablet tablets capsule injectable solution suspension weekly daily extended release delayed topical compounded sodium potassium calcium hydrochloride'.split(
    ' ',
  ),
);

function drugNames({ medications }: NoteChart): { pattern: RegExp; byName: Map<string, Drug[]> } | undefined {
  const byName = new Map<string, Drug[]>();
  for (const drug of medications) {
    const lead =
      /^[^\d,(]*/
        .exec(drug.name.replace(/^\d[\d.]*\s?(?:ml|hr)\s+/i, ''))?.[0]
        .trim()
        .toLowerCase() ?? '';
    const words = [drug.ingredient?.toLowerCase() ?? '', lead, lead.split(/[\s/-]+/)[0] ?? ''].filter(
      (word) => word.length > 3 && !NO_DRUG.has(word),
    );
    const brands = Object.entries(BRANDS).flatMap(([brand, ingredient]) =>
      words.some((word) => word.startsWith(ingredient)) ? [brand] : [],
    );
    for (const word of new Set([...words, ...brands])) byName.set(word, [...(byName.get(word) ?? []), drug]);
  }
  const longest = [...byName.keys()]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
  return longest.length === 0
    ? undefined
    : { byName, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${longest.join('|')})(?![\\p{L}\\p{N}])`, 'giu') };
}

/** Words before a dose that are no drug either. */
const NO_NAME =
  /^(?:take|takes|taking|took|dose|doses|dosing|total|about|with|from|than|inject|injects|injecting|every|daily|weekly|increase|increased|decrease|decreased|reduce|reduced|start|started|continue|continued|only|over|under|each|plus|then|were|that|this|have|uses|using|give|given|gave|received|drinks|caffeine|salt|carbs?|protein|fiber|sugar|nicotine|alcohol|calories|limit|intake|goal|restrict\w*|titrat\w*|chang\w*|lower\w*|strength|tablets?|capsules?|tabs?|caps?|patch|cream|gel|spray|inhaler|drops|oral|supplement\w*|also|still|usual|same|current|remain\w*|max\w*|least|most|point|approximately|until|after|before)$/i;

/** The word right before a dose, where it can be a drug's name. */
function unlisted(before: string): string | undefined {
  const word =
    /(?<![\p{L}\p{N}])(\p{L}[\p{L}-]{3,})\s+(?:(?:er|xr|xl|sr|ir|dr|hcl|sodium|patch|cream|gel|spray|inhaler|drops)\s+)?$/iu.exec(
      before,
    )?.[1];
  return word === undefined || NO_NAME.test(word) ? undefined : word;
}
