import { describe, expect, it } from 'vitest';
import type { VitalSign, Vitals } from '../domains/vitals.ts';
import { getVitals } from './vitals.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;
const weight: VitalSign = {
  vital_sign_id: id,
  kind: 'weight',
  loinc: '29463-7',
  taken_at: '2026-11-18T09:00:00-05:00',
  value: 80,
  unit: 'kg',
  setting: 'office',
};

async function ask(input: object, found: VitalSign[] = [weight]) {
  const list: Vitals['list'] = async () => ({ vitals: found, more: false });
  const summarize: Vitals['summarize'] = async ({ aggregate, kind = 'weight' }) => [
    { kind, unit: 'kg', count: 1, definition: `vital_${aggregate}@1` },
  ];
  if (getVitals.effect !== 'read') throw new Error('get_vitals reads');
  return getVitals.run(
    { vitals: { list, summarize }, caller, now: new Date(0), today: '2026-11-20' },
    getVitals.input.parse({ patient_id: id, ...input }),
  );
}

describe('get_vitals', () => {
  it('lists readings, and names the formula of a BMI where one was computed', async () => {
    expect(await ask({})).toEqual({ vitals: [weight], more: false });
    expect(await ask({}, [{ ...weight, bmi_computed: 25.2 }])).toMatchObject({ definition: 'bmi@1' });
  });

  it('gives a figure in place of the list when it is asked for one', async () => {
    expect(await ask({ kind: 'weight', aggregate: 'average' })).toEqual({
      vitals: [],
      figures: [{ kind: 'weight', unit: 'kg', count: 1, definition: 'vital_average@1' }],
    });
  });

  it('knows the kinds by their names only', () => {
    expect(getVitals.input.safeParse({ patient_id: id, kind: 'blood_pressure', setting: 'home', aggregate: 'change' }).success).toBe(true);
    for (const wrong of [{ kind: 'bp' }, { aggregate: 'mean' }, { setting: 'car' }, { until: '2026-02-30' }])
      expect(getVitals.input.safeParse({ patient_id: id, ...wrong }).success).toBe(false);
  });
});
