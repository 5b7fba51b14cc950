// The population of the bench: the same for whoever makes it, whole or in parts, and like people.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRecord, type TestRecord } from '../../test/builders/record.ts';
import { COLUMNS, chartOf, type Lines, SCALE_TABLES, type ScaleTable } from './chart.ts';
import { cliniciansOf, personOf, population, practitionerId, tenantId } from './population.ts';

const AS_OF = '2026-11-20';
const people = population({ seed: 7, as_of: AS_OF, patients: 40_000, tenants: 40 });
const N = 1_000;

function linesOf(tenant: number, patients: readonly number[]): Lines {
  const lines = Object.fromEntries(SCALE_TABLES.map((table) => [table, []])) as unknown as Lines;
  for (const patient of patients) chartOf(people, tenant, patient, lines);
  return lines;
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const hashOf = (lines: Lines) =>
  createHash('sha256')
    .update(SCALE_TABLES.map((table) => [...lines[table]].sort().join('\n')).join('\n\n'))
    .digest('hex');
/** A line as a row by its columns; \N is null. */
const rowsOf = (table: ScaleTable, lines: readonly string[]) =>
  lines.map((line) => Object.fromEntries(line.split('\t').map((cell, i) => [COLUMNS[table].split(' ')[i], cell === '\\N' ? null : cell])));

describe('the population of the bench', () => {
  const whole = linesOf(0, range(0, N));

  it('is the same rows in one go, in sixteen parts, in any order', () => {
    const parts = Array.from({ length: 16 }, (_, part) =>
      linesOf(
        0,
        range(0, N).filter((patient) => patient % 16 === part),
      ),
    );
    const together = Object.fromEntries(
      SCALE_TABLES.map((table) => [table, parts.reverse().flatMap((part) => part[table])]),
    ) as unknown as Lines;
    expect(hashOf(together)).toBe(hashOf(whole));
    expect(hashOf(linesOf(1, range(0, N)))).not.toBe(hashOf(whole));
  });

  it('has a first clinic with a quarter of all, and forty clinics of sizes by Zipf', () => {
    expect(people.clinics.reduce((sum, n) => sum + n, 0)).toBe(40_000);
    expect((people.clinics[0] as number) / 40_000).toBeCloseTo(0.25, 1);
    expect([...people.clinics].sort((a, b) => b - a)).toEqual(people.clinics);
  });

  it('is used as clinics are: a third without results, twenty rows on average', () => {
    const by = new Map<string, number>();
    for (const { patient_id } of rowsOf('lab_results', whole.lab_results))
      by.set(patient_id as string, (by.get(patient_id as string) ?? 0) + 1);
    expect(by.size / N).toBeGreaterThan(0.64);
    expect(by.size / N).toBeLessThan(0.74);
    expect(whole.lab_results.length / N).toBeGreaterThan(17);
    expect(whole.lab_results.length / N).toBeLessThan(25);
  });

  it('has bodies that keep to themselves: set points persist, haematocrit and haemoglobin move together, controlled pressure is the rule', () => {
    const series = new Map<string, number[]>();
    const pairs: [number, number][] = [];
    const last = new Map<string, number>();
    for (const row of rowsOf('lab_results', whole.lab_results)) {
      const key = `${row.patient_id} ${row.loinc}`;
      series.set(key, [...(series.get(key) ?? []), Number(row.value)]);
      if (row.loinc === '718-7') pairs.push([last.get(`${row.patient_id} ${row.collected_at}`) ?? Number.NaN, Number(row.value)]);
      if (row.loinc === '4544-3') last.set(`${row.patient_id} ${row.collected_at}`, Number(row.value));
    }
    const creatinine = [...series].filter(([key, values]) => key.endsWith('2160-0') && values.length > 2).map(([, values]) => values);
    expect(correlation(creatinine.flatMap((values) => values.slice(1).map((value, i) => [values[i] as number, value])))).toBeGreaterThan(
      0.6,
    );
    expect(correlation(pairs.filter(([hct]) => !Number.isNaN(hct)))).toBeGreaterThan(0.9);
    const sick = new Set(rowsOf('conditions', whole.conditions).flatMap(({ icd10, patient_id }) => (icd10 === 'I10' ? [patient_id] : [])));
    const pressures = rowsOf('vital_signs', whole.vital_signs).filter(
      ({ patient_id, systolic }) => sick.has(patient_id ?? null) && systolic,
    );
    const controlled = pressures.filter(({ systolic }) => Number(systolic) < 140).length / pressures.length;
    expect(controlled).toBeGreaterThan(0.6);
    expect(controlled).toBeLessThan(0.9);
  });

  it('has no result of the future, and hardly an abnormal one that nobody has looked at', () => {
    const results = rowsOf('lab_results', whole.lab_results);
    expect(results.filter(({ collected_at }) => String(collected_at) >= AS_OF)).toEqual([]);
    const reviewed = new Set(rowsOf('lab_reviews', whole.lab_reviews).map(({ lab_result_id }) => lab_result_id));
    const abnormal = results.filter(({ lab_flag }) => lab_flag !== null);
    expect(abnormal.filter(({ id }) => !reviewed.has(id ?? null)).length / abnormal.length).toBeLessThan(0.03);
  });

  it('sees nobody on a Saturday or Sunday, and nobody twice who is told to be another', () => {
    const days = rowsOf('appointments', whole.appointments).map(({ start_at }) => new Date(String(start_at).slice(0, 10)).getUTCDay());
    expect(days.filter((day) => day === 0 || day === 6)).toEqual([]);
    const repeats = range(0, N)
      .map((patient) => personOf(people, 0, patient))
      .filter(({ duplicate_of }) => duplicate_of !== undefined);
    expect(repeats.length / N).toBeGreaterThan(0.005);
    expect(repeats.length / N).toBeLessThan(0.03);
  });
});

describe('its rows', () => {
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({ now: `${AS_OF}T15:00:00Z` });
  });
  afterAll(() => record.close());

  it('go into the tables, and refer to what is there', async () => {
    const tenant_id = tenantId(people, 39);
    const practitioners = range(0, cliniciansOf(people.clinics[39] as number)).map((n) => ({
      tenant_id,
      id: practitionerId(people, 39, n),
      family_name: 'Scale',
      given_name: 'Clinician',
    }));
    const lines = linesOf(39, range(0, 150));
    const tables = Object.fromEntries(SCALE_TABLES.map((table) => [table, rowsOf(table, lines[table])]));
    const spoken = (table: ScaleTable) => rowsOf(table, lines[table]).map((row) => ({ ...row, body: JSON.parse(String(row.body)) }));
    await record.load({ tenant_id, practitioners, ...tables, messages: spoken('messages'), chart_notes: spoken('chart_notes') });
    const found = await record.ask(({ patients }) => patients.search({ query: personOf(people, 39, 5).mrn, limit: 3 }), { tenant_id });
    expect(found.patients[0]?.mrn).toBe(personOf(people, 39, 5).mrn);
  });
});

function correlation(pairs: readonly (readonly number[])[]): number {
  const n = pairs.length;
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + (pair[at] as number), 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sum = (of: (dx: number, dy: number) => number) => pairs.reduce((all, [x = 0, y = 0]) => all + of(x - mx, y - my), 0);
  return sum((dx, dy) => dx * dy) / Math.sqrt(sum((dx) => dx * dx) * sum((_, dy) => dy * dy));
}
