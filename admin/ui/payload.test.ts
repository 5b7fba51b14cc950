import { describe, expect, it } from 'vitest';
import { leavesOf, plainPath, textAt, withText } from './payload.ts';

const note = { patient_id: 'p', soap: { plan: 'Rest.' }, not_in_chart: ['fever'] };

describe('a path into a payload', () => {
  it('is the same however it is written', () => {
    expect(['soap.plan', '/soap/plan', 'payload.soap.plan'].map((path) => textAt(note, path))).toEqual(['Rest.', 'Rest.', 'Rest.']);
    expect(plainPath('/not_in_chart/0')).toBe(plainPath('not_in_chart[0]'));
    expect(textAt(note, 'soap.nothing.here')).toBe('');
  });

  it('takes another text without touching what is shown', () => {
    expect(withText(note, 'soap.plan', 'Walk.')).toEqual({ ...note, soap: { plan: 'Walk.' } });
    expect(note.soap.plan).toBe('Rest.');
  });
});

describe('a payload of a kind that has no form of its own', () => {
  it('is read field by field, without the ids of records', () => {
    expect(leavesOf({ ...note, encounter_id: 'e', goal_ids: ['g'], refills: 2, urgent: false })).toEqual([
      { path: 'soap.plan', text: 'Rest.' },
      { path: 'not_in_chart.0', text: 'fever' },
      { path: 'refills', text: '2' },
      { path: 'urgent', text: 'false' },
    ]);
  });
});
