import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOURS } from './calendar.ts';
import { generateClinic, generatePatient } from './clinic.ts';
import { knownKey, markedWith, ROSTERS } from './roster.ts';
import type { Chart, Clinic, Options } from './rows.ts';
import { patientIdOf } from './setting.ts';

const CLINICS = ['juniper', 'cedar'] as const;
const optionsOf = (clinic: Options['clinic'], more: Partial<Options> = {}): Options => ({
  clinic,
  seed: 2026,
  as_of: '2026-11-20',
  ...more,
});
const clinics = new Map(CLINICS.map((clinic) => [clinic, generateClinic(optionsOf(clinic))]));
const of = (clinic: Options['clinic']) => clinics.get(clinic) as Clinic;

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

describe('the synthetic clinics are the same wherever they are made', () => {
  it('are byte-identical for a seed and an as_of (renew on purpose: vitest -u clinic)', async () => {
    const sums = CLINICS.map((clinic) => [
      clinic,
      createHash('sha256')
        .update(canonical(of(clinic)))
        .digest('hex'),
    ]);
    await expect(`${JSON.stringify({ seed: 2026, as_of: '2026-11-20', sha256: Object.fromEntries(sums) }, null, 2)}\n`).toMatchFileSnapshot(
      'golden.json',
    );
  });

  it.each(CLINICS)('%s: any patient alone equals that patient in the whole, in any order', (clinic) => {
    const whole = of(clinic);
    for (const { key } of [...ROSTERS[clinic]].reverse()) {
      const alone = generatePatient(optionsOf(clinic), key);
      const patient_id = patientIdOf(optionsOf(clinic), key);
      for (const table of Object.keys(alone) as (keyof Chart)[]) {
        const rows = (whole[table] as { id: string; patient_id?: string }[]).filter(
          (row) => (table === 'patients' ? row.id : row.patient_id) === patient_id,
        );
        expect(alone[table], `${key} ${table}`).toEqual(rows);
      }
    }
  });

  it('differ by seed, and by clinic', () => {
    expect(generateClinic(optionsOf('juniper', { seed: 7 })).lab_results[0]?.id).not.toBe(of('juniper').lab_results[0]?.id);
    expect(of('juniper').patients.map(({ id }) => id)).not.toContain(of('cedar').patients[0]?.id);
  });

  it('keep a clinic its tenant from one day to the next', () => {
    expect(generateClinic(optionsOf('juniper', { as_of: '2026-11-25' })).tenant).toEqual(of('juniper').tenant);
  });
});

describe.each(CLINICS)('%s is a clinic', (clinic) => {
  const whole = of(clinic);
  const ids = (rows: readonly { id: string }[]) => new Set(rows.map(({ id }) => id));

  it('has 36 charts, 5 clinicians, a person for every role, and about as many records as planned', () => {
    expect(whole.patients).toHaveLength(36);
    expect(whole.practitioners).toHaveLength(5);
    expect([...new Set(whole.staff.map(({ role }) => role))].sort()).toEqual([
      'biller',
      'compliance',
      'front_desk',
      'integration',
      'nurse',
      'owner',
      'physician',
      'quality',
      'scheduler',
    ]);
    expect(whole.appointments.length).toBeGreaterThan(560);
    expect(whole.appointments.length).toBeLessThan(700);
    expect(whole.lab_results.length).toBeGreaterThan(3500);
    expect(whole.lab_results.length).toBeLessThan(4500);
    expect(whole.chart_notes.length).toBeGreaterThan(390);
    expect(whole.chart_notes.length).toBeLessThan(480);
  });

  it('has the archetypes of the design', () => {
    const counts = Object.fromEntries(
      (
        [
          'trt',
          'glp1',
          'hrt',
          'thyroid',
          'diabetes',
          'kidney',
          'twin',
          'same_name',
          'duplicate',
          'merged',
          'wellness',
          'inactive',
          'deceased',
          'partial_birth_date',
        ] as const
      ).map((mark) => [mark, markedWith(clinic, mark).length]),
    );
    expect(counts).toEqual({
      trt: 9,
      glp1: 6,
      hrt: 4,
      thyroid: 4,
      diabetes: 4,
      kidney: 2,
      twin: 2,
      same_name: 2,
      duplicate: 1,
      merged: 1,
      wellness: 2,
      inactive: 2,
      deceased: 1,
      partial_birth_date: 1,
    });
  });

  it('gives no clinician more patients than the day has hours', () => {
    for (const at of [0, 1, 2, 3])
      expect(ROSTERS[clinic].filter((person) => person.clinician === at).length).toBeLessThanOrEqual(HOURS.length);
  });

  it('has no id twice, and one tenant', () => {
    const rows = [
      whole.patients,
      whole.coverages,
      whole.appointments,
      whole.encounters,
      whole.chart_notes,
      whole.lab_results,
      whole.medication_requests,
      whole.practitioners,
      whole.connections,
    ].flat();
    expect(ids(rows).size).toBe(rows.length);
    expect(new Set(rows.map(({ tenant_id }) => tenant_id))).toEqual(new Set([whole.tenant.tenant_id]));
    expect(new Set(whole.patients.map(({ mrn }) => mrn)).size).toBe(36);
  });

  it('goes in row by row: every key that a row names is there before it', () => {
    const unready = (rows: readonly { id: string }[], ref: (row: never) => string | null) => {
      const seen = new Set<string>();
      return rows.filter((row) => {
        const target = ref(row as never);
        const isOpen = target !== null && !seen.has(target);
        seen.add(row.id);
        return isOpen;
      });
    };
    expect(unready(whole.patients, (row: { replaced_by: string | null }) => row.replaced_by)).toEqual([]);
    expect(unready(whole.appointments, (row: { rescheduled_to: string | null }) => row.rescheduled_to)).toEqual([]);
    expect(unready(whole.lab_results, (row: { corrects: string | null }) => row.corrects)).toEqual([]);
    expect(unready(whole.medication_requests, (row: { replaced_by: string | null }) => row.replaced_by)).toEqual([]);
  });

  it('has no row that points nowhere', () => {
    const [patients, practitioners, appointments, encounters] = [
      ids(whole.patients),
      ids(whole.practitioners),
      ids(whole.appointments),
      ids(whole.encounters),
    ];
    const orphans = [
      ...[whole.coverages, whole.appointments, whole.encounters, whole.chart_notes, whole.lab_results, whole.medication_requests]
        .flat()
        .filter(({ patient_id }) => !patients.has(patient_id)),
      ...[whole.appointments, whole.encounters].flat().filter(({ practitioner_id }) => !practitioners.has(practitioner_id)),
      ...whole.chart_notes.filter(({ author_id, encounter_id }) => !practitioners.has(author_id) || !encounters.has(encounter_id ?? '')),
      ...whole.encounters.filter(({ appointment_id }) => appointment_id !== null && !appointments.has(appointment_id)),
      ...whole.patients.filter(({ practitioner_id }) => practitioner_id !== null && !practitioners.has(practitioner_id)),
      ...whole.medication_requests.filter(({ prescriber_id }) => prescriber_id !== null && !practitioners.has(prescriber_id)),
      ...whole.staff.filter(({ practitioner_id }) => practitioner_id !== undefined && !practitioners.has(practitioner_id)),
    ];
    expect(orphans).toEqual([]);
  });

  it('has an encounter and a note of the same patient and clinician as the visit', () => {
    const visits = new Map(whole.appointments.map((row) => [row.id, row]));
    for (const encounter of whole.encounters.filter(({ appointment_id }) => appointment_id)) {
      expect(visits.get(encounter.appointment_id as string)).toMatchObject({
        patient_id: encounter.patient_id,
        practitioner_id: encounter.practitioner_id,
      });
    }
  });

  it('has someone waiting today when today is a working day, and nobody when it is not', () => {
    const today = (as_of: string) =>
      generateClinic(optionsOf(clinic, { as_of })).appointments.filter(({ start_at }) => start_at.startsWith(as_of));
    expect(today('2026-11-24').length).toBeGreaterThan(2);
    expect(today('2026-11-21')).toEqual([]);
    expect(today('2026-11-26')).toEqual([]); // Thanksgiving
    const open = generateClinic(optionsOf(clinic, { as_of: '2026-11-24' })).encounters.filter(({ status }) => status === 'in_progress');
    expect(open.map(({ patient_id }) => patient_id)).toEqual([patientIdOf(optionsOf(clinic), knownKey(clinic, 'visit_today'))]);
  });
});
