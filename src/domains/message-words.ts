// What a text message may not say of a patient: results, drugs, diagnoses (connectors.md §2.16). The patient's own, and what anybody's would look like.
import { ANALYTES } from './loinc.ts';

/** What of this patient must not be named. */
export interface PrivateWords {
  /** Names and ingredients of the patient's drugs. */
  readonly drugs: readonly string[];
  readonly problems: readonly { readonly name: string; readonly icd10?: string | undefined }[];
  /** Names of what was measured. */
  readonly analytes: readonly string[];
}

export type PrivateKind = 'result' | 'drug' | 'diagnosis';

export interface PrivatePlace {
  kind: PrivateKind;
  start: number;
  end: number;
}

const NUMBER = '[<>≤≥=~]?\\s*\\d+(?:[.,]\\d+)*';
const LAB_UNITS =
  '(?:mg|g|mcg|ug|ng|pg|mmol|umol|nmol|pmol|meq|u|iu|miu|uiu|units|k|cells)\\s?\\/\\s?(?:d?l|ml|ul|mol|g|mg|min)|mm\\s?hg|mmol|beats per minute|bpm|kg\\/m2';
/** Results, however they are called: a number with a laboratory's unit, a pressure, and what was measured with its number or its verdict. */
const RESULTS = [
  new RegExp(`${NUMBER}\\s*(?:${LAB_UNITS})(?![a-z])`, 'gi'),
  /\b(?:bp|b\/p|blood pressure|pressure)\b[^.\n]{0,20}?\d{2,3}\s?(?:\/|over)\s?\d{2,3}\b/gi,
  /(?<![\d/])(?:[7-9]\d|1\d\d|2[0-5]\d)\/(?:[4-9]\d|1[0-4]\d)(?![\d/])/g,
  new RegExp(
    `\\b(?:results?|levels?|value|reading|count|score)\\s*(?:is|was|are|were|of|at|came back(?: at)?|:|=)+\\s*${NUMBER}(?![\\d:/.]|\\s?(?:[ap]\\.?m|days?|weeks?|hours?)\\b)`,
    'gi',
  ),
  /\b(?:results?|labs?|tests?|biopsy|pap|mammogram|culture|screen(?:ing)?|scan|x-?ray|mri|ct)\b[^.\n]{0,30}?\b(?:positive|negative|abnormal|normal|elevated|high|low|critical|malignant|benign|detected|reactive)\b/gi,
  /\b(?:positive|negative|detected)\s+for\b/gi,
  /\b(?:weight|bmi|temp|temperature|pulse|heart rate|o2|oxygen|spo2)\b[\s:=]*(?:is|was|of|at)?\s*\d+(?:\.\d+)?/gi,
];
/** What laboratories measure and everybody can read; shorter and ambiguous names only with a number after them. */
const MEASURED =
  'a1c|hba1c|hgba1c|hemoglobin|hgb|hematocrit|hct|glucose|blood sugar|sugars?|creatinine|egfr|gfr|bun|sodium|potassium|chloride|calcium|magnesium|cholesterol|ldl|hdl|triglycerides?|tsh|t3|t4|psa|testosterone|estradiol|progesterone|ferritin|b12|vitamin d|vit d|inr|alt|ast|bilirubin|albumin|platelets?|wbc|rbc|insulin|cortisol|crp|hcg|viral load|cd4|prolactin|shbg|lh|fsh|uric acid|iron';
const MEASURED_WITH_NUMBER = new RegExp(
  `\\b(?:${MEASURED})\\b[\\s:=]*(?:level|result|value)?\\s*(?:is|was|of|at|now|came back at)?[\\s:=]*${NUMBER}`,
  'gi',
);
const MEASURED_JUDGED = new RegExp(
  `\\b(?:${MEASURED}|thyroid|kidney|liver|numbers?|blood pressure|bp)\\b[^.\\n]{0,25}?\\b(?:high|low|normal|elevated|abnormal|great|good|better|worse|improved|up|down|off)\\b`,
  'gi',
);
const MEASURED_ALONE =
  /\b(?:hb|hgb)?a1c\b|\bldl\b|\bhdl\b|\btsh\b|\bpsa\b|\begfr\b|\bhcg\b|\bviral load\b|\bcd4\b|\btestosterone\b|\bcholesterol\b|\bcreatinine\b/gi;

/** A dose; the stems and names of drugs that many take (USP and INN stems). */
const DRUGS = [
  /(?<![\d.,])\d+(?:[.,]\d+)*\s?(?:mg|mcg|µg|ug|mEq|IU)\b(?!\s?\/\s?d?l)/gi,
  /\b(?:\d+(?:\.\d+)?|half an?|one|two|three)\s?(?:units|tablets?|tabs?|capsules?|caps|pills?|puffs?|drops)\b/gi,
  /\b[a-z]{2,}(?:vastatin|sartan|olol|glutide|gliptin|gliflozin|prazole|conazole|cillin|mycin|floxacin|cycline|afil|triptan|oxetine|azepam|azolam|setron|lukast|dronate|parin|xaban|tidine|buterol|meterol|sone|solone|profen|codone|morphone|barbital|mab|vir)\b/gi,
  /\b(?:metformin|insulin|lantus|humalog|ozempic|wegovy|mounjaro|zepbound|saxenda|trulicity|jardiance|farxiga|tirzepatide|levothyroxine|synthroid|lisinopril|enalapril|benazepril|ramipril|amlodipine|hydrochlorothiazide|hctz|furosemide|lasix|warfarin|coumadin|eliquis|plavix|clopidogrel|aspirin|tylenol|acetaminophen|advil|motrin|aleve|naproxen|gabapentin|lyrica|pregabalin|sertraline|zoloft|lexapro|citalopram|escitalopram|prozac|wellbutrin|bupropion|trazodone|xanax|ativan|klonopin|valium|ambien|adderall|vyvanse|ritalin|concerta|phentermine|suboxone|methadone|naltrexone|tramadol|oxycontin|percocet|norco|vicodin|opioids?|opiates?|truvada|biktarvy|descovy|viagra|cialis|clomid|clomiphene|anastrozole|hrt|trt|birth control|contraceptives?|plan b|chemo(?:therapy)?|antidepressants?|antibiotics?|statins?|blood thinners?|steroids?)\b/gi,
  /\bPrEP\b/g,
];

/** Diagnoses anybody can read, and ICD-10-CM codes with their point. */
const DIAGNOSES = [
  /\b[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}\b/g,
  /\bICD(?:-?10)?(?:-?CM)?\b[:\s]*[A-Z]\d[0-9A-Z]*/gi,
  /\b(?:diabet\w+|pre-?diabet\w+|t[12]dm|hypertens\w+|htn|high blood pressure|hyperlipid\w+|high cholesterol|cancer|carcinoma|tumou?r|leukemia|lymphoma|melanoma|hiv|chlamydia|gonorrh\w+|syphilis|herpes|hpv|hepatitis|depress(?:ion|ed|ive)|anxiety|bipolar|schizo\w+|psychosis|ptsd|adhd|autism|dementia|alzheimer\w*|parkinson\w*|addiction|alcoholi\w+|substance (?:use|abuse)|overdose|withdrawal|suicid\w+|pregnan\w+|miscarriage|abortion|infertil\w+|erectile|menopaus\w+|hypogonad\w+|low t|obes(?:e|ity)|overweight|ckd|kidney (?:disease|failure)|dialysis|heart (?:failure|attack|disease)|chf|afib|atrial fibrillation|stroke|copd|asthma|pneumonia|covid(?:-?19)?|tuberculosis|anemi[ac]|hypothyroid\w*|hyperthyroid\w*|cirrhosis|ulcers?|colitis|crohn\w*|arthritis|osteoporosis|lupus|epilep\w+|seizures?|migraines?|sleep apnea|neuropathy|diagnos(?:is|ed|es)|infection)\b/gi,
  /\b(?:AIDS|STDs?|STIs?|TIA|UTI|OCD|IBS|GERD|PCOS|BPH|DVT)\b/g,
];

/** Words of a problem's name that name nothing. */
const EMPTY_WORDS = new Set(
  'with without unspecified other specified essential primary secondary type mellitus disease disorder disorders chronic acute mixed left right bilateral history long term current drug therapy use due status body mass index adult child encounter general examination screening abnormal finding findings initial subsequent episode single recurrent moderate severe mild pain syndrome deficiency site level high low complication complications condition health medical stage blood upper lower part region side back knee foot hand head neck chest shoulder joint family work sleep weight loss gain care visit home test tests office insurance results call please today problem problems counseling management follow aftercare'.split(
    ' ',
  ),
);
/** Words of a drug's name that name nothing. */
const FORM_WORDS = new Set(
  'oral tablet tablets capsule capsules injectable injection solution suspension extended release delayed pen injector weekly daily topical cream gel patch spray powder compounded hair nail gummy chewable hydrochloride sodium potassium calcium succinate tartrate besylate acid vitamin syringe vial drops inhaler acting long with transdermal system unit units fish daily when needed'.split(
    ' ',
  ),
);

const escaped = (word: string) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const wordsOf = (name: string, empty: ReadonlySet<string>) =>
  [...name.toLowerCase().matchAll(/\p{L}[\p{L}'-]{3,}/gu)].map(([word]) => word).filter((word) => !empty.has(word));

/** Each word of `words` as it stands in a text, its plural with it. */
function patternOf(words: readonly string[]): RegExp[] {
  const known = [...new Set(words)].filter((word) => word !== '').sort((a, b) => b.length - a.length);
  return known.length === 0 ? [] : [new RegExp(`(?<![\\p{L}\\p{N}])(?:${known.map(escaped).join('|')})(?:s|es)?(?![\\p{L}\\p{N}])`, 'giu')];
}

const NAMES_OF_ANALYTES = new Set([...ANALYTES.values()].flatMap(({ name, group }) => [name.toLowerCase(), group]));

/** Where `text` says a result, a drug or a diagnosis: of the patient's own, by name or ICD-10 code, and in general. UTF-16 offsets, in order; places of one kind do
 *  not overlap. What is a disease by its name only (a Z-code's circumstance) is not looked for word by word. */
export function privatePlaces(text: string, own: PrivateWords): PrivatePlace[] {
  const diseases = own.problems.filter(({ icd10 }) => icd10 === undefined || !/^Z/i.test(icd10));
  const codes = own.problems
    .flatMap(({ icd10 }) => (icd10 === undefined ? [] : [icd10, icd10.replace('.', '')]))
    .filter(({ length }) => length > 2);
  const analytes = own.analytes.map((name) => name.toLowerCase().trim()).filter((name) => name.length > 3 || NAMES_OF_ANALYTES.has(name));
  const by_kind: Record<PrivateKind, readonly RegExp[]> = {
    result: [...RESULTS, MEASURED_WITH_NUMBER, MEASURED_JUDGED, MEASURED_ALONE, ...patternOf(analytes.filter(({ length }) => length > 2))],
    drug: [...DRUGS, ...patternOf(own.drugs.flatMap((name) => [name.toLowerCase(), ...wordsOf(name, FORM_WORDS)]))],
    diagnosis: [
      ...DIAGNOSES,
      ...patternOf([
        ...codes,
        ...own.problems.map(({ name }) => name.toLowerCase()),
        ...diseases.flatMap(({ name }) => wordsOf(name, EMPTY_WORDS)),
      ]),
    ],
  };
  const kinds = Object.entries(by_kind) as [PrivateKind, readonly RegExp[]][];
  return kinds.flatMap(([kind, patterns]) => placesOf(text, kind, patterns)).sort((a, b) => a.start - b.start || a.end - b.end);
}

function placesOf(text: string, kind: PrivateKind, patterns: readonly RegExp[]): PrivatePlace[] {
  const found = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ kind, start: match.index, end: match.index + match[0].length })),
  );
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: PrivatePlace[] = [];
  for (const place of found) {
    const last = apart.at(-1);
    if (last && place.start < last.end) last.end = Math.max(last.end, place.end);
    else apart.push({ ...place });
  }
  return apart;
}
