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

## Where the CPU goes at 16 callers, µs a call

| tool | way | protocol and source | ours in the server | the SQL | ours in PostgreSQL |
|---|---|---|---|---|---|
${rows
  .filter(({ callers }) => callers === 16)
  .map(
    ({ tool, way, full, baseline }) =>
      `| ${[tool, way, baseline.server_us, full.server_us - baseline.server_us, baseline.postgres_us, full.postgres_us - baseline.postgres_us].map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell)).join(' | ')} |`,
  )
  .join('\n')}

Ours in PostgreSQL: authenticating and the intent row with its commit, sealing the transaction, row security, the final row with its commit, cleaning the connection. Ours in the server: two more round
trips, hashing, parsing the input, checking the output, labels, bounds. REST is measured beside bare Hono, which has no protocol to speak of; beside the SDK's server over MCP it stands at
${against(rows, 'get_labs')} (get_labs) and ${against(rows, 'search_patients')} (search_patients) at 16 callers.
`;
}

/** REST at 16 callers over the SDK's baseline at 16 callers. */
function against(rows: readonly Row[], tool: string): string {
  const at = (way: string) => rows.find((row) => row.tool === tool && row.way === way && row.callers === 16);
  return ((at('rest')?.full.calls_per_s ?? Number.NaN) / (at('mcp modern')?.baseline.calls_per_s ?? Number.NaN)).toFixed(2);
}
