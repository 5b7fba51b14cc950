import type { Paged } from '../operations/operation.ts';
import { closed } from './contain.ts';

// Bounded answers (mission.md D11): a list ends at its limit and at the byte budget, and says so; one record that alone is too large is shortened, and says so.

export interface Bounds {
  page: Paged | undefined;
  limit: number;
  more: boolean;
  budget_bytes: number;
  /** Turns the id of the last row kept into the cursor of the next page. */
  cursorOf(id: string): string;
  /** The envelope that goes before the content. */
  head: Record<string, unknown>;
  /** The id field leaves the rows once the cursor is made. */
  hide_id: boolean;
}

const bytes = (text: string) => Buffer.byteLength(text);

/** The answer within its bounds, and its text. `truncated: true` and `cursor` stand in it when rows were left out. */
export function bound(value: Record<string, unknown>, bounds: Bounds): { value: Record<string, unknown>; text: string } {
  const { page, head } = bounds;
  if (!page) return settle({ ...head, ...value }, bounds.budget_bytes);

  const rows = value[page.list] as Record<string, unknown>[];
  const shown = rows.map((row) => (bounds.hide_id ? without(row, page.id) : row));
  const rest = { ...head, ...value, [page.list]: [] };
  let room = bounds.budget_bytes - bytes(JSON.stringify({ ...rest, truncated: true, cursor: 'x'.repeat(22) }));
  let kept = 0;
  while (kept < rows.length && kept < bounds.limit) {
    const size = bytes(JSON.stringify(shown[kept])) + 1;
    if (size > room && kept > 0) break;
    room -= size;
    kept += 1;
  }
  const truncated = kept < rows.length || bounds.more;
  const last = rows[kept - 1];
  const bounded = {
    ...rest,
    [page.list]: shown.slice(0, kept),
    ...(truncated && { truncated: true }),
    ...(truncated && last && { cursor: bounds.cursorOf(last[page.id] as string) }),
  };
  return settle(bounded, bounds.budget_bytes);
}

/** Shortens the longest strings until the text fits; what was shortened says how much is missing. */
function settle(value: Record<string, unknown>, budget: number): { value: Record<string, unknown>; text: string } {
  let current = value;
  let text = JSON.stringify(current);
  for (let ceiling = 4096; bytes(text) > budget && ceiling >= 64; ceiling = Math.floor(ceiling * 0.75)) {
    current = { ...(clip(value, ceiling) as Record<string, unknown>), truncated: true };
    text = JSON.stringify(current);
  }
  return { value: current, text };
}

function clip(value: unknown, ceiling: number): unknown {
  if (typeof value === 'string' && value.length > ceiling) {
    const head = value.slice(0, ceiling).replace(/[\ud800-\udbff]$/, '');
    // A reference or a marker is kept whole or not at all; outside text that is cut still ends where its markers say.
    const whole = head.lastIndexOf('⟦') > head.lastIndexOf('⟧') ? head.slice(0, head.lastIndexOf('⟦')) : head;
    return `${closed(whole)} […${value.length - whole.length} more characters; ask with a larger max_bytes]`;
  }
  // Where shortening strings does not do, what is many is cut as well.
  if (Array.isArray(value)) return (ceiling < 512 ? value.slice(0, 20) : value).map((item) => clip(item, ceiling));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clip(item, ceiling)]));
  return value;
}

function without(row: Record<string, unknown>, field: string): Record<string, unknown> {
  const { [field]: _, ...others } = row;
  return others;
}
