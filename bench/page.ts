import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = path.join(import.meta.dirname, '../docs/bench.md');
const SCALE = '\n## Large clinics\n';

/** Puts one part into docs/bench.md and leaves the other as it is. `text` of the part scale begins with its heading. */
export function keep(part: 'calls' | 'scale', text: string): void {
  const [calls = '', scale] = readFileSync(FILE, 'utf8').split(SCALE);
  const parts = part === 'scale' ? [calls, text] : [text, scale === undefined ? '' : `${SCALE}${scale}`];
  writeFileSync(FILE, parts[1] === '' ? text : `${parts[0]?.trimEnd()}\n${parts[1]}`);
}
