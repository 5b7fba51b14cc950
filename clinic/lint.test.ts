import { looksReal } from '../test/builders/lint.ts';
import { RULES } from './lint.ts';

looksReal('all', RULES, ({ all, first }) => ({
  'nobody is seen on a weekend, a holiday, at lunch or at night': first('appointments', { start_at: '2025-12-25T10:00:00-05:00' }),
  'visits do not begin at the same times of day': all('appointments', ({ start_at }) => ({
    start_at: `${start_at.slice(0, 11)}09:00:00-05:00`,
  })),
  'no clinician sees more than 30 a day, or two at once': all('appointments', () => ({ start_at: '2025-12-22T10:00:00-05:00' })),
  'some do not come, some cancel, some move': all('appointments', () => ({ status: 'completed' })),
  'a visit is booked before it is, and called off before it would have been': all('appointments', ({ start_at }) => ({
    booked_at: start_at,
  })),
  'nothing lies in the future but appointments': first('lab_results', { resulted_at: '2026-11-25T10:00:00-05:00' }),
  'the record begins with the chart and ends with the life': all('patients', ({ created_at }) => ({
    created_at: created_at.replace(/^\d{4}/, '2026'),
  })),
  'laboratories print their own ranges, and sometimes no flag': all('lab_results', () => ({ lab_flag: 'N', ref_low: 1, ref_high: 2 })),
  'numbers have the decimals of their instrument, and are not all round': all('lab_results', ({ value }) => ({
    value: value === null ? null : Math.round(value),
  })),
  'each patient has a level of his own': all('lab_results', ({ value, collected_at }) => ({
    value: value === null ? null : Number(collected_at.slice(8, 10)),
  })),
  'what hangs together in the body hangs together on paper, though not perfectly': all('lab_results', ({ value, id }) => ({
    value: value === null ? null : Number.parseInt(id.slice(0, 4), 16),
  })),
  'normal results are repeated, and not everybody gets better': all('lab_results', ({ value, collected_at }) => ({
    value: value === null ? null : 1e6 - Date.parse(collected_at) / 1e7,
  })),
  'a drug has a reason, and some are stopped, missed or unknown': all('medication_requests', () => ({ reason_icd10: null })),
  'no note is the copy of another': all('chart_notes', () => ({ body: { assessment: [{ text: 'Doing well.', origin: 'clinic' }] } })),
  'names are names, and numbers reach nobody': first('patients', { given_name: 'Carson894', phone: '+18042125309' }),
  'people are of all ages, and not everything is known of everyone': all('patients', () => ({ birth_date: '1985-01-01' })),
}));
