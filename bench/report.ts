import type { Measured } from './load.ts';

export interface Row {
  tool: string;
  way: string;
  callers: number;
  full: Measured & { server_us: number; postgres_us: number };
  baseline: Measured & { server_us: number; postgres_us: number };
}

interface Setting {
  version: string;
  synchronous_commit: string;
  fsync: string;
  cores: number;
  node: string;
  ms: number;
  rounds: number;
  patients: number;
}

/** docs/bench.md. */
export function report(rows: readonly Row[], on: Setting): string {
  const table = rows.map(({ tool, way, callers, full, baseline }) =>
    [
      tool,
      way,
      callers,
      full.calls_per_s.toFixed(0),
      baseline.calls_per_s.toFixed(0),
      `**${(full.calls_per_s / baseline.calls_per_s).toFixed(2)}**`,
      `${full.p50_ms.toFixed(1)} / ${full.p99_ms.toFixed(1)}`,
      `${baseline.p50_ms.toFixed(1)} / ${baseline.p99_ms.toFixed(1)}`,
      full.server_us.toFixed(0),
      baseline.server_us.toFixed(0),
      full.postgres_us.toFixed(0),
      baseline.postgres_us.toFixed(0),
      full.answer_bytes,
    ].join(' | '),
  );
  return `# Benchmark

\`npm run bench -- --write\` made this page. Full path: MCP or REST, authentication, sealed tenancy, both audit rows committed (synchronous_commit ${on.synchronous_commit}, fsync ${on.fsync}), containment,
bounds. Baseline, in the same run and in turns with it: the SDK's low-level server (for REST: Hono) with the same SQL on a copy of the data, and no authentication, tenancy or audit.
Load, server and PostgreSQL share ${on.cores} cores: the ratios mean something, the absolutes little. ${on.node}, PostgreSQL ${on.version}, ${on.ms} ms a cell after a warm-up, best of ${on.rounds}
rounds, ${on.patients} patients with 40 lab results or more. CPU is per call: "server" is the Node process (protocol and ours; the difference to the baseline is ours), "pg" is PostgreSQL.

| tool | way | callers | calls/s | baseline | ratio | p50 / p99 ms | baseline | server µs | baseline | pg µs | baseline | bytes |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
${table.map((line) => `| ${line} |`).join('\n')}
`;
}
