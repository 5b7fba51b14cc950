// Every unusual trend of a marker twice: by the tool, and by a second hand in TypeScript from the rows alone (clinic/labs/books-trends*.ts).
import { describe, expect, it } from 'vitest';
import { dayOf, instantOf } from '../../clinic/days.ts';
import { FINDINGS, type Finding, type Found, trendsOf } from '../../clinic/labs/books-trends.ts';
import { MARKERS, type MarkerName } from '../../clinic/labs/books-trends-markers.ts';
import { fallingOrders } from '../../clinic/labs/books-trends-series.ts';
import { diceOf } from '../../clinic/random.ts';
import { SITES } from '../../clinic/sites.ts';
import type { TrendOutlier } from '../../src/domains/lab-surveys.ts';
import { type LabsClinic, labsClinic } from '../builders/labs-clinic.ts';
import type { Native, TestRecord } from '../builders/record.ts';
import { verifies } from '../promises.ts';
import { AS_OF, CLINICS, countedTwice, type Difference } from '../recount.ts';

const DIRECTIONS = ['either', 'up', 'down'] as const;

interface Question {
  marker: MarkerName;
  direction: (typeof DIRECTIONS)[number];
  practitioner_id: string | undefined;
}

/** Every marker, each time in another direction, and some of one clinician's patients only. */
function questionsOf({ options: { seed }, practitioners }: LabsClinic): Question[] {
  return (Object.keys(MARKERS) as MarkerName[]).map((marker, at) => ({
    marker,
    direction: DIRECTIONS[(seed + at) % 3] as Question['direction'],
    practitioner_id: (seed + at) % 5 === 0 ? practitioners[seed % practitioners.length]?.id : undefined,
  }));
}

/** The whole list of one finding, from pages of `limit`. */
async function pagesOf(native: Native, question: Question, { finding, limit }: { finding: Finding; limit: number }) {
  const first = await native.lab_surveys.trends({ ...question, finding, limit });
  const outliers = [...first.outliers];
  for (let { more } = first; more; ) {
    const after = outliers.at(-1)?.lab_result_id;
    const page = await native.lab_surveys.trends({ ...question, finding, limit, after });
    expect(page.summary).toEqual(first.summary);
    outliers.push(...page.outliers);
    ({ more } = page);
  }
  return { ...first, outliers };
}

/** `told` in as many digits as were said, `said` itself where it is that number rounded either way. */
function inDigits(digits: number, said: number | undefined, told: number | undefined): number | undefined {
  if (told === undefined) return undefined;
  const half = told === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(told))) + 1 - digits);
  return said !== undefined && Math.abs(said - told) <= half * (1 + 1e-6) + 1e-9 ? said : Number(told.toPrecision(digits));
}

const byPatient = (a: { patient_id: string; last_on: string }, b: { patient_id: string; last_on: string }) =>
  `${a.patient_id} ${a.last_on}` < `${b.patient_id} ${b.last_on}` ? -1 : 1;

/** A row of the tool, by the fields that the books tell. */
const saidOf = ({ stray, other_methods = 0, ...row }: TrendOutlier) => ({
  patient_id: row.patient_id,
  lab_result_id: row.lab_result_id,
  last_on: row.last_on,
  unit: row.unit,
  n: row.n,
  span_days: row.span_days,
  other_methods,
  direction: row.direction,
  stray: stray?.map(({ value }) => value) ?? [],
  first: row.first,
  last: row.last,
  slope_per_year: row.slope_per_year,
  total_change_pct: row.total_change_pct,
  rcv_pct: row.rcv_pct,
  p: row.p,
  q: row.q,
});
type Said = ReturnType<typeof saidOf>;

function toldOf(found: Found, said: Said | undefined): Said {
  return {
    patient_id: found.patient_id,
    lab_result_id: found.last_ids.find((id) => id === said?.lab_result_id) ?? (found.last_ids[0] as string),
    last_on: found.last_on,
    unit: found.unit,
    n: found.n,
    span_days: found.span_days,
    other_methods: found.other_methods,
    direction: found.direction,
    stray: found.stray.map((value, at) => inDigits(5, said?.stray[at], value) as number),
    first: inDigits(5, said?.first, found.first) as number,
    last: inDigits(5, said?.last, found.last) as number,
    slope_per_year: inDigits(3, said?.slope_per_year, found.slope_per_year),
    total_change_pct: inDigits(3, said?.total_change_pct, found.total_change_pct),
    rcv_pct: inDigits(3, said?.rcv_pct, found.rcv_pct),
    p: inDigits(2, said?.p, found.p),
    q: inDigits(2, said?.q, found.q),
  };
}

const seen: Record<Finding, number> = { trend: 0, change: 0, stray_value: 0, unit_error: 0 };
let left_out = 0;

async function compare(native: Native, whole: LabsClinic, question: Question): Promise<Difference[]> {
  const told = trendsOf(whole, question);
  const dice = diceOf({ seed: whole.options.seed, tenant: whole.options.clinic, patient: '' })(`recount.pages.${question.marker}`);
  const paged = dice.pick(FINDINGS);
  const differences: Difference[] = [];
  for (const finding of FINDINGS) {
    const what = [...Object.values(question), finding].join(' ');
    const { outliers, summary, excluded } = await pagesOf(native, question, { finding, limit: finding === paged ? dice.int(2, 5) : 1000 });
    const ps = outliers.map(({ p = 1 }) => p);
    expect(ps, `the least likely first: ${what}`).toEqual([...ps].sort((a, b) => a - b));
    const said = outliers.map(saidOf).sort(byPatient);
    const own = [...told.lists[finding]].sort(byPatient);
    // Of one patient two series may end on one day.
    const pair = (found: Found) => said.find(({ lab_result_id }) => found.last_ids.includes(lab_result_id));
    differences.push(
      {
        what: `${what} summary`,
        said: Object.fromEntries(Object.keys(told.summary).map((key) => [key, summary[key as keyof typeof told.summary]])),
        told: told.summary,
      },
      {
        what: `${what} excluded`,
        said: Object.fromEntries(excluded.map(({ reason, count }) => [reason, count])),
        told: Object.fromEntries(Object.entries(told.excluded).filter(([, count]) => count > 0)),
      },
      { what, said: keyed(said), told: keyed(own.map((found) => toldOf(found, pair(found)))) },
    );
    seen[finding] += own.length;
  }
  left_out += told.excluded['results in an unknown unit'] ?? 0;
  return differences;
}

const keyed = (rows: readonly Said[]) => Object.fromEntries(rows.map((row) => [row.lab_result_id, row]));

function recount(record: TestRecord, whole: LabsClinic): Promise<Difference[]> {
  const now = new Date(instantOf(SITES[whole.options.clinic].zone, dayOf(AS_OF), 600)).toISOString();
  const all = async (native: Native) => {
    const differences: Difference[] = [];
    for (const question of questionsOf(whole)) differences.push(...(await compare(native, whole, question)));
    return differences;
  };
  return record.ask(all, { tenant_id: whole.tenant_id, now });
}

/** Several clinics into one database, table by table. */
async function loadAll(record: TestRecord, wholes: readonly LabsClinic[]): Promise<void> {
  for (const { tenant_id } of wholes) await record.load({ tenant_id });
  await record.load({
    tenant_id: (wholes[0] as LabsClinic).tenant_id,
    practitioners: wholes.flatMap(({ practitioners }) => practitioners),
    patients: wholes.flatMap(({ patients }) => patients),
    lab_results: wholes.flatMap(({ lab_results }) => lab_results),
  });
  await record.admin.query('analyze');
}

describe('the second hand', () => {
  it('counts falling pairs as going through every order does', () => {
    const through = (values: readonly number[]): number[][] =>
      values.length < 2 ? [[...values]] : values.flatMap((value, at) => through(values.toSpliced(at, 1)).map((rest) => [value, ...rest]));
    for (const values of [[1], [1, 1], [1, 2, 3], [1, 2, 2, 3], [1, 1, 1, 2, 2, 2], [1, 2, 2, 3, 3, 3, 4]]) {
      const whole = [...new Set(through(values).map(String))].map((order) => order.split(',').map(Number));
      const falls = whole.map((order) => order.flatMap((value, at) => order.slice(at + 1).filter((later) => later < value)).length);
      expect(fallingOrders(values).map(Number)).toEqual(fallingOrders(values).map((_, n) => falls.filter((count) => count === n).length));
    }
  });
});

const counted = countedTwice('the trends', { make: labsClinic, load: loadAll, recount });
verifies('answers:figures-counted-twice', () => expect(counted()).toBe(CLINICS));

it('every finding has been seen', () => {
  if (process.env.RECOUNT_SHOW) console.log(seen, left_out);
  for (const finding of FINDINGS) expect(seen[finding], finding).toBeGreaterThan(CLINICS / 2);
  expect(left_out).toBeGreaterThan(0);
});
