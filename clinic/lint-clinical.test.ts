import { looksReal } from '../test/builders/lint.ts';
import { CLINICAL_RULES } from './lint-clinical.ts';

looksReal('the clinical half', CLINICAL_RULES, ({ all, first }) => {
  const numbers = (change: (value: number) => number) =>
    all('vital_signs', ({ value, systolic, diastolic }) =>
      value === null ? { systolic: change(systolic as number), diastolic } : { value: change(value) },
    );
  return {
    'BMI is the weight over the square of the height, but for what is wrong on purpose': all('vital_signs', ({ loinc, value }) => ({
      value: loinc === '39156-5' ? (value as number) + 1 : value,
    })),
    'nobody is measured at the same second as everybody': all('vital_signs', ({ taken_at }) => ({
      taken_at: `${taken_at.slice(0, 11)}09:00:00${taken_at.slice(19)}`,
    })),
    'weights and temperatures have decimals, and some are rounded': numbers(Math.round),
    'every body has a weight and a pressure of its own': all('vital_signs', ({ value, systolic, id }) => {
      const chance = 80 + (Number.parseInt(id.slice(0, 4), 16) % 80);
      return value === null ? { systolic: systolic && chance + 60, diastolic: 60 } : { value: chance };
    }),
    'some pressures are high, some are normal, and a high one is often taken twice': all('vital_signs', ({ value }) =>
      value === null ? { systolic: 118, diastolic: 76 } : {},
    ),
    'pressures end in every digit, a little more often in an even one': numbers((value) => 2 * Math.round(value / 2)),
    'nobody is measured everything, and on a screen next to nothing': all('vital_signs', () => ({ encounter_id: null })),
    'what was taken in the office was taken during the visit': all('vital_signs', () => ({ taken_at: '2025-01-01T10:00:00-05:00' })),
    'every drug that was prescribed is for something on the list, or a diagnosis of a visit': all('conditions', () => ({ icd10: 'Z71.3' })),
    'codes are valid on the day of service, and sugar has diabetes': all('conditions', () => ({
      icd10: 'E66.811',
      recorded_on: '2024-01-01',
    })),
    'nothing clinical lies in the future, or after a death': first('lab_orders', { ordered_at: '2027-01-04T10:00:00-05:00' }),
    'a draw was ordered before it, and some orders come to nothing': all('lab_orders', () => ({ status: 'completed' })),
    'not every result is looked at, and none at once': all('lab_reviews', () => ({ reviewed_at: '2026-11-19T10:00:00-05:00' })),
    'allergies: some have none, some were never asked, some react': all('allergies', () => ({ reactions: [] })),
    'some are never picked up, refused or waiting': all('prescriptions', () => ({ status: 'filled' })),
  };
});
