// Many results of one patient in one figure an analyte (lab_summary@1, connectors.md §2.2).
import { methodOf } from './lab-series.ts';
import type { LabAggregate, LabFigure, LabResult } from './labs.ts';
import { ANALYTES } from './loinc.ts';
import { canonical } from './unit-conversion.ts';

interface Read extends LabResult {
  group: string;
  stratum: string | undefined;
  /** In the unit of the analyte, where it can be; undefined where the value is no plain number or its unit cannot be read. */
  quantity: { value: number; unit?: string } | undefined;
}

/** Of `labs`, newest first; the analyte with the newest result comes first. Results that are not final stand in no figure. */
export function figuresOf(labs: readonly LabResult[], aggregate: LabAggregate): LabFigure[] {
  const final = labs.filter(({ status }) => status !== 'preliminary' && status !== 'cancelled');
  const groups = new Map<string, Read[]>();
  for (const lab of final) {
    const read = readOf(lab);
    if (!read) continue;
    const parts = aggregate === 'latest' || aggregate === 'count' ? [read.group] : [read.group, read.stratum];
    const key = parts.join('|');
    groups.set(key, [...(groups.get(key) ?? []), read]);
  }
  return [...groups.values()].flatMap((rows) => {
    if (aggregate === 'count') return [{ ...period(rows), value: rows.length, n: rows.length }];
    if (aggregate === 'latest') return [latestOf(rows)];
    return byUnit(rows, aggregate);
  });
}

function readOf(lab: LabResult): Read | undefined {
  const group = ANALYTES.get(lab.loinc ?? '')?.group ?? lab.loinc;
  if (group === undefined) return undefined;
  const { value, unit, comparator, unit_raw } = lab;
  const isPlain = value !== undefined && comparator === undefined;
  // No unit at all is that of a ratio; a unit that could not be read is none.
  const unitless = isPlain && unit === undefined && unit_raw === undefined ? { value } : undefined;
  const quantity = isPlain && unit !== undefined ? canonical(group, value, unit) : unitless;
  return { ...lab, group, stratum: methodOf(group, lab.loinc ?? '', lab.method ?? null), quantity };
}

function period(rows: readonly Read[]): Pick<LabFigure, 'analyte' | 'from_at' | 'to_at'> {
  const [newest, oldest] = [rows[0] as Read, rows.at(-1) as Read];
  return { analyte: newest.group, from_at: oldest.collected_at, to_at: newest.collected_at };
}

function latestOf(rows: readonly Read[]): LabFigure {
  const { quantity, value, comparator, value_text, unit, unit_raw } = rows[0] as Read;
  const told = quantity ?? { ...(value !== undefined && { value }), ...((unit ?? unit_raw) !== undefined && { unit: unit ?? unit_raw }) };
  return {
    ...period(rows),
    ...(told.value !== undefined && { ...told, value: rounded(told.value) }),
    ...(comparator && { comparator }),
    ...(value_text !== undefined && { value_text }),
    n: rows.length,
  };
}

/** One figure for each unit: what cannot be converted, such as lipoprotein(a) by mass and by moles, is not brought together. */
function byUnit(rows: readonly Read[], aggregate: 'average' | 'change'): LabFigure[] {
  const units = new Map<string | undefined, (Read & { quantity: { value: number } })[]>();
  for (const row of rows) {
    if (row.quantity) units.set(row.quantity.unit, [...(units.get(row.quantity.unit) ?? []), { ...row, quantity: row.quantity }]);
  }
  const beyond_scale = rows.filter(({ comparator }) => comparator !== undefined).length;
  const unknown_unit = rows.filter(({ value, comparator, quantity }) => value !== undefined && !comparator && !quantity).length;
  const left_out = { ...(beyond_scale > 0 && { beyond_scale }), ...(unknown_unit > 0 && { unknown_unit }) };
  const method = rows[0]?.stratum;
  const base = { ...(method !== undefined && { method }), ...left_out };
  if (units.size === 0) return [{ ...period(rows), ...base, n: 0 }];
  return [...units].map(([unit, used]) => ({
    ...period(used),
    ...base,
    ...(unit !== undefined && { unit }),
    n: used.length,
    ...figure(
      used.map(({ quantity }) => quantity.value),
      aggregate,
    ),
  }));
}

/** `values` newest first. */
function figure(values: readonly number[], aggregate: 'average' | 'change'): Partial<LabFigure> {
  const [last, first] = [values[0] as number, values.at(-1) as number];
  if (aggregate === 'average') return { value: rounded(values.reduce((sum, value) => sum + value, 0) / values.length) };
  if (values.length < 2) return {};
  const change_pct = first === 0 ? {} : { change_pct: Math.round(1000 * (last / first - 1)) / 10 || 0 };
  return { value: rounded(last - first), first: rounded(first), last: rounded(last), ...change_pct };
}

/** Five digits that say something: no lab measures more, and 0.1 + 0.2 is 0.3. */
const rounded = (value: number) => Number(value.toPrecision(5));
