// What a note may say. A phrase is text with {facts} in braces; it is said only when every fact in it is known. `?hct>52&!first ` before it is a condition on
// numbers and yes-or-no facts. Phrases of one slot are alternatives; a patient's notes go through them before one comes again.

export type Slot = readonly string[];

export interface Talk {
  subjective: readonly Slot[];
  exam: readonly Slot[];
  /** The analytes that a note of this kind quotes, in order, and what authors in a hurry call them. */
  quotes: readonly (readonly [analyte: string, full: string, short: string])[];
  assessment: readonly Slot[];
  plan: readonly Slot[];
}
