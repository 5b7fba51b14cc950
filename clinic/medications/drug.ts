// What a product is. RxNorm codes in these lists are the ones we could check; where we could not, the clinic's own formulary
// code stands alone. Compounded preparations have no RxNorm concept.

/** What a product does to the body of labs/physiology.ts: an agent and its dose. */
export type Agent =
  | 'testosterone'
  | 'clomiphene'
  | 'incretin'
  | 'metformin'
  | 'sglt2'
  | 'statin'
  | 'estradiol'
  | 'testosterone_f'
  | 'levothyroxine'
  | 'acei'
  | 'thiazide'
  | 'iron'
  | 'vitamin_d'
  | 'biotin'
  | 'loop'
  | 'allopurinol';

export interface Drug {
  rxnorm?: string;
  local?: string;
  name: string;
  ingredient: string;
  form: string;
  /** As prescribers write it; one of them is taken. */
  sigs: readonly string[];
  /** How the note calls it. */
  short: string;
  days: number;
  refills: number;
  controlled?: 'CIII' | 'CIV';
  does?: readonly [Agent, number];
}

/** A tablet or capsule for three months. */
export const oral = (name: string, ingredient: string, short: string, sigs: readonly string[], more: Partial<Drug>): Drug => ({
  name,
  ingredient,
  short,
  sigs,
  form: 'Oral Tablet',
  days: 90,
  refills: 1,
  ...more,
});
/** Bought without prescription: the patient's own words are the directions. */
export const otc = (name: string, ingredient: string, sig: string, more: Partial<Drug> = {}): Drug => ({
  name,
  ingredient,
  short: ingredient,
  sigs: [sig],
  form: 'Oral Tablet',
  days: 0,
  refills: 0,
  ...more,
});
