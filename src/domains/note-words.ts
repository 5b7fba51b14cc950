// What clinicians call what they measure, and the words they put around a figure.
import { ANALYTES } from './loinc.ts';
import { groupOfLab, type Measure, type NoteChart } from './note-chart.ts';
import type { Span } from './note-dates.ts';
import type { VitalKind } from './vital-kinds.ts';

export interface Named extends Span {
  measure: Measure;
}

const VITALS: Readonly<Record<VitalKind | 'systolic' | 'diastolic', string>> = {
  blood_pressure: 'bp b/p bps|blood pressure|blood pressures|arterial pressure',
  systolic: 'sbp systolic|systolic bp|systolic blood pressure',
  diastolic: 'dbp diastolic|diastolic bp|diastolic blood pressure',
  heart_rate: 'hr pulse|heart rate|pulse rate',
  respiratory_rate: 'rr respirations|respiratory rate|resp rate|resp',
  temperature: 'temp temperature',
  height: 'height ht',
  weight: 'weight wt weighs weighed weighing|body weight',
  bmi: 'bmi|body mass index',
  spo2: 'spo2 sao2 sats pulseox|o2 sat|o2 sats|o2 saturation|oxygen saturation|oxygen sat|pulse ox|pulse oximetry|sat',
  waist: 'waist|waist circumference|abdominal circumference',
  head_circumference: 'ofc|head circumference',
  bmi_percentile: '|bmi percentile|bmi-for-age',
  pain: '|pain score|pain level|pain scale',
};

/** Analyte group → what it is called besides its name in the lists of analytes. */
const LABS: Readonly<Record<string, string>> = {
  a1c: 'a1c|hba1c|hgba1c|hgb a1c|hb a1c|hemoglobin a1c|glycohemoglobin|glycated hemoglobin',
  glucose: 'glucose|fasting glucose|fbg|fbs|fpg|fasting blood sugar|blood glucose|blood sugar|plasma glucose|random glucose',
  creatinine: 'creatinine|creat|scr|serum creatinine',
  egfr: 'egfr|gfr|estimated gfr',
  bun: 'bun|urea nitrogen',
  sodium: 'sodium|serum sodium',
  potassium: 'potassium|serum potassium',
  chloride: 'chloride',
  co2: 'co2|bicarb|bicarbonate|carbon dioxide',
  calcium: 'calcium|serum calcium',
  magnesium: 'magnesium',
  phosphate: 'phosphate|phosphorus|phos',
  bilirubin: 'bilirubin|total bilirubin|t bili|tbili|t. bili',
  alp: 'alp|alk phos|alkaline phosphatase',
  alt: 'alt|sgpt',
  ast: 'ast|sgot',
  ggt: 'ggt',
  albumin: 'albumin|serum albumin',
  cholesterol: 'cholesterol|total cholesterol|total chol|tot chol|tchol',
  ldl: 'ldl|ldl-c|ldl cholesterol|ldlc',
  hdl: 'hdl|hdl-c|hdl cholesterol',
  triglycerides: 'triglycerides|triglyceride|trigs|tgs',
  'non-hdl': 'non-hdl|non hdl|non-hdl-c',
  apob: 'apob|apo b|apolipoprotein b',
  tsh: 'tsh',
  'free t4': 'free t4|ft4|t4 free',
  'free t3': 'free t3|ft3|t3 free',
  psa: 'psa',
  wbc: 'wbc|white count|white blood cells|white blood cell count',
  hemoglobin: 'hemoglobin|hgb',
  hematocrit: 'hematocrit|hct|crit',
  platelets: 'platelets|plt|plts|platelet count',
  mcv: 'mcv',
  ferritin: 'ferritin',
  iron: 'serum iron|iron level',
  b12: 'b12|vitamin b12|vit b12',
  folate: 'folate',
  'vitamin d': 'vitamin d|vit d|vitamin d, 25-hydroxy|vitamin d 25-oh|25-oh vitamin d|25-oh vit d|25-hydroxy vitamin d|25 oh vitamin d',
  'testosterone total': 'testosterone|total testosterone|total t|testosterone total|trough testosterone',
  'free testosterone': 'free testosterone|free t|testosterone free',
  estradiol: 'estradiol|e2',
  shbg: 'shbg',
  lh: 'lh',
  fsh: 'fsh',
  prolactin: 'prolactin|prl',
  progesterone: 'progesterone',
  'dhea-s': 'dhea-s|dheas|dhea sulfate',
  crp: 'crp|c-reactive protein',
  'hs-crp': 'hs-crp|hscrp|high sensitivity crp',
  uacr: 'uacr|acr|urine acr|microalbumin/creatinine|albumin/creatinine ratio|albumin/creatinine|urine albumin/creatinine|urine microalbumin/creatinine',
  'uric acid': 'uric acid|urate',
  insulin: 'fasting insulin|insulin level',
  cortisol: 'cortisol|am cortisol',
  inr: 'inr',
  'igf-1': 'igf-1|igf1',
  pth: 'pth|intact pth',
  lipase: 'lipase',
};
/** Names so short that only this spelling is one. */
const CASED: Readonly<Record<string, string>> = {
  Cr: 'creatinine',
  sCr: 'creatinine',
  K: 'potassium',
  'K+': 'potassium',
  Na: 'sodium',
  'Na+': 'sodium',
  Cl: 'chloride',
  Ca: 'calcium',
  Mg: 'magnesium',
  Hb: 'hemoglobin',
  TG: 'triglycerides',
  TC: 'cholesterol',
  TT: 'testosterone total',
  FT: 'free testosterone',
  Glu: 'glucose',
  T4: 't4',
  T3: 't3',
};
/** Read so only beside a pressure: "BP 128/78 P 72 R 16 T 98.4". */
const BESIDE_PRESSURE: Readonly<Record<string, VitalKind>> = { P: 'heart_rate', R: 'respiratory_rate', T: 'temperature' };
/** After these the name is no measurement: a supplement, a device, a change, a plan. */
const NOT_MEASURED =
  /^[\s-]*(?:\(\w+\)\s*)?(?:loss|lost|gain|gained|management|maintenance|watchers|lifting|training|bearing|channel|score|supplement\w*|replacement|therapy|treatment|infusion|injections?|inj|tabs?|tablets?|capsules?|caps?|cream|gel|patch|pellets?|cypionate|enanthate|undecanoate|gluconate|citrate|carbonate|oxide|glycinate|sulfate|chloride\b|intake|diet|restriction|cuff|monitor\w*|log|logs|meds?|medications?|med|strips?|meter|pump|resistance|stones?|scan|clinic|check|checks|goal of|goals?\b(?! was| met)|targets?|blockers?|binder|wasting|sparing|free|dependent|independent|tolerance|challenge|\d?-?week|hormone)\b/i;

const escaped = (word: string) => word.replaceAll(/[.*+^${}()|[\]\\/]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`);

/** Name, in lower case → its measure. Names of what the chart itself holds count too, as a laboratory's own code has them. */
function namesOf(chart: Pick<NoteChart, 'labs'>): Map<string, Measure> {
  const vitals = Object.entries(VITALS).flatMap(([kind, words]) => {
    const [first = '', ...rest] = words.split('|');
    const measure: Measure =
      kind === 'systolic' || kind === 'diastolic'
        ? { type: 'vital', kind: 'blood_pressure', part: kind }
        : { type: 'vital', kind: kind as VitalKind };
    return [...first.split(' '), ...rest].filter((word) => word !== '').map((word) => [word, measure] as const);
  });
  const labs = Object.entries(LABS).flatMap(([group, words]) => words.split('|').map((word) => [word, { type: 'lab', group }] as const));
  const listed = [...ANALYTES.values()].flatMap(({ name, group, property }) =>
    property === 'Prid' || name.length < 5 ? [] : [[name.toLowerCase(), { type: 'lab', group }] as const],
  );
  const charted = chart.labs.flatMap((row) =>
    row.name.length < 3 ? [] : [[row.name.toLowerCase(), { type: 'lab', group: groupOfLab(row) }] as const],
  );
  return new Map<string, Measure>([...listed, ...charted, ...labs, ...vitals]);
}

/** Where the text names something that is measured, the longest name first; UTF-16 offsets, in order, never overlapping. */
export function namedIn(text: string, chart: Pick<NoteChart, 'labs'>): Named[] {
  const names = namesOf(chart);
  const longest = [...names.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const any = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longest.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  const cased = new RegExp(
    `(?<![\\p{L}\\p{N}_/-])(?:${Object.keys(CASED)
      .sort((a, b) => b.length - a.length)
      .map(escaped)
      .join('|')})(?![\\p{L}\\p{N}_/-])`,
    'gu',
  );
  const found = [
    ...[...text.matchAll(any)].map((match) => ({ match, measure: names.get(match[0].toLowerCase().replaceAll(/\s+/g, ' ')) })),
    ...[...text.matchAll(cased)].map((match) => ({ match, measure: { type: 'lab', group: CASED[match[0]] ?? '' } as const })),
    ...besidePressure(text),
  ].flatMap(({ match, measure }) => {
    const [start, end] = [match.index, match.index + match[0].length];
    return measure === undefined || NOT_MEASURED.test(text.slice(end, end + 40)) ? [] : [{ start, end, measure }];
  });
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((it, at) => !found.slice(0, at).some((other) => other.end > it.start));
}

function besidePressure(text: string): { match: RegExpExecArray; measure: Measure | undefined }[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}])([PRT])(?=[:\s]{1,2}\d)/gu)].flatMap((match) => {
    const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    const kind = BESIDE_PRESSURE[match[1] ?? ''];
    return kind !== undefined && /\bBP\b[^;]*\d{2,3}\s?\/\s?\d{2,3}/.test(line)
      ? [{ match, measure: { type: 'vital', kind } as const }]
      : [];
  });
}

/** Words that may stand between a name and its figure, or between two figures of one name. */
export const BETWEEN = new Set(
  'level levels value values result results reading readings today now currently current is was are were be been being has had of at to up down in the a an on for this morning visit office clinic exam arrival intake triage initially repeat repeated rechecked recheck again still only improved improving increased increasing decreased decreasing dropped rose risen fell fallen went gone came come back elevated high low lower higher stable normal remains remained remaining returned measured recorded noted found manual automated avg average mean sitting seated standing supine lying left right arm l r lue rue fasting random poc most recently last latest recent previously previous prior prev before then later about around approximately approx roughly nearly almost mildly slightly well from by here total serum oral tympanic temporal axillary forehead room air ra baseline goal target drawn collected dated taken showed shows show checked as per ma nurse home outside compared with vs versus and or reported reports self his her their your my uncontrolled controlled borderline bit little worse better good just flat unchanged yesterday trough nonfasting non-fasting date result equal equals above below over under near not still'.split(
    ' ',
  ),
);
export const CHANGED = new Set(
  'up down increased increasing decreased decreasing dropped rose risen fell fallen improved improving higher lower worse better went gone'.split(
    ' ',
  ),
);
const TAKEN_TO = new Set('to at from of is was now today currently showed shows remains remained ='.split(' '));
const has = (words: readonly string[], pattern: RegExp) => words.some((word) => pattern.test(word));

/** How a figure stands in its sentence. `skip`: no statement about this patient's present or past. about: not meant to the digit. */
export type Standing = 'skip' | 'now' | 'newest' | 'past' | 'elsewhere' | 'plain';

/** Beginning a sentence, these hold for all of it; the others only right before the name. */
const GOALS =
  /\b(?:goals?|targets?|target(?:ing|ed)|aim(?:ing)?|keep(?:ing)?|maintain(?:ing)?|titrat\w+\s+to|treat\s+to|should\s+be|reference\s+range|parameters?)\b[^.;]*$/i;
const GOAL =
  /\b(?:ideal(?:ly)?|threshold|cut-?off|desired?|ref(?:erence)?(?:\s+range)?|normal(?:\s+range)?|expect(?:ed)?|hopes?|wants?|get(?:ting)?\s+(?:to|down|under|below)|within\s+range)\b[^.;,]{0,24}$/i;
const IF =
  /\b(?:if|unless|until|whenever|call(?:\s+\w+)?\s+(?:for|with)|notify|return(?:\s+precautions)?(?:\s+\w+)?\s+(?:for|with)|hold\s+(?:\w+\s+)?for|go\s+to\s+(?:the\s+)?(?:ed|er))\b[^.;]*$/i;
/** Said of a goal, and not what it is: "not at goal", "above goal at 148/92". */
const AT_GOAL =
  /\b(?:at|above|below|over|under|near|to|off|from|meeting|met)\s+(?:the\s+|her\s+|his\s+)?(?:goal|target)\b(?!\s*(?:of|is|:|=)?\s*[<>≤≥]?\s*\d)/gi;
const GOAL_AFTER =
  /^\s*(?:[a-z%/]{1,6}\s*)?[,)]?\s*(?:\(?(?:goal|target|threshold|cut-?off)\b(?!\s*(?:of|is|was|:|=)?\s*[<>≤≥~]?\s*\d)|or\s+(?:less|below|lower|under|above|better|higher|more|greater)|is\s+(?:the|our|his|her|a)?\s*(?:goal|target))/i;
const FAMILY =
  /\b(?:mother|father|mom|mum|dad|brother|sister|son|daughter|wife|husband|spouse|partner|uncle|aunt|cousin|grand\w+|parents?|siblings?|child|twin|fhx?|family\s+history|roommate|coworker|friend)(?:['’]?s)?(?:[\s:]+[\w'’-]+){0,5}\s*$/i;
const NEWEST = /\b(?:last|latest|most\s+recent|current|newest|recent)\s+(?:[\w-]+\s+)?$/i;
const PAST =
  /\b(?:prior|previous|previously|prev|old|earlier|baseline|initial|past|admission|discharge|pre-?\w*treatment|starting|highest|lowest|peak|max(?:imum)?|nadir|used\s+to\s+be|historically|formerly|pregnancy)\s+(?:[\w-]+\s+)?$/i;
const EARLIER =
  /\b(?:previously|historically|formerly|years\s+ago|in\s+the\s+past|at\s+diagnosis|when\s+(?:\w+\s+){0,3}diagnosed|before\s+(?:starting|surgery|treatment))\b/i;
const ELSEWHERE =
  /\b(?:home|self|pharmacy|cvs|walgreens|dentist|urgent\s+care|ed|er|emergency|hospital|osh|outside|elsewhere|cardiolog\w+|specialist|work|gym|fingersticks?|meter|glucometer|cgm|log|logs|watch|machine|reports?|reported|reporting|states?|stated|says|said|per\s+(?:pt|patient|wife|husband|family)|told|claims|scale\s+at|plasma\s+center|blood\s+drive|health\s+fair)\b/i;
const PRESENT = /\b(?:today|now|currently|this\s+(?:morning|visit|am|afternoon)|in\s+(?:the\s+)?(?:office|clinic)|on\s+arrival|here)\b/i;
const ABOUT = /^(?:about|around|approximately|approx|roughly|nearly|almost|avg|average|mean|~|≈)$/;

/** What the words around a figure make of it. `before`: of its sentence, from the end of the figure before; `opening`: the sentence up to its first figure;
 *  `words`: between the name and the number; `after`: what follows, up to the next name or with the next figure; `own`: what of it is said of
 *  this figure. */
export function standingOf(told: { before: string; opening: string; words: readonly string[]; after: string; own: string }): {
  standing: Standing;
  about: boolean;
} {
  const { before, opening, words, after, own } = told;
  const between = words.join(' ');
  const about = has(words, ABOUT);
  const as = (standing: Standing) => ({ standing, about });
  const isNow =
    has(words, /^(?:now|today|currently|current)$/) || /^\W{0,3}(?:today|now|currently|in\s+(?:the\s+)?(?:office|clinic))\b/i.test(own);
  const isGoal =
    [before, `${between} 0`, opening].some((part) => GOALS.test(part.replaceAll(AT_GOAL, ' '))) || GOAL.test(before) || GOAL.test(between);
  if ((isGoal && !isNow) || GOAL_AFTER.test(after) || [before, opening].some((part) => IF.test(part) || FAMILY.test(part)))
    return as('skip');
  // "Down 5 lb", "decreased by 1.1": a difference, not a value.
  const changed = words.findLastIndex((word) => CHANGED.has(word));
  if (changed >= 0 && !words.slice(changed + 1).some((word) => TAKEN_TO.has(word))) return as('skip');
  if (words.at(-1) === 'by') return as('skip');
  if (has(words, /^(?:from|previously|previous|prior|prev|before|baseline|initially|vs|versus|compared|yesterday|←|\(was|earlier)$/))
    return as('past');
  if (
    PAST.test(before) ||
    EARLIER.test(before) ||
    EARLIER.test(own.slice(0, 40)) ||
    /^\W*(?:at|on|since)\s+(?:the\s+)?(?:last|previous|prior)\s+visit/i.test(own)
  )
    return as('past');
  if (has(words, /^(?:home|outside|reported|reports|self)$/) || ELSEWHERE.test(before.slice(-60)) || ELSEWHERE.test(own.slice(0, 40)))
    return as('elsewhere');
  if (isNow || PRESENT.test(between) || PRESENT.test(before.slice(-30)) || PRESENT.test(own.slice(0, 24))) return as('now');
  if (NEWEST.test(before) || has(words, /^(?:last|latest|recently)$/)) return as('newest');
  return as('plain');
}
