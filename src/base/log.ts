import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;

/** JSON lines on standard error (standard output belongs to stdio MCP). Lines carry ids and shapes, never a value of a record. */
export function openLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    pino.destination(2),
  );
}

/** What may be said of an unexpected error: its class, its code and where it was thrown. Its message may hold a patient. */
export function shapeOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...('code' in error && { code: String(error.code) }),
    ...('routine' in error && { routine: String(error.routine) }),
    at: frames.slice(0, 6).map((line) => line.trim()),
  };
}
