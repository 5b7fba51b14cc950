// The population of the bench: the same for whoever makes it, whole or in parts, and like people.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chartOf } from './chart.ts';
import { personOf, population } from './population.ts';
import { COLUMNS, type Lines, noLines, SCALE_TABLES, type ScaleTable } from './tables.ts';

const AS_OF = '2026-11-20';
const people = population({ seed: 7, as_of: AS_OF, patients: 40_000, tenants: 40 });
const N = 1_000;

function linesOf(tenant: number, patients: readonly number[]): Lines {
  const lines = noLines();
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
  it('has as many plans, grants and referrals as a clinic has', () => {
    const share = (table: ScaleTable) => new Set(rowsOf(table, whole[table]).map(({ patient_id }) => patient_id)).size / N;
    expect(share('care_plans')).toBeGreaterThan(0.08);
    expect(share('care_plans')).toBeLessThan(0.16);
    expect(share('allergies')).toBeGreaterThan(0.2);
    expect(share('allergies')).toBeLessThan(0.3);
    expect(share('referrals')).toBeGreaterThan(0.05);
    expect(share('referrals')).toBeLessThan(0.11);
    expect(share('prior_authorizations')).toBeGreaterThan(0.015);
    expect(share('authorizations')).toBeGreaterThan(0.008);
    expect(share('memberships')).toBeGreaterThan(0.02);
    expect(share('memberships')).toBeLessThan(0.07);
    const pieces = whole.care_plan_activities.length / whole.care_plans.length;
    expect(pieces).toBeGreaterThan(3);
    expect(pieces).toBeLessThan(6);
  });

  it('is denied one claim in eleven, and of these some are sent again and paid', () => {
    const answers = rowsOf('remittance_claims', whole.remittance_claims);
    const first = answers.filter(({ claim_number }) => !String(claim_number).endsWith('R'));
    const codes = new Map(rowsOf('remittance_adjustments', whole.remittance_adjustments).map((row) => [row.remittance_claim_id, row]));
    const denied = rowsOf('claims', whole.claims).filter(
      ({ status, replaces }) => replaces === null && /denied|partially/.test(String(status)),
    );
    expect(codes.size).toBe(answers.length);
    expect(denied.length / first.length).toBeGreaterThan(0.06);
    expect(denied.length / first.length).toBeLessThan(0.12);
    expect(answers.length).toBeGreaterThan(first.length);
  });

  it('adds up: what was charged is paid, taken off, denied or left to the patient, line by line and claim by claim', () => {
    const sum = (table: ScaleTable, by: string, of: string) => {
      const sums = new Map<string, number>();
      for (const row of rowsOf(table, whole[table])) sums.set(String(row[by]), (sums.get(String(row[by])) ?? 0) + Number(row[of]));
      return sums;
    };
    const [byClaim, byLine] = ['remittance_claim_id', 'remittance_line_id'].map((by) => sum('remittance_adjustments', by, 'amount_cents'));
    const off = (rows: ReturnType<typeof rowsOf>, taken: ReturnType<typeof sum> | undefined) =>
      rows.filter((row) => Number(row.charged_cents) - (taken?.get(String(row.id)) ?? 0) !== Number(row.paid_cents));
    expect(off(rowsOf('remittance_claims', whole.remittance_claims), byClaim)).toEqual([]);
    expect(off(rowsOf('remittance_lines', whole.remittance_lines), byLine)).toEqual([]);
    const charged = sum('charges', 'id', 'amount_cents');
    const asked = sum('claim_lines', 'claim_id', 'amount_cents');
    expect(
      rowsOf('claim_lines', whole.claim_lines).filter((row) => charged.get(String(row.charge_id)) !== Number(row.amount_cents)),
    ).toEqual([]);
    expect(rowsOf('claims', whole.claims).filter((row) => asked.get(String(row.id)) !== Number(row.total_cents))).toEqual([]);
  });

  it('takes no more for a charge than it is, and nothing of the future', () => {
    const left = new Map(rowsOf('charges', whole.charges).map((row) => [row.id, Number(row.amount_cents)]));
    for (const table of ['payments', 'adjustments'] as const)
      for (const { charge_id, amount_cents } of rowsOf(table, whole[table]))
        left.set(charge_id ?? null, (left.get(charge_id ?? null) ?? 0) - Number(amount_cents));
    for (const { charge_id, amount_cents } of rowsOf('refunds', whole.refunds))
      left.set(charge_id ?? null, (left.get(charge_id ?? null) ?? 0) + Number(amount_cents));
    expect([...left].filter(([, cents]) => cents < 0)).toEqual([]);
    const days = (['charges', 'payments', 'adjustments', 'refunds'] as const).flatMap((table) =>
      rowsOf(table, whole[table]).map(({ posted_on }) => String(posted_on)),
    );
    expect(days.filter((day) => day >= AS_OF)).toEqual([]);
  });
});

function correlation(pairs: readonly (readonly number[])[]): number {
  const n = pairs.length;
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + (pair[at] as number), 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sum = (of: (dx: number, dy: number) => number) => pairs.reduce((all, [x = 0, y = 0]) => all + of(x - mx, y - my), 0);
  return sum((dx, dy) => dx * dy) / Math.sqrt(sum((dx) => dx * dx) * sum((_, dy) => dy * dy));
}
