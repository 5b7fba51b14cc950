import { Fault } from '../../base/fault.ts';
import { present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { computedFlag, disagree, flagOfCode } from '../../domains/lab-flags.ts';
import { figuresOf } from '../../domains/lab-summary.ts';
import type { LabQuery, LabResult, Labs } from '../../domains/labs.ts';
import { ANALYTES } from '../../domains/loinc.ts';
import { analytesOf, PANELS } from '../../domains/panels.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, patientStands } from './standing.ts';

/** A patient with more results than this has them summarized up to here, newest first. */
const MOST_SUMMARIZED = 20_000;

export function labs({ tx }: Surroundings): Labs {
  /** The rows that a query selects, and how many its panel cannot. */
  const find = async (query: LabQuery, { limit, after }: { limit: number; after?: string | undefined }) => {
    const { patient_id, since, until } = query;
    const codes = codesOf(query);
    const [, , rows, unmapped] = await Promise.all([
      patientStands(tx, patient_id),
      cursorStands(after, (id) => tx.rows('select from lab_results r where r.id = $1 and r.patient_id = $2', [id, patient_id])),
      resultsOf(tx, { patient_id, codes, since, until, after, limit }),
      // Without a panel nothing is left out.
      codes === undefined ? 0 : unmappedOf(tx, { patient_id, since, until }),
    ]);
    return { rows, unmapped };
  };
  return {
    async list({ limit, after, ...query }) {
      const { rows, unmapped } = await find(query, { limit: limit + 1, after });
      return { labs: rows.slice(0, limit).map(resultOf), more: rows.length > limit, unmapped };
    },
    async summarize({ aggregate, ...query }) {
      const { rows, unmapped } = await find(query, { limit: MOST_SUMMARIZED });
      const preliminary = rows.filter(({ status }) => status === 'preliminary').length;
      return { figures: figuresOf(rows.map(resultOf), aggregate), preliminary, unmapped };
    },
  };
}

function codesOf({ panel, codes }: LabQuery): readonly string[] | undefined {
  const named = panel === undefined ? undefined : analytesOf(panel);
  if (panel !== undefined && named === undefined) throw unknownPanel();
  return named || codes ? [...(named ?? []), ...(codes ?? [])] : undefined;
}

function unknownPanel(): Fault {
  return new Fault(
    'invalid_input',
    `panel: not a panel, an analyte or a LOINC that this clinic knows. Panels: ${Object.keys(PANELS).join(', ')}.`,
  );
}

/** As in 0003_chart.sql; numerics as text. */
export interface LabRow {
  lab_result_id: string;
  loinc: string | null;
  name_raw: string;
  value: string | null;
  comparator: LabResult['comparator'] | null;
  value_text: string | null;
  unit: string | null;
  unit_raw: string | null;
  ref_low: string | null;
  ref_high: string | null;
  ref_text: string | null;
  lab_flag: string | null;
  status: 'preliminary' | 'final' | 'amended' | 'corrected' | 'cancelled';
  collected_at: string;
  resulted_at: string | null;
  panel: string | null;
  specimen: string | null;
  performing_lab: string | null;
  method: string | null;
  order_id: string | null;
  comment: string | null;
}

interface Days {
  patient_id: string;
  since: string | undefined;
  until: string | undefined;
}

/** Newest first by collection. A result that another one corrects is history, and left out. */
async function resultsOf(
  tx: Tx,
  query: Days & { codes: readonly string[] | undefined; after: string | undefined; limit: number },
): Promise<LabRow[]> {
  return tx.rows<LabRow>(
    `select r.id as lab_result_id, r.loinc, r.name_raw, r.value, r.comparator, r.value_text, r.unit, r.unit_raw, r.ref_low, r.ref_high, r.ref_text,
       r.lab_flag, r.status, r.collected_at, r.resulted_at, r.panel_raw as panel, r.specimen, r.performing_lab, r.method, r.order_id, r.comment
     from lab_results r
     where r.patient_id = $1 and r.status <> 'entered_in_error'
       and not exists (select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
       and ($2::text[] is null or r.loinc = any($2))
       and ($3::date is null or r.collected_at >= $3::date::timestamptz)
       and ($6::date is null or r.collected_at < ($6::date + 1)::timestamptz)
       and ($4::uuid is null or (r.collected_at, r.id) < (select a.collected_at, a.id from lab_results a where a.id = $4 and a.patient_id = $1))
     order by r.collected_at desc, r.id desc
     limit $5`,
    [query.patient_id, query.codes ?? null, query.since ?? null, query.after ?? null, query.limit, query.until ?? null],
  );
}

/** How many results have the lab's own code only, which no panel can select. */
async function unmappedOf(tx: Tx, { patient_id, since, until }: Days): Promise<number> {
  const [row] = await tx.rows<{ unmapped: number }>(
    `select count(*)::int as unmapped
     from lab_results r
     where r.patient_id = $1 and r.loinc is null and r.status <> 'entered_in_error'
       and not exists (select from lab_results c where c.tenant_id = r.tenant_id and c.corrects = r.id and c.status <> 'entered_in_error')
       and ($2::date is null or r.collected_at >= $2::date::timestamptz)
       and ($3::date is null or r.collected_at < ($3::date + 1)::timestamptz)`,
    [patient_id, since ?? null, until ?? null],
  );
  return row?.unmapped ?? 0;
}

/** One row as an answer tells it: canonical name, UCUM or the lab's unit, and the flag with where it comes from. */
export function resultOf(row: LabRow): LabResult {
  const { name_raw, value, ref_low, ref_high, ref_text, unit, unit_raw, lab_flag, status, comparator, ...rest } = present(row);
  const numbers = {
    ...(value !== undefined && { value: Number(value) }),
    ...(comparator !== undefined && { comparator }),
    ...(ref_low !== undefined && { ref_low: Number(ref_low) }),
    ...(ref_high !== undefined && { ref_high: Number(ref_high) }),
    ...(ref_text !== undefined && { ref_text }),
  };
  const said = flagOfCode(lab_flag ?? null);
  const computed = computedFlag(numbers);
  return {
    ...rest,
    name: ANALYTES.get(rest.loinc ?? '')?.name ?? name_raw,
    ...numbers,
    ...(unit !== undefined && { unit }),
    ...(unit === undefined && unit_raw !== undefined && { unit_raw }),
    flag: said ?? computed ?? 'unknown',
    ...(said !== undefined && computed !== undefined && disagree(said, computed) && { flag_conflict: { lab: said, computed } }),
    ...(status !== 'final' && { status }),
    ...(said !== undefined && { lab_flag: said }),
    ...(computed !== undefined && { computed_flag: computed }),
  };
}
