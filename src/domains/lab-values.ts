// A lab's printed value, read strictly: only what is wholly a number is a number.

/** Words with which a lab says that there is no result (QNS: quantity not sufficient, TNP: test not performed). */
const NO_RESULT =
  /^(qns|tnp|dnr|cancell?ed|test not performed|not performed|quantity not sufficient|insufficient (specimen|quantity)|(specimen |gross(ly)? )?hemoly[sz]ed)\.?$/i;
const NUMBER = /^(<=|>=|<|>|≤|≥)?\s*([+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3})+)(?:\.\d{1,12})?|\.\d{1,12})$/;

export interface PrintedValue {
  /** A decimal numeral, as printed. */
  value?: string;
  comparator?: '<' | '<=' | '>' | '>=';
  value_text?: string;
  /** The lab says that there is none. */
  cancelled?: true;
}

/** '12' and '<0.01' and '1,250' are numbers; '1:80', '5-10', 'see note' and '1,5' are words. */
export function readValue(printed: string): PrintedValue {
  const text = printed.trim();
  if (NO_RESULT.test(text)) return { value_text: text, cancelled: true };
  const [, sign, numeral] = NUMBER.exec(text) ?? [];
  if (numeral === undefined) return { value_text: text };
  const comparator = sign?.replace('≤', '<=').replace('≥', '>=') as PrintedValue['comparator'];
  return { value: numeral.replaceAll(',', ''), ...(comparator && { comparator }) };
}
