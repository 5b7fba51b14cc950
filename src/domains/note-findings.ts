// What a note says without a figure: that something is absent, that something was found on examination, and what it codes.
import { chartedOf, lookBackFrom, nameOf } from './note-chart.ts';
import { sentencesIn } from './note-dates.ts';
import { LOOK_BACK_DAYS, type NoteFigure, type SectionText } from './note-figures.ts';
import { namedIn } from './note-words.ts';

const NONE_BEFORE = /\b(?:no|without(?:\s+an?y?)?|never\s+had(?:\s+an?y?)?|lacks|missing|needs\s+an?\s+initial)\s+(?:[\w-]+\s+){0,2}$/i;
const ON_FILE_AFTER =
  /^s?\s*(?:(?:is|are|was|were)\s+)?(?:results?\s+|readings?\s+|levels?\s+|values?\s+)?(?:on\s+(?:file|record)|in\s+(?:the\s+)?(?:chart|record|system)|available|documented|recorded)\b/i;
const NOT_AFTER =
  /^s?\s*(?::\s*)?(?:(?:is|are|was|were|has|have)\s+)?(?:results?\s+|readings?\s+)?(?:not|never|n't)\s+(?:been\s+)?(?:on\s+(?:file|record)|in\s+(?:the\s+)?chart|available|documented|recorded|found)\b/i;

/** "No A1c on file", "weight not documented", where the chart has one: of a result within the look-back, of a vital sign today. */
export function absences({ section, text, chart, look_back_days = LOOK_BACK_DAYS }: SectionText): NoteFigure[] {
  const from = lookBackFrom(chart, look_back_days);
  const names = namedIn(text, chart);
  return sentencesIn(text).flatMap((sentence) =>
    names
      .filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
      .flatMap(({ start, end, measure }): NoteFigure[] => {
        const [before, after] = [text.slice(sentence.start, start), text.slice(end, sentence.end)];
        const isAbsent = NOT_AFTER.test(after) || (NONE_BEFORE.test(before) && ON_FILE_AFTER.test(after));
        // A result that is not there today may be there from before.
        if (!isAbsent || (measure.type === 'lab' && /\b(?:today|yet|this\s+visit|new|recent)\b/i.test(`${before.slice(-24)} ${after}`)))
          return [];
        const newest = chartedOf(measure, chart).find(
          ({ day, computed }) => !computed && day >= (measure.type === 'lab' ? from : chart.today),
        );
        const own = { section, start, end, measure: nameOf(measure) };
        if (newest === undefined) return [];
        return [
          {
            ...own,
            verdict: 'contradicts',
            cites: newest.cites,
            level: 'error',
            text: `The note says that there is none; the chart has ${newest.said} of ${newest.day}.`,
          },
        ];
      }),
  );
}

/** What an examination finds, as it is written. */
const EXAMINED =
  /\b(?:ctab?|cta\s?b\/?l|lungs?\s+(?:are\s+)?clear|clear\s+to\s+auscultation|breath\s+sounds|wheez\w+|crackles|rales|rhonchi|rrr|regular\s+rate|s1\s?\/?\s?s2|murmurs?|gallops?|no\s+m\/r\/g|jvd|edema|pulses\s+\d\+|soft|nontender|non-tender|ntnd|nt\/nd|nondistended|non-distended|bowel\s+sounds|hepatosplenomegaly|guarding|rebound|perrla?|eomi|conjunctiva\w*|oropharynx|mucous\s+membranes|tympanic\s+membranes?|supple|thyromegaly|lymphadenopathy|bruits?|a\s?&\s?o\s?x?\s?\d|aaox\d|alert\s+and\s+oriented|cranial\s+nerves|cn\s+ii|gait|strength\s+\d\/5|reflexes|dtrs?|sensation\s+intact|monofilament|romberg|nad|no\s+acute\s+distress|well[- ](?:appearing|developed|nourished)|affect|normocephalic|atraumatic|rash(?:es)?|cyanosis|clubbing|range\s+of\s+motion|rom)\b/gi;
const NOT_EXAMINED =
  /\b(?:not\s+(?:documented|examined|performed|done|assessed)|deferred|unable\s+to|video|telehealth|reports?|denies|per\s+patient)\b/i;

/** Findings of an examination in O that no source bears out: nobody invents one. `sources`: what the clinician said or wrote of this visit; a finding that stands
 *  there word for word is cited by it and not told. One figure a sentence. A sentence that says that nothing was examined is none. */
export function examinations({ section, text, sources = [] }: SectionText & { sources?: readonly string[] }): NoteFigure[] {
  if (section !== 'objective') return [];
  const known = sources.map((source) => source.toLowerCase().replaceAll(/\s+/g, ' '));
  return sentencesIn(text).flatMap(({ start, end }): NoteFigure[] => {
    const told = text.slice(start, end);
    if (NOT_EXAMINED.test(told)) return [];
    const found = [...told.matchAll(EXAMINED)].filter(
      ([finding]) => !known.some((source) => source.includes(finding.toLowerCase().replaceAll(/\s+/g, ' '))),
    );
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [
      {
        section,
        start: start + first.index,
        end: start + last.index + last[0].length,
        measure: 'examination',
        verdict: 'not_in_chart',
        level: 'warn',
        text: 'A finding of an examination that no record bears out. Keep it only if you found it; else it is "not documented".',
      },
    ];
  });
}

/** ICD-10-CM codes of the text: on the problem list, or not. A code is its category's where the list has only that, and the other way round. */
export function codes({ section, text, chart }: SectionText): NoteFigure[] {
  const listed = chart.problems.flatMap(({ condition_id, icd10 }) =>
    icd10 === undefined ? [] : [{ condition_id, icd10: icd10.toUpperCase() }],
  );
  const whole = new Set(listed.flatMap(({ icd10 }) => [icd10, icd10.slice(0, 3)]));
  return [...text.matchAll(/(?<![\p{L}\p{N}])[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![\p{L}\p{N}])/gu)].flatMap((match): NoteFigure[] => {
    const code = match[0];
    if (!code.includes('.') && !whole.has(code)) return [];
    const own = { section, start: match.index, end: match.index + code.length, measure: 'diagnosis code' };
    const hit = listed.find(({ icd10 }) => icd10.startsWith(code) || code.startsWith(icd10));
    if (hit) return [{ ...own, verdict: 'cited', cites: { record: 'condition', id: hit.condition_id } }];
    return [{ ...own, verdict: 'not_in_chart', level: 'warn', text: 'This diagnosis is not on the problem list.' }];
  });
}
