// The measures in SQL against an independent engine: fqm-execution on CQL written from the published eCQM logic, with value sets of its own. 300 patients by
// chance for each measure; npm run oracle: 10,000.

import { afterAll, beforeAll, describe, expect } from 'vitest';
import { MEASURE_NAMES, type MeasureName } from '../../src/domains/measures.ts';
import type { JudgedRow } from '../../src/sources/native/measures/judged.ts';
import { toldSql } from '../../src/sources/native/measures.ts';
import { SEEN_BY } from '../builders/measures.ts';
import { aRecord, type TestRecord } from '../builders/record.ts';
import { verifies } from '../promises.ts';
import { bundleOf } from './bundle.ts';
import { openOracle, type Populations } from './engine.ts';
import { rowsOf } from './rows.ts';
import { type Told, tell, type Weights } from './told.ts';

const PATIENTS = Number(process.env.ORACLE_PATIENTS ?? 300);
const SEED = Number(process.env.ORACLE_SEED ?? 20_261_121);
/** Patients in memory at a time. */
const BATCH = 500;
const PERIOD = { from: '2026-01-01', to: '2026-12-31' };

const WHO_LEAVES = [
  ['hospice', 0.05],
  ['palliative-procedure', 0.04],
  ['frailty-procedure', 0.1],
] as const;
const WEIGHTS: Readonly<Record<MeasureName, Weights>> = {
  controlled_bp: {
    conditions: [
      ['hypertension', 2],
      ['pregnancy', 0.06],
      ['renal-diagnosis', 0.08],
      ['palliative-diagnosis', 0.05],
      ['frailty-diagnosis', 0.1],
    ],
    procedures: [...WHO_LEAVES, ['renal-procedure', 0.05]],
    labs: [],
    pressures: 4,
    women: 0.5,
  },
  glycemic_status: {
    conditions: [
      ['diabetes', 2],
      ['palliative-diagnosis', 0.05],
    ],
    procedures: WHO_LEAVES,
    labs: [['glycemic-status', 4]],
    pressures: 0,
    women: 0.5,
  },
  kidney_evaluation: {
    conditions: [
      ['diabetes', 2],
      ['kidney-failure', 0.1],
      ['palliative-diagnosis', 0.05],
    ],
    procedures: WHO_LEAVES,
    labs: [
      ['egfr', 4],
      ['uacr', 2],
      ['urine-albumin', 0.6],
      ['urine-creatinine', 0.6],
    ],
    pressures: 0,
    women: 0.5,
  },
  breast_screening: {
    conditions: [
      ['mastectomy-both-diagnosis', 0.06],
      ['mastectomy-right-diagnosis', 0.15],
      ['mastectomy-left-diagnosis', 0.15],
      ['palliative-diagnosis', 0.05],
    ],
    procedures: [
      ...WHO_LEAVES,
      ['mammography', 2],
      ['mastectomy-both-procedure', 0.04],
      ['mastectomy-right-procedure', 0.1],
      ['mastectomy-left-procedure', 0.1],
    ],
    labs: [],
    pressures: 0,
    women: 0.85,
  },
  colorectal_screening: {
    conditions: [
      ['colorectal-cancer', 0.08],
      ['palliative-diagnosis', 0.05],
    ],
    procedures: [
      ...WHO_LEAVES,
      ['colonoscopy', 0.5],
      ['sigmoidoscopy', 0.3],
      ['ct-colonography', 0.2],
      ['stool-dna-procedure', 0.2],
      ['stool-blood-procedure', 0.2],
      ['total-colectomy', 0.05],
    ],
    labs: [
      ['stool-dna', 0.3],
      ['stool-blood', 0.3],
    ],
    pressures: 0,
    women: 0.5,
  },
};

let oracle: ReturnType<typeof openOracle>;
beforeAll(() => {
  oracle = openOracle();
});

describe.each(MEASURE_NAMES)('%s', (measure) => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ practitioners: [SEEN_BY] });
  });
  afterAll(() => record.close());

  verifies(
    'answers:measures-agree-with-oracle',
    async () => {
      const seen = { population: 0, excluded: 0, numerator: 0 };
      for (let from = 0; from < PATIENTS; from += BATCH) {
        const told = Array.from({ length: Math.min(BATCH, PATIENTS - from) }, (_, at) => tell(WEIGHTS[measure], SEED, from + at));
        const pairs = await judgedTwice(record, measure, told, from);
        expect(pairs.filter(({ ours, theirs }) => JSON.stringify(ours) !== JSON.stringify(theirs)).slice(0, 2)).toEqual([]);
        for (const { theirs } of pairs)
          for (const key of ['population', 'excluded', 'numerator'] as const) seen[key] += Number(theirs[key]);
      }
      // Agreement about nobody would prove nothing.
      for (const [key, count] of Object.entries(seen))
        expect([key, count > PATIENTS / 100 && count < PATIENTS * 0.95]).toEqual([key, true]);
    },
    60_000 + PATIENTS * 200,
  );
});

async function judgedTwice(record: TestRecord, measure: MeasureName, told: Told[], from: number) {
  const { tables, ids } = rowsOf(told);
  await record.load({ ...tables, patients: tables.patients.map((row, at) => ({ ...row, mrn: `ORA-${from + at}` })) });
  const rows = await record.ask((_, tx) =>
    tx.rows<JudgedRow>(`${toldSql([measure], 'all')} select t.* from told t`, [PERIOD.from, PERIOD.to, null, null]),
  );
  const ours = new Map(rows.map((row) => [row.patient_id, row]));
  const bundles = told.map((one, at) => bundleOf(one, ids[at] as string));
  const theirs = await oracle.calculate(measure, bundles, PERIOD);
  return told.map((one, at) => {
    const id = ids[at] as string;
    return { one, ours: populationsOf(ours.get(id)), theirs: theirs.get(id) as Populations };
  });
}

/** In the numerator and the exclusions only as a member of the population. */
function populationsOf(row: JudgedRow | undefined): Populations {
  const population = row?.eligible ?? false;
  const excluded = population && row?.excluded !== null;
  return { population, excluded, numerator: population && !excluded && (row?.met ?? false) };
}
