// A page as it came, held against its contract.

import type { Verdict } from './contract.ts';
import type { Expected } from './contract-shape.ts';
import { type FieldRule, htmlDifferences, jsonDifferences, UNREADABLE } from './differences.ts';
import { fingerprintOfJson } from './fingerprint.ts';
import { decideAnchor, fingerprintOfHtml } from './html-fingerprint.ts';

/** How it is judged: for the simulator, which plants mistakes here. */
export interface Judging {
  fieldRules?: readonly FieldRule[];
  decide?: typeof decideAnchor;
}

/** `body`: the decoded text; `url`: where it came from. What is no JSON where JSON was agreed is a break. */
export function judge(body: string, expected: Expected, { url, fieldRules, decide = decideAnchor }: { url: string } & Judging): Verdict {
  if (expected.of === 'html') return { differences: htmlDifferences(fingerprintOfHtml(body, expected, { url, decide }), expected) };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { differences: [UNREADABLE] };
  }
  const fingerprint = fingerprintOfJson(parsed, expected);
  return { differences: jsonDifferences(fingerprint, expected, fieldRules), fingerprint };
}
