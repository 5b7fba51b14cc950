import { dateOf, dayOf } from '../days.ts';
import type { AnalyteKey } from '../labs/analytes.ts';
import type { LabFact } from '../labs/fact.ts';
import { knownKey, markedWith } from '../roster.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';
import { PANELS } from './labs.ts';

const ABNORMAL = ['L', 'LL', 'H', 'HH', 'A', 'AA', 'POS', 'DET'];
const CRITICAL = ['LL', 'HH', 'AA'];

/** One analyte by whatever method and code. */
const GROUP: Partial<Record<AnalyteKey, AnalyteKey>> = { a1c_ifcc: 'a1c', ldl_direct: 'ldl' };
const ANALYTES: Record<string, readonly AnalyteKey[]> = { ...PANELS, potassium: ['k'] };

interface Sweep {
  panel?: string;
  /** Days before as_of. */
  back: number;
  mode?: 'latest' | 'any';
  unacknowledged?: true;
  clinician?: number;
}

interface Hit {
  story: Story;
  fact: LabFact;
  isLatest: boolean;
}

const isCritical = ({ flag }: LabFact) => CRITICAL.includes(flag);
const at = ({ row }: LabFact) => Date.parse(row.collected_at);

/** Who is still cared for here. */
const isListed = ({ patient }: Story) => patient.active && patient.deceased_on === null && patient.replaced_by === null;

/** How far beyond the limit, in widths of the range; -1 where that cannot be told. */
function severityOf({ flag, row: { value, ref_low, ref_high } }: LabFact): number {
  if (value === null) return -1;
  const beyond =
    flag.startsWith('H') && ref_high !== null
      ? (value - ref_high) / (ref_high - (ref_low ?? 0))
      : flag.startsWith('L') && ref_low !== null
        ? (ref_low - value) / (ref_high === null ? ref_low : ref_high - ref_low)
        : Number.NaN;
  return Number.isFinite(beyond) ? Math.round(beyond * 100 + 1e-9) / 100 : -1;
}

export function abnormalLabs({ options, all }: Told): Question[] {
  const today = dayOf(options.as_of);
  const ask = (trap: string, sweep: Sweep, said?: string): Question => {
    const since = dateOf(today - sweep.back);
    const analytes = sweep.panel === undefined ? undefined : ANALYTES[sweep.panel];
    const people = all.filter(
      (each) => isListed(each) && (sweep.clinician === undefined || each.setting.person.clinician === sweep.clinician),
    );
    const pairs = people.flatMap((story) => pairsOf(story, since, analytes));
    const hits = pairs
      .flatMap((pair) => hitOf(pair, sweep.mode ?? 'latest'))
      .filter(({ story, fact }) => !sweep.unacknowledged || !isReviewed(story, fact));
    const sorted = hits.sort(
      ({ fact: a }, { fact: b }) =>
        Number(isCritical(b)) - Number(isCritical(a)) || severityOf(b) - severityOf(a) || at(b) - at(a) || (a.row.id < b.row.id ? 1 : -1),
    );
    const unknown = pairs.filter(({ facts }) => {
      const last = facts.filter((fact) => at(fact) === Math.max(...facts.map(at)));
      return last.some(({ flag }) => flag === 'unknown') && !last.some(({ flag }) => ABNORMAL.includes(flag));
    });
    return {
      tool: 'find_abnormal_labs_across_panel',
      ...(said && { ask: said }),
      trap,
      arguments: {
        since,
        ...(sweep.panel && { panel: sweep.panel }),
        ...(sweep.mode && { mode: sweep.mode }),
        ...(sweep.unacknowledged && { unacknowledged: true }),
        ...(sweep.clinician !== undefined && { provider_id: (all[0] as Story).setting.practitioner_id(sweep.clinician) }),
        limit: 500,
      },
      expect: {
        rows: {
          list: 'abnormal',
          id: 'lab_result_id',
          ids: sorted.map(({ fact }) => fact.row.id),
          fields: Object.fromEntries(sorted.map(fieldsOf)),
        },
        same: {
          'summary.abnormal.numerator': new Set(sorted.map(({ story }) => story.patient.id)).size,
          'summary.abnormal.denominator': new Set(pairs.map(({ story }) => story.patient.id)).size,
          'summary.rows': sorted.length,
          'summary.critical': sorted.filter(({ fact }) => isCritical(fact)).length,
          'summary.unknown': unknown.length,
        },
        absent: all.filter((each) => !isListed(each)).map(({ patient }) => patient.id),
      },
    };
  };
  return [
    ask(
      'two weeks, every analyte: critical first, then how far beyond the range',
      { back: 14 },
      'Any abnormal labs in the last two weeks?',
    ),
    ask('nobody has reviewed them', { back: 45, unacknowledged: true }, 'Which abnormal results has nobody looked at?'),
    ask('thyroid: no flag from the lab is not normal', { back: 120, panel: 'thyroid' }, 'Who has an abnormal thyroid?'),
    ask('A1c in mmol/mol by its own range', { back: 365, panel: 'A1c' }),
    ask('a hemolyzed potassium is followed by a normal one: not the latest', { back: 200, panel: 'potassium' }),
    ask('the same, when any counts: it says that a later one was normal', { back: 200, panel: 'potassium', mode: 'any' }),
    ask(
      'TRT: hematocrit belongs to it; preliminary and corrected ones do not count',
      { back: 180, panel: 'TRT' },
      'Which TRT patients have labs out of range?',
    ),
    ask("one clinician's patients", { back: 60, clinician: 0 }),
  ];
}

interface Pair {
  story: Story;
  facts: LabFact[];
}

/** Final results with a LOINC since a day, by analyte. */
function pairsOf(story: Story, since: string, analytes: readonly AnalyteKey[] | undefined): Pair[] {
  const counted = story.labs.filter(
    ({ row, shown, analyte }) =>
      shown &&
      row.loinc !== null &&
      ['final', 'amended', 'corrected'].includes(row.status) &&
      row.value_text !== 'QNS' &&
      row.collected_at.slice(0, 10) >= since &&
      (analytes === undefined || analytes.includes(analyte)),
  );
  return [...Map.groupBy(counted, ({ analyte }) => GROUP[analyte] ?? analyte).values()].map((facts) => ({ story, facts }));
}

/** The latest result decides; or the latest abnormal one. */
function hitOf({ story, facts }: Pair, mode: 'latest' | 'any'): Hit[] {
  const abnormal = facts.filter(({ flag }) => ABNORMAL.includes(flag)).sort((a, b) => at(b) - at(a) || severityOf(b) - severityOf(a));
  const [fact] = abnormal;
  if (!fact) return [];
  const isLatest = facts.every((each) => at(each) <= at(fact));
  return mode === 'any' || isLatest ? [{ story, fact, isLatest }] : [];
}

const reviewOf = ({ clinical }: Story, { row }: LabFact) =>
  clinical.lab_reviews.find(({ row: { lab_result_id } }) => lab_result_id === row.id)?.row;
const isReviewed = (story: Story, fact: LabFact) => reviewOf(story, fact) !== undefined;

function fieldsOf({ story, fact }: Hit): [string, Record<string, unknown>] {
  return [
    fact.row.id,
    {
      patient_id: story.patient.id,
      flag: fact.flag,
      critical: isCritical(fact) ? true : undefined,
      acknowledged: isReviewed(story, fact),
      action: reviewOf(story, fact)?.action,
      value: fact.row.value ?? undefined,
    },
  ];
}

export function labTrends({ options, story }: Told): Question[] {
  const { clinic } = options;
  const id = (key: string) => story(key).patient.id;
  const ask = (
    marker: string,
    direction: 'up' | 'down' | 'either',
    trap: string,
    { yes = [], no = [] }: { yes?: string[]; no?: string[] },
    said?: string,
  ): Question => ({
    tool: 'find_lab_trend_outliers',
    ...(said && { ask: said }),
    trap,
    arguments: { marker, direction, limit: 100 },
    expect: { present: yes.map(id), absent: no.map(id) },
  });
  const calm = markedWith(clinic, 'wellness').map(({ key }) => key);
  const [rising, psa, falling] = [knownKey(clinic, 'hct_rising'), knownKey(clinic, 'psa_rising'), knownKey(clinic, 'true_decline')];
  const still = knownKey(clinic, 'equation_switch');
  return [
    ask(
      'hematocrit',
      'up',
      'slow and steady, each step within the noise',
      { yes: [rising], no: calm },
      'Whose hematocrit is creeping up on testosterone?',
    ),
    ask('PSA', 'up', 'from 1.7 to 3.5 within the range', { yes: [psa], no: calm }, 'Any PSA climbing?'),
    ask(
      'eGFR',
      'down',
      'a true decline is; another equation is not',
      { yes: [falling], no: [still, ...calm] },
      'Whose kidney function is getting worse?',
    ),
    ask('creatinine', 'up', 'creatinine stands still where only the equation changed', { yes: [falling], no: [still] }),
    ask('testosterone', 'either', 'nanomoles after nanograms are no fall', { no: [knownKey(clinic, 'unit_switch')] }),
    ask('TSH', 'either', 'biotin in the assay is no trend', { no: [knownKey(clinic, 'biotin'), ...calm] }),
    ask('A1c', 'down', 'better is a trend too; mmol/mol is converted', { yes: [`${clinic}-25`], no: calm }),
    ask('hematocrit', 'down', 'the other direction', { no: [rising] }),
  ];
}

export function labsDue({ options, story }: Told): Question[] {
  const { clinic } = options;
  const id = (place: string) => story(`${clinic}-${place}`).patient.id;
  const ask = (
    trap: string,
    args: Record<string, unknown>,
    { yes = [], no = [] }: { yes?: string[]; no?: string[] },
    said?: string,
  ): Question => ({
    tool: 'find_patients_due_for_labs',
    ...(said && { ask: said }),
    trap,
    arguments: { ...args, limit: 200 },
    expect: { present: yes.map(id), absent: no.map(id) },
  });
  const gone = ['08', '33', '36'];
  return [
    ask(
      'overdue for a year, and nobody ordered them',
      { panel: 'TRT' },
      { yes: ['09'], no: ['01', ...gone] },
      'Which TRT patients are overdue for labs?',
    ),
    ask('overdue, but an order is out: no nudge', { panel: 'A1c' }, { no: ['27', '26', ...gone] }, 'Who needs an A1c?'),
    ask(
      '… and the gap is told when pending ones are asked for',
      { panel: 'A1c', include_pending: true },
      { yes: ['27'], no: ['26', '25'] },
    ),
    ask('who has died, left or was merged is due for nothing', {}, { yes: ['09'], no: gone }, 'Who is due for labs?'),
    ask('nothing prescribed and nothing wrong: due for nothing', { within_days: 30, include_pending: true }, { no: ['24', '35', ...gone] }),
  ];
}
