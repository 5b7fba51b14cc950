/** Records of one measure as a course over time: which of them a line joins, which stand apart and why, and all of them as rows. */
import type { CitedMeasure, LabResult, VitalSign } from '../api/types.ts';
import type { Trend, TrendPoint } from '../ui/trend.ts';
import { unitWord } from '../ui/words.ts';

export interface Course {
  trend: Trend;
  /** Newest first. */
  rows: { id: string; at: string; said: string; words: string[] }[];
}

const MONTHS = 24;

/** The first day that is asked for: two years ago, or earlier where the draft cites what is older. */
export function firstDay({ cited }: Pick<CitedMeasure, 'cited'>, as_of: string): string {
  const then = new Date(as_of);
  then.setUTCMonth(then.getUTCMonth() - MONTHS);
  return [then.toISOString().slice(0, 10), ...cited.map(({ on }) => on)].toSorted()[0] as string;
}

/** HL7 table 0078. What is not here is as expected, or says nothing. */
const FLAGS: Partial<Record<LabResult['flag'], TrendPoint['flag']>> = {
  H: { way: 'up', word: 'high' },
  HH: { way: 'up', word: 'critically high' },
  L: { way: 'down', word: 'low' },
  LL: { way: 'down', word: 'critically low' },
  A: { way: 'other', word: 'abnormal' },
  AA: { way: 'other', word: 'critically abnormal' },
};

/** `as_of`: when it was asked, by the server. */
type Told = { measure: CitedMeasure; since: string; as_of: string };

/** Of laboratory results: drawn is what comes in the unit of the one that is cited; by another code it stands apart. */
export function courseOfLabs({ measure, labs, since, as_of }: Told & { labs: readonly LabResult[] }): Course {
  const isCited = citedBy(measure);
  const known = labs.filter(({ status }) => status !== 'cancelled');
  const about =
    known.find(({ lab_result_id, value }) => value !== undefined && isCited(lab_result_id)) ??
    known.find(({ value }) => value !== undefined);
  const rows = known.map((row) => {
    const { lab_result_id, collected_at, value, comparator, value_text, unit, unit_raw, flag, status } = row;
    const said = [`${comparator ?? ''}${value ?? value_text ?? ''}`, unitWord(unit ?? unit_raw ?? '')].filter(Boolean).join(' ');
    const other = about && otherThan(about, row);
    const apart = other || (comparator && 'beyond the scale') || (status === 'preliminary' && status) || undefined;
    const isDrawn = value !== undefined && unit === about?.unit && unit_raw === about?.unit_raw;
    return {
      id: lab_result_id ?? `${collected_at} ${said}`,
      at: collected_at,
      value,
      said,
      ...(FLAGS[flag] && { flag: FLAGS[flag] }),
      isCited: isCited(lab_result_id),
      ...(apart && { apart }),
      isDrawn,
      words: [
        FLAGS[flag]?.word,
        status,
        other,
        comparator && 'beyond the scale',
        isDrawn ? '' : 'not drawn',
        rangeOf(row),
        isCited(lab_result_id) && 'cited',
      ]
        .filter((word): word is string => Boolean(word) && typeof word === 'string')
        .filter((word, at, all) => all.indexOf(word) === at),
    };
  });
  const said = about && rangeOf(about);
  return {
    rows,
    trend: {
      name: measure.name,
      unit: unitWord(about?.unit ?? about?.unit_raw ?? ''),
      lines: linesOf([{ points: rows.flatMap((row) => (row.isDrawn && row.value !== undefined ? [{ ...row, value: row.value }] : [])) }]),
      ...(about && said && (about.ref_low !== undefined || about.ref_high !== undefined) && { band: { ...edgesOf(about), said } }),
      ...spanOf(since, as_of, rows),
    },
  };
}

/** By which name a result is another than this: its code's, or its method's where both are said. */
function otherThan(about: LabResult, { loinc, name, method }: LabResult): string | undefined {
  if (loinc !== about.loinc) return name;
  return method === undefined || about.method === undefined || method === about.method ? undefined : method;
}

const edgesOf = ({ ref_low, ref_high }: LabResult) => ({
  ...(ref_low !== undefined && { low: ref_low }),
  ...(ref_high !== undefined && { high: ref_high }),
});

/** As the laboratory gave it. */
function rangeOf({ ref_low, ref_high, ref_text }: LabResult): string {
  if (ref_low !== undefined && ref_high !== undefined) return `${ref_low} to ${ref_high}`;
  if (ref_high !== undefined) return `up to ${ref_high}`;
  return ref_low === undefined ? (ref_text ?? '') : `from ${ref_low}`;
}

/** Of vital signs: in the unit that all were charted in, else in the one that most can be told in. What looks like a slip stands apart. */
export function courseOfVitals({ measure, vitals, since, as_of }: Told & { vitals: readonly VitalSign[] }): Course {
  const isCited = citedBy(measure);
  const isSame = vitals.every((row) => row.unit === vitals[0]?.unit);
  const unit = isSame
    ? vitals[0]?.unit
    : (vitals.find(({ canonical_unit }) => canonical_unit !== undefined)?.canonical_unit ?? vitals[0]?.unit);
  const rows = vitals.map((row) => {
    const { vital_sign_id, taken_at, systolic, diastolic, implausible, setting, computed, status } = row;
    const told = toldOf(row, isSame);
    // A unit that nobody can bring to the others: its number stands with its own.
    const isDrawn = told.unit === unit;
    const shown = systolic === undefined ? `${told.value ?? ''}` : `${systolic}/${diastolic ?? '?'}`;
    const slip = implausible && 'looks like a slip';
    return {
      id: vital_sign_id,
      at: taken_at,
      said: [shown, unitWord(told.unit ?? '')].filter(Boolean).join(' '),
      isCited: isCited(vital_sign_id),
      ...(slip && { apart: slip }),
      ...(isDrawn && { own: told.value, systolic, diastolic }),
      words: [
        slip,
        status,
        computed && 'computed',
        setting === 'office' ? '' : setting,
        isDrawn ? '' : 'not drawn',
        isCited(vital_sign_id) && 'cited',
      ].filter((word): word is string => typeof word === 'string' && word !== ''),
    };
  });
  const points = (value: (row: (typeof rows)[number]) => number | undefined) =>
    rows.flatMap((row) => {
      const drawn = value(row);
      return drawn === undefined ? [] : [{ ...row, value: drawn }];
    });
  const isPressure = measure.kind === 'blood_pressure';
  const lines = isPressure
    ? [
        { name: 'systolic', points: points(({ systolic }) => systolic) },
        { name: 'diastolic', points: points(({ diastolic }) => diastolic) },
      ]
    : [{ points: points(({ own }) => own) }];
  return { rows, trend: { name: measure.name, unit: unitWord(unit ?? ''), lines: linesOf(lines), ...spanOf(since, as_of, rows) } };
}

/** A value with the unit that it is told in: as charted, or, where the others are charted otherwise, brought to the kind's own. */
function toldOf(
  { value, unit, canonical_value, canonical_unit }: VitalSign,
  isSame: boolean,
): { value: number | undefined; unit: string | undefined } {
  if (!isSame && canonical_unit !== undefined) return { value: canonical_value, unit: canonical_unit };
  return { value, unit };
}

const citedBy = ({ cited }: CitedMeasure) => {
  const ids = new Set(cited.map(({ record_id }) => record_id));
  return (id: string | undefined) => id !== undefined && ids.has(id);
};

const linesOf = (lines: Trend['lines']) => lines.filter(({ points }) => points.length > 0);

/** From the first day asked for to when it was asked, or to a record that says it is of later. */
function spanOf(since: string, as_of: string, rows: readonly { at: string }[]): Pick<Trend, 'from' | 'to'> {
  const newest = Math.max(Date.parse(as_of), ...rows.map(({ at }) => Date.parse(at)));
  return { from: `${since}T00:00:00Z`, to: new Date(newest).toISOString() };
}
