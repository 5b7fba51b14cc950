import { Fault } from '../../base/fault.ts';
import { staleCursor } from '../../base/ids.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import {
  BMI_CONFLICT,
  bmiOf,
  bmiSeries,
  figureOf,
  type Judged,
  judged,
  type Reading,
  recomputed,
  stands,
} from '../../domains/vital-figures.ts';
import { kindOf, MEASURES, rounded, VitalKind } from '../../domains/vital-kinds.ts';
import type { VitalSign, Vitals } from '../../domains/vitals.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, noSuchPatient } from './standing.ts';
import { vitalWriting } from './vitals-write.ts';

/** What one figure is made of, at most. */
const MOST = 10_000;
/** What a new reading is held against, at most. */
const RECENT = 500;
/** Weights, heights and charted BMIs: what a BMI is made of. */
const BODY = [...MEASURES.weight.loinc, ...MEASURES.height.loinc, ...MEASURES.bmi.loinc];

type Query = Parameters<Vitals['list']>[0];

export function vitals({ tx }: Surroundings): Vitals {
  return {
    ...vitalWriting(tx, async (patient_id) =>
      judged((await readingsOf(tx, { patient_id, limit: RECENT })).flatMap(readingOf)).filter(stands),
    ),
    async list(query) {
      if (query.kind === 'bmi') return bmiPage(tx, query);
      const [birth_date, , rows, body] = await Promise.all([
        birthDateOf(tx, query.patient_id),
        cursorStands(query.after, (id) =>
          tx.rows('select from vital_signs v where v.id = $1 and v.patient_id = $2', [id, query.patient_id]),
        ),
        readingsOf(tx, { ...query, limit: query.limit + 1 }),
        readingsOf(tx, { patient_id: query.patient_id, loinc: BODY, limit: MOST }),
      ]);
      const context = judged(body.flatMap(readingOf));
      const page = rows.slice(0, query.limit).map((row) => signOf(row, context, birth_date));
      return { vitals: page, more: rows.length > query.limit };
    },
    async summarize({ aggregate, kind, ...query }) {
      const loinc = kind === undefined ? undefined : kind === 'bmi' ? [] : MEASURES[kind].loinc;
      const [birth_date, rows, body] = await Promise.all([
        birthDateOf(tx, query.patient_id),
        readingsOf(tx, { ...query, loinc, limit: MOST + 1 }),
        readingsOf(tx, { patient_id: query.patient_id, loinc: BODY, limit: MOST }),
      ]);
      if (rows.length > MOST) throw new Fault('invalid_input', `since: more than ${MOST} readings. Ask for a kind, or a shorter time.`);
      // A slip shows against the patient's other readings, also those outside the time asked for.
      const context = judged(body.flatMap(readingOf));
      const known = new Map(context.map((it) => [it.vital_sign_id, it]));
      const asked = judged(rows.flatMap(readingOf)).map((it) => known.get(it.vital_sign_id) ?? it);
      const all = [...asked.filter((it) => it.kind !== 'bmi'), ...bmiSeries(context, birth_date).filter((it) => isAskedFor(it, query))];
      const kinds = kind === undefined ? VitalKind.options.filter((each) => all.some((it) => it.kind === each)) : [kind];
      return kinds.map((each) =>
        figureOf(
          each,
          aggregate,
          all.filter((it) => it.kind === each),
        ),
      );
    },
  };
}

interface Row extends Nullable<Pick<VitalSign, 'encounter_id' | 'body_position' | 'taken_by'>> {
  vital_sign_id: string;
  loinc: string;
  value: string | null;
  systolic: string | null;
  diastolic: string | null;
  unit: string | null;
  setting: VitalSign['setting'];
  status: 'preliminary' | 'final' | 'amended' | 'corrected';
  taken_at: string;
}

/** The birth date, where it is known. Throws Fault not_found unless the patient is there. */
async function birthDateOf(tx: Tx, patient_id: string): Promise<string | null> {
  const [row] = await tx.rows<{ birth_date: string | null }>('select p.birth_date from patients p where p.id = $1', [patient_id]);
  if (!row) throw noSuchPatient();
  return row.birth_date;
}

/** Newest first by the time they were taken. */
async function readingsOf(tx: Tx, { kind, ...query }: Query & { loinc?: readonly string[] | undefined }): Promise<Row[]> {
  return tx.rows<Row>(
    `select v.id as vital_sign_id, v.loinc, v.value, v.systolic, v.diastolic, coalesce(v.unit, v.unit_raw) as unit, v.body_position, v.setting,
       v.status, v.taken_at, d.given_name || ' ' || d.family_name as taken_by, v.encounter_id
     from vital_signs v
     left join practitioners d on d.tenant_id = v.tenant_id and d.id = v.taken_by
     where v.patient_id = $1 and v.status <> 'entered_in_error'
       and ($2::text[] is null or v.loinc = any($2))
       and ($3::date is null or v.taken_at >= $3::date::timestamptz)
       and ($4::date is null or v.taken_at < ($4::date + 1)::timestamptz)
       and ($5::text is null or v.setting = $5)
       and ($6::uuid is null or (v.taken_at, v.id) < (select a.taken_at, a.id from vital_signs a where a.id = $6 and a.patient_id = $1))
     order by v.taken_at desc, v.id desc
     limit $7`,
    [
      query.patient_id,
      query.loinc ?? (kind === undefined ? null : MEASURES[kind].loinc),
      query.since ?? null,
      query.until ?? null,
      query.setting ?? null,
      query.after ?? null,
      query.limit,
    ],
  );
}

/** As the figures see it; nothing for a LOINC that is none of the kinds. */
function readingOf(row: Row): Reading[] {
  const kind = kindOf(row.loinc);
  if (kind === undefined) return [];
  return [
    {
      vital_sign_id: row.vital_sign_id,
      kind,
      taken_at: row.taken_at,
      value: Number(row.systolic ?? row.value),
      ...(row.diastolic !== null && { diastolic: Number(row.diastolic) }),
      ...(row.unit !== null && { unit: row.unit }),
      setting: row.setting,
      preliminary: row.status === 'preliminary',
    },
  ];
}

/** A reading as charted, and what the house makes of it. */
function signOf(row: Row, context: readonly Judged[], birth_date: string | null): VitalSign {
  const { value, systolic, diastolic, status, ...rest } = present(row);
  const it = context.find(({ vital_sign_id }) => vital_sign_id === row.vital_sign_id) ?? judged(readingOf(row))[0];
  const computed = it && bmiBeside(it, context, birth_date);
  return {
    ...rest,
    kind: it?.kind ?? 'other',
    ...(value !== undefined && { value: Number(value) }),
    ...(systolic !== undefined && { systolic: Number(systolic) }),
    ...(diastolic !== undefined && { diastolic: Number(diastolic) }),
    ...(it && canonicalBeside(it)),
    ...(status !== 'final' && { status }),
    ...(it?.implausible !== undefined && { implausible: it.implausible }),
    ...(computed !== undefined && { bmi_computed: rounded(computed) }),
    ...(computed !== undefined && it?.kind === 'bmi' && conflict(computed, it) && { bmi_conflict: true }),
  };
}

function canonicalBeside({ kind, value, canonical }: Judged): Partial<VitalSign> {
  if (canonical === undefined || canonical === value || kind === 'blood_pressure') return {};
  return { canonical_value: rounded(canonical), canonical_unit: MEASURES[kind].unit };
}

function bmiBeside(it: Judged, context: readonly Judged[], birth_date: string | null): number | undefined {
  if (it.kind === 'weight') return bmiOf(it, context, birth_date);
  return it.kind === 'bmi' ? recomputed(it, context, birth_date) : undefined;
}

function conflict(computed: number, { canonical }: Judged): boolean {
  return canonical !== undefined && Math.abs(computed - canonical) > BMI_CONFLICT;
}

/** The BMIs charted, and those of weights that nobody charted one for. Few enough to be put in order here. */
async function bmiPage(tx: Tx, query: Query): Promise<{ vitals: VitalSign[]; more: boolean }> {
  const [birth_date, rows] = await Promise.all([
    birthDateOf(tx, query.patient_id),
    readingsOf(tx, { patient_id: query.patient_id, loinc: BODY, limit: MOST }),
  ]);
  const context = judged(rows.flatMap(readingOf));
  const byId = new Map(rows.map((row) => [row.vital_sign_id, row]));
  const series = bmiSeries(context, birth_date)
    .filter((it) => isAskedFor(it, query))
    .reverse();
  const from = query.after === undefined ? 0 : series.findIndex(({ vital_sign_id }) => vital_sign_id === query.after) + 1;
  if (query.after !== undefined && from === 0) throw staleCursor();
  const page = series.slice(from, from + query.limit).flatMap((it): VitalSign[] => {
    const row = byId.get(it.vital_sign_id);
    if (!row) return [];
    if (it.from === 'bmi') return [signOf(row, context, birth_date)];
    const { value: _, unit: __, ...weight } = signOf(row, context, birth_date);
    return [{ ...uncharted(weight), kind: 'bmi', value: rounded(it.canonical ?? 0), unit: MEASURES.bmi.unit, computed: true }];
  });
  return { vitals: page, more: series.length > from + query.limit };
}

function uncharted({ canonical_value: _, canonical_unit: __, ...sign }: VitalSign): VitalSign {
  return sign;
}

/** The same as the query's own where clause: days of the clinic, both inclusive. */
function isAskedFor({ taken_at, setting }: Judged, query: Pick<Query, 'since' | 'until' | 'setting'>): boolean {
  const day = taken_at.slice(0, 10);
  return (
    (query.since === undefined || day >= query.since) &&
    (query.until === undefined || day <= query.until) &&
    (query.setting === undefined || setting === query.setting)
  );
}
