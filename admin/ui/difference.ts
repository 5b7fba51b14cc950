/** What changed between two texts, word by word. */
export interface Change {
  what: 'same' | 'added' | 'removed';
  text: string;
}

/** Above this many comparisons the middle is told as one change. */
const MOST = 4_000_000;

export function difference(before: string, after: string): Change[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return joined([
    ...old.slice(0, head).map((text) => ({ what: 'same' as const, text })),
    ...between(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...old.slice(old.length - tail).map((text) => ({ what: 'same' as const, text })),
  ]);
}

const wordsOf = (text: string) => text.split(/(\s+)/).filter((word) => word !== '');

/** Longest common subsequence. */
function between(old: readonly string[], now: readonly string[]): Change[] {
  if (old.length * now.length > MOST) return [...removed(old), ...added(now)];
  const width = now.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      best[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      changes.push({ what: 'same', text: old[i] ?? '' });
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) changes.push({ what: 'removed', text: old[i++] ?? '' });
    else changes.push({ what: 'added', text: now[j++] ?? '' });
  }
  return [...changes, ...removed(old.slice(i)), ...added(now.slice(j))];
}

const removed = (words: readonly string[]): Change[] => words.map((text) => ({ what: 'removed', text }));
const added = (words: readonly string[]): Change[] => words.map((text) => ({ what: 'added', text }));

/** Neighbours of one kind become one; within a run of changes, what went stands before what came. */
function joined(changes: readonly Change[]): Change[] {
  const out: Change[] = [];
  for (const { what, text } of changes) {
    const last = out.at(-1);
    const before = out.at(-2);
    if (last?.what === what) last.text += text;
    else if (what === 'removed' && last?.what === 'added' && before?.what === 'removed') before.text += text;
    else out.push({ what, text });
  }
  return out;
}
