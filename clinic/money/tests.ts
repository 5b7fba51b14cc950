// The laboratory tests that the clinic bills itself: those of its own draws, by the code of each.
import type { OrderKey } from '../labs/orders.ts';
import type { Setting } from '../setting.ts';
import type { Code } from './fees.ts';

const TESTS: Partial<Record<OrderKey, readonly Code[]>> = {
  cmp: ['80053'],
  bmp: ['80048'],
  lipid: ['80061'],
  a1c: ['83036'],
  tsh: ['84443'],
  thy: ['84443', '84439'],
  thy3: ['84443', '84439'],
  cbc: ['85027'],
  cbcd: ['85025'],
  trtmon: ['84403', '84153'],
  hypogon: ['84403'],
  tt: ['84403'],
  vitd: ['82306'],
  psa: ['84153'],
  ferritin: ['82728'],
};

/** One code a test, however often it was ordered; what has none of its own is one panel. */
export function testsOf({ arc }: Setting, label: string | undefined): Code[] {
  const draw = arc.draws.find((each) => each.label === label);
  if (!draw) return [];
  const codes = draw.orders.flatMap((order) => TESTS[order] ?? (['LAB-PNL'] as const));
  return [...new Set<Code>(codes)];
}
