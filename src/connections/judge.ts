// A page as it came, held against its contract.

import type { Verdict } from './contract.ts';
import type { Expected } from './contract-shape.ts';
import { htmlDifferences, jsonDifferences, UNREADABLE } from './differences.ts';
import { fingerprintOfJson } from './fingerprint.ts';
import { decideAnchor, fingerprintOfHtml } from './html-fingerprint.ts';

/** `body`: the decoded text; `url`: where it came from. What is no JSON where JSON was agreed is a break. `decide`: which element an anchor means (html-fingerprint.ts). */
export function judge(
  body: string,
  expected: Expected,
  { url, decide = decideAnchor }: { url: string; decide?: typeof decideAnchor },
): Verdict {
  if (expected.of === 'html') return { differences: htmlDifferences(fingerprintOfHtml(body, expected, { url, decide }), expected) };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { differences: [UNREADABLE] };
  }
  const fingerprint = fingerprintOfJson(parsed, expected);
  return { differences: jsonDifferences(fingerprint, expected), fingerprint };
}
