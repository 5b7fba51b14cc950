import { describe, expect, it } from 'vitest';
import { generateClinic } from '../clinic.ts';
import type { Clinic } from '../rows.ts';
import { patientIdOf } from '../setting.ts';

describe.each(['juniper', 'cedar'] as const)('what %s plans and asks for holds its traps', (clinic) => {
  const options = { clinic, seed: 2026, as_of: '2026-11-20' } as const;
  const whole: Clinic = generateClinic(options);
  const of = <T extends { patient_id: string }>(rows: readonly T[], n: string) =>
    rows.filter(({ patient_id }) => patient_id === patientIdOf(options, `${clinic}-${n}`));

  it('some of what a result does was never ticked off', () => {
    const labs = whole.care_plan_activities.filter(({ kind, every_days }) => kind === 'lab' && every_days !== null);
    const untold = labs.filter(({ id, loinc, patient_id }) => {
      const results = new Set(
        whole.lab_results
          .filter((lab) => lab.patient_id === patient_id && lab.loinc === loinc)
          .map(({ collected_at }) => collected_at.slice(0, 10)),
      );
      const ticked = whole.care_plan_completions.filter(({ activity_id }) => activity_id === id);
      return results.size > ticked.length;
    });
    expect(untold.length).toBeGreaterThan(5);
  });

  it('a prior authorization hangs for twelve days, one was denied and granted on appeal for less', () => {
    const days = whole.prior_authorizations
      .filter(({ status }) => status === 'pended')
      .map(({ requested_at }) => (Date.parse('2026-11-20') - Date.parse((requested_at as string).slice(0, 10))) / 86_400_000);
    expect(days).toContain(12);
    expect(
      of(whole.prior_authorizations, '13').map(({ status, units_requested, units_approved }) => [status, units_requested, units_approved]),
    ).toEqual([
      ['denied', 12, 0],
      ['approved', 12, 6],
    ]);
  });

  it('units: periods overlap, one grant is booked beyond what is left, one is cancelled, one was entered in error', () => {
    const nursing = of(whole.authorizations, '30').sort((a, b) => (a.period_start < b.period_start ? -1 : 1));
    expect(nursing).toHaveLength(3);
    expect((nursing[2]?.period_start ?? '') < (nursing[1]?.period_end ?? '')).toBe(true);
    const [care] = of(whole.authorizations, '34');
    const uses = whole.authorization_uses.filter(({ authorization_id, status }) => authorization_id === care?.id && status !== 'cancelled');
    expect(uses.reduce((sum, { units }) => sum + units, 0)).toBeGreaterThan(care?.total_units ?? 0);
  });

  it('what nobody filled in is empty, not invented', () => {
    expect(whole.referrals.some(({ other_npi }) => other_npi === null)).toBe(true);
    expect(whole.prior_authorizations.some(({ service_code }) => service_code === null)).toBe(true);
  });
});
