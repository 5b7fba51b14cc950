// Five quality measures read over the stories, by the logic of connectors.md §2.5: neither the rows' SQL nor the tools have a part in it.
import { ageOn, dayOf } from '../days.ts';
import type { LabFact } from '../labs/fact.ts';
import type { Story } from '../story.ts';

export type Measure = 'controlled_bp' | 'glycemic_status' | 'kidney_evaluation' | 'breast_screening' | 'colorectal_screening';
export type State = 'open' | 'closed' | 'excluded' | 'unknown' | 'not_eligible';

export interface Period {
  from: string;
  to: string;
}

type Rule = (story: Story, period: Period) => State;

/** A partial date is a range. */
const first = (date: string) => `${date}-01-01`.slice(0, 10);
const last = (date: string) => (date.length === 4 ? `${date}-12-31` : date.length === 7 ? `${date}-31` : date);

/** Whether the age is within bounds on a day, whatever day of a partial birth date it was. */
function isAged({ setting }: Story, day: string, [least, most]: readonly [number, number]): boolean {
  const { born } = setting.person;
  return ageOn(dayOf(day), last(born)) >= least && ageOn(dayOf(day), first(born)) <= most;
}

/** Seen in the period, and somebody to care for now. */
export function isSeen({ patient, visits }: Story, { from, to }: Period): boolean {
  const isHere = patient.active && patient.deceased_on === null && patient.replaced_by === null;
  return isHere && visits.some(({ encounter }) => encounter?.status === 'finished' && isWithin(encounter.start_at, from, to));
}

const isWithin = (at: string, from: string, to: string) => at.slice(0, 10) >= from && at.slice(0, 10) <= to;

/** Has a diagnosis whose code begins so, since before `by` and still in the period. */
function has({ clinical }: Story, code: string, { by, from }: { by: string; from: string }): boolean {
  return clinical.conditions.some(({ row, shown }) => {
    if (!shown || !row.icd10?.startsWith(code)) return false;
    const isOver = row.abated_on !== null && first(row.abated_on) < from;
    return last(row.onset_on ?? row.recorded_on ?? '') <= by && !isOver;
  });
}

/** Whether something of these codes was done in [from, to]: on days that all lie in it, or perhaps: on days of which some do, or nobody knows when. */
function doneIn({ clinical }: Story, codes: readonly string[], from: string, to: string): 'yes' | 'perhaps' | 'no' {
  const done = clinical.procedures
    .filter(({ row }) => row.status === 'completed' && codes.includes(row.code))
    .map(({ row }) => row.performed_on);
  if (done.some((on) => on !== null && first(on) >= from && last(on) <= to)) return 'yes';
  return done.some((on) => on === null || (last(on) >= from && first(on) <= to)) ? 'perhaps' : 'no';
}

/** Results with a number of these analytes in the period. */
function resultsOf({ labs }: Story, analytes: readonly string[], { from, to }: Period): LabFact[] {
  return labs.filter(
    ({ analyte, row, shown }) =>
      shown &&
      analytes.includes(analyte) &&
      row.value !== null &&
      ['final', 'amended', 'corrected'].includes(row.status) &&
      isWithin(row.collected_at, from, to),
  );
}

const onLastDay = <T>(all: readonly T[], at: (each: T) => string): T[] => {
  const days = all.map((each) => at(each).slice(0, 10)).sort();
  return all.filter((each) => at(each).slice(0, 10) === days.at(-1));
};
const stateOf = (isClosed: boolean): State => (isClosed ? 'closed' : 'open');
/** What was perhaps done leaves the record in doubt. */
const screened = (...answers: readonly ('yes' | 'perhaps' | 'no')[]): State => {
  if (answers.includes('yes')) return 'closed';
  return answers.includes('perhaps') ? 'unknown' : 'open';
};
/** In the palliative care of somebody on a day of the period. */
const isPalliative = (story: Story, { from, to }: Period) => has(story, 'Z51.5', { by: to, from });

export const MEASURE_RULES: Readonly<Record<Measure, Rule>> = {
  controlled_bp: (story, { from, to }) => {
    const half = `${from.slice(0, 4)}-06-30`;
    if (!isAged(story, to, [18, 85]) || !has(story, 'I10', { by: half, from })) return 'not_eligible';
    if (isPalliative(story, { from, to })) return 'excluded';
    const counted = story.clinical.vitals.filter(
      ({ kind, row }) =>
        kind === 'bp' && row.status !== 'entered_in_error' && ['office', 'home'].includes(row.setting) && isWithin(row.taken_at, from, to),
    );
    const readings = onLastDay(counted, ({ row }) => row.taken_at);
    const lowest = (of: (fact: (typeof readings)[number]) => number | null) => Math.min(...readings.map((fact) => of(fact) as number));
    return stateOf(readings.length > 0 && lowest(({ row }) => row.systolic) < 140 && lowest(({ row }) => row.diastolic) < 90);
  },
  glycemic_status: (story, period) => {
    if (!isAged(story, period.to, [18, 75]) || !has(story, 'E11', { by: period.to, from: period.from })) return 'not_eligible';
    if (isPalliative(story, period)) return 'excluded';
    const latest = onLastDay(resultsOf(story, ['a1c', 'a1c_ifcc'], period), ({ row }) => row.collected_at);
    const percent = ({ row }: LabFact) => (row.unit === 'mmol/mol' ? 0.09148 * (row.value as number) + 2.152 : (row.value as number));
    // Inverse: nothing done is as bad as too high.
    return stateOf(latest.length > 0 && Math.min(...latest.map(percent)) <= 9);
  },
  kidney_evaluation: (story, period) => {
    const before = `${Number(period.from.slice(0, 4)) - 1}-12-31`;
    if (!isAged(story, period.from, [18, 85]) || !has(story, 'E11', { by: before, from: period.from })) return 'not_eligible';
    if (isPalliative(story, period)) return 'excluded';
    return stateOf(resultsOf(story, ['egfr'], period).length > 0 && resultsOf(story, ['uacr'], period).length > 0);
  },
  breast_screening: (story, { from, to }) => {
    if (story.patient.sex !== 'female' || !isAged(story, to, [42, 74])) return 'not_eligible';
    if (doneIn(story, ['27865001'], '0000', to) === 'yes' || has(story, 'Z90.13', { by: to, from: '0000' })) return 'excluded';
    return screened(doneIn(story, ['77065', '77066', '77067'], `${Number(from.slice(0, 4)) - 2}-10-01`, to));
  },
  colorectal_screening: (story, { from, to }) => {
    if (!isAged(story, to, [46, 75])) return 'not_eligible';
    if (doneIn(story, ['44150'], '0000', to) === 'yes') return 'excluded';
    const since = (years: number) => `${Number(from.slice(0, 4)) - years}-01-01`;
    return screened(
      doneIn(story, ['45378', '45385'], since(9), to),
      doneIn(story, ['45330'], since(4), to),
      doneIn(story, ['74263'], since(4), to),
      doneIn(story, ['81528'], since(2), to),
      doneIn(story, ['82274'], from, to),
    );
  },
};
