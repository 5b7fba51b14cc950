import { describe, expect, it } from 'vitest';
import { shareIngredient, speaksOf } from './drug-classes.ts';

describe('an allergy', () => {
  it.each([
    ['penicillin G', 'amoxicillin 500 mg capsule', 'class'],
    ['PCN', 'Augmentin', 'class'],
    ['amoxicillin', 'amoxicillin / clavulanate', 'ingredient'],
    ['Penicillins', 'cephalexin', 'beside'],
    ['sulfamethoxazole', 'Bactrim DS', 'class'],
    ['Sulfa drugs', 'sulfamethoxazole-trimethoprim', 'class'],
    ['ibuprofen', 'naproxen 500 mg', 'class'],
    ['NSAIDs', 'meloxicam', 'class'],
    ['aspirin', 'ketorolac', 'class'],
    ['lisinopril', 'enalapril', 'class'],
    ['lisinopril', 'losartan', 'beside'],
    ['erythromycin', 'azithromycin', 'class'],
    ['ciprofloxacin', 'levofloxacin', 'class'],
    ['statin', 'rosuvastatin', 'class'],
    ['latex', 'latex condom', 'ingredient'],
  ])('to %s speaks of %s: %s', (substance, drug, how) => {
    expect(speaksOf(substance, drug)?.how).toBe(how);
  });

  it.each([
    ['penicillin G', 'azithromycin'],
    ['sulfamethoxazole', 'morphine sulfate'],
    ['sulfa', 'albuterol sulfate inhaler'],
    ['potassium iodide', 'potassium chloride'],
    ['peanut', 'lisinopril 10 mg oral tablet'],
    ['statin', 'nystatin suspension'],
    ['codeine', 'ibuprofen'],
    ['omeprazole', 'aripiprazole'],
  ])('to %s says nothing of %s', (substance, drug) => {
    expect(speaksOf(substance, drug)).toBeUndefined();
  });
});

describe('the same ingredient', () => {
  it('is known by its word, not by its salt, form or strength', () => {
    expect(shareIngredient('metoprolol tartrate 25 mg tablet', 'metoprolol succinate extended release')).toBe(true);
    expect(shareIngredient('metoprolol tartrate 25 mg tablet', 'zolpidem tartrate')).toBe(false);
  });
});
