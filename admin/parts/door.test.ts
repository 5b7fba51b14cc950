// What a signer of the front desk reads: words and values, no codes and no ids.
import { MantineProvider } from '@mantine/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { editableFields, PayloadView, type Shown } from './payload.tsx';

const ID = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
/** The texts of the page, in order. */
const read = (shown: Omit<Shown, 'time_zone'>) =>
  renderToStaticMarkup(createElement(MantineProvider, null, createElement(PayloadView, { ...shown, time_zone: 'America/New_York' })))
    .replaceAll('\u202f', ' ')
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .split(/<[^>]+>/)
    .filter((text) => text.trim() !== '');

describe('contact details', () => {
  const payload = {
    patient_id: ID,
    patient: 'Ada Okafor',
    changes: [
      { field: 'phone', before: '+18045550101', after: '+18045550102' },
      { field: 'email', after: 'ada@example.org' },
      { field: 'city', before: 'Richmond' },
    ],
    confirmed: { by: 'patient', at: '2026-11-20T15:00:00.000Z', details: [{ field: 'phone', value: '+18045550102' }] },
  };
  it('are read before and after, with who said that they are right', () => {
    expect(read({ kind: 'contact_update_draft', payload })).toEqual([
      ...['Phone', '+18045550101', '+18045550102'],
      ...['E-mail', 'Not known until now', 'ada@example.org'],
      ...['City', 'Richmond', 'Is taken out of the chart.'],
      ...['Confirmed', 'The patient said on Nov 20, 2026 that these are right:', 'Phone: +18045550102'],
    ]);
  });
  it('are edited where the new values stand, and nowhere else', () => {
    expect(editableFields({ kind: 'contact_update_draft', payload })).toEqual([
      { path: 'changes.0.after', label: 'Phone' },
      { path: 'changes.1.after', label: 'E-mail' },
    ]);
  });
});

it('a form is read as what, of whom, how, for which visit and until when', () => {
  const payload = { patient_id: ID, patient: 'Ada Okafor', kind: 'phq9', channel: 'paper', expires_on: '2026-11-23' };
  const visit = { appointment_id: ID, start_at: '2026-11-23T09:00:00-05:00', visit_type: 'Follow-up' };
  const shown = read({ kind: 'intake_form_draft', payload: { ...payload, ...visit } });
  expect(shown).toEqual([
    'Form',
    'PHQ-9',
    'Asked of',
    'Ada Okafor',
    'How',
    'On paper, at the clinic',
    'For',
    'Follow-up, Mon, Nov 23, 2026, 9:00 AM',
    'Until',
    'Nov 23, 2026',
  ]);
  expect(read({ kind: 'intake_form_draft', payload })).toContain('No visit');
});

it('a new patient is read without the ids of those whom she was said not to be; the marks have their names', () => {
  const payload = {
    family_name: 'Okafor',
    given_name: 'Ada',
    birth_date: '1950-02-01',
    sex: 'female',
    not_the_same_as: [{ patient_id: ID }],
  };
  const marks = [{ path: 'not_the_same_as', level: 'warn' as const, text: 'Said not to be Ada Okafor, born 1950-02-01, MRN SYN-7.' }];
  const shown = read({ kind: 'patient_draft', payload, marks }).join(' ');
  expect(shown).toContain('Said not to be Ada Okafor');
  expect(shown).not.toContain(ID);
});
