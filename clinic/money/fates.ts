// What becomes of a claim. Most are paid; the few that are not are fixed by the story of their patient, so that each clinic has each of them.

/** co16 … co197: denied for that reason · pr27, pr204: denied, the patient owes it · line: one line denied · reversal: paid, taken back, paid otherwise ·
 *  silent: no answer · rejected: never came to the payer · pended: the payer asks for records. */
export type Fate =
  | 'usual'
  | 'co16'
  | 'co29'
  | 'co197'
  | 'co50'
  | 'pr27'
  | 'pr204'
  | 'line'
  | 'reversal'
  | 'silent'
  | 'rejected'
  | 'pended'
  | 'draft';

interface Fixed {
  fate: Fate;
  /** How many days ago the service was: the first claim between these. */
  between: readonly [oldest: number, newest: number];
  /** Lines that the claim must have at least. */
  lines?: number;
}

export const FIXED: Record<string, readonly Fixed[]> = {
  'dm.improving': [
    { fate: 'line', between: [600, 90], lines: 2 },
    { fate: 'reversal', between: [420, 150] },
  ],
  'dm.controlled': [{ fate: 'reversal', between: [540, 170] }],
  'dm.none': [{ fate: 'pr204', between: [690, 60] }],
  'dm.ifcc': [
    { fate: 'co16', between: [430, 140] },
    { fate: 'pended', between: [70, 15] },
  ],
  'ckd.equation': [
    { fate: 'line', between: [650, 60], lines: 3 },
    { fate: 'pr27', between: [300, 60] },
  ],
  'ckd.decline': [{ fate: 'co50', between: [500, 60], lines: 2 }],
  'thyroid.over': [
    { fate: 'co16', between: [640, 120] },
    { fate: 'co16', between: [100, 30] },
  ],
  'thyroid.biotin': [{ fate: 'rejected', between: [250, 20] }],
  'thyroid.hashimoto': [
    { fate: 'co197', between: [560, 80] },
    { fate: 'line', between: [330, 60], lines: 2 },
  ],
  'thyroid.twin': [{ fate: 'pr27', between: [200, 60] }],
  'gen.checkup': [{ fate: 'co29', between: [700, 300] }],
  'gen.prediabetes': [{ fate: 'co16', between: [640, 130] }],
  'gen.deceased': [{ fate: 'pr204', between: [690, 200] }],
  'glp1.forty': [{ fate: 'pr204', between: [400, 60] }],
  'glp1.gi': [{ fate: 'co197', between: [320, 90] }],
  'glp1.steady': [{ fate: 'reversal', between: [560, 200] }],
  'hrt.patch': [{ fate: 'silent', between: [240, 78] }],
  'hrt.stopped': [{ fate: 'co50', between: [500, 60] }],
  'trt.psa': [{ fate: 'co197', between: [500, 60] }],
};

/** CAS of a denial: group, reason, and the remark that explains it. */
export const DENIALS: Partial<Record<Fate, { group: 'CO' | 'PR'; reason: string; remark?: string }>> = {
  co16: { group: 'CO', reason: '16', remark: 'N290' },
  co29: { group: 'CO', reason: '29' },
  co197: { group: 'CO', reason: '197' },
  co50: { group: 'CO', reason: '50', remark: 'N115' },
  pr27: { group: 'PR', reason: '27' },
  pr204: { group: 'PR', reason: '204', remark: 'N130' },
  line: { group: 'CO', reason: '97', remark: 'M15' },
};
