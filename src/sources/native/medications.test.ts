import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMedication, aPatient } from '../../../test/builders/chart.ts';
import { aRecord, type TestRecord } from '../../../test/builders/record.ts';
import { scheduleOf } from '../../domains/medications.ts';
import { duplicatesOf, statusOf } from './medications.ts';

const TODAY = '2026-11-20';

describe('a medication', () => {
  const of = (own: Partial<Parameters<typeof statusOf>[0]>) =>
    statusOf(
      { status: 'active', start_on: '2026-10-01', authored_on: null, end_on: null, days_supply: null, refills_left: null, ...own },
      TODAY,
    );

  it('is active until the last day its end can mean', () => {
    expect([of({}), of({ end_on: '2026-11-20' }), of({ end_on: '2026-11-19' }), of({ end_on: '2026' }), of({ end_on: '2026-10' })]).toEqual(
      ['active', 'active', 'completed', 'active', 'completed'],
    );
  });

  it('is active_unverified when its supply ended more than 90 days ago', () => {
    const start_on = '2026-07-23'; // + 30 days of supply + 90 = today
    expect(of({ start_on, days_supply: 30 })).toBe('active');
    expect(of({ start_on: '2026-07-22', days_supply: 30 })).toBe('active_unverified');
    expect(of({ start_on: '2026-07-22', days_supply: 30, refills_left: 1 })).toBe('active');
    expect(of({ start_on: null, authored_on: '2024-01-01', days_supply: 30 })).toBe('active_unverified');
    expect(of({ start_on: '2026', days_supply: 30 })).toBe('active');
    expect(of({ start_on: '2019-01-01' })).toBe('active');
  });

  it('keeps a status that is not active, unknown before all (trap 13)', () => {
    expect([of({ status: 'unknown' }), of({ status: 'on_hold', end_on: '2020' }), of({ status: 'stopped' })]).toEqual([
      'unknown',
      'on_hold',
      'stopped',
    ]);
  });

  it('is a duplicate by ingredient and form, among the active', () => {
    const row = (ingredient: string | null, form: string | null, status = 'active') => ({ ingredient, form, status: status as 'active' });
    expect(duplicatesOf([row('testosterone', 'injection'), row('testosterone', 'gel')])).toEqual([]);
    expect(
      duplicatesOf([row('Lisinopril', 'tablet'), row('lisinopril', 'tablet', 'active_unverified'), row(null, null), row(null, null)]),
    ).toEqual(['lisinopril']);
    expect(duplicatesOf([row('lisinopril', 'tablet'), row('lisinopril', 'tablet', 'stopped')])).toEqual([]);
    const compounded = { ...row(null, 'vial'), name: 'Semaglutide compounded', local_code: 'SEMA' };
    expect(duplicatesOf([compounded, compounded, { ...compounded, local_code: 'BPC' }])).toEqual(['Semaglutide compounded']);
  });

  it('is controlled by its order, or by an ingredient that always is; otherwise nobody can tell', () => {
    expect(['testosterone cypionate', 'Testosterone', 'zolpidem', 'codeine/acetaminophen', 'lisinopril', null].map(scheduleOf)).toEqual([
      'CIII',
      'CIII',
      'CIV',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the medication list of a patient', () => {
  const ada = aPatient();
  const current = aMedication(ada);
  const old = aMedication(ada, { name: 'metformin 500 mg oral tablet', ingredient: 'metformin', start_on: '2024-01-01', days_supply: 90 });
  const unknown = aMedication(ada, { name: 'semaglutide compounded', status: 'unknown', ingredient: null, form: null, local_code: 'SEMA' });
  const held = aMedication(ada, { name: 'warfarin 5 mg', ingredient: 'warfarin', status: 'on_hold', sig: 'Take one daily.' });
  const stopped = aMedication(ada, { name: 'atorvastatin 20 mg', ingredient: 'atorvastatin', status: 'stopped', stop_reason: 'myalgia' });
  const successor = aMedication(ada, { start_on: '2026-11-01' });
  const superseded = aMedication(ada, { replaced_by: successor.id });
  const error = aMedication(ada, { status: 'entered_in_error' });
  const standing = aMedication(ada, { replaced_by: error.id, start_on: '2026-01-01' });
  const gel = aMedication(ada, {
    name: 'testosterone 1.62 % gel',
    ingredient: 'testosterone',
    form: 'gel',
    start_on: '2024',
    end_on: '2025',
  });
  const reported = aMedication(ada, {
    name: 'melatonin 3 mg',
    ingredient: 'melatonin',
    start_on: null,
    reported: true,
    stop_reason: 'it made me dizzy',
    sig: 'two at night',
  });
  let record: TestRecord;
  beforeAll(async () => {
    record = await aRecord({
      patients: [ada],
      medication_requests: [superseded, standing, current, old, unknown, held, stopped, successor, error, gel, reported],
    });
  });
  afterAll(() => record.close());
  const list = (query = {}) =>
    record.ask(({ medications }) => medications.list({ patient_id: ada.id as string, active_only: true, limit: 40, ...query }));

  it('shows the active first, and unknown under its own name; superseded and entered-in-error are left out', async () => {
    const { medications, duplicates, excluded } = await list();
    expect(medications.map(({ medication_id, status }) => [medication_id, status])).toEqual([
      [successor.id, 'active'],
      [current.id, 'active'],
      [standing.id, 'active'],
      [reported.id, 'active'],
      [old.id, 'active_unverified'],
      [held.id, 'on_hold'],
      [unknown.id, 'unknown'],
    ]);
    expect(duplicates).toEqual(['lisinopril']);
    expect(medications[0]).not.toHaveProperty('form');
    expect(excluded).toEqual([{ reason: 'superseded', count: 1 }]);
  });

  it('keeps the local code of what RxNorm does not know, and the schedule of what the order forgot', async () => {
    const { medications } = await list({ active_only: false });
    const of = (order: typeof ada) => medications.find(({ medication_id }) => medication_id === order.id);
    expect(of(unknown)).toMatchObject({ local_code: 'SEMA', status: 'unknown' });
    expect(of(unknown)).not.toHaveProperty('rxnorm');
    expect(of(gel)).toMatchObject({ controlled: 'CIII', status: 'completed' });
    expect(of(held)).not.toHaveProperty('controlled');
  });

  it('tells what the patient reports as his own words', async () => {
    const { medications } = await list();
    expect(medications.find(({ medication_id }) => medication_id === reported.id)).toMatchObject({
      reported: true,
      sig: [{ text: 'two at night', origin: 'external', kind: 'patient_reported' }],
      stop_reason: [{ text: 'it made me dizzy', origin: 'external', kind: 'patient_reported' }],
    });
  });

  it('shows history on request, page by page', async () => {
    const all = await list({ active_only: false });
    expect(all.medications.at(-1)).toMatchObject({
      medication_id: stopped.id,
      status: 'stopped',
      stop_reason: [{ text: 'myalgia', origin: 'clinic' }],
    });
    const first = await list({ active_only: false, limit: 3 });
    const rest = await list({ active_only: false, after: first.medications[2]?.medication_id });
    expect([first.more, rest.more, [...first.medications, ...rest.medications]]).toEqual([true, false, all.medications]);
    await expect(list({ after: stopped.id })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(list({ patient_id: current.id })).rejects.toMatchObject({ type: 'not_found' });
  });
});
