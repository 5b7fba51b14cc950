// What a signer reads of visits, vital signs, orders, tasks and referrals: sentences by the clinic's clock, no codes and no ids.
import { MantineProvider } from '@mantine/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CANCELLATION_REASONS } from '../../src/domains/bookings.ts';
import { ReviewAction } from '../../src/domains/inbox.ts';
import { Modality } from '../../src/domains/open-slots.ts';
import { Referral } from '../../src/domains/referrals.ts';
import { VitalSetting, VitalSign } from '../../src/domains/vitals.ts';
import { choicesAt } from '../ui/plain-words.ts';
import { editableFields, PayloadView, type Shown } from './payload.tsx';

const ID = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const page = (shown: Omit<Shown, 'time_zone'>) =>
  renderToStaticMarkup(createElement(MantineProvider, null, createElement(PayloadView, { ...shown, time_zone: 'America/New_York' })))
    .replaceAll('\u202f', ' ')
    .replace(/<style[\s\S]*?<\/style>/g, '');
/** The texts of the page, in order. */
const read = (shown: Omit<Shown, 'time_zone'>) =>
  page(shown)
    .split(/<[^>]+>/)
    .filter((text) => text.trim() !== '');
const editable = (shown: Omit<Shown, 'time_zone'>) => editableFields(shown).map(({ path }) => path);

const visit = {
  patient_id: ID,
  patient: 'Ada Okafor',
  birth_date: '1950-02-01',
  practitioner_id: ID,
  practitioner: 'Ben Ruiz',
  visit_type: 'Follow-up',
  start_at: '2026-11-30T07:00:00-05:00',
  minutes: 30,
  modality: 'in_person',
};
const whose = ['Patient', 'Ada Okafor, born Feb 1, 1950', 'Visit', 'Follow-up', 'Clinician', 'Ben Ruiz'];

describe('a visit', () => {
  it('that is to be booked is read with day and time by the clinic’s clock, whatever offset it came with', () => {
    const told = [...whose, 'When', 'Mon, Nov 30, 2026, 7:00 AM, 30 minutes, in person'];
    expect(read({ kind: 'appointment_draft', payload: visit })).toEqual(told);
    expect(read({ kind: 'appointment_draft', payload: { ...visit, start_at: '2026-11-30T12:00:00Z' } })).toEqual(told);
    expect(read({ kind: 'draft_appointment', payload: visit })).toEqual(told);
  });

  it('that is to be moved is read before and after, also where another clinician sees her', () => {
    const was = { practitioner: 'Cora Lind', start_at: '2026-11-24T15:30:00-05:00', minutes: 20, modality: 'telehealth' };
    const shown = { kind: 'reschedule_draft', payload: { ...visit, appointment_id: ID, was } };
    expect(read(shown).slice(4)).toEqual([
      ...['Clinician', 'Until now ', 'Cora Lind', 'Ben Ruiz'],
      ...[
        'When',
        'Until now ',
        'Tue, Nov 24, 2026, 3:30 PM, 20 minutes, by telehealth',
        'Mon, Nov 30, 2026, 7:00 AM, 30 minutes, in person',
      ],
    ]);
    expect(page(shown)).toContain('<del>Tue, Nov 24');
  });

  it('that is to be called off is read with who called it off and why, each reason in words', () => {
    const called = (cancelled_by: string, reason_code: string) => ({
      kind: 'cancellation_draft',
      payload: { ...visit, appointment_id: ID, cancelled_by, reason_code },
    });
    expect(read(called('patient', 'transport')).slice(6)).toEqual([
      ...['Was booked for', 'Mon, Nov 30, 2026, 7:00 AM, 30 minutes, in person'],
      ...['Cancelled by', 'The patient', 'Why', 'No way to come'],
    ]);
    for (const [by, reasons] of Object.entries(CANCELLATION_REASONS))
      for (const reason of reasons) expect(read(called(by, reason)).at(-1)).toMatch(/^[A-Z][a-z ]+$/);
    expect(read(called('practice', 'toString')).at(-1)).toBe('ToString');
  });

  it('is edited where an edit can be signed, and nowhere else', () => {
    expect(editable({ kind: 'appointment_draft', payload: visit })).toEqual(['visit_type', 'modality']);
    expect(editable({ kind: 'reschedule_draft', payload: { ...visit, appointment_id: ID, was: visit } })).toEqual(['modality']);
    const cancelled = { ...visit, appointment_id: ID, cancelled_by: 'patient', reason_code: 'other' };
    expect(editable({ kind: 'cancellation_draft', payload: cancelled })).toEqual([]);
  });

  it('shows what a person changed of it', () => {
    const edited = { ...visit, visit_type: 'New patient', modality: 'telehealth' };
    const shown = read({ kind: 'appointment_draft', payload: edited, proposed_payload: visit });
    expect(shown.filter((text) => text === 'Changed from what the AI wrote')).toHaveLength(2);
  });
});

it('vital signs are read one line each, as they will be charted and as they were given, below what warns of them', () => {
  const payload = {
    patient_id: ID,
    encounter_id: ID,
    taken_at: '2026-11-20T09:30:00-05:00',
    setting: 'office',
    body_position: 'sitting',
    measurements: [
      { kind: 'blood_pressure', systolic: 128, diastolic: 78, unit: 'mm[Hg]' },
      { kind: 'temperature', value: 37, unit: 'Cel', given: '98.6 °F' },
    ],
    warnings: ['right patient, right unit?'],
  };
  expect(read({ kind: 'vitals_draft', payload })).toEqual([
    'right patient, right unit?',
    ...['Blood pressure', '128/78 mmHg', 'Temperature', '37 °C (given as 98.6 °F)'],
    ...['Taken', 'Fri, Nov 20, 2026, 9:30 AM, office, sitting'],
  ]);
  expect(editable({ kind: 'vitals_draft', payload })).not.toContain('measurements.0.kind');
});

describe('a kind without a view of its own', () => {
  const order = {
    patient_id: ID,
    encounter_id: ID,
    lab: { test: '13457-7', name: 'LDL cholesterol', priority: 'routine', due_on: '2026-12-01' },
    indication: 'E78.5',
    warnings: ['An open order brings this already.'],
  };
  it('is read in words and without ids, its warnings first', () => {
    expect(read({ kind: 'order_draft', payload: order })).toEqual([
      'An open order brings this already.',
      ...['Lab · Test', '13457-7', 'Lab · Name', 'LDL cholesterol', 'Lab · Priority', 'routine', 'Lab · Due on', 'Dec 1, 2026'],
      ...['For (ICD-10-CM)', 'E78.5'],
    ]);
    const task = { item_id: ID, item_kind: 'result', patient_id: ID, about: 'LDL 190', action: 'patient_called', note: 'Called.' };
    expect(read({ kind: 'task_update_draft', payload: task })).toEqual([
      ...['What it is', 'result', 'About', 'LDL 190', 'Action', 'Patient called', 'Note', 'Called.'],
    ]);
  });
  it('is read in the order in which people say it, whatever order the record keeps', () => {
    const kept = { sex: 'female', extra: 'x', phone: '+18045550101', birth_date: '1950-02-01', given_name: 'Ada', family_name: 'Okafor' };
    expect(read({ kind: 'patient_draft', payload: kept }).filter((_, n) => n % 2 === 0)).toEqual([
      ...['Given name', 'Family name', 'Birth date', 'Sex', 'Phone', 'Extra'],
    ]);
  });
  it('offers no test, warning or word of the record to be written otherwise, and codes as a choice', () => {
    expect(editable({ kind: 'order_draft', payload: order })).toEqual(['lab.priority', 'lab.due_on', 'indication']);
    const task = { item_id: ID, item_kind: 'result', patient_id: ID, about: 'LDL 190', action: 'patient_called', note: 'Called.' };
    expect(editable({ kind: 'task_update_draft', payload: task })).toEqual(['action', 'note']);
    expect(editable({ kind: 'patient_draft', payload: { given_name: 'Ada', birth_date: '1950-02-01' } })).toContain('birth_date');
  });
  it('knows every code that the server takes', () => {
    const positions = VitalSign.shape.body_position.unwrap().options;
    const taken = { modality: Modality, action: ReviewAction, setting: VitalSetting, urgency: Referral.shape.priority };
    for (const [field, { options }] of Object.entries(taken)) expect(choicesAt(field)).toEqual(options);
    expect(choicesAt('body_position')).toEqual(positions);
    expect(choicesAt('lab.priority')).toEqual(Referral.shape.priority.options);
  });
});
