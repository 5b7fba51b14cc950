import { arch, availableParallelism, totalmem } from 'node:os';
import type { Population } from '../clinic/scale/population.ts';
import { SERVER_SETTINGS } from '../src/db/settings.ts';
import type { Loaded } from './scale-load.ts';
import type { Timed } from './scale-questions.ts';

export interface Clinic {
  patients: number;
  search: Timed[];
  plain: Timed[];
  patient: Timed[];
  sweeps: Timed[];
}

const n = (value: number) => value.toLocaleString('en-US');

/** The part of docs/bench.md that `npm run bench -- --scale` makes. */
export function scaleReport({
  population,
  loaded,
  sizes,
  clinics,
}: {
  population: Population;
  loaded: Loaded;
  sizes: readonly { table: string; mb: number; index_mb: number }[];
  clinics: readonly Clinic[];
}): string {
  const patients = population.clinics.reduce((sum, of) => sum + of, 0);
  const total = sizes.reduce((sum, { mb, index_mb }) => sum + mb + index_mb, 0);
  const heads = clinics.map((clinic) => n(clinic.patients));
  const names = (of: 'search' | 'plain' | 'patient' | 'sweeps') => [
    ...new Set(clinics.flatMap((clinic) => clinic[of].map(({ what }) => what))),
  ];
  const cell = (clinic: Clinic, of: 'search' | 'plain' | 'patient' | 'sweeps', what: string, show: (timed: Timed) => string) => {
    const found = clinic[of].find((timed) => timed.what === what);
    return found ? show(found) : '–';
  };
  const table = (of: 'search' | 'plain' | 'patient' | 'sweeps', head: string, show: (timed: Timed) => string) =>
    [
      `| ${head} | ${heads.join(' | ')} |`,
      `|---|${heads.map(() => '---').join('|')}|`,
      ...names(of).map((what) => `| ${what} | ${clinics.map((clinic) => cell(clinic, of, what, show)).join(' | ')} |`),
    ].join('\n');
  const searched = (timed: Timed) => `${timed.p95_ms.toFixed(0)} · ${timed.recall?.toFixed(3) ?? ''}`;
  return `
## Large clinics

\`npm run bench -- --scale --write\` made this part: ${n(patients)} patients and ${n(loaded.rows.lab_results ?? 0)} laboratory rows in ${population.clinics.length} clinics of sizes by Zipf's law (largest ${n(population.clinics[0] ?? 0)}), in the
private PostgreSQL with the settings that it is shipped with (${SERVER_SETTINGS.shared_buffers} of shared buffers; the rest is the system's cache), on ${availableParallelism()} cores (${arch()}) with ${Math.round(totalmem() / 2 ** 30)} GB. One caller, MCP over HTTP, the whole path:
both audit rows committed, sealed tenancy, containment. The columns are clinics of different sizes in the same database.

Loading: COPY ${loaded.copy_s.toFixed(0)} s (making the rows included), keys, indexes, foreign keys and statistics ${loaded.index_s.toFixed(0)} s, at most ${loaded.rss_mb.toFixed(0)} MB in the loader. Every foreign key was made after the load and held: no row is an orphan.
On disk ${(total / 1024).toFixed(1)} GB: ${sizes
    .slice(0, 6)
    .map(({ table, mb, index_mb }) => `${table} ${(mb / 1024).toFixed(1)} + ${(index_mb / 1024).toFixed(1)} of indexes`)
    .join(', ')}.

### Search: p95 in ms · recall among the first ten

${table('search', 'the name comes', searched)}

Baseline, in the same run: the surname in plain SQL without tokens, as the superuser, with none of the law.

${table('plain', 'baseline', searched)}

### Tools of one patient: p95 in ms

${table('patient', 'tool', ({ p95_ms }) => p95_ms.toFixed(0))}

### Across all patients of a clinic: slowest of five, in ms

${table('sweeps', 'tool', ({ max_ms }) => max_ms.toFixed(0))}
`;
}
