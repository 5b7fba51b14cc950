/** A database transaction inside one clinic's sealed context: row security shows that clinic's rows and no others.
 *  Instants come as RFC 3339 text with the clinic's own offset (2026-11-20T09:05:00-05:00), dates and numerics as text, int8 as number, jsonb parsed. */
export interface Tx {
  /** Runs one statement with $1… values. Throws the database's own error, which is never shown to a caller. */
  rows<R extends object>(sql: string, values?: readonly unknown[]): Promise<R[]>;
}
